"""账号名单, roles with what they may, and areas with the people responsible there."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, page
from bureau.pages.context import show
from bureau.pages.export import export
from bureau.pages.table import Column, Table
from bureau.people import queries, rules
from bureau.people.models import Area, User
from bureau.people.rules import ROLES, Permission


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
