"""班主任: who is in charge of which class, handed over with history; one by one or by Excel."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.attendance import homeroom_actions, homeroom_sheet, queries
from bureau.pages.access import SignedIn, page
from bureau.pages.attendance_overview import rolls_of
from bureau.pages.attendance_place import DIRECT, class_page, in_order, place_of, said_class
from bureau.pages.context import Page, current, show
from bureau.pages.export import download, export
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.queries import rows_on


def classes_here(request: SignedIn, here: Page) -> list[queries.ClassRef]:
    """The classes in scope that have pupils."""
    today = localdate()
    if request.user.school_code:
        return in_order(queries.rolls(here.county_code, today, school_code=request.user.school_code))
    names = school_names(here)
    return in_order(ref for ref in rolls_of(here, today) if ref.school_code in names)


@page(roles=DIRECT)
def homerooms(request: SignedIn) -> HttpResponseBase:
    """The classes with whoever is in charge, and the name the class register gives."""
    here = current(request)
    today = localdate()
    names = school_names(here)
    known = queries.homerooms(here.county_code, today, school_code=request.user.school_code)
    refs = classes_here(request, here)
    if request.GET.get("format") == "sheet":
        return download(homeroom_sheet.workbook(refs, names, known), f"{here.county_name}班主任表.xlsx")
    registered = {
        (school, grade, number): name
        for school, grade, number, name in rows_on("classes", today, here.county_code).values_list(
            "school_code", "grade", "class_number", "class_teacher"
        )
    }
    rows = []
    for place, ref in enumerate(refs):
        one = known.get(ref)
        rows.append(
            {
                "id": place,
                "ref": ref,
                "order": place,
                "school_code": ref.school_code,
                "school": names.get(ref.school_code, ref.school_code),
                "name": said_class(ref),
                "teacher": one.teacher_name if one else "",
                "registered": registered.get(ref[1:]) or "",
                "account": one.user.username if one and one.user else "",
                "since": one.since if one else None,
                "state": N("有账号") if one and one.user else N("只有姓名") if one else N("未指定"),
            }
        )
    columns = (
        Column("school", _("学校"), sort="order"),
        Column(
            "name", _("班级"), sort=None, link=lambda row: class_page(row["ref"], name="attendance-homeroom")
        ),
        Column("teacher", _("班主任"), text=lambda row: row["teacher"] or _("未指定")),
        Column("account", _("账号"), text=lambda row: row["account"] or "–"),
        Column(
            "since",
            _("起始日期"),
            "date",
            text=lambda row: f"{row['since']:%Y-%m-%d}" if row["since"] else "–",
        ),
        Column("registered", _("班级登记册里的班主任"), text=lambda row: row["registered"] or "–"),
        Column(
            "state",
            _("情况"),
            "verdict",
            choices={one: one for one in (N("有账号"), N("只有姓名"), N("未指定"))},
        ),
    )
    table = Table(
        request,
        "homerooms",
        columns,
        rows,
        what=_("个班"),
        search=("school", "school_code", "teacher", "account", "name"),
        search_hint=_("学校、班级、姓名或账号"),
        order="order",
        row_link=lambda row: class_page(row["ref"], name="attendance-homeroom"),
        empty=_("还没有编了班的在读学生。请先导入班级和学生。"),
        caption=_("班主任"),
    )
    if table.wants_export:
        return export(request, table, title=_("班主任"))
    return show(
        request,
        "attendance/homerooms.html",
        title=_("每个班由谁点名"),
        crumbs=[(_("考勤"), reverse("attendance"))],
        table=table,
        without=sum(not row["account"] for row in rows),
        classes=len(rows),
    )


@page(roles=DIRECT)
def homeroom(request: SignedIn, school_code: str, grade: str, number: int) -> HttpResponseBase:
    """One class: appoint, hand over, end; and everybody who has been in charge."""
    place = place_of(request, school_code, grade, number)
    asked = {name: request.POST.get(name, "").strip() for name in ("account", "name", "since", "reason")}
    if request.method == "POST":
        try:
            _do(request, place.ref, asked)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(name)s的班主任已保存，前任留在记录里") % {"name": place.name})
            return HttpResponseRedirect(request.path)
    accounts = User.objects.filter(school_code=school_code, role__in=["teacher", "school"], is_active=True)
    return show(
        request,
        "attendance/homeroom.html",
        title=_("%(school)s%(name)s的班主任") % {"school": place.school, "name": place.name},
        crumbs=[(_("考勤"), reverse("attendance")), (_("班主任"), reverse("attendance-homerooms"))],
        place=place,
        held=queries.homeroom_of(place.ref, localdate()),
        history=queries.homeroom_history(place.ref),
        accounts=accounts,
        asked=asked,
        today=localdate(),
        status=422 if request.method == "POST" else 200,
    )


def _do(request: SignedIn, ref: queries.ClassRef, asked: dict[str, str]) -> None:
    since: date | None = None
    with suppress(ValueError):
        since = date.fromisoformat(asked["since"])
    if since is None:
        raise Refused(f"起始日期“{asked['since']}”不是日期，请写成 2026-09-01")
    done: dict[str, Any] = {"ref": ref, "by": request.user, "at": now(), "reason": asked["reason"], "address": client_address(request)}  # fmt: skip
    if "end" in request.POST:
        homeroom_actions.end_homeroom(until=since, **done)
        return
    user = User.objects.filter(username=asked["account"]).first() if asked["account"] else None
    if asked["account"] and user is None:
        raise Refused(f"没有账号“{asked['account']}”，请从列表里选择")
    homeroom_actions.appoint(user=user, teacher_name=asked["name"], since=since, **done)


@page(roles=DIRECT)
def upload(request: SignedIn) -> HttpResponseBase:
    """The sheet of homerooms, all or nothing."""
    here = current(request)
    problems: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("没有选择文件，请先选择填好的班主任表")]
        else:
            rows, problems = homeroom_sheet.read(file.read(homeroom_sheet.LARGEST + 1), here.county_code)
            found, more = homeroom_sheet.settle(rows, classes_here(request, here))
            problems += more
            if not problems:
                try:
                    changed = homeroom_actions.appoint_many(
                        rows=found, by=request.user, at=now(), reason=_("Excel 导入"), address=client_address(request)
                    )  # fmt: skip
                except Refused as refusal:
                    problems = str(refusal).split("；")
                else:
                    messages.success(request, _("班主任表已保存：%(n)s 个班有变化") % {"n": f"{changed:,}"})
                    return HttpResponseRedirect(reverse("attendance-homerooms"))
    return show(
        request,
        "attendance/homerooms_upload.html",
        title=_("上传班主任表"),
        crumbs=[(_("考勤"), reverse("attendance")), (_("班主任"), reverse("attendance-homerooms"))],
        problems=problems,
        status=422 if problems else 200,
    )
