"""一行记录: one row of a register with all its columns, and its history with the import that made each change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages import aid_cockpit, case_child
from bureau.pages.access import SignedIn, not_found, opens, page
from bureau.pages.cells import said
from bureau.pages.classes import class_name
from bureau.pages.context import Page, current, show
from bureau.pages.people_columns import opened
from bureau.pages.sign_in import client_address
from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.registry import queries
from bureau.registry.columns import clear, compared_field, is_sealed, shown
from bureau.registry.import_models import Import
from bureau.registry.models import REGISTERS, RegisterRow
from junheng.tables import SHEETS, Column, codes

LISTS = {"students": "students", "teachers": "teachers", "classes": "classes", "county": "county-figures"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One column of the row: `state` is "blank" for 未报, "sealed" for what a reason would show."""

    name: str
    heading: str
    text: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One version in the history: since when, by which import, what changed (heading, before, after); addresses of the imports
    that the account may see."""

    since: date
    until: date | None
    by: Import
    changes: tuple[tuple[str, str, str], ...]
    first: bool
    ended_by: Import | None
    address: str
    ended_address: str


def facts(sheet: str, row: RegisterRow, *, revealed: bool = False) -> list[Fact]:
    """All columns of a row as read; sealed ones masked unless revealed."""
    found = []
    for column in SHEETS[sheet].stored:
        value = getattr(row, column.name)
        if value is None or value in ("", b""):
            found.append(Fact(column.name, _(column.heading), _("未报"), "blank"))
        elif is_sealed(column):
            text = opened(value)
            found.append(Fact(column.name, _(column.heading), text if revealed else shown(column, text), "" if revealed else "sealed"))  # fmt: skip
        else:
            unit = f" {_(column.unit)}" if column.unit else ""
            found.append(Fact(column.name, _(column.heading), _words(column, clear(column, value)) + unit))
    return found


def steps(sheet: str, key: str, user: User) -> list[Step]:
    """The history of a row, newest first, with the imports whose pages `user` may see."""
    found: list[Step] = []
    before: RegisterRow | None = None
    columns = SHEETS[sheet].stored
    for row in queries.history(sheet, key).select_related("created_by__by", "ended_by__by"):
        changes = tuple(_changes(columns, before, row)) if before is not None else ()
        found.append(
            Step(
                row.valid_from,
                row.valid_to,
                row.created_by,
                changes,
                before is None,
                row.ended_by,
                _import_page(row.created_by, user),
                _import_page(row.ended_by, user),
            )
        )
        before = row
    return found[::-1]


def _import_page(of: Import | None, user: User) -> str:
    """The page of an import, for those who may see it: a school its own."""
    if (
        of is None
        or not opens("import", user.role)
        or (user.role == User.Role.SCHOOL and of.by_id != user.pk)
    ):
        return ""
    return reverse("import", args=[of.pk])


def _changes(
    columns: Sequence[Column], before: RegisterRow, after: RegisterRow
) -> list[tuple[str, str, str]]:
    return [
        (_(column.heading), _text(column, before), _text(column, after))
        for column in columns
        if getattr(before, compared_field(column)) != getattr(after, compared_field(column))
    ]


def _text(column: Column, row: RegisterRow) -> str:
    value = getattr(row, column.name)
    return shown(column, opened(value)) if is_sealed(column) else _words(column, clear(column, value))


def _words(column: Column, value: object) -> str:
    text = shown(column, value)
    return said(text) if column.kind in ("code", "flag") or value in (None, "") else text


def _row(here: Page, sheet: str, identity: int) -> RegisterRow:
    """The version in force on the day of the row that this version belongs to, within the scope."""
    key = REGISTERS[sheet]._default_manager.filter(pk=identity).values_list("key", flat=True).first()
    found: RegisterRow | None = here.rows(sheet).filter(key=key).first() if key and here.on else None
    if found is None:
        raise not_found(_("登记册中没有这一行：可能在所选日期不在册，或不在您的辖区。"))
    return found


def _show(
    request: SignedIn, sheet: str, identity: int, *, reason: str = "", problem: str = ""
) -> HttpResponse:
    here = current(request)
    row = _row(here, sheet, identity)
    personal = SHEETS[sheet].personal
    revealed = bool(reason)
    address = client_address(request)
    if revealed:
        sealed = [column.heading for column in SHEETS[sheet].stored if is_sealed(column)]
        read_access(
            by=request.user, verb=Verb.REVEAL, obj=(sheet, row.key), detail={"columns": sealed}, reason=reason, at=now(), address=address
        )  # fmt: skip
    elif sheet == "students":
        read_access(by=request.user, verb=Verb.VIEW, obj=(sheet, row.key), detail={"day": here.on}, at=now(), address=address)  # fmt: skip
    code = getattr(row, "school_code", "")
    school = (
        here.schools().filter(school_code=code).values_list("school_name", flat=True).first() if code else ""
    )
    crumbs = (
        [(_(SHEETS[sheet].title), reverse(LISTS[sheet]))]
        if sheet in LISTS
        else [(_("学校"), reverse("schools"))]
    )
    if school:
        crumbs.append((school, reverse("school", args=[code])))
    return show(
        request,
        "record.html",
        title=_name(sheet, row, school or ""),
        crumbs=crumbs,
        facts=facts(sheet, row, revealed=revealed),
        steps=steps(sheet, row.key, request.user),
        row=row,
        personal=personal,
        can_reveal=personal and may(request.user.role, Permission.REVEAL),
        reveal_address=reverse(f"{sheet[:-1]}-reveal", args=[row.pk]) if personal else "",
        revealed=revealed,
        problem=problem,
        reasons=REASONS,
        school=school,
        school_code=code,
        aid_rows=aid_cockpit.child_rows(here, row.key) if sheet == "students" else None,
        child=case_child.blocks(here, row.county_code, row.key) if sheet == "students" else None,
        status=422 if problem else 200,
    )


REASONS = (N("核对身份信息"), N("办理学籍异动"), N("办理资助发放"), N("劝返复学联系家长"), N("安全事故处置"))


def _name(sheet: str, row: Any, school: str) -> str:
    if SHEETS[sheet].personal:
        return str(row.person_name)
    if sheet == "classes":
        return f"{school} {class_name({'grade': row.grade, 'class_number': row.class_number})}"
    if sheet == "county":
        return str(codes("county_item").get(row.item, row.item))
    return f"{school} {_(SHEETS[sheet].title)}"


@page(Permission.SEE_CHILDREN)
def student(request: SignedIn, identity: int) -> HttpResponse:
    """One student; looking is logged."""
    return _show(request, "students", identity)


@page(Permission.SEE_SCHOOLS)
def teacher(request: SignedIn, identity: int) -> HttpResponse:
    """One teacher."""
    return _show(request, "teachers", identity)


@page(Permission.SEE_SCHOOLS)
def school_class(request: SignedIn, identity: int) -> HttpResponse:
    """One class."""
    return _show(request, "classes", identity)


@page(Permission.SEE_SCHOOLS, but=("school",))
def county_figure(request: SignedIn, identity: int) -> HttpResponse:
    """One county figure."""
    return _show(request, "county", identity)


@page(Permission.SEE_SCHOOLS)
def premises(request: SignedIn, identity: int) -> HttpResponse:
    """The premises of one school."""
    return _show(request, "premises", identity)


@page(Permission.SEE_SCHOOLS)
def relief(request: SignedIn, identity: int) -> HttpResponse:
    """One relief of one school."""
    return _show(request, "reliefs", identity)


def _reveal(request: SignedIn, sheet: str, identity: int) -> HttpResponse:
    reason = reason_of(request.POST)
    if not reason:
        return _show(request, sheet, identity, problem=_("请选择或填写查看明文的事由。"))
    return _show(request, sheet, identity, reason=reason)


def reason_of(posted: Mapping[str, Any]) -> str:
    """The chosen reason and what was written beside it."""
    return "；".join(text for name in ("reason", "detail") if (text := str(posted.get(name, "")).strip()))[
        :200
    ]


@sensitive_post_parameters()
@require_POST
@page(Permission.REVEAL)
def student_reveal(request: SignedIn, identity: int) -> HttpResponse:
    """Identifiers of one student in clear, for this answer only."""
    return _reveal(request, "students", identity)


@sensitive_post_parameters()
@require_POST
@page(Permission.REVEAL)
def teacher_reveal(request: SignedIn, identity: int) -> HttpResponse:
    """Identifiers of one teacher in clear, for this answer only."""
    return _reveal(request, "teachers", identity)
