"""一个批次: its lines, who may do what next, the file for the bank, what the bank answered, receipts."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET, require_POST

from bureau.entitlements import lists
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.awards_shared import BUREAU_ONLY, amount, in_yuan, looked, performed
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import XLSX, download, export
from bureau.pages.later import later, takes_long, tell
from bureau.pages.remember import remembered
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.payments import bank_file, fund_queries, money, receipts
from bureau.payments import batch_actions as actions
from bureau.payments import batch_queries as queries
from bureau.payments import batch_rules as rules
from bureau.payments.models import Batch
from bureau.payments.models.funds import Source
from bureau.payments.states import BATCH_WORDS, LINE_WORDS
from bureau.people.rules import Permission
from junheng.documents.official import NoChineseFont, official_pdf

EVENT_WORDS = {
    "draft": N("制批次"),
    "submit": N("报审"),
    "approve": N("审批通过"),
    "send_back": N("退回修改"),
    "send": N("已送银行"),
    "settle": N("回盘入账"),
    "give_back": N("登记退回"),
    "void": N("作废"),
}
DONE_WORDS = {
    "submit": N("已报审，请另一人审批"),
    "approve": N("已审批，可以导出代发文件"),
    "send-back": N("已退回修改"),
    "send": N("已登记送银行，等待回盘"),
    "void": N("已作废，名单回到待列批次"),
}


def found_batch(request: SignedIn, pk: int) -> Batch:
    """The batch, if it is the county's."""
    found = queries.batches(current(request).county_code).filter(pk=pk).first()
    if found is None:
        raise not_found(_("没有这个批次，或者它不在您的辖区。"))
    return found


def _award(row: Row) -> str:
    return reverse("award", args=[row["award"]])


