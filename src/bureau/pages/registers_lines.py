"""名册的行: every line with what it was taken for, and every line with something odd; masked, filtered, exported, logged."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.links.models import Line, Link, OutsideRegister
from bureau.links.pupils import newest
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import masked, school_names
from bureau.pages.registers import sheet_title, state_words
from bureau.pages.registers_one import found_register
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission


def pair_address(row: Row) -> str:
    """The card of one line."""
    return reverse("pair", args=[row["line_id"]])


def columns() -> tuple[Column, ...]:
    """The columns of the lines."""
    states = state_words()
    return (
        Column("line__place", _("行"), sort="line__number", link=pair_address),
        Column("line__name", _("姓名"), link=pair_address),
        Column("line__sex", _("性别"), hidden=True),
        Column("line__birth_date", _("出生日期"), "date"),
        Column("line__id_number", _("身份证号"), sort=None),
        Column("line__township", _("乡镇")),
        Column("line__village", _("村")),
        Column("line__guardians", _("监护人"), hidden=True),
        Column("line__category", _("类别")),
        Column("line__level", _("等级档次")),
        Column("line__since", _("享受起"), "date"),
        Column("line__until", _("享受止"), "date", hidden=True),
        Column("state", _("比对结果"), "code", codes=states, choices=states),
        Column("probability", _("把握"), "percent", digits=1),
        Column("pupil", _("对上的学生"), computed=True, text=lambda row: row["pupil"] or "–"),
        Column("school", _("学校"), computed=True, sort="school_code", text=lambda row: row["school"] or "–"),
        Column("reason", _("依据"), sort=None),
        Column("contradiction", _("与以前认定的矛盾"), sort=None, hidden=True),
    )


@page(Permission.SEE_AID)
def lines(request: SignedIn, pk: int) -> HttpResponse:
    """The lines of one register."""
    of = found_register(request, pk)
    here = current(request)
    names = school_names(here)

    def fill(rows: list[dict[str, Any]]) -> None:
        pupils = newest(of.county_code, {row["student_key"] for row in rows if row["student_key"]})
        masked(rows, ids=("line__id_number",))
        for row in rows:
            student = pupils.get(row["student_key"])
            row["pupil"] = student.person_name if student else ""
            row["school"] = names.get(student.school_code, "") if student else ""

    table = Table(
        request,
        "register-lines",
        columns(),
        Link.objects.filter(of=of),
        what=_("行"),
        search=("line__name", "line__place", "line__village", "line__guardians"),
        search_hint=_("姓名、行号、村或监护人"),
        order="line_id",
        extra=("line_id", "student_key"),
        row_id="line_id",
        fill=fill,
        row_link=pair_address,
        empty=_("这份名册还没有比对的结果。"),
        caption=_("名册的行"),
    )
    return _listing(request, of, table, _("名册的行"), "links/lines.html")


@page(Permission.SEE_AID)
def problems(request: SignedIn, pk: int) -> HttpResponse:
    """Everything odd, a row for each: where, which column, what and what to do; to send back to the office that made the list."""
    of = found_register(request, pk)
    headings: dict[str, str] = {}
    rows = list(_problems(of))
    for row in rows:
        headings.setdefault(row["column"], row["column"])
    table = Table(
        request,
        "register-problems",
        (
            Column("place", _("行"), sort="number"),
            Column("name", _("姓名")),
            Column("column", _("列"), "code", codes=headings, choices=headings),
            Column("sentence", _("问题和怎么改")),
        ),
        rows,
        what=_("处"),
        search=("name", "sentence", "place"),
        search_hint=_("姓名、行号或问题"),
        row_id="place",
        empty=_("没有发现问题。"),
        caption=_("名册的问题"),
    )
    return _listing(request, of, table, _("名册的问题"), "links/lines.html")


def _problems(of: OutsideRegister) -> Iterator[dict[str, Any]]:
    flawed = Line.objects.filter(of=of).exclude(flaws=[]).order_by("number")
    for number, place, name, flaws in flawed.values_list("number", "place", "name", "flaws"):
        for heading, sentence in flaws:
            yield {"number": number, "place": place, "name": name, "column": heading, "sentence": sentence}


def _listing(request: SignedIn, of: OutsideRegister, table: Table, title: str, template: str) -> HttpResponse:
    if table.wants_export:
        return export(request, table, title=f"{sheet_title(of.source)}{title}", searched="")
    answer = show(
        request,
        template,
        title=title,
        crumbs=[
            (_("名册比对"), reverse("registers")),
            (f"{sheet_title(of.source)}（{of.day}）", reverse("register", args=[of.pk])),
        ],
        of=of,
        table=table,
    )
    log_look(request, ("outside_register", str(of.pk)), table)
    return answer


def log_look(request: SignedIn, what: tuple[str, str], table: Table) -> None:
    """记查阅 of a list of children."""
    detail = {"found": table.count, "shown": len(table.lines), "page": table.number, "filters": table.chosen}
    read_access(
        by=request.user, verb=Verb.VIEW, obj=what, detail=detail, at=now(), address=client_address(request)
    )
