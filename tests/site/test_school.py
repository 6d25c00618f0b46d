"""一校一案."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureau.registry.models import School, Student
from bureau.runs.models import IndicatorResult

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def test_everything_of_one_school_is_on_one_page(browser_of: BrowserOf) -> None:
    text = browser_of("leader").get("/schools/2164990001/").content.decode()
    for heading in (
        "资源配置指标",
        "缺口台账",
        "在校生",
        "教师",
        "校舍与设备",
        "特殊情形认定",
        "基本情况",
        "变更历史",
    ):
        assert heading in text
    for result in IndicatorResult.objects.filter(school_code="2164990001", run__pack="balanced-2017"):
        assert result.title in text
    brought = School.objects.get(school_code="2164990001", replaced_by=None).created_by_id
    assert f"第 {brought} 号导入" in text
    assert "打印一校一案" in text


def test_nobody_is_named_to_who_may_not_see_children_and_students_are_counted(browser_of: BrowserOf) -> None:
    text = browser_of("leader").get("/schools/2164990001/").content.decode()
    for name in Student.objects.filter(school_code="2164990001").values_list("person_name", flat=True)[:20]:
        assert f">{name}<" not in text


def test_another_school_is_not_there_for_a_school(browser_of: BrowserOf) -> None:
    other = School.objects.exclude(school_code="2164990001").values_list("school_code", flat=True)[0]
    answer = browser_of("school").get(f"/schools/{other}/")
    assert answer.status_code == 404
    assert "不在您的辖区" in answer.content.decode()


def test_queries_do_not_grow_with_the_school(
    browser_of: BrowserOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser_of("leader")
    with django_assert_max_num_queries(30):
        client.get("/schools/2164990001/")
