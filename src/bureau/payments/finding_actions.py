"""审计线索的写入: keeping what the queries found. A case of the ledger follows each; it is settled there and nowhere else."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import findings
from bureau.payments.models import Finding
from bureau.payments.states import FindingState

_SHOWN = ("title", "fen", "evidence", "person_name", "school_code", "school_name")
_WRITTEN = (*_SHOWN, "state", "last_seen", "changed_at")


def refresh(
    *, county_code: str, today: date, at: datetime, progress: Callable[[float], None] = lambda share: None
) -> Counter[str]:
    """重新查一遍: new rows are kept, known ones brought up to date, those without evidence marked as gone.

    Answers {"new", "seen", "changed", "gone", "back"}. Doing it twice changes nothing.
    """
    seen = {one.fingerprint: one for one in findings.search(county_code, progress=progress)}
    result: Counter[str] = Counter()
    new: list[Finding] = []
    with transaction.atomic():
        rows = Finding.objects.select_for_update().filter(county_code=county_code)
        there = {one.fingerprint: one for one in rows}
        for fingerprint, one in seen.items():
            known = there.get(fingerprint)
            if known is None:
                new.append(
                    Finding(
                        county_code=county_code, kind=one.kind, fingerprint=fingerprint, person_kind=one.person_kind, person_key=one.person_key,
                        first_seen=today, last_seen=today, changed_at=at, **_shown(one),
                    )
                )  # fmt: skip
                continue
            result["seen"] += 1
            result.update(_follow(known, _shown(one), today=today, at=at))
        for fingerprint, known in there.items():
            if fingerprint not in seen and known.state == FindingState.OPEN:
                known.state, known.changed_at = FindingState.GONE, at
                result["gone"] += 1
        Finding.objects.bulk_create(new, batch_size=500)
        Finding.objects.bulk_update(there.values(), _WRITTEN, batch_size=100)
        if new:
            result["new"] = len(new)
        if any(result[name] for name in ("new", "changed", "gone", "back")):
            write(by=None, verb=Verb.RUN, obj=("payment_audit", county_code), detail=dict(result), at=at)
    return result


def _follow(known: Finding, shown: dict[str, Any], *, today: date, at: datetime) -> Counter[str]:
    """Brings a finding up to what is seen now; says how it changed."""
    changed: Counter[str] = Counter()
    if known.state == FindingState.GONE:
        known.state, known.changed_at = FindingState.OPEN, at
        changed["back"] += 1
    if known.fen != shown["fen"] or known.evidence != shown["evidence"]:
        known.changed_at = at
        changed["changed"] += 1
    for name, value in shown.items():
        setattr(known, name, value)
    known.last_seen = today
    return changed


def visible(county_code: str) -> QuerySet[Finding]:
    """线索 of a county."""
    return Finding.objects.filter(county_code=county_code)


def _shown(one: findings.Seen) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _SHOWN}
    values["evidence"] = [list(pair) for pair in one.evidence]
    return values
