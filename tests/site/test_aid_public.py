"""The public calculator: no account, no cookie, nothing kept; what is not known is a third answer."""

from unittest.mock import patch

import pytest
from django.test import Client
from django.utils.timezone import localdate

from bureau.log.models import Entry
from bureau.public import limit
from junheng.policy.clauses import load_book

pytestmark = pytest.mark.django_db
ADDRESS = "/public/aid/"
TONGXIN_2018 = {"county": "640324", "day": "2018-10-01"}


def ask(**typed: str) -> str:
    answer = Client().post(
        ADDRESS, {"answered": "1", **{key.replace("_", "-"): v for key, v in typed.items()}}
    )
    assert answer.status_code == 200
    return str(answer.content.decode())


def part(html: str, heading: str) -> str:
    """What stands under a heading."""
    assert heading in html, heading
    return html.split(heading, 1)[1].split("<h3", 1)[0].split("<details", 1)[0].split("</section", 1)[0]


def test_a_stranger_opens_it_and_nothing_is_left_behind() -> None:
    lines = Entry.objects.count()
    client = Client(enforce_csrf_checks=True)
    for answer in (
        client.get(ADDRESS),
        client.post(ADDRESS, {"pupil": "小学:3", "answered": "1", "fact-孤儿": "yes"}),
    ):
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "<script" not in answer.content.decode()
    assert Entry.objects.count() == lines
    assert not client.session.keys()


def test_amounts_are_those_of_the_packs() -> None:
    html = ask(pupil="初中:2", county="640106", fact_寄宿="yes", fact_困难="yes")
    rate = next(rate for rate in load_book().clause("cn.boarder").rates if rate.since)
    granted = part(html, "可以享受")
    assert "家庭经济困难寄宿生生活补助" in granted
    assert f"每年{rate.fen['初中', 0] // 100}元" in granted
    assert "家庭经济困难学生认定表" in granted


def test_no_and_not_known_are_two_answers() -> None:
    unknown = ask(pupil="初中:2", county="640324", day="2018-10-01")
    assert "建档立卡家庭子女免学费" in part(unknown, "弄清情况后可能享受")
    assert "建档立卡及防止返贫监测名册" in part(unknown, "弄清这些情况，结果会更准")
    no = ask(pupil="初中:2", county="640324", day="2018-10-01", fact_建档立卡="no")
    assert "建档立卡家庭子女免学费" not in no.split("<details", 1)[0]
    assert "建档立卡家庭子女免学费" in no.split("<details", 1)[1]


def test_what_no_document_says_is_not_promised() -> None:
    html = ask(pupil="初中:2", **TONGXIN_2018, fact_建档立卡="yes")
    assert "教育扶贫基金资助" in part(html, "待确认，不能发放")
    assert "教育扶贫基金资助" not in part(html, "可以享受")
    assert "建档立卡家庭子女免学费" in part(html, "可以享受")


def test_an_age_between_stages_is_answered_for_each() -> None:
    html = ask(age="15")
    for stage in ("初中", "普通高中", "中等职业学校"):
        assert f"如果在读{stage}" in html


def test_only_questions_that_matter_are_asked() -> None:
    html = ask(pupil="小学:3", county="640106")
    assert 'name="fact-寄宿"' in html
    assert 'name="fact-获国家奖学金"' not in html
    assert 'name="fact-返聘支教"' not in html


def test_first_the_questions_then_the_answer() -> None:
    html = Client().post(ADDRESS, {"pupil": "小学:3"}).content.decode()
    assert 'name="fact-寄宿"' in html
    assert 'id="answer"' not in html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "请选择在读的学段和年级"),
        ({"pupil": "小学:99"}, "请从列表中选择"),
        ({"pupil": "教职工:1"}, "请从列表中选择"),
        ({"pupil": "小学:²"}, "请从列表中选择"),
        ({"age": "七"}, "不是整数"),
        ({"age": "-1"}, "不是整数"),
        ({"age": "99"}, "3 至 24"),
        ({"age": "9" * 5000}, "3 至 24"),
        ({"pupil": "小学:3", "county": "<b>x"}, "不认得县区"),
        ({"pupil": "小学:3", "day": "2018-13-01"}, "不是日期"),
        ({"pupil": "小学:3", "day": "1949-10-01"}, "只能查"),
        ({"pupil": "小学:3", "fact-孤儿": "maybe"}, "只能选"),
    ],
)
def test_every_problem_is_a_sentence(typed: dict[str, str], sentence: str) -> None:
    answer = Client().post(ADDRESS, {"answered": "1", **typed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert "<b>x" not in html


def test_all_problems_at_once() -> None:
    html = Client().post(ADDRESS, {"age": "七", "county": "1", "day": "x"}).content.decode()
    assert all(words in html for words in ("不是整数", "不认得县区", "不是日期"))


def test_language_without_a_cookie_and_without_losing_what_was_filled() -> None:
    answer = Client().post(ADDRESS, {"pupil": "小学:3", "answered": "1", "fact-孤儿": "yes", "switch": "en"})
    html = answer.content.decode()
    assert not answer.cookies
    assert '<html lang="en">' in html
    assert '<option value="小学:3" selected' in html
    assert "Orphan" in html
    assert '<html lang="zh-CN">' in Client().get(ADDRESS).content.decode()
    assert "alert-danger" not in Client().post(ADDRESS, {"switch": "en"}).content.decode()


def test_too_many_questions_are_refused_with_a_sentence() -> None:
    with patch.object(limit, "ASKED_A_MINUTE", 2):
        answers = [Client().post(ADDRESS, {"pupil": "小学:3"}) for _ in range(4)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert "请过一分钟再试" in answers[-1].content.decode()


def test_a_counter_that_was_dropped_refuses_nobody() -> None:
    with patch.object(limit.cache, "incr", side_effect=ValueError):
        assert Client().post(ADDRESS, {"pupil": "小学:3"}).status_code == 200


def test_an_empty_page_names_today() -> None:
    assert f"按{localdate().year}年" in Client().get(ADDRESS).content.decode()
