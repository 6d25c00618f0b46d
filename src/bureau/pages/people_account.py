"""一个账号: created, changed, deactivated, given a new password; the accounts of all schools at once."""

import secrets
import string
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.log import queries as log
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.people import actions, queries, rules
from bureau.people.models import Area, Organisation, User
from bureau.people.rules import ROLES, Permission, Refused
from bureau.registry.queries import known_schools
from junheng.documents.sheets import book

# No letter or digit that is read as another when it is copied from paper.
LETTERS = "".join(set(string.ascii_letters + string.digits) - set("0O1lI"))


def initial_password() -> str:
    """初始密码: thirteen characters that the rule accepts, easy to copy by hand."""
    while True:
        groups = ["".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(3)]
        password = "-".join(groups)
        if not rules.why_not_password(password):
            return password


def _form(request: SignedIn, account: User | None, asked: dict[str, str], **more: Any) -> HttpResponse:
    here = current(request)
    schools = known_schools(here.on, here.county_code) if here.on else {}
    title = account.display_name if account else _("新建账号")
    return show(
        request,
        "people/account.html",
        title=title,
        crumbs=[(_("账号"), reverse("accounts"))],
        status=422 if more.get("refusal") else 200,
        account=account,
        asked=asked,
        roles=ROLES,
        areas=Area.objects.exclude(kind="village").order_by("path"),
        organisations=queries.organisations(here.county_code, account),
        schools=sorted(schools.items(), key=lambda one: one[1]),
        read_only=rules.why_not(request.user.role, Permission.MANAGE_ACCOUNTS),
        history=log.entries(kind="account").filter(key=account.username)[:20] if account else (),
        **more,
    )


def _asked(request: SignedIn) -> dict[str, str]:
    names = ("username", "display_name", "role", "office", "area", "school_code", "organisation")
    asked = {name: request.POST.get(name, "").strip() for name in names}
    # The list of suggestions offers “code name”; the code is what counts.
    asked["school_code"] = asked["school_code"].split(" ")[0]
    return asked


def _area(asked: dict[str, str]) -> Area | None:
    return Area.objects.filter(code=asked["area"]).first() if asked["area"] else None


def _organisation(asked: dict[str, str]) -> Organisation | None:
    key = asked["organisation"]
    return Organisation.objects.filter(pk=int(key)).first() if key.isdecimal() else None


@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_ACCOUNTS)
def create(request: SignedIn) -> HttpResponse:
    """新建账号; the initial password is shown once, on the page that answers."""
    if request.method == "GET":
        return _form(request, None, {})
    asked, password = _asked(request), initial_password()
    try:
        account = actions.create_account(
            username=asked["username"],
            display_name=asked["display_name"],
            role=asked["role"],
            office=asked["office"],
            area=_area(asked),
            organisation=_organisation(asked),
            school_code=asked["school_code"],
            password=password,
            by=request.user,
            at=now(),
            address=client_address(request),
        )
    except Refused as refusal:
        return _form(request, None, asked, refusal=str(refusal))
    return _handed_over(request, account, password, _("账号已新建"))


@require_POST
@page(Permission.MANAGE_ACCOUNTS)
def create_for_schools(request: SignedIn) -> HttpResponse:
    """成批新建学校账号; the initial passwords are in the workbook that answers, and nowhere else."""
    here = current(request)
    schools = known_schools(here.on, here.county_code) if here.on else {}
    passwords = {code: initial_password() for code in schools}
    try:
        made = actions.create_school_accounts(
            schools=schools, passwords=passwords, by=request.user, at=now(), address=client_address(request)
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("accounts")
    headings = [_("学校"), _("用户名"), _("初始密码")]
    rows = [[user.display_name, user.username, passwords[user.school_code]] for user in made]
    with book() as workbook:
        workbook.table(_("学校账号"), headings, iter(rows), [30, 16, 20])
    return download(workbook.content, f"{here.county_name}{_('学校账号')}.xlsx")


def _handed_over(request: SignedIn, account: User, password: str, title: str) -> HttpResponse:
    crumbs = [(_("账号"), reverse("accounts"))]
    return show(
        request, "people/password.html", title=title, crumbs=crumbs, account=account, password=password
    )


def _found(pk: int) -> User:
    account = queries.accounts().filter(pk=pk).first()
    if account is None:
        raise not_found(_("没有这个账号"))
    return account


@require_GET
@page(Permission.SEE_ACCOUNTS)
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """一个账号: what it is, what was done to it, and the form to change it."""
    account = _found(pk)
    names = ("username", "display_name", "role", "office", "school_code")
    asked = {name: str(getattr(account, name)) for name in names}
    asked["area"] = account.area.code if account.area else ""
    asked["organisation"] = str(account.organisation_id or "")
    return _form(request, account, asked)


@require_POST
@page(Permission.MANAGE_ACCOUNTS)
def change(request: SignedIn, pk: int) -> HttpResponse:
    """修改账号."""
    account, asked = _found(pk), _asked(request)
    asked["username"] = account.username
    try:
        actions.change_account(
            account=account,
            display_name=asked["display_name"],
            role=asked["role"],
            office=asked["office"],
            area=_area(asked),
            organisation=_organisation(asked),
            school_code=asked["school_code"],
            by=request.user,
            at=now(),
            address=client_address(request),
        )
    except Refused as refusal:
        return _form(request, account, asked, refusal=str(refusal))
    messages.success(request, _("已保存“%(name)s”的修改。") % {"name": account.display_name})
    return redirect("accounts")


@require_POST
@page(Permission.MANAGE_ACCOUNTS)
def switch(request: SignedIn, pk: int) -> HttpResponse:
    """停用或启用账号."""
    account = _found(pk)
    at, address = now(), client_address(request)
    try:
        if request.POST.get("to") == "active":
            actions.reactivate_account(account=account, by=request.user, at=at, address=address)
            messages.success(request, _("已启用“%(name)s”。") % {"name": account.display_name})
        else:
            reason = request.POST.get("reason", "")
            actions.deactivate_account(
                account=account, reason=reason, by=request.user, at=at, address=address
            )
            messages.success(request, _("已停用“%(name)s”，其登录已失效。") % {"name": account.display_name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("account-edit", pk=pk)


@require_POST
@page(Permission.MANAGE_ACCOUNTS)
def reset(request: SignedIn, pk: int) -> HttpResponse:
    """重置密码; the new one is shown once."""
    account, password = _found(pk), initial_password()
    actions.reset_account(
        account=account, password=password, by=request.user, at=now(), address=client_address(request)
    )
    return _handed_over(request, account, password, _("密码已重置"))
