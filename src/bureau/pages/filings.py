"""四个一报告: what each unit still owes, by when, and what was sent; figures as they stood, with words, as Word or PDF."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_POST

from bureau.care import filings
from bureau.care.filing_rules import BY_NAME, KINDS, why_not_return
from bureau.care.models import Filing
from bureau.cases import packs
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.case_parts import LISTS, days_words
from bureau.pages.context import current, show
from bureau.pages.export import download, export
from bureau.pages.sign_in import client_address
from bureau.pages.slip_document import FORMS
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission, Refused, why_not
from junheng.documents.official import Column as PaperColumn
from junheng.documents.official import NoChineseFont, OfficialDocument, Paragraph
from junheng.documents.official import Table as PaperTable

FIGURES = {
    "before": N("期初"),
    "opened": N("新增"),
    "reopened": N("重新打开"),
    "moved_in": N("转入本处"),
    "closed": N("销号"),
    "passed": N("转出台账"),
    "moved_out": N("转往他处"),
    "after": N("期末"),
}
VIEWS = {"owed": N("待上报"), "late": N("已逾期"), "sent": N("已上报"), "all": N("全部")}
STATES = dict(Filing.State.choices)


@page(roles=LISTS)
def listing(request: SignedIn) -> HttpResponseBase:
    """The reports, those owed first."""
    here = current(request)
    today = localdate()
    seen = filings.visible(request.user, here.county_code)
    parts = {
        "owed": seen.exclude(state=Filing.State.SENT),
        "late": filings.late(seen, today),
        "sent": seen.filter(state=Filing.State.SENT),
        "all": seen,
    }
    view = request.GET.get("view", "owed")
    view = view if view in VIEWS else "owed"
    kinds = {kind.name: _(kind.title) for kind in KINDS}
    periods = dict.fromkeys(seen.order_by("-since").values_list("words", flat=True))
    towns = dict(townships(here.county_code).values_list("code", "name"))
    columns = (
        Column("kind", _("报告"), "code", codes=kinds, choices=kinds, link=lambda row: reverse("filing", args=[row["id"]])),
        Column("words", _("报告期"), sort="since", choices={one: one for one in periods}),
        Column("school", _("单位"), text=lambda row: row["school"] or here.county_name),
        Column("township_code", _("乡镇"), codes=towns, choices=towns, text=lambda row: towns.get(row["township_code"], "–")),
        Column("due", _("上报期限"), "date"),
        Column("when", _("还有"), computed=True, sort="due", text=lambda row: "–" if row["state"] == "sent" else days_words(row["due"], today)),
        Column("state", _("状态"), "code", codes={name: _(words) for name, words in STATES.items()}),
        Column("sent_by__display_name", _("上报人"), text=lambda row: row["sent_by__display_name"] or "–"),
        Column("sent_on", _("上报日期"), "date", text=lambda row: f"{row['sent_on']:%Y-%m-%d}" if row["sent_on"] else "–"),
    )  # fmt: skip
    table = Table(
        request,
        "filings",
        columns,
        parts[view],
        what=_("份报告"),
        search=("school", "words"),
        search_hint=_("学校或报告期"),
        order="due,school,id",
        row_link=lambda row: reverse("filing", args=[row["id"]]),
        empty=_("没有要上报的报告。每个报告期结束的当夜自动生成，没有情况的也要零报告。"),
        caption=_("四个一报告"),
    )
    if table.wants_export:
        return export(request, table, title=_("四个一报告上报情况"))
    owed = filings.owed(request.user, here.county_code)
    return show(
        request,
        "care/filings.html",
        title=_("四个一报告：到期自动生成，谁还没有报"),
        crumbs=[(_("台账报表"), reverse("case-reports"))],
        table=table,
        views=[(_(words), f"?view={name}", parts[name].count(), name == view, name == "late") for name, words in VIEWS.items()],
        mine=owed.count(),
        mine_late=filings.late(owed, today).count(),
        assumed=[one for one in packs.ledger(here.county_code, filings.LEDGER).settings if one.assumed and one.name in {name for kind in KINDS for name in (kind.setting, kind.back_setting)}],
    )  # fmt: skip


def _found(request: SignedIn, pk: int) -> Filing:
    here = current(request)
    one = filings.visible(request.user, here.county_code).filter(pk=pk).first()
    if one is None:
        raise not_found(_("没有这份报告，或不在您的辖区内。"))
    return one


def _lines(one: Filing, county_code: str) -> list[tuple[str, list[int]]]:
    titles = {of.code: of.title for of in packs.ledgers(county_code)}
    return [
        (titles.get(code, code), [figures.get(name, 0) for name in FIGURES])
        for code, figures in one.figures.items()
    ]


@page(roles=LISTS)
def filing(request: SignedIn, pk: int) -> HttpResponseBase:
    """One report: figures, words, and who may do what."""
    here = current(request)
    one = _found(request, pk)
    kind = BY_NAME[one.kind]
    form = request.GET.get("format", "")
    if form:
        return _paper(request, one, here.county_name, form)
    today = localdate()
    titles = {of.code: of.title for of in packs.ledgers(here.county_code)}
    rows: list[dict[str, Any]] = []
    for name, figures in one.rows:
        rows.append(
            {"name": name, "cells": [(figures.get(code) or {}).get("after", 0) for code in one.figures]}
        )
    return show(
        request,
        "care/filing.html",
        title=f"{one.school or here.county_name}{_(kind.title)}（{one.words}）",
        crumbs=[(_("台账报表"), reverse("case-reports")), (_("四个一报告"), reverse("filings"))],
        one=one,
        state=_(STATES[one.state]),
        headings=[_(words) for words in FIGURES.values()],
        lines=_lines(one, here.county_code),
        ledgers=[titles.get(code, code) for code in one.figures],
        rows=rows,
        late=one.state != Filing.State.SENT and one.due < today,
        when=days_words(one.due, today) if one.state != Filing.State.SENT else "",
        why_not_send=filings.refusal_to_send(one, request.user, text="·", today=today),
        why_not_return=why_not_return(role=request.user.role, in_scope=True, state=one.state, reason="·"),
        files=[(_("Word"), "?format=docx"), (_("PDF"), "?format=pdf")],
        text=request.session.pop("filing-text", one.text),
    )


@require_POST
@page(roles=LISTS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """Send or give back."""
    one = _found(request, pk)
    text = request.POST.get("text", "")
    by, at, address = request.user, now(), client_address(request)
    try:
        if action == "send":
            filings.send(pk=one.pk, text=text, by=by, at=at, today=localdate(), address=address)
            messages.success(request, _("已上报"))
        elif action == "return":
            filings.give_back(pk=one.pk, reason=text, by=by, at=at, address=address)
            messages.success(request, _("已退回重报"))
        else:
            raise not_found(_("没有这项操作。"))
    except Refused as refusal:
        request.session["filing-text"] = text[:4000]
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("filing", args=[pk]))


def _paper(request: SignedIn, one: Filing, county: str, form: str) -> HttpResponse:
    refusal = why_not(request.user.role, Permission.EXPORT)
    if refusal:
        return refused(request, refusal)
    if form not in FORMS:
        raise not_found(_("只有 Word 和 PDF 两种格式。"))
    place = one.school or county
    name = f"{place}{BY_NAME[one.kind].title}（{one.words}）"
    table = PaperTable(
        columns=(PaperColumn("台账", 2.4), *(PaperColumn(words, 1.0, "right") for words in FIGURES.values())),
        rows=tuple((title, *map(str, numbers)) for title, numbers in _lines(one, one.county_code)),
        note=f"期间 {one.since} 至 {one.until}；数字由台账得出，生成于 {one.made_at:%Y-%m-%d}",
    )
    nothing = not any(any(numbers) for _title, numbers in _lines(one, one.county_code))
    words = "本期没有疑似辍学和辍学学生（零报告）。" if nothing else "本期台账变动如下表。"
    document = OfficialDocument(
        title=name,
        body=(Paragraph(words), table, *(Paragraph(part) for part in one.text.splitlines() if part.strip())),
        signatures=(place,),
        date=one.sent_on or localdate(),
        marked="演示数据" if settings.DEMO else "",
    )
    kind, write = FORMS[form]
    try:
        content = write(document)
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(request.path)
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("filing", str(one.pk)), detail={"form": form, "title": name}, at=now(), address=client_address(request)
    )  # fmt: skip
    return download(content, f"{name}.{form}", kind)
