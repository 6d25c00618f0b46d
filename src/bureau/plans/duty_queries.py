"""应办事项的读取: lists within the plans an account sees, views and counts, what a unit owes, and what the data contradicts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bureau.people.models import Organisation, User
from bureau.plans.document_queries import in_county
from bureau.plans.duty_models import Duty, DutyEvent, DutyFile, DutySetting
from bureau.plans.duty_rules import DIRECTORS, REMIND_DAYS, Standing
from bureau.plans.duty_states import OPEN_STATES, OWED_STATES, State
from bureau.plans.models import Plan
from bureau.plans.target_models import Target
from bureau.plans.target_rules import contradiction
from bureau.plans.task_queries import acts_for, current_plans, seen_plans

VIEWS = ("open", "overdue", "soon", "returned", "to_check", "contradiction", "closed", "all")


@dataclass(frozen=True, slots=True)
class UnitLine:
    """一个单位的应办: what it leads, by how it stands."""

    key: int
    unit: str
    total: int
    open: int
    overdue: int
    soon: int
    to_check: int
    contradiction: int
    closed: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """提醒天数 of a county; `assumed` until somebody has set it."""

    days: int
    by: str
    assumed: bool


def duties(plans: QuerySet[Plan]) -> QuerySet[Duty]:
    """The duties of plans, with a mark where the data contradicts a claim (`against`)."""
    return Duty.objects.filter(task__plan__in=plans).annotate(against=Exists(_against()))


def duties_of(user: User, county_code: str = "") -> QuerySet[Duty]:
    """The duties of all plans in force that an account sees."""
    return duties(current_plans(user, county_code))


def owed(rows: QuerySet[Duty], units: Iterable[int], *, supports: bool = False) -> QuerySet[Duty]:
    """Those that the units lead, or with `supports` those in which they only support."""
    own = list(units)
    leading = rows.filter(task__leads__in=own).distinct()
    if not supports:
        return leading
    return rows.filter(task__supports__in=own).exclude(pk__in=leading.values("pk")).distinct()


def in_view(
    rows: QuerySet[Duty], view: str, *, today: date, user: User, within: int = REMIND_DAYS
) -> QuerySet[Duty]:
    """一个视图; an unknown name shows what is open."""
    conditions = _views(today, user, within)
    return rows.filter(conditions.get(view, conditions["open"]))


def view_counts(
    rows: QuerySet[Duty], *, today: date, user: User, within: int = REMIND_DAYS
) -> dict[str, int]:
    """{view: number of duties}, in one query."""
    wanted = _views(today, user, within)
    # Over a subquery: the rows may have been joined to units and made distinct.
    every = duties(Plan.objects.all()).filter(pk__in=rows.order_by().values("pk"))
    return every.aggregate(**{view: Count("pk", filter=wanted[view]) for view in VIEWS})


def late(today: date) -> Q:
    """超期: as `duty_rules.overdue`, in the database."""
    return Q(due__lt=today, state__in=OWED_STATES)


def _views(today: date, user: User, within: int) -> Mapping[str, Q]:
    return {
        "open": Q(state__in=OPEN_STATES),
        "overdue": late(today),
        "soon": Q(due__range=(today, today + timedelta(days=within)), state__in=OWED_STATES),
        "returned": Q(state=State.RETURNED),
        "to_check": Q(state=State.CLAIMED, against=False) & ~Q(claimed_by=user.pk),
        "contradiction": Q(state=State.CLAIMED, against=True),
        "closed": Q(state=State.CLOSED),
        "all": Q(),
    }


def _against() -> QuerySet[Target]:
    """Targets of the duty's task that fall due with it and that the latest data does not meet."""
    once = Q(due=None) | Q(due__lte=OuterRef("due"))
    return Target.objects.filter(
        Q(measure__gt="") | Q(reported=True),
        task=OuterRef("task"),
        verdict__in=(Target.Verdict.BEHIND, Target.Verdict.ON_COURSE),
    ).filter(Q(task__frequency="") | once)


def contradictions(rows: Sequence[Duty]) -> dict[int, list[str]]:
    """{duty: sentences}: the targets that the data does not meet, for duties whose claim they would contradict."""
    targets: dict[int, list[Target]] = {}
    tasks = {one.task_id for one in rows}
    for target in Target.objects.filter(
        Q(measure__gt="") | Q(reported=True), task__in=tasks, verdict__in=("behind", "on_course")
    ).select_related("task"):
        targets.setdefault(target.task_id or 0, []).append(target)
    found: dict[int, list[str]] = {}
    for duty in rows:
        said = [
            sentence
            for target in targets.get(duty.task_id, ())
            if _falls_due(target, duty) and (sentence := against_words(target)) is not None
        ]
        if said:
            found[duty.pk] = said
    return found


