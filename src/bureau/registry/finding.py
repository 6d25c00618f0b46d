"""查找: what a clerk types, as a condition; and the counts that stand beside a school."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from bureau.people.secret import lookup, lookup_tail, mask_id
from bureau.registry.models import School
from junheng.tables import codes

ID_NUMBER = re.compile(r"\d{17}[\dXx]")
ENROLMENT_NUMBER = re.compile(r"[GLJglj]\d{17}[\dXx]")
TAIL = re.compile(r"\d{3}[\dXx]")
SCHOOL_CODE = re.compile(r"\d{10}")


def plain(text: str) -> str:
    """What was typed, without blanks inside numbers and in half-width."""
    return text.strip().translate(
        {ord(full): half for full, half in zip("０１２３４５６７８９Ｘ", "0123456789X", strict=True)}
    )


def by_name(text: str, *, field: str) -> Q:
    """By Chinese name or by its pinyin: maxiaolong, mxl."""
    if text.isascii():
        key = "".join(text.lower().split())
        return Q(pinyin__startswith=key) | Q(pinyin__contains=f" {key}")
    return Q(**{f"{field}__contains": text})


def schools(text: str) -> Q:
    """学校 by name, pinyin, school code or its beginning."""
    text = plain(text)
    if text.isdigit():
        return Q(school_code__startswith=text)
    # Within a school's name the pinyin of any part counts: 二小 is found by erxiao.
    if text.isascii():
        return Q(pinyin__contains="".join(text.lower().split()))
    return Q(school_name__contains=text)


def of_schools(text: str) -> Q:
    """Rows of the schools that `schools` finds."""
    found = School.objects.filter(schools(text), replaced_by=None)
    return Q(school_code__in=found.values("school_code"))


def students(text: str) -> Q:
    """学生 by name, pinyin, last four of the ID number, whole ID or enrolment number (own or guardian's ID)."""
    text = plain(text)
    bare = "".join(text.split())
    if ID_NUMBER.fullmatch(bare):
        return Q(id_number_lookup=lookup(bare)) | Q(guardian_id_lookup=lookup(bare))
    if ENROLMENT_NUMBER.fullmatch(bare):
        # The key of a student is the keyed hash of the enrolment number, and it is indexed.
        return Q(key=lookup(bare))
    if TAIL.fullmatch(bare):
        return Q(id_number_tail=lookup_tail(bare))
    if SCHOOL_CODE.fullmatch(bare):
        return Q(school_code=bare)
    return by_name(text, field="person_name")


def teachers(text: str) -> Q:
    """教师 by name, pinyin, last four of the ID number, whole ID or school code."""
    text = plain(text)
    bare = "".join(text.split())
    if ID_NUMBER.fullmatch(bare):
        return Q(key=lookup(bare))
    if TAIL.fullmatch(bare):
        return Q(id_number_tail=lookup_tail(bare))
    if SCHOOL_CODE.fullmatch(bare):
        return Q(school_code=bare)
    return by_name(text, field="person_name")


def for_the_log(text: str) -> str:
    """What was searched for, free of identifiers."""
    bare = "".join(plain(text).split())
    return mask_id(bare) if ID_NUMBER.fullmatch(bare) or ENROLMENT_NUMBER.fullmatch(bare) else text[:60]


def in_grade_order(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Adds `grade_order`, because the code of 高一 is 10 and that of 二年级 is 2."""
    whens = [When(grade=code, then=Value(place)) for place, code in enumerate(codes("grade"))]
    ordered: QuerySet[Any, Any] = rows.annotate(
        grade_order=Case(*whens, default=Value(99), output_field=IntegerField())
    )
    return ordered


def students_by_school(students: QuerySet[Any, Any]) -> Mapping[str, int]:
    """{school code: students enrolled and present (在读)}."""
    rows = students.filter(enrolment_status="在读").order_by().values_list("school_code")
    return dict(rows.annotate(n=Count("id")))


def teachers_by_school(teachers: QuerySet[Any, Any]) -> Mapping[str, int]:
    """{school code: full-time teachers}."""
    rows = teachers.filter(post_kind="专任教师").order_by().values_list("school_code")
    return dict(rows.annotate(n=Count("id")))


def classes_by_school(classes: QuerySet[Any, Any]) -> Mapping[str, tuple[int, int | None]]:
    """{school code: (classes, students of the classes as reported)}."""
    rows = classes.order_by().values("school_code").annotate(n=Count("id"), students=Sum("class_students"))
    return {row["school_code"]: (row["n"], row["students"]) for row in rows}


def matches_school(text: str, row: Mapping[str, Any]) -> bool:
    """As `schools`, for a row at hand."""
    text = plain(text)
    if text.isdigit():
        return str(row["school_code"]).startswith(text)
    if text.isascii():
        return "".join(text.lower().split()) in (row["pinyin"] or "")
    return text in (row["school_name"] or "")
