"""单位对照: names as a document writes them → the organisations of a given register, with the reason for each match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Organisation:
    """登记单位: its identifier, official name and other names in use."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """对照结果: the organisation a written name means, how it was found, or the candidates a person must choose from."""

    name: str
    org_id: str | None
    how: str
    candidates: tuple[str, ...] = ()


_RANK = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}?(?:自治)?[省市县区州旗盟]|[省市县区州旗盟])(?![场民域委])(?=[\u4e00-\u9fff]{2,})"
)
_GROUP = re.compile(r"^(?:各|其他|相关|有关)|(?:成员单位|有关单位|有关部门)$")
_SAME_TAIL = (("委员会办公室", "办"), ("人民政府办公室", "政府办"), ("办公室", "办"), ("委员会", "委"))


def _short(name: str) -> str:
    """Without its place, with the long endings cut to the short ones people write."""
    bare = _RANK.sub("", name)
    for long, short in _SAME_TAIL:
        if bare.endswith(long):
            return bare.removesuffix(long) + short
    return bare


def _abbreviates(short: str, full: str) -> bool:
    """教体局 ⊂ 教育体育局: same first word and ending, the rest in order."""
    if len(short) < 3 or len(short) >= len(full) or short[0] != full[0] or short[-1] != full[-1]:
        return False
    rest = iter(full)
    return all(c in rest for c in short)


def resolve(names: Iterable[str], register: Sequence[Organisation]) -> tuple[Resolution, ...]:
    """单位对照: exact name, then alias, then without the place, then a unique abbreviation; never a guess between two."""
    exact = {org.name: org.id for org in register}
    alias = {word: org.id for org in register for word in org.aliases}
    bare: dict[str, set[str]] = {}
    for org in register:
        for word in (org.name, *org.aliases):
            bare.setdefault(_short(word), set()).add(org.id)
    return tuple(_one(name, register, exact, alias, bare) for name in names)


def _one(
    name: str,
    register: Sequence[Organisation],
    exact: dict[str, str],
    alias: dict[str, str],
    bare: dict[str, set[str]],
) -> Resolution:
    if name in exact:
        return Resolution(name, exact[name], "exact")
    if name in alias:
        return Resolution(name, alias[name], "alias")
    if _GROUP.search(name):
        return Resolution(name, None, "group")
    short = _short(name)
    same = bare.get(short, set())
    if len(same) == 1:
        return Resolution(name, next(iter(same)), "place")
    if len(same) > 1:
        return Resolution(name, None, "ambiguous", tuple(sorted(same)))
    found = sorted({org.id for org in register if _abbreviates(short, _short(org.name))})
    if len(found) == 1:
        return Resolution(name, found[0], "abbreviation")
    return Resolution(name, None, "ambiguous" if found else "unknown", tuple(found))


def attach(result: dict[str, list[dict[str, object]]], register: Sequence[Organisation]) -> None:
    """写入单位编号: sets org_ids beside the names of every unit list of a compiled plan; None where a person must choose."""
    for item in result["units"]:
        names = item["units"]
        if isinstance(names, list):
            item["org_ids"] = [match.org_id for match in resolve([str(n) for n in names], register)]
