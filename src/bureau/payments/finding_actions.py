"""审计线索的写入: keeping what the queries found, settling it by a person and confirming it by a second one."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import finding_rules as rules
from bureau.payments import findings
from bureau.payments.fund_actions import demand_inside
from bureau.payments.models import Finding, FindingEvent
from bureau.payments.states import FindingState
from bureau.people.models import User
from bureau.people.rules import demand

_SHOWN = ("title", "fen", "evidence", "person_name", "school_code", "school_name")


def refresh(
    *, county_code: str, today: date, at: datetime, progress: Callable[[float], None] = lambda share: None
) -> Counter[str]:
    """重新查一遍: new rows are opened, known ones brought up to date, those without evidence wait to be looked at.

    Answers {"new", "seen", "gone", "back"}. Doing it twice changes nothing.
    """
    seen = {one.fingerprint: one for one in findings.search(county_code, progress=progress)}
    result: Counter[str] = Counter()
    with transaction.atomic():
        there = {
            one.fingerprint: one
            for one in Finding.objects.select_for_update().filter(county_code=county_code)
        }
        for fingerprint, one in seen.items():
            known = there.get(fingerprint)
            if known is None:
                made = Finding.objects.create(
                    county_code=county_code, kind=one.kind, fingerprint=fingerprint, person_kind=one.person_kind,
                    person_key=one.person_key, first_seen=today, last_seen=today, **_shown(one),
                )  # fmt: skip
                _event(made, "found", "", by=None, at=at)
                result["new"] += 1
                continue
            result["seen"] += 1
            for name, value in _shown(one).items():
                setattr(known, name, value)
            known.last_seen = today
            if known.state == FindingState.GONE:
                known.state = FindingState.OPEN
                _event(known, "reappear", "数据又出现", by=None, at=at)
                result["back"] += 1
            known.save()
        for fingerprint, known in there.items():
            if fingerprint not in seen and known.state == FindingState.OPEN:
                known.state = FindingState.GONE
                known.save(update_fields=["state"])
                _event(known, "vanish", "数据显示已消除，请核实", by=None, at=at)
                result["gone"] += 1
        if result["new"] or result["gone"] or result["back"]:
            write(by=None, verb=Verb.RUN, obj=("payment_audit", county_code), detail=dict(result), at=at)
    return result


def settle(
    *, finding: Finding, outcome: str, reason: str, by: User, at: datetime, address: str = ""
) -> Finding:
    """处理: with the outcome and what was looked at."""
    with transaction.atomic():
        one = _locked(finding, by)
        outcomes = tuple(Finding.Outcome.values)
        demand(rules.why_not_settle(one, by_role=by.role, outcome=outcome, outcomes=outcomes, reason=reason))
        one.state, one.outcome, one.reason = FindingState.SETTLED, outcome, reason.strip()[:500]
        one.settled_by, one.settled_at = by, at
        return _done(
            one,
            Verb.REPORT,
            "settle",
            f"{one.get_outcome_display()}：{reason}",
            by=by,
            at=at,
            address=address,
        )


def confirm(*, finding: Finding, remark: str = "", by: User, at: datetime, address: str = "") -> Finding:
    """复核 by a second person."""
    with transaction.atomic():
        one = _locked(finding, by)
        demand(rules.why_not_confirm(one, by_id=by.pk, by_role=by.role))
        one.state, one.confirmed_by, one.confirmed_at = FindingState.CLOSED, by, at
        return _done(one, Verb.CLOSE, "confirm", remark, by=by, at=at, address=address)


def send_back(*, finding: Finding, reason: str, by: User, at: datetime, address: str = "") -> Finding:
    """退回重查."""
    with transaction.atomic():
        one = _locked(finding, by)
        demand(rules.why_not_send_back(one, by_role=by.role, reason=reason))
        one.state = FindingState.OPEN
        return _done(one, Verb.RETURN, "send_back", reason, by=by, at=at, address=address)


def visible(county_code: str) -> QuerySet[Finding]:
    """线索 of a county."""
    return Finding.objects.filter(county_code=county_code)


def as_table(county_code: str) -> dict[str, list[Any]]:
    """线索表 for detectors: columns of equal length."""
    names = ("id", "kind", "person_kind", "person_key", "school_code", "fen", "first_seen", "state")
    rows = list(visible(county_code).order_by("id").values_list(*names))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return {
        ("finding" if name == "id" else name): list(column)
        for name, column in zip(names, columns, strict=True)
    }


def _shown(one: findings.Seen) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _SHOWN}
    values["evidence"] = [list(pair) for pair in one.evidence]
    return values


def _locked(finding: Finding, by: User) -> Finding:
    one = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    demand_inside(by, one.county_code)
    return one


def _event(finding: Finding, what: str, text: str, *, by: User | None, at: datetime) -> None:
    FindingEvent.objects.create(finding=finding, at=at, by=by, what=what, text=text.strip()[:500])


def _done(one: Finding, verb: Verb, what: str, text: str, *, by: User, at: datetime, address: str) -> Finding:
    one.save()
    _event(one, what, text, by=by, at=at)
    detail = {"what": what, "state": one.state, "kind": one.kind}
    obj = ("finding", str(one.pk))
    write(by=by, verb=verb, obj=obj, detail=detail, reason=text.strip(), at=at, address=address)
    return one
