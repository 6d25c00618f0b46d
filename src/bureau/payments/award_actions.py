"""评审的写入: rounds, awards and their review by school and bureau. One transaction and one log line each."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import award_queries as queries
from bureau.payments import award_rules as rules
from bureau.payments.fund_actions import demand_inside
from bureau.payments.models import Award, AwardEvent, AwardRound, Fund
from bureau.payments.persons import Person, sort_key
from bureau.payments.states import AwardState
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.scope import scope_of


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
        _done(made, Verb.CREATE, "open", 0, made.title, by=by, at=at, address=address)
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
        one = _locked(round)
        demand(rules.why_not_propose(role=by.role, round_closed=one.published_on is not None))
        scope = scope_of(by)
        there = set(
            Award.objects.filter(
                county_code=one.county_code, person_kind=one.person_kind, clause=one.clause, term=one.term
            )
            .exclude(state=AwardState.REJECTED)
            .values_list("person_key", flat=True)
        )
        result, made = Result(), []
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
                made.append(_award(one, proposal, entered, by, at))
        Award.objects.bulk_create(made, batch_size=500)
        result.done = len(made)
        _done(one, Verb.AWARD, "propose", len(made), "", by=by, at=at, address=address)
    return result


def _award(one: AwardRound, proposal: Proposal, entered: str, by: User, at: datetime) -> Award:
    person = proposal.person
    return Award(
        round=one,
        county_code=one.county_code,
        person_kind=one.person_kind,
        person_key=person.key,
        person_name=person.name,
        pinyin=sort_key(person)[:200],
        school_code=person.school_code,
        school_name=person.school_name,
        grade=person.grade,
        class_name=person.class_name,
        clause=one.clause,
        term=one.term,
        fen=proposal.fen,
        basis=proposal.basis[:300],
        entered=entered,
        proposed_by=by,
        proposed_at=at,
    )


Chosen = Collection[int] | None


def school_pass(
    *, round: AwardRound, chosen: Chosen = None, by: User, at: datetime, address: str = ""
) -> Result:
    """学校评审通过: of the chosen, or of all that the account may see. The bureau may do so for a school without an account."""
    scope = scope_of(by)

    def why_not(award: Award) -> str | None:
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

    def why_not(award: Award) -> str | None:
        own = scope.covers(school_code=award.school_code)
        return rules.why_not_reject(award, by_role=by.role, own_school=own, reason=reason)

    values = {"state": AwardState.REJECTED, "reason": reason.strip()[:300]}
    return _bulk(round, None, chosen, why_not, values, "reject", reason, by=by, at=at, address=address)


def _bulk(
    round: AwardRound,
    state: AwardState | None,
    chosen: Chosen,
    why_not: Callable[[Award], str | None],
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
        one = _locked(round)
        rows: QuerySet[Award] = queries.visible_awards(by, one.county_code).filter(round=one)
        if chosen is not None:
            rows = rows.filter(pk__in=list(chosen))
        elif state is not None:
            rows = rows.filter(state=state)
        result, able = Result(), []
        for award in rows:
            refusal = why_not(award)
            if refusal:
                result.refused[refusal] += 1
            else:
                able.append(award.pk)
        if chosen is not None and not able and not result.refused:
            raise Refused("请先选择要办的人")
        for start in range(0, len(able), 500):
            Award.objects.filter(pk__in=able[start : start + 500]).update(**values)
        result.done = len(able)
        if not able:
            raise Refused("；".join(result.refused) or "没有可以办的人")
        # One event of the round; of an award on its own when only one was meant.
        single = Award.objects.get(pk=able[0]) if len(able) == 1 else None
        _done(one, Verb.AWARD, what, len(able), text, by=by, at=at, address=address, award=single)
    return result


def _locked(found: AwardRound) -> AwardRound:
    return AwardRound.objects.select_for_update(of=("self",)).select_related("fund").get(pk=found.pk)


def _done(
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
    AwardEvent.objects.create(
        round=one, award=award, at=at, by=by, what=what, count=count, text=text.strip()[:500]
    )
    detail: dict[str, object] = {"what": what, "count": count, "round": one.title, "clause": one.clause}
    if award is not None:
        detail["award"] = award.pk
    obj = ("award_round", str(one.pk))
    write(by=by, verb=verb, obj=obj, detail=detail, reason=text.strip(), at=at, address=address)
