"""标准与依据: read a standard with its sources and how far each was checked; compare versions; a county's own values."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused, why_not
from bureau.runs import actions, pack_values, rules
from bureau.runs.models import Run
from bureau.runs.pack_models import PackValue
from junheng.policy import STATUS_TITLES, Entry, Pack, Standard, differences, load, shipped

KIND_WORDS = {"numeric": "登记册测算", "entered": "填报数字", "evidence": "材料结论", "mixed": "数字与材料"}
STATUS_VERDICT = {"V": N("已核对"), "V3": N("转述"), "D": N("推算"), "assumed": N("约定")}


@lru_cache(maxsize=8)
def pack_of(name: str) -> Pack:
    """A shipped pack; read once."""
    return load(name)


def _pack(name: str) -> Pack:
    if name not in shipped():
        raise not_found(_("没有标准包“%(name)s”。") % {"name": name})
    return pack_of(name)


@page()
def packs(request: SignedIn) -> HttpResponse:
    """The standards on this installation."""
    rows = [
        {
            "pack": one,
            "standards": len(one.standards),
            "assumed": sum(s.entries[-1].status == "assumed" for s in one.standards.values()),
            "unverified": sum(s.entries[-1].status == "V3" for s in one.standards.values()),
            "runs": Run.objects.filter(pack=name, state="done").count(),
        }
        for name, one in ((name, pack_of(name)) for name in shipped())
    ]
    return show(request, "packs.html", title=_("标准与依据"), rows=rows)


def shown_value(value: object) -> str:
    """“小学 4.2、初中 5.3”."""
    if isinstance(value, dict):
        return "、".join(f"{key} {shown_value(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "、".join(map(str, value)) or _("无")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _row(pack: Pack, standard: Standard, entry: Entry, own: PackValue | None) -> dict[str, Any]:
    document = pack.documents[entry.document]
    return {
        "id": standard.name,
        "name": standard.name,
        "title": standard.title,
        "value": shown_value(entry.value),
        "unit": standard.unit or "–",
        "own": shown_value(own.value) if own else "–",
        "since": entry.since,
        "source": f"{document.name} {entry.item}",
        "quote": entry.quote or "–",
        "status": STATUS_VERDICT[entry.status],
        "entered_by": entry.entered_by,
        "checked_by": entry.checked_by or _("未核对"),
        "note": entry.note or "–",
    }


@page()
def pack(request: SignedIn, name: str) -> HttpResponseBase:
    """One standard, value by value."""
    found, here = _pack(name), current(request)
    day = here.on or localdate()
    own = {
        one.path: one
        for one in pack_values.of_county(here.county_code, name).filter(
            withdrawn_at=None, checked_by__isnull=False
        )
    }
    rows = [
        _row(found, standard, entry, own.get(standard.name))
        for standard in found.standards.values()
        for entry in (standard.entries if "all" in request.GET else [standard.on(day)])
        if entry is not None
    ]
    may_change = why_not(request.user.role, Permission.CHANGE_PACKS) is None
    table = Table(
        request,
        "pack",
        (
            Column("title", _("标准"), link=lambda row: reverse("pack-standard", args=[name, row["name"]])),
            Column("name", _("代号"), hidden=True),
            Column("value", _("取值")),
            Column("unit", _("单位")),
            Column("own", _("本县调整")),
            Column("since", _("起用日期"), kind="date"),
            Column("source", _("出处")),
            Column("quote", _("原文"), hidden=True, text=lambda row: row["quote"], html=_quoted),
            Column("status", _("核对程度"), kind="verdict", choices={w: w for w in STATUS_VERDICT.values()}),
            Column("entered_by", _("录入"), hidden=True),
            Column("checked_by", _("核对"), hidden=True),
            Column("note", _("说明"), hidden=True),
        ),
        rows,
        what=_("条标准"),
        search=("name", "title", "source", "quote", "note"),
        search_hint=_("代号、名称、出处、原文"),
        page_size=200,
        row_link=lambda row: reverse("pack-standard", args=[name, row["name"]]),
        caption=found.title,
    )
    if table.wants_export:
        return export(request, table, title=found.title[:20])
    others = [one for one in shipped() if one != name]
    other = request.GET.get("with", "")
    return show(
        request,
        "pack.html",
        title=found.title,
        crumbs=[(_("标准与依据"), reverse("packs"))],
        pack=found,
        table=table,
        day=day,
        statuses=[(STATUS_VERDICT[key], words) for key, words in STATUS_TITLES.items()],
        lines=[(line, KIND_WORDS[line.kind]) for line in found.lines],
        values=_values(request, here, found),
        others=others,
        other=other if other in others else "",
        differences=differences(_pack(other), found) if other in others else [],
        versions=_versions(here, name),
        may_change=may_change,
    )


def _quoted(row: Mapping[str, Any]) -> SafeString:
    """The words of a document, which no language of the page changes."""
    return format_html('<span lang="zh">{}</span>', row["quote"])


def _values(request: SignedIn, here: Page, found: Pack) -> list[dict[str, Any]]:
    """The county's own values, each with why it cannot be checked by this account."""
    rows = []
    for one in pack_values.of_county(here.county_code, found.id):
        standard = found.standards.get(one.path)
        rows.append(
            {
                "one": one,
                "title": standard.title if standard else one.path,
                "before": shown_value(standard.entries[-1].value) if standard else "–",
                "after": shown_value(one.value),
                "why_not_check": rules.why_not_check_value(
                    role=request.user.role,
                    by_self=one.by_id == request.user.pk,
                    checked=one.checked_by_id is not None,
                    withdrawn=one.withdrawn_at is not None,
                ),
                "why_not_withdraw": rules.why_not_enter_value(role=request.user.role, reason="-")
                if one.withdrawn_at is None
                else _("已撤回"),
            }
        )
    return rows


