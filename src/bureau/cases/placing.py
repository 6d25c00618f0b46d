"""随迁: cases of ledgers that no detector follows stand where their subject stands today, so that every count is right everywhere."""

from datetime import date, datetime

from django.db import transaction

from bureau.cases import owning, packs
from bureau.cases.follow_writer import Writer
from bureau.cases.models import Case
from bureau.cases.subjects import places
from bureau.log.actions import write
from bureau.log.models import Verb
from junheng.policy.ledgers import LIVE


def place(*, county_code: str, at: datetime, today: date) -> int:
    """Answers how many cases stand elsewhere than before. A subject that the registers no longer know stays where it was."""
    moved = 0
    with transaction.atomic():
        teachers = owning.class_teachers(county_code, today)
        for ledger in packs.ledgers(county_code):
            if ledger.detectors:
                continue
            live = Case.objects.filter(county_code=county_code, ledger=ledger.code, phase__in=LIVE)
            cases = list(live.select_for_update())
            if not cases:
                continue
            here = places(county_code, ledger.subject, {case.subject_key for case in cases}, today)
            writer = Writer(ledger, today, at, today, teachers)
            moved += sum(
                writer.place(case, here[case.subject_key]) for case in cases if case.subject_key in here
            )
            writer.save()
        if moved:
            obj = ("ledgers", county_code)
            write(by=None, verb=Verb.HAND_OVER, obj=obj, detail={"placed": moved}, at=at)
    return moved
