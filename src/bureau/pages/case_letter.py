"""个案文书: 《限期返校通知书》 and the like, as Word or PDF, filled in from the case; handing one out is logged."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.cases import actions, letters
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_parts import SEES, case_page, found_case
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.pages.slip_document import FORMS
from bureau.people.rules import Refused
from junheng.documents.official import NoChineseFont


@require_GET
@page(roles=SEES)
def letter(request: SignedIn, pk: int, name: str, form: str) -> HttpResponse:
    """One letter of one case."""
    case = found_case(request, pk)
    if form not in FORMS:
        raise not_found(_("只有 Word 和 PDF 两种格式。"))
    kind, write = FORMS[form]
    try:
        made = letters.letter(case, name, today=localdate(), marked="演示数据" if settings.DEMO else "")
        content = write(made)
    except (Refused, NoChineseFont) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(case_page(pk))
    actions.look(case=case, by=request.user, at=now(), what=made.title, address=client_address(request))
    return download(content, f"{made.title}-{case.label}-{localdate():%Y%m%d}.{form}", kind)
