"""我的个案: what is due, why, and on whose desk, in one list; then what is watched."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.cases import packs, queries
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages import filings_owed
from bureau.pages.access import SignedIn, page
from bureau.pages.attendance_place import home_county
from bureau.pages.case_parts import SEES, case_page, days_words, owner_words, phase_badge
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, may
from junheng.policy.ledgers import LEVEL_WORDS

MOST = 300
WHEN = {
    "late": N("已逾期"),
    "today": N("今天到期"),
    "soon": N("三天内"),
    "later": N("以后"),
    "none": N("没有期限"),
}


def when(days_left: int | None) -> str:
    """Which of `WHEN` a line belongs to."""
    if days_left is None:
        return "none"
    return "late" if days_left < 0 else "today" if days_left == 0 else "soon" if days_left <= 3 else "later"


@page(roles=SEES)
def my_cases(request: SignedIn) -> HttpResponseBase:
    """The desk; looking is logged."""
    today = localdate()
    # What is asked for is looked for among all, not only among the most urgent that the list can hold.
    lines = queries.desk(
        request.user,
        today=today,
        most=MOST,
        when=request.GET.getlist("when"),
        ledgers=request.GET.getlist("ledger"),
        text=request.GET.get("q", "").strip(),
    )
    rows: list[dict[str, Any]] = [
        {
            "id": line.case.pk,
            "label": line.case.label,
            "ledger": line.case.ledger,
            "ledger_title": line.ledger_title,
            "school": line.case.school,
            "class_name": line.case.class_name,
            "village": line.case.village,
            "state": "与数据矛盾" if line.case.contradiction else line.state_title,
            "phase": line.case.phase,
            "contradiction": line.case.contradiction,
            "why": line.why,
            "due": line.due,
            "days_left": line.days_left if line.days_left is not None else 99_999,
            "when": when(line.days_left),
            "level": line.case.level,
            "owner": owner_words(str(line.case.owner) if line.case.owner else None, line.case.level),
            "mine": line.case.owner_id == request.user.pk,
            "due_note": line.case.due_note,
        }
        for line in lines
    ]
    counts, present = queries.desk_overview(request.user, today=today)
    known = {one.code: one.title for one in packs.ledgers(home_county(request, current(request).county_code))}
    ledgers = {code: known[code] for code in present if code in known}
    columns = (
        Column("label", _("对象"), link=lambda row: case_page(row["id"])),
        Column("ledger", _("台账"), "code", codes=ledgers, choices=ledgers),
        Column("school", _("学校"), text=lambda row: row["school"] or "–"),
        Column("class_name", _("班级"), text=lambda row: row["class_name"] or "–"),
        Column("village", _("村"), hidden=True, text=lambda row: row["village"] or "–"),
        Column("state", _("状态"), text=lambda row: _(row["state"]), html=lambda row: phase_badge(row["state"], row["phase"], contradiction=row["contradiction"])),
        Column("why", _("为什么在这里"), sort=None),
        Column("when", _("期限"), "code", sort="days_left", codes=WHEN, choices=WHEN, text=lambda row: days_words(row["due"], today)),
        Column("due", _("到期日"), "date", text=lambda row: f"{row['due']:%Y-%m-%d}" if row["due"] else "–"),
        Column("level", _("级别"), "code", codes=LEVEL_WORDS, choices=LEVEL_WORDS, hidden=True),
        Column("owner", _("责任人")),
    )  # fmt: skip
    table = Table(
        request,
        "my-cases",
        columns,
        rows,
        what=_("件个案"),
        search=("label", "school", "village"),
        search_hint=_("姓名、学校或村"),
        order="days_left",
        row_link=lambda row: case_page(row["id"]),
        empty=_("您手上没有要办的个案。夜里比对登记册以后，新的个案会出现在这里；也可以手工立案。"),
        caption=_("我的个案"),
    )
    if table.wants_export:
        return export(request, table, title=_("我的个案"), searched="", permission=Permission.WORK_CASES if request.user.role == "teacher" else Permission.EXPORT)  # fmt: skip
    read_access(
        by=request.user,
        verb=Verb.VIEW,
        obj=("listing", "my-cases"),
        detail={"rows": table.count},
        at=now(),
        address=client_address(request),
    )
    watched = list(queries.watching(request.user)[:30])
    return show(
        request,
        "cases/my_cases.html",
        title=_("今天要办的个案"),
        table=table,
        counts=[(words, counts[name], f"?when={name}", name == "late" and counts[name]) for name, words in WHEN.items()],
        wrong=counts["wrong"],
        filings=filings_owed.owed(current(request), today=today),
        watched=[(one, case_page(one.pk)) for one in watched],
        every=sum(counts[name] for name in WHEN),
        most=MOST,
        more=len(rows) == MOST,
        only_wrong="wrong" in request.GET.getlist("when"),
        may_open=may(request.user.role, Permission.WORK_CASES),
        may_visit=reverse("visits"),
    )  # fmt: skip
