"""教师、班级、县级数据名单, and one row with its history."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureau.pages.people_columns import opened
from bureau.registry.models import CountyFigure, Premises, SchoolClass, Teacher
from bureau.runs.models import ClassFinding
from junheng.tables import codes

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "model", "what"),
    [("/teachers/", Teacher, "名教职工"), ("/classes/", SchoolClass, "个班级")],
)
def test_a_register_is_listed_within_the_area(
    browser_of: BrowserOf, django_assert_max_num_queries: DjangoAssertNumQueries, address: str, model: type[Teacher], what: str
) -> None:  # fmt: skip
    client = browser_of("leader")
    with django_assert_max_num_queries(16):
        text = client.get(address).content.decode()
    assert f"共 {model.objects.count()} {what}" in text
    own = model.objects.filter(school_code="2164990001").count()
    assert f"共 {own} {what}" in browser_of("school").get(address).content.decode()


def test_a_class_above_its_limit_says_by_how_many(browser_of: BrowserOf) -> None:
    found = ClassFinding.objects.filter(over__gt=0)
    text = browser_of("leader").get("/classes/").content.decode()
    for one in found[:5]:
        assert f'data-label="超出上限（人）">{one.over}<' in text
    assert "正常" in text


def test_all_county_items_stand_there_and_missing_ones_are_not_zero(browser_of: BrowserOf) -> None:
    text = browser_of("leader").get("/county-figures/").content.decode()
    for name in codes("county_item").values():
        assert name in text
    missing = len(codes("county_item")) - CountyFigure.objects.count()
    assert text.count('data-label="填报">未报<') >= missing


def test_county_figures_are_not_for_a_school(browser_of: BrowserOf) -> None:
    assert browser_of("school").get("/county-figures/").status_code == 403


@pytest.mark.parametrize(
    ("address", "model"),
    [
        ("teachers", Teacher),
        ("classes", SchoolClass),
        ("premises", Premises),
        ("county-figures", CountyFigure),
    ],
)
def test_a_row_shows_its_columns_and_the_import_that_made_it(
    browser_of: BrowserOf, address: str, model: type[Teacher]
) -> None:
    row = model.objects.all()[0]
    text = browser_of("leader").get(f"/{address}/{row.pk}/").content.decode()
    assert f"第 {row.created_by_id} 号导入" in text
    assert "新增" in text
    assert browser_of("leader").get(f"/{address}/999999/").status_code == 404


def test_a_teachers_number_is_masked_and_revealed_with_a_reason(browser_of: BrowserOf) -> None:
    row = Teacher.objects.exclude(id_number=None)[0]
    number = opened(row.id_number)
    client = browser_of("leader")
    assert number not in client.get(f"/teachers/{row.pk}/").content.decode()
    assert number in client.post(f"/teachers/{row.pk}/reveal/", {"reason": "核对身份信息"}).content.decode()