def _falls_due(target: Target, duty: Duty) -> bool:
    """A yearly duty of 2019 is not contradicted by a target of 2020."""
    if target.task is None or not target.task.frequency or target.due is None:
        return True
    return duty.due is not None and target.due <= duty.due


def against_words(target: Target) -> str | None:
    """What the latest data says against this target's being met."""
    latest = target.outlook.get("latest") or {}
    day = latest.get("day")
    return contradiction(
        target,
        verdict=target.verdict,
        latest=latest.get("value"),
        day=date.fromisoformat(day) if day else None,
    )


def standing(duty: Duty, user: User, units: Iterable[int] | None = None) -> Standing:
    """身份 of an account towards a duty; `units` are those it acts for, when the caller knows them already."""
    own = frozenset(acts_for(user) if units is None else units)
    return Standing(
        leads=any(one.pk in own for one in duty.task.leads.all()),
        supports=any(one.pk in own for one in duty.task.supports.all()),
        bureau=user.role in DIRECTORS,
        in_county=in_county(user, duty.task.plan.county_code),
    )


def by_unit(rows: QuerySet[Duty], *, today: date, user: User, within: int = REMIND_DAYS) -> list[UnitLine]:
    """Each leading unit with how its duties stand, those with most overdue first."""
    wanted = _views(today, user, within)
    every = duties(Plan.objects.all()).filter(pk__in=rows.order_by().values("pk"), task__leads__isnull=False)
    counted: Any = every.values("task__leads", "task__leads__name").annotate(
        **{f"n_{view}": Count("pk", filter=wanted[view]) for view in VIEWS}
    )
    lines = [
        UnitLine(
            key=row["task__leads"],
            unit=row["task__leads__name"],
            total=row["n_all"],
            open=row["n_open"],
            overdue=row["n_overdue"],
            soon=row["n_soon"],
            to_check=row["n_to_check"],
            contradiction=row["n_contradiction"],
            closed=row["n_closed"],
        )
        for row in counted
    ]
    return sorted(lines, key=lambda one: (-one.overdue, -one.contradiction, -one.open, one.unit))


def events(duty: Duty) -> QuerySet[DutyEvent]:
    """办理经过, oldest first, with people and files."""
    return (
        DutyEvent.objects.filter(duty=duty)
        .select_related("by", "organisation")
        .prefetch_related("files")
        .order_by("id")
    )


def reasons(duty_ids: Iterable[int]) -> dict[int, str]:
    """{duty: why it was last sent back or dropped}."""
    rows = DutyEvent.objects.filter(duty__in=list(duty_ids), what__in=("send_back", "drop"))
    return dict(rows.order_by("id").values_list("duty_id", "text"))


def file_for(pk: int, user: User) -> DutyFile | None:
    """One piece of evidence of a plan that the account sees."""
    found = DutyFile.objects.filter(pk=pk, event__duty__task__plan__in=seen_plans(user))
    return found.select_related("event").first()


def reminder(county_code: str) -> Reminder:
    """提前多少天提醒 in a county."""
    own = DutySetting.objects.filter(county_code=county_code).select_related("by").first()
    return Reminder(own.remind_days, own.by.display_name, False) if own else Reminder(REMIND_DAYS, "", True)


def unit_choices(plans: QuerySet[Plan]) -> dict[str, str]:
    """{id: name} of the leading units, for filters."""
    found = Organisation.objects.filter(pk__in=plans.values("tasks__leads"))
    return {str(pk): name for pk, name in found.values_list("pk", "name")}


def unit_names(units: Iterable[int]) -> list[str]:
    """The names of units, in the order of the register."""
    return list(Organisation.objects.filter(pk__in=list(units)).values_list("name", flat=True))


def proofs(task_ids: Sequence[int]) -> dict[int, list[str]]:
    """{task: names of the files that were given as evidence}."""
    found: dict[int, list[str]] = {}
    files = DutyFile.objects.filter(event__duty__task__in=task_ids).order_by("id")
    for task, name in files.values_list("event__duty__task", "name"):
        if name not in found.setdefault(task, []):
            found[task].append(name)
    return found
