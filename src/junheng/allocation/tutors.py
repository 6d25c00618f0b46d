"""结对方案 (全员导师): pupils to teachers of one school, existing pairs kept, loads as even as can be, class teachers first. Deterministic.

What is promised, in this order: as many pupils as capacities allow have a tutor, the more urgent first; the loads, sorted from the largest,
are as small as they can be; as many pupils as possible have the teacher of their own class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pupil:
    """待结对的学生. `own` is the teacher of the pupil's class, "" when unknown; a smaller `rank` is more urgent."""

    key: str
    own: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """一对, and why: kept 原来就是, own 班主任, even 负担均衡."""

    pupil: str
    tutor: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """结对方案. `loads` count the kept pairs too; `without` are pupils for whom no capacity is left, the least urgent."""

    pairs: tuple[Pair, ...]
    without: tuple[str, ...]
    loads: Mapping[str, int]


def propose(
    pupils: Sequence[Pupil], tutors: Sequence[str], kept: Mapping[str, str], *, most: int
) -> Proposal:
    """方案. `kept` {pupil: tutor} stay where the tutor is still there, even above `most` (0: no limit)."""
    loads = dict.fromkeys(sorted(set(tutors)), 0)
    pairs = []
    for pupil, tutor in sorted(kept.items()):
        if tutor in loads:
            loads[tutor] += 1
            pairs.append(Pair(pupil, tutor, "kept"))
    have = {pair.pupil for pair in pairs}
    waiting = sorted((one for one in pupils if one.key not in have), key=lambda one: (one.rank, one.key))
    quota, raised = _level(loads, len(waiting), most)
    room = sum(quota.values()) + raised.count_of
    served, without = waiting[:room], waiting[room:]
    by_own: dict[str, list[Pupil]] = {}
    for one in served:
        by_own.setdefault(one.own, []).append(one)
    # Those who may take one more: first where a pupil of the own class would else go elsewhere.
    able = sorted(raised.tutors, key=lambda name: (len(by_own.get(name, ())) <= quota[name], name))
    for name in able[: raised.count_of]:
        quota[name] += 1
    given: dict[str, Pair] = {}
    for name in loads:
        for one in by_own.get(name, ())[: quota[name]]:
            given[one.key] = Pair(one.key, name, "own")
            quota[name] -= 1
            loads[name] += 1
    free = sorted((loads[name], name) for name in loads if quota[name])
    for one in served:
        if one.key in given:
            continue
        load, name = free.pop(0)
        given[one.key] = Pair(one.key, name, "even")
        loads[name] += 1
        quota[name] -= 1
        if quota[name]:
            _insert(free, (load + 1, name))
    pairs += [given[one.key] for one in served]
    return Proposal(tuple(pairs), tuple(one.key for one in without), loads)


@dataclass(frozen=True, slots=True)
class _Raised:
    """The tutors who stand at the water's level, and how many of them take one more."""

    tutors: tuple[str, ...]
    count_of: int


def _level(loads: Mapping[str, int], waiting: int, most: int) -> tuple[dict[str, int], _Raised]:
    """How many more each tutor takes when water is poured on the lowest first, and who shares what is left over."""
    limit = most or waiting + max(loads.values(), default=0)
    quota = dict.fromkeys(loads, 0)
    if not loads:
        return quota, _Raised((), 0)
    low, high = min(loads.values()), max(limit, min(loads.values()))
    while low < high:
        middle = (low + high + 1) // 2
        if sum(max(0, middle - load) for load in loads.values()) <= waiting:
            low = middle
        else:
            high = middle - 1
    level = min(low, limit)
    for name, load in loads.items():
        quota[name] = max(0, level - load)
    left = waiting - sum(quota.values())
    able = tuple(name for name, load in loads.items() if load <= level < limit)
    return quota, _Raised(able, min(left, len(able)))


def _insert(free: list[tuple[int, str]], one: tuple[int, str]) -> None:
    at = next((at for at, other in enumerate(free) if other > one), len(free))
    free.insert(at, one)
