"""适龄儿童少年台账: every child of school age with where it studies, placement and state; both lines of duty; Excel."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.attendance.queries import homerooms
from bureau.care import roll_queries
from bureau.care.models import RollChild
from bureau.care.roll import OTHER
from bureau.cases.subjects import class_words
from bureau.links.queries import ages_of
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import LISTS, case_page
from bureau.pages.cells import Row
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission, may
from bureau.registry.models import Student
from bureau.registry.queries import on
from bureau.work.care_tasks import refresh_roll
from junheng.tables import codes

STATES = dict(RollChild.State.choices)
YES = {"True": "是", "False": "否"}


def _address(row: Row) -> str:
    if row.get("case_id"):
        return case_page(row["case_id"])
    return reverse("student", args=[row["identity"]]) if row.get("identity") else ""


def table_of(request: SignedIn, here: Page) -> Table:
    """The list as the address asks for it."""
    towns = dict(townships(here.county_code).order_by("code").values_list("code", "name"))
    schools = school_names(here)
    grades = codes("grade")
    today = localdate()
    rooms: dict[tuple[str, str, int], str] = {}

    def fill(rows: list[dict[str, Any]]) -> None:
        keys = [row["student_key"] for row in rows if row["student_key"]]
        # By key alone, which an index answers; the same key may stand in another county too.
        version = Student.objects.filter(on(today), key__in=keys).values_list("key", "pk", "county_code")
        identities = {key: pk for key, pk, county in version if county == here.county_code}
        if not rooms:
            found = homerooms(here.county_code, today)
            rooms.update(
                {
                    (ref.school_code, ref.grade, ref.class_number): one.teacher_name
                    for ref, one in found.items()
                }
            )
        for row in rows:
            row["identity"] = identities.get(row["student_key"])
            row["class_words"] = class_words(row["grade"], row["class_number"])
            row["teacher"] = rooms.get((row["school_code"], row["grade"], row["class_number"] or 0), "")

    columns = (
        Column("name", _("姓名"), sort="pinyin", link=_address),
        Column("sex", _("性别"), choices={"男": _("男"), "女": _("女")}),
        Column("age", _("学年年龄"), "number", unit=_("周岁"), choices={str(age): str(age) for age in range(5, 18)}),
        Column("birth_date", _("出生日期"), "date", hidden=True),
        Column("township_code", _("户籍乡镇"), choices={**towns, f"{here.county_code}{OTHER}": _("外县或乡镇不详")}, text=lambda row: towns.get(row["township_code"]) or row["township"] or "–"),
        Column("village", _("村"), text=lambda row: row["village"] or "–"),
        Column("state", _("去向"), "code", codes={name: _(words) for name, words in STATES.items()}, choices={name: _(words) for name, words in STATES.items()}),
        Column("since", _("自"), "date"),
        Column("school_code", _("就读学校"), choices=schools, text=lambda row: schools.get(row["school_code"], row["school_code"]) or "–"),
        Column("grade", _("年级"), "code", codes=grades, choices=grades, hidden=True),
        Column("class_words", _("班级"), computed=True, text=lambda row: row["class_words"] or "–"),
        Column("inclusion", _("安置方式"), choices={one: one for one in codes("inclusion")}, text=lambda row: row["inclusion"] or "–"),
        Column("case_state", _("控辍个案"), text=lambda row: row["case_state"] or "–"),
        Column("teacher", _("包教学：班主任"), computed=True, hidden=True, text=lambda row: row["teacher"] or "–"),
        Column("on_register", _("在户籍名册"), choices={name: _(words) for name, words in YES.items()}, text=lambda row: _("是") if row["on_register"] else _("否"), hidden=True),
    )  # fmt: skip
    run = roll_queries.last_run(here.county_code)
    return Table(
        request,
        "school-age",
        columns,
        roll_queries.children(request.user, here.county_code),
        what=_("名适龄儿童少年"),
        search=search,
        search_hint=_("姓名、拼音或村"),
        order="township_code,village,pinyin,id",
        row_link=_address,
        extra=("student_key", "township", "class_number", "case_id", "pinyin", "grade"),
        fill=fill,
        empty=_("没有符合条件的孩子。") if run else _("还没有适龄台账：先在“名册比对”上传户籍人口名册，夜里自动生成，也可以点“现在更新”。"),
        version=f"roll {run.pk if run else 0}",
        caption=_("适龄儿童少年台账"),
    )  # fmt: skip


def search(text: str) -> Q:
    """By name, pinyin or village."""
    words = text.strip()
    if words.isascii():
        key = "".join(words.lower().split())
        return Q(pinyin__startswith=key) | Q(pinyin__contains=f" {key}")
    return Q(name__contains=words) | Q(village__contains=words)


@page(roles=LISTS)
def listing(request: SignedIn) -> HttpResponseBase:
    """The list with its counts by township and state; looking is logged."""
    here = current(request)
    table = table_of(request, here)
    if table.wants_export:
        return export(request, table, title=_("适龄儿童少年台账"), searched="")
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("roll", here.county_code), detail={"rows": table.count, "page": table.number, "filters": table.chosen},
        at=now(), address=client_address(request),
    )  # fmt: skip
    run, today = roll_queries.last_run(here.county_code), localdate()
    places = roll_queries.by_township(request.user, here.county_code)
    towns = dict(townships(here.county_code).values_list("code", "name"))
    total: dict[str, int] = {}
    for place in places:
        for name, number in place.by_state.items():
            total[name] = total.get(name, 0) + number
    states = [name for name in STATES if total.get(name)]
    trend = roll_queries.trend(request.user, here.county_code)
    return show(
        request,
        "care/school_age.html",
        title=_("适龄儿童少年：谁该上学，在哪里上，谁没有上"),
        crumbs=[(_("台账"), reverse("ledgers"))],
        table=table,
        run=run,
        ages=ages_of(here.county_code),
        headings=[(name, _(STATES[name]), total[name], name in roll_queries.OPEN) for name in states],
        places=[
            {"name": towns.get(one.code) or _("外县或乡镇不详"), "code": one.code, "children": one.children, "out": one.out, "cells": [(name, one.by_state.get(name, 0), name in roll_queries.OUT) for name in states]}
            for one in places
        ],
        children=sum(total.values()),
        out=sum(total.get(name, 0) for name in roll_queries.OUT),
        trend=trend[-8:],
        stale=bool(run and run.student_day and run.student_day < date(today.year if today.month >= 9 else today.year - 1, 9, 1)),
        may_refresh=may(request.user.role, Permission.EDIT_LEDGERS),
    )  # fmt: skip


@require_POST
@page(Permission.EDIT_LEDGERS)
def refresh(request: SignedIn) -> HttpResponse:
    """Have the worker lay the registers together now."""
    here = current(request)
    refresh_roll.enqueue(here.county_code, request.user.pk, client_address(request))
    messages.success(request, _("已请后台更新适龄台账，通常一分钟内完成；请稍后刷新本页"))
    return HttpResponseRedirect(reverse("school-age"))
