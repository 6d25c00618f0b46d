"""假设推演: the same verdicts as the stored ones without changes; changes follow; nothing is saved; bad input is a sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureau.runs.models import CoefficientResult, IndicatorResult, Run, SchoolResult

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]


@pytest.fixture
def run(county: str) -> Run:
    return Run.objects.filter(county_code=county, pack="balanced-2017", state="done").latest("id")


def compute(client: Client, edits: Any = (), merges: Any = ()) -> Any:
    body = json.dumps({"edits": list(edits), "merges": list(merges)})
    answer = client.post("/what-if/compute", body, content_type="application/json")
    return answer.json() | {"status": answer.status_code}


def short_school(run: Run, code: str) -> IndicatorResult:
    inside = SchoolResult.objects.filter(run=run, in_scope=True).values("school_code")
    found = IndicatorResult.objects.filter(
        run=run, code=code, verdict="未达标", school_code__in=inside
    ).first()
    assert found
    return found


def test_without_changes_it_says_what_is_stored(browser_of: Signed, run: Run) -> None:
    found = compute(browser_of("leader"))
    assert found["schools"] == {}
    for one in found["coefficients"]:
        stored = CoefficientResult.objects.get(run=run, stage=one["stage"], code=one["code"])
        assert one["cv"] == pytest.approx(stored.cv, abs=1e-9)
        assert one["verdict"] == stored.verdict
    counts: dict[str, int] = {}
    for verdict in SchoolResult.objects.filter(run=run, in_scope=True).values_list("verdict", flat=True):
        counts[verdict] = counts.get(verdict, 0) + 1
    assert {v: sum(stage[v] for stage in found["counts"].values()) for v in counts} == counts


def test_filling_a_gap_turns_the_indicator_and_saves_nothing(browser_of: Signed, run: Run) -> None:
    one = short_school(run, "R4")
    key = f"{one.school_code}|{one.stage}"
    before = list(IndicatorResult.objects.filter(run=run).order_by("pk").values())
    edit = {"key": key, "column": "teaching_area", "value": (one.numerator or 0) + (one.gap or 0)}
    found = compute(browser_of("leader"), [edit])
    assert found["schools"][key]["cells"]["R4"][1:] == ["达标", 0]
    assert found["gaps"]["R4"][0] == found["gapsBefore"]["R4"][0] - 1
    assert list(IndicatorResult.objects.filter(run=run).order_by("pk").values()) == before


def test_a_merged_school_disappears(browser_of: Signed, run: Run) -> None:
    pair = list(SchoolResult.objects.filter(run=run, in_scope=True, stage="小学")[:2])
    closed, into = (f"{one.school_code}|{one.stage}" for one in pair)
    found = compute(browser_of("leader"), merges=[{"closed": closed, "into": into}])
    assert closed not in found["schools"]
    assert into in found["schools"]
    total = sum(found["counts"]["小学"].values())
    assert total == sum(found["countsBefore"]["小学"].values()) - 1


def test_an_emptied_cell_is_not_reported(browser_of: Signed, run: Run) -> None:
    one = SchoolResult.objects.filter(run=run, in_scope=True).first()
    assert one
    key = f"{one.school_code}|{one.stage}"
    found = compute(browser_of("leader"), [{"key": key, "column": "sports_area", "value": None}])
    assert found["schools"][key]["cells"]["R5"][1] == "未报"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ({"key": "none|小学", "column": "students", "value": 3}, "推演里没有"),
        ({"key": "{key}", "column": "students", "value": -3}, "不能是负数"),
        ({"key": "{key}", "column": "nothing", "value": 3}, "没有“nothing”这一项"),
        ({"key": "{key}", "column": "students", "value": "三"}, "不是可用的数"),
        ({"key": "{key}", "column": "students", "value": 1e300}, "不是可用的数"),
        ({"key": "{key}"}, "格式不对"),
    ],
)
def test_bad_changes_are_refused_with_a_sentence(
    browser_of: Signed, run: Run, edit: dict[str, Any], why: str
) -> None:
    one = SchoolResult.objects.filter(run=run, in_scope=True).first()
    assert one
    edit = edit | {"key": edit["key"].replace("{key}", f"{one.school_code}|{one.stage}")}
    found = compute(browser_of("leader"), [edit])
    assert found["status"] == 400
    assert why in found["problem"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"edits": 3}', b'{"edits": [3]}'])
def test_broken_requests(browser_of: Signed, run: Run, body: bytes) -> None:
    answer = browser_of("leader").post("/what-if/compute", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["problem"]


def test_who_sees_a_part_of_the_county_cannot(browser_of: Signed, run: Run) -> None:
    for role in ("school", "township", "administrator"):
        assert browser_of(role).post("/what-if/compute").status_code == 403


def test_a_change_asks_the_database_nothing_new(
    browser_of: Signed, run: Run, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser_of("leader")
    compute(client)
    with django_assert_max_num_queries(16):
        compute(client)
