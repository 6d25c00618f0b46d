"""目标的读取: lists with their verdicts, readings, the figures behind them by township and school, and what a target may be bound to."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from bureau.people.models import User
from bureau.people.scope import Reach, scope_of
from bureau.plans.document_queries import sentence_at
from bureau.plans.duty_rules import DIRECTORS
from bureau.plans.models import Plan
from bureau.plans.target_models import Claim, Reading, Target
from bureau.plans.task_queries import PLAN_TEXT, acts_for, current_plans
from bureau.registry.models import School
from bureau.runs.day_measures import Area
from bureau.runs.models import MeasureResult, Run
from bureau.runs.queries import DEFAULT_PACK
from bureau.runs.subsets import subset_words
from junheng.measures import Claim as Difference
from junheng.measures import Measure, Suggestion, catalogue, claim_difference, suggest_bindings

VIEWS = ("all", "behind", "on_course", "met", "no_data", "unbound")


def targets(plans: QuerySet[Plan]) -> QuerySet[Target]:
    """The targets of plans, with plan and task."""
    rows = Target.objects.filter(plan__in=plans).select_related("plan", "task").defer(*PLAN_TEXT)
    return rows.order_by("plan", "number")


def targets_of(user: User, county_code: str = "") -> QuerySet[Target]:
    """The targets of all plans in force that an account sees."""
    return targets(current_plans(user, county_code))


def in_view(rows: QuerySet[Target], view: str) -> QuerySet[Target]:
    """一个视图; an unknown name shows all."""
    if view == "unbound":
        return rows.filter(UNBOUND)
    return rows.filter(verdict=view) if view in Target.Verdict.values else rows


UNBOUND = Q(measure="", reported=False)


def view_counts(rows: QuerySet[Target]) -> dict[str, int]:
    """{view: number of targets}, in one query."""
    return rows.order_by().aggregate(
        all=Count("pk"),
        unbound=Count("pk", filter=UNBOUND),
        **{str(word): Count("pk", filter=Q(verdict=word)) for word in Target.Verdict.values},
    )


def counts_by_plan(rows: QuerySet[Target]) -> dict[int, dict[str, int]]:
    """{plan: {verdict: targets}}."""
    found: dict[int, dict[str, int]] = {}
    for plan, verdict, count in rows.order_by().values_list("plan", "verdict").annotate(n=Count("pk")):
        found.setdefault(plan, {})[verdict] = count
    return found


def targets_by_id(ids: Iterable[int]) -> dict[int, Target]:
    """{id: target}, with the units that lead its task."""
    rows = Target.objects.filter(pk__in=list(ids)).select_related("task").prefetch_related("task__leads")
    return {one.pk: one for one in rows}


def readings(target: Target) -> QuerySet[Reading]:
    """读数, oldest first."""
    return (
        Reading.objects.filter(target=target).select_related("run", "by", "checked_by").order_by("day", "id")
    )


def claims(target: Target) -> list[tuple[Claim, Difference]]:
    """填报值, newest first, each with its difference from the figure computed for its day or last before it."""
    known = [one for one in readings(target) if one.value is not None and (one.run_id or one.checked_by_id)]
    found = []
    for claim in Claim.objects.filter(target=target).select_related("by"):
        before = [one for one in known if one.day <= claim.day]
        computed = before[-1].value if before else known[0].value if known else None
        found.append((claim, claim_difference(claim.value, computed, unit=target.unit)))
    return found


def may_enter(target: Target, user: User) -> bool:
    """Whether the account acts for a unit that leads the target's task, or for the bureau."""
    if user.role in DIRECTORS:
        return True
    return target.task is not None and target.task.leads.filter(pk__in=acts_for(user)).exists()


def clause(target: Target) -> tuple[str, str, str]:
    """(before, words, after): the sentence of the plan that lays the target down; empty for one without a place."""
    if target.item is None:
        return "", "", ""
    return sentence_at(target.plan.source, target.item.start, target.item.end)


def level_of(area_code: str) -> str:
    """The level of a stored result by its area: "" is the county, nine digits a township, ten a school."""
    return "school" if len(area_code) == 10 else "township" if area_code else "county"


def result(target: Target, run: Run) -> MeasureResult | None:
    """The stored result that a target reads from a run."""
    rows = MeasureResult.objects.filter(
        run=run, code=target.measure, stage=target.stage, subset=target.subset
    )
    if level_of(target.area_code) == "school":
        return rows.filter(level="county").first()
    return rows.filter(level=level_of(target.area_code), area_code=target.area_code).first()


def areas(target: Target, run: Run, user: User) -> tuple[list[Area], list[Area]]:
    """(townships, schools) behind a reading, those an account may see: school figures only of its own schools."""
    if target.area_code:
        return [], []
    rows = MeasureResult.objects.filter(
        run=run, code=target.measure, stage=target.stage, subset=target.subset
    )
    scope = scope_of(user)
    townships = [
        Area(row.area_code, row.area_name, row.value, row.numerator, row.denominator, row.unreported)
        for row in rows.filter(level="township").order_by("area_code", "area_name")
    ]
    whole = rows.filter(level="county").first()
    if whole is None or scope.reach is Reach.NONE:
        return townships, []
    own = None
    if scope.reach not in (Reach.EVERYTHING, Reach.COUNTY):
        wanted = School.objects.filter(scope.schools(), county_code=target.plan.county_code)
        own = set(wanted.values_list("school_code", flat=True))
    schools = [Area(*line) for line in whole.schools if own is None or line[0] in own]
    return townships, schools


def latest_run(county_code: str, on: date | None = None) -> Run | None:
    """The newest finished run of the newest data day for which measures are stored."""
    runs = Run.objects.filter(county_code=county_code, pack=DEFAULT_PACK, state=Run.State.DONE)
    if on is not None:
        runs = runs.filter(day__lte=on)
    return runs.order_by("-day", "-id").first()


def runs_by_day(county_code: str) -> list[Run]:
    """The newest finished run of each data day, oldest first."""
    found: dict[date, Run] = {}
    runs = Run.objects.filter(county_code=county_code, pack=DEFAULT_PACK, state=Run.State.DONE)
    for run in runs.order_by("day", "id"):
        found[run.day] = run
    return list(found.values())


def measure_of(target: Target) -> Measure | None:
    """The measure of the catalogue that a target is bound to."""
    return catalogue().measures.get(target.measure)


def suggestions(target: Target) -> list[Suggestion]:
    """绑定建议 for the words of a target, best first."""
    before, words, after = clause(target)
    found = suggest_bindings(
        target.indicator,
        target.unit,
        target.scope,
        value=target.value,
        context=f"{before}{words}{after}",
    )
    return [one for one in found if subset_words(one.scope) is not None]


def wanted_subsets(county_code: str) -> list[tuple[str, str, str]]:
    """(measure, stage, subset) of the bound targets of a county that ask for only some schools."""
    rows = Target.objects.filter(plan__county_code=county_code, plan__state=Plan.State.PUBLISHED)
    found = rows.exclude(measure="").exclude(subset="").order_by()
    return sorted(set(found.values_list("measure", "stage", "subset")))


def titles(codes: Iterable[str]) -> dict[str, str]:
    """{measure: title} for lists and filters."""
    known = catalogue().measures
    return {code: known[code].title for code in codes if code in known}
