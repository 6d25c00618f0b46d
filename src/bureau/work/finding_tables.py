"""资金线索成为个案: what the ledgers are shown of the audit's findings. A finding whose case was explained stays out until it changes."""

from datetime import datetime
from typing import Any

from bureau.cases.models import Case
from bureau.payments import finding_actions
from bureau.payments.finding_rules import KINDS, LEDGERS
from bureau.payments.states import FindingState

EXPLAINED = "explained"


def payment_findings(county_code: str) -> dict[str, list[Any]]:
    """线索表 for the detectors: what the data shows and nobody has explained since it last changed."""
    explained = explained_since(county_code)
    found = finding_actions.visible(county_code).filter(state=FindingState.OPEN).order_by("id")
    rows = [one for one in found if one.changed_at >= explained.get(str(one.pk), one.changed_at)]
    return {
        "finding_key": [str(one.pk) for one in rows],
        "kind": [KINDS.get(one.kind, one.kind) for one in rows],
        "title": [one.title for one in rows],
        "person_kind": [one.person_kind for one in rows],
        "person_key": [one.person_key for one in rows],
        "school_code": [one.school_code for one in rows],
        "amount": [one.fen / 100 for one in rows],
        "found_on": [one.first_seen for one in rows],
    }


def explained_since(county_code: str) -> dict[str, datetime]:
    """{finding: when a person explained it}, of the newest case of each; one that was sent back is explained no more."""
    cases = Case.objects.filter(county_code=county_code, ledger__in=LEDGERS.values()).order_by("id")
    found: dict[str, datetime] = {}
    for item, state, phase, before, at in cases.values_list(
        "item", "state", "phase", "before_solved", "done_at"
    ):
        found.pop(item, None)
        stands = state == EXPLAINED or (phase == "solved" and before == EXPLAINED) or phase == "closed"
        if stands and at is not None:
            found[item] = at
    return found
