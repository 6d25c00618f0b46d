"""营养改善: one month of every school in scope, and how the months went; a school comes to its own account."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET

from bureau.entitlements.queries import county_book
from bureau.nutrition import programme, queries
from bureau.nutrition.models import Covered
from bureau.nutrition.states import ACCOUNT_WORDS
from bureau.pages import nutrition_opening as opening
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row, number
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.nutrition_opening import month_of, month_words
from bureau.pages.people_columns import school_names
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.people.scope import Reach

MODES = {str(code): str(words) for code, words in Covered.Mode.choices}
MONTHS_SHOWN = 12
VIEWS = {"month": N("本月各校"), "matrix": N("各月结账")}
SIGNS = {"open": "○", "signed": "?", "closed": "✓"}


@lru_cache(maxsize=4_096)
def month_address(school_code: str, month: date) -> str:
    """The account of a school."""
    return reverse("nutrition-month", args=[school_code, f"{month:%Y-%m}"])


@require_GET
@page(Permission.SEE_AID)
def overview(request: SignedIn) -> HttpResponse:
    """The month of every school; a school's own account opens at once when it has one."""
    here, today = current(request), localdate()
    names = school_names(here)
    whole = here.scope.reach in (Reach.COUNTY, Reach.EVERYTHING)
    totals = queries.month_totals(here.county_code, None if whole else names)
    months = [row["month"] for row in totals]
    asked = month_of(request.GET.get("month", ""))
    if here.scope.reach is Reach.SCHOOL and months and asked is None and not request.GET:
        return HttpResponseRedirect(month_address(here.scope.code, months[-1]))
    month = asked or (months[-1] if months else today.replace(day=1))
    view = request.GET.get("view", "month")
    if view == "matrix":
        table = _matrix(request, here, names, months[-MONTHS_SHOWN:])
    else:
        view, table = "month", _table(request, here, names, month)
    if table.wants_export:
        title = month_words(month) + _("营养改善月账") if view == "month" else _("营养改善各月结账")
        return export(request, table, title=title)
    total = next((row for row in totals if row["month"] == month), None)
    after = opening.following(months, today)
    book = county_book(here.county_code)
    standard = programme.price_on(here.county_code, month, book)
    return show(
        request,
        "nutrition/overview.html",
        title=_("营养改善"),
        table=table,
        view=view,
        views=VIEWS,
        month=month,
        months=months[-MONTHS_SHOWN:],
        month_words=month_words(month),
        total=total,
        standard=standard,
        yuan=number(standard.fen / 100, digits=2) if standard else "",
        spent=total["spent_fen"] / 100 if total else None,
        doubts=programme.doubts(here.county_code, month),
        chart=_chart(totals[-MONTHS_SHOWN:]) if len(totals) else None,
        totals=totals[-MONTHS_SHOWN:],
        finding=_finding(total),
        following=after,
        following_words=month_words(after),
        why_not_open=opening.why_not_open(request, here, after, today, book),
        complaints=_complaints(here, names, today),
        canteen=_canteen(here, names, month),
    )


def _complaints(here: Page, names: Mapping[str, str], today: date) -> dict[str, int]:
    found = queries.complaints(here.county_code).filter(school_code__in=list(names)).exclude(state="closed")
    waiting = list(found.values_list("state", "due"))
    return {
        "open": len(waiting),
        "late": sum(state == "open" and due < today for state, due in waiting),
    }


def _canteen(here: Page, names: Mapping[str, str], month: date) -> dict[str, Any] | None:
    """食堂供餐比例 of the schools in the programme."""
    modes = [mode for code, mode in programme.covered_in(here.county_code, month).items() if code in names]
    if not modes:
        return None
    canteen = sum(mode == "canteen" for mode in modes)
    return {"n": canteen, "of": len(modes), "share": canteen / len(modes)}


@lru_cache(maxsize=4_096)
def _why_address(school_code: str, month: date, kind: str) -> str:
    return reverse("nutrition-why", args=[school_code, f"{month:%Y-%m}", kind])


def _why(kind: str, month: date) -> Any:
    return lambda row: _why_address(row["school_code"], month, kind)


