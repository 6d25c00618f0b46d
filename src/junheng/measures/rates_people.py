"""学龄人口指标: net and gross enrolment, enrolment of disabled children, from 适龄人口 compared with the registers.

The table `population` has one row per person, or per group of `people`: `age` (full years on 31 August before the school
year), `township` (of residence; blank: not known, or in another county), `studying` (学段 where the person studies, 特教, or 不在学; blank: not known),
`disability` (code; blank: not known). Who studies where is found by comparing the household register with the enrolment
records; this module only counts. A register that begins above or ends below the ages asked for gives no rate at all: its
silence about three-year-olds does not mean that there are none.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

import narwhals as nw

from junheng.measures.rates_model import Asked, Part, Parts
from junheng.measures.rates_registers import pupils
from junheng.measures.rows import completed, rows
from junheng.tables.place_names import place_stem
from junheng.tables.stages import GRADE_AGE, STAGE_GRADES

NOT_STUDYING = "不在学"
_RANK = {"学前": 0, "小学": 1, "初中": 2, "高中": 3, "中职": 3}
_COLUMNS = {
    "age": nw.Int64,
    "township": nw.String,
    "studying": nw.String,
    "disability": nw.String,
    "people": nw.Int64,
}
_MISSING = "没有适龄人口比对表，请先完成户籍与学籍比对，或按期填报学龄人口数"
_UNPLACED = "（现住乡镇未登记或不在本县）"
_NO_HOMES = "学生名册没有填写现住乡镇，毛入学率分不到乡镇，请补填，或改为全县"
_WHOLE_COUNTY = "户籍人口只登记现住乡镇，不能按城乡类型、举办者或学校计算，请改为全县或乡镇"


def ages(stages: tuple[str, ...]) -> frozenset[int]:
    """The ages of school that belong to the stages."""
    return frozenset(GRADE_AGE[grade] for stage in stages for grade in STAGE_GRADES[stage])


def net_enrolment(asked: Asked) -> Parts:
    """适龄人口入学率."""
    return _enrolment(
        asked, lambda _: True, f"{_ages(asked)}的户籍人口，分子为在{asked.stage}或更高学段就读的"
    )


def disabled_enrolment(asked: Asked) -> Parts:
    """残疾儿童少年入学率, of the kinds of the measure's setting."""
    kinds = asked.setting()
    words = f"{_ages(asked)}、残疾类型为{'、'.join(kinds)}的户籍人口，分子为已就读的"
    return _enrolment(asked, lambda kind: None if kind is None else kind in kinds, words)


def gross_enrolment(asked: Asked) -> Parts:
    """毛入学率: a township's pupils are those who live there, wherever they learn; one part is left for those whose home is unknown.

    Where the student register names no home at all, there is one part for the county.
    """
    missing, township = _missing(asked), asked.scope.township
    if asked.scope.locales or asked.scope.organizers or asked.scope.school_code:
        missing = (*missing, _WHOLE_COUNTY)
    people: Counter[str] = Counter()
    for row in () if missing else _people(asked):
        people[row["township"] or ""] += row["people"]
    living = {} if missing else _living(asked, people)
    if township and not missing and not living:
        missing = (_NO_HOMES,)
    if missing:
        return Parts([], "", missing=missing)
    counts = pupils(asked, asked.stages)
    unreported = sum(n is None for n in counts.values())
    enrolled = sum(n for n in counts.values() if n is not None)
    placed = sorted(town for town in people if town) if living else []
    parts = [Part("", living.get(town, 0), people[town], township=town) for town in placed]
    # Adds up to the county's figures: a pupil has a home somewhere, known or not.
    left = enrolled - sum(living.values()), people.total() - sum(people[town] for town in placed)
    if unreported or any(left):
        parts.append(Part("", left[0] if counts else None, left[1], unreported, _UNPLACED))
    return Parts(
        [part for part in parts if township in ("", part.township)],
        f"{asked.stage}在读学生（不分年龄）和{_ages(asked)}的户籍人口；分乡镇时学生按现住乡镇算，不按学校所在地",
    )


def _living(asked: Asked, places: Iterable[str]) -> dict[str, int]:
    """{township: enrolled pupils who live there}, of the townships `places`, however the student register writes them."""
    by_stem = {place_stem(place): place for place in places if place}
    enrolled = asked.held.students.filter(
        nw.col("enrolment_status").is_in(asked.rules.names("scope.enrolled"))
        & nw.col("stage").is_in(list(asked.stages))
        & ~nw.col("home_township").is_null()
    )
    found: Counter[str] = Counter()
    for row in rows(enrolled.group_by("home_township").agg(nw.len().alias("pupils"))):
        if place := by_stem.get(place_stem(row["home_township"])):
            found[place] += row["pupils"]
    return dict(found)


def _enrolment(asked: Asked, counts: Callable[[str | None], bool | None], words: str) -> Parts:
    missing = _missing(asked)
    if asked.scope.locales or asked.scope.organizers or asked.scope.school_code:
        missing = (*missing, _WHOLE_COUNTY)
    if missing:
        return Parts([], "", missing=missing)
    lowest = min(_RANK[stage] for stage in asked.stages)
    there: dict[str, list[int]] = {}
    for row in _people(asked):
        township, people = row["township"] or _UNPLACED, row["people"]
        if asked.scope.township not in ("", township):
            continue
        sums = there.setdefault(township, [0, 0, 0])
        counted = counts(row["disability"])
        if counted is None or (counted and row["studying"] is None):
            sums[2] += people
        elif counted:
            sums[1] += people
            at = row["studying"]
            sums[0] += people if at == "特教" or _RANK.get(at, -1) >= lowest else 0
    parts = [
        Part("", here if of else None, of or None, blank, township)
        for township, (here, of, blank) in sorted(there.items())
    ]
    return Parts(parts, words, "人")


def _people(asked: Asked) -> list[dict[str, Any]]:
    """Groups of people of the asked ages."""
    table = completed(asked.tables["population"], _COLUMNS)
    inside = table.filter(nw.col("age").is_in(sorted(ages(asked.stages))))
    grouped = inside.group_by("township", "studying", "disability").agg(
        nw.col("people").fill_null(1).sum().alias("people")
    )
    return list(rows(grouped))


def _missing(asked: Asked) -> tuple[str, ...]:
    """Why there is no rate: no household register, or one that does not hold all the ages."""
    if "population" not in asked.tables:
        return (_MISSING,)
    held = asked.once("ages held", lambda: _held(asked))
    if held is None:
        return ()
    low, high = held
    beyond = sorted(age for age in ages(asked.stages) if not low <= age <= high)
    if not beyond:
        return ()
    words = "、".join(map(str, beyond))
    return (f"户籍名册收全的只有{low}—{high}周岁，{words}周岁的没有或没有收全，算不出{asked.stage}的入学率；请补传含这些年龄的户籍名册",)  # fmt: skip


def _held(asked: Asked) -> tuple[int, int] | None:
    """(youngest, oldest) of the ages that the household register holds in full: at either end an age with less than a third of the
    people that the middle one of all ages has was cut by the register's own limits of birth."""
    table = completed(asked.tables["population"], _COLUMNS).filter(~nw.col("age").is_null())
    grouped = table.group_by("age").agg(nw.col("people").fill_null(1).sum().alias("people"))
    people = {row["age"]: int(row["people"]) for row in rows(grouped)}
    if not people:
        return None
    least = median(people.values()) / 3
    full = [age for age, number in people.items() if number >= least]
    return min(full), max(full)


def _ages(asked: Asked) -> str:
    known = ages(asked.stages)
    return f"{min(known)}—{max(known)}周岁"
