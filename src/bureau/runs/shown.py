"""结果的汇总: stored rows counted and compared for the screens, always within an account's scope."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, When

from bureau.people.scope import Reach, Scope
from bureau.runs import rules
from bureau.runs.models import (
    ClassFinding,
    CoefficientResult,
    CountyResult,
    IndicatorResult,
    ReliefState,
    Run,
    SchoolResult,
    SmallestChange,
    VarianceShare,
)

STAGES = ("小学", "初中")
BANDS = ("超大班额", "大班额", "偏大")


def sees_county(scope: Scope) -> bool:
    """Whether county-wide figures are for this account: a school sees its own, an administrator none."""
    return scope.reach in (Reach.EVERYTHING, Reach.COUNTY, Reach.TOWNSHIP)


def by_stage(rows: QuerySet[SchoolResult]) -> QuerySet[SchoolResult]:
    """Primary before junior."""
    first = Case(When(stage="小学", then=0), default=1, output_field=IntegerField())
    return rows.order_by("school_code", first)


def _own(scope: Scope) -> Q:
    return scope.schools(county="run__county_code")


def schools(run: Run, scope: Scope) -> QuerySet[SchoolResult]:
    """学校综合评估."""
    return SchoolResult.objects.filter(_own(scope), run=run)


def indicators(run: Run, scope: Scope) -> QuerySet[IndicatorResult]:
    """资源配置指标 of schools in scope of the standard; the others are not held to it."""
    within = SchoolResult.objects.filter(
        run=OuterRef("run"), school_code=OuterRef("school_code"), stage=OuterRef("stage"), in_scope=True
    )
    return IndicatorResult.objects.filter(_own(scope), Exists(within), run=run).exclude(verdict="不适用")


def classes(run: Run, scope: Scope) -> QuerySet[ClassFinding]:
    """班额."""
    return ClassFinding.objects.filter(_own(scope), run=run)


def coefficients(run: Run, scope: Scope) -> QuerySet[CoefficientResult]:
    """差异系数, primary before junior, composite last."""
    if not sees_county(scope):
        return CoefficientResult.objects.none()
    order = Case(When(stage="小学", then=0), default=1, output_field=IntegerField())
    last = Case(When(code="", then=1), default=0, output_field=IntegerField())
    return CoefficientResult.objects.filter(run=run).order_by(order, last, "code")


def county_lines(run: Run, scope: Scope) -> QuerySet[CountyResult]:
    """县级指标 in the order of the official form."""
    found = CountyResult.objects.filter(run=run).order_by("position")
    return found if sees_county(scope) else found.none()


def shares(run: Run, scope: Scope, code: str) -> QuerySet[VarianceShare]:
    """方差贡献 of one indicator; it names schools, so only for whoever sees the whole county."""
    found = VarianceShare.objects.filter(run=run, code=code).order_by("-share")
    return found if scope.reach in (Reach.EVERYTHING, Reach.COUNTY) else found.none()


def smallest_changes(run: Run, scope: Scope, code: str = "") -> QuerySet[SmallestChange]:
    """最小改动."""
    found = SmallestChange.objects.filter(run=run).order_by("code", "stage")
    if code:
        found = found.filter(code=code)
    return found if scope.reach in (Reach.EVERYTHING, Reach.COUNTY) else found.none()


def reliefs(run: Run, scope: Scope) -> QuerySet[ReliefState]:
    """特殊情形 of the schools an account sees."""
    own = SchoolResult.objects.filter(_own(scope), run=run).values("school_code")
    return ReliefState.objects.filter(run=run, school_code__in=own)


def stage_counts(run: Run, scope: Scope) -> dict[str, dict[str, int]]:
    """{stage: {verdict: schools}} of the schools in scope of the standard."""
    found: dict[str, dict[str, int]] = {}
    rows = schools(run, scope).filter(in_scope=True).order_by().values_list("stage", "verdict")
    for stage, verdict, count in rows.annotate(n=Count("pk")):
        found.setdefault(stage, {})[verdict] = count
    return {stage: found[stage] for stage in STAGES if stage in found}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """一项指标缺多少: schools not met, what they lack together, and how many report nothing."""

    code: str
    title: str
    schools: int
    of: int
    gap: float
    unit: str
    unreported: int
    by_stage: Mapping[str, int]


def shortfalls(run: Run, scope: Scope) -> list[Shortfall]:
    """Each resource indicator over the schools in scope, in the order of the standard."""
    rows = (
        indicators(run, scope)
        .order_by("code")
        .values("code", "title", "stage", "gap_unit")
        .annotate(
            short=Count("pk", filter=Q(verdict="未达标")),
            of=Count("pk"),
            unreported=Count("pk", filter=Q(verdict="未报")),
            total=Sum("gap", filter=Q(verdict="未达标")),
        )
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["code"], []).append(dict(row))
    return [
        Shortfall(
            code=code,
            title=parts[0]["title"],
            schools=sum(part["short"] for part in parts),
            of=sum(part["of"] for part in parts),
            gap=sum(part["total"] or 0.0 for part in parts),
            unit=parts[0]["gap_unit"],
            unreported=sum(part["unreported"] for part in parts),
            by_stage={part["stage"]: part["short"] for part in parts if part["short"]},
        )
        for code, parts in found.items()
    ]


@dataclass(frozen=True, slots=True)
class Turn:
    """一处变化 of a school between two runs."""

    school_code: str
    school: str
    stage: str
    before: str
    after: str


def turned(before: Run, after: Run, scope: Scope) -> tuple[list[Turn], list[Turn]]:
    """(newly met, fallen back): schools whose verdict changed between the two runs."""
    was = {
        (row.school_code, row.stage): row.verdict
        for row in schools(before, scope).filter(in_scope=True).only("school_code", "stage", "verdict")
    }
    better, worse = [], []
    for row in schools(after, scope).filter(in_scope=True).order_by("school_code", "stage"):
        earlier = was.get((row.school_code, row.stage))
        if earlier is None or earlier == row.verdict:
            continue
        turn = Turn(row.school_code, row.school, row.stage, earlier, row.verdict)
        if row.verdict == "达标":
            better.append(turn)
        elif earlier == "达标":
            worse.append(turn)
    return better, worse


def indicator_changes(before: Iterable[Shortfall], after: Iterable[Shortfall]) -> list[dict[str, Any]]:
    """Per indicator: schools short then and now, and the physical gap then and now."""
    was = {one.code: one for one in before}
    return [
        {"now": now, "then": then, "schools": now.schools - then.schools, "gap": now.gap - then.gap}
        for now in after
        if (then := was.get(now.code)) is not None
    ]


def band_counts(run: Run, scope: Scope) -> dict[str, int]:
    """{band: classes}, and 超过上限 for every class above its limit."""
    found = classes(run, scope)
    counts = dict(found.exclude(band="").order_by().values_list("band").annotate(n=Count("pk")))
    return {
        **{band: counts.get(band, 0) for band in BANDS},
        "超过上限": found.filter(over__gt=0).count(),
    }


def parts(run: Run, scope: Scope) -> list[rules.Part]:
    """全县结论的各部分: schools, coefficients, the two county groups, veto and recognition.

    The conclusion is the whole county's for whoever sees it; schools outside the account's area count without a name.
    """
    every = SchoolResult.objects.filter(run=run, in_scope=True)
    own = schools(run, scope).filter(in_scope=True).order_by("school_code", "stage")
    named = [(f"{row.school}（{row.stage}）", row.verdict) for row in own.only("school", "stage", "verdict")]
    others = every.exclude(pk__in=own.values("pk")) if sees_county(scope) else every.none()
    found = [
        rules.part(
            "学校资源配置",
            named + [("辖区外学校", verdict) for verdict in others.values_list("verdict", flat=True)],
        )
    ]
    tested = [row for row in coefficients(run, scope) if row.code and row.limit is not None]
    if tested:
        names = [(f"{row.stage}{short(row.title)}", row.verdict) for row in tested]
        found.append(rules.part("校际差异系数", names))
    rows = list(county_lines(run, scope))
    for group in dict.fromkeys(row.group for row in rows):
        found.append(rules.part(group, [(row.code, row.verdict) for row in rows if row.group == group]))
    return found


def short(title: str) -> str:
    """The title without what all of them begin with."""
    for start in ("每百名学生拥有", "生均"):
        title = title.removeprefix(start)
    return title.replace("（美术、音乐）", "")


def heat(
    run: Run, scope: Scope
) -> tuple[list[SchoolResult], dict[tuple[str, str], dict[str, IndicatorResult]]]:
    """学校 × 指标: the schools in scope of the standard, and their indicators by code."""
    rows = list(schools(run, scope).filter(in_scope=True).order_by("township_code", "school_code", "stage"))
    cells: dict[tuple[str, str], dict[str, IndicatorResult]] = {}
    for one in IndicatorResult.objects.filter(_own(scope), run=run):
        cells.setdefault((one.school_code, one.stage), {})[one.code] = one
    return rows, cells


def oversized_schools(run: Run, scope: Scope) -> list[dict[str, Any]]:
    """大校额: the schools above the size that reports call oversized, within the scope."""
    own = set(schools(run, scope).values_list("school_code", flat=True))
    return [row for row in run.oversized if row["school_code"] in own]


def over_by_grade(run: Run, scope: Scope) -> list[dict[str, Any]]:
    """Classes above their limit by stage and grade, and their students above it."""
    rows = (
        classes(run, scope)
        .filter(over__gt=0)
        .order_by("stage", "grade")
        .values("stage", "grade")
        .annotate(classes=Count("pk"), students=Sum("over"))
    )
    return [dict(row) for row in rows]
