"""标准包 (a pack): what a document lays down, as dated and cited values.

A pack is a list of named *standards*; each standard has one or more *entries*, in force from `since` until the next
one. `Pack.on(day)` answers with the values of that day. Nothing here knows what a value is used for: measures ask by
name, and a name that is missing is an error of the pack, reported with its Chinese sentence, never a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Status = Literal["V", "V3", "D", "assumed"]
STATUS_TITLES: dict[str, str] = {
    "V": "已核对原文或正式发布",
    "V3": "仅见于转述，待核对原文",
    "D": "由已核对内容推算",
    "assumed": "文件未载明，本系统约定",
}
Value = float | int | str | bool | list[str] | dict[str, float] | dict[str, str] | dict[str, list[str]]


class PackError(ValueError):
    """标准包有误: carries every problem found, each a Chinese sentence that says where and what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("；".join(problems))


@dataclass(frozen=True, slots=True)
class Document:
    """文件: a document by its number (文号), never by an address. `number` is "" when the number was not found."""

    key: str
    number: str
    title: str

    @property
    def name(self) -> str:
        """The number as cited; for a document whose number was not found, 《题名》（文号待查）."""
        return self.number or f"《{self.title}》（文号待查）"


@dataclass(frozen=True, slots=True)
class Entry:
    """一个取值: the value in force from `since` (None: from the beginning), and where it comes from."""

    since: date | None
    value: Value
    document: str
    item: str
    quote: str
    status: Status
    entered_by: str
    checked_by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """一项标准: its code or dotted name, official title, unit, and entries from the oldest to the newest."""

    name: str
    title: str
    unit: str
    entries: tuple[Entry, ...]
    overridden_by: str = ""

    def on(self, day: date) -> Entry | None:
        """The entry in force on `day`; None before the first."""
        current = None
        for entry in self.entries:
            if entry.since is None or entry.since <= day:
                current = entry
        return current


@dataclass(frozen=True, slots=True)
class Resource:
    """资源配置指标的算法: how a school indicator is formed; its threshold is the standard of the same code.

    value = numerator × scale ÷ pupils × per. `scale` turns the reported unit into the indicator's (万元 → 元: 10000).
    `whole`: the numerator counts people or rooms, so a gap is a whole number. `split`: a multi-stage school's amount is
    divided by the weights of `split.weights`. Schools are held to a threshold only where the pack has a standard of
    this code.
    """

    code: str
    title: str
    unit: str
    numerator: str
    numerator_unit: str
    per: float
    scale: float
    whole: bool
    split: bool


@dataclass(frozen=True, slots=True)
class CountyLine:
    """县级指标的列目: one line of 政府保障, 教育质量, 一票否决, 社会认可度 as the official form lists it."""

    code: str
    title: str
    group: str
    kind: Literal["numeric", "evidence", "entered", "mixed"]
    items: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """标准包: immutable; `version` is a hash of its whole content, so that a stored verdict names exactly what it used."""

    id: str
    title: str
    extends: str
    responsible: str
    version: str
    documents: Mapping[str, Document]
    standards: Mapping[str, Standard]
    resources: tuple[Resource, ...]
    lines: tuple[CountyLine, ...]
    next_review: date | None = None
    notes: tuple[str, ...] = field(default=())

    def on(self, day: date) -> "PackDay":
        """The values in force on `day`."""
        return PackDay(self, day)

    def resource(self, code: str) -> Resource:
        """The resource indicator of that code. KeyError when there is none."""
        for resource in self.resources:
            if resource.code == code:
                return resource
        raise KeyError(code)


@dataclass(frozen=True)
class PackDay:
    """某日有效的标准: a pack as of one day. Asking for a standard that is absent raises PackError with a sentence."""

    pack: Pack
    day: date

    def has(self, name: str) -> bool:
        """Whether the pack has this standard on this day."""
        standard = self.pack.standards.get(name)
        return standard is not None and standard.on(self.day) is not None

    def entry(self, name: str) -> Entry:
        """The entry in force."""
        standard = self.pack.standards.get(name)
        found = standard.on(self.day) if standard else None
        if found is None:
            raise PackError([f"标准包“{self.pack.id}”在 {self.day} 没有“{name}”的取值，请补充该项标准"])
        return found

    def number(self, name: str) -> float:
        """A single number."""
        value = self.entry(name).value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PackError([f"标准包“{self.pack.id}”的“{name}”应为一个数"])
        return float(value)

    def by_stage(self, name: str) -> dict[str, float]:
        """{stage or other key: number}."""
        value = self.entry(name).value
        if not isinstance(value, dict) or not all(isinstance(v, int | float) for v in value.values()):
            raise PackError([f"标准包“{self.pack.id}”的“{name}”应按学段（或类别）给出数值"])
        return {str(key): float(v) for key, v in value.items() if isinstance(v, int | float)}

    def names(self, name: str) -> list[str]:
        """A list of codes."""
        value = self.entry(name).value
        if not isinstance(value, list):
            raise PackError([f"标准包“{self.pack.id}”的“{name}”应为一个列表"])
        return [str(item) for item in value]

    def texts(self, name: str) -> dict[str, str]:
        """{key: word}."""
        value = self.entry(name).value
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise PackError([f"标准包“{self.pack.id}”的“{name}”应按类别给出文字"])
        return {str(key): v for key, v in value.items() if isinstance(v, str)}

    def lists(self, name: str) -> dict[str, list[str]]:
        """{key: list of codes}."""
        value = self.entry(name).value
        if not isinstance(value, dict) or not all(isinstance(v, list) for v in value.values()):
            raise PackError([f"标准包“{self.pack.id}”的“{name}”应按类别给出列表"])
        return {str(key): [str(item) for item in v] for key, v in value.items() if isinstance(v, list)}

    def text(self, name: str) -> str:
        """A word or sentence."""
        value = self.entry(name).value
        if not isinstance(value, str):
            raise PackError([f"标准包“{self.pack.id}”的“{name}”应为文字"])
        return value

    def flag(self, name: str) -> bool:
        """Yes or no."""
        value = self.entry(name).value
        if not isinstance(value, bool):
            raise PackError([f"标准包“{self.pack.id}”的“{name}”应为 true 或 false"])
        return value

    def clause(self, name: str) -> str:
        """The document's number and item as one citation, with its status when it is not verified in the original."""
        entry = self.entry(name)
        document = self.pack.documents[entry.document]
        by = self.pack.standards[name].overridden_by
        mark = "" if entry.status == "V" else f"［{STATUS_TITLES[entry.status]}］"
        return f"{document.name}{entry.item}{mark}" + (f"［{by} 改定］" if by else "")
