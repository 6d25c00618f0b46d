"""毕业生从登记册来: who finished a stage in a year and who of them went on in the county, from two registers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from bureau.graduates import rules
from bureau.graduates.models import Derivation, Destination, Leaver
from bureau.links.facts import facts_of
from bureau.registry import queries as registered
from bureau.registry.bulk import insert_rows

Progress = Callable[[float], None]
FIELDS = (
    "key", "stage", "grade", "class_number", "school_code", "person_name", "pinyin", "sex", "birth_date", "id_number_lookup",
    "guardian_name", "home_township", "registered_household", "minimum_living", "destitute", "orphan", "disability",
    "enrolment_status", "status_on",
)  # fmt: skip
FLAGS = {"建档立卡": "registered_household", "低保": "minimum_living", "特困": "destitute", "孤儿": "orphan"}
KEPT = (
    "kind", "school_code", "township_code", "grade", "class_number", "person_name", "pinyin", "sex", "birth_date", "id_lookup",
    "guardian_name", "home_township", "registered", "facts", "taken_on",
)  # fmt: skip


class CancelledError(Exception):
    """更新已取消."""


@dataclass(frozen=True, slots=True)
class Registers:
    """两次登记册: the last of the school year, and the first after it (None: not there yet)."""

    before: date
    after: date | None


def registers_of(county_code: str, year: int) -> Registers | None:
    """The registers that tell who graduated in a year; None without one of the school year."""
    days = registered.days_with_data(county_code, "students")
    before = [day for day in days if date(year - 1, 8, 1) <= day < date(year, 8, 1)]
    after = [day for day in days if date(year, 8, 1) <= day < date(year + 1, 8, 1)]
    return Registers(max(before), min(after, default=None)) if before else None


def derive(*, of: Derivation, at: datetime, progress: Progress) -> dict[str, int]:
    """更新一年的毕业生; answers counts. Everything or nothing; what people and lists said of a child stays."""
    days = registers_of(of.county_code, of.year)
    if days is None:
        return {}
    progress(0.05)
    pupils = _pupils(of.county_code, days.before, Q(grade__in=rules.LAST_GRADES, enrolment_status="在读"))
    after = _afterwards(of.county_code, days.after)
    progress(0.3)
    known = facts_of(of.county_code, days.before)
    townships = _townships(of.county_code, days.before)
    wanted: dict[tuple[str, str], Leaver] = {}
    on: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in pupils:
        later = after.get(row["key"])
        found = rules.outcome(
            row["grade"],
            rules.Afterwards(later["enrolment_status"], later["grade"]) if later else None,
            next_register=days.after is not None,
        )
        if found in ("graduated", "went_on"):
            stage = rules.stage_of(row["stage"], row["grade"])
            wanted[row["key"], stage] = _leaver(of, row, "graduated", stage, known, townships, days.before)
            if found == "went_on" and later:
                on[row["key"], stage] = later
    if days.after is not None:
        for row in _moved(of.county_code, days):
            one = _leaver(of, row, "moved", row["stage"] or "", known, townships, days.after)
            if one.registered and (row["key"], one.stage) not in wanted:
                wanted[row["key"], one.stage] = one
    progress(0.6)
    with transaction.atomic():
        counts = _store(of, wanted, progress)
        counts["went_on"] = _went_on(of, on, days.after, at)
    progress(1.0)
    return counts


def _pupils(county_code: str, day: date, where: Q) -> list[dict[str, Any]]:
    rows = registered.rows_on("students", day, county_code).filter(where).order_by("key")
    return [dict(row) for row in rows.values(*FIELDS)]


def _afterwards(county_code: str, day: date | None) -> dict[str, dict[str, Any]]:
    if day is None:
        return {}
    names = dict(registered.rows_on("schools", day, county_code).values_list("school_code", "school_name"))
    rows = registered.rows_on("students", day, county_code).filter(grade__in=list(rules.ORDER))
    found = {
        row["key"]: dict(row)
        for row in rows.values("key", "grade", "stage", "school_code", "enrolment_status")
    }
    for row in found.values():
        row["school_name"] = names.get(row["school_code"]) or row["school_code"]
    return found


def _moved(county_code: str, days: Registers) -> list[dict[str, Any]]:
    where = Q(enrolment_status="转出", status_on__gt=days.before, status_on__lte=days.after)
    return _pupils(county_code, days.after or days.before, where)


def _townships(county_code: str, day: date) -> dict[str, str]:
    return dict(registered.rows_on("schools", day, county_code).values_list("school_code", "township_code"))


def _leaver(
    of: Derivation,
    row: Mapping[str, Any],
    kind: str,
    stage: str,
    known: Mapping[str, Mapping[str, Any]],
    townships: Mapping[str, str],
    day: date,
) -> Leaver:
    facts = facts_from(row, known.get(row["key"], {}))
    return Leaver(
        county_code=of.county_code,
        student_key=row["key"],
        kind=kind,
        year=of.year,
        stage=stage,
        school_code=row["school_code"],
        township_code=townships.get(row["school_code"]) or "",
        grade=row["grade"] or "",
        class_number=row["class_number"] or 0,
        person_name=row["person_name"] or "",
        pinyin=row["pinyin"] or "",
        sex=row["sex"] or "",
        birth_date=row["birth_date"],
        id_lookup=row["id_number_lookup"] or "",
        guardian_name=row["guardian_name"] or "",
        home_township=row["home_township"] or "",
        registered=rules.is_registered(facts),
        facts=facts,
        taken_on=day,
    )


def facts_from(row: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, bool]:
    """事实: what the pupil's own row says, with the registers of origin laid over it; what is not known is left out."""
    facts = {name: bool(row[field]) for name, field in FLAGS.items() if row[field] is not None}
    if row["disability"] is not None:
        facts["残疾"] = row["disability"] != "无"
    return facts | {name: bool(answer.value) for name, answer in known.items()}


