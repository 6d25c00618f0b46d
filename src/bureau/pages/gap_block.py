"""个案页里的缺口: how much is missing and what it would cost, beside what every case shows; earlier lines of the same shortfall."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.cases import packs
from bureau.cases.models import Case
from bureau.gaps import queries, rules
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import case_page, state_title
from bureau.pages.results import why_indicator
from bureau.people.rules import Permission
from bureau.runs.models import IndicatorResult, SchoolResult
from bureau.runs.queries import newest_run


@dataclass(frozen=True, slots=True)
class Block:
    """缺口一栏. `why` is the address of the figure's explanation; `says` what the newest run says now."""

    line: Any
    data_day: date | None
    says: str
    why: str
    against: str | None
    price: queries.Price | None
    unit_price: float | None
    cost: float | None
    earlier: list[tuple[str, str, Case]]
    all_address: str
    suggested: dict[str, list[str]]


@page(Permission.SEE_SCHOOLS)
def gap(request: SignedIn, pk: int) -> HttpResponse:
    """A line of the ledger is a case: its page is the case's."""
    return HttpResponseRedirect(case_page(pk))


def of(request: SignedIn, case: Case) -> Block | None:
    """What the page of a case shows beside, when it is one of the gap ledger."""
    if case.ledger != rules.LEDGER:
        return None
    line: Any = queries.with_opening(queries.lines(request.user).filter(pk=case.pk)).get()
    run = newest_run(case.county_code)
    found = told = None
    if run is not None:
        same = {"run": run, "school_code": case.subject_key, "stage": line.stage}
        found = IndicatorResult.objects.filter(**same, code=line.code).first()
        told = SchoolResult.objects.filter(**same).first()
    known = queries.prices(case.county_code, run.day if run else localdate())
    price = known.get(line.code)
    unit_price = line.unit_price if line.unit_price is not None else price.value if price else None
    ledger = packs.ledger(case.county_code, case.ledger)
    return Block(
        line=line,
        data_day=run.day if run else None,
        says=_says(found, told),
        why=why_indicator(run.pk, case.subject_key, line.stage, line.code) if run and found else "",
        against=rules.unproven(case) if not case.contradiction else None,
        price=price,
        unit_price=unit_price,
        cost=line.shortage * unit_price if unit_price is not None and line.shortage is not None else None,
        earlier=[
            (case_page(one.pk), state_title(ledger, one.state), one) for one in queries.earlier(case)[:10]
        ],
        all_address=f"{reverse('gaps')}?view=all&q={case.subject_key}",
        suggested={"office": queries.offices(case.county_code)},
    )


def _says(found: IndicatorResult | None, told: SchoolResult | None) -> str:
    if told is not None and not told.in_scope:
        return _("学校不计入统计：%(why)s") % {"why": _(told.reason)}
    return _(found.verdict) if found is not None else _("没有这所学校或学段的结果，缺口按上次结果保留")
