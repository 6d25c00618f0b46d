"""通报的 Word 和 PDF, for editing on and for sending out; drafts say that they are drafts."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.bulletins import queries
from bureau.bulletins.document import bulletin_document
from bureau.bulletins.rules import period_words
from bureau.bulletins.states import State
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.bulletin import found_bulletin
from bureau.pages.context import current
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.people.models import Organisation
from bureau.people.rules import Permission
from junheng.documents.official import NoChineseFont, official_document, official_pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"docx": (DOCX, official_document), "pdf": ("application/pdf", official_pdf)}
BUREAUS = ("教育体育局", "教育局", "教育和体育局", "教育科技局")
DRAFT_MARKS = {State.DRAFT: "拟稿", State.SUBMITTED: "送签稿", State.WITHDRAWN: "已撤回"}


def bureau_name(county_code: str, county_name: str) -> str:
    """The full name of the county's bureau of education, by its register of units."""
    found = Organisation.objects.filter(county_code=county_code, name__in=BUREAUS, active=True).first()
    return f"{county_name}{found.name if found else BUREAUS[1]}"


@require_GET
@page(Permission.SEE_PLANS)
def document(request: SignedIn, pk: int, form: str) -> HttpResponse:
    """The bulletin as a document."""
    one = found_bulletin(request, pk)
    if form not in FORMS:
        raise not_found(_("只有 Word 和 PDF 两种格式。"))
    here = current(request)
    kind, write = FORMS[form]
    issuer = bureau_name(one.county_code, here.county_name)
    marked = "　".join(
        part for part in ("演示数据" if settings.DEMO else "", DRAFT_MARKS.get(State(one.state), "")) if part
    )
    made = bulletin_document(
        one,
        queries.sections(one),
        queries.figures(one),
        issuer=issuer,
        head=f"{issuer}文件" if one.number else "",
        day=localtime(one.issued_at).date() if one.issued_at else localdate(),
        marked=marked,
    )
    try:
        content = write(made)
    except NoChineseFont as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("bulletin", args=[pk]))
    read_access(
        by=request.user,
        verb=Verb.EXPORT,
        obj=("bulletin", str(one.pk)),
        detail={"form": form, "title": one.title},
        at=now(),
        address=client_address(request),
    )
    name = f"{here.county_name}{period_words(one.kind, one.year, one.part)}{one.get_kind_display()}.{form}"
    return download(content, name, kind)
