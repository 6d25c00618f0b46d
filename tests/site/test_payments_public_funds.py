"""资助资金公开: sums of published programmes and closed years, for anybody; no person, no sum of a few, no cookie."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from bureau.payments import disclosure, fund_actions
from bureau.payments.models import Award, AwardRound, Fund
from bureau.people.models import User
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    cache.clear()


@pytest.fixture
def fund(cast: dict[str, User]) -> Fund:
    begun = date(2024, 1, 1)
    made = fund_actions.open_fund(
        county_code=COUNTY, name="演示公开基金", sources=["county"], begun_on=begun, by=cast["office"], at=NOW
    )
    for kind, fen, year in (
        ("opening", 1_000_00, 2024),
        ("income", 20_000_00, 2024),
        ("income", 7_777_77, 2025),
    ):
        entry = fund_actions.Entry(kind, "county", fen, date(year, 3, 1), "演示")
        fund_actions.enter(fund=made, entry=entry, by=cast["office"], at=NOW, today=TODAY)
    fund_actions.close_year(fund=made, year=2024, by=cast["office"], at=NOW, today=TODAY)
    return made


def listed(
    fund: Fund, by: User, name: str, *, paid: int, others: int = 0, published: date | None = TODAY
) -> None:
    made = AwardRound.objects.create(
        county_code=COUNTY, title=f"演示·{name}某某某", person_kind="student", term="2025秋", clause=name, clause_name=name, fund=fund,
        shares={"county": 100}, by=by, at=NOW, published_on=published, published_until=published,
    )  # fmt: skip
    for number in range(paid + others):
        Award.objects.create(
            round=made, county_code=COUNTY, person_kind="student", person_key=f"{name}{number}", person_name=f"演示学生{number}",
            school_code="2164990001", clause=name, term="2025秋", fen=312_50, state="paid" if number < paid else "published",
            proposed_by=by, proposed_at=NOW,
        )  # fmt: skip


def test_what_is_public_of_the_money(fund: Fund, cast: dict[str, User]) -> None:
    by = cast["office"]
    listed(fund, by, "甲补助", paid=6, others=2)
    listed(fund, by, "乙补助", paid=3, others=4)
    listed(fund, by, "丙补助", paid=2)
    Award.objects.filter(clause="丙补助").update(term="2025春")
    listed(fund, by, "没有公示的补助", paid=9, published=None)
    assert disclosure.programmes(COUNTY) == [
        disclosure.Programme("乙补助", "2025秋", 7, None, None),
        disclosure.Programme("甲补助", "2025秋", 8, 6, 6 * 312_50),
        disclosure.Programme("丙补助", "2025春", None, None, None),
    ]
    assert disclosure.years(COUNTY) == [
        disclosure.Year("演示公开基金", 2024, 0, 21_000_00, 0, 21_000_00)  # 2025 is not closed
    ]
    stranger = Client()
    answer = stranger.get("/public/funds/")
    page = answer.content.decode()
    assert not stranger.cookies
    for part in ("甲补助", "1,875.00", "不足5人", "演示公开基金", "21,000.00"):
        assert part in page
    for part in ("演示学生", "某某某", "没有公示的补助", "7,777.77", "937.50", "625.00"):
        assert part not in page
    assert stranger.get("/public/funds/?county=999999").status_code == 200
    assert stranger.post("/public/funds/").status_code == 405


def test_before_anything_is_published_the_page_says_so(county: str) -> None:
    assert "还没有公开的内容" in Client().get("/public/funds/").content.decode()
