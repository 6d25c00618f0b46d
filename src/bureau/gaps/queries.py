"""缺口的读取: the cases of the gap ledger with their amounts as numbers, their counts, and what closing them would cost."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import (
    DateField,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Expression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf

from bureau.cases.models import Case, Event
from bureau.cases.seeing import visible
from bureau.gaps.rules import CODE, LEDGER, SHORTAGE, STAGE, TITLE, UNIT, found_amount, number_of
from bureau.people.models import User
from bureau.registry.models import CountyFigure
from bureau.registry.queries import on
from junheng.policy.ledgers import LIVE

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
# Cases with the annotations of `lines`.
Lines = QuerySet[Any, Any]
NUMBER = r"^[0-9]+(\.[0-9]+)?$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


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


def lines(user: User, county_code: str = "") -> Lines:
    """All gaps an account may see, with `stage`, `code`, `title`, `shortage` (0 once the data shows it gone), `unit`, and the plan."""
    found = visible(user).filter(ledger=LEDGER)
    found = found.filter(county_code=county_code) if county_code else found
    gone = Q(evidence_gone_on__isnull=False)
    return found.annotate(
        stage=_words("evidence", STAGE),
        code=_words("evidence", CODE),
        title=_words("evidence", TITLE),
        unit=_words("evidence", UNIT),
        shortage=Choose(
            When(gone, then=Value(0.0)),
            When(_is("evidence", SHORTAGE, NUMBER), then=Cast(_words("evidence", SHORTAGE), FloatField())),
            output_field=FloatField(),
        ),
        measure=_words("fields", "measure"),
        # A blank office as NULL, so that “not assigned” can be asked for like any other value.
        office=NullIf(_words("fields", "office"), Value("", TextField())),
        result=_words("fields", "result"),
        until=_cast("fields", "until", DATE, DateField()),
        unit_price=_cast("fields", "unit_price", NUMBER, FloatField()),
    )


def with_opening(found: Lines) -> Lines:
    """Adds `shortage_at_opening`, as the history has it."""
    opened = Event.objects.filter(of=OuterRef("pk"), what__in=["opened", "reopened"]).order_by("-id")
    then = opened.annotate(amount=_cast("fields", SHORTAGE, NUMBER, FloatField())).values("amount")[:1]
    told: Lines = found.annotate(shortage_at_opening=Subquery(then))
    return told


def _words(of: str, name: str) -> Cast:
    # As plain text: compared as it comes out of the JSON, the other side would be read as JSON too.
    return Cast(KeyTextTransform(name, of), TextField())


def _is(of: str, name: str, pattern: str) -> Q:
    # A county may word its ledger otherwise: what is no number must not break a sum on PostgreSQL.
    return Q(**{f"{of}__{name}__regex": pattern})


def _cast(of: str, name: str, pattern: str, kind: FloatField | DateField) -> Expression:  # type: ignore[type-arg]
    return Choose(When(_is(of, name, pattern), then=Cast(_words(of, name), kind)), output_field=kind)


VIEWS: Mapping[str, Q] = {
    "open": Q(phase__in=LIVE),
    "contradiction": Q(phase="claimed"),
    "overdue": Q(),
    "unplanned": Q(state="open"),
    "solved": Q(phase="solved"),
    "closed": Q(phase="closed"),
    "all": Q(),
}


def condition(view: str, *, today: date) -> Q:
    """一个视图 of the ledger; an unknown name shows what is open. What is claimed stands against the data until the data moves it."""
    return late(today) if view == "overdue" else VIEWS.get(view, VIEWS["open"])


@dataclass(frozen=True, slots=True)
class Gap:
    """一条缺口 for adding up: read once, however many sums a page shows."""

    code: str
    title: str
    unit: str
    school_code: str
    office: str
    state: str
    phase: str
    due: date | None
    shortage: float | None
    unit_price: float | None

    def is_late(self, today: date) -> bool:
        """超期: as `late`, for one."""
        return self.due is not None and self.due < today and self.phase in ("open", "claimed")


def all_of(user: User, county_code: str) -> list[Gap]:
    """All gaps an account may see, ended ones too."""
    rows = visible(user).filter(ledger=LEDGER, county_code=county_code).order_by()
    return [
        Gap(
            code=str(evidence.get(CODE, "")),
            title=str(evidence.get(TITLE, "")),
            unit=str(evidence.get(UNIT, "")),
            school_code=school_code,
            office=str(fields.get("office") or ""),
            state=state,
            phase=phase,
            due=due,
            shortage=0.0 if gone is not None else found_amount(evidence),
            unit_price=number_of(fields.get("unit_price")),
        )
        for evidence, fields, school_code, state, phase, due, gone in rows.values_list(
            "evidence", "fields", "school_code", "state", "phase", "due", "evidence_gone_on"
        )
    ]


def view_counts(found: Sequence[Gap], *, today: date) -> dict[str, int]:
    """{view: number of lines}; it says the same as `condition`."""
    phases = Counter(one.phase for one in found)
    return {
        "open": sum(phases[phase] for phase in LIVE),
        "contradiction": phases["claimed"],
        "overdue": sum(one.is_late(today) for one in found),
        "unplanned": sum(one.state == "open" for one in found),
        "solved": phases["solved"],
        "closed": phases["closed"],
        "all": len(found),
    }


def still_open(found: Sequence[Gap]) -> list[Gap]:
    """未销号的."""
    return [one for one in found if one.phase in LIVE]


def late(today: date) -> Q:
    """超期: past its deadline, and the data does not show it closed."""
    return Q(due__lt=today, phase__in=("open", "claimed"))


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


def with_cost(found: Lines, known: Mapping[str, Price]) -> Lines:
    """Adds `cost` (万元): shortage × the line's own unit price, or else the county's; empty when there is neither."""
    whens = [When(code=code, then=Value(price.value)) for code, price in known.items()]
    price = Coalesce(
        F("unit_price"),
        Choose(*whens, default=Value(None), output_field=FloatField()),
        output_field=FloatField(),
    )
    priced: Lines = found.annotate(price=price)
    return priced.annotate(cost=Cast(F("shortage") * F("price"), FloatField()))  # type: ignore[no-any-return]


def cost(found: Sequence[Gap], known: Mapping[str, Price]) -> Cost:
    """费用合计 of the given lines."""
    once = yearly = 0.0
    unpriced = 0
    for one in found:
        price = (
            one.unit_price
            if one.unit_price is not None
            else known[one.code].value
            if one.code in known
            else None
        )
        if price is None or one.shortage is None:
            unpriced += 1
        elif one.code in YEARLY:
            yearly += price * one.shortage
        else:
            once += price * one.shortage
    return Cost(once, yearly, unpriced)


@dataclass(frozen=True, slots=True)
class Group:
    """小计: the open lines of one indicator or office."""

    key: str
    title: str
    lines: int
    schools: int
    shortage: float
    unit: str
    overdue: int


def counts_by_indicator(found: Sequence[Gap], *, today: date) -> list[Group]:
    """Open lines by indicator, with the shortage added up in its unit."""
    return _grouped(found, lambda one: (one.code, one.title, one.unit), today)


def counts_by_office(found: Sequence[Gap], *, today: date) -> list[Group]:
    """Open lines by responsible office; "" is not assigned yet."""
    return _grouped(found, lambda one: (one.office, one.office, ""), today)


def _grouped(found: Sequence[Gap], key: Callable[[Gap], tuple[str, str, str]], today: date) -> list[Group]:
    groups: dict[tuple[str, str, str], list[Gap]] = {}
    for one in still_open(found):
        groups.setdefault(key(one), []).append(one)
    return [
        Group(
            key=name,
            title=title,
            lines=len(group),
            schools=len({one.school_code for one in group}),
            shortage=sum(one.shortage or 0.0 for one in group),
            unit=unit,
            overdue=sum(one.is_late(today) for one in group),
        )
        for (name, title, unit), group in sorted(groups.items())
    ]


def offices(county_code: str) -> list[str]:
    """责任科室 to choose from: those in the ledger and those of the county's accounts."""
    gaps = Case.objects.filter(county_code=county_code, ledger=LEDGER, fields__has_key="office")
    people = User.objects.filter(is_active=True).exclude(office="")
    own = people.filter(Q(area=None) | Q(area__path__startswith=county_code))
    written = gaps.order_by().values_list("fields__office", flat=True).distinct()
    return sorted({*filter(None, written), *own.values_list("office", flat=True)})


def earlier(gap: Case) -> QuerySet[Case]:
    """Lines of the same school and indicator before this one."""
    return Case.objects.filter(
        county_code=gap.county_code, ledger=LEDGER, subject_key=gap.subject_key, item=gap.item, pk__lt=gap.pk
    ).order_by("-pk")
