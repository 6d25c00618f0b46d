"""一校一案（控辍保学）: every school with what stands in its dropout ledgers, and its plan as a Word file made by the worker."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.cases import school_plans
from bureau.cases.school_plans import SchoolPlan
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.case_parts import LISTS
from bureau.pages.context import Page, current, show
from bureau.pages.export import archive, download, export
from bureau.pages.later import later, tell
from bureau.pages.sign_in import client_address
from bureau.pages.slip_document import DOCX
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission, Refused, why_not
from junheng.documents.official import (
    Block,
    Heading,
    OfficialDocument,
    Paragraph,
    official_document,
)
from junheng.documents.official import Column as PaperColumn
from junheng.documents.official import Table as PaperTable
from junheng.tables import codes

NO_CHILDREN = "目前没有在办的疑似辍学、辍学和未入学个案（零报告）。"
# Schools of compulsory education, by kind.
KINDS = ("211", "218", "311", "312", "341", "345", "511")


def _rows(request: SignedIn, here: Page) -> list[dict[str, Any]]:
    counts = {code: (live, away, solved) for code, live, away, solved in school_plans.schools(request.user, here.county_code)}  # fmt: skip
    found = here.schools().filter(school_kind__in=KINDS).order_by("pinyin")
    return [
        {
            "id": code,
            "school": name or code,
            "township_code": town or "",
            "school_kind": kind,
            "live": counts.get(code, (0, 0, 0))[0],
            "away": counts.get(code, (0, 0, 0))[1],
            "solved": counts.get(code, (0, 0, 0))[2],
        }
        for code, name, town, kind in found.values_list(
            "school_code", "school_name", "township_code", "school_kind"
        )
    ]


@page(roles=LISTS)
def listing(request: SignedIn) -> HttpResponseBase:
    """The schools."""
    here = current(request)
    towns = dict(townships(here.county_code).values_list("code", "name"))
    kinds = codes("school_kind")
    table = Table(
        request,
        "school-plans",
        (
            Column("school", _("学校"), link=lambda row: reverse("school", args=[row["id"]])),
            Column("township_code", _("乡镇"), codes=towns, choices=towns, text=lambda row: towns.get(row["township_code"], "–")),
            Column("school_kind", _("办学类型"), codes={kind: kinds[kind] for kind in KINDS}, choices={kind: kinds[kind] for kind in KINDS}, hidden=True),
            Column("live", _("未销号"), "number", total=True),
            Column("away", _("还没有返校"), "number", total=True),
            Column("solved", _("数据显示已解决，待核实"), "number", total=True),
            Column("word", _("一校一案"), computed=True, sort=None, text=lambda row: _("做成 Word"), link=lambda row: reverse("school-plan", args=[row["id"]])),
        ),
        _rows(request, here),
        what=_("所学校"),
        search=("school",),
        search_hint=_("学校"),
        order="-live,school",
        empty=_("您的辖区内没有义务教育学校。"),
        caption=_("一校一案（控辍保学）"),
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=_("各校控辍保学台账"))
    return show(
        request,
        "care/school_plans.html",
        title=_("一校一案：每所学校的控辍保学方案"),
        crumbs=[(_("台账"), reverse("ledgers"))],
        table=table,
        refusal=why_not(request.user.role, Permission.EXPORT),
    )


@require_GET
@page(roles=LISTS)
def word(request: SignedIn, code: str) -> HttpResponse:
    """One school's plan, or with “all” those of the list together; made by the worker."""
    refusal = why_not(request.user.role, Permission.EXPORT)
    if refusal:
        return refused(request, refusal)
    here = current(request)
    rows = [row for row in _rows(request, here) if code in ("all", row["id"])]
    if not rows:
        raise not_found(_("没有这所学校，或它不在您的辖区内。"))
    whole = code == "all"
    title = f"{here.county_name if whole else rows[0]['school']}控辍保学一校一案"
    if not hasattr(request, "making"):
        return later(request, title=title, rows=None)
    files = list(_files(request, here, rows))
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("school_plan", code), detail={"schools": len(files), "title": title}, at=now(), address=client_address(request)
    )  # fmt: skip
    if not whole:
        return download(files[0][1], files[0][0], DOCX)
    return download(archive(files), f"{title}-{localdate():%Y%m%d}.zip", "application/zip")


