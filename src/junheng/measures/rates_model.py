"""指标值 (a value): what is asked for, the parts by school that answer it, and the value with its evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeVar

from junheng.measures.catalogue import Catalogue, Measure
from junheng.measures.model import Assessment
from junheng.measures.registers import Registers
from junheng.measures.rows import Frame, Keep, as_planned
from junheng.policy import PackDay

T = TypeVar("T")
Area = Literal["county", "township", "school"]
Tables = Mapping[str, Frame]
History = Mapping[date, Tables]

LOCALES = {"城区": ("11",), "镇区": ("12",), "乡村": ("2",)}
"""城乡类型 by the opening digits of their GB/T 33782 codes."""
NO_TOWNSHIP = "（乡镇未登记）"


@dataclass(frozen=True, slots=True)
class Scope:
    """范围: which schools are meant; an empty part does not restrict.

    `locales` of 城区, 镇区, 乡村; `organizers` of 公办, 民办; `township` as the school register writes it.
    """

    locales: tuple[str, ...] = ()
    organizers: tuple[str, ...] = ()
    township: str = ""
    school_code: str = ""

    @property
    def words(self) -> str:
        """The scope in words; "" for the whole county."""
        parts = ("、".join(self.locales), "、".join(self.organizers), self.township, self.school_code)
        return "，".join(part for part in parts if part)


WHOLE = Scope()
"""全县: no restriction."""


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """一所学校在指标中用到的属性."""

    name: str
    kind: str
    public: bool | None
    locale: str
    township: str


@dataclass(frozen=True, slots=True)
class Part:
    """分值: what one school (or township, where `school_code` is "") adds to numerator and denominator.

    None in `numerator`: not reported; then `unreported` says of how many.
    """

    school_code: str
    numerator: float | None
    denominator: float | None = None
    unreported: int = 0
    township: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """各校分值: `rows` says in a sentence which rows stand behind, `missing` why there is nothing."""

    parts: Sequence[Part]
    rows: str
    unreported_unit: str = "所学校"
    missing: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """指标值: one figure with its evidence.

    `value` is in `unit`, unrounded, and None where it cannot be told; `missing` then says why and what to do.
    `numerator` and `denominator` are what was divided (None where the value is not a quotient). `unreported` counts, in
    `unreported_unit`, what is left out because it is blank; the value holds for the rest. `area` is "" for the whole
    scope, else the township's name or the school's code. `rows` says which rows stand behind the value.
    """

    code: str
    title: str
    stage: str
    scope: Scope
    area: str
    area_name: str
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    unreported: int
    unreported_unit: str
    rows: str
    note: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """所问: one measure, stage, scope and day, with the tables to answer from."""

    measure: Measure
    stage: str
    stages: tuple[str, ...]
    scope: Scope
    rules: PackDay
    registers: Registers | None
    tables: Tables
    history: History
    assessment: Assessment | None
    catalogue: Catalogue
    schools: Mapping[str, SchoolLine] = field(default_factory=dict)
    keep: Keep = as_planned
    shared: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What several measures need on the way: made by the first of those asked together, and kept for the others."""
        if name not in self.shared:
            self.shared[name] = make()
        found: T = self.shared[name]
        return found

    @property
    def held(self) -> Registers:
        """The registers; only asked for after `missing` found none of those needed to be absent."""
        if self.registers is None:
            raise LookupError("no register was given")
        return self.registers

    @property
    def whose(self) -> str:
        """The stage as a word before a noun: “初中” or “各学段”."""
        return self.stage or "各学段"

    def setting(self, name: str = "") -> list[str]:
        """The codes of a setting of the catalogue; by default of the one that the measure names."""
        return list(self.catalogue.settings[name or self.how("setting")].values)

    def how(self, name: str) -> Any:
        """A parameter of the computation."""
        return self.measure.how[name]

    def missing(self, *sheets: str) -> tuple[str, ...]:
        """Sentences for the registers among `sheets` that were not given."""
        titles = {
            "schools": "学校",
            "premises": "校舍与设备",
            "classes": "班级",
            "students": "学生",
            "teachers": "教师",
        }
        return tuple(f"没有“{titles[name]}”登记表，请先导入" for name in sheets if name not in self.given)

    @property
    def given(self) -> frozenset[str]:
        """The names of the registers that were given."""
        return self.registers.given if self.registers else frozenset()
