"""What-if on clauses: cost and heads before and after, by stage, clause, township and school; nothing saved unless drafted."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from bureau.entitlements import queries
from bureau.entitlements.clause_children import children_of
from bureau.entitlements.evaluation_models import EvaluatedChild, Evaluation, Profile
from bureau.entitlements.models import CountyPack
from bureau.registry.queries import latest_day
from junheng.aid import Child, outcomes
from junheng.aid.model import GRANTED
from junheng.policy.clauses import STAGES, YES
from site_rows import NOW

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
COUNTY = "640324"
ADDRESS = "/aid/clauses/what-if/"
DAY = date(2026, 10, 1)


def in_charge(clause: str, day: date = DAY) -> tuple[int, int]:
    """Heads and fen of a clause, child by child: the slow twin of the page's figures."""
    found = children_of(COUNTY, latest_day(COUNTY))
    assert found is not None
    cube, book = found.cube, queries.county_book(COUNTY)
    heads = fen = 0
    for row in range(len(cube)):
        facts = {name: bool(column[row] == YES) for name, column in cube.facts.items() if column[row] != 1}
        child = Child(STAGES[cube.stage[row]], int(cube.grade[row]), COUNTY, facts)
        one = next(one for one in outcomes(book, child, day) if one.clause == clause)
        if one.state in GRANTED:
            heads, fen = heads + int(cube.count[row]), fen + int(cube.count[row]) * one.fen
    return heads, fen


def figures(html: str) -> list[str]:
    return [part.split("<", 1)[0].strip() for part in html.split('<span class="value">')[1:]]


def test_a_raise_is_counted_as_child_by_child(browser_of: BrowserOf, county: str) -> None:
    heads, fen = in_charge("cn.boarder")
    assert heads
    client = browser_of("office")
    html = client.get(ADDRESS, {"clause": "cn.boarder", "day": DAY, "change": "raise", "amount-小学": "2000", "amount-初中": "2000"}).content.decode()  # fmt: skip
    _before, _after, difference, people, money = figures(html)
    assert people == f"{heads} → {heads}"
    assert money == f"{fen / 100:,.2f} → {heads * 2000:,.2f}"
    assert difference == f"+{heads * 2000 - fen / 100:,.2f}"
    assert not CountyPack.objects.exists()


@pytest.mark.parametrize("view", ["stage", "clause", "township", "school"])
def test_every_view_adds_up_to_the_same(browser_of: BrowserOf, county: str, view: str) -> None:
    client = browser_of("leader")
    query = {"clause": "cn.boarder", "day": DAY, "change": "raise", "amount-小学": "2000", "view": view}
    html = client.get(ADDRESS, query).content.decode()
    difference = figures(html)[2].removeprefix("+")
    assert html.count(f">{difference}</td>") >= 1 or f"{difference}<" in html.split("<tfoot", 1)[-1]
    workbook = client.get(ADDRESS, {**query, "format": "xlsx"})
    assert workbook.content[:2] == b"PK"


def test_widening_and_merging(browser_of: BrowserOf, county: str) -> None:
    client = browser_of("office")
    wide = client.get(
        ADDRESS, {"clause": "cn.boarder", "day": DAY, "change": "widen", "more": "寄宿"}
    ).content.decode()
    old, new = (int(part.replace(",", "")) for part in figures(wide)[3].split(" → "))
    assert new > old
    one = client.get(
        ADDRESS, {"clause": "cn.boarder", "day": DAY, "change": "merge", "other": "cn.nutrition"}
    )
    assert one.status_code == 200


