"""入学、巩固、辍学、关爱: the measures of children on any day, by township and school, each with what it was divided from."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.links import population
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import LISTS
from bureau.pages.cells import Row
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Refused
from bureau.people.scope import Reach
from bureau.plans import target_queries
from bureau.plans.target_rules import goal_words
from bureau.plans.task_queries import current_plans
from bureau.runs import day_measures
from bureau.runs.day_measures import Area, Line
from bureau.runs.day_models import DayMeasures
from bureau.work.care_tasks import count_day
from junheng.measures import catalogue

# Where the rows behind a measure stand.
ROWS = {
    "enrolment.net": "school-age",
    "enrolment.gross": "school-age",
    "disabled.three_kinds": "school-age",
    "disabled.all_kinds": "school-age",
    "retention.adjusted": "students",
    "retention.unadjusted": "students",
    "dropout.rate": "students",
    "dropout.standing": "out-of-school",
    "care.coverage": "tutors",
}
LEDGERS = {"dropout.returned": "returned", "safety.coverage": "safety_equipment"}
PLACES = {"township": "乡镇", "school": "学校"}


def day_of(request: SignedIn, here: Page) -> date:
    """The day of the address, else the last one counted, else today."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        days = day_measures.counted_days(here.county_code, 1)
        return days[0] if days else localdate()


def line_of(row: DayMeasures | None, code: str, stage: str) -> Line | None:
    """One measure of a counted day."""
    found = day_measures.lines(row) if row is not None else []
    return next((one for one in found if (one.code, one.stage) == (code, stage)), None)


def areas_of(here: Page, line: Line) -> list[tuple[str, Area]]:
    """Townships and schools that the account may see: figures of a school only those of its area."""
    schools = {str(code): str(town or "") for code, town in here.schools().values_list("school_code", "township")}  # fmt: skip
    scope = here.scope.reach
    whole = scope in (Reach.EVERYTHING, Reach.COUNTY)
    towns = set() if scope is Reach.SCHOOL else set(schools.values())
    found = [("township", one) for one in line.townships if whole or one.code in towns]
    return found + [("school", one) for one in line.schools if one.code and (whole or one.code in schools)]


def is_stale(row: DayMeasures) -> bool:
    """Whether what the day was counted from has changed since: the registers of schools, or those of other offices."""
    of = row.population_day or row.day
    changed = row.made_at is not None and population.changed_since(row.county_code, of, row.made_at)
    return changed or day_measures.is_stale(row)


def rows_address(code: str) -> str:
    """The list that the measure was counted from."""
    return reverse("ledger", args=[LEDGERS[code]]) if code in LEDGERS else reverse(ROWS[code])


def said(missing: tuple[str, ...]) -> str:
    """Why there is no figure."""
    return "；".join(missing)


@page(roles=LISTS)
def listing(request: SignedIn) -> HttpResponseBase:
    """The measures of the day; with `of` and `stage` one of them by township and school."""
    here = current(request)
    day = day_of(request, here)
    row = day_measures.of_day(here.county_code, day)
    going = row is not None and day_measures.going_on(row, now())
    known = catalogue()
    chosen = line_of(row, request.GET.get("of", ""), request.GET.get("stage", ""))
    counted = day_measures.is_counted(row)
    table = _places(request, here, day, chosen) if chosen else _measures(request, here, day, row)
    title = known[chosen.code].title if chosen else _("入学、巩固、辍学：哪一天是多少，怎么算的")
    if table.wants_export:
        return export(request, table, title=f"{title} {day}")
    progress = request.headers.get("HX-Request") == "true" and request.GET.get("part") == "progress"
    response = show(
        request,
        "care/rates_progress.html" if progress else "care/rates.html",
        title=title,
        crumbs=[(_("适龄儿童少年"), reverse("school-age")), *([(_("入学、巩固、辍学"), f"{reverse('child-rates')}?day={day}")] if chosen else [])],
        day=day,
        today=localdate(),
        row=row,
        going=going,
        counted=counted,
        stale=row is not None and is_stale(row),
        refusal=day_measures.why_not_count(day, today=localdate()),
        table=table if counted else None,
        days=day_measures.counted_days(here.county_code),
        chosen=chosen,
        measure=known[chosen.code] if chosen else None,
        missing=said(chosen.missing) if chosen else "",
        trend=day_measures.trend(here.county_code, chosen.code, chosen.stage) if chosen else [],
        why=_why_address(day, chosen.code, chosen.stage) if chosen else "",
        rows_address=rows_address(chosen.code) if chosen else "",
        no_school=chosen is not None and "school" not in known[chosen.code].areas,
    )  # fmt: skip
    if progress and not going:
        response.headers["HX-Refresh"] = "true"
    return response


def _why_address(day: date, code: str, stage: str, area: str = "") -> str:
    return f"{reverse('child-rates-why')}?day={day}&of={code}&stage={stage}" + (f"&area={area}" if area else "")  # fmt: skip


