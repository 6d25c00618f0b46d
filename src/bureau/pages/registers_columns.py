"""各列读作什么: what each column of an outside register was taken for, and choosing otherwise."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.links import rereading, rules
from bureau.pages.access import SignedIn, page
from bureau.pages.context import show
from bureau.pages.registers import sheet_title
from bureau.pages.registers_one import found_register
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from bureau.work import link_tasks


@page(Permission.SEE_AID)
def columns(request: SignedIn, pk: int) -> HttpResponse:
    """Every worksheet with its columns; saving reads the files again."""
    of = found_register(request, pk)
    sheets = rereading.sheets_of(of)
    asked = [
        {
            column["place"]: request.POST.get(f"c{at}-{column['place']}", column["name"])
            for column in one.columns
        }
        for at, one in enumerate(sheets)
    ]
    problems: list[str] = []
    if request.method == "POST":
        try:
            rereading.choose(
                register=of, chosen=asked, by=request.user, at=now(), address=client_address(request)
            )
        except Refused as refusal:
            problems = str(refusal).split("\n")
        else:
            link_tasks.read_register.enqueue(of.pk)
            messages.success(request, _("正在按改选的各列重新读取并比对。"))
            return HttpResponseRedirect(reverse("register", args=[of.pk]))
    return show(
        request,
        "links/columns.html",
        title=_("各列读作什么"),
        crumbs=[
            (_("名册比对"), reverse("registers")),
            (f"{sheet_title(of.source)} {of.day}", reverse("register", args=[of.pk])),
        ],
        of=of,
        problems=problems,
        sheets=[
            (
                one,
                [(f"c{at}-{column['place']}", column, asked[at][column["place"]]) for column in one.columns],
            )
            for at, one in enumerate(sheets)
        ],
        offered=rereading.offered(of.source).items(),
        why_not=rules.why_not_choose(request.user.role, of.state, in_county=True, source=of.source),
    )
