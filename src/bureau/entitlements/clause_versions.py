"""县级条款的版本: a draft is sent, confirmed by a second person, given back or dropped."""

from datetime import datetime

from django.db import transaction

from bureau.entitlements import rules
from bureau.entitlements.clause_checks import check
from bureau.entitlements.clause_draft import State, Texts, locked, log
from bureau.entitlements.models import CountyPack
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import why_not_county


def submit(
    *, draft: CountyPack, reason: str, texts: Texts, by: User, at: datetime, address: str = ""
) -> CountyPack:
    """送复核, checked once more. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        draft = locked(draft)
        demand(why_not_county(by, draft.county_code))
        found = check(draft.text, county_code=draft.county_code, texts=texts)
        demand(
            rules.why_not_submit_pack(
                role=by.role,
                state=draft.state,
                edits=draft.edits.count(),
                problems=len(found.problems),
                reason=reason,
            )
        )
        draft.state, draft.reason, draft.checked = State.WAITING, reason.strip(), found.stored()
        draft.submitted_by, draft.submitted_at, draft.returned = by, at, ""
        draft.save()
        log(draft, Verb.SUBMIT, by=by, at=at, address=address, reason=reason)
    return draft


def confirm(*, pack: CountyPack, texts: Texts, by: User, at: datetime, address: str = "") -> CountyPack:
    """复核通过: in force from now on; the version before is kept as replaced. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        pack = locked(pack)
        demand(why_not_county(by, pack.county_code))
        found = check(pack.text, county_code=pack.county_code, texts=texts)
        demand(
            rules.why_not_confirm_pack(
                role=by.role,
                state=pack.state,
                person=by.pk,
                makers=makers(pack),
                problems=len(found.problems),
            )
        )
        before = CountyPack.objects.filter(county_code=pack.county_code, state=State.IN_FORCE)
        before.update(state=State.REPLACED, replaced_at=at)
        pack.state, pack.confirmed_by, pack.confirmed_at = State.IN_FORCE, by, at
        pack.checked = found.stored()
        pack.save()
        log(pack, Verb.CHECK_PACK, by=by, at=at, address=address, reason=pack.reason)
    return pack


def give_back(*, pack: CountyPack, reason: str, by: User, at: datetime, address: str = "") -> CountyPack:
    """退回 to its makers, with the reason."""
    with transaction.atomic():
        pack = locked(pack)
        demand(why_not_county(by, pack.county_code))
        demand(rules.why_not_return_pack(role=by.role, state=pack.state, reason=reason))
        pack.state, pack.returned = State.DRAFT, reason.strip()[:300]
        pack.save()
        log(pack, Verb.RETURN, by=by, at=at, address=address, reason=reason)
    return pack


def drop(*, draft: CountyPack, by: User, at: datetime, address: str = "") -> CountyPack:
    """作废 a draft; it stays in the list of versions."""
    with transaction.atomic():
        draft = locked(draft)
        demand(why_not_county(by, draft.county_code))
        demand(rules.why_not_drop_pack(role=by.role, state=draft.state))
        draft.state = State.DROPPED
        draft.save()
        log(draft, Verb.DELETE, by=by, at=at, address=address, reason=draft.reason)
    return draft


def makers(pack: CountyPack) -> set[int]:
    """Everybody who changed or submitted the version."""
    return {pack.by_id, *pack.edits.values_list("by_id", flat=True)} | (
        {pack.submitted_by_id} if pack.submitted_by_id else set()
    )
