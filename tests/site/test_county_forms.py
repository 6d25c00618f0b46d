"""申报表: the forms from stored results hold what the pages show; a school gets its own self-assessment only."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from django.test import Client

from bureau.people.models import User
from bureau.runs import stored
from bureau.runs.models import CountyResult, IndicatorResult, Run, SchoolResult

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]


@pytest.fixture
def run(county: str) -> Run:
    return Run.objects.filter(county_code=county, pack="balanced-2017", state="done").latest("id")


def cells(content: bytes) -> dict[str, set[str]]:
    book = openpyxl.load_workbook(BytesIO(content))
    return {tab.title: {str(c) for row in tab.iter_rows(values_only=True) for c in row} for tab in book}


def test_the_six_forms(browser_of: Signed, run: Run) -> None:
    answer = browser_of("office").get("/county/forms/")
    found = cells(answer.content)
    assert list(found) == ["表Ⅰ", "表Ⅱ-1", "表Ⅱ-2", "表Ⅲ", "表Ⅳ", "表Ⅴ", "表Ⅵ"]
    for one in SchoolResult.objects.filter(run=run, in_scope=True):
        assert one.school in found["表Ⅱ-2"]
    for line in CountyResult.objects.filter(run=run, code__startswith="G"):
        assert line.title in found["表Ⅳ"]
    assert run.basics
    assert run.basics[0][0] in found["表Ⅰ"]


def test_a_stored_run_comes_back_as_the_assessment_it_was(run: Run) -> None:
    found = stored.assessment(run, "县")
    assert len(found.schools) == SchoolResult.objects.filter(run=run).count()
    assert len(found.indicators) == IndicatorResult.objects.filter(run=run).count()
    assert [line.code for line in found.county] == list(
        CountyResult.objects.filter(run=run).order_by("position").values_list("code", flat=True)
    )
    assert {row.stage for row in found.composites} <= {"小学", "初中"}


def test_every_school_in_one_archive(browser_of: Signed, run: Run) -> None:
    archive = ZipFile(BytesIO(browser_of("inspector").get("/county/self/").content))
    schools = SchoolResult.objects.filter(run=run, in_scope=True).values("school_code").distinct()
    assert len(archive.namelist()) == schools.count()


def test_a_school_gets_its_own(browser_of: Signed, cast: dict[str, User], run: Run) -> None:
    own = cast["school"].school_code
    text = cells(browser_of("school").get(f"/county/self/{own}/").content)
    one = IndicatorResult.objects.filter(run=run, school_code=own).first()
    assert one
    assert any(one.title in cell for cell in text["学校自评表"])
    other = SchoolResult.objects.filter(run=run).exclude(school_code=own).first()
    assert other
    assert browser_of("school").get(f"/county/self/{other.school_code}/").status_code == 404
    assert browser_of("school").get("/county/forms/").status_code == 403
    assert browser_of("administrator").get("/county/forms/").status_code == 403
