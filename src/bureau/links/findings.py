"""三方比对的发现: on a register and not in school; two lines that contradict each other; one child in two counties."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from bureau.links.ages import school_years_of_age
from bureau.links.facts import SOURCES, detail
from bureau.links.models import Line, Link, OutsideRegister
from bureau.links.pupils import STUDYING
from bureau.links.queries import ages_of, counted_from, lines_in_force, registers_in_force
from bureau.links.states import LINKED, MISSING
from bureau.people.models import Area
from bureau.registry import queries as registered
from bureau.registry.models import Student


@dataclass(frozen=True, slots=True)
class Missing:
    """在册不在校的一行. `pupil_status` is what the student register says of a linked child who no longer studies, or of the same number in
    another county."""

    line: int
    line_key: str
    register: int
    source: str
    place: str
    name: str
    sex: str
    born: date | None
    age: int | None
    township: str
    township_code: str
    village: str
    guardians: str
    category: str
    state: str
    student_key: str
    near_key: str
    probability: float
    reason: str
    pupil_status: str
    also_on: str  # other registers that name the same child


@dataclass(frozen=True, slots=True)
class Conflict:
    """矛盾: 两条登记, 两县 or 同一学生, with the lines it rests on."""

    kind: str
    line_key: str
    student_key: str
    lines: tuple[int, ...]
    source: str
    name: str
    township_code: str
    sentence: str


KINDS = {
    "double": "同一孩子两条登记",
    "category": "两条登记类别不同",
    "claimed": "一名学生对上两个孩子",
    "county": "两县同在册",
}
_FIELDS = (
    "line", "line__key", "of", "line__place", "line__name", "line__sex", "line__birth_date", "line__township", "line__township_code", "line__village",
    "line__guardians", "line__category", "line__level", "state", "student_key", "near_key", "probability", "reason", "line__id_lookup",
)  # fmt: skip


def not_enrolled(
    county_code: str,
    day: date,
    *,
    of_age: bool = True,
    links: QuerySet[Link] | None = None,
    gone: Sequence[int] | None = None,
) -> list[Missing]:
    """在册不在校: lines of the registers in force without a pupil who studies; by default only those of school age or of unknown age.

    Of school age is who was so when the school year of the student register began.

    `links` narrows what is looked at to what an account may see; `gone` is the answer of `gone_lines`, for whoever keeps it. A child on
    several registers appears once, with the others named.
    """
    standing = registers_in_force(county_code, day)
    registers = {register.pk: register for register in standing}
    # A child whom a school or the aid office recognised is one they know; such a list proves nobody missing.
    telling = [one for one in standing if one.source != "hardship"]
    seen = (Link.objects if links is None else links).filter(lines_in_force(telling))
    left = gone_lines(county_code, day) if gone is None else gone
    rows = list(seen.filter(state__in=MISSING).values_list(*_FIELDS))
    rows += seen.filter(state="same").values_list(*_FIELDS)
    for start in range(0, len(left), 500):
        rows += seen.filter(pk__in=left[start : start + 500], state="automatic").values_list(*_FIELDS)
    statuses = _statuses(county_code, day, {row[14] for row in rows if row[13] in LINKED})
    elsewhere = studying_elsewhere(county_code, {row[-1] for row in rows if row[-1]})
    youngest, oldest = ages_of(county_code)
    counted = counted_from(county_code, day)
    found: list[Missing] = []
    for row in rows:
        (
            line,
            key,
            of,
            place,
            name,
            sex,
            born,
            township,
            code,
            village,
            guardians,
            category,
            level,
            state,
            student,
            near,
            chance,
            reason,
            look,
        ) = row
        age = school_years_of_age(born, counted)
        status = statuses.get(student, "已不在学籍名册") if state in LINKED else ""
        if status in STUDYING or (of_age and age is not None and not youngest <= age <= oldest):
            continue
        if look in elsewhere:
            status = f"在{elsewhere[look]}有学籍"
        found.append(
            Missing(
                line, key, of, registers[of].source, place, name, sex, born, age, township, code, village, guardians, detail(category, level), state,
                student, near, chance, reason, status, "",
            )
        )  # fmt: skip
    return _once(found)


def gone_lines(county_code: str, day: date) -> list[int]:
    """Lines linked automatically to a pupil who does not study on the day. Changes only with the comparison and the student register."""
    registers = [one for one in registers_in_force(county_code, day) if one.source != "hardship"]
    if not registers:
        return []
    rows = registered.rows_on("students", day, county_code).filter(enrolment_status__in=STUDYING)
    studying = {key for (key,) in registered.raw(rows.values_list("key"))}
    linked = Link.objects.filter(lines_in_force(registers), state="automatic").values_list(
        "pk", "student_key"
    )
    return [line for line, key in registered.raw(linked) if key not in studying]


def _statuses(county_code: str, day: date, keys: set[str]) -> dict[str, str]:
    """学籍状态 on the day of a few pupils."""
    found: dict[str, str] = {}
    many = sorted(keys)
    for start in range(0, len(many), 500):
        rows = Student._default_manager.filter(registered.on(day), key__in=many[start : start + 500])
        for key, county, status in rows.values_list("key", "county_code", "enrolment_status"):
            if county == county_code:
                found[key] = status or "在读"
    return found


def studying_elsewhere(county_code: str, lookups: set[str]) -> dict[str, str]:
    """{hash of the number: county} of children who study in another county."""
    names = dict(Area.objects.filter(kind="county").values_list("code", "name"))
    found: dict[str, str] = {}
    many = sorted(lookups)
    for start in range(0, len(many), 500):
        rows = Student._default_manager.filter(
            id_number_lookup__in=many[start : start + 500], replaced_by=None, valid_to=None, enrolment_status__in=STUDYING
        ).exclude(county_code=county_code)  # fmt: skip
        for look, county in rows.values_list("id_number_lookup", "county_code"):
            found[look or ""] = names.get(county, county)
    return found


def _once(rows: list[Missing]) -> list[Missing]:
    """A child on several registers once: by number-independent name, birth date and township; the others are named."""
    groups: dict[tuple[object, ...], list[Missing]] = defaultdict(list)
    for row in rows:
        groups[(row.name, row.born, row.township_code or row.township) if row.born else (row.line,)].append(
            row
        )
    answer = []
    for several in groups.values():
        first, *others = sorted(several, key=lambda row: (row.state != "visit", row.register, row.line))
        names = dict.fromkeys(SOURCES[one.source] for one in others if one.source != first.source)
        values = {one.name: getattr(first, one.name) for one in fields(Missing)}
        answer.append(Missing(**values | {"also_on": "、".join(names)}))
    return sorted(answer, key=lambda row: (row.township_code, row.village, row.name))


def conflicts(county_code: str, day: date, *, links: QuerySet[Link] | None = None) -> list[Conflict]:
    """矛盾: one child on two lines of one register (with one or two categories), two children claiming one pupil, one number in two counties."""
    standing = registers_in_force(county_code, day)
    registers = {register.pk: register for register in standing}
    seen = (Link.objects if links is None else links).filter(lines_in_force(standing))
    linked = seen.filter(state__in=LINKED).exclude(student_key="")
    doubled = linked.values_list("of", "student_key").annotate(n=Count("pk")).filter(n__gt=1).order_by()
    wanted = sorted({key for _of, key, _n in doubled})
    several: dict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
    for start in range(0, len(wanted), 500):
        rows = linked.filter(student_key__in=wanted[start : start + 500]).values_list(
            "of", "student_key", "line", "line__key", "line__place", "line__name", "line__category", "line__level", "line__township_code", "line__id_lookup",
            "line__birth_date",
        )  # fmt: skip
        for row in rows.order_by("line__number"):
            several[row[0], row[1]].append(row)
    found = [_double(registers[of], key, lines) for (of, key), lines in several.items() if len(lines) > 1]
    return sorted(
        [*found, *_two_counties(county_code, day, registers)],
        key=lambda one: (one.kind, one.source, one.name),
    )


def _double(register: OutsideRegister, student_key: str, lines: list[tuple[Any, ...]]) -> Conflict:
    first, other = lines[0], lines[1]
    said = detail(first[6], first[7]), detail(other[6], other[7])
    where = "、".join(str(line[4]) for line in lines)
    if first[5] != other[5] and first[10] != other[10]:
        kind, words = "claimed", f"第 {where} 行姓名和出生日期都不同，却对上同一名学生，其中至少一行错了"
    elif said[0] != said[1]:
        kind = "category"
        words = f"第 {where} 行是同一个孩子，类别却不同（{said[0] or '空'}、{said[1] or '空'}），请原单位确认以哪一条为准"
    else:
        kind, words = "double", f"第 {where} 行是同一个孩子的重复登记，请原单位删去一条"
    return Conflict(
        kind,
        first[3],
        student_key,
        tuple(line[2] for line in lines),
        register.source,
        first[5],
        first[8],
        words,
    )


def _two_counties(county_code: str, day: date, registers: dict[int, OutsideRegister]) -> list[Conflict]:
    """The same number on a register of another county, both in force."""
    counties = OutsideRegister.objects.exclude(county_code=county_code).values_list("county_code", flat=True)
    others = {
        one.pk: one.county_code
        for county in counties.distinct().order_by()
        for one in registers_in_force(county, day)
    }
    if not others:
        return []
    names = dict(Area.objects.filter(kind="county").values_list("code", "name"))
    mine = Line.objects.filter(of__in=list(registers)).exclude(id_lookup="")
    theirs = Line.objects.filter(of__in=list(others), id_lookup__in=mine.values("id_lookup"))
    there = {look: others[of] for look, of in theirs.values_list("id_lookup", "of")}
    answer = []
    for start in range(0, len(there), 500):
        part = list(there)[start : start + 500]
        for line in mine.filter(id_lookup__in=part).select_related("of"):
            county = there[line.id_lookup]
            words = (
                f"第 {line.place} 行的身份证号也在{names.get(county, county)}的名册上，请两县核对由哪一县保障"
            )
            answer.append(
                Conflict(
                    "county", line.key, "", (line.pk,), line.of.source, line.name, line.township_code, words
                )
            )
    return answer
