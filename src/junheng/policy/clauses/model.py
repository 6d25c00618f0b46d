"""资助条款包 (aid pack): clauses of documents as dated, cited data. Nothing is evaluated here.

Money is in integer fen. Grades count from 1 within a stage (学前 1 小班, 2 中班, 3 大班); areas are prefixes of division
codes: "" the nation, "64" a region, "640106" a county.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from junheng.policy.clauses.conditions import Condition
from junheng.policy.model import STATUS_TITLES, Document, Status

STAGES = ("学前", "小学", "初中", "普高", "中职", "本科", "专科", "教职工")
PUPIL_STAGES = STAGES[:-1]
LAST_GRADE = {"学前": 4, "小学": 6, "初中": 4, "普高": 3, "中职": 5, "本科": 6, "专科": 5, "教职工": 1}
TOP_GRADE = 9

Kind = Literal["cash", "waiver", "in_kind", "loan"]
KINDS: dict[str, str] = {"cash": "补助", "waiver": "减免", "in_kind": "实物或供餐", "loan": "贷款"}
Per = Literal["year", "term", "month", "day", "once"]
PERS: dict[str, str] = {"year": "每年", "term": "每学期", "month": "每月", "day": "每日", "once": "一次性"}
Form = Literal["fixed", "average", "range", "actual", "up_to"]
# What does not say who gets how much: tiers or amounts must be written, a confirmation cannot take their place.
NO_AMOUNT: dict[str, str] = {"average": "平均数", "range": "幅度", "actual": "据实"}
Rule = Literal["highest", "first", "stack"]
GROUP_RULES: dict[str, str] = {
    "highest": "只享受最高一项",
    "first": "只享受排在前面的一项",
    "stack": "可以同时享受",
}
ANY_GRADE = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """事实: one named yes-or-no about a person; `register` is where it comes from; `helps`: it may never lower a total.

    `synonyms` are other headings; `positive` and `negative` words that stand in a cell for 是 and 否. `list_of`: who alone decides it and is
    asked for the list (以名单为准); "" where a register says it of everybody.
    """

    name: str
    meaning: str
    register: str
    helps: bool
    synonyms: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    list_of: str = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """出处: document key, item, quoted words and how far they were checked."""

    document: str
    item: str
    quote: str
    status: Status


@dataclass(frozen=True, slots=True)
class Rate:
    """一个时期的标准: what a clause grants from `since` to `until` (both included; None: open).

    `fen` is {(stage, grade): fen a year, or once}, with ANY_GRADE for every grade of the stage's range; 0 where the
    amount is not fixed. `per`, `each` and `units` keep how the document says it (每日 4 元 × 200 日). `low`/`high` bound
    an average, a range and a limit. `assumption` says what no document lays down; it blocks payment until `confirmed_by`.
    """

    since: date | None
    until: date | None
    form: Form
    per: Per
    units: int
    fen: Mapping[tuple[str, int], int]
    low: int
    high: int
    grades: Mapping[str, tuple[int, int]]
    cite: Cite
    assumption: str = ""
    confirmed_by: str = ""
    note: str = ""
    confirmed_in: tuple[str, ...] = ("",)

    def payable_in(self, county: str) -> bool:
        """Whether nothing is left to confirm for this county: a person confirms for the area of their own pack."""
        if not self.assumption:
            return True
        return bool(self.confirmed_by) and any(county.startswith(area) for area in self.confirmed_in)

    @property
    def payable(self) -> bool:
        """Whether nothing is left for a named person to confirm, at least somewhere."""
        return not self.assumption or bool(self.confirmed_by)

    def takes(self, stage: str, grade: int) -> bool:
        """Whether the grade is within the stage's range (grade 0, not known: only when every grade is)."""
        low, high = self.grades.get(stage, (1, TOP_GRADE))
        return low <= grade <= high if grade else (low, high) == (1, TOP_GRADE) and self.even(stage)

    def even(self, stage: str) -> bool:
        """Whether the amount is the same in every grade."""
        return all(grade == ANY_GRADE for place, grade in self.fen if place == stage)

    def fen_for(self, stage: str, grade: int) -> int:
        """Fen for a grade that is taken."""
        found = self.fen.get((stage, grade))
        return self.fen.get((stage, ANY_GRADE), 0) if found is None else found


