"""从应助名单列入: the children whose evaluation says that something is due and not paid become proposals of a round."""

from collections.abc import Collection
from datetime import datetime

from bureau.entitlements.lists import payable
from bureau.payments.award_actions import Proposal, Result, propose
from bureau.payments.models import AwardRound
from bureau.payments.persons import by_keys
from bureau.people.models import User
from bureau.people.rules import Refused


def propose_entitled(
    *,
    round: AwardRound,
    claims: Collection[int] | None = None,
    by: User,
    at: datetime,
    address: str = "",
) -> Result:
    """列入应发未发的人 of the round's clause and term: all of them, or the chosen claims. Amounts are what is still due."""
    school_code = by.school_code if by.role == "school" else ""
    rows = payable(round.county_code, round.term, claims=claims, clause=round.clause, school_code=school_code)
    if not rows:
        raise Refused(
            f"应助名单里没有 {round.term}学期“{round.clause_name}”应发未发的人；请先在“应助尽助”里核算这一学期"
        )
    people = by_keys(round.county_code, "student", (row.student_key for row in rows))
    proposals = [
        Proposal(people[row.student_key], row.fen, row.reason) for row in rows if row.student_key in people
    ]
    result = propose(round=round, proposals=proposals, entered="entitled", by=by, at=at, address=address)
    absent = len(rows) - len(proposals)
    if absent:
        result.refused["学籍名册里已经没有他们"] += absent
    return result
