"""本单位应办: what the account's units owe, late first, each line with why it is there; and what waits for a second person."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from bureau.pages import slips_owed
from bureau.pages.access import SignedIn, page
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Bulk, Column, Table
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, may, why_not
from bureau.plans import duty_actions, duty_queries, duty_rules
from bureau.plans.duty_models import Duty
from bureau.plans.duty_states import WORDS, State
from bureau.plans.models import Plan
from bureau.plans.task_queries import acts_for, current_plans

VIEW_WORDS = {
    "open": gettext_noop("未办结"),
    "overdue": gettext_noop("已超期"),
    "soon": gettext_noop("将到期"),
    "returned": gettext_noop("已退回"),
    "to_check": gettext_noop("待我复核"),
    "contradiction": gettext_noop("与数据矛盾"),
    "closed": gettext_noop("已销号"),
    "all": gettext_noop("全部"),
}
WHOSE_WORDS = {
    "own": gettext_noop("本单位牵头"),
    "supports": gettext_noop("本单位配合"),
    "every": gettext_noop("全县"),
}
BAD = ("overdue", "returned", "contradiction")
CHECKING = ("to_check",)
EXTRA = ("state", "due", "against", "task_id", "period")
EMPTY = {
    "overdue": gettext_noop("没有超期的事项。"),
    "soon": gettext_noop("近期没有到期的事项。"),
    "returned": gettext_noop("没有被退回的事项。"),
    "to_check": gettext_noop("没有等您复核的事项。牵头单位报完成以后，会出现在这里。"),
    "contradiction": gettext_noop("没有“已报完成”但数据不支持的事项。"),
    "closed": gettext_noop("还没有销号的事项。"),
}


def duty_address(row: Any) -> str:
    """The page of one duty."""
    return reverse("duty", args=[row["id"]])


def seen_duties(here: Page, whose: str, units: frozenset[int]) -> QuerySet[Duty]:
    """The duties of the county's plans in force: those the units lead, support, or all of them."""
    rows = duty_queries.duties(current_plans(here.user, here.county_code))
    if whose == "every":
        return rows
    return duty_queries.owed(rows, units, supports=whose == "supports")


def columns(plans: QuerySet[Plan]) -> tuple[Column, ...]:
    """The columns of a list of duties; filters offer the plans and leading units there are."""
    named = {str(pk): title for pk, title in plans.values_list("pk", "title")}
    return (
        Column("task__title", _("任务"), link=duty_address),
        Column("period", _("期次"), text=lambda row: row["period"] or "–"),
        Column("why", _("为什么在这里"), computed=True, sort=None),
        Column("leads", _("牵头单位"), computed=True, sort=None, lookup="task__leads", choices=duty_queries.unit_choices(plans)),
        Column("due", _("完成时限"), kind="date", text=lambda row: f"{row['due']:%Y-%m-%d}" if row["due"] else _("未写明")),
        Column("standing", _("状态"), kind="verdict", computed=True, sort="state", lookup="state",
               choices={str(state): _(words) for state, words in WORDS.items()}),
        Column("percent", _("进度"), kind="number", unit="%"),
        Column("progress", _("最近进展"), text=lambda row: row["progress"] or "–"),
        Column("task__person", _("责任人"), hidden=True, text=lambda row: row["task__person"] or _("未定")),
        Column("task__plan__title", _("计划"), lookup="task__plan", choices=named, hidden=True),
        Column("late", _("超期天数"), kind="number", unit=_("天"), computed=True, sort=None, hidden=True),
    )  # fmt: skip


def fill_lines(rows: list[dict[str, Any]], *, within: int) -> None:
    """Standing, leads and why of the duties of one page, three queries for all."""
    today = localdate()
    found = (
        Duty.objects.filter(pk__in=[row["id"] for row in rows])
        .select_related("task")
        .prefetch_related("task__leads")
    )
    known = {duty.pk: duty for duty in found}
    against = duty_queries.contradictions([one for one in known.values() if one.state == State.CLAIMED])
    reasons = duty_queries.reasons(
        pk for pk, one in known.items() if one.state in (State.RETURNED, State.DROPPED)
    )
    for row in rows:
        duty = known[row["id"]]
        said = against.get(duty.pk, ())
        row["late"] = duty_rules.days_late(duty, today=today)
        row["standing"] = (
            "与数据矛盾" if said else "已超期" if row["late"] and duty.state != State.RETURNED else WORDS[State(duty.state)]
        )  # fmt: skip
        row["leads"] = "、".join(one.name for one in duty.task.leads.all()) or _("未定")
        row["why"] = duty_rules.why_listed(
            duty, today=today, within=within, contradictions=said, reason=reasons.get(duty.pk, "")
        )


def duty_table(
    request: SignedIn,
    here: Page,
    rows: QuerySet[Duty],
    *,
    within: int,
    empty: str = "",
    name: str = "duties",
    prefix: str = "",
) -> Table:
    """A list of duties with its bulk actions."""
    plans = current_plans(here.user, here.county_code)
    return Table(
        request,
        name,
        columns(plans),
        rows.distinct(),
        what=_("项"),
        search=("task__title", "task__measures", "progress", "task__person", "task__leads__name"),
        search_hint=_("任务、措施、进展、单位"),
        order="due",
        prefix=prefix,
        extra=EXTRA,
        row_link=duty_address,
        fill=lambda found: fill_lines(found, within=within),
        empty=empty or _("没有事项。计划发布后，任务按文件的时限和周期自动生成应办事项。"),
        bulk=bulk_actions(request.user),
        caption=_("应办事项"),
    )


