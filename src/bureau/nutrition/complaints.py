"""投诉的写入: received, answered in time, and checked by another."""

from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.nutrition import programme, supply_rules
from bureau.nutrition.models import Complaint
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import scope_of
from bureau.people.secret import seal
from bureau.registry import queries as registered
from bureau.workdays.queries import calendar


def receive_complaint(
    *,
    county_code: str,
    school_code: str,
    received_on: date | None,
    way: str,
    topic: str,
    text: str,
    person: str,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Complaint:
    """受理投诉; its deadline is counted in working days. Who complains is sealed. Raises Refused."""
    mine = programme.is_mine(
        scope_of(by), county_code, school_code, registered.latest_day(county_code) or today
    )
    demand(supply_rules.why_not_complain(by=by, mine=mine, text=text, received_on=received_on, today=today))
    days, _said = programme.complaint_days(county_code)
    start, working = received_on or today, calendar()
    due = working.after(start, days)
    with transaction.atomic():
        made = Complaint.objects.create(
            county_code=county_code,
            school_code=school_code,
            received_on=start,
            way=way if way in Complaint.Way.values else Complaint.Way.PHONE,
            topic=topic if topic in Complaint.Topic.values else Complaint.Topic.OTHER,
            text=text.strip(),
            person=seal(person.strip()),
            due=due,
            due_doubt=working.doubts(start, due) or "",
            by=by,
            at=at,
        )
        detail = {"school": school_code, "due": due, "topic": made.topic}
        write(
            by=by,
            verb=Verb.CREATE,
            obj=("nutrition_complaint", str(made.pk)),
            detail=detail,
            at=at,
            address=address,
        )
    return made


def answer_complaint(
    *, complaint: Complaint, text: str, by: User, at: datetime, today: date, address: str = ""
) -> Complaint:
    """处理并答复. Raises Refused."""
    with transaction.atomic():
        one = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
        day = registered.latest_day(one.county_code) or today
        mine = programme.is_mine(scope_of(by), one.county_code, one.school_code, day)
        demand(supply_rules.why_not_answer(by=by, mine=mine, state=one.state, text=text))
        one.state, one.answer, one.answered_by, one.answered_on = "answered", text.strip(), by, today
        one.returned = ""
        one.save()
        detail = {"late": today > one.due}
        write(
            by=by,
            verb=Verb.SUBMIT,
            obj=("nutrition_complaint", str(one.pk)),
            detail=detail,
            reason=text.strip(),
            at=at,
            address=address,
        )
    return one


def settle_complaint(
    *, complaint: Complaint, back: bool, reason: str, by: User, at: datetime, address: str = ""
) -> Complaint:
    """办结, or 退回 with the reason, by another person than who answered. Raises Refused."""
    with transaction.atomic():
        one = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
        demand(
            supply_rules.why_not_check_complaint(
                by=by, state=one.state, answered_by=one.answered_by_id, back=back, reason=reason
            )
        )
        if back:
            one.state, one.returned = "open", reason.strip()[:300]
        else:
            one.state, one.closed_by, one.closed_at = "closed", by, at
        one.save()
        verb = Verb.RETURN if back else Verb.CLOSE
        write(
            by=by,
            verb=verb,
            obj=("nutrition_complaint", str(one.pk)),
            detail={"state": one.state},
            reason=reason.strip(),
            at=at,
            address=address,
        )
    return one
