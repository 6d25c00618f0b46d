"""台账报表 (四个一): each ledger's reports out of the ledgers by themselves; every figure opens to its cases; Word and Excel."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.cases import packs, queries, reports
from bureau.cases.counting import age_of, ended_in, key_of
from bureau.cases.lateness import late_on
from bureau.cases.models import Case, Stay
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.case_parts import LISTS, case_page, found_ledger, owner_words, state_title
from bureau.pages.case_report_files import paper, workbook
from bureau.pages.case_report_spans import CLOCKS, Span, period, spans
from bureau.pages.context import Page, current, show
from bureau.pages.days import day_from
from bureau.pages.export import download, export
from bureau.pages.ledger_counts import words_of
from bureau.pages.sentences import spoken
from bureau.pages.sign_in import client_address
from bureau.pages.slip_document import FORMS
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, why_not
from junheng.documents.official import NoChineseFont
from junheng.policy.ledgers import FIGURE_WORDS, LIVE, Ledger, Report

# The figures that are counted by what began a stay.
BEGUN = {"opened": ("opened",), "solved": ("solved",), "reopened": ("reopened",), "closed": ("closed",), "passed": ("passed",)}  # fmt: skip
FIELDS = {"school": "school_code", "township": "township_code", "state": "state", "level": "level"}


@page(roles=LISTS)
def listing(request: SignedIn) -> HttpResponse:
    """Every report of every ledger, by how often it is due."""
    here = current(request)
    today = localdate()
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in CLOCKS}
    for ledger in packs.ledgers(here.county_code):
        for one in ledger.reports:
            known = spans(one.clock, today)
            address = reverse("case-report", args=[ledger.code, one.name])
            groups[one.clock].append(
                {"ledger": ledger, "report": one, "now": (known[0].words, f"{address}?period={known[0].key}"), "before": (known[1].words, f"{address}?period={known[1].key}")}
            )  # fmt: skip
    return show(
        request,
        "cases/reports.html",
        title=_("台账报表：学校一月一报，县一季度一复核，市一学期一调研，自治区一学年一评估"),
        groups=[(_(CLOCKS[name]), found) for name, found in groups.items() if found],
    )


def _asked(request: SignedIn, code: str, name: str) -> tuple[Page, Ledger, Report, Span, list[Span]]:
    here = current(request)
    ledger = found_ledger(here.county_code, code)
    layout = next((one for one in ledger.reports if one.name == name), None)
    if layout is None:
        raise not_found(_("这本台账没有这张报表。"))
    known = spans(layout.clock, localdate())
    wanted = request.GET.get("period", "")
    span = next((one for one in known if one.key == wanted), None)
    with suppress(ValueError):
        if span is None and wanted:
            since, end, words = period(layout.clock, day_from(wanted))
        if span is None and wanted and since <= localdate():
            span = Span(since, min(end, localdate()), words, f"{since:%Y-%m-%d}")
    return here, ledger, layout, span or known[0], known


@page(roles=LISTS)
def report(request: SignedIn, code: str, name: str) -> HttpResponseBase:
    """One report of one period; its figures open."""
    here, ledger, _layout, span, known = _asked(request, code, name)
    made = reports.report(
        request.user,
        here.county_code,
        code,
        name,
        since=span.evening_before,
        until=span.until,
        today=localdate(),
    )
    wanted = request.GET.get("format", "")
    if wanted:
        return _file(request, here, ledger, span, made, wanted)
    address = reverse("case-report-figure", args=[code, name, "x"])
    rows = [
        {
            "words": row.words,
            "cells": [_cell(one, value, f"{address.replace('/x/', f'/{one}/')}?period={span.key}&key={row.key}") for one, value in zip(made.names, row.figures, strict=True)],
        }
        for row in made.rows
    ]  # fmt: skip
    total = [
        _cell(one, value, f"{address.replace('/x/', f'/{one}/')}?period={span.key}")
        for one, value in zip(made.names, made.total.figures, strict=True)
    ]
    return show(
        request,
        "cases/report.html",
        title=f"{spoken(made.title)}（{spoken(span.words)}）",
        crumbs=[(_("台账报表"), reverse("case-reports"))],
        made=made,
        rows=rows,
        total=total,
        span=span,
        spans=[(one.words, f"?period={one.key}", one.key == span.key) for one in known],
        running=span.until == localdate(),
        files=[(_("Word"), f"?period={span.key}&format=docx"), (_("PDF"), f"?period={span.key}&format=pdf"), (_("Excel"), f"?period={span.key}&format=xlsx")],
        code=code,
    )  # fmt: skip


def _cell(name: str, value: float | None, address: str) -> dict[str, Any]:
    opens = name in (*BEGUN, "stand", "overdue")
    return {"value": value, "address": address if opens and value else ""}


def _file(
    request: SignedIn, here: Page, ledger: Ledger, span: Span, made: reports.ReportTable, form: str
) -> HttpResponse:
    refusal = why_not(request.user.role, Permission.EXPORT)
    if refusal:
        return refused(request, refusal)
    place = here.county_name
    if request.user.school_code:
        place = here.schools().values_list("school_name", flat=True).first() or place
    name = f"{place}{made.title}{span.words}"
    if form == "xlsx":
        content, kind = workbook(made, name), ""
    elif form in FORMS:
        kind, write = FORMS[form]
        try:
            content = write(paper(made, name, place))
        except NoChineseFont as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
    else:
        raise not_found(_("只有 Word、PDF 和 Excel 三种格式。"))
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("case_report", f"{ledger.code} {span.key}"), detail={"form": form, "title": made.title},
        at=now(), address=client_address(request),
    )  # fmt: skip
    return download(content, f"{name}.{form}", kind) if kind else download(content, f"{name}.xlsx")


@require_GET
@page(roles=LISTS)
def figure(request: SignedIn, code: str, name: str, figure: str) -> HttpResponseBase:
    """The cases behind one figure of a report; looking is logged."""
    here, ledger, layout, span, _known = _asked(request, code, name)
    if figure not in (*BEGUN, "stand", "overdue"):
        raise not_found(_("这个数不能逐件打开。"))
    key = request.GET.get("key")
    found = behind(request, here, ledger, layout, span, figure, key)
    words = words_of(here, ledger, layout.rows).get(key or "", key or _("合计"))
    columns = (
        Column("label", _("对象"), sort="pinyin", link=lambda row: case_page(row["id"])),
        Column("school", _("学校"), text=lambda row: row["school"] or "–"),
        Column("class_name", _("班级"), text=lambda row: row["class_name"] or "–"),
        Column("state", _("现在的状态"), text=lambda row: state_title(ledger, row["state"])),
        Column("owner__display_name", _("责任人"), text=lambda row: owner_words(row["owner__display_name"], row["level"])),
        Column("opened_on", _("发现日期"), "date"),
        Column("closed_on", _("销号日期"), "date", text=lambda row: f"{row['closed_on']:%Y-%m-%d}" if row["closed_on"] else "–"),
    )  # fmt: skip
    table = Table(
        request,
        "report-figure",
        columns,
        found,
        what=_("件个案"),
        search=("label", "school"),
        search_hint=_("姓名或学校"),
        order="opened_on,id",
        row_link=lambda row: case_page(row["id"]),
        extra=("level", "pinyin"),
        empty=_("没有个案。"),
    )
    if table.wants_export:
        return export(request, table, title=layout.title, searched="")
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("case_report", f"{code} {figure}"), detail={"rows": table.count, "key": key or ""},
        at=now(), address=client_address(request),
    )  # fmt: skip
    address = f"{reverse('case-report', args=[code, name])}?period={span.key}"
    return show(
        request,
        "cases/figure.html",
        title=_("%(words)s：%(figure)s（%(span)s）")
        % {"words": words, "figure": _(FIGURE_WORDS[figure]), "span": span.words},
        crumbs=[(_("台账报表"), reverse("case-reports")), (layout.title, address)],
        table=table,
    )


def behind(
    request: SignedIn, here: Page, ledger: Ledger, layout: Report, span: Span, figure: str, key: str | None
) -> QuerySet[Case]:
    """The cases that a figure counts, by their stays; a hidden group opens to nothing."""
    seen = queries.visible(request.user).filter(county_code=here.county_code, ledger=ledger.code)
    field = FIELDS.get(layout.rows)
    if figure == "overdue":
        late = late_on(request.user, ledger, here.county_code, span.until, today=localdate())
        group = key_of(layout.rows, span.until)
        return seen.filter(pk__in=[row.of_id for row in late if key is None or group(row) == key])
    stays = Stay.objects.filter(county_code=here.county_code, ledger=ledger.code)
    if figure == "stand":
        stays = stays.filter(Q(until=None) | Q(until__gt=span.until), since__lte=span.until, phase__in=LIVE)
    else:
        stays = stays.filter(how__in=BEGUN[figure], since__gt=span.evening_before, since__lte=span.until)
    if key is not None and figure in ("closed", "passed"):
        # What has ended lies on no desk: it is counted where it was before.
        return seen.filter(pk__in=ended_in(stays, key_of(layout.rows, span.until), key))
    if field and key is not None:
        stays = stays.filter(**{field: key})
    if layout.rows == "age" and key is not None:
        wanted = [one.of_id for one in stays if age_of(one.birth_date, span.until) == key]
        return seen.filter(pk__in=wanted)
    return seen.filter(pk__in=stays.values("of"))