def _files(request: SignedIn, here: Page, rows: list[dict[str, Any]]) -> Iterable[tuple[str, bytes]]:
    say, today = tell(request), localdate()
    for number, row in enumerate(rows):
        try:
            made = school_plans.plan(request.user, here.county_code, row["id"], today=today)
        except Refused as refusal:
            raise not_found(str(refusal)) from None
        yield f"{row['school']}控辍保学一校一案-{today:%Y%m%d}.docx", official_document(paper(made, today))
        say((number + 1) / len(rows))


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else "—"


def paper(made: SchoolPlan, today: date) -> OfficialDocument:
    """公文: the plan as a document."""
    pupils = "，".join(f"{stage}{n}人" for stage, n in made.pupils) or "没有登记义务教育在校生"
    blocks: list[Block] = [
        Heading(1, "学校基本情况"),
        Paragraph(f"{made.school}（{made.township or '乡镇未登记'}），在校生：{pupils}。"),
        Heading(1, "台账情况"),
        PaperTable(
            columns=(PaperColumn("台账", 2.2), *(PaperColumn(words, 1.0, "right") for words in ("未销号", "其中逾期", "待核实", "近一年新增", "近一年销号和转出"))),
            rows=tuple(
                (one.title, *map(str, (one.live, one.overdue, one.solved, one.opened, one.closed)))
                for one in made.ledgers
            ),
            note=f"截至{today:%Y-%m-%d}，由台账得出",
        ),
        Heading(1, "责任分工"),
        PaperTable(
            columns=(PaperColumn("级别", 0.7), PaperColumn("职责", 2.0), PaperColumn("责任人", 1.6)),
            rows=made.lines,
            note="县-乡-村-户与局-校-班-生两条线；“未指定”的请补齐",
        ),
    ]  # fmt: skip
    if made.homerooms:
        blocks.append(
            PaperTable(columns=(PaperColumn("班级", 1.0), PaperColumn("班主任", 1.0)), rows=made.homerooms)
        )
    blocks += [
        Heading(1, "工作措施"),
        PaperTable(
            columns=(PaperColumn("台账", 1.4), PaperColumn("环节", 1.6), PaperColumn("由谁办、几日内", 1.4)),
            rows=made.steps,
        ),
        PaperTable(
            columns=(PaperColumn("期限和标准", 3.0), PaperColumn("现值", 1.0), PaperColumn("是否确认", 0.9)),
            rows=tuple((words, number, "假定，待确认" if assumed else "已确认") for words, number, assumed in made.settings),
        ),
        Heading(1, "在办个案和一生一策"),
    ]  # fmt: skip
    if made.children:
        blocks.append(
            PaperTable(
                columns=(
                    PaperColumn("姓名", 0.8),
                    PaperColumn("班级", 0.9),
                    PaperColumn("台账与状态", 1.5),
                    PaperColumn("自何日（天数）", 1.1),
                    PaperColumn("期限", 1.0),
                    PaperColumn("责任人", 1.8),
                    PaperColumn("情况与措施", 2.4),
                ),
                rows=tuple(
                    (
                        one.name,
                        one.class_name or "—",
                        f"{one.ledger}：{one.state}",
                        f"{_day(one.since)}（{one.days}天）",
                        _day(one.due),
                        "；".join(f"{words} {name}" for words, name in one.owners),
                        one.measures or "—",
                    )
                    for one in made.children
                ),
                wide=True,
            )
        )
    else:
        blocks.append(Paragraph(NO_CHILDREN))
    return OfficialDocument(
        title=f"{made.school}控辍保学“一校一案”",
        body=tuple(blocks),
        signatures=(made.school,),
        date=today,
        marked="演示数据" if settings.DEMO else "",
    )
