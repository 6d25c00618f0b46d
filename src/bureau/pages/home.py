"""工作台: what waits for this account, and how the county's registers stand."""

from typing import Any

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.gaps import queries as ledger
from bureau.pages import aid_cockpit, duties, filings_owed, slips_owed
from bureau.pages.access import SignedIn, page
from bureau.pages.context import Page, current, show
from bureau.pages.imports import visible
from bureau.pages.remember import remembered
from bureau.people.rules import Permission, may
from bureau.people.scope import Reach

REGISTERS = (
    ("schools", "schools", N("所学校（机构）")),
    ("classes", "classes", N("个班级")),
    ("students", "students", N("名学生")),
    ("teachers", "teachers", N("名教职工")),
)


@page()
def home(request: SignedIn) -> HttpResponse:
    """The first page after signing in."""
    here = current(request)
    role = request.user.role
    sees = may(role, Permission.SEE_SCHOOLS)
    return show(
        request,
        "home.html",
        title=_("工作台"),
        sees=sees,
        waiting=_waiting(here) if sees else [],
        gaps=[*_gaps(here), *aid_cockpit.desk(here)] if sees else [],
        duties=[
            *duties.summary(here),
            *slips_owed.summary(here, today=localdate()),
            *filings_owed.summary(here, today=localdate()),
        ],
        registers=_registers(here) if sees and here.on else [],
        recent=list(visible(here).select_related("by")[:5]) if sees else [],
        can_import=may(role, Permission.IMPORT),
        doors=[] if sees else _doors(role),
    )


def _waiting(here: Page) -> list[Any]:
    """Imports that wait for somebody."""
    return list(
        visible(here)
        .filter(state__in=("received", "reading", "in_review", "committing", "undoing"))
        .select_related("by")[:10]
    )


def _gaps(here: Page) -> list[dict[str, Any]]:
    """Lines of the gap ledger that wait for somebody; nothing waits, nothing is listed."""
    counts = ledger.view_counts(ledger.all_of(here.user, here.county_code), today=localdate())
    words = {
        "solved": _("条缺口的数据已达标，待第二人复核"),
        "contradiction": _("条“已报完成”但数据仍有缺口"),
        "overdue": _("条缺口已超过期限"),
        "unplanned": _("条缺口还没有整改计划"),
    }
    address = reverse("gaps")
    return [
        {"count": counts[view], "what": what, "address": f"{address}?view={view}"}
        for view, what in words.items()
        if counts.get(view)
    ]


def _registers(here: Page) -> list[dict[str, Any]]:
    """How many rows each register holds on the day, within the scope."""
    if here.scope.reach is Reach.NONE:
        return []
    version = here.version(*(sheet for sheet, _name, _what in REGISTERS))
    return [
        {
            "address": reverse(name),
            "count": remembered(version, f"{sheet} {here.on} {here.scope}", _rows(here, sheet).count),
            "what": _(what),
        }
        for sheet, name, what in REGISTERS
    ]


def _rows(here: Page, sheet: str) -> Any:
    return here.schools() if sheet == "schools" else here.rows(sheet)


def _doors(role: str) -> list[tuple[str, str, str]]:
    """For an account that sees no school data: where its work is."""
    doors = (
        (Permission.MANAGE_ACCOUNTS, "accounts", _("账号"), _("新建、停用账号，重置密码，指定角色和辖区")),
        (Permission.REPORT_DUTIES, "duties", _("本单位应办"), _("看本单位要做的事，填进展、报完成")),
        (Permission.SEE_PLANS, "plan-board", _("任务看板"), _("全县任务的进度、时限和责任单位")),
        (Permission.SEE_PLANS, "targets", _("目标"), _("文件里的量化目标，按登记册测算到了哪里")),
        (Permission.SEE_LOG, "log", _("审计日志"), _("谁在何时做了什么、看了什么；核验日志链")),
    )
    found = []
    for permission, name, label, words in doors:
        if may(role, permission):
            try:
                found.append((label, reverse(name), words))
            except NoReverseMatch:
                continue
    return found
