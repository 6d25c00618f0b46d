"""缺口的费用: what closing gaps would cost, from the county's own prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import F, FloatField, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from bureau.gaps.sums import Gap
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
# Cases with the annotations of `queries.lines`.
Lines = QuerySet[Any, Any]


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
