"""供餐投诉 from the public: without an account, nothing kept but what was typed, and a number to ask with."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bureau.log.models import Entry
from bureau.nutrition.models import Complaint
from bureau.public.limit import SENT_AN_HOUR

SignIn = Callable[[str], Client]
SCHOOL, OTHER = "2164990001", "2164990003"
TEXT = "周三午餐的米饭夹生，已有两次"


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def stranger(county: str) -> Client:
    return Client(REMOTE_ADDR="203.0.113.9")


def send(client: Client, **changed: str) -> tuple[int, str]:
    answer = client.post(
        reverse("public-meals"),
        {"county": "640324", "school": SCHOOL, "topic": "quality", "text": TEXT} | changed,
    )
    return answer.status_code, answer.content.decode()


def ask(client: Client, number: str) -> tuple[int, str]:
    answer = client.post(reverse("public-meals-answer"), {"number": number})
    return answer.status_code, answer.content.decode()


def test_from_a_stranger_to_the_right_school_and_back_with_the_answer(
    stranger: Client, browser_of: SignIn
) -> None:
    page = stranger.get(reverse("public-meals"))
    assert page.status_code == 200
    assert "不用登录" in page.content.decode()
    status, page_text = send(stranger)
    one = Complaint.objects.get()
    shown = "".join(re.findall(r"<strong>([\d ]+)</strong>", page_text)[0].split())
    assert (status, shown, one.school_code, one.way, one.by) == (200, one.number, SCHOOL, "online", None)
    assert not stranger.cookies

    number = f"{one.number[:4]} {one.number[4:7]}-{one.number[7:]}"
    assert "正在办理" in ask(stranger, number)[1]
    school = browser_of("school")
    assert "夹生" in school.get(reverse("nutrition-complaints")).content.decode()
    page_text = school.get(reverse("nutrition-complaint", args=[one.pk])).content.decode()
    assert "公众网上提交" in page_text
    school.post(reverse("nutrition-complaint-change", args=[one.pk, "answer"]), {"text": "已更换蒸箱"})
    # Not yet looked at by a second person.
    _status, page_text = ask(stranger, one.number)
    assert "正在复核" in page_text
    assert "已更换蒸箱" not in page_text
    browser_of("office").post(reverse("nutrition-complaint-change", args=[one.pk, "close"]))
    _status, page_text = ask(stranger, one.number)
    assert "已更换蒸箱" in page_text
    assert TEXT not in page_text


def test_nothing_of_the_sender_is_kept(stranger: Client) -> None:
    send(stranger)
    one, line = Complaint.objects.get(), Entry.objects.get(kind="nutrition_complaint")
    assert (line.username, line.address) == ("", "")
    assert "203.0.113" not in repr(Complaint.objects.filter(pk=one.pk).values().get())
    assert TEXT not in repr(line.detail)


def test_every_problem_at_once_and_the_words_are_not_lost(stranger: Client) -> None:
    status, page = send(stranger, school="9999999999", topic="", text="差")
    assert status == 422
    for sentence in ("请选择学校", "请选择反映的是哪方面", "请写清楚反映的内容"):
        assert sentence in page
    assert ">差</textarea>" in page
    status, page = send(stranger, text="字" * 2001)
    assert status == 422
    assert "有 2,001 个字，最多 2,000 个，请缩短" in page
    status, page = send(stranger, text="<script>alert(1)</script> 差", topic="x")
    assert "<script>alert" not in page
    assert not Complaint.objects.exists()


def test_a_form_sent_twice_is_one_complaint(stranger: Client) -> None:
    send(stranger)
    send(stranger)
    send(stranger, school=OTHER)
    assert Complaint.objects.count() == 2


def test_few_an_hour_from_one_place(stranger: Client) -> None:
    for place in range(SENT_AN_HOUR):
        assert send(stranger, text=f"{TEXT}{place}")[0] == 200
    status, page = send(stranger, text=f"{TEXT}！")
    assert status == 429
    assert "请过一小时再试" in page
    assert send(Client(REMOTE_ADDR="203.0.113.10"), text=f"{TEXT}！")[0] == 200


@pytest.mark.parametrize("typed", ["", "123", "0000000000", "' or 1=1", "１２３４５６７８９０", "9" * 40])
def test_a_number_that_is_none_says_nothing(stranger: Client, typed: str) -> None:
    send(stranger)
    status, page = ask(stranger, typed)
    assert status == 404
    assert "请核对 10 位数字" in page


def test_numbers_are_not_tried_out(stranger: Client) -> None:
    found = [ask(stranger, f"{n:010d}")[0] for n in range(61)]
    assert found[:60] == [404] * 60
    assert found[60] == 429
