"""公示与异议的写入: a reviewed list is published for some working days, objections are handled, and the rest passes on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from bureau.log.models import Verb
from bureau.payments import award_queries as queries
from bureau.payments import award_rules as rules
from bureau.payments import setting_queries
from bureau.payments.award_actions import done, locked, settle_again
from bureau.payments.fund_actions import demand_inside
from bureau.payments.models import Award, AwardRound, Objection
from bureau.payments.states import AwardState
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.secret import lookup, seal
from bureau.workdays.queries import calendar

WAITING = (AwardState.PROPOSED, AwardState.SCHOOL_PASSED)


def publish(*, round: AwardRound, by: User, at: datetime, today: date, address: str = "") -> AwardRound:
    """公示: from today for the county's number of working days."""
    with transaction.atomic():
        one = locked(round)
        demand_inside(by, one.county_code)
        demand(why_not_publish(one, role=by.role))
        days = setting_queries.value(one.county_code, "publication_days")
        over = calendar()
        one.published_on, one.published_until, one.published_by = today, over.after(today, days), by
        one.published_doubt = over.doubts(today, one.published_until) or ""
        one.save()
        count = one.awards.filter(state=AwardState.REVIEWED).update(state=AwardState.PUBLISHED)
        words = f"{one.published_on:%Y-%m-%d} 至 {one.published_until:%Y-%m-%d}"
        done(one, Verb.PUBLISH, "publish", count, words, by=by, at=at, address=address)
    return one


def why_not_publish(
    one: AwardRound, *, role: str, counts: Mapping[str, tuple[int, int]] | None = None
) -> str | None:
    """为什么不能公示这一批. `counts`: of all its awards by state, when they are at hand."""
    found = queries.counts(one.awards.all()) if counts is None else counts
    return rules.why_not_publish(
        role=role,
        ready=found.get(AwardState.REVIEWED, (0, 0))[0],
        waiting=sum(found.get(state, (0, 0))[0] for state in WAITING),
        published=one.published_on is not None,
    )


def keep_up(*, county_code: str, today: date, at: datetime) -> int:
    """公示期满: awards of lists whose days are over and against which nothing is open pass on; answers how many.

    Done every night, and before a batch is drafted, so that nothing waits for the night.
    """
    passed = 0
    blocked = queries.blocked_rounds(county_code).values("round")
    over = AwardRound.objects.filter(
        county_code=county_code, published_until__lt=today, awards__state=AwardState.PUBLISHED
    ).exclude(pk__in=blocked)
    for one in over.distinct():
        with transaction.atomic():
            rows = locked(one).awards.filter(state=AwardState.PUBLISHED)
            count = rows.update(state=AwardState.CLEARED)
            done(one, Verb.PUBLISH, "clear", count, "公示期满，无未处理的异议", by=None, at=at, address="")
        passed += count
    return passed


def keep_up_everywhere(*, today: date, at: datetime) -> int:
    """每晚 for every county."""
    counties = (
        AwardRound.objects.filter(published_until__lt=today).order_by().values_list("county_code", flat=True)
    )
    return sum(keep_up(county_code=county, today=today, at=at) for county in counties.distinct())


def object_to(
    *,
    round: AwardRound,
    award: Award | None,
    about: str,
    text: str,
    name: str = "",
    contact: str = "",
    by: User | None,
    at: datetime,
    today: date,
    address: str = "",
) -> Objection:
    """提异议: by a member of the public (`by` None, limited by address) or recorded by staff."""
    sender = lookup(address) if by is None else ""
    since = at - timedelta(hours=1)
    with transaction.atomic():
        one = locked(round)
        sent = Objection.objects.filter(public=True, sender=sender, at__gt=since).count() if by is None else 0
        running = queries.publication_running(one, today=today)
        demand(rules.why_not_object(running=running, text=text, name=name, sent=sent, public=by is None))
        made = Objection.objects.create(
            round=one,
            award=award,
            about=about.strip()[:100],
            text=text.strip(),
            name=name.strip(),
            contact=seal(contact.strip()[:100]),
            public=by is None,
            sender=sender,
            received_by=by,
            at=at,
        )
        if award is not None:
            one.awards.filter(pk=award.pk, state=AwardState.PUBLISHED).update(state=AwardState.OBJECTED)
        done(
            one,
            Verb.REPORT,
            "object",
            1,
            "收到异议",
            by=by,
            at=at,
            address=address if by else "",
            award=award,
        )
    return made


def name_award(*, objection: Objection, award: Award, by: User, at: datetime, address: str = "") -> Objection:
    """指明异议涉及的人; the other awards of the list no longer wait for it."""
    with transaction.atomic():
        one = Objection.objects.select_for_update(of=("self",)).select_related("round").get(pk=objection.pk)
        demand(
            rules.why_not_handle(
                role=by.role,
                handled=one.upheld is not None,
                answer="-",
                reviewed=False,
                upheld=False,
                known=True,
            )
        )
        demand_inside(by, one.round.county_code)
        demand(None if award.round_id == one.round_id else "这一位不在这份公示名单里")
        one.award = award
        one.save(update_fields=["award"])
        one.round.awards.filter(pk=award.pk, state=AwardState.PUBLISHED).update(state=AwardState.OBJECTED)
        done(one.round, Verb.CHANGE, "name", 1, "", by=by, at=at, address=address, award=award)
    return one


def reviewed(objection: Objection, by: User) -> bool:
    """是否评审过: the award it is about, for the bureau or a school; one of the list's where it is not said whom it is about."""
    rows = objection.round.awards.filter(Q(reviewed_by=by) | Q(school_by=by))
    return (rows if objection.award_id is None else rows.filter(pk=objection.award_id)).exists()


def handle(
    *, objection: Objection, upheld: bool, answer: str, by: User, at: datetime, address: str = ""
) -> Objection:
    """处理异议: upheld, the award is refused; dismissed, it is published on and passes when no other is open."""
    with transaction.atomic():
        one = Objection.objects.select_for_update(of=("self",)).select_related("round").get(pk=objection.pk)
        demand_inside(by, one.round.county_code)
        award = one.award
        demand(
            rules.why_not_handle(
                role=by.role,
                handled=one.upheld is not None,
                answer=answer,
                reviewed=reviewed(one, by),
                upheld=upheld,
                known=award is not None,
            )
        )
        one.upheld, one.answer, one.handled_by, one.handled_at = upheld, answer.strip(), by, at
        one.save()
        if award is not None:
            open_others = award.objections.filter(upheld=None).exists()
            objected = one.round.awards.filter(pk=award.pk, state=AwardState.OBJECTED)
            if upheld:
                objected.update(state=AwardState.REJECTED, reason=f"异议成立：{answer.strip()}"[:300])
                if one.round.person_kind == "student":
                    settle_again(one.round.county_code, [one.round.term], at=at, refused=True)
            elif not open_others:
                objected.update(state=AwardState.PUBLISHED)
        what = "uphold" if upheld else "dismiss"
        done(one.round, Verb.CONFIRM, what, 1, answer, by=by, at=at, address=address, award=award)
    return one
