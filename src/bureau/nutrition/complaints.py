"""投诉的写入: received, answered in time, and checked by another."""

from datetime import date, datetime, timedelta

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.nutrition import programme, supply_rules
from bureau.nutrition.models import Complaint
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import scope_of
from bureau.people.secret import seal
from bureau.workdays.queries import calendar

AGAIN = timedelta(hours=1)


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
    number: str = "",
    address: str = "",
) -> Complaint:
    """受理投诉; its deadline is counted in working days. Who complains is sealed. Raises Refused."""
    mine = programme.is_mine(scope_of(by), county_code, school_code, today)
    demand(supply_rules.why_not_complain(by=by, mine=mine, text=text, received_on=received_on, today=today))
    with transaction.atomic():
        made = _received(
            county_code,
            school_code,
            received_on or today,
            way,
            topic,
            text,
            by=by,
            at=at,
            number=number,
            person=person,
        )
        detail = {"school": school_code, "due": made.due, "topic": made.topic}
        obj = ("nutrition_complaint", str(made.pk))
        write(by=by, verb=Verb.CREATE, obj=obj, detail=detail, at=at, address=address)
    return made


def send_complaint(
    *, county_code: str, school_code: str, topic: str, text: str, number: str, at: datetime, today: date
) -> Complaint:
    """网上投诉, by anybody: nothing of the sender is kept, neither in the complaint nor in the log. Raises Refused.

    The same words about the same school again within the hour are the same complaint: a form sent twice makes one.
    """
    school = school_code in programme.complaint_schools(county_code, today)
    found = supply_rules.why_not_send(school=school, topic=topic, topics=Complaint.Topic.values, text=text)
    demand("；".join(sentence for _field, sentence in found) or None)
    with transaction.atomic():
        same = Complaint.objects.filter(
            county_code=county_code,
            school_code=school_code,
            topic=topic,
            text=text.strip(),
            by=None,
            at__gt=at - AGAIN,
        ).first()
        if same is not None:
            return same
        made = _received(
            county_code, school_code, today, Complaint.Way.ONLINE, topic, text, by=None, at=at, number=number
        )
        detail = {"school": school_code, "due": made.due, "topic": topic, "way": made.way}
        write(by=None, verb=Verb.CREATE, obj=("nutrition_complaint", str(made.pk)), detail=detail, at=at)
    return made


def _received(
    county_code: str,
    school_code: str,
    day: date,
    way: str,
    topic: str,
    text: str,
    *,
    by: User | None,
    at: datetime,
    number: str,
    person: str = "",
) -> Complaint:
    """A complaint with its deadline."""
    days, _said = programme.complaint_days(county_code)
    working = calendar()
    due = working.after(day, days)
    return Complaint.objects.create(
        number=number,
        county_code=county_code,
        school_code=school_code,
        received_on=day,
        way=way if way in Complaint.Way.values else Complaint.Way.PHONE,
        topic=topic if topic in Complaint.Topic.values else Complaint.Topic.OTHER,
        text=text.strip(),
        person=seal(person.strip()),
        due=due,
        due_doubt=working.doubts(day, due) or "",
        by=by,
        at=at,
    )


def answer_complaint(
    *, complaint: Complaint, text: str, by: User, at: datetime, today: date, address: str = ""
) -> Complaint:
    """处理并答复. Raises Refused."""
    with transaction.atomic():
        one = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
        mine = programme.is_mine(scope_of(by), one.county_code, one.school_code, today)
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
