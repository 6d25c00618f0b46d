"""代发文件格式: the columns each bank asks for, as data."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, page
from bureau.pages.awards_shared import BUREAU_ONLY
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.payments import batch_actions as actions
from bureau.payments import batch_queries as queries
from bureau.payments import batch_rules as rules
from bureau.payments.models import BankTemplate
from bureau.people.rules import Permission, Refused, why_not

PLACES = 14


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def listing(request: SignedIn) -> HttpResponse:
    """各格式 with their columns in order."""
    return show(
        request,
        "payments/templates.html",
        title=_("代发文件格式"),
        crumbs=[(_("发放批次"), reverse("batches"))],
        templates=queries.templates(current(request).county_code).select_related("by"),
        edits=why_not(request.user.role, Permission.REVIEW_AWARDS),
    )


@page(Permission.REVIEW_AWARDS)
def create(request: SignedIn) -> HttpResponse:
    """新格式, from nothing or from another (`?like=`)."""
    here = current(request)
    refusal = ""
    name, form, encoding, tab = (request.POST.get(key, "") for key in ("name", "form", "encoding", "tab"))
    columns: list[dict[str, Any]] = list(rules.STANDARD)
    like = request.GET.get("like", "")
    if like.isdecimal() and len(like) < 10:
        model = queries.templates(here.county_code).filter(pk=int(like)).first()
        columns = list(model.columns) if model else columns
    if request.method == "POST":
        columns = _columns(request)
        try:
            actions.save_template(
                county_code=here.county_code, name=name, columns=columns, form=form, encoding=encoding, tab=tab or "代发明细",
                by=request.user, at=now(), address=client_address(request),
            )  # fmt: skip
        except Refused as wrong:
            refusal = str(wrong)
        else:
            messages.success(request, _("已存代发文件格式"))
            return HttpResponseRedirect(reverse("bank-templates"))
    blank: dict[str, Any] = {"field": "", "heading": "", "form": "text"}
    return show(
        request,
        "payments/template_new.html",
        title=_("新代发文件格式"),
        crumbs=[(_("发放批次"), reverse("batches")), (_("代发文件格式"), reverse("bank-templates"))],
        places=[*columns, *[blank] * (PLACES - len(columns))],
        fields=rules.FIELDS.items(),
        forms=BankTemplate.Form.choices,
        encodings=BankTemplate.Encoding.choices,
        asked={
            "name": name,
            "form": form or "xlsx",
            "encoding": encoding or "gb18030",
            "tab": tab or "代发明细",
        },
        refusal=refusal,
        status=422 if refusal else 200,
    )


def _columns(request: SignedIn) -> list[dict[str, str]]:
    fields, headings, forms = (request.POST.getlist(name) for name in ("field", "heading", "cell_form"))
    found = []
    for place, field in enumerate(fields[: PLACES * 2]):
        if field:
            heading = headings[place].strip() if place < len(headings) else ""
            form = forms[place] if place < len(forms) and forms[place] in rules.FORMS else "text"
            found.append({"field": field, "heading": heading or rules.FIELDS.get(field, ""), "form": form})
    return found
