"""查考核."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from bureau.people.models import Organisation, User
from bureau.people.queries import organisations
from bureau.people.rules import Permission, may
from bureau.performance import scoring
from bureau.performance.models import Appeal, Criterion, Result, Scheme, SchemeEvent, Score
from bureau.performance.rules import WRITERS, Standing, criterion_problems
from bureau.performance.states import State
from bureau.plans.document_queries import in_county
from bureau.plans.task_queries import acts_for
from bureau.runs.models import MeasureResult
from bureau.runs.queries import newest_run
from junheng.measures.catalogue import catalogue

UNIT_KINDS: dict[str, tuple[str, ...]] = {
    Scheme.Kind.DEPARTMENT: ("party", "government", "other"),
    Scheme.Kind.TOWNSHIP: ("township",),
    Scheme.Kind.SCHOOL: ("school",),
    Scheme.Kind.OFFICE: ("bureau",),
}
OWN_AREA = (Scheme.Kind.TOWNSHIP, Scheme.Kind.SCHOOL)
TYPED = (Criterion.Source.EVIDENCE, Criterion.Source.DEDUCTION, Criterion.Source.VETO)


def sees_all(user: User) -> bool:
    """Whether the account sees the scores of every unit: who assesses, and the auditor."""
    return may(user.role, Permission.ASSESS_PERFORMANCE) or user.role == User.Role.AUDITOR


def visible_schemes(user: User, county_code: str) -> QuerySet[Scheme]:
    """The schemes of a county that an account may see: drafts for who writes them, else those in force; a unit sees its own."""
    found = Scheme.objects.filter(county_code=county_code).select_related(
        "confirmed_by", "run", "published_by"
    )
    if not may(user.role, Permission.SEE_PLANS) or not in_county(user, county_code):
        return found.none()
    if user.role in WRITERS:
        return found
    found = found.exclude(state=State.DRAFT)
    return found if sees_all(user) else found.filter(units__in=acts_for(user)).distinct()


def visible_units(scheme: Scheme, user: User) -> QuerySet[Organisation]:
    """The units of a scheme whose points the account may see: all, or its own once they are published."""
    found = scheme.units.select_related("area")
    if sees_all(user):
        return found
    if scheme.state not in (State.PUBLISHED, State.CLOSED):
        return found.none()
    return found.filter(pk__in=acts_for(user))


def candidates(county_code: str, kind: str) -> QuerySet[Organisation]:
    """可被考核的单位 of a kind; names that stand for many (各乡镇) are nobody."""
    return organisations(county_code).filter(kind__in=UNIT_KINDS.get(kind, ())).exclude(name__startswith="各")


def problems_of(scheme: Scheme) -> list[str]:
    """Everything wrong with the criteria of a scheme, besides the sum of their weights."""
    known, own = catalogue(), scheme.unit_kind in OWN_AREA
    return [
        problem
        for one in scheme.criteria.all()
        for problem in criterion_problems(one, known=one.measure in known, own_area=own)
    ]


def standing(scheme: Scheme) -> Standing:
    """评分进度."""
    scores = Score.objects.filter(criterion__scheme=scheme, organisation__in=scheme.units.all())
    return Standing(
        unscored=scores.filter(points=None, exempt=False).count(),
        unchecked=scores.filter(by__isnull=False, checked_by=None).count(),
        open_appeals=scheme.appeals.filter(upheld=None).count(),
    )


def scores(scheme: Scheme, units: Iterable[Organisation]) -> dict[tuple[int, int], Score]:
    """{(unit, criterion): score}."""
    found = Score.objects.filter(criterion__scheme=scheme, organisation__in=[one.pk for one in units])
    found = found.select_related("criterion", "organisation", "by", "checked_by", "run").prefetch_related(
        "files"
    )
    return {(one.organisation_id, one.criterion_id): one for one in found}


def totals(scheme: Scheme) -> dict[int, scoring.Total]:
    """{unit: total as the scores stand now}."""
    criteria = list(scheme.criteria.all())
    units = list(scheme.units.all())
    found = scores(scheme, units)
    return {
        unit.pk: scoring.total_of([part(one, found.get((unit.pk, one.pk))) for one in criteria])
        for unit in units
    }


def part(criterion: Criterion, score: Score | None) -> scoring.Part:
    """One score as the arithmetic takes it."""
    if score is None:
        return scoring.Part(criterion.source, criterion.weight, None)
    return scoring.Part(criterion.source, criterion.weight, score.points, score.exempt)


def results(scheme: Scheme) -> QuerySet[Result]:
    """考核结果, by rank."""
    return scheme.results.select_related("organisation")


def appeals(scheme: Scheme, user: User) -> QuerySet[Appeal]:
    """申诉 that the account may see: all, or those of its unit."""
    found = scheme.appeals.select_related("organisation", "criterion", "changed", "by", "decided_by")
    found = found.prefetch_related("files")
    return found if sees_all(user) else found.filter(organisation__in=acts_for(user))


def scorers(appeal: Appeal, criterion: Criterion | None) -> list[int]:
    """Who scored or checked what the appeal is about (all of the unit's criteria where it names none)."""
    found = Score.objects.filter(criterion__scheme=appeal.scheme_id, organisation=appeal.organisation_id)
    wanted = {one.pk for one in (appeal.criterion, criterion) if one is not None}
    if wanted:
        found = found.filter(criterion__in=wanted)
    return [pk for pair in found.values_list("by", "checked_by") for pk in pair if pk is not None]


def events(scheme: Scheme, user: User) -> QuerySet[SchemeEvent]:
    """变动记录; a unit sees the steps of the scheme and what concerns itself."""
    found = scheme.events.select_related("by", "organisation")
    if sees_all(user):
        return found
    return found.filter(
        Q(organisation=None) & ~Q(what__in=("compute", "check")) | Q(organisation__in=acts_for(user))
    )


@dataclass(frozen=True, slots=True)
class MeasureChoice:
    """可选的数据指标: its label is unique and read back; a stored result stands behind it."""

    code: str
    stage: str
    subset: str
    label: str
    unit: str
    by_township: bool


def measure_choices(county_code: str) -> dict[str, MeasureChoice]:
    """{label: measure} that the newest results hold; by label, because a person picks them from a list."""
    known, found = catalogue(), dict[str, MeasureChoice]()
    run = newest_run(county_code)
    if run is None:
        return found
    rows = MeasureResult.objects.filter(run=run, level="county").values_list(
        "code", "stage", "subset", "unit"
    )
    for code, stage, subset, unit in rows.order_by("id"):
        if code in known:
            one = known[code]
            label = measure_label(code, stage, subset)
            found[label] = MeasureChoice(code, stage, subset, label, unit, "township" in one.areas)
    return found


def measure_label(code: str, stage: str, subset: str) -> str:
    """大班额占比（小学、乡村），为选择和说明."""
    known = catalogue()
    if code not in known:
        return ""
    of = "、".join(part for part in (stage, subset) if part)
    return f"{known[code].title}（{of}）" if of else known[code].title


def rule_words(one: Criterion) -> str:
    """计分办法的说法: how a value becomes points."""
    target, floor, weight = (scoring.plain(value) for value in (one.target, one.floor, one.weight))
    comparison = "不高于" if one.at_most else "达到"
    match one.source, one.rule:
        case ("measure" | "duties", "threshold"):
            return f"{comparison}{target}得 {weight} 分，否则 0 分"
        case ("measure" | "duties", "linear"):
            side = "高于" if one.at_most else "低于"
            return f"{comparison}{target}得 {weight} 分，{floor}或{side}它得 0 分，其间按比例"
        case ("measure" | "duties", "proportional"):
            share = f"{target}÷实际值" if one.at_most else f"实际值÷{target}"
            return f"按{share}的比例得分，最多 {weight} 分"
        case ("deduction", _):
            return f"最多扣 {weight} 分"
        case ("veto", _):
            return "发生即为最低等次"
    return f"0 到 {weight} 分，由人评分，另一人复核"


def arithmetic(one: Criterion, value: float, unit: str) -> str:
    """算式 of a computed score, as a person would write it."""
    shown, target, floor = f"{value:.6g}{unit}", scoring.plain(one.target), scoring.plain(one.floor)
    weight = scoring.plain(one.weight)
    if one.target is None:
        return ""
    points = scoring.plain(
        scoring.points_of(
            rule=one.rule,
            weight=one.weight,
            value=value,
            target=one.target,
            floor=one.floor,
            at_most=one.at_most,
        )
    )
    match one.rule:
        case "threshold":
            met = value <= float(one.target) if one.at_most else value >= float(one.target)
            return f"{shown} {'满足' if met else '不满足'} {'≤' if one.at_most else '≥'} {target}，得 {points} 分"
        case "linear":
            return (
                f"{weight} × ({shown} − {floor}) ÷ ({target} − {floor})，限于 0 到 {weight}，得 {points} 分"
            )
    quotient = f"{target} ÷ {shown}" if one.at_most else f"{shown} ÷ {target}"
    return f"{weight} × {quotient}，最多 {weight}，得 {points} 分"


def weight_sum(scheme: Scheme) -> Decimal:
    """权重之和."""
    return sum((one.weight for one in scheme.criteria.all() if one.source in scoring.SCORED), Decimal(0))
