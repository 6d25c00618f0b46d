"""评审批的写入: rounds and the awards proposed in them. Their review is in `review_actions`."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.timezone import localtime

from bureau.entitlements import evaluation_actions
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import award_queries as queries
from bureau.payments import award_rules as rules
from bureau.payments.fund_actions import demand_inside
from bureau.payments.models import Award, AwardEvent, AwardRound, Fund
from bureau.payments.persons import Person, sort_key
from bureau.payments.states import AwardState
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import scope_of
from bureau.registry import bulk


@dataclass(frozen=True, slots=True)
class Proposal:
    """拟发: a person, the amount in fen and why."""

    person: Person
    fen: int
    basis: str = ""


@dataclass(slots=True)
class Result:
    """成批操作的结果: how many were done, and each refusal with how often it was met."""

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def sentence(self) -> str:
        """What was done and what was not."""
        not_done = "；".join(f"{count:,} 人没有办：{words}" for words, count in self.refused.items())
        return f"已办 {self.done:,} 人" + (f"；{not_done}" if not_done else "")


def open_round(
    *,
    county_code: str,
    title: str,
    person_kind: str,
    term: str,
    clause: str,
    fund: Fund | None,
    shares: Mapping[str, int],
    by: User,
    at: datetime,
    address: str = "",
) -> AwardRound:
    """开一批评审 for one clause and term. Nothing that waits for confirmation can be paid by: refused here already."""
    shares = {source: share for source, share in shares.items() if share}
    demand(
        rules.why_not_open_round(
            role=by.role,
            title=title,
            term=term,
            person_kind=person_kind,
            clause_refusal=queries.why_not_clause(county_code, clause, term),
            fund=fund is not None and fund.county_code == county_code,
            shares=shares,
        )
    )
    demand_inside(by, county_code)
    with transaction.atomic():
        made = AwardRound.objects.create(
            county_code=county_code,
            title=title.strip(),
            person_kind=person_kind,
            term=term,
            clause=clause,
            clause_name=queries.clause_of(county_code, clause).name,
            fund=fund,  # type: ignore[misc]  # the rule has seen to it
            shares=shares,
            by=by,
            at=at,
        )
        done(made, Verb.CREATE, "open", 0, made.title, by=by, at=at, address=address)
    return made


def propose(
    *,
    round: AwardRound,
    proposals: Sequence[Proposal],
    entered: str,
    by: User,
    at: datetime,
    address: str = "",
) -> Result:
    """拟发名单: those who already have an award of the clause and term are left out and said."""
    with transaction.atomic():
        one = locked(round)
        demand(rules.why_not_propose(role=by.role, round_closed=one.published_on is not None))
        scope = scope_of(by)
        there = set(
            Award.objects.filter(
                county_code=one.county_code, person_kind=one.person_kind, clause=one.clause, term=one.term
            )
            .exclude(state=AwardState.REJECTED)
            .values_list("person_key", flat=True)
        )
        result = Result()
        made: list[Proposal] = []
        for proposal in proposals:
            person = proposal.person
            if person.key in there:
                result.refused["这一学期这一项目已有他们，不重复列入"] += 1
            elif proposal.fen <= 0:
                result.refused["金额应大于 0"] += 1
            elif by.role == "school" and not scope.covers(school_code=person.school_code):
                result.refused["不是本校的人"] += 1
            else:
                there.add(person.key)
                made.append(proposal)
        _store(one, made, entered, by=by, at=at)
        result.done = len(made)
        if one.person_kind == "student":
            settle_again(one.county_code, [one.term], at=at)
        done(one, Verb.AWARD, "propose", len(made), "", by=by, at=at, address=address)
    return result


_NAMES = (
    "round", "county_code", "person_kind", "person_key", "person_name", "pinyin", "school_code", "school_name", "grade", "class_name",
    "clause", "term", "fen", "basis", "entered", "state", "proposed_by", "proposed_at", "reason",
)  # fmt: skip


def _store(one: AwardRound, proposals: Sequence[Proposal], entered: str, *, by: User, at: datetime) -> None:
    moment = connection.ops.adapt_datetimefield_value(at)
    bulk.insert(
        Award,
        _NAMES,
        (
            (
                one.pk, one.county_code, one.person_kind, person.key, person.name, sort_key(person)[:200], person.school_code, person.school_name,
                person.grade, person.class_name, one.clause, one.term, proposal.fen, proposal.basis[:300], entered, AwardState.PROPOSED.value,
                by.pk, moment, "",
            )
            for proposal in proposals
            for person in (proposal.person,)
        ),
    )  # fmt: skip


def settle_again(county_code: str, terms: Collection[str], *, at: datetime, refused: bool = False) -> None:
    """应发名单随之对账: which pupils are in hand, or `refused`, has changed in these terms. Inside the transaction that changed it."""
    for term in sorted(set(terms)):
        evaluation_actions.settle_open(
            county_code=county_code,
            term=term,
            at=at,
            today=localtime(at).date(),
            in_hand=queries.in_hand,
            refused=refused,
        )


def locked(found: AwardRound) -> AwardRound:
    """The round, held for this transaction."""
    return AwardRound.objects.select_for_update(of=("self",)).select_related("fund").get(pk=found.pk)


def done(
    one: AwardRound,
    verb: Verb,
    what: str,
    count: int,
    text: str,
    *,
    by: User | None,
    at: datetime,
    address: str,
    award: Award | None = None,
) -> None:
    """One event of the round, of an award where it is about one, and one log line."""
    AwardEvent.objects.create(
        round=one, award=award, at=at, by=by, what=what, count=count, text=text.strip()[:500]
    )
    detail: dict[str, object] = {"what": what, "count": count, "round": one.title, "clause": one.clause}
    if award is not None:
        detail["award"] = award.pk
    obj = ("award_round", str(one.pk))
    write(by=by, verb=verb, obj=obj, detail=detail, reason=text.strip(), at=at, address=address)
