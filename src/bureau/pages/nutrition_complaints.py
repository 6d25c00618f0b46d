"""投诉: received, answered within its working days, checked by another person."""

from datetime import date
from secrets import token_bytes
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.nutrition import complaints, programme, queries, supply_rules
from bureau.nutrition.models import Complaint
from bureau.nutrition.states import COMPLAINT_WORDS
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import opened, school_names, with_school
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused, why_not
from bureau.people.secret import mask_name
from bureau.workdays.queries import calendar

WAYS = {str(code): str(words) for code, words in Complaint.Way.choices}
TOPICS = {str(code): str(words) for code, words in Complaint.Topic.choices}
FIELDS = ("school", "received_on", "way", "topic", "text", "person")


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_AID)
def listing(request: SignedIn) -> HttpResponse:
    """The list by deadline, and the form for one more."""
    here, today = current(request), localdate()
    names = school_names(here)
    asked = {name: request.POST.get(name, "").strip() for name in FIELDS}
    refusal = ""
    if request.method == "POST":
        try:
            made = complaints.receive_complaint(
                county_code=here.county_code, school_code=asked["school"], received_on=_day(asked["received_on"]), way=asked["way"],
                topic=asked["topic"], text=asked["text"], person=asked["person"], by=request.user, at=now(), today=today,
                number=supply_rules.number_of(token_bytes(8)),
                address=client_address(request),
            )  # fmt: skip
        except Refused as refused:
            refusal = str(refused)
        else:
            words = _("已受理，%(due)s 前答复；请把查询编号 %(number)s 告诉反映人")
            messages.success(request, words % {"due": made.due, "number": made.number})
            return HttpResponseRedirect(reverse("nutrition-complaint", args=[made.pk]))
    else:
        asked["received_on"] = today.isoformat()
    if len(names) == 1:
        asked["school"] = next(iter(names))
    table = _table(request, names, today)
    if table.wants_export:
        return export(request, table, title=_("营养改善投诉"))
    days, said = programme.complaint_days(here.county_code)
    return show(
        request,
        "nutrition/complaints.html",
        title=_("投诉"),
        crumbs=[(_("营养改善"), reverse("nutrition"))],
        status=422 if refusal else 200,
        table=table,
        asked=asked,
        refusal=refusal,
        schools=names,
        ways=WAYS,
        topics=TOPICS,
        days=days,
        said=said,
        why_not_add=why_not(request.user.role, Permission.REPORT_AID),
    )


def _table(request: SignedIn, names: Any, today: date) -> Table:
    here, working = current(request), calendar()
    beside = with_school(names)

    def fill(found: list[dict[str, Any]]) -> None:
        beside(found)
        for row in found:
            late = row["state"] == "open" and row["due"] < today
            row["standing"] = "已超期" if late else COMPLAINT_WORDS[row["state"]]
            left = working.between(today, row["due"])
            row["left"] = (
                "–"
                if row["state"] != "open"
                else _("逾期 %(n)s 个工作日") % {"n": -left}
                if left < 0
                else _("%(n)s 个工作日") % {"n": left}
            )

    return Table(
        request,
        "complaints",
        (
            Column("received_on", _("受理日期"), "date"),
            Column("school_name", _("学校"), computed=True, sort="school_code"),
            Column("topic", _("事由"), codes=TOPICS, choices=TOPICS),
            Column("text", _("反映内容"), text=lambda row: row["text"][:60]),
            Column("way", _("来源"), codes=WAYS, choices=WAYS),
            Column("due", _("答复期限"), "date"),
            Column("left", _("剩余"), computed=True, sort="due"),
            Column("answered_on", _("答复日期"), "date", hidden=True),
            Column("number", _("查询编号"), hidden=True, text=lambda row: row["number"] or "–"),
            Column(
                "standing", _("状态"), "verdict", computed=True, sort="state", lookup="state",
                choices={state: _(words) for state, words in COMPLAINT_WORDS.items()},
            ),
        ),
        queries.complaints(here.county_code).filter(school_code__in=list(names)),
        what=_("件"),
        search=("text", "answer", "number"),
        search_hint=_("反映内容、答复、查询编号"),
        order="-state,due,id",
        extra=("school_code", "state", "due"),
        fill=fill,
        row_link=lambda row: reverse("nutrition-complaint", args=[row["id"]]),
        empty=_("没有投诉。"),
        caption=_("投诉名单"),
    )  # fmt: skip


def _found(request: SignedIn, pk: int) -> Complaint:
    here = current(request)
    one = (
        queries.complaints(here.county_code)
        .select_related("by", "answered_by", "closed_by")
        .filter(pk=pk, school_code__in=here.schools().values("school_code"))
        .first()
    )
    if one is None:
        raise not_found(_("没有这件投诉，或学校不在您的辖区。"))
    return one


@require_GET
@page(Permission.SEE_AID)
def complaint(request: SignedIn, pk: int) -> HttpResponse:
    """One complaint."""
    one, by, today = _found(request, pk), request.user, localdate()
    names = school_names(current(request))
    return show(
        request,
        "nutrition/complaint.html",
        title=_("%(school)s：%(topic)s投诉")
        % {"school": names.get(one.school_code, one.school_code), "topic": _(TOPICS[one.topic])},
        crumbs=[(_("营养改善"), reverse("nutrition")), (_("投诉"), reverse("nutrition-complaints"))],
        one=one,
        person=mask_name(opened(one.person)),
        state="已超期" if one.state == "open" and one.due < today else COMPLAINT_WORDS[one.state],
        late=bool(one.answered_on and one.answered_on > one.due),
        why_not_answer=supply_rules.why_not_answer(by=by, mine=True, state=one.state, text="-"),
        why_not_close=supply_rules.why_not_check_complaint(
            by=by, state=one.state, answered_by=one.answered_by_id, back=False
        ),
        why_not_return=supply_rules.why_not_check_complaint(
            by=by, state=one.state, answered_by=one.answered_by_id, back=True, reason="-"
        ),
    )


@require_POST
@page(Permission.SEE_AID)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """答复、办结、退回."""
    one, text = _found(request, pk), request.POST.get("text", "")
    by, at, address = request.user, now(), client_address(request)
    try:
        match action:
            case "answer":
                complaints.answer_complaint(
                    complaint=one, text=text, by=by, at=at, today=localdate(), address=address
                )
                messages.success(request, _("已答复，请教育局另一人复核"))
            case "close" | "return":
                complaints.settle_complaint(
                    complaint=one, back=action == "return", reason=text, by=by, at=at, address=address
                )
                messages.success(request, _("已退回") if action == "return" else _("已办结"))
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("nutrition-complaint", args=[pk]))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None