def _table(request: SignedIn, here: Page, names: Mapping[str, str], month: date) -> Table:
    rows = queries.month_rows(here.county_code, month, names)
    for row in rows:
        row["difference"] = (
            None if row["eaten"] is None or row["attended"] is None else row["eaten"] - row["attended"]
        )
        row["standing"] = ACCOUNT_WORDS[row["state"]]
    states = {words: _(words) for words in ACCOUNT_WORDS.values()}
    # Nothing reported at all has no sum.
    known = {name: any(row[name] is not None for row in rows) for name in ("attended", "eaten", "difference")}

    def account(row: Row) -> str:
        return month_address(row["school_code"], month)

    return Table(
        request,
        "nutrition",
        (
            Column("school_name", _("学校"), link=account),
            Column("mode", _("供餐方式"), "code", codes=MODES, choices=MODES),
            Column("pupils", _("享受人数"), "number", unit=_("人"), total=True),
            Column("days", _("应供天数"), "number", unit=_("天"), note=_("到今天为止的供餐日")),
            Column("due", _("应供"), "number", unit=_("人次"), total=True, why=_why("due", month)),
            Column("attended", _("出勤"), "number", unit=_("人次"), total=known["attended"], why=_why("attended", month)),
            Column("eaten", _("就餐"), "number", unit=_("人次"), total=known["eaten"], why=_why("eaten", month)),
            Column("difference", _("就餐比出勤"), "number", unit=_("人次"), total=known["difference"], tint=_tint),
            Column("due_yuan", _("应补"), "number", unit=_("元"), digits=2, total=True),
            Column(
                "spent_yuan", _("已验收支出"), "number", unit=_("元"), digits=2, total=True, why=_why("spent", month)
            ),
            Column("per_meal", _("每人次支出"), "number", unit=_("元"), digits=2, note=_("已验收支出÷就餐人次")),
            Column("waiting", _("待验收"), "number", unit=_("批"), total=True),
            Column("rejected", _("拒收"), "number", unit=_("批"), total=True, hidden=True),
            Column("unexplained", _("未说明的差异"), "number", unit=_("处"), total=True, tint=_open_tint),
            Column("standing", _("状态"), "verdict", choices=states),
        ),
        rows,
        what=_("所学校"),
        search=("school_name", "school_code"),
        search_hint=_("校名、标识码"),
        order="school_name",
        extra=("school_code",),
        row_link=account,
        empty=_("这个月还没有开账。先在“供餐设置”核对标准和实施学校，再开账。"),
        caption=_("各校月账"),
    )  # fmt: skip


def _tint(row: Row) -> str:
    found = row["difference"]
    return "" if found is None else "deep" if found > 0 else "near" if found < 0 else ""


def _open_tint(row: Row) -> str:
    return "near" if row["unexplained"] else ""


def _matrix(request: SignedIn, here: Page, names: Mapping[str, str], months: Sequence[date]) -> Table:
    states: dict[str, dict[str, str]] = {}
    found = queries.accounts(here.county_code).filter(month__in=list(months))
    for school, month, state in found.values_list("school_code", "month", "state"):
        if school in names:
            states.setdefault(school, {})[f"m{month:%Y%m}"] = state
    rows = [
        {"school_code": school, "school_name": names[school], **cells} for school, cells in states.items()
    ]
    words = {state: _(word) for state, word in ACCOUNT_WORDS.items()}

    def cell(month: date) -> Column:
        field = f"m{month:%Y%m}"
        return Column(
            field,
            month_words(month),
            "code",
            choices=words,
            text=lambda row: f"{SIGNS[row[field]]} {words[row[field]]}" if row.get(field) else _("没有开账"),
            link=lambda row: month_address(row["school_code"], month) if row.get(field) else "",
        )

    return Table(
        request,
        "nutrition-matrix",
        (Column("school_name", _("学校")), *(cell(month) for month in months)),
        rows,
        what=_("所学校"),
        search=("school_name", "school_code"),
        search_hint=_("校名、标识码"),
        order="school_name",
        empty=_("还没有月账。"),
        caption=_("各月结账"),
    )


def _finding(total: Mapping[str, Any] | None) -> str:
    if total is None or not total["due"]:
        return ""
    if total["silent"] or total["attended"] is None:
        return _("还有 %(n)s 个班没有出勤人次，暂不能与就餐核对") % {"n": total["silent"]}
    gap = (total["eaten"] or 0) - total["attended"]
    if gap == 0:
        return _("就餐与出勤一致")
    words = _("就餐比出勤多 %(n)s 人次") if gap > 0 else _("就餐比出勤少 %(n)s 人次")
    return words % {"n": f"{abs(gap):,}"}


def _chart(totals: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = [f"{row['month'].year}-{row['month'].month:02d}" for row in totals]
    series = [
        {"name": _(words), "type": "bar", "barMaxWidth": 28, "data": [row[field] for row in totals]}
        for field, words in (("due", N("应供")), ("attended", N("出勤")), ("eaten", N("就餐")))
    ]
    return {
        "legend": {"top": 0, "left": 0},
        "grid": {"left": 8, "right": 12, "top": 34, "bottom": 8},
        "tooltip": {"trigger": "axis", "formatter": "tooltip"},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "splitNumber": 3, "axisLabel": {"formatter": "number"}},
        "series": series,
    }
