"""一本台账: its cases as a list with views, filters that can be kept, bulk work, and Excel."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_POST

from bureau.cases import notes, queries
from bureau.cases.models import Case, Watch
from bureau.cases.queries import Wanted
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import (
    LISTS,
    case_page,
    days_words,
    found_ledger,
    owner_words,
    phase_badge,
    standing,
)
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Bulk, Column, Table
from bureau.people.models import User
from bureau.people.queries import townships
from bureau.people.rules import Permission, Refused, may, why_not
from junheng.policy.ledgers import LEVEL_WORDS, LIVE, Ledger

VIEWS: Mapping[str, tuple[str, Wanted]] = {
    "live": (N("未销号"), Wanted()),
    "overdue": (N("已逾期"), Wanted(overdue=True)),
    "mine": (N("我的"), Wanted(mine=True)),
    "contradiction": (N("与数据矛盾"), Wanted(contradiction=True)),
    "solved": (N("待核实"), Wanted(phase="solved")),
    "ownerless": (N("没有责任人"), Wanted()),
    "watched": (N("我关注的"), Wanted(watched=True, live=False)),
    "closed": (N("已销号"), Wanted(phase="closed", live=False)),
    "all": (N("全部"), Wanted(live=False)),
}
BAD = ("overdue", "contradiction")
IN_SCHOOL = ("student", "teacher", "class")
EXTRA = ("state", "phase", "contradiction", "level", "due", "evidence", "owner_id", "birth_date")


def item_words(item: str) -> str:
    """哪一件: as it was named; of a finding, which has only its number, that."""
    return _("线索 %(n)s") % {"n": item} if item.isdecimal() else item


def cases_in(user: User, county_code: str, ledger: Ledger, view: str, *, today: date) -> QuerySet[Case]:
    """The cases of a view."""
    _words, wanted = VIEWS[view]
    found = queries.cases(user, wanted, today=today).filter(county_code=county_code, ledger=ledger.code)
    return found.filter(owner=None) if view == "ownerless" else found


def view_counts(user: User, county_code: str, ledger: Ledger, *, today: date) -> dict[str, int]:
    """How many cases each view holds, in one query; it says the same as `cases_in`."""
    live = Q(phase__in=LIVE)
    conditions = {
        "live": live,
        "overdue": live & Q(due__lt=today),
        "mine": live & queries.mine(user),
        "contradiction": live & ~Q(contradiction=""),
        "solved": Q(phase="solved"),
        "ownerless": live & Q(owner=None),
        "watched": Q(pk__in=Watch.objects.filter(user=user).values("of")),
        "closed": Q(phase="closed"),
        "all": Q(),
    }
    found = queries.visible(user).filter(county_code=county_code, ledger=ledger.code).order_by()
    return found.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})


def list_table(request: SignedIn, here: Page, ledger: Ledger, view: str) -> Table:
    """The list as the address asks for it."""
    today = localdate()
    towns = dict(townships(here.county_code).values_list("code", "name"))
    schools = school_names(here)
    states = {state.name: state.title for state in ledger.states}
    query = request.GET.urlencode()

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["standing"] = standing(ledger, row)
            row["when"] = (
                days_words(row["due"], today) if row["phase"] in ("open", "claimed", "solved") else "–"
            )
            row["why"] = "；".join(
                f"{title}：{words}" for title, words in (row["evidence"] or {}).items() if words
            )

    # A school's or an office's own case says whose it is in its first column already.
    columns = (
        Column("label", _("对象"), sort="pinyin", link=lambda row: case_page(row["id"])),
        Column("school", _("学校"), lookup="school_code", sort="school", choices=schools, text=lambda row: row["school"] or "–", hidden=ledger.subject not in IN_SCHOOL),
        Column("class_name", _("班级"), "code", text=lambda row: row["class_name"] or "–", hidden=ledger.subject != "student"),
        Column("township_code", _("乡镇"), codes=towns, choices=towns, text=lambda row: towns.get(row["township_code"], "–")),
        Column("village", _("村"), hidden=True, text=lambda row: row["village"] or "–"),
        Column("item", _("哪一件"), hidden=not ledger.many, text=lambda row: item_words(row["item"]) or "–"),
        Column("standing", _("状态"), computed=True, sort="state", lookup="state", choices=states, text=lambda row: _(row["standing"]), html=lambda row: phase_badge(row["standing"], row["phase"], contradiction=row["contradiction"])),
        Column("level", _("级别"), "code", codes=LEVEL_WORDS, choices=LEVEL_WORDS, text=lambda row: _(LEVEL_WORDS.get(row["level"], "–"))),
        Column("owner__display_name", _("责任人"), "code", text=lambda row: owner_words(row["owner__display_name"], row["level"])),
        Column("when", _("期限"), "code", computed=True, sort="due"),
        Column("due", _("到期日"), "date", hidden=True, text=lambda row: f"{row['due']:%Y-%m-%d}" if row["due"] else "–"),
        Column("opened_on", _("发现日期"), "date"),
        Column("reopened", _("重新打开次数"), "number", hidden=True),
        Column("closed_on", _("销号日期"), "date", hidden=view not in ("closed", "all"), text=lambda row: f"{row['closed_on']:%Y-%m-%d}" if row["closed_on"] else "–"),
        Column("why", _("发现依据"), computed=True, sort=None, hidden=not ledger.detectors, text=lambda row: row["why"] or _("由人立案")),
    )  # fmt: skip
    return Table(
        request,
        f"ledger-{ledger.code}",
        columns,
        cases_in(request.user, here.county_code, ledger, view, today=today),
        what=_("件个案"),
        search=search,
        search_hint=_("姓名、拼音、学校、村或编号"),
        order="due,id",
        row_link=lambda row: case_page(row["id"]),
        extra=EXTRA,
        fill=fill,
        empty=_empty(view, ledger, locked=ledger.access in queries.locked(request.user)),
        bulk=bulk_actions(
            request.user, ledger, f"{query}&view={view}" if "view" not in request.GET else query
        ),
        caption=ledger.title,
    )


def search(text: str) -> Q:
    """By name, pinyin, school, village or number."""
    return queries._text(text)


def _empty(view: str, ledger: Ledger, *, locked: bool) -> str:
    if locked:
        return _("这本台账的个案只有点名授权的人能看，这里不列；人数请看“数量与变化”。")
    words = {
        "live": _("没有未销号的个案。夜里比对登记册时发现的会自动立案；也可以手工立案。"),
        "overdue": _("没有逾期的个案。"),
        "contradiction": _("没有“已报完成”而数据不支持的个案。"),
        "solved": _("没有等核实的个案。数据显示已解决后，会出现在这里等人核实、另一人销号。"),
        "ownerless": _("每件个案都有责任人。"),
        "watched": _("您还没有关注个案。在个案页点“关注”。"),
        "closed": _("还没有销号的个案。"),
    }
    if view == "live" and not ledger.detectors:
        return _("没有未销号的个案。这本台账没有自动发现规则，请手工立案。")
    return words.get(view, _("没有个案。"))


def bulk_actions(user: User, ledger: Ledger, query: str) -> tuple[Bulk, ...]:
    """What may be done with selected cases; a greyed button says why."""
    assign = why_not(user.role, Permission.ASSIGN_CASES)
    work = why_not(user.role, Permission.WORK_CASES) and why_not(user.role, Permission.CLOSE_CASES)
    tail = f"?ledger={ledger.code}&{query}"
    return (
        Bulk(_("分派、移交"), reverse("cases-bulk", args=["assign"]) + tail, why_not=assign),
        Bulk(_("一起办理"), reverse("cases-bulk", args=["move"]) + tail, why_not=work),
        Bulk(_("打印走访单"), reverse("visits-route")),
    )


@page(roles=LISTS)
def ledger_list(request: SignedIn, code: str) -> HttpResponseBase:
    """The list; looking is logged."""
    here = current(request)
    ledger = found_ledger(here.county_code, code)
    view = request.GET.get("view", "live")
    view = view if view in VIEWS else "live"
    table = list_table(request, here, ledger, view)
    if table.wants_export:
        return export(request, table, title=ledger.title, searched="")
    today = localdate()
    read_access(
        by=request.user,
        verb=Verb.VIEW,
        obj=("ledger", code),
        detail={"county": here.county_code, "view": view, "rows": table.count, "page": table.number},
        at=now(),
        address=client_address(request),
    )
    counts = view_counts(request.user, here.county_code, ledger, today=today)
    views = [
        {
            "words": _(words),
            "count": counts[name],
            "address": f"{request.path}?view={name}",
            "here": name == view,
            "bad": name in BAD,
        }
        for name, (words, _wanted) in VIEWS.items()
    ]
    kept = request.GET.copy()
    kept.pop("page", None)
    role = request.user.role
    return show(
        request,
        "cases/ledger.html",
        title=ledger.title,
        crumbs=[(_("台账"), reverse("ledgers"))],
        ledger=ledger,
        table=table,
        views=[] if ledger.access in queries.locked(request.user) else views,
        filters=queries.saved_filters(request.user, code),
        query=kept.urlencode(),
        sweep=queries.sweeps(here.county_code, code, 1).first() if may(role, Permission.SEE_CASES) else None,
        assumed=[setting for setting in ledger.settings if setting.assumed],
        may_open=may(role, Permission.WORK_CASES) and not ledger.data_only,
        may_edit=may(role, Permission.EDIT_LEDGERS),
        upload_refusal=why_not(role, Permission.WORK_CASES),
        own_school=request.user.school_code if role == "school" else "",
    )


@require_POST
@page(roles=LISTS)
def keep_filter(request: SignedIn, code: str) -> HttpResponse:
    """Keep the filters of the list under a name, or drop one."""
    here = current(request)
    found_ledger(here.county_code, code)
    query = request.POST.get("query", "")
    drop = request.POST.get("drop", "")
    by, at, address = request.user, now(), client_address(request)
    try:
        if drop.isdigit() and len(drop) < 15:
            notes.drop_filter(pk=int(drop), by=by, at=at, address=address)
            messages.success(request, _("已删去这个常用筛选"))
        else:
            notes.save_filter(name=request.POST.get("name", ""), ledger=code, query=query, by=by, at=at, address=address)  # fmt: skip
            messages.success(request, _("已存为常用筛选"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{reverse('ledger', args=[code])}?{query}")
