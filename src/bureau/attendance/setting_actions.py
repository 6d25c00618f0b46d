"""考勤设置的写入: the days of a term, and how far back a roll call may be entered."""

from datetime import date, datetime

from django.db import transaction

from bureau.attendance import rules
from bureau.attendance.models import Limits, Term
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused


def set_term(
    *, county_code: str, name: str, since: date, until: date, source: str, by: User, at: datetime, address: str = ""
) -> Term:  # fmt: skip
    """登记学期: takes the place of the assumed dates, or of dates typed before."""
    refusal = rules.why_not_term(role=by.role, name=name, since=since, until=until, source=source)
    others = Term.objects.filter(county_code=county_code, since__lte=until, until__gte=since)
    crossing = others.exclude(name=name).first()
    if refusal is None and crossing:
        refusal = (
            f"与{crossing.name}（{crossing.since:%Y-%m-%d} 至 {crossing.until:%Y-%m-%d}）重叠，请先改那个学期"
        )
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        before = Term.objects.filter(county_code=county_code, name=name).first()
        term, _made = Term.objects.update_or_create(
            county_code=county_code, name=name, defaults={"since": since, "until": until, "source": source[:120], "by": by, "at": at}
        )  # fmt: skip
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=("term", f"{county_code} {name}"),
            detail={"since": since, "until": until, "before": [before.since, before.until] if before else [], "source": source},
            at=at,
            address=address,
        )  # fmt: skip
    return term


def set_limits(
    *, county_code: str, teacher_days: int, school_days: int, by: User, at: datetime, address: str = ""
) -> Limits:
    """登记补登时限."""
    refusal = rules.why_not_settle(role=by.role)
    if refusal is None and not 0 <= teacher_days <= school_days <= 200:
        refusal = "班主任的时限应不超过学校的，且都在 0 到 200 个上学日之间"
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        values = {"teacher_days": teacher_days, "school_days": school_days, "by": by, "at": at}
        limits, _made = Limits.objects.update_or_create(county_code=county_code, defaults=values)
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=("attendance_limits", county_code),
            detail={"teacher_days": teacher_days, "school_days": school_days},
            at=at,
            address=address,
        )
    return limits
