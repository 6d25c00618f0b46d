"""审计线索: what the queries over paid lines found, beside the case in which each is worked on; nothing is settled here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET, require_POST

from bureau.cases import packs
from bureau.cases.models import Case
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_shared import BUREAU_ONLY, amount, in_yuan, looked
from bureau.pages.case_parts import case_page, owner_words, phase_badge, state_title
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.table import Column, Table
from bureau.payments import finding_actions as actions
from bureau.payments import finding_rules as rules
from bureau.payments import money
from bureau.payments.models import Finding
from bureau.payments.states import FINDING_WORDS
from bureau.people.rules import Permission
from bureau.work import payment_tasks
from junheng.policy.ledgers import LIVE

NO_CASE = "待建个案"
# The phases of a case that a tab shows; "" is a finding whose case has not been opened yet.
VIEWS = {
    "open": (N("办理中"), ("", "open", "claimed")),
    "solved": (N("待核实"), ("solved",)),
    "closed": (N("已销号"), ("closed", "passed")),
    "all": (N("全部"), ("", "open", "claimed", "solved", "closed", "passed")),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """个案的进展 of one finding."""

    pk: int
    ledger: str
    state: str
    phase: str
    due: date | None


def _address(row: Row) -> str:
    return reverse("finding", args=[row["id"]])


def _standings(county_code: str) -> dict[int, Standing]:
    """{finding: its newest case}."""
    rows = Case.objects.filter(county_code=county_code, ledger__in=rules.LEDGERS.values()).order_by("id")
    return {
        int(item): Standing(pk, ledger, state, phase, due)
        for item, pk, ledger, state, phase, due in rows.values_list(
            "item", "pk", "ledger", "state", "phase", "due"
        )
        if item.isdecimal()
    }


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def listing(request: SignedIn) -> HttpResponseBase:
    """线索, those being worked on by amount first."""
    here, today = current(request), localdate()
    every = actions.visible(here.county_code)
    cases = _standings(here.county_code)
    phases = {pk: cases[pk].phase if pk in cases else "" for pk in every.values_list("pk", flat=True)}
    asked = request.GET.get("view", "open")
    view = asked if asked in VIEWS else "open"
    shown = [pk for pk, phase in phases.items() if phase in VIEWS[view][1]]
    ledgers = {code: packs.ledger(here.county_code, code) for code in rules.LEDGERS.values()}

    def fill(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            case = cases.get(line["id"])
            line["data"] = FINDING_WORDS[line["state"]]
            line["standing"] = state_title(ledgers[case.ledger], case.state) if case else NO_CASE
            late = case is not None and case.phase in LIVE and case.due is not None and case.due < today
            line["due"] = f"{case.due:%Y-%m-%d}{'（逾期）' if late else ''}" if case and case.due else "–"

    table = Table(
        request,
        "findings",
        (
            Column("title", _("线索"), link=_address, sort=None),
            Column("kind", _("种类"), codes=rules.KINDS, choices=rules.KINDS),
            Column("school_name", _("学校"), text=lambda row: row["school_name"] or "–"),
            amount(_("涉及金额")),
            Column("first_seen", _("首次发现"), kind="date"),
            Column("last_seen", _("最近发现"), kind="date", hidden=True),
            Column("data", _("数据"), computed=True, sort="state"),
            Column("standing", _("个案"), kind="verdict", computed=True),
            Column("due", _("期限"), kind="code", computed=True),
        ),
        in_yuan(every.filter(pk__in=shown) if view != "all" else every),
        what=_("条线索"),
        search=("title", "person_name", "school_name"),
        search_hint=_("姓名、学校、内容"),
        order="-fen,id",
        extra=("state",),
        row_link=_address,
        fill=fill,
        empty=_("没有线索。每晚自动查一遍；也可以现在查。"),
        caption=_("审计线索"),
    )
    if table.wants_export:
        return export(request, table, title=_("审计线索"))
    looked(request, ("finding", ""), {"shown": len(table.lines), "view": view})
    working = VIEWS["open"][1]
    kinds: dict[str, int] = {}
    for pk, kind in every.values_list("pk", "kind"):
        if phases[pk] in working:
            kinds[kind] = kinds.get(kind, 0) + 1
    return show(
        request,
        "payments/audit.html",
        title=_("审计线索"),
        table=table,
        tabs=[
            (
                f"{request.path}?view={name}",
                _(words),
                sum(phase in wanted for phase in phases.values()),
                name == view,
            )
            for name, (words, wanted) in VIEWS.items()
        ],
        kinds=[
            (words, kinds[kind], f"{request.path}?view=open&kind={kind}")
            for kind, words in rules.KINDS.items()
            if kind in kinds
        ],
        seen=every.aggregate(day=Max("last_seen"))["day"],
        ledgers=[
            (reverse("ledger", args=[code]), ledger.title)
            for code, ledger in ledgers.items()
            if any(case.ledger == code for case in cases.values())
        ],
    )


@require_POST
@page(Permission.SEE_AID, but=(*BUREAU_ONLY, "auditor"))
def run(request: SignedIn) -> HttpResponse:
    """现在查一遍, in the worker."""
    payment_tasks.audit.enqueue(current(request).county_code)
    messages.success(request, _("已开始查，查完自动列在这里并建立个案；可以先去做别的事"))
    return HttpResponseRedirect(reverse("audit"))


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def finding(request: SignedIn, pk: int) -> HttpResponse:
    """一条线索: its evidence, and its case."""
    one: Finding | None = actions.visible(current(request).county_code).filter(pk=pk).first()
    if one is None:
        raise not_found(_("没有这条线索，或者它不在您的辖区。"))
    looked(request, ("finding", str(pk)), {"person": one.person_key})
    return show(
        request,
        "payments/finding.html",
        title=rules.KINDS.get(one.kind, one.kind),
        crumbs=[(_("审计线索"), reverse("audit"))],
        finding=one,
        yuan=money.yuan(one.fen),
        standing=FINDING_WORDS[one.state],
        cases=[_case(case) for case in _cases(one)],
    )


def _cases(one: Finding) -> list[Case]:
    """The cases of a finding, the newest first."""
    rows = Case.objects.filter(
        county_code=one.county_code, ledger__in=rules.LEDGERS.values(), item=str(one.pk)
    )
    return list(rows.select_related("owner", "done_by", "closed_by").order_by("-id"))


def _case(case: Case) -> dict[str, Any]:
    ledger = packs.ledger(case.county_code, case.ledger)
    cause = case.fields.get("cause")
    return {
        "case": case,
        "address": case_page(case.pk),
        "ledger": ledger.title,
        "badge": phase_badge(state_title(ledger, case.state), case.phase, contradiction=case.contradiction),
        "owner": owner_words(case.owner.display_name if case.owner else None, case.level)
        if case.phase in LIVE
        else "",
        "live": case.phase in LIVE,
        "late": case.phase in LIVE and case.due is not None and case.due < localdate(),
        "cause": str(cause) if cause else "",
    }
