"""账号: who may sign in, as what and for which area; created, changed, deactivated and reset here."""

import secrets
import string
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.log import queries as log
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.export import download, export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
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


def address_of(row: Any) -> str:
    """The page of one account."""
    return reverse("account-edit", args=[row["id"]])


def _last_login(row: Any) -> str:
    return date_format(localtime(row["last_login"]), "Y-m-d H:i") if row["last_login"] else _("从未")


def columns() -> tuple[Column, ...]:
    """The columns of the list."""
    roles = {code: _(words) for code, words in ROLES.items()}
    areas = {area.code: area.name for area in Area.objects.exclude(kind="village")}
    yes_no = {"True": _("是"), "False": _("否")}
    return (
        Column("username", _("用户名"), link=address_of),
        Column("display_name", _("姓名")),
        Column("role", _("角色"), codes=roles, choices=roles),
        Column("office", _("科室"), text=lambda row: row["office"] or "–"),
        Column(
            "area__name",
            _("辖区"),
            choices=areas,
            lookup="area__code",
            sort="area__code",
            text=lambda row: row["area__name"] or "–",
        ),
        Column("school_code", _("学校标识码"), text=lambda row: row["school_code"] or "–"),
        Column("is_active", _("在用"), kind="flag", choices=yes_no),
        Column("must_change_password", _("还是初始密码"), kind="flag", choices=yes_no),
        Column("second_factor", _("双因素认证"), kind="flag", computed=True),
        Column("last_login", _("最近登录"), kind="time", text=_last_login),
    )


def _second_factors(rows: list[dict[str, Any]]) -> None:
    with_one = set(
        Authenticator.objects.filter(user__in=[row["id"] for row in rows], type=Authenticator.Type.TOTP)
        .values_list("user", flat=True)
        .distinct()
    )
    for row in rows:
        row["second_factor"] = row["id"] in with_one


@require_GET
@page(Permission.SEE_ACCOUNTS)
def accounts(request: SignedIn) -> HttpResponseBase:
    """账号名单."""
    table = Table(
        request,
        "accounts",
        columns(),
        queries.accounts(),
        what=_("个账号"),
        search=("username", "display_name", "office", "school_code"),
        search_hint=_("用户名、姓名、科室、学校标识码"),
        order="username",
        row_link=address_of,
        fill=_second_factors,
        empty=_("还没有账号。"),
    )
    if table.wants_export:
        return export(request, table, title=_("账号"), permission=Permission.SEE_ACCOUNTS)
    refusal = rules.why_not(request.user.role, Permission.MANAGE_ACCOUNTS)
    return show(request, "people/accounts.html", title=_("账号"), table=table, refusal=refusal)


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


@require_GET
@page(Permission.SEE_ACCOUNTS)
def roles(request: SignedIn) -> HttpResponse:
    """角色与权限: the table that the code itself asks."""
    rows = [
        (words, [rules.may(role, permission) for role in ROLES]) for permission, words in rules.WORDS.items()
    ]
    return show(request, "people/roles.html", title=_("角色与权限"), roles=ROLES.values(), rows=rows)


@require_GET
@page(Permission.SEE_ACCOUNTS)
def areas(request: SignedIn) -> HttpResponseBase:
    """辖区: counties, townships and villages, and who is responsible there."""
    kinds = {"county": _("县区"), "township": _("乡镇"), "village": _("村")}
    columns = (
        Column("name", _("名称"), sort="pinyin"),
        Column("code", _("代码")),
        Column("kind", _("级别"), codes=kinds, choices=kinds),
        Column("parent__name", _("上级"), sort="path", text=lambda row: row["parent__name"] or "–"),
        Column("people", _("账号"), sort=None, computed=True),
    )

    def fill(rows: list[dict[str, Any]]) -> None:
        found = User.objects.filter(area__in=[row["id"] for row in rows], is_active=True)
        names: dict[int, list[str]] = {}
        for area, name in found.values_list("area", "display_name"):
            names.setdefault(area or 0, []).append(name)
        for row in rows:
            row["people"] = "、".join(names.get(row["id"], [])) or "–"

    table = Table(
        request,
        "areas",
        columns,
        Area.objects.all(),
        what=_("个"),
        search=("name", "code", "pinyin"),
        search_hint=_("名称、拼音、代码"),
        order="path",
        fill=fill,
        empty=_("还没有载入行政区划。"),
    )
    if table.wants_export:
        return export(request, table, title=_("辖区"), permission=Permission.SEE_ACCOUNTS)
    return show(request, "people/areas.html", title=_("辖区"), table=table)
