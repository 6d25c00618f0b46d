"""享受条件 (conditions): who a clause is for, as a small tree over named facts, judged in three values.

A fact is 是, 否 or not known. Truth is a number: NO = 0, UNKNOWN = 1, YES = 2; "all" is the least, "any" the greatest,
"not" is 2 minus. So one unknown fact makes an answer unknown only where it can change it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NO, UNKNOWN, YES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class FactIs:
    """某项事实为“是”."""

    fact: str


@dataclass(frozen=True, slots=True)
class Not:
    """不具备."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """同时具备; without parts: always true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """具备其一."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Named:
    """有名称的条件: a definition such as 家庭经济困难, kept by name so that a reason can say it."""

    name: str
    part: "Condition"


Condition = FactIs | Not | AllOf | AnyOf | Named
EVERYONE = AllOf(())


def judge(condition: Condition, facts: Mapping[str, bool | None]) -> int:
    """NO, UNKNOWN or YES. A fact that is absent from `facts` is not known."""
    match condition:
        case FactIs(fact):
            value = facts.get(fact)
            return UNKNOWN if value is None else YES if value else NO
        case Not(part):
            return YES - judge(part, facts)
        case AllOf(parts):
            return min((judge(part, facts) for part in parts), default=YES)
        case AnyOf(parts):
            return max((judge(part, facts) for part in parts), default=NO)
        case Named(_, part):
            return judge(part, facts)


def facts_of(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition asks for, each once, in its order."""
    return tuple(dict.fromkeys(_walk(condition)))


def _walk(condition: Condition) -> Iterator[str]:
    match condition:
        case FactIs(fact):
            yield fact
        case Not(part) | Named(_, part):
            yield from _walk(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _walk(part)


def parse(raw: object, names: Mapping[str, Condition], problems: list[str], place: str) -> Condition:
    """YAML → condition. `names` holds the facts (as FactIs) and definitions. Every problem becomes a Chinese sentence."""
    if raw is None:
        return EVERYONE
    if isinstance(raw, str):
        found = names.get(raw)
        if found is None:
            problems.append(f"{place}：条件中的“{raw}”既不是已列出的事实，也不是已定义的条件，请核对名称")
            return EVERYONE
        return found
    if isinstance(raw, dict) and len(raw) == 1:
        (word, inner), *_ = raw.items()
        if word == "not":
            return Not(parse(inner, names, problems, place))
        if word in ("all", "any") and isinstance(inner, list) and inner:
            parts = tuple(parse(item, names, problems, place) for item in inner)
            return AllOf(parts) if word == "all" else AnyOf(parts)
    problems.append(f"{place}：条件应写成事实名称，或 all、any、not 之一加列表，发现“{raw}”")
    return EVERYONE
