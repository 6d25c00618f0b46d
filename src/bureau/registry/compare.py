"""三方比对: what the file would change in a register. Pure: rows in, differences out; nothing is written here.

Three versions of a row may differ: what the clerk saw when she downloaded it (base), what her file says (mine) and what
the register says now (theirs). Without a row mark in the file the base is what the register says now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count
from operator import ne
from typing import NamedTuple

Values = tuple[object, ...]


class Change(NamedTuple):
    """One field: its column's position, what the clerk saw, what her file says, what the register says now."""

    column: int
    before: object
    after: object
    now: object

    @property
    def contested(self) -> bool:
        """Whether somebody else changed the field meanwhile."""
        return self.now != self.before


@dataclass(frozen=True, slots=True)
class Difference:
    """One row's difference, with the fields the file changes."""

    kind: str  # new | changed | missing | conflict | unchanged
    index: int | None  # position in the file
    key: str
    current: int | None  # id of the register row in force
    fields: tuple[Change, ...] = ()


def three_way(base: Values, mine: Values, theirs: Values) -> tuple[Change, ...]:
    """The fields that the file changes; what only others changed stays as they left it."""
    if base is theirs:
        # Seventy thousand rows of forty fields: comparing them is left to C.
        unlike = compress(count(), map(ne, mine, theirs))
        return tuple([Change(column, theirs[column], mine[column], theirs[column]) for column in unlike])
    return tuple(
        Change(column, was, new, now)
        for column, (was, new, now) in enumerate(zip(base, mine, theirs, strict=True))
        if new not in (was, now)
    )


def differences(
    keys: Sequence[str],
    mine: Sequence[Values],
    current: Iterable[tuple[int, str, Values]],
    *,
    bases: Mapping[int, Values],
    skip: frozenset[int] = frozenset(),
    complete: bool = False,
) -> Iterator[Difference]:
    """比对一张表. Yields unchanged rows too, so that counts add up; rows at positions in `skip` are left out.

    `current` streams (id, key, values) of the register on the day; `bases` holds, by position in the file, the values
    the clerk saw where they are not the current ones. With `complete`, register rows the file lacks are `missing`.
    """
    positions = {key: index for index, key in enumerate(keys) if index not in skip}
    for identity, key, theirs in current:
        index = positions.pop(key, None)
        if index is None:
            if complete:
                yield Difference("missing", None, key, identity)
            continue
        if mine[index] == theirs:
            yield Difference("unchanged", index, key, identity)
            continue
        fields = three_way(bases.get(index, theirs), mine[index], theirs)
        contested = any(change.contested for change in fields)
        yield Difference(
            "conflict" if contested else "changed" if fields else "unchanged", index, key, identity, fields
        )
    for key, index in positions.items():
        yield Difference("new", index, key, None)
