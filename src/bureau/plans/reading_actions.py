"""读数的写入: readings follow the runs by themselves; reported ones come with evidence and count after a second person's check."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from bureau.log.actions import read_access, write
from bureau.log.models import Verb
from bureau.people.file_rules import why_not_file
from bureau.people.kept import Upload, keep, open_kept
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.plans import target_rules as rules
from bureau.plans.document_queries import in_county
from bureau.plans.models import Plan
from bureau.plans.target_models import Claim, Reading, Target
from bureau.plans.target_outlook import refresh
from bureau.plans.target_queries import level_of, may_enter, runs_by_day, targets_of
from bureau.plans.task_queries import PLAN_TEXT
from bureau.runs.models import MeasureResult, Run

ROOM = "plans"
LEAST_EVIDENCE = 5


def rebuild(targets: Sequence[Target], *, today: date) -> None:
    """重建读数: the computed readings of targets from the stored results of all data days, and their outlook."""
    with transaction.atomic():
        Reading.objects.filter(target__in=[one.pk for one in targets], run__isnull=False).delete()
        made: list[Reading] = []
        for county in {one.plan.county_code for one in targets}:
            own = [one for one in targets if one.plan.county_code == county and one.measure]
            if own:
                made += _readings(own, runs_by_day(county))
        Reading.objects.bulk_create(made, batch_size=500)
        refresh(targets, today=today)


def follow(*, run: Run, today: date) -> int:
    """读数跟随测算: the readings of the run's day for all bound targets of its county; a re-run replaces. Answers how many.

    Without a log line: the run is in the log, and a reading names its run.
    """
    with transaction.atomic():
        rows = (
            Target.objects.filter(plan__county_code=run.county_code, plan__state=Plan.State.PUBLISHED)
            .select_related("plan")
            .defer(*PLAN_TEXT)
        )
        targets = list(rows.exclude(measure="", reported=False))
        bound = [one for one in targets if one.measure]
        made = _readings(bound, [run])
        # Ledgers are counted on later days than the register's: what an earlier run counted on the same day goes as well.
        days = {run.day, *(one.day for one in made)}
        own = Reading.objects.filter(target__in=[one.pk for one in bound], run__isnull=False)
        own.filter(
            Q(day__in=days) & Q(target__in=[one.target_id for one in made])
            | Q(day=run.day)
            | Q(run__day=run.day)
        ).delete()
        Reading.objects.bulk_create(made, batch_size=500)
        refresh(targets, today=today)
    return len(made)


def _readings(targets: Sequence[Target], runs: Sequence[Run]) -> list[Reading]:
    """One reading for each target and run that holds its measure; a value that cannot be told says why."""
    codes = {one.measure for one in targets}
    found: dict[tuple[Any, ...], MeasureResult] = {}
    for one in MeasureResult.objects.filter(run__in=runs, code__in=codes):
        found[one.run_id, one.code, one.stage, one.subset, one.area_code] = one
    made = []
    for target in targets:
        school = level_of(target.area_code) == "school"
        for run in runs:
            area = "" if school else target.area_code
            row: MeasureResult | None = found.get((run.pk, target.measure, target.stage, target.subset, area))
            if row is None:
                continue
            figures = (row.value, row.numerator, row.denominator, row.unreported)
            if school:
                own = next((line for line in row.schools if line[0] == target.area_code), None)
                figures = (own[2], own[3], own[4], own[5]) if own else (None, None, None, 0)
            value, numerator, denominator, unreported = figures
            made.append(
                Reading(
                    target=target, day=row.counted_on or run.day, run=run, at=run.finished_at or run.asked_at, value=value, numerator=numerator,
                    denominator=denominator, unreported=unreported, note="；".join(row.missing)[:300] if value is None else "",
                )
            )  # fmt: skip
    # Runs come oldest first: of two that counted a ledger on one day the newer one stands.
    return list({(one.target_id, one.day): one for one in made}.values())


def enter(
    *,
    target: Target,
    day: date | None,
    value: float | None,
    note: str,
    upload: Upload | None = None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Reading:
    """填报读数 of a reported series, with evidence in words or a file; it counts once another person has checked it."""
    with transaction.atomic():
        target = _seen(target, by)
        day, value = _asked(target, by, day, value, today)
        evidence = upload is not None or len(note.strip()) >= LEAST_EVIDENCE
        demand(rules.why_not_reading(reported=target.reported, evidence=evidence))
        if upload is not None:
            demand(why_not_file(upload.name, len(upload.content), upload.content[:8], files=0))
        reading = Reading.objects.create(
            target=target,
            day=day,
            value=value,
            note=note.strip()[:300],
            by=by,
            at=at,
            file_name=upload.short_name if upload else "",
            file_sha256=keep(ROOM, upload.content) if upload else "",
        )
        detail = {"day": day, "value": value, "note": reading.note, "file": reading.file_name}
        obj = ("target", str(target.pk))
        write(by=by, verb=Verb.REPORT, obj=obj, detail=detail, at=at, address=address)
    return reading


def check(*, reading: Reading, by: User, at: datetime, address: str = "") -> Reading:
    """复核读数 by a second person: from now on it counts."""
    with transaction.atomic():
        reading = _locked(reading, by)
        reading.checked_by, reading.checked_at, reading.returned = by, at, ""
        reading.save(update_fields=["checked_by", "checked_at", "returned"])
        refresh([reading.target], today=at.date())
        _log(reading, Verb.CONFIRM, by=by, at=at, address=address)
    return reading


def send_back(*, reading: Reading, reason: str, by: User, at: datetime, address: str = "") -> Reading:
    """退回读数 with the reason; the unit enters another one."""
    with transaction.atomic():
        reading = _locked(reading, by)
        if not reason.strip():
            raise Refused("退回须写明原因")
        reading.returned = reason.strip()[:200]
        reading.save(update_fields=["returned"])
        _log(reading, Verb.RETURN, by=by, at=at, address=address, reason=reason)
    return reading


def claim(
    *,
    target: Target,
    day: date | None,
    value: float | None,
    text: str,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Claim:
    """填报值: what a unit says a target stands at; shown beside the computed figure with the difference, never instead."""
    with transaction.atomic():
        target = _seen(target, by)
        day, value = _asked(target, by, day, value, today)
        made = Claim.objects.create(
            target=target, day=day, value=value, text=text.strip()[:300], by=by, at=at
        )
        detail = {"day": day, "value": value, "text": made.text}
        obj = ("target", str(target.pk))
        write(by=by, verb=Verb.REPORT, obj=obj, detail={"claim": detail}, at=at, address=address)
    return made


def content(*, reading: Reading, by: User, at: datetime, address: str = "") -> bytes:
    """打开佐证 of a reported reading; each look is logged."""
    data = open_kept(ROOM, reading.file_sha256, reading.file_name)
    detail = {"file": reading.file_name, "sha256": reading.file_sha256}
    obj = ("reading_file", str(reading.pk))
    read_access(by=by, verb=Verb.VIEW, obj=obj, detail=detail, at=at, address=address)
    return data


def _asked(
    target: Target, by: User, day: date | None, value: float | None, today: date
) -> tuple[date, float]:
    """Day and value, if this account may enter them."""
    refusal = rules.why_not_enter(
        role=by.role,
        in_county=in_county(by, target.plan.county_code),
        responsible=may_enter(target, by),
        day=day,
        value=value,
        today=today,
    )
    if refusal or day is None or value is None:
        raise Refused(refusal or "请填数值和数据日期")
    return day, value


def _seen(target: Target, by: User) -> Target:
    found = targets_of(by).filter(pk=target.pk).select_for_update(of=("self",)).first()
    if found is None:
        raise Refused("没有这个目标，或者它所在的计划不在您的辖区内、已不再执行")
    return found


def _locked(reading: Reading, by: User) -> Reading:
    """The reading again, locked, if this account may check it now."""
    found = Reading.objects.select_for_update(of=("self",)).select_related("target__plan").get(pk=reading.pk)
    demand(
        rules.why_not_check(
            by=by,
            in_county=in_county(by, found.target.plan.county_code),
            entered_by=found.by_id,
            checked=found.run_id is not None or found.checked_by_id is not None,
        )
    )
    return found


def _log(reading: Reading, verb: Verb, *, by: User, at: datetime, address: str, reason: str = "") -> None:
    detail = {"day": reading.day, "value": reading.value, "reading": reading.pk}
    obj = ("target", str(reading.target_id))
    write(by=by, verb=verb, obj=obj, detail=detail, reason=reason, at=at, address=address)
