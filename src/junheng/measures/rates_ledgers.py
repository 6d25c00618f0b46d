"""台账指标: care coverage, return of dropouts and safety of schools, counted from the ledgers of cases as they stood on a day.

Four tables, each of them given only where the ledger had begun by the day; `school_code` "" where no school is known,
`township` the name of the place then:

- `care_ledger`: a row per left-behind child on the ledger (or per group of `people`); `tutor` whether somebody is paired.
- `dropout_ledger`: a row per dropout found in the year up to the day; `waited` days since then, `took` days until the
  data showed the return (blank: not yet), `allowed` the days of the ledger's setting.
- `dropout_standing`: a row per place with the `people` out of school by the dropout ledger that day; while the ledger stands empty, one
  row of 0 people.
- `safety_ledger`: a row per school; `met` whether the last check was passed, blank where none has been finished.
"""

from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw

from junheng.measures.rates_model import Asked, Part, Parts
from junheng.measures.rates_registers import pupils
from junheng.measures.rows import rows
from junheng.tables.model import Kind

LEDGER_TABLES: Mapping[str, Mapping[str, Kind]] = {
    "care_ledger": {"school_code": "text", "township": "text", "tutor": "flag", "people": "integer"},
    "dropout_ledger": {
        "school_code": "text",
        "township": "text",
        "waited": "integer",
        "took": "integer",
        "allowed": "integer",
    },
    "dropout_standing": {"school_code": "text", "township": "text", "people": "integer"},
    "safety_ledger": {"school_code": "text", "township": "text", "met": "flag"},
}
"""The tables by name, and their columns."""

_NO_PUPILS = "没有学生名册，也没有班级登记，请先导入"
_Judged = Callable[[Mapping[str, Any]], tuple[int, int, int]]
"""A row → what it adds to numerator, denominator and the number of those not reported."""


def care_coverage(asked: Asked) -> Parts:
    """留守儿童关爱覆盖率."""

    def judged(row: Mapping[str, Any]) -> tuple[int, int, int]:
        people = 1 if row["people"] is None else int(row["people"])
        return (0, 0, people) if row["tutor"] is None else (people if row["tutor"] else 0, people, 0)

    return _counted(asked, "care_ledger", judged, "关爱台账在册的留守儿童，分子为有在任结对教师的", "名儿童")


def dropout_returned(asked: Asked) -> Parts:
    """劝返复学率: who is still within the days allowed is in neither number, and named in `rows`."""
    waiting = 0

    def judged(row: Mapping[str, Any]) -> tuple[int, int, int]:
        nonlocal waiting
        took, allowed = row["took"], row["allowed"]
        if took is None and row["waited"] <= allowed:
            waiting += 1
            return 0, 0, 0
        return int(took is not None and took <= allowed), 1, 0

    found = _counted(asked, "dropout_ledger", judged, "", "名学生")
    if found.missing:
        return found
    days = sorted({str(row["allowed"]) for row in rows(asked.tables["dropout_ledger"].select("allowed"))})
    words = f"近一年辍学台账的学生，分子为{'、'.join(days)}日内由数据证实返校的"
    if waiting:
        words += f"；另有{waiting}名仍在期限内，未计入"
    return Parts(found.parts, words, "名学生")


def dropout_standing(asked: Asked) -> Parts:
    """辍学率（台账）: who is out of school by the ledger that day ÷ pupils enrolled, each at the school that was left."""
    table = "dropout_standing"
    if table not in asked.tables:
        return Parts([], "", missing=(asked.measure.note,))
    scope = asked.scope
    within_school = bool(scope.locales or scope.organizers or scope.school_code)
    out: dict[tuple[str, str], int] = {}
    for row in rows(asked.tables[table].select(nw.all())):
        school, township = row["school_code"] or "", row["township"] or ""
        if not school and (within_school or scope.township not in ("", township)):
            continue
        place = school, "" if school in asked.schools else township
        out[place] = out.get(place, 0) + int(row["people"] or 0)
    enrolled = pupils(asked, asked.stages)
    parts = []
    for school, township in sorted({*out, *((code, "") for code in enrolled)}):
        here = enrolled.get(school) if school in asked.schools else 0
        blank = school in enrolled and here is None
        parts.append(Part(school, out.get((school, township), 0), here, blank, township))
    missing = () if enrolled else (_NO_PUPILS,)
    words = "当日辍学台账在册、数据还没有证实返校的学生；分母是义务教育在校生"
    return Parts(parts, words, "所学校", missing)


def safety_coverage(asked: Asked) -> Parts:
    """校园安全防范达标率."""

    def judged(row: Mapping[str, Any]) -> tuple[int, int, int]:
        return (0, 0, 1) if row["met"] is None else (int(row["met"]), 1, 0)

    return _counted(asked, "safety_ledger", judged, "三防台账中已核查的学校，分子为复查通过的", "所学校")


def _counted(asked: Asked, table: str, judged: _Judged, words: str, unit: str) -> Parts:
    if table not in asked.tables:
        return Parts([], "", missing=(asked.measure.note,))
    scope = asked.scope
    within_school = bool(scope.locales or scope.organizers or scope.school_code)
    there: dict[tuple[str, str], list[int]] = {}
    for row in rows(asked.tables[table].select(nw.all())):
        school, township = row["school_code"] or "", row["township"] or ""
        # Where no school is known the child belongs to its township, and to no choice among schools.
        if not school and (within_school or scope.township not in ("", township)):
            continue
        sums = there.setdefault((school, "" if school in asked.schools else township), [0, 0, 0])
        for place, number in enumerate(judged(row)):
            sums[place] += number
    parts = [
        Part(school, here if of else None, of or None, blank, township)
        for (school, township), (here, of, blank) in sorted(there.items())
        if of or blank
    ]
    return Parts(parts, words, unit)
