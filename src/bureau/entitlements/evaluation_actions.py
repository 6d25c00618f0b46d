"""资助判断的写入: ask for one, cancel it, carry it out in the worker, bring it up to date with payments."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from bureau.entitlements import evaluation, evaluation_rules, lists_settle, terms
from bureau.entitlements.evaluation import InHand, nobody
from bureau.entitlements.evaluation_facts import Elsewhere
from bureau.entitlements.evaluation_models import Claim, Evaluation
from bureau.links.facts import Known
from bureau.log.actions import write as log
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.registry.queries import days_with_data

State = Evaluation.State
UNDER_WAY = (State.QUEUED, State.RUNNING)
FAILED = "判断时出了意外，没有保存结果，原来的结果仍然有效。请告诉系统管理员。"
CUT_OFF = "判断中途断开，没有保存结果，原来的结果仍然有效；请重新判断。"
LONGEST = timedelta(hours=2)

Outside = Callable[[str, date], Mapping[str, Mapping[str, Known]]]
Sources = Callable[[str, date], list[list[str]]]
Further = Callable[[str, date], Iterable[Elsewhere]]


def why_not_ask(*, county_code: str, term: terms.Term, role: str, today: date) -> str | None:
    """为什么不能重新判断, with what the database says."""
    days = days_with_data(county_code, "students")
    running = Evaluation.objects.filter(county_code=county_code, term=term.text, state__in=UNDER_WAY).exists()
    return evaluation_rules.why_not_evaluate(
        role=role, term_refusal=terms.why_not_judge(term, days, today), running=running
    )


def ask(
    *, county_code: str, term: terms.Term, by: User | None, at: datetime, today: date, address: str = ""
) -> Evaluation:
    """申请判断 of one term; `by` None is the nightly run. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        if by is not None:
            refusal = why_not_ask(county_code=county_code, term=term, role=by.role, today=today)
            if not refusal and not scope_of(by).covers(county_code=county_code):
                refusal = "这个县不在您的辖区内"
        else:
            refusal = terms.why_not_judge(term, days_with_data(county_code, "students"), today)
            waiting = Evaluation.objects.filter(county_code=county_code, term=term.text, state__in=UNDER_WAY)
            if refusal is None and (one := waiting.first()):
                return one
        day = terms.register_day(term, days_with_data(county_code, "students"), today)
        if refusal or day is None:
            raise Refused(refusal or "")
        made = Evaluation.objects.create(
            county_code=county_code,
            term=term.text,
            register_day=day,
            rules_day=term.first,
            facts_day=terms.facts_day(term, day, today),
            asked_by=by,
            asked_at=at,
        )
        log(
            by=by,
            verb=Verb.RUN,
            obj=("aid_evaluation", str(made.pk)),
            detail={"county": county_code, "term": term.text, "day": day},
            at=at,
            address=address,
        )
    return made


def cancel(*, of: Evaluation, by: User, at: datetime, address: str = "") -> None:
    """取消 a queued or running evaluation; the current one stays."""
    with transaction.atomic():
        now = Evaluation.objects.select_for_update().get(pk=of.pk)
        refusal = evaluation_rules.why_not_cancel(role=by.role, state=now.state)
        if not refusal and not scope_of(by).covers(county_code=of.county_code):
            refusal = "这个县不在您的辖区内"
        if refusal:
            raise Refused(refusal)
        now.cancel_asked = True
        if now.state == State.QUEUED:
            now.state = State.CANCELLED
        now.save(update_fields=["cancel_asked", "state"])
        log(
            by=by,
            verb=Verb.CHANGE,
            obj=("aid_evaluation", str(of.pk)),
            detail={"cancelled": True},
            at=at,
            address=address,
        )


