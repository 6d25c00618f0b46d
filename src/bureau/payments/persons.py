"""受助人: who is meant by a number, an ID or a name with a school, as the registers stand on their newest day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import EvaluatedChild
from bureau.people.secret import lookup
from bureau.registry.models import Student
from bureau.registry.names import pinyin_key
from bureau.registry.queries import known_schools, latest_day, rows_on
from junheng.tables import codes

AT_ONCE = 500
INDEXED = ("key__in", "id_number_lookup__in")
MANY = 1_500
IN_SCHOOL = ("在读", "休学")


@dataclass(frozen=True, slots=True)
class Person:
    """一名学生或教师 as of the register's day."""

    kind: str
    key: str
    name: str
    school_code: str
    school_name: str
    grade: str = ""
    class_name: str = ""
    status: str = ""
    status_on: date | None = None
    guardian: str = ""  # keyed hash of the guardian's ID number
    id_lookup: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """怎样写的: what a sheet says of a person; blank where it says nothing."""

    number: str = ""
    id_number: str = ""
    name: str = ""
    school: str = ""


def parts(keys: Iterable[str]) -> Iterator[list[str]]:
    """In pieces that fit into one query."""
    source = iter(keys)
    while piece := list(islice(source, AT_ONCE)):
        yield piece


def by_keys(
    county_code: str, kind: str, keys: Iterable[str], *, day: date | None = None
) -> dict[str, Person]:
    """{key: person} of those who stand in the register of the day (None: the newest), or were judged as studying elsewhere."""
    on = day or latest_day(county_code)
    if on is None:
        return {}
    schools = known_schools(on, county_code)
    wanted = set(keys)
    # Measured: beyond some thousand keys the whole register is read in less time than they are looked up.
    if len(wanted) > MANY:
        found = {one.key: one for one in _people(county_code, kind, on, schools) if one.key in wanted}
    else:
        found = {
            one.key: one
            for piece in parts(wanted)
            for one in _people(county_code, kind, on, schools, key__in=piece)
        }
    if kind == "student":
        gone = (key for key in wanted if key not in found or found[key].status not in IN_SCHOOL)
        found |= {one.key: one for piece in parts(gone) for one in _elsewhere(county_code, key__in=piece)}
    return found


def find(county_code: str, kind: str, asked: Sequence[Asked]) -> list[Person | str]:
    """For each line its person, or the sentence that says why nobody is found and what to do."""
    on = latest_day(county_code)
    if on is None:
        return ["本县还没有学生和教师名册，请先导入名册"] * len(asked)
    number_key = [lookup(one.number) if kind == "student" else "" for one in asked]
    id_key = [lookup(one.id_number) for one in asked]
    known: dict[str, Person] = by_keys(county_code, kind, (key for key in number_key if key), day=on)
    by_id: dict[str, list[Person]] = defaultdict(list)
    schools = known_schools(on, county_code)
    field = "id_number_lookup__in" if kind == "student" else "key__in"
    for piece in parts(dict.fromkeys(key for key in id_key if key)):
        for person in _people(county_code, kind, on, schools, **{field: piece}):
            by_id[person.id_lookup].append(person)
    if kind == "student":
        gone = [key for key in id_key if key and not any(one.status in IN_SCHOOL for one in by_id[key])]
        for piece in parts(dict.fromkeys(gone)):
            for person in _elsewhere(county_code, id_number_lookup__in=piece):
                by_id[person.id_lookup] = [person]
    names = dict.fromkeys(
        one.name for one, number, own in zip(asked, number_key, id_key, strict=True)
        if one.name and number not in known and own not in by_id
    )  # fmt: skip
    by_name: dict[str, list[Person]] = defaultdict(list)
    for piece in parts(names):
        for person in _people(county_code, kind, on, schools, person_name__in=piece):
            by_name[person.name].append(person)
    return [
        _one(one, known.get(number), by_id.get(own, []), by_name.get(one.name, []))
        for one, number, own in zip(asked, number_key, id_key, strict=True)
    ]


def _one(
    asked: Asked, by_number: Person | None, by_id: Sequence[Person], by_name: Sequence[Person]
) -> Person | str:
    found = by_number or (by_id[0] if len(by_id) == 1 else None)
    if found is not None:
        if asked.name and asked.name != found.name:
            return f"号码是“{found.name}”的，姓名却写成“{asked.name}”，请核对是不是填错了人"
        return found
    if asked.number or asked.id_number:
        return "名册里没有这个号码，请核对学籍号或身份证件号"
    if not asked.name:
        return "没有填写学籍号、身份证件号或姓名，至少填一样"
    here = [one for one in by_name if not asked.school or asked.school in (one.school_name, one.school_code)]
    if len(here) == 1 and asked.school:
        return here[0]
    if not here:
        return f"名册里{f'“{asked.school}”' if asked.school else ''}没有“{asked.name}”，请核对姓名和学校"
    return f"名册里有 {len(here)} 人叫“{asked.name}”，请补填学籍号或身份证件号"


def _people(
    county_code: str, kind: str, day: date, schools: Mapping[str, str], **where: Any
) -> Iterator[Person]:
    # By what is indexed without the county, which would lead the database to walk through the whole register.
    indexed = not where.keys().isdisjoint(INDEXED)
    rows = rows_on("teachers" if kind == "teacher" else "students", day, None if indexed else county_code)
    rows = rows.filter(**where)
    if kind == "teacher":
        for key, name, school, county in rows.values_list("key", "person_name", "school_code", "county_code"):
            if county == county_code:
                yield Person("teacher", key, name or "", school, schools.get(school, ""), id_lookup=key)
        return
    grades = codes("grade")
    for key, name, school, grade, number, status, since, guardian, own, county in rows.values_list(
        "key", "person_name", "school_code", "grade", "class_number", "enrolment_status", "status_on", "guardian_id_lookup", "id_number_lookup", "county_code"
    ):  # fmt: skip
        if county != county_code:
            continue
        yield Person(
            "student", key, name or "", school, schools.get(school, ""), grades.get(grade or "", grade or ""),
            f"{number}班" if number else "", status or "", since, guardian or "", own or "",
        )  # fmt: skip


def _elsewhere(county_code: str, **where: Any) -> Iterator[Person]:
    """Who has left the county's schools and studies elsewhere, as the newest evaluation that knows the child has it."""
    # As in `_people`, without the county.
    rows = Student.objects.filter(replaced_by=None, **where).order_by("valid_from")
    columns = ("county_code", "key", "person_name", "guardian_id_lookup", "id_number_lookup")
    last = {key: rest for county, key, *rest in rows.values_list(*columns) if county == county_code}
    if not last:
        return
    judged: dict[str, EvaluatedChild] = {}
    for evaluation in reversed(lists.evaluated(county_code)):
        children = EvaluatedChild.objects.filter(evaluation=evaluation, student_key__in=list(last))
        children = children.exclude(elsewhere="")
        judged |= {one.student_key: one for one in children}
    for key, one in judged.items():
        name, guardian, own = last[key]
        grade = f"{one.stage}{one.grade}年级"
        yield Person(
            "student", key, name or "", "", one.elsewhere, grade, status="在读", guardian=guardian or "", id_lookup=own or ""
        )  # fmt: skip


def sort_key(person: Person) -> str:
    """拼音, to sort and to search by."""
    return pinyin_key(person.name, person=True) or ""
