"""The slow twin of plan measures: each formula written out over lists of rows, as one would count by hand."""

from collections.abc import Callable, Collection, Iterable
from fractions import Fraction
from typing import Any

from junheng.measures import Scope
from junheng.measures.catalogue import catalogue, expand
from oracle.rates_rows import DAY, County, Rows

Triple = tuple[Fraction | None, Fraction | None, int]
AGES = {
    "学前": (3, 4, 5),
    "小学": range(6, 12),
    "初中": (12, 13, 14),
    "高中": (15, 16, 17),
    "中职": (15, 16, 17),
}
LEVEL = {"学前": 0, "小学": 1, "初中": 2, "高中": 3, "中职": 3}
PRIMARY = ("10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "28", "30", "31")


def answer(code: str, held: County, stage: str, scope: Scope) -> Triple | str:
    """(numerator, denominator, blanks) of the schools in scope; a word when there is no way to tell."""
    by = str(catalogue()[code].how["by"])
    if by in ("net_enrolment", "disabled_enrolment"):
        return _people(code, held, stage, scope)
    inside = {s["school_code"] for s in held.today["schools"] if _fits(s, scope)}
    every = scope == Scope()

    def wanted(row: dict[str, Any]) -> bool:
        return every or row["school_code"] in inside

    if by.startswith(("retention", "dropout")):
        return _cohort(by, held, stage, wanted)
    return _REGISTERS[by](code, held, expand(stage), wanted)


def _fits(school: dict[str, Any], scope: Scope) -> bool:
    locale = {"11": "城区", "12": "镇区"}.get(school["locale"][:2], "乡村")
    organizer = {"10": "民办", None: ""}.get(school["organizer"], "公办")
    return (
        (not scope.locales or locale in scope.locales)
        and (not scope.organizers or organizer in scope.organizers)
        and (not scope.township or school["township"] == scope.township)
        and (not scope.school_code or school["school_code"] == scope.school_code)
    )


def living_and_people(
    held: County, township: str, stages: Iterable[str], ages: Collection[int]
) -> tuple[int, int]:
    """Enrolled pupils of the stages who live in a township, and its people of the ages."""
    living = sum(
        row["enrolment_status"] == "在读"
        and row["stage"] in stages
        and (row["home_township"] or "").replace(" ", "") == township
        for row in held.today["students"]
    )
    here = [row for row in held.population if row["township"] == township and row["age"] in ages]
    return living, sum(row["people"] or 1 for row in here)


def pupils_of(held: County, school: str, stages: Iterable[str]) -> int | None:
    """Pupils of a school over stages: the roll where it has any pupil of the stage, else the classes, else blank."""
    total = 0
    seen = {
        row["stage"] for row in held.today["students"] + held.today["classes"] if row["school_code"] == school
    }
    compulsory = {"小学", "初中"}
    if not seen & compulsory:
        kind = next(s["school_kind"] for s in held.today["schools"] if s["school_code"] == school)
        seen |= set({"211": ["小学"], "218": ["小学"], "311": ["初中"], "312": ["小学", "初中"], "341": ["初中"],
                     "345": ["小学", "初中"]}.get(kind, []))  # fmt: skip
    found = [stage for stage in stages if stage in seen]
    if not found:
        return -1
    for stage in found:
        roll = [
            row
            for row in held.today["students"]
            if row["school_code"] == school and row["stage"] == stage and row["enrolment_status"] == "在读"
        ]
        classes = [row["class_students"] for row in held.today["classes"] if (row["school_code"], row["stage"]) == (school, stage)]  # fmt: skip
        if roll:
            total += len(roll)
        elif not classes or None in classes:
            return None
        else:
            total += sum(classes)
    return total


ALL = ("学前", "小学", "初中", "高中", "中职", "特教")


def _pupils(
    held: County, stages: tuple[str, ...], wanted: Callable[..., bool]
) -> list[tuple[str, int | None]]:
    found = [
        (s["school_code"], pupils_of(held, s["school_code"], stages or ALL))
        for s in held.today["schools"]
        if wanted(s)
    ]
    return [(school, n) for school, n in found if n != -1]


def _student_count(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    found = _pupils(held, stages, wanted)
    return _sum([n for _, n in found]), None, sum(n is None for _, n in found)


def _vocational(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    both = dict(_pupils(held, ("高中", "中职"), wanted))
    trade = {school: n for school, n in _pupils(held, ("中职",), wanted) if n is not None}
    known = [school for school, n in both.items() if n is not None]
    if not known:
        return None, None, len(both)
    top, of = sum(trade.get(school, 0) for school in known), sum(both[school] or 0 for school in known)
    return Fraction(top), Fraction(of), len(both) - len(known)


def _public(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    organizer = {s["school_code"]: s["organizer"] for s in held.today["schools"]}
    found = _pupils(held, stages, wanted)
    known = [(school, n) for school, n in found if n is not None and organizer[school] is not None]
    if not known:
        return None, None, len(found)
    top = sum(n for school, n in known if organizer[school] != "10")
    return Fraction(top), Fraction(sum(n for _, n in known)), len(found) - len(known)


def _migrant(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    organizer = {s["school_code"]: s["organizer"] for s in held.today["schools"]}
    rows = [
        r
        for r in held.today["students"]
        if r["enrolment_status"] == "在读" and r["stage"] in stages and wanted(r)
    ]
    blank = sum(r["migrant"] is None for r in rows)
    blank += sum(r["migrant"] is True and organizer[r["school_code"]] is None for r in rows)
    known = [r for r in rows if organizer[r["school_code"]] is not None]
    if not known:
        return None, None, blank
    moved = [r for r in known if r["migrant"] is True]
    return Fraction(sum(organizer[r["school_code"]] != "10" for r in moved)), Fraction(len(moved)), blank


def _classes(
    held: County, stages: tuple[str, ...], wanted: Callable[..., bool]
) -> list[tuple[str, int | None]]:
    sizes: dict[tuple[str, str, str, int], int | None] = {}
    for row in held.today["classes"]:
        sizes[row["school_code"], row["stage"], row["grade"], row["class_number"]] = row["class_students"]
    rolls: dict[tuple[str, str, str, int], int] = {}
    for row in held.today["students"]:
        if row["enrolment_status"] == "在读":
            key = row["school_code"], row["stage"], row["grade"], row["class_number"]
            rolls[key] = rolls.get(key, 0) + 1
    sizes |= rolls
    return [
        (key[1], n)
        for key, n in sizes.items()
        if key[1] in (stages or ALL) and wanted({"school_code": key[0]})
    ]


def _per_class(count: Callable[[str, int], int], share: bool) -> Callable[..., Triple]:
    def told(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
        found = _classes(held, stages, wanted)
        known = [(stage, n) for stage, n in found if n is not None]
        top = Fraction(sum(count(stage, n) for stage, n in known)) if known else None
        return top, Fraction(len(known)) if share and known else None, len(found) - len(known)

    return told


def _band(code: str) -> int:
    return 66 if "huge" in code else 56


def _class_share(code: str, *rest: Any) -> Triple:
    return _per_class(lambda _, n: n >= _band(code), True)(code, *rest)


def _class_count(code: str, *rest: Any) -> Triple:
    return _per_class(lambda _, n: n >= _band(code), False)(code, *rest)


def _class_all(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    found = _classes(held, stages, wanted)
    return Fraction(len(found)) if found else None, None, 0


def _school_large(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    found = [n for _, n in _pupils(held, stages, wanted)]
    return _sum([None if n is None else n > 2000 for n in found]), None, sum(n is None for n in found)


def _school_count(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    kinds = catalogue()[code].how["kinds"]
    found = [s["school_kind"] in kinds for s in held.today["schools"] if wanted(s)]
    return Fraction(sum(found)) if found else None, None, 0


def _premises(held: County, column: str, wanted: Callable[..., bool]) -> dict[str, float | None]:
    answer = {}
    for school in held.today["schools"]:
        if not wanted(school) or school["school_kind"] == "111":
            continue
        code = school["school_code"]
        own = [row[column] for row in held.today["premises"] if row["school_code"] == code]
        answer[code] = None if not own or None in own else sum(own)
    return answer


def _rooms(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    found = list(_premises(held, "multimedia_rooms", wanted).values())
    known = [n for n in found if n is not None]
    if not known:
        return None, None, len(found)
    return Fraction(sum(n > 0 for n in known)), Fraction(len(known)), len(found) - len(known)


def _per_pupil(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    column = catalogue()[code].how["column"]
    top = of = blank = 0
    some = False
    for school, have in _premises(held, column, wanted).items():
        pupils = pupils_of(held, school, ALL)
        if have is None or pupils is None or pupils == -1:
            blank += 1
        else:
            some, top, of = True, top + int(have), of + pupils
    return (Fraction(top), Fraction(of), blank) if some else (None, None, blank)


def _stage_of(held: County, teacher: dict[str, Any]) -> str | None:
    if teacher["teaching_stage"]:
        return str(teacher["teaching_stage"])
    known = [stage for stage in ALL if pupils_of(held, teacher["school_code"], (stage,)) != -1]
    return known[0] if len(known) == 1 else None


def _teachers(held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> tuple[Rows, int]:
    full = [t for t in held.today["teachers"] if t["post_kind"] == "专任教师" and wanted(t)]
    placed = [t | {"stage": _stage_of(held, t)} for t in full]
    if not stages:
        return placed, 0
    return [t for t in placed if t["stage"] in stages], sum(t["stage"] is None for t in placed)


def _teacher(meets: Callable[[str, dict[str, Any]], bool], share: bool) -> Callable[..., Triple]:
    def told(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
        column = catalogue()[code].how.get("column", "post_kind")
        found, lost = _teachers(held, stages, wanted)
        known = [t for t in found if t[column] is not None]
        blank = len(found) - len(known) + lost
        top = Fraction(sum(meets(code, t) for t in known)) if known else None
        return top, Fraction(len(known)) if share and known else None, blank

    return told


def _among(code: str, teacher: dict[str, Any]) -> bool:
    how = catalogue()[code].how
    lists = {
        "bachelor": ["10", "20", "21", "11", "12", "13", "14", "15", "16", "17", "18", "19"],
        "postgraduate": [str(n) for n in range(10, 20)],
        "senior_titles": ["正高级教师", "高级教师"],
    }
    values = how.get("values") or lists.get(how.get("setting"), ["县级", "市级", "省级", "国家级"])
    return teacher[how["column"]] in values


def _qualified(code: str, teacher: dict[str, Any]) -> bool:
    higher = [one for one in PRIMARY if one not in ("28", "30", "31")]
    return teacher["education"] in (PRIMARY if teacher["stage"] == "小学" else higher)


def _teacher_count(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    found, lost = _teachers(held, stages, wanted)
    schools = {t["school_code"] for t in held.today["teachers"] if wanted(t) and t["post_kind"] == "专任教师"}
    return Fraction(len(found)) if schools and (found or lost) else None, None, lost


def _ratio(code: str, held: County, stages: tuple[str, ...], wanted: Callable[..., bool]) -> Triple:
    covered = {t["school_code"] for t in held.today["teachers"]}
    found = _pupils(held, stages, wanted)
    known = [(school, n) for school, n in found if n is not None and school in covered]
    if not known:
        return None, None, len(found)
    schools = {school for school, _ in known}
    teachers, _ = _teachers(held, stages, lambda row: row["school_code"] in schools)
    return Fraction(sum(n for _, n in known)), Fraction(len(teachers)), len(found) - len(known)


def _people(code: str, held: County, stage: str, scope: Scope) -> Triple | str:
    if scope.locales or scope.organizers or scope.school_code:
        return "只能按全县"
    stages = expand(stage)
    ages = {age for one in stages for age in AGES[one]}
    lowest = min(LEVEL[one] for one in stages)
    kinds = {"disabled.three_kinds": ("视力", "听力", "言语", "智力"),
             "disabled.all_kinds": ("视力", "听力", "言语", "肢体", "智力", "精神", "多重", "其他")}.get(code)  # fmt: skip
    here = of = blank = 0
    for row in held.population:
        if row["age"] not in ages or (scope.township and row["township"] != scope.township):
            continue
        people = row["people"] or 1
        if kinds and row["disability"] is None:
            blank += people
        elif kinds and row["disability"] not in kinds:
            continue
        elif row["studying"] is None:
            blank += people
        else:
            of += people
            if row["studying"] == "特教" or LEVEL.get(row["studying"], -1) >= lowest:
                here += people
    return (Fraction(here), Fraction(of), blank) if of else (None, None, blank)


def _cohort(by: str, held: County, stage: str, wanted: Callable[..., bool]) -> Triple | str:
    first, last, years = {"小学": (1, 6, 5), "初中": (7, 9, 2), "义务教育": (1, 9, 8)}[stage]
    if by == "dropout_rate":
        years = 1
    near = DAY.replace(year=DAY.year - years)
    days = [day for day in held.earlier if (day.year if day.month >= 8 else day.year - 1) == 2025 - years]
    if not days:
        return "没有"
    start = min(days, key=lambda day: abs((day - near).days))
    later = [held.earlier[day] for day in sorted(held.earlier) if day > start] + [held.today["students"]]
    here = {row["key"]: row for row in held.today["students"] if row["enrolment_status"] == "在读"}
    fate: dict[str, str] = {}
    for rows in later:
        fate |= {row["key"]: row["enrolment_status"] for row in rows if row["enrolment_status"] != "在读"}
    began = [row for row in held.earlier[start] if row["enrolment_status"] == "在读"]
    if by == "dropout_rate":
        base = [row for row in began if row["stage"] in expand(stage) and wanted(row)]
        if not base:
            return None, None, 0
        gone = [row for row in base if row["key"] not in here]
        out = sum(fate.get(row["key"]) in ("失踪", "其他离校", "开除") for row in gone)
        blank = sum(row["key"] not in fate and int(row["grade"]) != last for row in gone)
        return Fraction(out), Fraction(len(base)), blank
    everyone = [row for row in began if int(row["grade"]) == first]
    if not everyone:
        return "没有"
    base = [row for row in everyone if wanted(row)]
    final = {key: row for key, row in here.items() if int(row["grade"]) == last}
    if by == "retention_unadjusted":
        now = [row for row in final.values() if wanted(row)]
        return (Fraction(len(now)), Fraction(len(base)), 0) if base or now else (None, None, 0)
    if not base:
        return None, None, 0
    stayed = moved = died = blank = 0
    for row in base:
        key = row["key"]
        if key in final:
            stayed += 1
        elif key not in here:
            moved += fate.get(key) == "转出"
            died += fate.get(key) == "死亡"
            blank += key not in fate
    return Fraction(stayed + moved), Fraction(len(base) - died), blank


def _sum(found: list[Any]) -> Fraction | None:
    known = [n for n in found if n is not None]
    return Fraction(sum(known)) if known else None


_REGISTERS: dict[str, Callable[..., Triple]] = {
    "student_count": _student_count,
    "vocational_share": _vocational,
    "public_share": _public,
    "migrant_public": _migrant,
    "class_share": _class_share,
    "class_count": _class_count,
    "class_standard": _per_class(lambda stage, n: n <= {"小学": 45, "初中": 50}[stage], True),
    "class_average": _per_class(lambda _, n: n, True),
    "class_all": _class_all,
    "school_large": _school_large,
    "school_count": _school_count,
    "premises_share": _rooms,
    "premises_per_pupil": _per_pupil,
    "teacher_count": _teacher_count,
    "pupils_per_teacher": _ratio,
    "teacher_share": _teacher(_among, True),
    "teacher_flag": _teacher(lambda code, t: t["certificate"] is True, True),
    "teacher_number": _teacher(_among, False),
    "teacher_qualified": _teacher(_qualified, True),
}
