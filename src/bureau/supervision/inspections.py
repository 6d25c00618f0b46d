"""督查与公示: an inspection with its findings, each of which becomes a rectification slip; and what is made public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import Organisation, User
from bureau.people.rules import Permission, demand, why_not
from bureau.supervision import actions, queries, rules
from bureau.supervision.models import Inspection, Publication, Slip, SlipEvent


@dataclass(frozen=True, slots=True)
class Finding:
    """督查发现: one problem of one unit, what is required and how many working days it has."""

    organisation: Organisation | None
    title: str
    problem: str
    requirement: str
    working_days: int | None


def begin(
    *,
    county_code: str,
    title: str,
    basis: str,
    starts: date | None,
    ends: date | None,
    team: str,
    by: User,
    at: datetime,
    inspection: Inspection | None = None,
    address: str = "",
) -> Inspection:
    """立项督查, or change one that is not reported yet. Raises Refused with every problem at once."""
    problems = [] if title.strip() else ["请填写督查名称"]
    if starts is None or ends is None or ends < starts:
        problems.append("请填写起止日期，止期不早于起期")
    if not team.strip():
        problems.append("请填写督查组成员")
    if inspection is not None and inspection.reported_at:
        problems.append("督查已报告，不能再改")
    demand(why_not(by.role, Permission.SUPERVISE) or "；".join(problems) or None)
    with transaction.atomic():
        one = inspection or Inspection(county_code=county_code, by=by, at=at)
        one.title, one.basis, one.team = title.strip(), basis.strip(), team.strip()
        one.starts, one.ends = starts or date.min, ends or date.max
        one.save()
        verb = Verb.CHANGE if inspection else Verb.CREATE
        obj = ("inspection", str(one.pk))
        write(by=by, verb=verb, obj=obj, detail={"title": one.title}, at=at, address=address)
    return one


def record(
    *, inspection: Inspection, findings: Sequence[Finding], by: User, at: datetime, address: str = ""
) -> list[Slip]:
    """记录发现: each becomes a drafted rectification slip; all or none, with every problem named by its number."""
    demand("督查已报告，不能再加发现" if inspection.reported_at else None)
    demand(None if findings else "请至少填写一个问题")
    problems = []
    for number, one in enumerate(findings, 1):
        refusal = rules.why_not_draft(
            by=by,
            title=one.title,
            requirement=one.requirement,
            organisation=one.organisation is not None,
            working_days=one.working_days,
            rectification=True,
            finding=one.problem,
        )
        if refusal:
            problems.append(f"第 {number} 个问题：{refusal}")
    demand("；".join(problems) or None)
    with transaction.atomic():
        return [
            actions.draft(
                county_code=inspection.county_code,
                what=actions.Draft(
                    title=one.title,
                    requirement=one.requirement,
                    organisation=one.organisation,
                    working_days=one.working_days,
                    kind=Slip.Kind.RECTIFICATION,
                    basis=inspection.basis,
                    finding=one.problem,
                    inspection=inspection,
                ),
                by=by,
                at=at,
                address=address,
            )
            for one in findings
        ]


def report(*, inspection: Inspection, by: User, at: datetime, today: date, address: str = "") -> int:
    """督查报告: issues every drafted rectification of the inspection at once; answers how many."""
    demand(why_not(by.role, Permission.SUPERVISE) or ("督查已报告" if inspection.reported_at else None))
    with transaction.atomic():
        drafted = list(inspection.slips.filter(state="draft").order_by("id"))
        for slip in drafted:
            actions.issue(slip=slip, by=by, at=at, today=today, address=address)
        inspection.reported_by, inspection.reported_at = by, at
        inspection.save()
        obj = ("inspection", str(inspection.pk))
        write(by=by, verb=Verb.SUBMIT, obj=obj, detail={"slips": len(drafted)}, at=at, address=address)
    return len(drafted)


def publish(
    *,
    slip: Slip,
    text: str,
    starts: date | None,
    ends: date | None,
    by: User,
    at: datetime,
    address: str = "",
) -> Publication:
    """公示 the outcome of a checked rectification for some days."""
    with transaction.atomic():
        one = Slip.objects.select_for_update(of=("self",)).get(pk=slip.pk)
        demand(rules.why_not_publish(one, by=by, text=text, starts=starts, ends=ends))
        assert starts is not None and ends is not None  # noqa: S101, PT018 — the rule has seen to it
        made = Publication.objects.create(slip=one, text=text.strip(), starts=starts, ends=ends, by=by, at=at)
        words = f"{starts}至{ends}公示"
        SlipEvent.objects.create(slip=one, at=at, by=by, what="publish", text=words)
        detail = {"number": queries.number_of(one), "text": text.strip()}
        write(by=by, verb=Verb.SUBMIT, obj=("slip", str(one.pk)), detail=detail, at=at, address=address)
    return made


def take_down(*, publication: Publication, reason: str, by: User, at: datetime, address: str = "") -> None:
    """撤下公示 before its end, with the reason."""
    demand(
        why_not(by.role, Permission.SUPERVISE)
        or ("已经撤下" if publication.withdrawn_at else None)
        or (None if reason.strip() else "撤下须写明原因")
    )
    with transaction.atomic():
        publication.withdrawn_at = at
        publication.save(update_fields=["withdrawn_at"])
        SlipEvent.objects.create(slip=publication.slip, at=at, by=by, what="take_down", text=reason.strip())
        obj = ("slip", str(publication.slip_id))
        write(by=by, verb=Verb.DELETE, obj=obj, reason=reason.strip(), at=at, address=address)