def _goals(request: SignedIn, here: Page) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Targets of the plans in force for the whole county, by what they are bound to."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    rows = target_queries.targets(current_plans(request.user, here.county_code))
    for one in rows.filter(measure__in=day_measures.CODES, area_code=""):
        found.setdefault((one.measure, one.stage), []).append(
            (goal_words(one), reverse("target", args=[one.pk]))
        )
    return found


def _measures(request: SignedIn, here: Page, day: date, row: DayMeasures | None) -> Table:
    known = catalogue()
    goals = _goals(request, here)
    groups = {known[code].group: known[code].group for code in day_measures.CODES}
    rows = [
        {
            "id": f"{line.code} {line.stage}",
            "code": line.code,
            "stage": line.stage,
            "title": known[line.code].title,
            "group": known[line.code].group,
            "value": line.value,
            "numerator": line.numerator,
            "denominator": line.denominator,
            "unreported": line.unreported or None,
            "unreported_unit": line.unreported_unit,
            "said": said(line.missing) or line.rows,
            "goal": goals.get((line.code, line.stage), []),
            "areas": len(line.townships) + len(line.schools),
        }
        for line in (day_measures.lines(row) if row is not None else [])
    ]

    def of(row: Row) -> str:
        return f"{request.path}?day={day}&of={row['code']}&stage={row['stage']}"

    return Table(
        request,
        "child-rates",
        (
            Column("title", _("指标"), sort=None, link=of),
            Column("stage", _("学段"), sort=None, text=lambda row: _(row["stage"]) if row["stage"] else _("各学段合计")),
            Column("value", _("数值"), "number", unit="%", digits=2, sort=None, why=lambda row: _why_address(day, row["code"], row["stage"]) if row["value"] is not None else ""),
            Column("numerator", _("分子"), "number", sort=None),
            Column("denominator", _("分母"), "number", sort=None),
            Column("unreported", _("未报"), "number", sort=None, text=lambda row: f"{row['unreported']:,} {row['unreported_unit']}" if row["unreported"] else "–"),
            Column("goal", _("规划目标"), sort=None, computed=True, text=lambda row: "；".join(words for words, _address in row["goal"]) or "–", link=lambda row: row["goal"][0][1] if row["goal"] else ""),
            Column("areas", _("乡镇、学校"), sort=None, text=lambda row: _("分 %(n)s 处") % {"n": row["areas"]} if row["areas"] else "–", link=lambda row: of(row) if row["areas"] else ""),
            Column("said", _("用了哪些行；没有数的原因"), sort=None),
            Column("group", _("类别"), sort=None, choices=groups, hidden=True),
        ),
        rows,
        what=_("项"),
        page_size=100,
        empty=_("这一天还没有算过。"),
        caption=_("%(day)s的入学、巩固、辍学和关爱指标") % {"day": f"{day:%Y-%m-%d}"},
    )  # fmt: skip


def _places(request: SignedIn, here: Page, day: date, line: Line) -> Table:
    rows = [
        {
            "id": f"{kind} {one.code}",
            "kind": kind,
            "code": one.code,
            "name": one.name,
            "value": one.value,
            "numerator": one.numerator,
            "denominator": one.denominator,
            "unreported": one.unreported,
        }
        for kind, one in areas_of(here, line)
    ]
    return Table(
        request,
        "child-rates-places",
        (
            Column("name", _("乡镇、学校"), link=lambda row: reverse("school", args=[row["code"]]) if row["kind"] == "school" and len(row["code"]) == 10 else ""),
            Column("kind", _("级别"), "code", codes={name: _(words) for name, words in PLACES.items()}, choices={name: _(words) for name, words in PLACES.items()}),
            Column("value", _("数值"), "number", unit="%", digits=2, why=lambda row: _why_address(day, line.code, line.stage, row["code"]) if row["value"] is not None else ""),
            Column("numerator", _("分子"), "number"),
            Column("denominator", _("分母"), "number"),
            Column("unreported", _("未报"), "number"),
        ),
        rows,
        what=_("处"),
        search=("name",),
        search_hint=_("乡镇或学校"),
        order="-kind,name",
        empty=_("这项指标没有分乡镇、学校的数，或者您的辖区内没有。"),
        caption=_("各乡镇、各学校"),
    )  # fmt: skip


@require_POST
@page(roles=LISTS)
def ask(request: SignedIn) -> HttpResponse:
    """Have the worker count a day."""
    here = current(request)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        messages.error(request, _("请填写日期，例如 2026-09-01"))
        return HttpResponseRedirect(reverse("child-rates"))
    row = day_measures.of_day(here.county_code, day)
    fresh = row is not None and day_measures.is_counted(row) and not is_stale(row)
    try:
        if not fresh or "again" in request.POST:
            made = day_measures.ask(
                county_code=here.county_code, day=day, by=request.user, at=now(), today=localdate(), address=client_address(request)
            )  # fmt: skip
            count_day.enqueue(made.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("child-rates"))
    kept = {name: request.POST[name] for name in ("of", "stage") if request.POST.get(name)}
    return HttpResponseRedirect(f"{reverse('child-rates')}?{urlencode({'day': day} | kept)}")
