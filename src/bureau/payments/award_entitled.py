"""从应助名单列入: the children whose evaluation says that something is due and not paid become proposals of a round."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bureau.entitlements import lists
from bureau.entitlements.evaluation_rules import GRANTED
from bureau.entitlements.lists import payable
from bureau.payments.award_actions import Proposal, Result, propose
from bureau.payments.models import AwardRound
from bureau.payments.persons import by_keys
from bureau.people.models import User
from bureau.people.rules import Refused


@dataclass(frozen=True, slots=True)
class Entitled:
    """应发未发的人, found in the register; `absent` are those who stand there no more."""

    proposals: tuple[Proposal, ...]
    absent: int


def entitled(
    round: AwardRound,
    *,
    claims: Collection[int] | None = None,
    by: User,
    progress: Callable[[float], None] = lambda share: None,
) -> Entitled:
    """应发未发的人 of the round's clause and term, with what is still due."""
    school_code = by.school_code if by.role == "school" else ""
    rows = payable(round.county_code, round.term, claims=claims, clause=round.clause, school_code=school_code)
    if not rows:
        raise Refused(
            f"应助名单里没有 {round.term}学期“{round.clause_name}”应发未发的人；请先在“应助尽助”里核算这一学期"
        )
    progress(0.4)
    people = by_keys(round.county_code, "student", (row.student_key for row in rows))
    progress(0.8)
    found = tuple(
        Proposal(people[row.student_key], row.fen, row.reason) for row in rows if row.student_key in people
    )
    return Entitled(found, len(rows) - len(found))


def due_lines(county_code: str, term: str, clause: str) -> int:
    """应发未发的人数 of a clause, about: without reading one of them."""
    one = lists.current(county_code, term)
    if one is None:
        return 0
    return lists.claims(one).filter(clause=clause, state__in=GRANTED, standing__in=lists.PAYABLE).count()


def propose_entitled(
    *,
    round: AwardRound,
    claims: Collection[int] | None = None,
    by: User,
    at: datetime,
    address: str = "",
) -> Result:
    """列入应发未发的人: all of them, or the chosen claims."""
    return propose_found(entitled(round, claims=claims, by=by), round=round, by=by, at=at, address=address)


def propose_found(found: Entitled, *, round: AwardRound, by: User, at: datetime, address: str = "") -> Result:
    """列入查到的人; those no longer in the register are said."""
    result = propose(
        round=round, proposals=found.proposals, entered="entitled", by=by, at=at, address=address
    )
    if found.absent:
        result.refused["学籍名册里已经没有他们"] += found.absent
    return result
