"""比对发现: contradictions between lines, registers and counties, each with the lines it rests on."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.links import findings
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

KINDS = {
    "category": N("两条登记类别不同"),
    "double": N("重复登记"),
    "claimed": N("一名学生对上两个孩子"),
    "county": N("两县同在册"),
}


@page(Permission.SEE_AID)
def findings_page(request: SignedIn) -> HttpResponse:
    """The table of findings."""
    here = current(request)
    day = localdate() if here.latest or here.on is None else here.on
    links = seen_links(request)

    def find() -> list[dict[str, Any]]:
        return [asdict(one) | {"line": one.lines[0]} for one in findings.conflicts(here.county_code, day, links=links)]  # fmt: skip

    registers = in_force(here)
    rows = remembered(version_of(here, registers, links), "conflicts", find)
    kinds = {code: _(words) for code, words in KINDS.items()}
    names, schools = source_words(), school_names(here)

    def fill(found: list[dict[str, Any]]) -> None:
        pupils = newest(here.county_code, {row["student_key"] for row in found if row["student_key"]})
        for row in found:
            student = pupils.get(row["student_key"])
            row["pupil"] = student.person_name if student else ""
            row["school"] = schools.get(student.school_code, "") if student else ""

    def address(row: Row) -> str:
        return reverse("pair", args=[row["line"]])

    table = Table(
        request,
        "registers-findings",
        (
            Column("kind", _("发现"), "code", codes=kinds, choices=kinds),
            Column("source", _("名册"), "code", codes=names, choices=names),
            Column("name", _("名册姓名"), link=address),
            Column("pupil", _("学生"), computed=True, text=lambda row: row["pupil"] or "–"),
            Column("school", _("学校"), computed=True, text=lambda row: row["school"] or "–"),
            Column("sentence", _("怎么回事、怎么办"), sort=None),
        ),
        rows,
        what=_("项"),
        match=lambda text, row: text in row["name"] or text in row["sentence"],
        search_hint=_("姓名或行号"),
        row_id="line",
        row_link=address,
        fill=fill,
        empty=_("没有发现矛盾的登记。") if registers else _("还没有名册，请先上传其他部门的名册。"),
        caption=_("比对发现"),
    )
    if table.wants_export:
        return export(request, table, title=_("比对发现"), searched="")
    counts = [(kinds[code], sum(row["kind"] == code for row in rows), code) for code in kinds]
    answer = show(
        request,
        "links/findings.html",
        title=_("比对发现"),
        crumbs=[(_("名册比对"), reverse("registers"))],
        table=table,
        counts=counts,
    )
    log_look(request, ("registers_findings", here.county_code), table)
    return answer
