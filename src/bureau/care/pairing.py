"""结对帮扶: what is proposed for a school, and accepting it. Nothing is paired until a person accepts."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from bureau.attendance.queries import homerooms
from bureau.care import pairing_rules as rules
from bureau.care.models import Pairing
from bureau.cases import packs
from bureau.cases.models import Case
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.scope import scope_of
from bureau.registry import queries as registered
from junheng.allocation.tutors import Proposal, Pupil, propose
from junheng.policy.ledgers import LIVE

LEDGER, SETTING = "left_behind", "most_per_tutor"
STAGES = ("小学", "初中", "特教")
TEACHES = "专任教师"
URGENT = frozenset({"孤儿", "事实无人抚养", "监护缺失或不当"})


@dataclass(frozen=True, slots=True)
class Child:
    """名单上的一名学生."""

    key: str
    name: str
    grade: str
    class_number: int | None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class SchoolPairing:
    """一所学校的方案. `mark` changes whenever anything it rests on does; `gone` are standing pairs whose pupil or teacher is no longer there."""

    school_code: str
    kind: str
    most: int
    children: dict[str, Child]
    tutors: dict[str, str]
    standing: dict[str, Pairing]
    gone: tuple[Pairing, ...]
    proposal: Proposal
    mark: str


def school_of(county_code: str, school_code: str, kind: str, *, today: date) -> SchoolPairing:
    """方案 of one school today."""
    day = registered.latest_day(county_code) or today
    children, ranks = _children(county_code, school_code, kind, day)
    teachers = registered.rows_on("teachers", day, county_code).filter(
        school_code=school_code, post_kind=TEACHES
    )
    tutors = dict(teachers.order_by("pinyin", "key").values_list("key", "person_name"))
    named = Counter(tutors.values())
    by_name = {name: key for key, name in tutors.items() if named[name] == 1}
    # A class teacher entered by name alone is known where the school has one teacher of that name.
    own = {
        (ref.grade, ref.class_number): room.teacher_key or by_name.get(room.teacher_name, "")
        for ref, room in homerooms(county_code, today, school_code=school_code).items()
    }
    rows = Pairing.objects.filter(county_code=county_code, school_code=school_code, kind=kind, until=None)
    standing = {
        one.student_key: one for one in rows if one.student_key in children and one.teacher_key in tutors
    }
    gone = tuple(one for one in rows if one.student_key not in standing)
    pupils = [
        Pupil(one.key, own.get((one.grade, one.class_number or 0), ""), ranks[one.key])
        for one in children.values()
    ]
    most = _most(county_code) if kind == Pairing.Kind.CARE else 0
    kept = {key: one.teacher_key for key, one in standing.items()}
    proposal = propose(pupils, list(tutors), kept, most=most)
    said = "|".join(f"{pair.pupil}>{pair.tutor}{pair.why}" for pair in proposal.pairs)
    mark = hashlib.sha256(f"{said}|{proposal.without}|{most}|{sorted(tutors)}".encode()).hexdigest()[:16]
    return SchoolPairing(school_code, kind, most, children, tutors, standing, gone, proposal, mark)


def _children(
    county_code: str, school_code: str, kind: str, day: date
) -> tuple[dict[str, Child], dict[str, int]]:
    if kind == Pairing.Kind.CARE:
        cases = Case.objects.filter(
            county_code=county_code, ledger=LEDGER, phase__in=LIVE, subject="student", school_code=school_code
        ).order_by("grade", "class_number", "pinyin", "id")
        names = ("subject_key", "label", "grade", "class_number", "id", "fields")
        found, ranks = {}, {}
        for key, label, grade, number, pk, fields in cases.values_list(*names):
            found[key] = Child(key, label, grade, number, pk)
            ranks[key] = 0 if URGENT.intersection(fields.get("categories") or ()) else 1
        return found, ranks
    rows = registered.rows_on("students", day, county_code).filter(
        school_code=school_code, enrolment_status="在读", stage__in=STAGES
    )
    rows = rows.order_by("grade", "class_number", "pinyin", "key")
    found = {
        key: Child(key, name or "（无姓名）", grade or "", number)
        for key, name, grade, number in rows.values_list("key", "person_name", "grade", "class_number")
    }
    return found, dict.fromkeys(found, 1)


def _most(county_code: str) -> int:
    try:
        return packs.ledger(county_code, LEDGER).setting(SETTING).value
    except (KeyError, Refused):
        return 0


def accept(
    *,
    county_code: str,
    school_code: str,
    kind: str,
    mark: str,
    chosen: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> int:
    """采用方案. `chosen` {pupil: teacher, "" for nobody} is what a person set otherwise. Answers how many pairs are new. Raises Refused."""
    with transaction.atomic():
        # Locked, so that two who accept at once do not both see the same standing pairs.
        list(
            Pairing.objects.select_for_update().filter(
                county_code=county_code, school_code=school_code, until=None
            )
        )
        now = school_of(county_code, school_code, kind, today=today)
        township = (
            registered.rows_on("schools", today, county_code)
            .filter(school_code=school_code)
            .values_list("township_code", flat=True)
            .first()
        )
        inside = scope_of(by).covers(
            school_code=school_code, township_code=township or "", county_code=county_code
        )
        demand(
            rules.why_not_accept(
                role=by.role, in_scope=inside, shown=mark, now=now.mark, tutors=len(now.tutors)
            )
        )
        chosen = dict(chosen or {})
        demand("；".join(rules.why_not_choose(chosen, pupils=now.children, tutors=now.tutors)) or None)
        wanted = {pair.pupil: pair.tutor for pair in now.proposal.pairs}
        by_hand = {pupil for pupil, tutor in chosen.items() if wanted.get(pupil, "") != tutor}
        wanted |= chosen
        ended = [(one, "学生或教师已不在本校名单") for one in now.gone]
        ended += [
            (one, "改由他人结对")
            for key, one in now.standing.items()
            if wanted.get(key, "") != one.teacher_key
        ]
        for one, reason in ended:
            one.until, one.ended_by, one.ended_reason = max(today, one.since), by, reason
        Pairing.objects.bulk_update(
            [one for one, _ in ended], ["until", "ended_by", "ended_reason"], batch_size=200
        )
        new = [
            Pairing(
                county_code=county_code,
                kind=kind,
                student_key=pupil,
                school_code=school_code,
                teacher_key=tutor,
                teacher_name=now.tutors[tutor][:60],
                since=today,
                by=by,
                at=at,
                chosen=pupil in by_hand,
            )
            for pupil, tutor in wanted.items()
            if tutor and (pupil not in now.standing or now.standing[pupil].teacher_key != tutor)
        ]
        Pairing.objects.bulk_create(new, batch_size=500)
        write(
            by=by,
            verb=Verb.HAND_OVER,
            obj=("pairing", f"{school_code} {kind}"),
            detail={
                "new": len(new),
                "ended": len(ended),
                "by_hand": len(by_hand),
                "without": len(now.proposal.without),
            },
            at=at,
            address=address,
        )
    return len(new)


def end(*, pk: int, reason: str, by: User, at: datetime, today: date, address: str = "") -> Pairing:
    """解除一对. Raises Refused."""
    with transaction.atomic():
        one = Pairing.objects.select_for_update().filter(pk=pk).first()
        if one is None:
            raise Refused("没有这一对，或不在您的辖区内")
        school = registered.rows_on("schools", today, one.county_code).filter(school_code=one.school_code)
        township = school.values_list("township_code", flat=True).first()
        inside = scope_of(by).covers(
            school_code=one.school_code, township_code=township or "", county_code=one.county_code
        )
        demand(rules.why_not_end(role=by.role, in_scope=inside, ended=one.until is not None, reason=reason))
        one.until, one.ended_by, one.ended_reason = (
            max(today, one.since),
            by,
            reason.strip()[: rules.LONGEST_REASON],
        )
        one.save(update_fields=["until", "ended_by", "ended_reason"])
        write(
            by=by, verb=Verb.HAND_OVER, obj=("pairing", str(pk)), detail={"ended": 1}, reason=reason, at=at, address=address
        )  # fmt: skip
    return one


def tutor_of(county_code: str, student_key: str) -> list[Pairing]:
    """一名学生的结对教师, standing ones first."""
    rows = Pairing.objects.filter(county_code=county_code, student_key=student_key).select_related("by")
    return sorted(rows, key=lambda one: (one.until is not None, one.kind, -one.pk))


@dataclass(frozen=True, slots=True)
class Coverage:
    """结对情况 of one school: pupils on the list, of them paired, teachers who look after somebody and the heaviest load."""

    children: int
    paired: int
    tutors: int
    heaviest: int

    @property
    def share(self) -> float | None:
        """结对率; None where nobody is on the list."""
        return self.paired / self.children if self.children else None


def coverage(county_code: str, kind: str) -> dict[str, Coverage]:
    """{school: 结对情况} of a county; a pair counts while its pupil is on the list."""
    if kind == Pairing.Kind.CARE:
        cases = Case.objects.filter(
            county_code=county_code, ledger=LEDGER, phase__in=LIVE, subject="student"
        ).order_by()
        listed = dict(registered.raw(cases.values_list("subject_key", "school_code")))
        children: Counter[str] = Counter(listed.values())
    else:
        day = registered.latest_day(county_code)
        rows = registered.rows_on("students", day, county_code) if day else None
        listed = None
        children = Counter()
        if rows is not None:
            counted = rows.filter(enrolment_status="在读", stage__in=STAGES).values_list("school_code")
            children.update(dict(counted.annotate(n=Count("pk")).order_by()))
    pairs = Pairing.objects.filter(county_code=county_code, kind=kind, until=None).order_by()
    loads: Counter[tuple[str, str]] = Counter()
    for student, school, teacher in registered.raw(
        pairs.values_list("student_key", "school_code", "teacher_key")
    ):
        if listed is None or listed.get(student) == school:
            loads[school, teacher] += 1
    found = {}
    for school in children:
        own = [number for (code, _), number in loads.items() if code == school]
        found[school] = Coverage(children[school], sum(own), len(own), max(own, default=0))
    return found
