"""考勤表: a school's roll calls of some days in Excel, out and in again; every problem first, then all or nothing."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.attendance import actions, queries, sheet
from bureau.attendance.shapes import ClassRef, RollCall
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.attendance_place import home_county, in_order
from bureau.pages.context import current, show
from bureau.pages.days import day_from
from bureau.pages.export import download
from bureau.pages.people_columns import opened
from bureau.pages.sign_in import client_address
from bureau.people.kept import keep, open_kept
from bureau.people.rules import Permission, Refused
from bureau.people.scope import scope_of
from bureau.registry.models import School

KEPT = "attendance_upload"
ROOM = "attendance"
LONGEST = 31


def _school(request: SignedIn) -> School:
    """The school that is meant: one's own, or the one of the address."""
    code = request.user.school_code or request.GET.get("school", "") or request.POST.get("school", "")
    found = (
        School.objects.filter(scope_of(request.user).schools(), school_code=code, replaced_by=None)
        .order_by("-valid_from")
        .first()
    )
    if found is None:
        raise not_found(_("请从一所学校的考勤页下载或上传考勤表。"))
    return found


def rolls(request: SignedIn, school: School, day: date) -> list[sheet.Roll]:
    """The rolls of the classes whose attendance the account takes; the tail of a number only where names are alike."""
    county = school.county_code
    rows = queries.on_the_roll(county, day, school.school_code).order_by("pinyin", "pk")
    found: dict[ClassRef, list[tuple[str, str, Any]]] = {}
    for grade, number, key, name, sealed in rows.values_list(
        "grade", "class_number", "key", "person_name", "enrolment_number"
    ):
        found.setdefault(ClassRef(county, school.school_code, grade, number), []).append(
            (key, name or "", sealed)
        )
    own = set(queries.classes_of(request.user, localdate())) if request.user.role == "teacher" else set(found)
    made = []
    for ref in in_order(set(found) & own):
        names = [name for _key, name, _sealed in found[ref]]
        pupils = [
            (key, name, opened(sealed)[-4:] if names.count(name) > 1 else "")
            for key, name, sealed in found[ref]
        ]
        made.append(sheet.Roll(ref, pupils))
    return made


@require_GET
@page(Permission.TAKE_ATTENDANCE)
def template(request: SignedIn) -> HttpResponse:
    """The sheet of one school from one day to another, at most a month, with what stands already."""
    school = _school(request)
    today = localdate()
    since, until = _span(request, today)
    found = rolls(request, school, until)
    known = queries.school_calendar(school.county_code)
    days = [day for day in known.between(since, until) if day <= today]
    standing = _standing(school, since, until, {one.ref for one in found})
    read_access(
        by=request.user,
        verb=Verb.EXPORT,
        obj=("attendance_sheet", school.school_code),
        detail={"since": since, "until": until, "rows": sum(len(one.pupils) for one in found)},
        at=now(),
        address=client_address(request),
    )
    name = f"{school.school_name}考勤表{since:%Y%m%d}-{until:%Y%m%d}.xlsx"
    return download(sheet.workbook(found, days, standing), name)


def _span(request: SignedIn, today: date) -> tuple[date, date]:
    """The days of the address, put in order and cut to a month; else this week."""
    since, until = today - timedelta(days=today.weekday()), today
    with suppress(ValueError):
        since = day_from(request.GET.get("since", ""))
        until = day_from(request.GET.get("until", ""))
    since, until = min(since, until), max(since, until)
    return max(since, until - timedelta(days=LONGEST)), until


def _standing(
    school: School, since: date, until: date, wanted: set[ClassRef]
) -> dict[tuple[ClassRef, date], RollCall]:
    """What is registered already, of the wanted classes."""
    county, code = school.county_code, school.school_code
    named: dict[tuple[ClassRef, date], list[actions.Named]] = {}
    for one in queries.absences(county, since, until, school_code=code):
        ref = ClassRef(county, code, one.grade, one.class_number)
        named.setdefault((ref, one.day), []).append(
            actions.Named(one.student_key, one.kind, one.part, one.reason)
        )
    found = {}
    for call in queries.class_days(county, since, until, school_code=code):
        ref = ClassRef(county, code, call.grade, call.class_number)
        if ref in wanted:
            found[ref, call.day] = RollCall(ref, call.day, tuple(named.get((ref, call.day), ())))
    return found


@page(Permission.TAKE_ATTENDANCE)
def upload(request: SignedIn) -> HttpResponseBase:
    """First what the file holds, or all its problems; then saving it whole."""
    school = _school(request)
    home_county(request, current(request).county_code)
    problems: list[str] = []
    found: sheet.Reading | None = None
    if request.method == "POST" and "apply" in request.POST:
        return _apply(request, school)
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("没有选择文件，请先选择填好的考勤表")]
        elif (file.size or 0) > sheet.LARGEST:
            problems = sheet.read(b" " * (sheet.LARGEST + 1), []).problems
        else:
            content = file.read()
            found = sheet.read(content, rolls(request, school, localdate()))
            problems = found.problems
            request.session[KEPT] = "" if problems else keep(ROOM, content)
    ready = found if found and not problems else None
    return show(
        request,
        "attendance/upload.html",
        title=_("上传考勤表"),
        crumbs=[(_("考勤"), reverse("attendance"))],
        school=school,
        problems=problems,
        ready=_summary(school, ready) if ready else None,
        reason=request.POST.get("reason", ""),
        since=localdate() - timedelta(days=localdate().weekday()),
        today=localdate(),
        status=422 if problems else 200,
    )


def _summary(school: School, found: sheet.Reading) -> dict[str, Any]:
    """What would be new and what would be corrected."""
    days = [call.day for call in found.calls]
    standing = _standing(school, min(days), max(days), {call.ref for call in found.calls})
    same = sum(
        set(standing[call.ref, call.day].absences) == set(call.absences)
        for call in found.calls
        if (call.ref, call.day) in standing
    )
    before = sum((call.ref, call.day) in standing for call in found.calls)
    return {
        "new": len(found.calls) - before,
        "corrected": before - same,
        "same": same,
        "absences": sum(len(call.absences) for call in found.calls),
        "since": min(days),
        "until": max(days),
    }


def _apply(request: SignedIn, school: School) -> HttpResponse:
    back = f"{reverse('attendance-upload')}?school={school.school_code}"
    sha256 = request.session.pop(KEPT, "")
    if not sha256:
        messages.error(request, _("没有待保存的考勤表，请重新上传"))
        return HttpResponseRedirect(back)
    try:
        found = sheet.read(open_kept(ROOM, sha256, "考勤表"), rolls(request, school, localdate()))
        if found.problems:
            raise Refused("；".join(found.problems[:20]))
        new, corrected = actions.enter_many(
            county_code=school.county_code,
            calls=found.calls,
            by=request.user,
            at=now(),
            today=localdate(),
            reason=request.POST.get("reason", "").strip(),
            address=client_address(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    text = _("考勤表已保存：新登记 %(new)s 个班日，更正 %(corrected)s 个班日")
    messages.success(request, text % {"new": f"{new:,}", "corrected": f"{corrected:,}"})
    return HttpResponseRedirect(f"{reverse('attendance')}?school={school.school_code}")
