"""服务期的写入: a term of service begins with money received, ends early with a claim, and the money comes back to its fund."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Prefetch, QuerySet, Sum

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import booking, fund_actions
from bureau.payments import service_rules as rules
from bureau.payments.models import Award, Fund, Repayment, ServiceTerm
from bureau.payments.persons import Person
from bureau.payments.states import AwardState
from bureau.people.models import User
from bureau.people.rules import demand


def begin(
    *,
    county_code: str,
    teacher: Person,
    clause: str,
    fund: Fund,
    source: str,
    fen: int | None,
    starts: date | None,
    years: int | None,
    method: str,
    contract: str,
    award: Award | None = None,
    by: User,
    at: datetime,
    address: str = "",
) -> ServiceTerm:
    """登记服务期, with what the contract says of leaving early: the document itself does not."""
    known = method in ServiceTerm.Method.values
    demand(
        rules.why_not_begin(
            role=by.role, fen=fen, years=years, starts=starts, contract=contract, method=known
        )
    )
    fund_actions.demand_inside(by, county_code)
    assert fen is not None  # noqa: S101 — the rule has seen to these three
    assert starts is not None  # noqa: S101
    assert years is not None  # noqa: S101
    with transaction.atomic():
        same = ServiceTerm.objects.filter(
            county_code=county_code, teacher_key=teacher.key, clause=clause, starts=starts
        )
        demand("这位教师的这个服务期已经登记" if same.exists() else None)
        # What these books have paid comes back as a return of that payment, not as new income.
        award = award or _paid_award(county_code, teacher, clause)
        if award is not None:
            demand(
                rules.why_not_from(
                    fund=award.round.fund.name,
                    sources=[name for name, share in award.round.shares.items() if share],
                    fen=award.fen,
                    chosen=(fund.name, source, fen),
                )
            )
        made = ServiceTerm.objects.create(
            county_code=county_code,
            teacher_key=teacher.key,
            teacher_name=teacher.name,
            school_code=teacher.school_code,
            clause=clause,
            award=award,
            fund=fund,
            source=source,
            fen=fen,
            starts=starts,
            years=years,
            method=method,
            contract=contract.strip(),
            by=by,
            at=at,
        )
        _log(made, Verb.CREATE, "", by=by, at=at, address=address)
    return made


def leave(
    *,
    term: ServiceTerm,
    on: date | None,
    reason: str,
    due_on: date | None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> ServiceTerm:
    """登记离开: from now on what is owed is due."""
    with transaction.atomic():
        one = _locked(term, by)
        demand(
            rules.why_not_leave(
                role=by.role,
                left=one.left_on is not None,
                on=on,
                starts=one.starts,
                today=today,
                reason=reason,
                due_on=due_on,
            )
        )
        one.left_on, one.left_reason, one.due_on = on, reason.strip(), due_on
        one.save()
        _log(one, Verb.CHANGE, reason.strip(), by=by, at=at, address=address)
    return one


def correct_leave(
    *,
    term: ServiceTerm,
    on: date | None,
    reason: str,
    due_on: date | None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> ServiceTerm:
    """更正离开登记: another day, or None when the teacher has not left. Raises Refused."""
    with transaction.atomic():
        one = _locked(term, by)
        demand(
            rules.why_not_correct(
                role=by.role,
                left=one.left_on is not None,
                on=on,
                starts=one.starts,
                today=today,
                reason=reason,
                due_on=due_on,
                repaid=repaid_fen(one),
                owed=rules.owed(fen=one.fen, starts=one.starts, years=one.years, left=on, method=one.method)
                if on
                else 0,
            )
        )
        one.left_on, one.due_on = on, due_on if on else None
        one.left_reason = reason.strip()[:200] if on else ""
        one.save()
        _log(one, Verb.CHANGE, reason.strip(), by=by, at=at, address=address)
    return one


def _paid_award(county_code: str, teacher: Person, clause: str) -> Award | None:
    rows = Award.objects.filter(
        county_code=county_code,
        person_kind="teacher",
        person_key=teacher.key,
        clause=clause,
        state=AwardState.PAID,
    )
    return rows.select_related("round__fund").order_by("-pk").first()


def repay(
    *,
    term: ServiceTerm,
    fen: int | None,
    day: date | None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Repayment:
    """登记退还, and book it back to the fund and source it came from."""
    with transaction.atomic():
        one = _locked(term, by)
        demand(rules.why_not_repay(role=by.role, fen=fen, open_fen=open_fen(one), day=day, today=today))
        assert fen is not None  # noqa: S101 — the rule has seen to it
        assert day is not None  # noqa: S101
        note = f"{one.teacher_name}服务期未满退还"
        booked = booking.booked_on(one.fund, day, today=today)
        if one.award_id is None:
            # Paid before these books were begun: they know of no payment that could come back.
            entry = fund_actions.Entry("income", one.source, fen, booked, f"{note}（建账以前发放）")
            movement = fund_actions.enter(
                fund=one.fund, entry=entry, by=by, at=at, today=today, address=address
            )
        else:
            movement = booking.take_back(
                fund=one.fund,
                parts={one.source: fen},
                batch=None,
                note=note,
                by=by,
                at=at,
                day=booked,
                today=today,
            )[0]
        made = Repayment.objects.create(term=one, day=day, fen=fen, movement=movement, by=by, at=at)
        _log(one, Verb.PAY, "", by=by, at=at, address=address, repaid=fen)
    return made


def owed_fen(term: ServiceTerm) -> int:
    """应退: what is owed since the teacher left; 0 while he serves."""
    if term.left_on is None:
        return 0
    return rules.owed(
        fen=term.fen, starts=term.starts, years=term.years, left=term.left_on, method=term.method
    )


def repaid_fen(term: ServiceTerm) -> int:
    """已退: what came back, without what was entered wrongly and reversed in the books."""
    found: int = term.repayments.filter(movement__reversed_by=None).aggregate(fen=Sum("fen", default=0))[
        "fen"
    ]
    return found


def open_fen(term: ServiceTerm) -> int:
    """应退未退."""
    return owed_fen(term) - repaid_fen(term)


def terms(county_code: str) -> QuerySet[ServiceTerm]:
    """服务期 of a county, with the repayments that stand."""
    found = ServiceTerm.objects.filter(county_code=county_code).select_related("fund")
    standing = Repayment.objects.filter(movement__reversed_by=None)
    return found.prefetch_related(Prefetch("repayments", queryset=standing))


def due(county_code: str, *, today: date) -> list[tuple[ServiceTerm, int]]:
    """今天到期应退未退: (term, fen), oldest first."""
    left = terms(county_code).filter(left_on__isnull=False, due_on__lte=today).order_by("due_on", "id")
    found = ((one, owed_fen(one) - sum(paid.fen for paid in one.repayments.all())) for one in left)
    return [(one, fen) for one, fen in found if fen > 0]


def _locked(term: ServiceTerm, by: User) -> ServiceTerm:
    one = ServiceTerm.objects.select_for_update(of=("self",)).select_related("fund").get(pk=term.pk)
    fund_actions.demand_inside(by, one.county_code)
    return one


def _log(
    one: ServiceTerm, verb: Verb, reason: str, *, by: User, at: datetime, address: str, **more: object
) -> None:
    detail = {"teacher": one.teacher_key, "clause": one.clause, "fen": one.fen, "left": one.left_on, **more}
    obj = ("service_term", str(one.pk))
    write(by=by, verb=verb, obj=obj, detail=detail, reason=reason, at=at, address=address)
