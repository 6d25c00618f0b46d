"""上传的表: one page for every table of this room: template, upload, progress, every problem, what is to be confirmed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.context import current, show
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.pages.uploads import uploads
from bureau.payments import account_actions, award_sheet, file_actions, fund_sheet, results
from bureau.payments.models import AwardRound, Batch, PaymentFile
from bureau.payments.sheet_reading import Wanted, day_of
from bureau.people.rules import Permission, Refused, why_not
from bureau.work import payment_tasks
from junheng.documents.sheets import book

UNDER_WAY = ("waiting", "reading", "taking")
WAITS = 30  # seconds in the queue after which the page says that nobody seems to be working on it
COLUMNS: dict[str, tuple[Wanted, ...]] = {
    "awards": award_sheet.COLUMNS,
    "accounts": account_actions.COLUMNS,
    "result": results.COLUMNS,
    "funds": fund_sheet.COLUMNS,
}
WORDS = {
    "awards": (N("导入资助名单"), N("一行一人。学籍号、身份证件号、姓名加学校，至少能认出一人。")),
    "accounts": (N("导入收款账户"), N("一人一个账户。原来的账户自动停用，留在历史里。")),
    "result": (
        N("导入银行回盘"),
        N("全部明细的回盘，批次号、笔数和总额都要与本批次对上；银行只返回失败明细的，请在下面说明。"),
    ),
    "funds": (N("导入期初和收入"), N("一行一笔，可以写几个基金的期初余额、收入和预算。")),
}


@require_GET
@page(Permission.REPORT_AID)
def template(request: SignedIn, kind: str) -> HttpResponse:
    """空表."""
    if kind not in COLUMNS:
        raise not_found(_("没有这种表。"))
    columns = COLUMNS[kind]
    with book() as made:
        sheet = made.table(
            str(PaymentFile.Kind(kind).label),
            [one.heading for one in columns],
            [],
            [one.width for one in columns],
        )
        text = made.format("cell", num_format="@")
        for place, one in enumerate(columns):
            sheet.set_column(place, place, one.width, text)
            if one.note:
                sheet.write_comment(0, place, one.note)
    return download(made.content, f"{PaymentFile.Kind(kind).label}模板.xlsx")


@page(Permission.REPORT_AID)
def upload(request: SignedIn, kind: str, pk: int = 0) -> HttpResponse:
    """上传: `pk` is the round of an awards list, the batch of a result."""
    if kind not in COLUMNS:
        raise not_found(_("没有这种表。"))
    refusal = why_not(request.user.role, file_actions.NEEDED[PaymentFile.Kind(kind)])
    if refusal:
        return refused(request, refusal)
    here = current(request)
    round_of = (
        AwardRound.objects.filter(pk=pk, county_code=here.county_code).first() if kind == "awards" else None
    )
    batch = Batch.objects.filter(pk=pk, county_code=here.county_code).first() if kind == "result" else None
    if (kind == "awards" and round_of is None) or (kind == "result" and batch is None):
        raise not_found(_("没有这一批，或者它不在您的辖区。"))
    problem = ""
    if request.method == "POST":
        try:
            given = uploads(request, "file")
            if not given:
                raise Refused("请选择文件")
            file = file_actions.receive(
                county_code=here.county_code,
                kind=kind,
                upload=given[0],
                batch=batch,
                round=round_of,
                rest_on=_rest_on(request) if batch is not None else None,
                by=request.user,
                at=now(),
                address=client_address(request),
            )
        except Refused as wrong:
            problem = str(wrong)
        else:
            if file.size > file_actions.LARGE:
                payment_tasks.read_file.enqueue(file.pk)
            else:
                file_actions.read(file=file, today=localdate())
            return HttpResponseRedirect(reverse("payment-file", args=[file.pk]))
    words, lead = WORDS[kind]
    return show(
        request,
        "payments/upload.html",
        title=_(words),
        crumbs=_crumbs(kind, round_of, batch),
        lead=_(lead),
        kind=kind,
        problem=problem,
        columns=COLUMNS[kind],
        batch=batch,
        only_failures=request.POST.get("only_failures") == "1",
        rest_on=request.POST.get("rest_on", ""),
        today=localdate(),
        status=422 if problem else 200,
    )


def _rest_on(request: SignedIn) -> date | None:
    """“银行只返回失败明细”: the day on which all others were paid; None when the bank lists every line."""
    if request.POST.get("only_failures") != "1":
        return None
    day = day_of(request.POST.get("rest_on", ""))
    if day is None:
        raise Refused("勾选“银行只返回失败明细”的，请填写其余各笔的到账日期")
    return day


def _crumbs(kind: str, round_of: AwardRound | None, batch: Batch | None) -> list[tuple[str, str]]:
    if round_of is not None:
        return [
            (_("评审与公示"), reverse("awards")),
            (round_of.title, reverse("award-round", args=[round_of.pk])),
        ]
    if batch is not None:
        return [(_("发放批次"), reverse("batches")), (batch.title, reverse("batch", args=[batch.pk]))]
    if kind == "accounts":
        return [(_("发放批次"), reverse("batches")), (_("收款账户"), reverse("bank-accounts"))]
    return [(_("资金账"), reverse("funds"))]


def _found(request: SignedIn, pk: int) -> PaymentFile:
    rows = PaymentFile.objects.filter(pk=pk, county_code=current(request).county_code)
    if request.user.role in ("school", "township"):
        rows = rows.filter(by=request.user)
    one = rows.select_related("batch", "round", "by").first()
    if one is None:
        raise not_found(_("没有这个文件，或者它不是您上传的。"))
    return one


@require_GET
@page(Permission.REPORT_AID)
def file(request: SignedIn, pk: int) -> HttpResponse:
    """读到了什么: progress, problems, or what is to be confirmed."""
    one = _found(request, pk)
    return show(
        request,
        "payments/file.html",
        title=one.name,
        crumbs=_crumbs(one.kind, one.round, one.batch),
        why_not_take=file_actions.why_not_take(one, role=request.user.role, accepted=True),
        again=_again(one),
        **progress_of(one),
    )


def progress_of(one: PaymentFile) -> dict[str, Any]:
    """What the progress bar says."""
    nobody = one.progress == 0 and one.state in UNDER_WAY and (now() - one.at).total_seconds() > WAITS
    return {
        "file": one,
        "under_way": one.state in UNDER_WAY,
        "percent": round(one.progress * 100),
        "nobody": nobody,
    }


def _again(one: PaymentFile) -> str:
    pk = one.round_id or one.batch_id
    return (
        reverse("payment-upload-of", args=[one.kind, pk])
        if pk
        else reverse("payment-upload", args=[one.kind])
    )


@require_GET
@page(Permission.REPORT_AID)
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """The bar, asked for every second; the whole page comes anew when the file has been read."""
    one = _found(request, pk)
    if one.state not in UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "payments/file_progress.html", progress_of(one))


@require_POST
@page(Permission.REPORT_AID)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """入库 or 取消."""
    one, address = _found(request, pk), client_address(request)
    to = _crumbs(one.kind, one.round, one.batch)[-1][1]
    try:
        if action == "take":
            accepted = request.POST.get("accepted") == "1"
            if one.size > file_actions.LARGE:
                file_actions.ask_take(file=one, accepted=accepted, by=request.user)
                payment_tasks.take_file.enqueue(one.pk, request.user.pk, address)
                return HttpResponseRedirect(reverse("payment-file", args=[pk]))
            words = file_actions.take(
                file=one, accepted=accepted, by=request.user, at=now(), today=localdate(), address=address
            )
            messages.success(request, words)
        elif action == "cancel":
            file_actions.cancel(file=one, by=request.user, at=now(), address=address)
            messages.success(request, _("已取消，什么也没有入库"))
        else:
            raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
        to = reverse("payment-file", args=[pk])
    return HttpResponseRedirect(to)
