"""考核结果: the table of totals, ranks and grades as a list, on paper, and as Word, PDF and Excel."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.context import current, show
from bureau.pages.export import download, export
from bureau.pages.performance import KINDS, crumbs, found_scheme
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, why_not
from bureau.performance import queries, scoring
from bureau.performance.models import Scheme, Score
from bureau.performance.states import State
from junheng.documents.letters import PerformanceRow, PerformanceTable, ScoredIndicator, performance_table
from junheng.documents.official import NoChineseFont, official_document, official_pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"docx": (DOCX, official_document), "pdf": ("application/pdf", official_pdf)}


@require_GET
@page(Permission.SEE_PLANS)
def result(request: SignedIn, pk: int) -> HttpResponseBase:
    """考核结果."""
    one = _published(request, pk)
    criteria = list(one.criteria.all())

    def address(row: Mapping[str, Any]) -> str:
        return reverse("performance-unit", args=[pk, row["organisation_id"]])

    columns = [
        Column("organisation", _("单位"), kind="code", link=address),
        Column("rank", _("名次"), kind="number"),
        Column("total", _("总分"), kind="number", unit=_("分"), digits=2),
        Column("grade", _("等次"), kind="text", choices={name: name for name, _least in one.bands}),
        Column("note", _("说明"), kind="code", text=lambda row: row["note"] or "–"),
        *(
            Column(f"c{row.pk}", row.title, kind="number", unit=_("满分%(n)s") % {"n": scoring.plain(row.weight)} if row.weight else "", digits=2,
                   note=queries.rule_words(row), why=_opens(one, f"k{row.pk}"))
            for row in criteria
        ),
    ]  # fmt: skip
    table = Table(
        request,
        f"performance-{pk}",
        tuple(columns),
        _rows(one),
        what=_("个单位"),
        search=("organisation",),
        search_hint=_("单位"),
        order="rank",
        row_id="organisation_id",
        row_link=address,
        caption=_("考核结果"),
    )
    if table.wants_export:
        return export(request, table, title=f"{one.title}结果")
    grades: dict[str, int] = {}
    for row in queries.results(one):
        grades[row.grade] = grades.get(row.grade, 0) + 1
    return show(
        request,
        "performance/result.html",
        title=_("考核结果"),
        crumbs=crumbs(one),
        scheme=one,
        table=table,
        grades=[(name, grades.get(name, 0), least) for name, least in one.bands],
        open_appeals=one.appeals.filter(upheld=None).count(),
    )


def _opens(one: Scheme, key: str) -> Callable[[Mapping[str, Any]], str]:
    """The address that explains the points of a row; the row keeps their ids under `key`."""
    return lambda row: reverse("performance-why", args=[one.pk, row[key]]) if row[key] else ""


def _rows(one: Scheme) -> list[dict[str, Any]]:
    rows = []
    units = list(one.units.all())
    found = queries.scores(one, units)
    for row in queries.results(one):
        cells: dict[str, Any] = {}
        for criterion in one.criteria.all():
            score = found.get((row.organisation_id, criterion.pk))
            cells[f"c{criterion.pk}"] = _number(score)
            cells[f"k{criterion.pk}"] = score.pk if score else None
        rows.append(
            {
                "organisation_id": row.organisation_id, "organisation": row.organisation.name, "rank": row.rank,
                "total": float(row.total), "grade": row.grade, "note": row.note, **cells,
            }
        )  # fmt: skip
    return rows


def _number(score: Score | None) -> object:
    """Points as the table and Excel add them up; None is 未报."""
    if score is None or score.exempt:
        return "不适用"
    return None if score.points is None else float(score.points)


@require_GET
@page(Permission.SEE_PLANS)
def document(request: SignedIn, pk: int, form: str) -> HttpResponse:
    """绩效考核结果表 as Word or PDF."""
    one = _published(request, pk)
    if form not in FORMS:
        raise not_found(_("只有 Word 和 PDF 两种格式。"))
    refusal = why_not(request.user.role, Permission.EXPORT)
    if refusal:
        return refused(request, refusal)
    kind, write = FORMS[form]
    made = performance_table(_paper(one, f"{current(request).county_name}教育体育局"))
    try:
        content = write(made)
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("performance-result", args=[pk]))
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("performance_scheme", str(pk)), detail={"form": form}, at=now(),
        address=client_address(request),
    )  # fmt: skip
    return download(content, f"{one.title}结果表.{form}", kind)


def _paper(one: Scheme, issuer: str) -> PerformanceTable:
    criteria = [row for row in one.criteria.all() if row.source in scoring.SCORED]
    found = queries.scores(one, list(one.units.all()))
    rows = []
    for row in queries.results(one):
        cells = [found.get((row.organisation_id, criterion.pk)) for criterion in criteria]
        points = tuple(
            "不适用" if cell is None or cell.exempt else scoring.plain(cell.points) for cell in cells
        )
        rows.append(
            PerformanceRow(
                row.rank, row.organisation.name, points, scoring.plain(row.total), row.grade, row.note
            )
        )
    bands = "、".join(f"{name} {least} 分起" for name, least in one.bands)
    until = (
        f"；申诉期到 {one.appeal_until:%Y年%-m月%-d日}，由本单位账号在系统中提出" if one.appeal_until else ""
    )
    return PerformanceTable(
        title=f"{one.title}结果表",
        period=f"{one.period}（{one.starts:%Y-%m-%d} 至 {one.ends:%Y-%m-%d}）",
        unit_kind=KINDS[one.unit_kind],
        indicators=tuple(ScoredIndicator(row.title, row.weight) for row in criteria),
        rows=tuple(rows),
        issuer=issuer,
        date=localtime(one.published_at).date() if one.published_at else localdate(),
        appeal=f"等次标准：{bands}；得分四舍五入到两位小数，总分相同名次并列{until}",
        marked="演示数据" if settings.DEMO else "",
    )


def _published(request: SignedIn, pk: int) -> Scheme:
    one = found_scheme(request, pk)
    if one.state not in (State.PUBLISHED, State.CLOSED) or not queries.sees_all(request.user):
        raise not_found(_("结果表还没有公布，或者只向参加考核评分的人开放；本单位的得分在“本单位得分”里。"))
    return one
