"""个案的来处: the audit finding that a case follows."""

from django.urls import resolve, reverse

from bureau.cases.models import Case
from bureau.pages.access import access_of
from bureau.payments import finding_actions
from bureau.payments.finding_rules import KINDS, LEDGERS
from bureau.payments.models import Finding
from bureau.people.models import User


def finding_of(case: Case) -> Finding | None:
    """审计线索 whose case this is; None for one opened by hand and for other ledgers."""
    if case.ledger not in LEDGERS.values() or not case.item.isdecimal() or len(case.item) > 15:
        return None
    return (
        finding_actions.visible(case.county_code)
        .filter(pk=int(case.item), person_key=case.subject_key)
        .first()
    )


def address_of(finding: Finding, user: User) -> str:
    """The finding's page, for those who may open it."""
    address = reverse("finding", args=[finding.pk])
    access = access_of(resolve(address).func)
    return "" if access is None or access.why_not(user.role) else address


def heading_of(case: Case, finding: Finding | None) -> str:
    """The heading of a case's page: whom it is about and which of several; the number of a finding tells nobody anything."""
    which = KINDS.get(finding.kind, "") if finding else case.item
    return f"{case.label}：{which}" if which else case.label
