"""发放名单: lists of payments of other offices or earlier terms: upload, every problem, enter whole, undo whole."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.entitlements import paid_actions, paid_queries, paid_rules, paid_sheet, terms
from bureau.entitlements.paid_models import PaidList
from bureau.entitlements.queries import county_book
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.aid_words import yuan
from bureau.pages.cells import said
from bureau.pages.context import Page, current, show
from bureau.pages.export import download, export
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.pages.uploads import uploads
from bureau.payments.award_queries import in_hand
from bureau.people.rules import Permission, Refused
from bureau.people.scope import Reach
from bureau.work import aid_tasks

STATES = {str(code): str(label) for code, label in PaidList.State.choices}


def _found(here: Page, pk: int) -> PaidList:
    one = paid_queries.paid_lists(here.county_code).filter(pk=pk).first()
    if one is None or here.scope.reach not in (Reach.EVERYTHING, Reach.COUNTY):
        raise not_found(_("没有这份发放名单，或者它不对您的账号开放。"))
    return one


@page(Permission.REVIEW_AWARDS)
def lists(request: SignedIn) -> HttpResponseBase:
    """Every list of the county, with what became of it."""
    here = current(request)
    clauses = {clause.id: clause.name for clause in county_book(here.county_code).clauses}
    table = Table(
        request,
        "aid-paid",
        (
            Column("source", _("来源"), link=lambda row: reverse("aid-paid-list", args=[row["id"]])),
            Column("term", _("学期"), choices={term: term for term in _terms(here)}),
            Column("state", _("状态"), "code", codes=STATES, choices=STATES),
            Column("clause", _("资助项目"), text=lambda row: clauses.get(row["clause"], "") or _("逐行填写")),
            Column("rows", _("文件行数"), "number", unit="行"),
            Column("lines", _("入账"), "number", unit="笔"),
            Column("fen", _("金额"), "number", unit="元", text=lambda row: yuan(row["fen"])),
            Column("errors", _("错误"), "number", unit="个"),
            Column("warnings", _("提醒"), "number", unit="个", hidden=True),
            Column("by__display_name", _("上传人")),
            Column("at", _("上传时间"), "time"),
            Column("file_name", _("文件名"), hidden=True, text=lambda row: row["file_name"] or "–"),
        ),
        paid_queries.paid_lists(here.county_code),
        what=_("份名单"),
        search=("source", "file_name"),
        search_hint=_("来源、文件名"),
        order="-id",
        row_link=lambda row: reverse("aid-paid-list", args=[row["id"]]),
        empty=_("还没有发放名单。本系统批次发放的会自动计入；其他部门发放的或以往学期的，请上传 Excel。"),
        caption=_("发放名单"),
    )
    if table.wants_export:
        return export(request, table, title=_("发放名单"))
    return show(
        request,
        "aid/aid_paid.html",
        title=_("发放名单"),
        crumbs=[(_("应助尽助"), reverse("aid"))],
        table=table,
    )


def _terms(here: Page) -> list[str]:
    return [state.term.text for state in terms.terms_of(here.county_code, localdate())]


@page(Permission.REVIEW_AWARDS)
def new(request: SignedIn) -> HttpResponse:
    """Upload a list: term, source, and one clause for the whole file where its rows do not say."""
    here = current(request)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            files = uploads(request)
            if len(files) != 1:
                raise Refused(_("请选择一个文件") if not files else _("请一次上传一个文件"))
            made = paid_actions.upload(
                county_code=here.county_code,
                term=terms.parse(request.POST.get("term", "")),
                file=files[0],
                source=request.POST.get("source", ""),
                clause=request.POST.get("clause", ""),
                by=request.user,
                at=now(),
                address=client_address(request),
            )
        except (Refused, ValueError) as error:
            refusal, status = str(error), 422
        else:
            aid_tasks.read_paid_list.enqueue(made.pk)
            return HttpResponseRedirect(reverse("aid-paid-list", args=[made.pk]))
    book = county_book(here.county_code)
    clauses = [
        (clause.id, clause.name)
        for clause in book.clauses
        if clause.stages != ("教职工",) and any(here.county_code.startswith(area) for area in clause.areas)
    ]
    return show(
        request,
        "aid/aid_paid_new.html",
        title=_("上传发放名单"),
        crumbs=[(_("应助尽助"), reverse("aid")), (_("发放名单"), reverse("aid-paid"))],
        terms=_terms(here),
        clauses=clauses,
        refusal=refusal,
        given=request.POST,
        status=status,
    )


@require_GET
@page(Permission.REVIEW_AWARDS)
def template(request: SignedIn) -> HttpResponse:
    """The blank sheet."""
    return download(paid_sheet.blank_template(), "资助发放名单模板.xlsx")


@page(Permission.REVIEW_AWARDS)
def one_list(request: SignedIn, pk: int) -> HttpResponseBase:
    """One list: being read, its problems, or its lines."""
    here = current(request)
    one = _found(here, pk)
    clauses = {clause.id: clause.name for clause in county_book(here.county_code).clauses}
    names = school_names(here)
    table = Table(
        request,
        "aid-paid-lines",
        (
            Column("row", _("行"), "number"),
            Column("person_name", _("姓名"), link=lambda row: reverse("aid-child", args=[row["student_key"]]) if row["student_key"] else "", text=lambda row: row["person_name"] or _("不详")),
            Column("school_code", _("学校"), "code", codes=names, text=lambda row: names.get(row["school_code"], "") or _("不在册")),
            Column("clause", _("资助项目"), "code", codes=clauses, choices=clauses),
            Column("item", _("名单上的写法"), hidden=True, text=lambda row: row["item"] or "–"),
            Column("fen", _("金额"), "number", unit="元", text=lambda row: yuan(row["fen"])),
            Column("paid_on", _("发放日期"), "date"),
        ),
        paid_queries.lines_of(one),
        what=_("笔"),
        search=("person_name",),
        search_hint=_("姓名"),
        order="id",
        extra=("student_key",),
        empty=_("没有可以入账的行。"),
        caption=_("名单的各笔"),
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=_("发放名单明细"), searched="")
    role = request.user.role
    why = {
        "enter": paid_rules.why_not_enter(role=role, state=one.state, errors=one.errors, lines=one.lines, warnings=one.warnings, accepted=True),
        "cancel": paid_rules.why_not_cancel(role=role, state=one.state),
        "undo": paid_rules.why_not_undo(role=role, state=one.state, reason="…", from_batch=one.reference.startswith(paid_actions.BATCH)),
    }  # fmt: skip
    if one.lines:
        read_access(
            by=request.user, verb=Verb.VIEW, obj=("paid_list", str(one.pk)), detail={"shown": len(table.lines), "page": table.number},
            at=now(), address=client_address(request),
        )  # fmt: skip
    return show(
        request,
        "aid/aid_paid_list.html",
        title=one.source,
        crumbs=[(_("应助尽助"), reverse("aid")), (_("发放名单"), reverse("aid-paid"))],
        one=one,
        state=said(STATES[one.state]),
        clause=clauses.get(one.clause, ""),
        yuan=yuan(one.fen),
        problems=one.problems[:500],
        more=max(0, one.errors + one.warnings - min(500, len(one.problems))),
        table=table if one.lines else None,
        why=why,
    )


@require_GET
@page(Permission.REVIEW_AWARDS)
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """The part that asks again while the file is read."""
    one = _found(current(request), pk)
    response = show(request, "aid/aid_paid_progress.html", title="", one=one)
    if one.state != PaidList.State.READING:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@page(Permission.REVIEW_AWARDS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """入账, 取消 or 撤销."""
    one = _found(current(request), pk)
    by, at, address = request.user, now(), client_address(request)
    try:
        match action:
            case "enter":
                accepted = request.POST.get("accepted") == "1"
                paid_actions.enter(
                    of=one,
                    accepted=accepted,
                    by=by,
                    at=at,
                    today=localdate(),
                    address=address,
                    in_hand=in_hand,
                )
                messages.success(request, _("已入账，应助尽助名单已按这份名单更新。"))
            case "cancel":
                paid_actions.cancel(of=one, by=by, at=at, address=address)
                messages.success(request, _("已取消，什么也没有保存。"))
            case "undo":
                reason = request.POST.get("reason", "")
                paid_actions.undo_paid(
                    of=one, reason=reason, by=by, at=at, today=localdate(), address=address, in_hand=in_hand
                )
                messages.success(request, _("整份名单已撤销，应助尽助名单已恢复。"))
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("aid-paid-list", args=[pk]))
