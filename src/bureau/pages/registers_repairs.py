"""证件号修正清单: per school and per office, which numbers to put right, without showing whole numbers; to be sent back as Excel."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.links import repairs
from bureau.links.models import Line
from bureau.links.pupils import newest
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.registers import in_force, seen_links, source_words, version_of
from bureau.pages.registers_lines import log_look
from bureau.pages.remember import remembered
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission

SIDES = {"school": N("学校改学籍"), "office": N("原单位改名册"), "both": N("两边都要核对")}


@page(Permission.SEE_AID)
def repairs_page(request: SignedIn) -> HttpResponse:
    """The list; a school sees its own pupils."""
    here = current(request)
    day = here.on or localdate()
    links = seen_links(request)

    def find() -> list[dict[str, Any]]:
        # Put in order once and remembered so, not at each look.
        found = sorted(
            repairs.repairs(here.county_code, day, links), key=lambda one: (one.school_code, one.source)
        )
        return [asdict(one) for one in found]

    rows = remembered(version_of(here, in_force(here), links), "repairs", find)
    schools = school_names(here)
    sides = {code: _(words) for code, words in SIDES.items()}
    names = source_words()

    def fill(found: list[dict[str, Any]]) -> None:
        pupils = newest(here.county_code, {row["student_key"] for row in found})
        lines = Line.objects.in_bulk([row["line"] for row in found])
        for row in found:
            student, line = pupils.get(row["student_key"]), lines.get(row["line"])
            if student is None or line is None:
                continue
            one = repairs.Repair(
                **{
                    name: row[name]
                    for name in ("line", "student_key", "school_code", "source", "place", "side")
                }
            )
            row["who"], row["words"] = repairs.in_words(one, line, student)
            row["who"] = sides[row["who"]]
            row["name"] = student.person_name
            row["born"] = student.birth_date

    def address(row: Row) -> str:
        return reverse("pair", args=[row["line"]])

    table = Table(
        request,
        "registers-repairs",
        (
            Column("school_code", _("学校"), "code", codes=schools, choices=schools),
            Column("name", _("学生"), computed=True, link=address),
            Column("born", _("出生日期"), "date", computed=True),
            Column("who", _("由谁改"), computed=True),
            Column("words", _("怎么不对"), computed=True),
            Column("side", _("初步归属"), "code", codes=sides, choices=sides, hidden=True),
            Column("source", _("名册"), "code", codes=names, choices=names),
            Column("place", _("名册行"), sort=None),
        ),
        rows,
        what=_("个号码"),
        row_id="line",
        row_link=address,
        fill=fill,
        empty=_("对上的孩子，两边的身份证号都相同。"),
        caption=_("证件号修正清单"),
    )
    if table.wants_export:
        return export(request, table, title=_("证件号修正清单"), searched="")
    answer = show(
        request,
        "links/repairs.html",
        title=_("证件号修正清单"),
        crumbs=[(_("名册比对"), reverse("registers"))],
        table=table,
    )
    log_look(request, ("registers_repairs", here.county_code), table)
    return answer
