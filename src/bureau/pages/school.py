"""一校一案 (school file): everything known of one school on one page, fit to print."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.cases import packs
from bureau.gaps import queries as gaps
from bureau.gaps.rules import LEDGER
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_parts import state_title
from bureau.pages.cells import said
from bureau.pages.classes import class_name
from bureau.pages.context import Page, current, school_year, show
from bureau.pages.record import facts, steps
from bureau.people.rules import Permission, may
from bureau.registry import finding
from bureau.registry.models import School
from bureau.runs import queries as runs
from bureau.runs.models import ClassFinding, IndicatorResult, ReliefState, Run, SchoolResult
from junheng.tables import codes


@page(Permission.SEE_SCHOOLS)
def school(request: SignedIn, school_code: str) -> HttpResponse:
    """One school as of the day."""
    here = current(request)
    found: School | None = here.schools().filter(school_code=school_code).first() if here.on else None
    if found is None:
        raise not_found(
            _("没有标识码为“%(code)s”的学校，或它不在您的辖区、在所选日期尚未登记。") % {"code": school_code}
        )
    yearly = runs.yearly_runs(here.county_code, here.on) if here.on else []
    run = runs.newest_run(here.county_code, on=here.on)
    premises = list(here.rows("premises").filter(school_code=school_code).order_by("premises_stage"))
    classes = _classes(here, school_code, run)
    return show(
        request,
        "school.html",
        title=found.school_name or school_code,
        crumbs=[(_("学校"), reverse("schools"))],
        school=found,
        kind=said(codes("school_kind").get(found.school_kind or "", "")),
        locale=said(codes("locale").get(found.locale or "", "")),
        facts=facts("schools", found),
        run=run,
        results=SchoolResult.objects.filter(run=run, school_code=school_code).order_by("-stage")
        if run
        else (),
        indicators=_indicators(yearly, run, school_code),
        years=[school_year(one.day) for one in yearly],
        premises=[(row, facts("premises", row)) for row in premises],
        students=_students(here, school_code),
        classes=classes,
        class_students=sum(row["class_students"] or 0 for row in classes),
        teachers=_teachers(here, school_code),
        gaps=_gaps(here, school_code),
        reliefs=_reliefs(here, school_code, run),
        steps=steps("schools", found.key, request.user),
        may_see_children=may(request.user.role, Permission.SEE_CHILDREN),
    )


def _gaps(here: Page, school_code: str) -> list[tuple[Any, str]]:
    """The lines of the gap ledger, those not ended first, with their states in words."""
    ledger = packs.ledger(here.county_code, LEDGER)
    found = gaps.with_opening(gaps.lines(here.user, here.county_code).filter(subject_key=school_code))
    lines = found.order_by(F("closed_on").asc(nulls_first=True), "-stage", "code")
    return [(line, state_title(ledger, line.state)) for line in lines]


def _indicators(yearly: Sequence[Run], run: Run | None, school_code: str) -> list[dict[str, Any]]:
    """One row per stage and indicator: the result of the day, and the values of the years before it."""
    if run is None:
        return []
    wanted = {one.pk for one in yearly} | {run.pk}
    rows = list(IndicatorResult.objects.filter(run__in=wanted, school_code=school_code))
    values = {(row.run_id, row.stage, row.code): row.value for row in rows}
    found = []
    for row in sorted((row for row in rows if row.run_id == run.pk), key=lambda row: (row.stage != "小学", row.stage, row.code)):  # fmt: skip
        trend = [values.get((one.pk, row.stage, row.code)) for one in yearly]
        found.append(
            {
                "result": row,
                "years": trend,
                "line": sparkline(trend, row.threshold),
                "why": reverse("why-indicator", args=[run.pk, school_code, row.stage, row.code]),
            }
        )
    return found


def sparkline(values: Sequence[float | None], threshold: float | None) -> Mapping[str, Any] | None:
    """Points of a small line of the years, 96×26, and the height of the threshold; None without two values."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    heights = [value for _place, value in known] + ([threshold] if threshold is not None else [])
    low, high = min(heights), max(heights)
    span = (high - low) or 1

    def up(value: float) -> float:
        return round(22 - 18 * (value - low) / span, 1)

    step = 84 / max(1, len(values) - 1)
    points = [(round(6 + place * step, 1), up(value)) for place, value in known]
    return {
        "points": " ".join(f"{x},{y}" for x, y in points),
        "last": points[-1],
        "threshold": up(threshold) if threshold is not None else None,
    }


def _classes(here: Page, school_code: str, run: Run | None) -> list[dict[str, Any]]:
    rows = finding.in_grade_order(here.rows("classes").filter(school_code=school_code))
    found = list(
        rows.order_by("grade_order", "class_number").values(
            "id", "stage", "grade", "class_number", "class_kind", "class_students"
        )
    )
    large = {
        (one.grade, one.class_number): one
        for one in (ClassFinding.objects.filter(run=run, school_code=school_code) if run else ())
    }
    for row in found:
        row["name"] = class_name(row)
        row["finding"] = large.get((row["grade"], row["class_number"]))
    return found


def _students(here: Page, school_code: str) -> list[dict[str, Any]]:
    """Counts by grade; nobody is named."""
    rows = finding.in_grade_order(
        here.rows("students").filter(school_code=school_code, enrolment_status="在读")
    )
    names = codes("grade")
    counted = rows.order_by("grade_order").values("stage", "grade", "grade_order").annotate(
        n=Count("id"),
        girls=Count("id", filter=Q(sex="2")),
        boarders=Count("id", filter=Q(attendance_way="住校")),
        left_behind=Count("id", filter=Q(left_behind=True)),
        registered=Count("id", filter=Q(registered_household=True)),
        disabled=Count("id", filter=~Q(disability="无") & Q(disability__isnull=False)),
    )  # fmt: skip
    return [{**row, "name": said(names.get(row["grade"], row["grade"]))} for row in counted]


def _teachers(here: Page, school_code: str) -> dict[str, Any]:
    rows = here.rows("teachers").filter(school_code=school_code)
    full_time = Q(post_kind="专任教师")
    counts: dict[str, Any] = rows.order_by().aggregate(
        everybody=Count("id"),
        full_time=Count("id", filter=full_time),
        certified=Count("id", filter=full_time & Q(certificate=True)),
        backbone=Count("id", filter=full_time & ~Q(backbone="无") & Q(backbone__isnull=False)),
        rotating=Count("id", filter=full_time & Q(rotating=True)),
    )
    counts["subjects"] = list(
        rows.filter(full_time).order_by().values("subject").annotate(n=Count("id")).order_by("-n", "subject")
    )
    return counts


def _reliefs(here: Page, school_code: str, run: Run | None) -> list[dict[str, Any]]:
    states = {
        (one.relief, one.granted_on): one
        for one in (ReliefState.objects.filter(run=run, school_code=school_code) if run else ())
    }
    names = codes("relief")
    rows = here.rows("reliefs").filter(school_code=school_code).order_by("-granted_on")
    return [
        {**row, "name": said(names.get(row["relief"], row["relief"])), "state": states.get((row["relief"], row["granted_on"]))}
        for row in rows.values("id", "relief", "granted_on", "evidence")
    ]  # fmt: skip
