"""标准包的差别: what changes between two packs, standard by standard, for a person to read before switching."""

from dataclasses import dataclass
from typing import Literal

from junheng.policy.model import Pack, Standard

Change = Literal["新增", "删除", "取值不同", "出处不同"]


@dataclass(frozen=True, slots=True)
class Difference:
    """一处差别: the standard's name and title, what changed, and both values as people read them ("" where absent)."""

    name: str
    title: str
    change: Change
    before: str
    after: str


def differences(before: Pack, after: Pack) -> list[Difference]:
    """Every standard that is new, gone, valued differently or cited differently, in the order of `before`, then `after`."""
    names = list(before.standards) + [name for name in after.standards if name not in before.standards]
    found = []
    for name in names:
        old, new = before.standards.get(name), after.standards.get(name)
        if old is None and new is not None:
            found.append(Difference(name, new.title, "新增", "", shown(new)))
        elif old is not None and new is None:
            found.append(Difference(name, old.title, "删除", shown(old), ""))
        elif old is not None and new is not None:
            if _values(old) != _values(new):
                found.append(Difference(name, new.title, "取值不同", shown(old), shown(new)))
            elif _sources(before, old) != _sources(after, new):
                found.append(Difference(name, new.title, "出处不同", shown(old), shown(new)))
    return found


def _values(standard: Standard) -> list[object]:
    return [(entry.since, entry.value) for entry in standard.entries]


def _sources(pack: Pack, standard: Standard) -> list[object]:
    return [(pack.documents[entry.document].name, entry.item, entry.status) for entry in standard.entries]


def shown(standard: Standard) -> str:
    """“小学 4.2、初中 5.3 人/百生（2017-05-23起）”: all entries of a standard in one line."""
    parts = []
    for entry in standard.entries:
        since = f"（{entry.since}起）" if entry.since else ""
        parts.append(f"{_text(entry.value)}{f' {standard.unit}' if standard.unit else ''}{since}")
    return "；".join(parts)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "、".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