def _versions(here: Page, name: str) -> list[dict[str, Any]]:
    """The versions of this standard that assessments of the county have used, newest first."""
    found: dict[str, dict[str, Any]] = {}
    runs = Run.objects.filter(county_code=here.county_code, pack=name, state="done").order_by("-id")
    for version, finished in runs.values_list("pack_version", "finished_at"):
        row = found.setdefault(version, {"version": version, "runs": 0, "last": finished})
        row["runs"] += 1
        row["first"] = finished
    return list(found.values())


@page()
def standard(request: SignedIn, name: str, path: str) -> HttpResponse:
    """One standard: every value by date, its quoted words, and the form for the county's own value."""
    found, here = _pack(name), current(request)
    one = found.standards.get(path)
    if one is None:
        raise not_found(_("标准“%(pack)s”里没有“%(path)s”。") % {"pack": name, "path": path})
    numbers = pack_values.numbers_of(one.entries[-1].value)
    return show(
        request,
        "standard.html",
        title=one.title,
        crumbs=[(_("标准与依据"), reverse("packs")), (found.title, reverse("pack", args=[name]))],
        pack=found,
        standard=one,
        entries=[
            (entry, shown_value(entry.value), found.documents[entry.document], STATUS_TITLES[entry.status])
            for entry in one.entries
        ],
        numbers=numbers,
        values=[row for row in _values(request, here, found) if row["one"].path == path],
        refusal=why_not(request.user.role, Permission.CHANGE_PACKS),
    )


@require_POST
@page(Permission.CHANGE_PACKS)
def enter(request: SignedIn, name: str, path: str) -> HttpResponse:
    """Enter the county's own value."""
    found, here = _pack(name), current(request)
    one = found.standards.get(path)
    if one is None:
        raise not_found(_("标准“%(pack)s”里没有“%(path)s”。") % {"pack": name, "path": path})
    typed = {
        key.removeprefix("value-"): str(value)
        for key, value in request.POST.items()
        if key.startswith("value-")
    }
    try:
        value = pack_values.value_from(one, typed)
        pack_values.enter(
            county_code=here.county_code,
            pack=name,
            standard=one,
            value=value,
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=now(),
            address=client_address(request),
        )
        messages.success(request, _("已录入，另一人核对后从下一次测算起生效"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("pack-standard", args=[name, path]))


@require_POST
@page(Permission.CHANGE_PACKS)
def settle(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """Check or withdraw a county value, and ask for new results."""
    here = current(request)
    value = PackValue.objects.filter(pk=pk, county_code=here.county_code).select_related("by").first()
    if value is None or action not in ("check", "withdraw"):
        raise not_found(_("没有这个县级调整。"))
    try:
        step = pack_values.check if action == "check" else pack_values.withdraw
        counted = action == "check" or value.checked_by_id is not None
        step(value=value, by=request.user, at=now(), address=client_address(request))
        if counted and here.days:
            actions.ask(
                county_code=here.county_code, day=here.days[0], pack=value.pack, by=request.user, at=now()
            )
        messages.success(request, _("已核对，正在重新测算") if action == "check" else _("已撤回"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("pack-standard", args=[value.pack, value.path]))
