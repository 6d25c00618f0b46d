"""任务看板: every task of the plans in force on a time line, by measure, unit or deadline, with counts; the same as a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bureau.pages.access import SignedIn, page
from bureau.pages.context import current, show
from bureau.pages.duties import duty_table
from bureau.pages.export import export
from bureau.people.rules import Permission
from bureau.plans import duty_queries, duty_rules, target_queries
from bureau.plans.duty_models import Duty
from bureau.plans.duty_states import State
from bureau.plans.models import Task
from bureau.plans.task_queries import current_plans, tasks

BY_WORDS = {
    "measure": gettext_noop("按措施"),
    "unit": gettext_noop("按牵头单位"),
    "due": gettext_noop("按完成时限"),
    "table": gettext_noop("表格"),
}
# What a task is shown as: the gravest of its open duties' standings.
STANDINGS = {
    "contradiction": (gettext_noop("与数据矛盾"), "bad"),
    "overdue": (gettext_noop("已超期"), "bad"),
    "returned": (gettext_noop("已退回"), "bad"),
    "claimed": (gettext_noop("待复核"), "wait"),
    "under_way": (gettext_noop("推进中"), "run"),
    "pending": (gettext_noop("待启动"), "rest"),
    "closed": (gettext_noop("已销号"), "done"),
    "dropped": (gettext_noop("不再执行"), "none"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """时间轴上的一段: one duty, from its opening to its deadline, in per cent of the whole width."""

    left: float
    width: float
    kind: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """时间轴上的一行: one task."""

    task: Task
    standing: str
    kind: str
    units: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """一组任务 under one heading."""

    title: str
    rows: tuple[Row, ...]
    late: int


@dataclass(frozen=True, slots=True)
class Axis:
    """时间轴: first and last day, and where each year begins, in per cent."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """The place of a day, 0 to 100."""
        whole = (self.last - self.first).days or 1
        return round(min(max((day - self.first).days / whole * 100, 0), 100), 2)

    @property
    def years(self) -> list[tuple[int, float, float]]:
        """(year, left, width) of each year."""
        found = []
        for year in range(self.first.year, self.last.year + 1):
            left = self.at(max(date(year, 1, 1), self.first))
            found.append((year, left, round(self.at(min(date(year, 12, 31), self.last)) - left, 2)))
        return found


@page(Permission.SEE_PLANS)
def board(request: SignedIn) -> HttpResponseBase:
    """The board."""
    here, today = current(request), localdate()
    plans = current_plans(request.user, here.county_code)
    chosen = request.GET.get("plan", "")
    shown = plans.filter(pk=int(chosen)) if chosen.isdigit() and len(chosen) < 18 else plans
    reminder = duty_queries.reminder(here.county_code)
    rows = duty_queries.duties(shown)
    unit, state = request.GET.get("unit", ""), request.GET.get("state", "")
    by = request.GET.get("by", "")
    by = by if by in BY_WORDS else "measure"
    units = duty_queries.unit_choices(plans)
    if unit in units:
        rows = rows.filter(task__leads=int(unit))
    if by == "table":
        if state in STANDINGS:
            rows = rows.filter(pk__in=_in_standing(rows, state, today))
        table = duty_table(request, here, rows, within=reminder.days, name="board")
        if table.wants_export:
            return export(request, table, title=_("任务看板"), permission=Permission.SEE_PLANS)
        lines, axis = [], None
    else:
        table = None
        found = [one for one in tasks(shown) if not one.dropped]
        axis = _axis(found, today)
        lines = _rows(found, axis, today)
        if unit in units:
            lines = [one for one in lines if any(str(lead.pk) == unit for lead in one.task.leads.all())]
        if state in STANDINGS:
            lines = [one for one in lines if one.standing == _(STANDINGS[state][0])]
    every = duty_queries.duties(shown)
    return show(
        request,
        "plan_board.html",
        title=_("任务看板"),
        plans=list(plans),
        chosen=chosen,
        units=units,
        unit=unit,
        states=[(code, _(words)) for code, (words, _kind) in STANDINGS.items()],
        state=state,
        by=by,
        tabs=[{"words": _(words), "address": _with(request, "by", name), "here": name == by} for name, words in BY_WORDS.items()],
        table=table,
        axis=axis,
        today_at=axis.at(today) if axis and axis.first <= today <= axis.last else None,
        today=today,
        groups=_groups(lines, by),
        shown_tasks=len(lines),
        counts=duty_queries.view_counts(every, today=today, user=request.user, within=reminder.days),
        tasks_count=tasks(shown).filter(dropped="").count(),
        target_counts=target_queries.view_counts(target_queries.targets(shown)),
        by_unit=duty_queries.by_unit(every, today=today, user=request.user, within=reminder.days),
    )  # fmt: skip


def _with(request: SignedIn, name: str, value: str) -> str:
    query = request.GET.copy()
    for gone in [key for key in query if key.endswith("page") or key == name]:
        del query[gone]
    query[name] = value
    return f"{request.path}?{query.urlencode()}"


def _axis(found: Sequence[Task], today: date) -> Axis:
    """From the beginning of the first year to the end of the last that any duty has."""
    days = [
        day
        for task in found
        for duty in task.duties.all()
        for day in (duty.opens, duty.due)
        if day is not None
    ]
    days += [day for task in found for day in (task.plan.starts, task.plan.ends) if day is not None]
    first, last = min(days, default=today), max(days, default=today)
    return Axis(date(first.year, 1, 1), date(last.year, 12, 31))


def _rows(found: Sequence[Task], axis: Axis, today: date) -> list[Row]:
    claimed = [duty for task in found for duty in task.duties.all() if duty.state == State.CLAIMED]
    against = duty_queries.contradictions(claimed)
    lines = []
    for task in found:
        duties = list(task.duties.all())
        standings = [_standing(one, against, today) for one in duties]
        open_ones = [one for one in standings if one not in ("closed", "dropped")] or standings
        code = next((one for one in STANDINGS if one in open_ones), "pending")
        words, kind = STANDINGS[code]
        lines.append(
            Row(
                task,
                _(words),
                kind,
                "、".join(one.name for one in task.leads.all()) or _("未定"),
                tuple(_bar(one, standing, axis) for one, standing in zip(duties, standings, strict=True)),
            )
        )
    return lines


def _standing(duty: Duty, against: Mapping[int, Sequence[str]], today: date) -> str:
    if duty.pk in against:
        return "contradiction"
    if duty.state != State.RETURNED and duty_rules.overdue(duty, today=today):
        return "overdue"
    return str(duty.state)


def _in_standing(rows: Iterable[Duty], state: str, today: date) -> list[int]:
    duties = list(rows)
    against = duty_queries.contradictions([one for one in duties if one.state == State.CLAIMED])
    return [one.pk for one in duties if _standing(one, against, today) == state]


def _bar(duty: Duty, standing: str, axis: Axis) -> Bar:
    opens, due = duty.opens or axis.first, duty.due or axis.last
    left = axis.at(min(opens, due))
    words, kind = STANDINGS[standing]
    until = f"{due:%Y-%m-%d}" if duty.due else _("时限未写明")
    text = _("%(period)s %(state)s，%(percent)s%%，截止 %(until)s") % {
        "period": duty.period, "state": _(words), "percent": duty.percent, "until": until
    }  # fmt: skip
    return Bar(left, max(axis.at(due) - left, 0.8), kind, text.strip(), reverse("duty", args=[duty.pk]))


def _groups(lines: Sequence[Row], by: str) -> list[Group]:
    names: dict[str, Callable[[Row], str]] = {
        "measure": lambda one: f"{one.task.plan.title}　{one.task.section}".strip(),
        "unit": lambda one: one.units,
        "due": lambda one: f"{one.task.due.year}" if one.task.due else "",
    }
    named = names.get(by, names["measure"])
    found: dict[str, list[Row]] = {}
    for one in lines:
        found.setdefault(named(one), []).append(one)
    ordered: Iterable[tuple[str, list[Row]]] = found.items()
    if by == "due":
        ordered = sorted(found.items(), key=lambda pair: pair[0] or "9999")
        ordered = [
            (_("%(year)s年到期") % {"year": year} if year else _("时限未写明"), rows)
            for year, rows in ordered
        ]
    return [Group(title, tuple(rows), sum(one.kind == "bad" for one in rows)) for title, rows in ordered]
