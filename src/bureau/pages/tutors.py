"""结对帮扶、全员导师: who looks after whom, school by school; a balanced proposal that a person accepts, changed by hand where wanted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.care import pairing, pairing_rules
from bureau.care.models import Pairing
from bureau.cases.subjects import class_words
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_parts import LISTS, case_page
from bureau.pages.context import Page, current, show
from bureau.pages.export import download, export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Refused
from junheng.documents.sheets import book

KINDS = dict(Pairing.Kind.choices)
FIELD = "t-"


def _kind(request: SignedIn) -> str:
    kind = request.GET.get("kind", "") or request.POST.get("kind", "")
    return kind if kind in KINDS else Pairing.Kind.CARE.value


def _address(code: str, kind: str) -> str:
    return f"{reverse('tutors-school', args=[code])}?kind={kind}"


@page(roles=LISTS)
def listing(request: SignedIn) -> HttpResponseBase:
    """The schools with how many of those on the list have a tutor."""
    here = current(request)
    kind = _kind(request)
    if request.user.school_code:
        return HttpResponseRedirect(_address(request.user.school_code, kind))
    known = pairing.coverage(here.county_code, kind)
    rows: list[dict[str, Any]] = []
    for school in here.schools().order_by("pinyin"):
        one = known.get(school.school_code)
        if one is None:
            continue
        rows.append(
            {
                "id": school.school_code,
                "school": school.school_name,
                "pinyin": school.pinyin,
                "township": school.township or "",
                "children": one.children,
                "paired": one.paired,
                "without": one.children - one.paired,
                "share": one.share,
                "tutors": one.tutors,
                "heaviest": one.heaviest,
            }
        )
    columns = (
        Column("school", _("学校"), sort="pinyin", link=lambda row: _address(row["id"], kind)),
        Column("township", _("乡镇"), choices={row["township"]: row["township"] for row in rows if row["township"]}),
        Column("children", _("名单上的学生"), "number", unit=_("人"), total=True),
        Column("paired", _("已结对"), "number", unit=_("人"), total=True),
        Column("without", _("未结对"), "number", unit=_("人"), total=True),
        Column("share", _("结对率"), "percent", digits=1),
        Column("tutors", _("结对教师"), "number", unit=_("人"), total=True),
        Column("heaviest", _("一名教师最多"), "number", unit=_("人")),
    )  # fmt: skip
    table = Table(
        request,
        "tutors",
        columns,
        rows,
        what=_("所学校"),
        match=lambda text, row: text in row["school"],
        search_hint=_("学校名称"),
        order="-without,pinyin",
        row_link=lambda row: _address(row["id"], kind),
        empty=_("没有需要结对的学生。关爱结对的名单来自“留守和困境儿童关爱台账”。"),
        caption=_("结对情况"),
    )
    if table.wants_export:
        return export(request, table, title=_("结对情况"))
    children = sum(row["children"] for row in rows)
    paired = sum(row["paired"] for row in rows)
    return show(
        request,
        "care/tutors.html",
        title=_("结对帮扶：谁有人管，谁还没有"),
        crumbs=[(_("台账"), reverse("ledgers"))],
        table=table,
        kinds=[(name, _(words), f"?kind={name}", name == kind) for name, words in KINDS.items()],
        children=children,
        paired=paired,
        share=paired / children if children else None,
        schools=sum(row["without"] > 0 for row in rows),
    )


def _school(here: Page, code: str) -> Any:
    school = here.schools().filter(school_code=code).first()
    if school is None:
        raise not_found(_("没有这所学校，或不在您的辖区内。"))
    return school


@page(roles=LISTS)
def school(request: SignedIn, code: str) -> HttpResponseBase:
    """The proposal of one school beside what stands; looking at the children is logged."""
    here = current(request)
    kind = _kind(request)
    found = _school(here, code)
    now_ = pairing.school_of(here.county_code, code, kind, today=localdate())
    refusal = pairing_rules.why_not_accept(role=request.user.role, in_scope=True, shown=now_.mark, now=now_.mark, tutors=len(now_.tutors))  # fmt: skip
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("pairing", f"{code} {kind}"), detail={"rows": len(now_.children)}, at=now(), address=client_address(request),
    )  # fmt: skip
    proposed = {pair.pupil: pair for pair in now_.proposal.pairs}
    rows = []
    for child in now_.children.values():
        pair = proposed.get(child.key)
        rows.append(
            {
                "child": child,
                "class": class_words(child.grade, child.class_number),
                "address": case_page(child.case_id) if child.case_id else "",
                "tutor": pair.tutor if pair else "",
                "tutor_name": now_.tutors.get(pair.tutor, "") if pair else "",
                "why": _(pairing_rules.WHY[pair.why]) if pair else _("容量已满"),
                "kept": bool(pair and pair.why == "kept"),
                "since": now_.standing[child.key].since if child.key in now_.standing else None,
            }
        )
    if request.GET.get("format") == "xlsx":
        return _sheet(request, found.school_name, now_, rows)
    loads = sorted(now_.proposal.loads.values())
    new = sum(pair.why != "kept" for pair in now_.proposal.pairs)
    return show(
        request,
        "care/tutors_school.html",
        title=_("%(school)s：结对方案") % {"school": found.school_name},
        crumbs=[(_("台账"), reverse("ledgers")), (_("结对帮扶"), f"{reverse('tutors')}?kind={kind}")],
        code=code,
        kind=kind,
        kinds=[(name, _(words), _address(code, name), name == kind) for name, words in KINDS.items()],
        now=now_,
        rows=rows,
        tutors=sorted(now_.tutors.items(), key=lambda one: (one[1], one[0])),
        loads=[(now_.tutors[key], number) for key, number in sorted(now_.proposal.loads.items(), key=lambda one: (-one[1], now_.tutors[one[0]]))],
        least=loads[0] if loads else 0,
        most=loads[-1] if loads else 0,
        new=new,
        refusal=refusal,
        editable=len(rows) <= 400,
    )  # fmt: skip


def _sheet(
    request: SignedIn, name: str, now_: pairing.SchoolPairing, rows: list[dict[str, Any]]
) -> HttpResponse:
    lines = [
        [
            row["child"].name,
            row["class"],
            now_.tutors.get(row["tutor"], ""),
            row["why"],
            f"{row['since'] or ''}",
        ]
        for row in rows
    ]
    with book() as kept:
        kept.table("结对名单", ["学生", "班级", "结对教师", "依据", "自"], lines, [14, 16, 14, 14, 12])
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("pairing", f"{now_.school_code} {now_.kind}"), detail={"rows": len(lines)},
        at=now(), address=client_address(request),
    )  # fmt: skip
    return download(kept.content, f"{name}结对名单.xlsx")


@require_POST
@page(roles=LISTS)
def accept(request: SignedIn, code: str) -> HttpResponse:
    """Accept the proposal, with what was chosen otherwise."""
    here = current(request)
    kind = _kind(request)
    _school(here, code)
    chosen = {
        name.removeprefix(FIELD): value
        for name, value in request.POST.items()
        if name.startswith(FIELD) and isinstance(value, str)
    }
    try:
        new = pairing.accept(
            county_code=here.county_code, school_code=code, kind=kind, mark=request.POST.get("mark", ""), chosen=chosen, by=request.user, at=now(),
            today=localdate(), address=client_address(request),
        )  # fmt: skip
        messages.success(request, _("已采用方案：新结对 %(n)s 人") % {"n": f"{new:,}"})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_address(code, kind))
