"""考勤的总览: a school's classes and a county's schools on a day: who has called the roll, who is away, and since when."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.attendance import queries
from bureau.attendance.shapes import ClassRef
from bureau.attendance.terms import SchoolCalendar
from bureau.pages.access import SignedIn, not_found
from bureau.pages.attendance_place import (
    DIRECT,
    beside,
    class_page,
    in_order,
    said_class,
)
from bureau.pages.attendance_trend import finding, trend
from bureau.pages.context import Page, show
from bureau.pages.export import export
from bureau.pages.remember import remembered
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission, may
from bureau.people.scope import Reach
from bureau.registry import queries as registered

STATES = {"missing": N("未登记"), "partly": N("部分登记"), "entered": N("已登记")}
LONG = 3


def day_parts(request: SignedIn, known: SchoolCalendar, day: date, today: date) -> dict[str, Any]:
    """What chooses the day, on every page of a day."""
    before, after = beside(known, day, today=today)
    kept = {name: value for name in ("school", "q") if (value := request.GET.get(name, ""))}
    tail = "".join(f"&{name}={value}" for name, value in kept.items())
    return {
        "day": day,
        "today": today,
        "kept": kept,
        "before": f"{request.path}?day={before:%Y-%m-%d}{tail}" if before else "",
        "after": f"{request.path}?day={after:%Y-%m-%d}{tail}" if after else "",
        "school_day": known.is_school_day(day),
        "doubts": known.doubts(day, day),
    }


def past(here: Page, day: date) -> str:
    """Changes with each roll call of an earlier day, so that what was worked out from them may be remembered through a morning."""
    return f"{here.version('students')} {queries.newest_before(here.county_code, day)}"


def rolls_of(here: Page, day: date) -> dict[ClassRef, int]:
    """{class: pupils on the roll} of the whole county, remembered until the register changes."""
    # Between two data days nobody comes or goes: a new morning need not count the county again.
    since = next((one for one in registered.days_with_data(here.county_code, "students") if one <= day), day)
    return remembered(
        here.version("students"), f"rolls {since}", lambda: queries.rolls(here.county_code, day)
    )


def long_streaks(here: Page, on: date) -> list[queries.Streak]:
    """连续缺勤 of three school days and more, of the schools in scope."""
    county, day_before = here.county_code, on - timedelta(days=1)
    before = remembered(
        past(here, on), f"streaks {on}", lambda: queries.streaks(county, day_before, at_least=LONG - 1)
    )
    found = queries.streaks_with(county, on, before, at_least=LONG)
    if here.scope.reach in (Reach.EVERYTHING, Reach.COUNTY):
        return found
    codes = set(here.schools().values_list("school_code", flat=True))
    return [one for one in found if one.school_code in codes]


def of_school(
    request: SignedIn, here: Page, known: SchoolCalendar, day: date, today: date, school_code: str
) -> HttpResponseBase:
    """一所学校: each class and whether it has called the roll."""
    school = here.schools().filter(school_code=school_code).values("school_name").first()
    if school is None:
        raise not_found(_("没有这所学校，或者它不在您的辖区内。"))
    rolls = queries.rolls(here.county_code, day, school_code=school_code)
    entries = {
        ClassRef(here.county_code, one.school_code, one.grade, one.class_number): one
        for one in queries.class_days(here.county_code, day, day, school_code=school_code)
    }
    teachers = queries.homerooms(here.county_code, day, school_code=school_code)
    rows = []
    for place, ref in enumerate(in_order({*rolls, *entries})):
        entry, teacher = entries.get(ref), teachers.get(ref)
        rows.append(
            {
                "id": place,
                "ref": ref,
                "name": said_class(ref),
                "order": place,
                "teacher": teacher.teacher_name if teacher else "",
                "state": "entered" if entry else "missing",
                "roll": entry.roll if entry else rolls.get(ref),
                "absent": entry.absent if entry else None,
                "late": entry.late if entry else None,
                "rate": 1 - entry.away_halves / (2 * entry.roll) if entry and entry.roll else None,
                "at": entry.at if entry else None,
            }
        )
    columns = (
        Column("name", _("班级"), sort="order", link=lambda row: class_page(row["ref"], day)),
        Column("teacher", _("班主任"), text=lambda row: row["teacher"] or _("未指定")),
        Column(
            "state",
            _("登记"),
            "verdict",
            choices={"missing": STATES["missing"], "entered": STATES["entered"]},
        ),
        Column("roll", _("应到"), "number", unit=_("人"), total=True),
        Column("absent", _("缺勤"), "number", unit=_("人"), total=True, text=_unless_missing("absent")),
        Column("late", _("迟到早退"), "number", unit=_("人"), total=True, text=_unless_missing("late")),
        Column("rate", _("出勤率"), "percent"),
        Column("at", _("登记时间"), "time", hidden=True),
    )
    table = Table(
        request,
        "attendance-classes",
        columns,
        _worded(rows),
        what=_("个班"),
        order="order",
        row_link=lambda row: class_page(row["ref"], day),
        empty=_("学籍里这所学校在这一天没有编了班的在读学生。请先导入班级和学生。"),
        caption=_("各班考勤"),
    )
    if table.wants_export:
        return export(request, table, title=_("%(school)s考勤") % {"school": school["school_name"]})
    return _shown(request, here, known, day, today, table, rows, school_code=school_code, school=school["school_name"])  # fmt: skip


def _unless_missing(field: str) -> Any:
    """A number of a class that has called the roll; nothing, and so 未报, of one that has not."""
    return lambda row: "" if row[field] is None else f"{row[field]:,}"


def _worded(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "state": STATES[row["state"]]} for row in rows]


def of_schools(
    request: SignedIn, here: Page, known: SchoolCalendar, day: date, today: date
) -> HttpResponseBase:
    """各校: how many classes have called the roll, and who has not."""
    counts = queries.counts_by_school(here.county_code, day)
    classes: dict[str, int] = {}
    pupils: dict[str, int] = {}
    for ref, roll in rolls_of(here, day).items():
        classes[ref.school_code] = classes.get(ref.school_code, 0) + 1
        pupils[ref.school_code] = pupils.get(ref.school_code, 0) + roll
    rows = []
    for code, name, township, pinyin in here.schools().values_list(
        "school_code", "school_name", "township_code", "pinyin"
    ):
        if not classes.get(code):
            continue
        one = counts.get(code, {})
        done = one.get("classes", 0)
        rows.append(
            {
                "id": code,
                "school_code": code,
                "school": name,
                "pinyin": pinyin or "",
                "township_code": township,
                "classes": classes[code],
                "entered": done,
                "missing": max(0, classes[code] - done),
                "state": "missing" if not done else "entered" if done >= classes[code] else "partly",
                "pupils": pupils[code],
                "roll": one.get("roll", 0),
                "away_halves": one.get("away_halves", 0),
                "absent": one.get("absent"),
                "late": one.get("late"),
                "rate": 1 - one["away_halves"] / (2 * one["roll"]) if one.get("roll") else None,
            }
        )
    towns = dict(townships(here.county_code).values_list("code", "name"))
    address = f"{reverse('attendance')}?day={day:%Y-%m-%d}&school="
    columns = (
        Column("school", _("学校"), sort="pinyin", link=lambda row: f"{address}{row['school_code']}"),
        Column("township_code", _("乡镇"), codes=towns, choices=towns),
        Column("state", _("登记"), "verdict", choices=STATES),
        Column("classes", _("班级"), "number", unit=_("个"), total=True),
        Column("missing", _("未登记"), "number", unit=_("个"), total=True),
        Column("pupils", _("在读"), "number", unit=_("人"), total=True),
        Column("absent", _("缺勤"), "number", unit=_("人"), total=True, text=_unless_missing("absent")),
        Column("late", _("迟到早退"), "number", unit=_("人"), total=True, text=_unless_missing("late")),
        Column("rate", _("出勤率"), "percent"),
    )
    table = Table(
        request,
        "attendance-schools",
        columns,
        _worded(rows),
        what=_("所学校"),
        search=("school", "school_code", "pinyin"),
        search_hint=_("校名、拼音或标识码"),
        order="pinyin",
        row_link=lambda row: f"{address}{row['school_code']}",
        empty=_("还没有编了班的在读学生。请先在“导入”里导入学校、班级和学生。"),
        caption=_("各校考勤"),
    )
    if table.wants_export:
        return export(request, table, title=_("考勤"))
    return _shown(request, here, known, day, today, table, rows)


def _shown(
    request: SignedIn,
    here: Page,
    known: SchoolCalendar,
    day: date,
    today: date,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    school_code: str = "",
    school: str = "",
) -> HttpResponse:
    classes = sum(row.get("classes", 1) for row in rows)
    missing = sum(row.get("missing", row["state"] == "missing") for row in rows)
    if school_code:
        condition = Q(school_code=school_code)
        entries = [row for row in rows if row["state"] == "entered"]
        halves = sum((1 - (row["rate"] or 0)) * 2 * (row["roll"] or 0) for row in entries)
        roll = sum(row["roll"] or 0 for row in entries)
    else:
        condition = here.scope.rows(here.schools()) if here.scope.reach is Reach.TOWNSHIP else Q()
        halves, roll = sum(row["away_halves"] for row in rows), sum(row["roll"] for row in rows)
    drawn = trend(here, known, day, condition, past(here, day))
    long = [one for one in long_streaks(here, day) if not school_code or one.school_code == school_code]
    by = request.user
    return show(
        request,
        "attendance/overview.html",
        title=_("%(school)s：今天谁没来") % {"school": school} if school_code else _("今天哪些班没有点名，谁没来"),
        crumbs=[(_("考勤"), f"{reverse('attendance')}?day={day:%Y-%m-%d}")] if school_code and not by.school_code else (),
        table=table,
        classes=classes,
        missing=missing,
        absent=sum(row["absent"] or 0 for row in rows),
        late=sum(row["late"] or 0 for row in rows),
        rate=1 - halves / (2 * roll) if roll else None,
        roll=roll,
        long=len(long),
        long_days=LONG,
        trend=drawn,
        trend_finding=finding(drawn["rows"]),
        school_code=school_code,
        may_enter=may(by.role, Permission.TAKE_ATTENDANCE),
        may_direct=by.role in DIRECT,
        **day_parts(request, known, day, today),
    )  # fmt: skip