def _line(row: Row) -> str:
    return reverse("batch-line", args=[row["id"]])


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def batch(request: SignedIn, pk: int) -> HttpResponseBase:
    """一个批次."""
    one, by = found_batch(request, pk), request.user
    rows = in_yuan(one.lines.all())

    def fill(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            line["standing"] = LINE_WORDS[line["state"]]
            line["tail"] = f"…{line['account__number_tail']}"

    table = Table(
        request,
        "lines",
        (
            Column("position", _("序号"), kind="number", link=_line),
            Column("award__person_name", _("受助人"), sort="award__pinyin", link=_award),
            Column("award__school_name", _("学校"), sort="award__school_code"),
            amount(),
            Column("account__holder_name", _("户名")),
            Column("tail", _("账号"), computed=True, note=_("只显示后四位；查看完整账号须填写事由")),
            Column("account__bank", _("开户行"), hidden=True),
            Column(
                "standing",
                _("状态"),
                kind="verdict",
                computed=True,
                sort="state",
                lookup="state",
                choices=LINE_WORDS,
            ),
            Column(
                "paid_on",
                _("到账"),
                kind="date",
                text=lambda row: f"{row['paid_on']:%Y-%m-%d}" if row["paid_on"] else "–",
            ),
            Column("reason", _("银行说明"), text=lambda row: row["reason"] or "–"),
        ),
        rows,
        what=_("笔"),
        search=("award__person_name", "award__school_name", "account__holder_name"),
        search_hint=_("姓名、学校、户名"),
        order="position",
        extra=("award", "state", "account__number_tail"),
        row_link=_line,
        fill=fill,
        caption=_("发放明细"),
    )
    if table.wants_export:
        return export(request, table, title=f"{one.title}{_('发放明细')}")
    looked(
        request,
        ("batch", str(pk)),
        {"shown": len(table.lines), "page": table.number, "filters": table.chosen},
    )
    return show(
        request,
        "payments/batch.html",
        title=one.title,
        crumbs=[(_("发放批次"), reverse("batches"))],
        batch=one,
        number=queries.number_of(one),
        standing=BATCH_WORDS[one.state],
        yuan=money.yuan(one.fen),
        table=table,
        tabs=[(LINE_WORDS[state], n, money.yuan(fen)) for state, (n, fen) in queries.counts(one).items()],
        moves=[
            (move, f"{Source(move.debit.source).label}", money.yuan(move.fen))
            for move in one.movements.select_related("debit")
        ],
        balances=[
            (row.source_words, money.yuan(row.budgeted))
            for row in fund_queries.balances(one.county_code, fund=one.fund)
            if row.source
        ],
        events=[
            (event, _(EVENT_WORDS.get(event.what, event.what))) for event in one.events.select_related("by")
        ],
        files=one.files.select_related("by")[:10],
        **_refusals(one, by),
    )


def _doubt(one: Batch) -> str | None:
    """What the approver should look at; counted again only when an evaluation or its payments have changed."""
    if one.state not in ("draft", "submitted"):
        return None
    stamps = [(each.pk, each.settled_at) for each in lists.evaluated(one.county_code)]
    positions = remembered(
        f"batch {one.pk} {one.state} {stamps}", "no longer due", lambda: queries.no_longer_due(one)
    )
    return rules.doubt(positions)


def _refusals(one: Batch, by: Any) -> dict[str, Any]:
    role = by.role
    why_not_export, why_not_send = actions.why_not_to_bank(one, by_role=role)
    return {
        "doubt": _doubt(one),
        "why_not_submit": rules.why_not_submit(one, by_role=role),
        "why_not_approve": actions.why_not_approve(one, by=by),
        "why_not_send_back": rules.why_not_send_back(one, by_role=role, reason="-"),
        "why_not_void": rules.why_not_void(one, by_role=role, reason="-"),
        "why_not_export": why_not_export,
        "why_not_send": why_not_send,
        "why_not_result": rules.why_not_result(one, by_role=role),
    }


@require_POST
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """报审, 审批, 退回, 送银行, 作废."""
    one, by, at, today, address = (
        found_batch(request, pk),
        request.user,
        now(),
        localdate(),
        client_address(request),
    )
    text = request.POST.get("text", "")
    steps: dict[str, Callable[[], object]] = {
        "submit": lambda: actions.submit(batch=one, by=by, at=at, today=today, address=address),
        "approve": lambda: actions.approve(
            batch=one, remark=text, by=by, at=at, today=today, address=address
        ),
        "send-back": lambda: actions.send_back(batch=one, reason=text, by=by, at=at, address=address),
        "send": lambda: actions.send(batch=one, by=by, at=at, address=address),
        "void": lambda: actions.void(batch=one, reason=text, by=by, at=at, today=today, address=address),
    }
    if action not in steps:
        raise not_found(_("没有这个操作。"))
    return performed(request, steps[action], _(DONE_WORDS[action]), reverse("batch", args=[pk]))


@require_GET
@page(Permission.REVIEW_AWARDS)
def bank(request: SignedIn, pk: int) -> HttpResponse:
    """代发文件 for the bank, account numbers in clear: logged, and made by the worker when it is long."""
    one = found_batch(request, pk)
    refusal = actions.why_not_export(one, by_role=request.user.role)
    if refusal:
        return refused(request, refusal)
    if takes_long(request, one.lines_count):
        return later(request, title=f"{queries.number_of(one)}代发文件", rows=one.lines_count)
    ending, content = bank_file.content_of(one, progress=tell(request))
    looked(
        request,
        ("batch", str(pk)),
        {"file": one.template.name, "lines": one.lines_count, "fen": one.fen},
        verb=Verb.EXPORT,
    )
    kind = XLSX if ending == "xlsx" else "text/csv"
    return download(content, f"{queries.number_of(one)}代发文件.{ending}", kind)


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def receipt(request: SignedIn, pk: int, form: str) -> HttpResponse:
    """发放回单 of a batch: as PDF by school with places to sign; as Excel line by line, made by the worker when it is long."""
    one = found_batch(request, pk)
    if form not in ("pdf", "xlsx") or one.state != "settled":
        raise not_found(_("银行回盘入账后才有回单。"))
    name = f"{queries.number_of(one)}发放回单.{form}"
    marked = "演示数据" if settings.DEMO else ""
    if form == "xlsx":
        if takes_long(request, one.lines_count):
            return later(request, title=f"{queries.number_of(one)}发放回单", rows=one.lines_count)
        made = receipts.workbook(one, marked=marked, progress=tell(request))
        looked(request, ("batch", str(pk)), {"receipt": form, "lines": one.lines_count}, verb=Verb.EXPORT)
        return download(made, name)
    looked(request, ("batch", str(pk)), {"receipt": form}, verb=Verb.EXPORT)
    settled = localtime(one.settled_at).date() if one.settled_at else localdate()
    document = receipts.document(
        one, issuer=f"{current(request).county_name}教育体育局", day=settled, marked=marked
    )
    try:
        return download(official_pdf(document), name, "application/pdf")
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("batch", args=[pk]))
