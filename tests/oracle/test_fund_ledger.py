"""资金账 against a slow twin: whatever is booked, in whatever order, the balances are those of a list added up by hand,
and the database itself refuses what the twin would not allow."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureau.payments import fund_actions, fund_queries
from bureau.payments.models import Account, ClosedYear, Fund, Movement
from bureau.payments.rules import ROUTES
from bureau.people.models import User
from bureau.people.rules import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SOURCES = ("centre", "county")


def founded() -> tuple[Fund, User]:
    by, _new = User.objects.get_or_create(
        username="ledger", defaults={"role": "office", "display_name": "账"}
    )
    fund = fund_actions.open_fund(
        county_code="640324",
        name=f"基金{Fund.objects.count()}",
        sources=SOURCES,
        begun_on=date(2024, 1, 1),
        by=by,
        at=NOW,
    )
    return fund, by


def row(
    fund: Fund,
    kind: str,
    credit: str,
    debit: str,
    fen: int,
    *,
    source: str = "county",
    day: date = TODAY,
    **more: object,
) -> Movement:
    """A movement as somebody would write it past all rules."""
    accounts = {(one.source, one.kind): one for one in fund.accounts.all()}
    return Movement(
        fund=fund, kind=kind, credit=accounts[source, credit], debit=accounts[source, debit], fen=fen, day=day, note="试", at=NOW, **more
    )  # fmt: skip


def refused(*movements: Movement) -> bool:
    try:
        with transaction.atomic():
            Movement.objects.bulk_create(movements)
    except DatabaseError:
        return True
    return False


STEPS = st.lists(
    st.tuples(
        st.sampled_from([(kind, *route) for kind, routes in ROUTES.items() for route in routes]),
        st.sampled_from(SOURCES),
        st.integers(1, 10_000_000_01),
    ),
    max_size=25,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_balances_are_those_of_the_twin(db: None, steps: list[tuple[tuple[str, str, str], str, int]]) -> None:
    with transaction.atomic():
        fund, _by = founded()
        twin: dict[tuple[str, str], int] = {
            (source, kind): 0 for source in SOURCES for kind in Account.Kind.values
        }
        for (kind, credit, debit), source, fen in steps:
            allowed = credit == "outside" or twin[source, credit] >= fen
            assert refused(row(fund, kind, credit, debit, fen, source=source)) is not allowed
            if allowed:
                twin[source, credit] -= fen
                twin[source, debit] += fen
        for found in fund_queries.balances("640324", fund=fund):
            if found.source:
                assert (-found.given, found.available, found.budgeted, found.committed, found.paid) == tuple(
                    twin[found.source, kind] for kind in Account.Kind.values
                )
        accounts = Account.objects.filter(fund=fund).values_list("pk", flat=True)
        assert sum(fund_queries.sums(accounts).values()) == 0
        held = sum(fund_queries.effect(one) for one in fund_queries.ledger(fund))
        assert held == fund_queries.balances("640324", fund=fund)[-1].balance
        transaction.set_rollback(True)


def test_the_database_refuses_what_is_not_double_entry() -> None:
    fund, _by = founded()
    other, _by = founded()
    assert refused(row(fund, "income", "outside", "available", 0))
    assert refused(row(fund, "income", "outside", "available", -5))
    assert refused(row(fund, "income", "available", "available", 5))
    crossed = row(fund, "income", "outside", "available", 5)
    crossed.debit = other.accounts.get(source="county", kind="available")
    assert refused(crossed)  # two funds in one movement
    crossed.debit = fund.accounts.get(source="centre", kind="available")
    assert refused(crossed)  # two sources in one movement
    assert not refused(row(fund, "income", "outside", "available", 5))


def test_several_rows_at_once_cannot_overdraw_together() -> None:
    fund, _by = founded()
    assert not refused(row(fund, "income", "outside", "available", 100))
    assert refused(*(row(fund, "budget", "available", "budgeted", 60) for _ in range(2)))
    assert fund_queries.balances("640324", fund=fund)[-1].available == 100


def test_what_is_written_stays_and_is_reversed_once() -> None:
    fund, by = founded()
    entry = fund_actions.Entry("income", "county", 12_345, TODAY, "县财政拨入")
    made = fund_actions.enter(fund=fund, entry=entry, by=by, at=NOW, today=TODAY)
    for change in (
        lambda: Movement.objects.filter(pk=made.pk).update(fen=1),
        lambda: Movement.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    mirror = row(fund, "reversal", "available", "outside", 12_344, reverses=made)
    assert refused(mirror)  # not the same amount
    fund_actions.reverse(movement=made, reason="重复登记", by=by, at=NOW, today=TODAY)
    assert fund_queries.balances("640324", fund=fund)[-1].balance == 0
    with pytest.raises(Refused, match="已经冲销"):
        fund_actions.reverse(movement=made, reason="再来一次", by=by, at=NOW, today=TODAY)
    assert refused(row(fund, "reversal", "available", "outside", 12_345, reverses=made))


def test_income_that_was_spent_cannot_be_reversed() -> None:
    fund, by = founded()
    one = fund_actions.enter(
        fund=fund,
        entry=fund_actions.Entry("income", "county", 500, TODAY, "拨入"),
        by=by,
        at=NOW,
        today=TODAY,
    )
    fund_actions.enter(
        fund=fund,
        entry=fund_actions.Entry("budget", "county", 400, TODAY, "预算"),
        by=by,
        at=NOW,
        today=TODAY,
    )
    with pytest.raises(Refused, match=r"可用只有 1\.00 元，需要 5\.00 元，差 4\.00 元"):
        fund_actions.reverse(movement=one, reason="错", by=by, at=NOW, today=TODAY)


def test_a_closed_year_stays_closed_whoever_writes() -> None:
    fund, by = founded()
    old = date(2024, 12, 31)
    fund_actions.enter(
        fund=fund,
        entry=fund_actions.Entry("opening", "county", 500, old, "上年结转"),
        by=by,
        at=NOW,
        today=TODAY,
    )
    with pytest.raises(Refused, match="请先结 2024 年度"):
        fund_actions.close_year(fund=fund, year=2025, by=by, at=NOW, today=TODAY)
    with pytest.raises(Refused, match="还没有过完"):
        fund_actions.close_year(fund=fund, year=2026, by=by, at=NOW, today=TODAY)
    closed = fund_actions.close_year(fund=fund, year=2024, by=by, at=NOW, today=TODAY)
    with pytest.raises(Refused, match="2024 年度已经结账"):
        fund_actions.enter(
            fund=fund,
            entry=fund_actions.Entry("income", "county", 1, old, "补记"),
            by=by,
            at=NOW,
            today=TODAY,
        )
    assert refused(row(fund, "income", "outside", "available", 1, day=old))
    assert refused(row(fund, "income", "outside", "available", 1, day=date(2020, 5, 1)))
    assert not refused(row(fund, "income", "outside", "available", 1, day=date(2025, 1, 1)))
    for change in (
        lambda: ClosedYear.objects.filter(pk=closed.pk).update(year=2000),
        lambda: ClosedYear.objects.filter(pk=closed.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_guards_are_in_the_database() -> None:
    """A later migration that rebuilds a table on SQLite would lose them without a word: here it speaks."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'payments_%'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'payments_%'")
        names = {name for (name,) in cursor.fetchall()}
    assert len(names) >= (7 if connection.vendor == "sqlite" else 5)
