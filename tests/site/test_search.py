"""搜索."""

from collections.abc import Callable

import pytest
from django.test import Client

from bureau.log.models import Entry
from bureau.pages.people_columns import opened
from bureau.registry.models import Student

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def found(client: Client, text: str) -> str:
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_box_finds_schools_children_and_imports(browser_of: BrowserOf) -> None:
    client = browser_of("leader")
    child = Student.objects.exclude(id_number=None)[0]
    assert "/schools/2164990001/" in found(client, "2164990001")
    assert f"/students/{child.pk}/" in found(client, opened(child.id_number))
    assert 'href="/students/' in found(client, opened(child.id_number)[-4:]).split("<main")[1]
    brought = child.created_by_id
    assert f"/imports/{brought}/" in found(client, str(brought))


def test_a_number_searched_for_is_not_in_the_log(browser_of: BrowserOf) -> None:
    number = opened(Student.objects.exclude(id_number=None)[0].id_number)
    found(browser_of("leader"), number)
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.kind) == ("view", "students")
    assert number not in str(entry.detail)


def test_nothing_found_says_what_to_try(browser_of: BrowserOf) -> None:
    text = found(browser_of("leader"), "没有这样的名字")
    assert "没有找到“没有这样的名字”" in text
    assert "身份证后四位" in text


def test_the_area_holds_here_too(browser_of: BrowserOf) -> None:
    other = Student.objects.exclude(school_code="2164990001").exclude(id_number=None)[0]
    assert f"/students/{other.pk}/" not in found(browser_of("school"), opened(other.id_number))
    assert "/schools/" not in found(browser_of("administrator"), "2164990001").split("<main")[1]


def test_help_is_found_by_everybody(browser_of: BrowserOf) -> None:
    assert "/help/" in found(browser_of("administrator"), "导入").split("<main")[1]
