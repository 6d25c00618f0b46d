"""个案的来处: what of another room a case follows: an audit finding, or a graduate's file."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.cases.models import Case
from bureau.graduates.models import Leaver
from bureau.pages.access import leads_on
from bureau.payments import finding_actions
from bureau.payments.finding_rules import KINDS, LEDGERS
from bureau.payments.models import Finding
from bureau.people.models import User

GRADUATES = "graduates"


def source_of(case: Case, finding: Finding | None, user: User) -> tuple[str, str] | None:
    """(words, address) of the page that the case follows, for those who may open it."""
    if finding is not None:
        return _open(_("看这条审计线索和每一笔证据"), reverse("finding", args=[finding.pk]), user)
    if case.ledger == GRADUATES:
        rows = Leaver.objects.filter(county_code=case.county_code, student_key=case.subject_key)
        newest = rows.order_by("-year", "-id").values_list("pk", flat=True).first()
        if newest is not None:
            return _open(_("看这名毕业生的档案，登记去向"), reverse("graduate", args=[newest]), user)
    return None


def finding_of(case: Case) -> Finding | None:
    """审计线索 whose case this is; None for one opened by hand and for other ledgers."""
    if case.ledger not in LEDGERS.values() or not case.item.isdecimal() or len(case.item) > 15:
        return None
    return (
        finding_actions.visible(case.county_code)
        .filter(pk=int(case.item), person_key=case.subject_key)
        .first()
    )


def heading_of(case: Case, finding: Finding | None) -> str:
    """The heading of a case's page: whom it is about and which of several; the number of a finding tells nobody anything."""
    which = (
        KINDS.get(finding.kind, "")
        if finding
        else str(case.evidence.get("线索", ""))
        if case.item.isdecimal()
        else case.item
    )
    return f"{case.label}：{which}" if which else case.label


def _open(words: str, address: str, user: User) -> tuple[str, str] | None:
    return (words, address) if leads_on(address, user.role) else None