def bulk_actions(user: User) -> tuple[Bulk, ...]:
    """What may be done with selected duties; a greyed button says why."""
    report, check = why_not(user.role, Permission.REPORT_DUTIES), why_not(user.role, Permission.CHECK_DUTIES)
    return (
        Bulk(_("填进展"), reverse("duties-bulk", args=["report"]), why_not=report),
        Bulk(_("报完成"), reverse("duties-bulk", args=["claim"]), why_not=report),
        Bulk(_("复核销号"), reverse("duties-bulk", args=["close"]), why_not=check),
        Bulk(_("退回"), reverse("duties-bulk", args=["send_back"]), danger=True, why_not=check),
    )


def whose_of(request: SignedIn, units: frozenset[int]) -> str:
    """Whose duties are shown: as asked, else the account's units', else all; a unit's account has no need of all."""
    asked = request.GET.get("whose", "")
    if asked in WHOSE_WORDS and (asked == "every" or units):
        return asked
    checks = request.user.role == User.Role.INSPECTOR
    return "own" if units and not checks else "every"


@page(Permission.SEE_PLANS)
def desk(request: SignedIn) -> HttpResponseBase:
    """The desk of the account's unit."""
    here, today, user = current(request), localdate(), request.user
    units = acts_for(user)
    whose = whose_of(request, units)
    reminder = duty_queries.reminder(here.county_code)
    every = seen_duties(here, whose, units)
    counts = duty_queries.view_counts(every, today=today, user=user, within=reminder.days)
    view = request.GET.get("view", "")
    if view not in VIEW_WORDS:
        view = "to_check" if user.role == User.Role.INSPECTOR and counts["to_check"] else "open"
    rows = duty_queries.in_view(every, view, today=today, user=user, within=reminder.days)
    empty = _(EMPTY[view]) if view in EMPTY else ""
    table = duty_table(request, here, rows, within=reminder.days, empty=empty)
    if table.wants_export:
        return export(request, table, title=_("应办事项"), permission=Permission.SEE_PLANS)
    names = duty_queries.unit_names(units)
    return show(
        request,
        "duties.html",
        title=_("本单位应办") if whose != "every" else _("全县应办"),
        table=table,
        views=_views(request, counts, view, whose),
        whose=_whose(whose, units, view),
        names=names,
        counts=counts,
        reminder=reminder,
        slips=slips_owed.owed(current(request), today=localdate()),
        why_not_remind=duty_rules.why_not_remind(reminder.days, by=user, in_county=True),
    )


def _views(request: SignedIn, counts: Mapping[str, int], view: str, whose: str) -> list[dict[str, Any]]:
    checks = may(request.user.role, Permission.CHECK_DUTIES)
    return [
        {
            "words": _(words),
            "count": counts[name],
            "address": f"{request.path}?view={name}&whose={whose}",
            "here": name == view,
            "bad": name in BAD and counts[name] > 0,
        }
        for name, words in VIEW_WORDS.items()
        if checks or name not in CHECKING
    ]


def _whose(whose: str, units: frozenset[int], view: str) -> list[dict[str, Any]]:
    if not units:
        return []
    return [
        {"words": _(words), "address": f"{reverse('duties')}?whose={name}&view={view}", "here": name == whose}
        for name, words in WHOSE_WORDS.items()
    ]


@require_POST
@page(Permission.SEE_PLANS)
def remind(request: SignedIn) -> HttpResponse:
    """Set how many days before the deadline a duty counts as due soon."""
    typed = request.POST.get("days", "").strip()
    here = current(request)
    try:
        days = int(typed) if typed.isdigit() and len(typed) < 5 else 0
        duty_actions.set_reminder(
            county_code=here.county_code,
            days=days,
            by=request.user,
            at=now(),
            address=client_address(request),
        )
        messages.success(request, _("提前提醒天数已保存"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("duties"))


def summary(here: Page) -> list[dict[str, Any]]:
    """What waits for the account, for its first page: only what is not zero, each with its address."""
    user = here.user
    if not may(user.role, Permission.SEE_PLANS) or not here.county_code:
        return []
    units, today = acts_for(user), localdate()
    within = duty_queries.reminder(here.county_code).days
    address = reverse("duties")
    found: list[dict[str, Any]] = []

    def add(whose: str, wanted: Mapping[str, Callable[[], str]]) -> None:
        rows = seen_duties(here, whose, units)
        counts = duty_queries.view_counts(rows, today=today, user=user, within=within)
        found.extend(
            {"count": counts[view], "what": words(), "address": f"{address}?view={view}&whose={whose}", "bad": view in BAD}
            for view, words in wanted.items()
            if counts[view]
        )  # fmt: skip

    if units:
        add(
            "own",
            {
                "overdue": lambda: _("项本单位应办已超期"),
                "returned": lambda: _("项被复核退回"),
                "contradiction": lambda: _("项已报完成但与数据矛盾"),
                "soon": lambda: _("项将在 %(n)s 天内到期") % {"n": within},
            },
        )
    if may(user.role, Permission.CHECK_DUTIES):
        add("every", {"to_check": lambda: _("项已报完成，待您复核")})
    return found
