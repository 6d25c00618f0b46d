"""在册不在校: children on a register who study nowhere here, of school age by the county's own rule: candidates for the dropout ledger."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.links import actions, findings, queries, rules
from bureau.links.models import SchoolAge
from bureau.links.pupils import newest
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.registers import in_force, seen_links, source_words, state_words, version_of
from bureau.pages.registers_lines import log_look
from bureau.pages.remember import remembered
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused


def _address(row: Row) -> str:
    return reverse("pair", args=[row["line"]])


def columns(townships: dict[str, str]) -> tuple[Column, ...]:
    """The columns of the list."""
    names, states = source_words(), state_words()
    shown = {code: states[code] for code in ("unmatched", "different", "visit", "automatic", "same")}
    return (
        Column("name", _("姓名"), link=_address),
        Column("sex", _("性别")),
        Column("age", _("学年年龄"), "number", unit=_("周岁")),
        Column("township", _("乡镇"), "code", choices=townships),
        Column("village", _("村")),
        Column("guardians", _("监护人")),
        Column("source", _("名册"), "code", codes=names, choices=names),
        Column("also_on", _("也在"), text=lambda row: row["also_on"] or "–"),
        Column("category", _("类别")),
        Column("state", _("比对结果"), "code", codes=shown, choices=shown),
        Column("pupil_status", _("学籍情况"), text=lambda row: row["pupil_status"] or _("学籍中没有")),
        Column("nearest", _("最像的学生"), computed=True, text=lambda row: row["nearest"] or _("没有相像的")),
        Column("probability", _("是同一人的可能"), "percent", digits=1),
        Column("reason", _("依据"), sort=None, hidden=True),
        Column("place", _("名册行"), hidden=True),
    )


@page(Permission.SEE_AID)
def missing(request: SignedIn) -> HttpResponse:
    """The list, with the nearest pupil of each."""
    here = current(request)
    day = here.on or localdate()
    every = request.GET.get("age") == "all"
    links = seen_links(request)
    registers = in_force(here)

    when = localdate() if here.latest else day
    compared = f"{here.version('students')} {[(one.pk, str(one.matched_at)) for one in registers]}"
    gone = remembered(compared, f"gone {when}", lambda: findings.gone_lines(here.county_code, when))

    def find() -> list[dict[str, Any]]:
        found = findings.not_enrolled(here.county_code, when, of_age=not every, links=links, gone=gone)
        return [asdict(one) for one in found]

    ages = queries.ages_of(here.county_code)
    rows = remembered(version_of(here, registers, links), f"missing {every} {ages}", find)
    names = school_names(here)

    def fill(found: list[dict[str, Any]]) -> None:
        pupils = newest(here.county_code, {row["near_key"] for row in found if row["near_key"]})
        for row in found:
            student = pupils.get(row["near_key"])
            school = names.get(student.school_code, "") if student else ""
            row["nearest"] = f"{student.person_name}（{school}）" if student else ""

    townships = {row["township"]: row["township"] for row in rows if row["township"]}
    table = Table(
        request,
        "registers-missing",
        columns(townships),
        rows,
        what=_("个孩子"),
        match=lambda text, row: any(
            text in str(row[name]) for name in ("name", "village", "guardians", "township")
        ),
        search_hint=_("姓名、村或监护人"),
        row_id="line",
        row_link=_address,
        fill=fill,
        empty=_("名册上的学龄孩子都在学籍里找到了。")
        if registers
        else _("还没有名册，请先上传其他部门的名册。"),
        caption=_("在册不在校的孩子"),
    )
    if table.wants_export:
        return export(request, table, title=_("在册不在校名单"), searched="")
    role = request.user.role
    whole = queries.in_county(request.user, here.county_code)
    answer = show(
        request,
        "links/missing.html",
        title=_("在册不在校"),
        crumbs=[(_("名册比对"), reverse("registers"))],
        table=table,
        ages=ages,
        saved=SchoolAge.objects.filter(county_code=here.county_code).select_related("by").first(),
        every=every,
        visits=sum(row["state"] == "visit" for row in rows),
        elsewhere=sum(bool(row["pupil_status"]) for row in rows),
        unknown_age=sum(row["age"] is None for row in rows),
        why_not_age=rules.why_not_school_age(role, 6, 14, "合理的依据", in_county=whole),
    )
    log_look(request, ("registers_missing", here.county_code), table)
    return answer


@require_POST
@page(Permission.MATCH_REGISTERS)
def set_age(request: SignedIn) -> HttpResponse:
    """学龄口径 of the county."""
    here = current(request)
    try:
        numbers = [int(request.POST.get(name, "") or 0) for name in ("youngest", "oldest")]
    except ValueError:
        numbers = [0, 0]
    try:
        actions.set_school_age(
            county_code=here.county_code, youngest=numbers[0], oldest=numbers[1], basis=request.POST.get("basis", ""), by=request.user, at=now(),
            address=client_address(request),
        )  # fmt: skip
        messages.success(request, _("已保存学龄口径，名单随之更新。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("registers-missing"))
