"""缺口台账: every shortfall as one line with what it would cost; who does what by when; nothing is closed by saying so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bureau.cases import packs
from bureau.cases.rules import why_not_move
from bureau.gaps import queries
from bureau.gaps.rules import LEDGER
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import case_page, state_title
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.table import Bulk, Column, Table
from bureau.people.models import User
from bureau.people.queries import townships
from bureau.people.rules import Permission, why_not
from bureau.runs.shown import short
from junheng.policy.ledgers import Ledger, Move

VIEW_WORDS = {
    "open": gettext_noop("未销号"),
    "contradiction": gettext_noop("与数据矛盾"),
    "overdue": gettext_noop("已超期"),
    "unplanned": gettext_noop("未定计划"),
    "solved": gettext_noop("待复核"),
    "closed": gettext_noop("已销号"),
    "all": gettext_noop("全部"),
}
BULK = {"plan": gettext_noop("填整改计划"), "claim": gettext_noop("报完成"), "verify": gettext_noop("登记核实"), "close": gettext_noop("复核销号")}  # fmt: skip
EXTRA = ("state", "phase", "due", "shortage", "unit", "school_code")


def gap_address(row: Any) -> str:
    """The page of one line: its case."""
    return case_page(row["id"])


def school_gaps_address(school_code: str) -> str:
    """The ledger of one school."""
    return f"{reverse('gaps')}?{urlencode({'q': school_code})}"


def columns(here: Page, every: Sequence[queries.Gap]) -> tuple[Column, ...]:
    """The columns of the ledger; filters offer what the county has."""
    towns = dict(townships(here.county_code).values_list("code", "name"))
    titles = {code: short(title) for code, title in sorted(titles_of(every).items())}
    states = packs.ledger(here.county_code, LEDGER).states
    offices = {"": _("未定"), **{name: name for name in queries.offices(here.county_code)}}
    return (
        Column("school", _("学校"), link=gap_address),
        Column("township_code", _("乡镇"), codes=towns, choices=towns),
        Column("stage", _("学段"), choices={"小学": _("小学"), "初中": _("初中")}),
        Column("code", _("指标"), codes=titles, choices=titles),
        Column("shortage", _("缺口"), kind="number", note=_("最近一次测算的缺口，单位随指标")),
        Column("unit", _("单位")),
        Column("shortage_at_opening", _("立账时缺口"), kind="number", hidden=True),
        Column(
            "cost",
            _("估算费用"),
            kind="number",
            unit=_("万元"),
            digits=1,
            note=_("缺口 × 单价；教师为一年的费用，其余为一次性投入"),
        ),
        Column(
            "standing",
            _("状态"),
            kind="verdict",
            computed=True,
            sort="state",
            lookup="state",
            choices={state.name: _(state.title) for state in states},
        ),
        Column("measure", _("整改措施"), text=lambda row: row["measure"] or _("未填")),
        Column(
            "office",
            _("责任科室"),
            choices=offices,
            text=lambda row: row["office"] or _("未定"),
        ),
        Column(
            "until",
            _("完成时限"),
            kind="date",
            text=lambda row: f"{row['until']:%Y-%m-%d}" if row["until"] else _("未定"),
        ),
        Column("late", _("是否超期"), computed=True, sort=None, hidden=True),
        Column("result", _("完成情况"), hidden=True, text=lambda row: row["result"] or "–"),
    )


def titles_of(every: Sequence[queries.Gap]) -> dict[str, str]:
    """{indicator: title} of what the ledger holds."""
    return {one.code: one.title for one in every if one.code and one.title}


def ledger_table(request: SignedIn, here: Page, view: str, every: Sequence[queries.Gap]) -> Table:
    """The ledger as a table, filtered by view, heading filters and search. `every` is all that the account sees of it."""
    today = localdate()
    known = queries.prices(here.county_code, here.on) if here.on else {}
    ledger = packs.ledger(here.county_code, LEDGER)
    told = queries.with_opening(queries.lines(here.user, here.county_code))
    lines = told.filter(queries.condition(view, today=today))

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            # What is claimed and still short stands against the data, whatever the day of either.
            claimed = row["phase"] == "claimed"
            row["standing"] = "与数据矛盾" if claimed else state_title(ledger, row["state"])
            late = row["due"] and row["due"] < today and row["phase"] in ("open", "claimed")
            row["late"] = _("已超期") if late else "–"

    empty = {
        "open": _(
            "没有未销号的缺口。缺口由测算自动立账：导入数据并完成测算后，未达标的学校指标会出现在这里。"
        ),
        "contradiction": _("没有“已报完成”但数据仍有缺口的。"),
        "overdue": _("没有超过完成时限的缺口。"),
        "solved": _("没有待复核的缺口。新导入的数据显示达标后，会出现在这里等第二个人复核。"),
    }.get(view, _("没有缺口。"))
    return Table(
        request,
        "gaps",
        columns(here, every),
        queries.with_cost(lines, known),
        what=_("条缺口"),
        search=("school", "school_code", "measure", "title"),
        search_hint=_("学校、标识码、指标、措施"),
        order="school_code",
        extra=EXTRA,
        row_link=gap_address,
        fill=fill,
        empty=empty,
        bulk=bulk_actions(request.user, ledger),
        caption=_("缺口台账"),
    )


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A case on which a step fits: what is refused then is refused for the account."""

    state: str
    phase: str
    level: str = ""
    contradiction: str = ""
    done_by_id: int | None = 0
    needs_proof: bool = False


