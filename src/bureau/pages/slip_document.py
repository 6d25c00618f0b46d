"""督办单的文书: the slip or rectification notice as Word or PDF, with what the data says of what it asks."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.pages.slip import EVENT_WORDS, found_slip
from bureau.people.rules import Permission
from bureau.supervision import queries
from bureau.supervision.models import Slip
from junheng.documents.letters import (
    Finding,
    RectificationNotice,
    SlipEvent,
    SupervisionSlip,
    rectification_notice,
    supervision_slip,
)
from junheng.documents.official import NoChineseFont, OfficialDocument, official_document, official_pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"docx": (DOCX, official_document), "pdf": ("application/pdf", official_pdf)}


@require_GET
@page(Permission.SEE_PLANS)
def document(request: SignedIn, pk: int, form: str) -> HttpResponse:
    """The slip as a document."""
    one = found_slip(request, pk)
    if form not in FORMS:
        raise not_found(_("只有 Word 和 PDF 两种格式。"))
    if one.issued_at is None or one.due is None:
        raise not_found(_("发出后才有文书。"))
    issued, due = localtime(one.issued_at).date(), one.due
    kind, write = FORMS[form]
    issuer = f"{current(request).county_name}教育督导委员会办公室"
    made = (_notice if one.kind == Slip.Kind.RECTIFICATION else _slip)(one, issuer, issued, due)
    try:
        content = write(made)
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("slip", args=[pk]))
    read_access(
        by=request.user,
        verb=Verb.EXPORT,
        obj=("slip", str(one.pk)),
        detail={"form": form, "number": queries.number_of(one)},
        at=now(),
        address=client_address(request),
    )
    name = f"{one.get_kind_display()}{queries.number_of(one)}.{form}"
    return download(content, name, kind)


def _marked() -> str:
    return "演示数据" if settings.DEMO else ""


def _slip(one: Slip, issuer: str, issued: date, due: date) -> OfficialDocument:
    task = one.duty.task if one.duty else one.target.task if one.target else None
    return supervision_slip(
        SupervisionSlip(
            number=queries.number_of(one),
            issuer=issuer,
            task=one.title,
            plan=f"{task.plan.title}{task.plan.document_number}" if task else one.basis,
            clause=task.section if task else "",
            target=one.target.indicator if one.target else "",
            requirement=one.requirement,
            lead=one.organisation.name,
            supporting=tuple(one.supports.values_list("name", flat=True)),
            person=one.organisation.head,
            issued_on=issued,
            deadline=due,
            working_days=one.working_days,
            current=str(one.target.outlook.get("sentence", "")) if one.target else "",
            level=one.get_level_display(),
            events=tuple(
                SlipEvent(
                    on=localtime(event.at).date(),
                    kind=EVENT_WORDS.get(event.what, event.what),
                    by=event.by.display_name if event.by else "系统",
                    text=event.text,
                )
                for event in one.events.select_related("by")
            ),
            marked=_marked(),
        )
    )


def _notice(one: Slip, issuer: str, issued: date, due: date) -> OfficialDocument:
    return rectification_notice(
        RectificationNotice(
            issuer=issuer,
            number=queries.number_of(one),
            title=f"关于{one.title}的整改通知书",
            recipients=(one.organisation.name,),
            basis=one.basis,
            inspection=one.inspection.title if one.inspection else "",
            findings=(
                Finding(
                    problem=one.finding,
                    requirement=one.requirement,
                    basis=one.basis,
                    deadline=due,
                    unit=one.organisation.name,
                ),
            ),
            report_by=due,
            date=issued,
            copies=tuple(one.supports.values_list("name", flat=True)),
            marked=_marked(),
        )
    )
