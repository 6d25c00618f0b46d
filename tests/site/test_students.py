"""学生名单: scoped, masked, searched, logged."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureau.log.models import Entry
from bureau.pages.people_columns import opened
from bureau.people.models import User
from bureau.registry.models import Student

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def listed(client: Client, query: str = "") -> str:
    answer = client.get(f"/students/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_numbers_are_masked_on_the_list(browser_of: BrowserOf) -> None:
    text = listed(browser_of("leader"))
    child = Student.objects.order_by("pinyin", "pk").exclude(id_number=None)[0]
    number = opened(child.id_number)
    assert number not in text
    assert "*" * 16 + number[-2:] in text


def test_each_look_leaves_a_line_with_what_was_searched_and_no_number(browser_of: BrowserOf) -> None:
    client = browser_of("leader")
    number = opened(Student.objects.exclude(id_number=None)[0].id_number)
    before = Entry.objects.count()
    listed(client, f"?q={number}")
    entry = Entry.objects.order_by("-seq")[0]
    assert Entry.objects.count() == before + 1
    assert (entry.verb, entry.kind, entry.username) == ("view", "students", "leader")
    assert entry.detail["found"] >= 1
    assert number not in str(entry.detail)


def test_a_child_is_found_by_whole_number_tail_name_and_pinyin(browser_of: BrowserOf) -> None:
    client = browser_of("leader")
    child = Student.objects.exclude(id_number=None)[0]
    number, enrolment = opened(child.id_number), opened(child.enrolment_number)
    for typed in (
        number,
        number[-4:],
        enrolment,
        child.person_name,
        str(child.pinyin).split()[0],
        str(child.pinyin).split()[1],
    ):
        assert f"/students/{child.pk}/" in listed(client, f"?q={typed}&columns=person_name"), typed


def test_a_school_sees_its_own_children_only(browser_of: BrowserOf) -> None:
    own = Student.objects.filter(school_code="2164990001").count()
    assert f"共 {own} 名学生" in listed(browser_of("school"))
    assert Student.objects.count() > own


def test_a_filter_cannot_reach_beyond_the_area(browser_of: BrowserOf) -> None:
    other = Student.objects.exclude(school_code="2164990001")[0]
    assert "共 0 名学生" not in listed(browser_of("school"), f"?school_code={other.school_code}")
    assert f"/students/{other.pk}/" not in listed(browser_of("school"), f"?school_code={other.school_code}")


def test_the_administrator_sees_no_children(browser_of: BrowserOf) -> None:
    answer = browser_of("administrator").get("/students/")
    assert answer.status_code == 403
    assert "不能查看学生名单" in answer.content.decode()


def test_fifty_rows_and_few_queries(
    browser_of: BrowserOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser_of("leader")
    with django_assert_max_num_queries(19):
        text = listed(client, "?page=3")
    assert text.count('data-address="/students/') == 50


def test_grades_are_sorted_as_grades_and_not_as_texts(browser_of: BrowserOf) -> None:
    text = listed(browser_of("leader"), "?sort=-grade&columns=person_name&columns=grade")
    first = text.split('data-label="年级">')[1].split("<")[0]
    assert first in ("初三", "高三", "六年级")


def test_the_export_of_children_is_masked_and_logged(browser_of: BrowserOf) -> None:
    answer = browser_of("leader").get("/students/?format=xlsx")
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    entry = Entry.objects.filter(verb="export").order_by("-seq")[0]
    assert entry.detail["rows"] == Student.objects.count()
    assert entry.username == User.objects.get(role="leader").username


def test_a_revealed_number_needs_a_reason_and_is_logged(browser_of: BrowserOf) -> None:
    client = browser_of("leader")
    child = Student.objects.exclude(id_number=None)[0]
    number = opened(child.id_number)
    assert number not in client.get(f"/students/{child.pk}/").content.decode()
    without = client.post(f"/students/{child.pk}/reveal/")
    assert without.status_code == 422
    assert number not in without.content.decode()
    shown = client.post(f"/students/{child.pk}/reveal/", {"reason": "核对身份信息", "detail": "家长来电"})
    assert number in shown.content.decode()
    entry = Entry.objects.filter(verb="reveal").order_by("-seq")[0]
    assert entry.reason == "核对身份信息；家长来电"
    assert number not in str(entry.detail) + entry.key


def test_who_may_not_reveal_is_told_so(browser_of: BrowserOf) -> None:
    child = Student.objects.filter(school_code="2164990001")[0]
    assert browser_of("auditor").post(f"/students/{child.pk}/reveal/", {"reason": "看看"}).status_code == 403
    assert (
        "您的角色不能查看证件号和电话明文"
        in browser_of("auditor").get(f"/students/{child.pk}/").content.decode()
    )


def test_a_child_of_another_school_is_not_there(browser_of: BrowserOf) -> None:
    other = Student.objects.exclude(school_code="2164990001")[0]
    assert browser_of("school").get(f"/students/{other.pk}/").status_code == 404
    assert browser_of("school").post(f"/students/{other.pk}/reveal/", {"reason": "看看"}).status_code == 404
    assert not Entry.objects.filter(verb="reveal").exists()