def why_not_at_all(user: User, ledger: Ledger, move: Move) -> str | None:
    """为什么这个账号不能这样办理, whatever the case."""
    source = ledger.state(move.sources[0])
    return why_not_move(_Fitting(source.name, source.phase), move, ledger, by=user, in_scope=True)


def bulk_actions(user: User, ledger: Ledger) -> tuple[Bulk, ...]:
    """What may be done with selected lines; a greyed button says why. A county's own ledger may lack a step."""
    return tuple(
        Bulk(_(BULK[move.name]), reverse("gaps-bulk", args=[move.name]), why_not=why_not_at_all(user, ledger, move))
        for move in ledger.moves
        if move.name in BULK
    )  # fmt: skip


@page(Permission.SEE_SCHOOLS)
def ledger(request: SignedIn) -> HttpResponseBase:
    """The ledger."""
    here = current(request)
    view = request.GET.get("view", "open")
    view = view if view in VIEW_WORDS else "open"
    every = queries.all_of(here.user, here.county_code)
    table = ledger_table(request, here, view, every)
    if table.wants_export:
        return export(request, table, title=_("缺口台账"))
    return _shown(request, here, view, table, every)


def _shown(
    request: SignedIn, here: Page, view: str, table: Table, every: Sequence[queries.Gap]
) -> HttpResponse:
    today = localdate()
    counts = queries.view_counts(every, today=today)
    known = queries.prices(here.county_code, here.on) if here.on else {}
    views = [
        {
            "words": _(words),
            "count": counts[name],
            "address": f"{request.path}?view={name}",
            "here": name == view,
            "bad": name in ("contradiction", "overdue") and counts[name] > 0,
        }
        for name, words in VIEW_WORDS.items()
    ]
    still_open = queries.still_open(every)
    return show(
        request,
        "gaps.html",
        title=_("缺口台账"),
        table=table,
        views=views,
        cost=queries.cost(still_open, known),
        open_count=counts["open"],
        schools=len({one.school_code for one in still_open}),
        groups=queries.counts_by_indicator(every, today=today),
        offices=queries.counts_by_office(every, today=today),
        prices=_prices(known, every),
        sheet_address=f"{reverse('gaps-sheet')}?{request.GET.urlencode()}",
        upload_refusal=why_not(request.user.role, Permission.WORK_CASES),
    )


def _prices(known: Mapping[str, queries.Price], every: Sequence[queries.Gap]) -> list[dict[str, Any]]:
    """The county's unit prices under the titles of the indicators they price."""
    titles = titles_of(every)
    return [
        {
            "title": titles[code],
            "value": one.value,
            "yearly": one.yearly,
            "assumed": one.assumed,
            "source": one.source,
        }
        for code, one in sorted(known.items())
        if code in titles
    ]
