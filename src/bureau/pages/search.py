"""搜索: schools, students where allowed, teachers, imports and help, by whatever the clerk types."""

from typing import Any

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import said
from bureau.pages.context import Page, current, show
from bureau.pages.help import help_pages
from bureau.pages.imports import visible
from bureau.pages.people_columns import masked, school_names
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, may
from bureau.registry import finding
from junheng.tables import codes

FEW = 10


@page()
def search(request: SignedIn) -> HttpResponse:
    """One box for everything; each part shows a few and leads to its list."""
    here = current(request)
    text = request.GET.get("q", "").strip()[:60]
    role = request.user.role
    found: dict[str, Any] = {}
    if text and may(role, Permission.SEE_SCHOOLS) and here.on:
        found = _registers(here, text, children=may(role, Permission.SEE_CHILDREN))
        if found["students"]:
            read_access(
                by=request.user,
                verb=Verb.VIEW,
                obj=("students", here.county_code),
                detail={"day": here.on, "shown": len(found["students"]), "search": finding.for_the_log(text)},
                at=now(),
                address=client_address(request),
            )
    pages = [one for one in help_pages().values() if text and (text in one.title or text in one.html)][:FEW]
    nothing = not pages and not any(found.values())
    return show(
        request, "search.html", title=_("搜索"), text=text, few=FEW, nothing=nothing, help=pages, **found
    )


def _registers(here: Page, text: str, *, children: bool) -> dict[str, Any]:
    names = school_names(here)
    kinds = codes("school_kind")
    schools = list(
        here.schools().filter(finding.schools(text)).order_by("pinyin").values("school_code", "school_name", "school_kind", "township")[:FEW]
    )  # fmt: skip
    for row in schools:
        row["kind"] = said(kinds.get(row["school_kind"], ""))
    students: list[dict[str, Any]] = []
    if children:
        rows = here.rows("students").filter(finding.students(text)).order_by("pinyin", "pk")
        students = list(
            rows.values("id", "person_name", "school_code", "grade", "class_number", "id_number")[:FEW]
        )
        masked(students, ids=("id_number",))
    teachers = list(
        here.rows("teachers").filter(finding.teachers(text)).order_by("pinyin", "pk").values("id", "person_name", "school_code", "subject")[:FEW]
    )  # fmt: skip
    grades = codes("grade")
    for row in (*students, *teachers):
        row["school"] = names.get(row["school_code"], row["school_code"])
    for row in students:
        row["class_name"] = _("%(grade)s%(number)s班") % {
            "grade": said(grades.get(row["grade"], row["grade"])),
            "number": row["class_number"] or "",
        }
    number = int(text) if text.isdigit() and len(text) < 9 else 0
    imports = visible(here).filter(pk=number) if number else visible(here).filter(file_name__icontains=text)
    return {"schools": schools, "students": students, "teachers": teachers, "imports": list(imports[:FEW])}