def test_half_a_wish_changes_nothing_and_a_wrong_one_is_a_sentence(
    browser_of: BrowserOf, county: str
) -> None:
    client = browser_of("office")
    for query in (
        {},
        {"clause": "nothing"},
        {"clause": "cn.boarder"},
        {"clause": "cn.boarder", "change": "x", "view": "x", "day": "x"},
    ):
        assert client.get(ADDRESS, query).status_code == 200
    html = client.get(ADDRESS, {"clause": "cn.boarder", "amount-小学": "<b>多"}).content.decode()
    assert "不是大于0的数" in html
    assert "<b>多" not in html
    html = client.get(ADDRESS, {"clause": "cn.senior_grant", "amount-普高": "2500"}).content.decode()
    assert "不能直接改金额" in html
    part = client.get(ADDRESS, {"clause": "cn.boarder", "part": "1"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert part.headers["HX-Replace-Url"].startswith(ADDRESS)


def test_a_wish_becomes_a_draft(browser_of: BrowserOf, county: str) -> None:
    office = browser_of("office")
    wish = {"clause": "cn.boarder", "day": "2027-03-01", "change": "raise", "amount-小学": "2000"}
    none = office.post(f"{ADDRESS}draft/", wish, follow=True).content.decode()
    assert "请写明依据" in none
    html = office.post(f"{ADDRESS}draft/", {**wish, "reason": "拟提标〔演示〕"}, follow=True).content.decode()
    assert "已存入草稿" in html
    draft = CountyPack.objects.get()
    rates = queries.book_with(draft.text).clause("cn.boarder").rates
    assert (rates[-1].since, rates[-1].fen["小学", 0], rates[-1].fen["初中", 0]) == (
        date(2027, 3, 1),
        200_000,
        150_000,
    )
    merge = {
        "clause": "cn.boarder",
        "day": DAY,
        "change": "merge",
        "other": "cn.nutrition",
        "reason": "并项〔演示〕",
    }
    office.post(f"{ADDRESS}draft/", merge)
    draft.refresh_from_db()
    book = queries.book_with(draft.text)
    # Who was excluded by one of them before is still: the whole group is merged.
    assert len({book.clause(name).group for name in ("cn.boarder", "cn.nutrition", "cn.day")}) == 1


def test_pupils_are_those_of_the_newest_evaluation(browser_of: BrowserOf, county: str) -> None:
    """Where one has been made; facts that registers decided count then, and what is not known stays not known."""
    plain = {"county_code": COUNTY, "state": "done", "current": True, "register_day": DAY, "facts_day": DAY, "asked_at": NOW, "finished_at": NOW}  # fmt: skip
    Evaluation.objects.create(**plain, term="2026春", rules_day=date(2026, 3, 1))
    of = Evaluation.objects.create(
        **plain,
        term="2026秋",
        rules_day=date(2026, 9, 1),
        sources=[["低保", "2026-09-01", "1", "automatic 9"]],
    )
    for number, facts in (
        (4, {"寄宿": True, "低保": True}),
        (9, {"寄宿": True, "低保": None, "困难": False, "特困": False, "建档立卡": False}),
    ):
        Profile.objects.create(
            evaluation=of, number=number, stage="小学", grade=3, facts=facts, findings=[], children=1
        )
    for number, (school, profile) in enumerate(
        [("2164990001", 4), ("2164990001", 4), ("2164990001", 9), ("", 4)]
    ):
        EvaluatedChild.objects.create(
            evaluation=of,
            student_key=f"k{number}",
            school_code=school,
            stage="小学",
            grade=3,
            profile=profile,
        )
    found = children_of(COUNTY, None)
    assert found is not None
    assert (found.term, found.heads, len(found.cube), found.sources) == (
        "2026秋",
        4,
        3,
        ("低保（2026-09-01）",),
    )
    assert in_charge("cn.boarder") == (3, 375_000)
    html = (
        browser_of("office")
        .get(ADDRESS, {"clause": "cn.boarder", "day": DAY, "view": "school"})
        .content.decode()
    )
    assert "县外就读" in html
    assert "学生情形取自2026秋学期的资助判断" in html


def test_who_may_look(browser_of: BrowserOf, county: str) -> None:
    assert browser_of("school").get(ADDRESS).status_code == 403
    assert browser_of("auditor").get(ADDRESS).status_code == 200
    assert browser_of("auditor").post(f"{ADDRESS}draft/", {}).status_code == 403
