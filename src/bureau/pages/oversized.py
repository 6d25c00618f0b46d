"""大班额: classes above their limit and in which band, by school and grade; schools that are too large."""

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row, said
from bureau.pages.context import show
from bureau.pages.export import export
from bureau.pages.results import no_run, run_of, source
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission
from bureau.runs import queries, shown
from junheng.tables import codes

BAND_WORDS = {band: band for band in (N("超大班额"), N("大班额"), N("偏大"))}
GRADES = codes("grade")


def school_address(row: Row) -> str:
    """The school file."""
    return reverse("school", args=[row["school_code"]])


@page(Permission.SEE_SCHOOLS)
def oversized(request: SignedIn) -> HttpResponseBase:
    """Classes too large."""
    here, run = run_of(request)
    if run is None:
        return no_run(request, here, _("大班额"))
    towns = dict(townships(here.county_code).values_list("code", "name"))
    rank = Case(*(When(grade=code, then=Value(place)) for place, code in enumerate(GRADES)), default=Value(99), output_field=IntegerField())  # fmt: skip
    rows = shown.classes(run, here.scope).annotate(grade_rank=rank)
    table = Table(
        request,
        "oversized",
        (
            Column("school", _("学校"), link=school_address),
            Column("township_code", _("乡镇"), codes=towns, choices=towns),
            Column("stage", _("学段"), choices={stage: _(stage) for stage in shown.STAGES}),
            Column("grade", _("年级"), codes=GRADES, choices=GRADES, sort="grade_rank"),
            Column("class_number", _("班号"), kind="number"),
            Column("students", _("学生数"), kind="number", unit=_("人"), total=True),
            Column("limit", _("上限"), kind="number", unit=_("人")),
            Column("over", _("超过"), kind="number", unit=_("人"), total=True, tint=lambda row: "low" if row["over"] else ""),
            Column("band", _("班额分档"), choices=BAND_WORDS, text=lambda row: said(row["band"] or "–")),
        ),
        rows,
        what=_("个班"),
        search=("school", "school_code"),
        search_hint=_("学校或标识码"),
        order="-students",
        extra=("school_code",),
        row_link=school_address,
        empty=_("没有超过上限的班级。"),
        caption=_("超过上限的班级"),
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=_("大班额"))
    bands = shown.band_counts(run, here.scope)
    years = queries.yearly_runs(here.county_code, run.day)
    history = [(one, shown.band_counts(one, here.scope)) for one in years]
    return show(
        request,
        "oversized.html",
        title=_("大班额和大校额"),
        table=table,
        bands=bands,
        finding=_finding(bands),
        history=history,
        grades=_grades(shown.over_by_grade(run, here.scope)),
        large=shown.oversized_schools(run, here.scope),
        source=source(run),
    )


def _finding(bands: dict[str, int]) -> str:
    if not bands["超过上限"]:
        return _("没有超过上限的班级")
    return _("%(over)s 个班超过上限，其中大班额 %(large)s 个、超大班额 %(huge)s 个") % {
        "over": f"{bands['超过上限']:,}",
        "large": f"{bands['大班额']:,}",
        "huge": f"{bands['超大班额']:,}",
    }


def _grades(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order of grades, not of their codes."""
    order = {code: place for place, code in enumerate(GRADES)}
    for row in rows:
        row["name"] = said(GRADES.get(row["grade"], row["grade"]))
    return sorted(rows, key=lambda row: order.get(row["grade"], 99))