def compute(
    *,
    evaluation_id: int,
    at: Callable[[], datetime],
    today: date,
    progress: Callable[[float], None],
    outside: Outside,
    sources: Sources,
    further: Further,
    in_hand: InHand = nobody,
) -> Evaluation | None:
    """判断一次, in the worker. None when somebody else is at it or it was cancelled; the result before stays until the end."""
    mine = Evaluation.objects.filter(pk=evaluation_id, state=State.QUEUED, cancel_asked=False)
    if not mine.update(state=State.RUNNING, progress=0.02):
        return None
    one = Evaluation.objects.get(pk=evaluation_id)
    term = terms.parse(one.term)
    is_open = term == terms.open_term(one.county_code, today)
    try:
        one.sources = sources(one.county_code, one.facts_day)
        one.seen = evaluation.seen(one.county_code, one.sources)
        evaluation.fill(
            one,
            outside=outside(one.county_code, one.facts_day),
            further=further(one.county_code, one.facts_day),
            season=term.season,
            is_open=is_open,
            progress=progress,
        )
        evaluation.put_in_force(one, at=at(), is_open=is_open, in_hand=in_hand)
    except evaluation.CancelledError:
        _stop(evaluation_id, State.CANCELLED, "")
        return None
    except Exception:
        _stop(evaluation_id, State.FAILED, FAILED)
        raise
    older = Evaluation.objects.filter(county_code=one.county_code, term=one.term, current=False)
    evaluation.forget(older.filter(state=State.DONE, pk__lt=one.pk).values_list("pk", flat=True))
    return one


def _stop(pk: int, state: Evaluation.State, note: str) -> None:
    Evaluation.objects.filter(pk=pk).update(state=state, current=False, note=note, finished_at=None)
    evaluation.forget([pk])


def settle_term(
    *, county_code: str, term: str, at: datetime, today: date, in_hand: InHand = nobody
) -> Evaluation | None:
    """对账 of a term after payments or a new term: inside the caller's transaction. None when it was never evaluated."""
    # All of the term are held, so that an evaluation which takes over meanwhile is seen, and not the one before.
    evaluation.hold(county_code, term)
    one = Evaluation.objects.filter(county_code=county_code, term=term, current=True).first()
    if one is not None:
        is_open = terms.parse(term) == terms.open_term(county_code, today)
        lists_settle.settle(one, at=at, is_open=is_open, in_hand=in_hand(county_code, term))
    return one


def settle_open(
    *, county_code: str, term: str, at: datetime, today: date, in_hand: InHand, refused: bool = False
) -> None:
    """对账 of the open term when a child begins to be reviewed or is no longer. Inside a transaction.

    Other terms do not ask who is being reviewed; whom somebody refuses (`refused`), or no longer, they do ask.
    """
    if (
        refused
        or terms.parse(term) == terms.open_term(county_code, today)
        or Claim.objects.filter(
            evaluation__county_code=county_code,
            evaluation__term=term,
            evaluation__current=True,
            standing=evaluation_rules.REFUSED,
        ).exists()
    ):
        settle_term(county_code=county_code, term=term, at=at, today=today, in_hand=in_hand)


def settle_past(*, county_code: str, term: str, at: datetime, today: date, in_hand: InHand = nobody) -> None:
    """对账 of a term that is over: what still waits there has been missed."""
    waiting = Claim.objects.filter(
        evaluation__county_code=county_code,
        evaluation__term=term,
        evaluation__current=True,
        standing=evaluation_rules.WAITING,
    )
    if waiting.exists():
        with transaction.atomic():
            settle_term(county_code=county_code, term=term, at=at, today=today, in_hand=in_hand)


def give_up(*, at: datetime) -> int:
    """清理 evaluations whose worker was cut off: they block the next one no longer. How many there were."""
    lost = Evaluation.objects.filter(state=State.RUNNING, asked_at__lt=at - LONGEST)
    found = list(lost.values_list("pk", flat=True))
    for pk in found:
        _stop(pk, State.FAILED, CUT_OFF)
    return len(found)


def is_stale(one: Evaluation, sources: list[list[str]], common: Mapping[str, object] | None = None) -> bool:
    """Whether registers, matched lists or clauses have changed since. `common`: of `rests_on`, asked once for many terms."""
    return bool(one.seen) and one.seen != evaluation.seen(one.county_code, sources, common)
