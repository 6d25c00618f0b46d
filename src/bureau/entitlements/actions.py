"""资助资格的写入: confirm what no document says, check it as a second person, and withdraw it."""

from datetime import datetime

from django.db import transaction

from bureau.entitlements import rules
from bureau.entitlements.models import Confirmation
from bureau.entitlements.queries import Open
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.scope import why_not_county


def confirm(
    *, county_code: str, question: Open, reason: str, by: User, at: datetime, address: str = ""
) -> Confirmation:
    """确认: once another person has checked it, it may be paid in this county. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        demand(
            rules.why_not_confirm(
                role=by.role,
                assumption=question.assumption,
                forms=question.forms,
                wider=question.wider_than(county_code),
                confirmed=_in_force(county_code, question.of) is not None,
                reason=reason,
            )
        )
        demand(why_not_county(by, county_code))
        made = Confirmation.objects.create(
            county_code=county_code,
            of=question.of,
            assumption=question.assumption,
            reason=reason.strip(),
            by=by,
            at=at,
        )
        _log(made, Verb.CONFIRM, by=by, at=at, address=address)
    return made


def check(*, county_code: str, of: str, by: User, at: datetime, address: str = "") -> Confirmation:
    """复核: the second person; from now on it may be paid in this county. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        found = _in_force(county_code, of)
        waiting = found is not None and found.checked_by_id is None
        by_self = found is not None and found.by_id == by.pk
        refusal = rules.why_not_check(role=by.role, waiting=waiting, by_self=by_self)
        if found is None or refusal:
            raise Refused(refusal or "")
        demand(why_not_county(by, county_code))
        found.checked_by, found.checked_at = by, at
        found.save()
        _log(found, Verb.CHECK_PACK, by=by, at=at, address=address)
    return found


def withdraw(*, county_code: str, of: str, by: User, at: datetime, address: str = "") -> Confirmation:
    """撤回: it waits again, and nothing more is paid by it. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        found = _in_force(county_code, of)
        refusal = rules.why_not_withdraw(role=by.role, confirmed=found is not None)
        if found is None or refusal:
            raise Refused(refusal or "")
        demand(why_not_county(by, county_code))
        found.withdrawn_by, found.withdrawn_at = by, at
        found.save()
        _log(found, Verb.CHANGE_SETTING, by=by, at=at, address=address)
    return found


def _in_force(county_code: str, of: str) -> Confirmation | None:
    rows = Confirmation.objects.select_for_update(of=("self",))
    return rows.filter(county_code=county_code, of=of, withdrawn_at=None).first()


def _log(one: Confirmation, verb: Verb, *, by: User, at: datetime, address: str) -> None:
    write(
        by=by,
        verb=verb,
        obj=("clause", one.of),
        detail={
            "county": one.county_code,
            "assumption": one.assumption,
            "confirmed_by": one.by.display_name,
            "withdrawn": one.withdrawn_at is not None,
        },
        reason=one.reason,
        at=at,
        address=address,
    )
