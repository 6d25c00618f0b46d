"""考勤月表: the pupils of a class against the school days of a month; a day nobody called the roll is 未登记, not empty."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.attendance import queries, rules
from bureau.attendance.terms import month_end
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page, refused
from bureau.pages.attendance_place import MAY_SEE, Place, class_page, place_of
from bureau.pages.context import show
from bureau.pages.days import day_from
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, why_not
from junheng.documents.sheets import book

SIGNS = {"personal": "事", "sick": "病", "unexcused": "无", "official": "公", "late": "迟", "early": "早"}


@page(roles=MAY_SEE)
def matrix(request: SignedIn, school_code: str, grade: str, number: int) -> HttpResponseBase:
    """One month of one class; looking is logged."""
    place = place_of(request, school_code, grade, number)
    today = localdate()
    month = _month(request, today)
    known = queries.school_calendar(place.ref.county_code)
    days = [day for day in known.month(month.year, month.month) if day <= today]
    entries, rows = _rows(place, days, month)
    wanted = request.GET.get("format") == "xlsx"
    # A teacher has no lists to export but this one: the month of the own class.
    refusal = why_not(request.user.role, Permission.EXPORT) if request.user.role != "teacher" else None
    if wanted and refusal:
        return refused(request, refusal)
    read_access(
        by=request.user,
        verb=Verb.EXPORT if wanted else Verb.VIEW,
        obj=("roll_calls", f"{school_code} {grade}-{number} {month:%Y-%m}"),
        detail={"rows": len(rows)},
        at=now(),
        address=client_address(request),
    )
    if wanted:
        name = f"{place.school}{place.name}{month:%Y年%m月}考勤.xlsx"
        return download(_workbook(place, month, days, entries, rows), name)
    address = reverse("attendance-matrix", args=place.arguments)
    earlier, later = _months(month)
    return show(
        request,
        "attendance/matrix.html",
        title=_("%(name)s%(month)s考勤") % {"name": place.name, "month": f"{month:%Y年%m月}"},
        crumbs=[(_("考勤"), reverse("attendance")), (place.name, class_page(place.ref))],
        place=place,
        month=month,
        days=[{"day": day, "entry": entries.get(day), "address": class_page(place.ref, day)} for day in days],
        rows=rows,
        missing=sum(day not in entries for day in days),
        before=f"{address}?month={earlier:%Y-%m}",
        after=f"{address}?month={later:%Y-%m}" if later <= today else "",
        file=f"{address}?month={month:%Y-%m}&format=xlsx",
        signs=[(SIGNS[kind], words) for kind, words in rules.KINDS.items()],
    )


def _month(request: SignedIn, today: date) -> date:
    with suppress(ValueError):
        return day_from(f"{request.GET.get('month', '')}-01")
    return today.replace(day=1)


def _months(month: date) -> tuple[date, date]:
    before = date.fromordinal(month.toordinal() - 1).replace(day=1)
    return before, date.fromordinal(month_end(month).toordinal() + 1)


def _rows(
    place: Place, days: Sequence[date], month: date
) -> tuple[dict[date, queries.ClassDayRow], list[dict[str, Any]]]:
    """{day: roll call}, and one line a pupil: the marks by day and what they add up to."""
    end = month_end(month)
    ref = place.ref
    entries = {
        one.day: one
        for one in queries.class_days(ref.county_code, month, end, school_code=ref.school_code)
        if (one.grade, one.class_number) == (ref.grade, ref.class_number)
    }
    marks: dict[str, dict[date, queries.AbsenceRow]] = defaultdict(dict)
    for one in queries.absences(ref.county_code, month, end, school_code=ref.school_code):
        if (one.grade, one.class_number) == (ref.grade, ref.class_number):
            marks[one.student_key][one.day] = one
    names = queries.roll(ref, days[-1] if days else end)
    gone = [key for key in marks if key not in names]
    rows = []
    for key in [*names, *gone]:
        own = marks.get(key, {})
        away = sum(one.halves for one in own.values() if one.kind not in rules.NO_ABSENCE)
        rows.append(
            {
                "name": names.get(key) or _("已离班学生"),
                "cells": [_cell(entries, own, day) for day in days],
                "away": away / 2,
                "late": sum(one.kind in rules.NOT_AWAY for one in own.values()),
                "rate": 1 - away / (2 * len(entries)) if entries else None,
            }
        )
    return entries, rows


def _cell(
    entries: Mapping[date, object], own: Mapping[date, queries.AbsenceRow], day: date
) -> dict[str, str]:
    one = own.get(day)
    if one is None:
        return {
            "sign": "",
            "kind": "" if day in entries else "missing",
            "words": "" if day in entries else _("未登记"),
        }
    half = "½" if one.halves == 1 else ""
    words = f"{rules.KINDS[one.kind]} {rules.PARTS[one.part]} {one.reason}".strip()
    return {"sign": SIGNS[one.kind] + half, "kind": one.kind, "words": words}


def _workbook(
    place: Place,
    month: date,
    days: Sequence[date],
    entries: Mapping[date, queries.ClassDayRow],
    rows: Sequence[Mapping[str, Any]],
) -> bytes:
    headings = ["姓名", *(f"{day:%m-%d}" for day in days), "缺勤天数", "迟到早退次数"]
    lines = [
        [row["name"], *(cell["sign"] or ("未登记" if cell["kind"] else "") for cell in row["cells"]), row["away"], row["late"]]
        for row in rows
    ]  # fmt: skip
    lines.append(["应到", *(entries[day].roll if day in entries else "未登记" for day in days), "", ""])
    lines.append(["缺勤", *(entries[day].absent if day in entries else "未登记" for day in days), "", ""])
    with book() as made:
        sheet = made.table(f"{month:%Y年%m月}", headings, lines, [12, *([6.5] * len(days)), 9, 12])
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C{place.school}{place.name} {month:%Y年%m月}考勤")
    return made.content
