"""资助自查的填写 (what a parent fills in): pupil, county, day and answers; every problem at once, each a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from junheng.aid import Child
from junheng.policy.clauses import LAST_GRADE, PUPIL_STAGES, Book

# Which stages are usual at an age is no rule of any document: neighbours overlap, and the page answers for each.
_USUAL_AGES = {
    "学前": (3, 6),
    "小学": (6, 12),
    "初中": (12, 16),
    "普高": (15, 19),
    "中职": (15, 19),
    "本科": (17, 24),
    "专科": (17, 24),
}
YOUNGEST, OLDEST = 3, 24
ELSEWHERE = "999999"
ANSWERS: dict[str, bool | None] = {"yes": True, "no": False, "": None}
_FIRST_DAY = date(2017, 1, 1)


@dataclass(frozen=True, slots=True)
class Filled:
    """已填内容: as typed (`pupil` “小学:3”, `age`, `county`, `day`, answers by fact), and what it means.

    `stages` are the stages to answer for, `grade` 0 when not known; `problems` are (field, sentence).
    """

    pupil: str = ""
    age: str = ""
    county: str = ""
    day: str = ""
    stages: tuple[str, ...] = ()
    grade: int = 0
    on: date = date.min
    facts: Mapping[str, bool | None] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()

    def children(self) -> list[Child]:
        """One pupil for each stage that is possible."""
        return [Child(stage, self.grade, self.county, self.facts) for stage in self.stages]


def stages_at(age: int) -> tuple[str, ...]:
    """某年龄通常的学段: all that are usual, in order; () outside of 3 to 24 years."""
    return tuple(stage for stage, (low, high) in _USUAL_AGES.items() if low <= age <= high)


def counties(book: Book) -> list[tuple[str, str]]:
    """(code, name) of the counties the packs know, by code."""
    return sorted((code, name) for code, name in book.areas.items() if len(code) == 6)


def read(typed: Mapping[str, str], book: Book, today: date) -> Filled:
    """填写内容 → Filled. Hostile or impossible values become problems; nothing is raised."""
    pupil, age = typed.get("pupil", "").strip()[:20], typed.get("age", "").strip()[:20]
    county, day = typed.get("county", "").strip()[:20], typed.get("day", "").strip()[:20]
    problems: list[tuple[str, str]] = []
    stages, grade = _pupil(pupil, age, problems)
    if county and county != ELSEWHERE and county not in dict(counties(book)):
        problems.append(("county", f"不认得县区“{county}”，请从列表中选择"))
        county = ""
    on = _day(day, today, problems)
    facts = _answers(typed, book.facts, problems)
    return Filled(pupil, age, county, day, stages, grade, on, facts, tuple(problems))


def _pupil(pupil: str, age: str, problems: list[tuple[str, str]]) -> tuple[tuple[str, ...], int]:
    if pupil:
        stage, _colon, number = pupil.partition(":")
        grade = int(number) if number.isascii() and number.isdecimal() else -1
        if stage in PUPIL_STAGES and 0 <= grade <= LAST_GRADE[stage]:
            return (stage,), grade
        problems.append(("pupil", f"没有“{pupil}”这个年级，请从列表中选择"))
        return (), 0
    if not age:
        problems.append(("pupil", "请选择在读的学段和年级；还没有入学或说不准的，请填年龄"))
        return (), 0
    if not age.isdecimal():
        problems.append(("age", f"“{age}”不是整数，请填周岁，例如 7"))
        return (), 0
    found = stages_at(int(age))
    if not found:
        problems.append(("age", f"年龄请填 {YOUNGEST} 至 {OLDEST} 周岁，发现“{age}”；其他年龄请选择学段"))
    return found, 0


def _day(day: str, today: date, problems: list[tuple[str, str]]) -> date:
    if not day:
        return today
    try:
        on = date.fromisoformat(day)
    except ValueError:
        problems.append(("day", f"“{day}”不是日期，请写成 2018-10-01 的样子"))
        return today
    if not _FIRST_DAY <= on <= date(today.year + 1, 12, 31):
        problems.append(("day", f"只能查 {_FIRST_DAY.year} 年至 {today.year + 1} 年的规定，请改日期"))
        return today
    return on


def _answers(
    typed: Mapping[str, str], facts: Iterable[str], problems: list[tuple[str, str]]
) -> dict[str, bool | None]:
    """An answer that was not given is not known, never 否."""
    found: dict[str, bool | None] = {}
    for fact in facts:
        answer = typed.get(f"fact-{fact}", "")
        if answer not in ANSWERS:
            problems.append(("facts", f"“{fact}”只能选是、否或不清楚，请重新选择"))
        found[fact] = ANSWERS.get(answer)
    return found
