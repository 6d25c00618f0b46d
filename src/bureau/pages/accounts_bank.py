"""收款账户（一卡通）: whose account money goes to; numbers masked, shown whole only with a reason."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_shared import looked, performed
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.record import REASONS
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.payments import account_actions as actions
from bureau.payments import account_rules as rules
from bureau.payments.models import BankAccount
from bureau.payments.models.awards import PERSON_KINDS
from bureau.payments.persons import Asked, Person, by_keys, find
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, why_not
from bureau.people.scope import Reach, scope_of
from bureau.registry.queries import rows_on


def _address(row: Row) -> str:
    return reverse("bank-account", args=[row["id"]])


def visible(user: User, request: SignedIn) -> Any:
    """账户 of the county's people whom the account may see; a school's and a township's by the register."""
    here = current(request)
    rows = BankAccount.objects.filter(county_code=here.county_code).defer("number")
    scope = scope_of(user)
    if scope.reach in (Reach.EVERYTHING, Reach.COUNTY):
        return rows
    if here.on is None:
        return rows.none()
    schools = rows_on("schools", here.on, here.county_code)
    people = [
        rows_on(sheet, here.on, here.county_code).filter(scope.rows(schools)).values("key")
        for sheet in ("students", "teachers")
    ]
    return rows.filter(person_kind="student", person_key__in=people[0]) | rows.filter(
        person_kind="teacher", person_key__in=people[1]
    )


@require_GET
@page(Permission.SEE_AID)
def listing(request: SignedIn) -> HttpResponseBase:
    """在用的账户."""
    here = current(request)
    rows = visible(request.user, request).filter(until=None)
    kinds = dict(PERSON_KINDS)

    def fill(lines: list[dict[str, Any]]) -> None:
        people: dict[str, Person] = {}
        for kind in kinds:
            people |= by_keys(
                here.county_code, kind, (line["person_key"] for line in lines if line["person_kind"] == kind)
            )
        for line in lines:
            person = people.get(line["person_key"])
            line["name"] = person.name if person else _("（名册里已没有）")
            line["school"] = person.school_name if person else "–"
            line["tail"] = f"…{line['number_tail']}"

    table = Table(
        request,
        "bank_accounts",
        (
            Column("name", _("受助人"), computed=True, link=_address),
            Column("school", _("学校"), computed=True),
            Column("person_kind", _("对象"), codes=kinds, choices=kinds),
            Column("holder_name", _("户名")),
            Column("relation", _("与受助人关系"), choices={one: one for one in rules.RELATIONS}),
            Column("tail", _("账号"), computed=True, note=_("只显示后四位")),
            Column("bank", _("开户行")),
            Column("since", _("启用"), kind="date"),
        ),
        rows,
        what=_("个账户"),
        search=("holder_name", "bank", "number_tail"),
        search_hint=_("户名、账号后四位、开户行"),
        order="-id",
        extra=("person_key", "person_kind", "number_tail"),
        row_link=_address,
        fill=fill,
        empty=_("还没有登记收款账户。可以逐个登记，或下载模板填好后导入。"),
        caption=_("收款账户"),
    )
    if table.wants_export:
        return export(request, table, title=_("收款账户"))
    looked(request, ("bank_account", ""), {"shown": len(table.lines), "page": table.number})
    return show(
        request,
        "payments/accounts.html",
        title=_("收款账户"),
        crumbs=[(_("发放批次"), reverse("batches"))]
        if request.user.role not in ("school", "township")
        else [(_("评审与公示"), reverse("awards"))],
        table=table,
        enters=why_not(request.user.role, Permission.REPORT_AID),
        relations=rules.RELATIONS,
        kinds=PERSON_KINDS,
    )


@require_POST
@page(Permission.REPORT_AID)
def create(request: SignedIn) -> HttpResponse:
    """登记或更换一个账户."""
    here = current(request)
    kind = request.POST.get("person_kind", "student")

    def do() -> None:
        asked = Asked(
            number=request.POST.get("number", "").strip(), id_number=request.POST.get("id_number", "").strip(),
            name=request.POST.get("name", "").strip(), school=request.POST.get("school", "").strip(),
        )  # fmt: skip
        person = find(here.county_code, kind if kind in dict(PERSON_KINDS) else "student", [asked])[0]
        if isinstance(person, str):
            raise Refused(person)
        _set(request, person)

    return performed(request, do, _("已登记账户"), reverse("bank-accounts"))


def _set(request: SignedIn, person: Person) -> None:
    given = actions.Given(
        person,
        request.POST.get("account", ""),
        request.POST.get("bank", ""),
        request.POST.get("holder", ""),
        request.POST.get("relation", ""),
    )
    actions.set_account(
        county_code=current(request).county_code, given=given, reason=request.POST.get("reason", ""), by=request.user, at=now(), today=localdate(),
        address=client_address(request),
    )  # fmt: skip


def _found(request: SignedIn, pk: int) -> tuple[BankAccount, Person | None]:
    one = visible(request.user, request).filter(pk=pk).select_related("by").first()
    if one is None:
        raise not_found(_("没有这个账户，或者它不在您的辖区。"))
    return one, by_keys(one.county_code, one.person_kind, [one.person_key]).get(one.person_key)


@page(Permission.SEE_AID)
def account(request: SignedIn, pk: int) -> HttpResponse:
    """一个人的账户 and its history; a POST with a reason shows the whole number."""
    one, person = _found(request, pk)
    number, problem = "", ""
    if request.method == "POST":
        reason = request.POST.get("reason_other", "").strip() or request.POST.get("reason", "").strip()
        try:
            number = actions.reveal(
                account=one, reason=reason, by=request.user, at=now(), address=client_address(request)
            )
        except Refused as refusal:
            problem = str(refusal)
    else:
        looked(request, ("bank_account", str(pk)), {"person": one.person_key})
    history = BankAccount.objects.filter(
        county_code=one.county_code, person_kind=one.person_kind, person_key=one.person_key
    )
    name = person.name if person else _("（名册里已没有）")
    return show(
        request,
        "payments/account.html",
        title=_("%(name)s的收款账户") % {"name": name},
        crumbs=[(_("收款账户"), reverse("bank-accounts"))],
        account=one,
        person=person,
        number=number,
        problem=problem,
        history=history.defer("number").select_related("by"),
        reasons=REASONS,
        reveals=why_not(request.user.role, Permission.REVEAL),
        enters=why_not(request.user.role, Permission.REPORT_AID)
        or (None if person else _("名册里已没有这个人，不能更换账户")),
        relations=rules.RELATIONS,
        shared=BankAccount.objects.filter(
            county_code=one.county_code, number_lookup=one.number_lookup, until=None
        )
        .exclude(person_key=one.person_key)
        .count(),
        status=422 if problem else 200,
    )


@require_POST
@page(Permission.REPORT_AID)
def replace(request: SignedIn, pk: int) -> HttpResponse:
    """更换账户: the one before ends and stays in the history."""
    _one, person = _found(request, pk)

    def do() -> None:
        if person is None:
            raise Refused("名册里已没有这个人，不能更换账户")
        _set(request, person)

    return performed(request, do, _("已更换账户"), reverse("bank-accounts"))