@dataclass(frozen=True, slots=True)
class Example:
    """算例: a person and a day, and the fen that this clause must pay then (None: not paid)."""

    on: date
    stage: str
    grade: int
    county: str
    facts: Mapping[str, bool | None]
    fen: int | None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """条款: one entitlement. `rates` run from the oldest to the newest and do not overlap."""

    id: str
    name: str
    pack: str
    kind: Kind
    areas: tuple[str, ...]
    stages: tuple[str, ...]
    condition: Condition
    rates: tuple[Rate, ...]
    group: str
    cap: int | None
    years: int | None
    shares: Mapping[str, int]
    evidence: tuple[str, ...]
    examples: tuple[Example, ...]
    entered_by: str
    checked_by: str
    obligation: str = ""
    note: str = ""

    def on(self, day: date) -> Rate | None:
        """The rate in force on `day`; None when there is none."""
        for rate in self.rates:
            if (rate.since is None or rate.since <= day) and (rate.until is None or day <= rate.until):
                return rate
        return None

    def near(self, day: date) -> Rate:
        """The rate in force on `day`, else the first when the day is before it, else the last: what a reason cites."""
        first = self.rates[0]
        return self.on(day) or (first if first.since and day < first.since else self.rates[-1])


@dataclass(frozen=True, slots=True)
class Group:
    """互斥组: clauses of which the rule says how many are paid; `cap` in fen bounds their sum."""

    id: str
    title: str
    rule: Rule
    cap: int | None
    assumption: str = ""
    confirmed_by: str = ""
    basis: str = ""

    @property
    def settled(self) -> bool:
        """Whether the rule is laid down, or confirmed by a named person."""
        return not self.assumption or bool(self.confirmed_by)


@dataclass(frozen=True, slots=True)
class AreaFact:
    """地区的事实: what a document says of a whole area, taken where the person's own row is silent."""

    fact: str
    areas: tuple[str, ...]
    value: bool
    since: date | None
    until: date | None
    cite: Cite

    def holds(self, county: str, day: date) -> bool:
        """Whether it speaks of this county and day."""
        return (
            any(county.startswith(area) for area in self.areas)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Lowering:
    """准许的降低: an exception by name: this fact may lower the total, for this reason."""

    fact: str
    reason: str


@dataclass(frozen=True)
class AidPack:
    """资助条款包: one document's or one area's clauses; `warnings` are for its keeper to look at, not errors.

    `tiered` are the ids of clauses that were written with tiers: each stands in `clauses` as one clause a tier.
    """

    id: str
    title: str
    extends: tuple[str, ...]
    responsible: str
    documents: Mapping[str, Document]
    texts: Mapping[str, str]
    facts: Mapping[str, Fact]
    definitions: Mapping[str, Condition]
    areas: Mapping[str, str]
    groups: Mapping[str, Group]
    clauses: tuple[Clause, ...]
    area_facts: tuple[AreaFact, ...]
    lowerings: tuple[Lowering, ...]
    confirmations: Mapping[str, str]
    scope: tuple[str, ...]
    restatements: tuple[tuple[str, Cite], ...] = ()
    notes: tuple[str, ...] = field(default=())
    warnings: tuple[str, ...] = field(default=())
    tiered: tuple[str, ...] = field(default=())


def cited(cite: Cite, documents: Mapping[str, Document]) -> str:
    """出处一句: number, item, quoted words, and the status when the original was not seen."""
    mark = "" if cite.status == "V" else f"［{STATUS_TITLES[cite.status]}］"
    quote = f"“{cite.quote}”" if cite.quote else ""
    return f"{documents[cite.document].name}{cite.item}{quote}{mark}"
