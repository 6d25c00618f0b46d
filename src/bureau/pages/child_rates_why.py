"""入学、巩固、辍学的一个数怎么来的: numerator, denominator, the days of what it was counted from, and the rows."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_parts import LISTS
from bureau.pages.child_rates import areas_of, day_of, line_of, rows_address, said
from bureau.pages.context import current
from bureau.pages.why import Why, answer
from bureau.runs import day_measures
from bureau.runs.day_measures import Area, Line
from bureau.runs.day_models import DayMeasures
from junheng.measures import catalogue


@page(roles=LISTS)
def why(request: SignedIn) -> HttpResponse:
    """Where one figure comes from."""
    here = current(request)
    day = day_of(request, here)
    row = day_measures.of_day(here.county_code, day)
    line = line_of(row, request.GET.get("of", ""), request.GET.get("stage", ""))
    area = request.GET.get("area", "")
    part: Line | Area | None = line
    if line is not None and area:
        part = next((one for _kind, one in areas_of(here, line) if one.code == area), None)
    if row is None or line is None or part is None:
        raise not_found(_("这一天没有算过这项指标，或者它不在您的辖区内。"))
    return answer(request, _why(row, line, part, part.name if isinstance(part, Area) else here.county_name))


def _why(row: DayMeasures, line: Line, part: Line | Area, place: str) -> Why:
    measure = catalogue()[line.code]
    counted: list[tuple[str, object]] = []
    if part.unreported:
        counted.append((_("未报（%(unit)s）") % {"unit": line.unreported_unit}, part.unreported))
    notes: list[tuple[str, str]] = [
        (_("怎样计算"), measure.formula),
        (_("公式出处"), measure.clause),
        (_("用了哪些行"), line.rows),
        (_("说明"), line.note.removeprefix(measure.formula).strip("；") if part is line else ""),
        (_("为什么没有值"), said(line.missing)),
        (_("数据日期"), _days_words(row, measure.source == "ledgers", measure.needs)),
    ]
    return Why(
        title=measure.title,
        of="，".join(word for word in (place, line.stage) if word),
        value=part.value,
        unit="%",
        numerator=part.numerator,
        denominator=part.denominator,
        numerator_label=_("分子"),
        denominator_label=_("分母"),
        factor="× 100%",
        notes=notes,
        rows=counted,
        rows_address=rows_address(line.code),
        day=row.run.day if row.run else None,
        snapshot=row.run.snapshot_sha256 if row.run else "",
        pack=str(row.run) if row.run else "",
        pack_address=reverse("run", args=[row.run_id]) if row.run_id else "",
    )


def _days_words(row: DayMeasures, of_ledgers: bool, needs: tuple[str, ...]) -> str:
    parts = []
    if of_ledgers or "population" in needs:
        parts.append(_("台账截至 %(day)s") % {"day": row.day})
    if "population" in needs and row.population_day:
        parts.append(_("户籍名册与学籍的比对按 %(day)s") % {"day": row.population_day})
    if row.run:
        parts.append(_("登记表 %(day)s") % {"day": row.run.day})
    return "；".join(parts)
