"""佐证材料: what each evidence line rests on: a conclusion, a short text, files; and a second person who has looked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page, refused
from bureau.pages.cells import said
from bureau.pages.context import Page, current, school_year, show
from bureau.pages.export import export
from bureau.pages.kept_file import sent
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.pages.uploads import uploads
from bureau.people.file_rules import KINDS, LARGEST_FILE
from bureau.people.rules import Permission, Refused
from bureau.runs import actions, evidence, queries
from bureau.runs import evidence_rules as rules
from bureau.runs.evidence_models import Evidence
from bureau.runs.shown import county_lines, sees_county
from junheng.policy import CountyLine, load
from junheng.tables import codes

ITEMS = codes("county_item")
NOT_BEGUN = gettext_noop("未开始")
ACTION_WORDS = {
    "save": gettext_noop("已保存"),
    "submit": gettext_noop("已提交，请另一人复核"),
    "confirm": gettext_noop("已复核，正在重新测算"),
    "give-back": gettext_noop("已退回"),
    "reopen": gettext_noop("已重新打开，正在重新测算；再次复核前这个结论不计入"),
}


def lines_with_items() -> list[CountyLine]:
    """The county lines that are answered by conclusions or entered figures."""
    return [line for line in load(queries.DEFAULT_PACK).lines if line.items]


def _county_page(request: SignedIn) -> tuple[Page, int] | HttpResponse:
    here = current(request)
    if not sees_county(here.scope):
        return refused(request, _("佐证材料给看得到全县的账号；学校和系统管理员不看。"))
    return here, queries.school_year(here.on or now().date())


@page(Permission.SEE_SCHOOLS, but=("school",))
def listing(request: SignedIn) -> HttpResponse:
    """All items with how they stand."""
    found = _county_page(request)
    if isinstance(found, HttpResponse):
        return found
    here, year = found
    known = {(one.code, one.item): one for one in evidence.of_county(here.county_code, year)}
    rows: list[dict[str, Any]] = []
    for line in lines_with_items():
        for item in line.items:
            one = known.get((line.code, item))
            rows.append(
                {
                    "id": f"{line.code}-{item}",
                    "code": line.code,
                    "group": line.group,
                    "title": line.title,
                    "item": ITEMS.get(item, item),
                    "state": one.get_state_display() if one else NOT_BEGUN,
                    "conclusion": (one.conclusion or "–") if one else "–",
                    "files": len(one.files.all()) if one else 0,
                    "by": one.by.display_name if one else "–",
                    "checked": one.checked_by.display_name if one and one.checked_by else "–",
                }
            )
    states = [NOT_BEGUN, *rules.WORDS.values()]
    table = Table(
        request,
        "evidence",
        (
            Column("code", _("编号"), link=lambda row: reverse("evidence-line", args=[row["code"]])),
            Column("group", _("类别"), choices={g: g for g in dict.fromkeys(row["group"] for row in rows)}),
            Column("title", _("指标")),
            Column("item", _("项目")),
            Column("state", _("状态"), kind="verdict", choices={word: _(word) for word in states}),
            Column("conclusion", _("结论"), text=lambda row: said(row["conclusion"])),
            Column("files", _("文件"), kind="number", unit=_("个"), total=True),
            Column("by", _("填写人")),
            Column("checked", _("复核人")),
        ),
        rows,
        what=_("项"),
        search=("code", "title", "item"),
        search_hint=_("编号、指标、项目"),
        row_link=lambda row: reverse("evidence-line", args=[row["code"]]),
        caption=_("佐证材料"),
    )
    if table.wants_export:
        return export(request, table, title=_("佐证材料"))
    done = sum(row["state"] == "已复核" for row in rows)
    return show(
        request,
        "evidence_list.html",
        title=_("佐证材料"),
        table=table,
        done=done,
        total=len(rows),
        year=school_year(here.on) if here.on else "",
    )


@page(Permission.SEE_SCHOOLS, but=("school",))
def line(request: SignedIn, code: str) -> HttpResponse:
    """One line: its items, each with conclusion, text, files and people."""
    found = _county_page(request)
    if isinstance(found, HttpResponse):
        return found
    here, year = found
    of = next((one for one in lines_with_items() if one.code == code), None)
    if of is None:
        raise not_found(_("“%(code)s”由登记册测算，没有佐证项目；或者没有这项指标。") % {"code": code})
    known = evidence.of_line(here.county_code, code, year)
    run = queries.newest_run(here.county_code, on=here.on) if here.on else None
    result = county_lines(run, here.scope).filter(code=code).first() if run else None
    items = [_item(request, here, item, known.get(item)) for item in of.items]
    lines = lines_with_items()
    place = next(index for index, one in enumerate(lines) if one.code == code)
    return show(
        request,
        "evidence.html",
        title=f"{of.code} {of.title}",
        crumbs=[(_("佐证材料"), reverse("evidence"))],
        line=of,
        items=items,
        result=result,
        year=school_year(here.on) if here.on else "",
        conclusions=rules.CONCLUSIONS,
        endings=",".join(f".{ending}" for ending in KINDS),
        largest=LARGEST_FILE // 1024 // 1024,
        previous=lines[place - 1] if place else None,
        following=lines[place + 1] if place + 1 < len(lines) else None,
        veto=of.group == "一票否决",
    )


def _item(request: SignedIn, here: Page, item: str, one: Evidence | None) -> dict[str, Any]:
    by, inside = request.user, evidence.in_area(request.user, here.county_code)
    title = ITEMS.get(item, item)
    concludes = rules.concludes(title)
    files = list(one.files.all()) if one else []
    write = rules.why_not_write(one.state if one else "", by=by, in_area=inside)
    return {
        "name": item,
        "title": title,
        "one": one,
        "state": one.get_state_display() if one else NOT_BEGUN,
        "concludes": concludes,
        "files": files,
        "why_not_write": write,
        "why_not_submit": rules.why_not_submit(
            one, by=by, in_area=inside, concludes=concludes, files=len(files)
        )
        if one
        else _("先填写并保存"),
        "why_not_check": rules.why_not_check(one, by=by, in_area=inside) if one else _("还没有填写"),
        "why_not_reopen": rules.why_not_reopen(one, by=by, in_area=inside, reason="-") if one else "-",
    }


@require_POST
@page(Permission.SEE_SCHOOLS, but=("school",))
def change(request: SignedIn, code: str, item: str, action: str) -> HttpResponse:
    """Save, submit, confirm, give back or reopen one item."""
    found = _county_page(request)
    if isinstance(found, HttpResponse):
        return found
    here, year = found
    if action not in ACTION_WORDS or not any(
        one.code == code and item in one.items for one in lines_with_items()
    ):
        raise not_found(_("没有这个项目或操作。"))
    try:
        _perform(request, here, year, code, item, action)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{ITEMS.get(item, item)}：{_(ACTION_WORDS[action])}")
        if action in ("confirm", "reopen") and here.on in here.days:
            actions.ask(
                county_code=here.county_code,
                day=here.on,
                pack=queries.DEFAULT_PACK,
                by=request.user,
                at=now(),
            )
    return HttpResponseRedirect(f"{reverse('evidence-line', args=[code])}#{item}")


def _perform(request: SignedIn, here: Page, year: int, code: str, item: str, action: str) -> None:
    by, at, address = request.user, now(), client_address(request)
    text = request.POST.get("remark", "").strip()
    if action == "save":
        evidence.save(
            county_code=here.county_code,
            code=code,
            item=item,
            school_year=year,
            conclusion=request.POST.get("conclusion", ""),
            summary=request.POST.get("summary", "")[:2000],
            uploads=uploads(request),
            by=by,
            at=at,
            address=address,
        )
        return
    one = evidence.of_line(here.county_code, code, year).get(item)
    if one is None:
        raise Refused("这一项还没有填写")
    match action:
        case "submit":
            concludes = rules.concludes(ITEMS.get(item, item))
            evidence.submit(evidence=one, concludes=concludes, by=by, at=at, address=address)
        case "confirm":
            evidence.confirm(evidence=one, remark=text, by=by, at=at, address=address)
        case "give-back":
            evidence.give_back(evidence=one, remark=text, by=by, at=at, address=address)
        case _:
            evidence.reopen(evidence=one, reason=text, by=by, at=at, address=address)


@require_GET
@page(Permission.SEE_SCHOOLS, but=("school",))
def file(request: SignedIn, pk: int) -> HttpResponse:
    """One file, as a download; each look is logged."""
    found = _county_page(request)
    if isinstance(found, HttpResponse):
        return found
    here, _year = found
    one = evidence.file_of(pk, here.county_code)
    if one is None:
        raise not_found(_("没有这个文件，或者它不是这个县的。"))
    return sent(
        one.name,
        lambda: evidence.content(file=one, by=request.user, at=now(), address=client_address(request)),
    )


@require_POST
@page(Permission.SEE_SCHOOLS, but=("school",))
def remove(request: SignedIn, pk: int) -> HttpResponse:
    """Take a file back before it is submitted."""
    found = _county_page(request)
    if isinstance(found, HttpResponse):
        return found
    here, _year = found
    one = evidence.file_of(pk, here.county_code)
    if one is None:
        raise not_found(_("没有这个文件，或者它不是这个县的。"))
    address = f"{reverse('evidence-line', args=[one.of.code])}#{one.of.item}"
    try:
        evidence.remove_file(file=one, by=request.user, at=now(), address=client_address(request))
        messages.success(request, _("已撤下“%(name)s”") % {"name": one.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(address)
