"""台账的读取: scoped lists, counts, and what closing the gaps would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from bureau.gaps.models import Gap, GapEvent
from bureau.gaps.states import OPEN_STATES, State
from bureau.people.models import User
from bureau.people.scope import Scope
from bureau.registry.models import CountyFigure
from bureau.registry.queries import on

# Which county figure prices which indicator; the equipment shortage is in 万元 already and costs itself.
PRICE_ITEMS: Mapping[str, str] = {
    "R1": "price_teacher",
    "R2": "price_backbone",
    "R3": "price_teacher",
    "R4": "price_teaching_area",
    "R5": "price_sports_area",
    "R7": "price_room",
}
MONEY_ITSELF = "R6"
YEARLY = ("R1", "R3")


@dataclass(frozen=True, slots=True)
class Price:
    """单价: 万元 per unit of shortage. `assumed` until the county names where the figure comes from."""

    code: str
    value: float
    source: str
    assumed: bool
    yearly: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """估算费用 in 万元: what is built or bought once, what is paid each year, and how many lines have no price yet."""

    once: float
    yearly: float
    unpriced: int


def ledger(scope: Scope, county_code: str = "") -> QuerySet[Gap]:
    """All lines an account may see."""
    # A blank office as NULL, so that “not assigned” can be asked for like any other value.
    lines = Gap.objects.filter(scope.schools()).annotate(assigned=NullIf("office", Value("")))
    return lines.filter(county_code=county_code) if county_code else lines


VIEWS = ("open", "contradiction", "overdue", "unplanned", "solved", "closed", "all")


def in_view(lines: QuerySet[Gap], view: str, *, today: date) -> QuerySet[Gap]:
    """一个视图 of the ledger; an unknown name shows what is open."""
    match view:
        case "contradiction":
            return lines.filter(CONTRADICTED)
        case "overdue":
            return lines.filter(late(today))
        case "unplanned":
            return lines.filter(state=State.OPEN)
        case "solved" | "closed":
            return lines.filter(state=view)
        case "all":
            return lines
        case _:
            return lines.exclude(state=State.CLOSED)


def view_counts(lines: QuerySet[Gap], *, today: date) -> dict[str, int]:
    """{view: number of lines}, in one query."""
    closed = Q(state=State.CLOSED)
    return lines.order_by().aggregate(
        open=Count("pk", filter=~closed),
        contradiction=Count("pk", filter=CONTRADICTED),
        overdue=Count("pk", filter=late(today)),
        unplanned=Count("pk", filter=Q(state=State.OPEN)),
        solved=Count("pk", filter=Q(state=State.SOLVED)),
        closed=Count("pk", filter=closed),
        all=Count("pk"),
    )


CONTRADICTED = Q(state=State.CLAIMED, shortage__gt=0)


def late(today: date) -> Q:
    """超期: as `rules.overdue`, in the database."""
    return Q(due__lt=today) & ~Q(state__in=(State.SOLVED, State.CLOSED))


def prices(county_code: str, day: date) -> dict[str, Price]:
    """{indicator: price} of a county on a day; an indicator whose price nobody entered is absent."""
    wanted = set(PRICE_ITEMS.values())
    rows = CountyFigure.objects.filter(on(day), county_code=county_code, item__in=wanted).values_list(
        "item", "figure", "evidence"
    )
    figures = {item: (figure, evidence or "") for item, figure, evidence in rows if figure is not None}
    found = {
        code: Price(code, figures[item][0], figures[item][1], not figures[item][1], code in YEARLY)
        for code, item in PRICE_ITEMS.items()
        if item in figures
    }
    found[MONEY_ITSELF] = Price(MONEY_ITSELF, 1.0, "缺口本身以万元计", False, False)
    return found


def with_cost(lines: QuerySet[Gap], known: Mapping[str, Price]) -> QuerySet[Gap]:
    """Adds `cost` (万元): shortage × the line's own unit price, or else the county's; empty when there is neither."""
    whens = [When(code=code, then=Value(price.value)) for code, price in known.items()]
    price = Coalesce(
        F("unit_price"),
        Case(*whens, default=Value(None), output_field=FloatField()),
        output_field=FloatField(),
    )
    return lines.annotate(price=price).annotate(cost=Cast(F("shortage") * F("price"), FloatField()))


def cost(lines: QuerySet[Gap], known: Mapping[str, Price]) -> Cost:
    """费用合计 of the given lines."""
    sums = with_cost(lines, known).aggregate(
        once=Sum("cost", filter=~Q(code__in=YEARLY)),
        yearly=Sum("cost", filter=Q(code__in=YEARLY)),
        unpriced=Count("pk", filter=Q(cost=None)),
    )
    return Cost(sums["once"] or 0.0, sums["yearly"] or 0.0, sums["unpriced"] or 0)


def counts_by_state(lines: QuerySet[Gap]) -> dict[str, int]:
    """{state: number}, every state present."""
    found = dict(lines.order_by().values_list("state").annotate(n=Count("pk")))
    return {state.value: found.get(state.value, 0) for state in State}


@dataclass(frozen=True, slots=True)
class Group:
    """小计: the open lines of one indicator, township or office."""

    key: str
    title: str
    lines: int
    schools: int
    shortage: float
    unit: str
    overdue: int


def counts_by_indicator(lines: QuerySet[Gap], *, today: date) -> list[Group]:
    """Open lines by indicator, with the shortage added up in its unit."""
    return _grouped(lines, ("code", "title", "unit"), today)


def counts_by_township(lines: QuerySet[Gap], *, today: date) -> list[Group]:
    """Open lines by township code."""
    return _grouped(lines, ("township_code",), today)


def counts_by_office(lines: QuerySet[Gap], *, today: date) -> list[Group]:
    """Open lines by responsible office; "" is not assigned yet."""
    return _grouped(lines, ("office",), today)


def _grouped(lines: QuerySet[Gap], fields: Sequence[str], today: date) -> list[Group]:
    rows = (
        lines.filter(state__in=OPEN_STATES)
        .order_by(fields[0])
        .values(*fields)
        .annotate(
            lines=Count("pk"),
            schools=Count("school_code", distinct=True),
            total=Sum("shortage"),
            overdue=Count("pk", filter=late(today)),
        )
    )
    return [
        Group(
            key=row[fields[0]] or "",
            title=row.get("title") or row[fields[0]] or "",
            lines=row["lines"],
            schools=row["schools"],
            shortage=row["total"] or 0.0,
            unit=row.get("unit", ""),
            overdue=row["overdue"],
        )
        for row in rows
    ]


def offices(county_code: str) -> list[str]:
    """责任科室 to choose from: those in the ledger and those of the county's accounts."""
    gaps = Gap.objects.filter(county_code=county_code).exclude(office="")
    people = User.objects.filter(is_active=True).exclude(office="")
    own = people.filter(Q(area=None) | Q(area__path__startswith=county_code))
    names = {*gaps.order_by().values_list("office", flat=True), *own.values_list("office", flat=True)}
    return sorted(names)


def events(gap: Gap) -> QuerySet[GapEvent]:
    """台账经过, oldest first."""
    return GapEvent.objects.filter(of=gap).select_related("by").order_by("id")


def earlier(gap: Gap) -> QuerySet[Gap]:
    """Closed lines of the same school and indicator before this one."""
    return Gap.objects.filter(
        county_code=gap.county_code,
        school_code=gap.school_code,
        stage=gap.stage,
        code=gap.code,
        pk__lt=gap.pk,
    ).order_by("-pk")