def _store(of: Derivation, wanted: Mapping[tuple[str, str], Leaver], progress: Progress) -> dict[str, int]:
    there = {
        (one.student_key, one.stage): one
        for one in Leaver.objects.filter(county_code=of.county_code, year=of.year).select_for_update()
    }
    new = [one for key, one in wanted.items() if key not in there]
    changed = []
    for key, one in there.items():
        if key not in wanted:
            continue
        fresh = wanted[key]
        if any(getattr(one, name) != getattr(fresh, name) for name in KEPT):
            for name in KEPT:
                setattr(one, name, getattr(fresh, name))
            changed.append(one)
    insert_rows(new)
    progress(0.8)
    Leaver.objects.bulk_update(changed, KEPT, batch_size=300)
    # Who is no longer a graduate by the register stays when somebody has said or done something for the child.
    gone = [one.pk for key, one in there.items() if key not in wanted]
    kept = Q(supports__isnull=False) | Q(lines__isnull=False) | Q(destinations__source__in=["list", "typed"])
    removable = Leaver.objects.filter(pk__in=gone).exclude(
        pk__in=Leaver.objects.filter(pk__in=gone).filter(kept).values("pk")
    )
    removed = removable.count()
    removable.delete()
    return {"new": len(new), "changed": len(changed), "removed": removed, "all": len(wanted)}


def _went_on(
    of: Derivation, on: Mapping[tuple[str, str], Mapping[str, Any]], day: date | None, at: datetime
) -> int:
    if day is None:
        return 0
    rows: Iterable[Leaver] = Leaver.objects.filter(county_code=of.county_code, year=of.year).select_related(
        "current"
    )
    leavers = {(one.student_key, one.stage): one for one in rows}
    made: list[Destination] = []
    stale: list[int] = []
    for key, one in leavers.items():
        now, later = one.current, on.get(key)
        if later is None:
            if now is not None and now.source == "register":
                stale.append(now.pk)
                one.current = None
            continue
        stage = rules.study_stage_in_county(later["stage"] or "")
        if now is not None and (now.source, now.school_name, now.study_stage) == (
            "register",
            later["school_name"],
            stage,
        ):
            continue
        if now is not None:
            # The county's own register shows the child in its school: no list knows better.
            stale.append(now.pk)
        made.append(
            Destination(
                leaver=one, kind="study", source="register", day=day, study_stage=stage,
                school_name=later["school_name"], in_county=True, at=at,
            )
        )  # fmt: skip
    Destination.objects.filter(pk__in=stale).update(replaced_at=at)
    Leaver.objects.filter(current__in=stale).update(current=None)
    insert_rows(made)
    point_at_current([one.leaver_id for one in made])
    return len(on)


def point_at_current(keys: Sequence[int]) -> None:
    """Set `current` of these leavers to the destination in force: one statement for each thousand."""
    in_force = Destination.objects.filter(leaver=OuterRef("pk"), replaced_at=None).values("pk")[:1]
    for start in range(0, len(keys), 1_000):
        Leaver.objects.filter(pk__in=keys[start : start + 1_000]).update(current=Subquery(in_force))
