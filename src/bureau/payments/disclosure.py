"""资助资金公开: what anybody may read of the money: programmes whose lists were published, and the closed years of funds. No person."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from bureau.entitlements.terms import parse
from bureau.payments import fund_queries
from bureau.payments.models import Award, AwardRound, ClosedYear, Fund, Line
from bureau.payments.states import AwardState

# Of so few people a number would be somebody's own.
FEW = 5


@dataclass(frozen=True, slots=True)
class Programme:
    """一个项目一个学期, of its published lists: people on them, people paid and fen paid; None where they are too few to be told."""

    name: str
    term: str
    people: int | None
    paid: int | None
    fen: int | None


@dataclass(frozen=True, slots=True)
class Year:
    """一个基金一个结账年度, in fen, or None all of them where it paid so few that a sum would be somebody's own.

    `given` is what came in, with what was there when the books were begun; `paid` is less what came back.
    """

    fund: str
    year: int
    carried: int | None
    given: int | None
    paid: int | None
    held: int | None


def counties() -> list[str]:
    """有内容可公开的县区."""
    published = AwardRound.objects.filter(published_on__isnull=False).order_by()
    closed = ClosedYear.objects.order_by()
    found = {
        *published.values_list("county_code", flat=True),
        *closed.values_list("fund__county_code", flat=True),
    }
    return sorted(found)


def programmes(county_code: str) -> list[Programme]:
    """资助发放进展, the newest term first. What was never published is not told; who was refused is not counted."""
    rows = Award.objects.filter(county_code=county_code, round__published_on__isnull=False)
    paid = Q(state=AwardState.PAID)
    found = (
        rows.exclude(state=AwardState.REJECTED)
        .order_by()
        .values("round__clause_name", "term")
        .annotate(people=Count("pk"), paid=Count("pk", filter=paid), fen=Sum("fen", filter=paid, default=0))
    )
    told = (
        Programme(row["round__clause_name"], row["term"], *_told(row["people"], row["paid"], row["fen"]))
        for row in found
    )
    by_name = sorted(told, key=lambda one: one.name)
    return sorted(by_name, key=lambda one: parse(one.term), reverse=True)


def _told(people: int, paid: int, fen: int) -> tuple[int | None, int | None, int | None]:
    few = 0 < paid < FEW
    return (None if people < FEW else people, None if few else paid, None if few else fen)


def years(county_code: str) -> list[Year]:
    """基金年度收支, of closed years only: they change no more."""
    return [one for fund in fund_queries.funds(county_code) for one in _years(fund)]


def _years(fund: Fund) -> list[Year]:
    """One year of a few withholds them all: what is carried over would tell it."""
    closed = [row for row in fund_queries.flows(fund) if row["closed"]]
    lines = Line.objects.filter(batch__fund=fund, paid_on__isnull=False).order_by()
    people = dict(
        lines.values_list("paid_on__year").annotate(people=Count("award__person_key", distinct=True))
    )
    if any((row["payment"] or row["back"]) and people.get(row["year"], 0) < FEW for row in closed):
        return [Year(fund.name, row["year"], None, None, None, None) for row in closed]
    return [
        Year(fund.name, row["year"], row["carried"], row["opening"] + row["income"], row["payment"] - row["back"], row["held"])
        for row in closed
    ]  # fmt: skip
