"""关爱的故事: the roll of school age, tutors of two schools, and the reports that fell due: most sent, some late, one returned."""

from datetime import date, timedelta

from django.utils import timezone

from bureau.care import filings, pairing, roll
from bureau.care.models import Filing, Pairing
from bureau.work.care_tasks import keep_day
from town.cases_people import Cast, at

LEFT_OPEN = 12  # every so-manieth school has not yet sent its report


def care_story(county_code: str, cast: Cast, *, today: date) -> None:
    """Runs after the cases."""
    roll.refresh(county_code=county_code, today=today, at=at(today, 5))
    for name in ("nine", "primary"):
        head = cast.named.get(name)
        if head is not None:
            proposal = pairing.school_of(county_code, head.school_code, Pairing.Kind.CARE, today=today)
            if proposal.children and proposal.tutors:
                pairing.accept(
                    county_code=county_code, school_code=head.school_code, kind=Pairing.Kind.CARE, mark=proposal.mark, by=head, at=at(today), today=today
                )  # fmt: skip
    for day in (today - timedelta(days=28), today):
        keep_day(county_code, day=day, today=today, at=timezone.now())
    filings.make_due(county_code=county_code, at=at(today, 5), today=today)
    for number, one in enumerate(Filing.objects.filter(county_code=county_code).order_by("pk")):
        by = cast.heads.get(one.school_code) if one.school_code else cast.named["basic"]
        if by is None or number % LEFT_OPEN == 5:
            continue
        day = max(one.due - timedelta(days=1), one.until + timedelta(days=1))
        day = min(day, today)
        filings.send(pk=one.pk, text="演示：已核对", by=by, at=at(day), today=day)
    sent = Filing.objects.filter(county_code=county_code, state=Filing.State.SENT).exclude(school_code="")
    first = sent.order_by("pk").first()
    if first is not None:
        filings.give_back(
            pk=first.pk, reason="演示：疑似人数与台账不符，请核对", by=cast.named["basic"], at=at(today)
        )
