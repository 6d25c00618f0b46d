"""条目: what the compiler finds. Offsets are places in the flat text until `document` maps them to the source."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Field:
    """版头要素: one header field, its place and its normal form."""

    name: str
    start: int
    end: int
    norm: str
    rule: str
    confidence: float = 0.95
    why: str = ""


@dataclass(frozen=True)
class Node:
    """提纲节点: a heading with its parent and the stretch of text it governs, up to `section_end`."""

    id: str
    parent: str | None
    level: int
    label: str
    title: str
    start: int
    end: int
    section_end: int
    task: bool
    rule: str
    stage: str | None = None
    stage_start: str | None = None


@dataclass(frozen=True)
class Target:
    """量化目标: one indicator, comparator, value and unit, bound to a year where the text gives one."""

    kind: str
    start: int
    end: int
    value_start: int
    value_end: int
    ind: str
    cmp: str
    val: float | int
    unit: str
    rule: str
    val2: float | int | None = None
    per: str | None = None
    scope: str | None = None
    by: str | None = None
    by_source: str | None = None
    inherited: bool = False
    confidence: float = 0.9
    why: str = ""


@dataclass(frozen=True)
class Money:
    """资金: a standard, a fund or an investment in yuan, for whom and how often, and who pays."""

    kind: str
    start: int
    end: int
    value_start: int
    value_end: int
    ind: str
    cmp: str
    val: float | int
    unit: str
    yuan: float | int
    rule: str
    val2: float | int | None = None
    yuan2: float | int | None = None
    per: str | None = None
    payer: str | None = None
    who: str | None = None
    confidence: float = 0.9
    why: str = ""


@dataclass(frozen=True)
class Implicit:
    """隐含目标: words that fix 100 %, nought or a relation without a number."""

    kind: str
    start: int
    end: int
    ind: str
    rule: str
    val: float | int | str | None = None
    ref: str | None = None
    by: str | None = None
    confidence: float = 0.8
    why: str = ""


@dataclass(frozen=True)
class Deadline:
    """时限: by, in, from, range, duration or every so often; partial dates as YYYY, YYYY-MM or YYYY-MM-DD."""

    kind: str
    start: int
    end: int
    rule: str
    t_start: str | None = None
    t_end: str | None = None
    freq: str | None = None
    n: float | int | None = None
    unit: str | None = None
    confidence: float = 0.9
    why: str = ""


@dataclass(frozen=True)
class Units:
    """责任单位: bodies that answer for a clause, with the part each plays."""

    kind: str
    start: int
    end: int
    units: tuple[str, ...]
    rule: str
    confidence: float = 0.95
    why: str = ""


@dataclass(frozen=True)
class Reference:
    """引用文件: a document named in the text, its number, and the number as repaired."""

    kind: str
    start: int
    end: int
    title: str
    rule: str
    no: str | None = None
    no_fixed: str | None = None
    by: str | None = None
    confidence: float = 0.95
    why: str = ""


@dataclass(frozen=True)
class Person:
    """领导小组成员: a person, or a class of office holders, and the part played."""

    start: int
    end: int
    role: str
    name: str
    post: str
    rule: str
    confidence: float = 0.9
    why: str = ""


@dataclass(frozen=True)
class Warning_:
    """待确认: something repaired, contradictory or missing; says where, what was found and what to do."""

    code: str
    start: int
    end: int
    msg: str
    suggest: str = ""
    repair: bool = False


@dataclass(frozen=True)
class Found:
    """解析结果: everything found in one document, still in places of the flat text."""

    kind: str
    header: tuple[Field, ...] = ()
    nodes: tuple[Node, ...] = ()
    targets: tuple[Target, ...] = ()
    money: tuple[Money, ...] = ()
    implicit: tuple[Implicit, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    units: tuple[Units, ...] = ()
    references: tuple[Reference, ...] = ()
    persons: tuple[Person, ...] = ()
    warnings: tuple[Warning_, ...] = field(default=())
