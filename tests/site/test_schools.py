"""学校名单和地图."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from bureau.log.models import Entry
from bureau.registry.models import School
from site_rows import COUNTY

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def page(client: Client, address: str = "/schools/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_school_of_the_county_is_listed_with_its_count(browser_of: BrowserOf) -> None:
    text = page(browser_of("leader"))
    assert f"共 {School.objects.count()} 所学校（机构）" in text
    for code in School.objects.values_list("school_code", flat=True):
        assert f"/schools/{code}/" in text


def test_a_school_sees_itself_only(browser_of: BrowserOf) -> None:
    assert "共 1 所学校" in page(browser_of("school"))


def test_a_township_sees_its_own_schools_only(browser_of: BrowserOf) -> None:
    own = School.objects.filter(township_code="640324100").count()
    assert 0 < own < School.objects.count()
    assert f"共 {own} 所学校" in page(browser_of("township"))


@pytest.mark.parametrize("typed", ["yuhai", "豫海", "2164990001", "豫海镇"])
def test_a_school_is_found_by_name_pinyin_or_code(browser_of: BrowserOf, typed: str) -> None:
    assert "/schools/2164990001/" in page(browser_of("leader"), f"/schools/?q={typed}")


def test_filters_narrow_and_are_shown_as_chips(browser_of: BrowserOf) -> None:
    text = page(browser_of("leader"), "/schools/?school_kind=312")
    assert "办学类型：九年一贯制学校" in text
    assert f"共 {School.objects.filter(school_kind='312').count()} 所学校" in text


def test_the_same_number_of_queries_for_any_number_of_schools(
    browser_of: BrowserOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser_of("leader")
    with django_assert_max_num_queries(16):
        client.get("/schools/")


def test_the_export_is_what_is_shown_and_is_logged(browser_of: BrowserOf) -> None:
    answer = browser_of("leader").get("/schools/?school_kind=312&format=xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    shown = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heading = next(row for row in shown if "学校" in row)
    assert "在校生（人）" in heading
    assert len(shown) - shown.index(heading) - 1 == School.objects.filter(school_kind="312").count()
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.key, entry.username) == ("export", "schools", "leader")


def test_the_map_has_every_school_with_coordinates(browser_of: BrowserOf) -> None:
    text = page(browser_of("leader"), "/schools/?view=map")
    options = json.loads(
        text.split('<script id="map-data" type="application/json">')[1].split("</script>")[0]
    )
    dots = [dot for series in options["series"] for dot in series["data"]]
    assert len(dots) + options["missing"] == School.objects.count()
    assert len({series["symbol"] for series in options["series"]}) == len(options["series"])


def test_without_outlines_the_map_is_a_frame_around_the_schools(browser_of: BrowserOf) -> None:
    shape = browser_of("leader").get(f"/maps/{COUNTY}.json").json()
    assert shape["type"] == "FeatureCollection"
    assert shape["features"][0]["geometry"]["type"] == "Polygon"
    assert browser_of("leader").get("/maps/640106.json").status_code == 404


def test_a_day_before_all_data_says_so(browser_of: BrowserOf) -> None:
    assert "登记册中没有您辖区内的学校" in page(browser_of("leader"), "/schools/?on=1999-01-01")
