"""评审的写入: awards pass school and bureau, go back or are refused; one, some or all of a round at once, with one log line."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.models import Verb
from bureau.payments import award_queries as queries
from bureau.payments import award_rules as rules
from bureau.payments.award_actions import Result, done, locked, settle_again
from bureau.payments.models import Award, AwardRound
from bureau.payments.states import AwardState
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.registry import bulk

Chosen = Collection[int] | None


def school_pass(
    *, round: AwardRound, chosen: Chosen = None, by: User, at: datetime, address: str = ""
) -> Result:
    """学校评审通过: of the chosen, or of all that the account may see. The bureau may do so for a school without an account."""
    scope = scope_of(by)

    def why_not(award: rules.AwardLike) -> str | None:
        own = scope.covers(school_code=award.school_code)
        return rules.why_not_school_pass(award, by_role=by.role, own_school=own)

    values = {"state": AwardState.SCHOOL_PASSED, "school_by": by, "school_at": at, "reason": ""}
    return _bulk(
        round, AwardState.PROPOSED, chosen, why_not, values, "school_pass", "", by=by, at=at, address=address
    )


def review_pass(
    *, round: AwardRound, chosen: Chosen = None, by: User, at: datetime, address: str = ""
) -> Result:
    """科室评审通过, by another person than the school's."""
    values = {"state": AwardState.REVIEWED, "reviewed_by": by, "reviewed_at": at, "reason": ""}
    return _bulk(
        round,
        AwardState.SCHOOL_PASSED,
        chosen,
        lambda award: rules.why_not_pass(award, by_id=by.pk, by_role=by.role),
        values,
        "pass",
        "",
        by=by,
        at=at,
        address=address,
    )


def send_back(
    *, round: AwardRound, chosen: Collection[int], reason: str, by: User, at: datetime, address: str = ""
) -> Result:
    """退回学校 with the reason."""
    values = {
        "state": AwardState.PROPOSED,
        "school_by": None,
        "school_at": None,
        "reason": reason.strip()[:300],
    }
    return _bulk(
        round,
        AwardState.SCHOOL_PASSED,
        chosen,
        lambda award: rules.why_not_send_back(award, by_role=by.role, reason=reason),
        values,
        "send_back",
        reason,
        by=by,
        at=at,
        address=address,
    )


def reject(
    *, round: AwardRound, chosen: Collection[int], reason: str, by: User, at: datetime, address: str = ""
) -> Result:
    """不予发放 with the reason."""
    scope = scope_of(by)

    def why_not(award: rules.AwardLike) -> str | None:
        own = scope.covers(school_code=award.school_code)
        return rules.why_not_reject(award, by_role=by.role, own_school=own, reason=reason)

    values = {"state": AwardState.REJECTED, "reason": reason.strip()[:300]}
    return _bulk(round, None, chosen, why_not, values, "reject", reason, by=by, at=at, address=address)


class _Facts(NamedTuple):
    """What the rules look at: thousands of whole awards would take seconds to make."""

    state: str
    school_code: str
    school_by_id: int | None
    reviewed_by_id: int | None


def _bulk(
    round: AwardRound,
    state: AwardState | None,
    chosen: Chosen,
    why_not: Callable[[rules.AwardLike], str | None],
    values: Mapping[str, object],
    what: str,
    text: str,
    *,
    by: User,
    at: datetime,
    address: str,
) -> Result:
    """Without a choice all in `state`; with one those chosen, and each that may not is said why."""
    with transaction.atomic():
        one = locked(round)
        rows: QuerySet[Award] = queries.visible_awards(by, one.county_code).filter(round=one)
        if chosen is not None:
            rows = rows.filter(pk__in=list(chosen))
        elif state is not None:
            rows = rows.filter(state=state)
        result, able = Result(), []
        for pk, *facts in rows.order_by().values_list("pk", *_Facts._fields):
            refusal = why_not(_Facts(*facts))
            if refusal:
                result.refused[refusal] += 1
            else:
                able.append(pk)
        if chosen is not None and not able and not result.refused:
            raise Refused("请先选择要办的人")
        bulk.update_by_id(Award, able, **values)
        if values["state"] == AwardState.REJECTED and one.person_kind == "student":
            settle_again(one.county_code, [one.term], at=at, refused=True)
        result.done = len(able)
        if not able:
            raise Refused("；".join(result.refused) or "没有可以办的人")
        # One event of the round; of an award on its own when only one was meant.
        single = Award.objects.get(pk=able[0]) if len(able) == 1 else None
        done(one, Verb.AWARD, what, len(able), text, by=by, at=at, address=address, award=single)
    return result
