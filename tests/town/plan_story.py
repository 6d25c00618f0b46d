"""A clerk's work on the five plans: upload, the same confirmations as in the reader, publication. Used by the demo and by tests.

The decisions are simple and the same for every plan: what is sure is confirmed at once; of what is doubtful, those who act in
running text are kept only where the register knows them, everything else is taken as read; repairs are taken; contradictions
are kept with the remark that the original has been looked at; residual numerals are background; units unknown to the register
are entered there, groups (各学校, 有关部门) stand for nobody.
"""

import re
from datetime import date, datetime
from typing import Any

import town
from bureau.people.kept import Upload
from bureau.people.models import Organisation, User
from bureau.plans import confirming, document_actions, publishing
from bureau.plans.document_queries import unknown_names
from bureau.plans.models import Item, Plan
from bureau.plans.unit_names import candidates, choose, meanings, register_names

# What the head of a document does not say and its file at the bureau does: (title, number, issuer, dated, starts, ends) to fill in where blank.
DETAILS: dict[str, dict[str, Any]] = {
    "jingyuan.txt": {"starts": date(2023, 3, 17), "ends": date(2027, 12, 31)},
    "jinfeng.txt": {"starts": date(2018, 1, 1), "ends": date(2020, 12, 31)},
    "xiji.txt": {"dated": "2021", "starts": date(2021, 1, 1), "ends": date(2025, 12, 31)},
}
REMARKS = {
    "percent>100": "毛入学（园）率和巩固率按口径可以超过100%，照原文",
    "sum mismatch": "已与原件核对，数字照原文，另请起草科室说明",
    "text not covered": "附件另存，本系统按正文办理",
}
GROUPS = re.compile(r"^(?:各|其他|相关|有关|全县|全区)|(?:成员单位|有关单位|有关部门|相关部门|等部门)$")
LEADS = ("教育体育局", "教育局")


def upload(county: str, *, by: User, at: datetime) -> list[Plan]:
    """The county's plan files, received and read as the worker reads them."""
    made = []
    for name, content in town.plan_files(county):
        plan = document_actions.receive(county_code=county, upload=Upload(name, content), by=by, at=at)
        made.append(document_actions.read(plan=plan))
    return made


def confirm_as_a_clerk(plan: Plan, by: User, at: datetime, *, today: date | None = None) -> Plan:
    """Every open item of a plan decided, then published; each step through the actions of the reader."""
    _details(plan, by, at)
    if (
        Item.objects.filter(plan=plan, status="auto", doubt="")
        .exclude(kind__in=("repair", "warning", "residual"))
        .exists()
    ):
        confirming.confirm_sure(plan=plan, by=by, at=at)
    for _round in range(3):
        waiting = list(Item.objects.filter(plan=plan, status="auto"))
        if not waiting:
            break
        _decide(plan, waiting, by, at)
    _units(plan, by, at)
    lead = Organisation.objects.filter(county_code=plan.county_code, name__in=LEADS).first()
    return publishing.publish(plan=plan, default_lead=lead, by=by, at=at, today=today or at.date())


def _details(plan: Plan, by: User, at: datetime) -> None:
    known = DETAILS.get(plan.file_name, {})
    names = ("title", "document_number", "issuer", "dated", "starts", "ends")
    wanted = {name: getattr(plan, name) or known.get(name, getattr(plan, name)) for name in names}
    wanted |= {name: known[name] for name in ("starts", "ends") if name in known}
    document_actions.set_details(plan=plan, **wanted, by=by, at=at)


def _decide(plan: Plan, waiting: list[Item], by: User, at: datetime) -> None:
    units = meanings(plan)
    strangers = [
        row
        for row in waiting
        if row.kind == "unit" and row.fields.get("kind") == "agent"
        and not any(units.get(name) for name in row.fields["units"])
    ]  # fmt: skip
    if strangers:
        confirming.reject(plan=plan, items=strangers, note="文中泛指，不是责任单位", by=by, at=at)
    for row in waiting:
        if row in strangers or row.kind in ("residual", "warning"):
            continue
        confirming.confirm(plan=plan, items=[row], by=by, at=at)
    for row in Item.objects.filter(plan=plan, kind="warning", status="auto"):
        note = REMARKS.get(row.rule, "已与原件核对，照原文")
        confirming.confirm(plan=plan, items=[row], note=note, by=by, at=at)
    numerals = list(Item.objects.filter(plan=plan, kind="residual", status="auto"))
    if numerals:
        confirming.confirm(plan=plan, items=numerals, note="背景数字", by=by, at=at)


def _units(plan: Plan, by: User, at: datetime) -> None:
    unknown = unknown_names(plan)
    several = candidates(plan, unknown)
    for name in unknown:
        if name in several:
            choose(plan=plan, name=name, units=several[name][:1], by=by, at=at)
        elif GROUPS.search(name):
            choose(plan=plan, name=name, nobody=True, by=by, at=at)
    rest = unknown_names(plan)
    if rest:
        register_names(plan=plan, names=rest, by=by, at=at)
