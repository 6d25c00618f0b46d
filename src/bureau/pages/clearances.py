"""专门授权: the named accounts that may see assessments and screening results; given and taken by an administrator, twice thought."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, page
from bureau.pages.context import show
from bureau.pages.sign_in import client_address
from bureau.people import clearances as actions
from bureau.people.models import Clearance, User
from bureau.people.rules import Permission, Refused


@page(Permission.MANAGE_ACCOUNTS)
def clearances(request: SignedIn) -> HttpResponse:
    """The list with its reasons; grant and withdraw."""
    problem = ""
    asked = {
        name: request.POST.get(name, "").strip() for name in ("account", "kind", "reason", "again", "pk")
    }
    if request.method == "POST":
        try:
            _do(request, asked)
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("已保存，记入审计日志"))
            return HttpResponseRedirect(request.path)
    return show(
        request,
        "cases/clearances.html",
        title=_("专门授权：谁可以看评估和筛查"),
        held=actions.clearances(),
        past=actions.clearances(in_force=False).exclude(withdrawn_at=None)[:100],
        kinds=Clearance.Kind.choices,
        accounts=User.objects.filter(is_active=True).exclude(role="administrator").order_by("display_name"),
        asked=asked if problem else {},
        problem=problem,
        status=422 if problem else 200,
    )


def _do(request: SignedIn, asked: dict[str, str]) -> None:
    by, at, address = request.user, now(), client_address(request)
    if asked["pk"]:
        row = (
            Clearance.objects.filter(pk=int(asked["pk"])).first()
            if asked["pk"].isdigit() and len(asked["pk"]) < 15
            else None
        )
        if row is None:
            raise Refused("没有这条授权")
        actions.withdraw(pk=row.pk, reason=asked["reason"], by=by, at=at, address=address)
        return
    user = User.objects.filter(username=asked["account"]).first()
    if user is None:
        raise Refused("请从列表里选择账号")
    actions.grant(user=user, kind=asked["kind"], reason=asked["reason"], again=asked["again"], by=by, at=at, address=address)  # fmt: skip
