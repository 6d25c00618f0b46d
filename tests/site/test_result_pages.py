"""结果页: every result page opens for every role that may see it, says why to the others, and says what is missing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from bureau.people.models import User
from bureau.people.scope import scope_of
from bureau.runs import rules, shown
from bureau.runs.models import CoefficientResult, CountyResult, IndicatorResult, Run

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]
PAGES = (
    "/",
    "/county/",
    "/indicators/",
    "/indicators/R5/",
    "/oversized/",
    "/gaps/",
    "/what-if/",
    "/evidence/",
    "/county/G1/evidence/",
    "/packs/",
    "/packs/balanced-2017/",
    "/packs/balanced-2017/R1/",
    "/packs/basic-2012/",
    "/runs/",
    "/help/",
    "/help/methods/",
    "/help/first-use/",
)
COUNTY_WIDE = ("/county/", "/what-if/", "/evidence/", "/county/G1/evidence/")
OPEN_TO_ALL = ("/packs/", "/packs/balanced-2017/", "/packs/balanced-2017/R1/", "/packs/basic-2012/", "/help/", "/help/methods/", "/help/first-use/")  # fmt: skip


@pytest.fixture
def run(county: str) -> Run:
    return Run.objects.filter(county_code=county, pack="balanced-2017", state="done").latest("id")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["leader", "office", "inspector", "auditor"])
def test_who_sees_the_county_sees_every_page(browser_of: Signed, page: str, role: str) -> None:
    answer = browser_of(role).get(page)
    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["school", "township"])
def test_a_school_and_a_township_see_their_own(browser_of: Signed, page: str, role: str) -> None:
    closed = COUNTY_WIDE if role == "school" else ("/what-if/",)
    assert browser_of(role).get(page).status_code == (403 if page in closed else 200)


@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_sees_no_results(browser_of: Signed, page: str) -> None:
    expected = 302 if page == "/" else 200 if page in OPEN_TO_ALL else 403
    assert browser_of("administrator").get(page).status_code == expected


def test_the_cockpit_says_what_hurts_most(browser_of: Signed, run: Run) -> None:
    text = browser_of("leader").get("/").content.decode()
    short = IndicatorResult.objects.filter(run=run, verdict="未达标").values_list("code", flat=True)
    for code in set(short):
        assert f"/indicators/{code}/" in text
    for line in CountyResult.objects.filter(run=run):
        assert f"/county/#{line.code}" in text


def test_a_school_sees_its_own_seven(browser_of: Signed, cast: dict[str, User], run: Run) -> None:
    code = cast["school"].school_code
    text = browser_of("school").get("/").content.decode()
    for one in IndicatorResult.objects.filter(run=run, school_code=code):
        assert one.title in text
    other = IndicatorResult.objects.filter(run=run).exclude(school_code=code).first()
    assert other is not None
    assert other.school not in text


def test_every_figure_answers_why(browser_of: Signed, run: Run) -> None:
    one = IndicatorResult.objects.filter(run=run, verdict="未达标").first()
    cv = CoefficientResult.objects.filter(run=run).exclude(code="").first()
    line = CountyResult.objects.filter(run=run, code="G5").first()
    assert one
    assert cv
    assert line
    leader = browser_of("leader")
    own = leader.get(reverse("why-indicator", args=[run.pk, one.school_code, one.stage, one.code]))
    assert one.clause in own.content.decode()
    assert run.snapshot_sha256[:12] in own.content.decode()
    spread = leader.get(reverse("why-coefficient", args=[run.pk, cv.stage, cv.code]))
    assert "按学生数加权" in spread.content.decode()
    assert leader.get(reverse("why-coefficient", args=[run.pk, cv.stage, "all"])).status_code == 200
    assert line.title in leader.get(reverse("why-line", args=[run.pk, "G5"])).content.decode()


def test_a_figure_of_another_school_is_not_there(browser_of: Signed, cast: dict[str, User], run: Run) -> None:
    own = cast["school"].school_code
    other = IndicatorResult.objects.filter(run=run).exclude(school_code=own).first()
    assert other
    address = reverse("why-indicator", args=[run.pk, other.school_code, other.stage, other.code])
    assert browser_of("school").get(address).status_code == 404
    assert (
        browser_of("school").get(reverse("why-coefficient", args=[run.pk, "小学", "R1"])).status_code == 404
    )


@pytest.mark.parametrize("page", ["/indicators/", "/indicators/R5/", "/oversized/", "/gaps/", "/county/", "/runs/", "/evidence/", "/packs/balanced-2017/"])  # fmt: skip
def test_lists_export_to_excel(browser_of: Signed, page: str) -> None:
    answer = browser_of("office").get(page, {"format": "xlsx"})
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_without_data_every_page_says_what_to_do(browser_of: Signed, run: Run) -> None:
    Run.objects.filter(county_code=run.county_code).update(state="failed")
    for page in ("/", "/county/", "/indicators/", "/oversized/", "/what-if/"):
        text = browser_of("office").get(page).content.decode()
        assert "还没有测算结果" in text
        assert "/runs/" in text


def test_unknown_codes_and_runs_are_not_found(browser_of: Signed) -> None:
    leader = browser_of("leader")
    for address in ("/indicators/R99/", "/county/G99/evidence/", "/packs/none/", "/packs/balanced-2017/none/", "/runs/999999/", "/gaps/999999/", "/help/none/"):  # fmt: skip
        assert leader.get(address, follow=True).status_code == 404, address


def test_a_township_reads_the_countys_conclusion_without_other_schools_names(
    browser_of: Signed, cast: dict[str, User], run: Run
) -> None:
    township = scope_of(cast["township"])
    county = scope_of(cast["leader"])
    own, every = shown.parts(run, township)[0], shown.parts(run, county)[0]
    assert (own.met, own.not_met, own.unreported) == (every.met, every.not_met, every.unreported)
    mine = {f"{row.school}（{row.stage}）" for row in shown.schools(run, township)}
    assert set(own.failing) <= mine | {"辖区外学校"}
    assert rules.overall(shown.parts(run, township))[0] == rules.overall(shown.parts(run, county))[0]
