"""名册覆盖范围: for which children a register can say 否, and which version speaks for a child where several are in force. Pure.

A register of three townships that is silent about a child of a fourth says nothing of it. A newer register takes the place of an older one
only where it covers what the older one covers.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

COUNTY, TOWNSHIPS, SCHOOLS = "county", "townships", "schools"
_FEW, _MOST, _LINES = 0.5, 0.98, 50


class Place(NamedTuple):
    """Where a child lives and studies: the code of the home township and of the school, "" where not known."""

    township: str
    school: str


NOWHERE = Place("", "")


class Register(Protocol):
    """What of a register the coverage is read from."""

    coverage: str
    places: list[str]


R = TypeVar("R", bound=Register)


@dataclass(frozen=True, slots=True)
class Coverage:
    """全县, 部分乡镇 or 部分学校, with the codes of the places."""

    kind: str
    places: frozenset[str]

    def covers(self, place: Place) -> bool:
        """Whether the register speaks of children of this place; never of one whose place is not known, unless of all."""
        if self.kind == COUNTY:
            return True
        return (place.township if self.kind == TOWNSHIPS else place.school) in self.places

    def includes(self, other: "Coverage") -> bool:
        """Whether everything that the other covers is covered here."""
        return self.kind == COUNTY or (self.kind == other.kind and self.places >= other.places)


def coverage_of(register: Register) -> Coverage:
    """The coverage as stated with the upload."""
    return Coverage(register.coverage, frozenset(register.places))


def standing(newest_first: Iterable[R]) -> list[R]:
    """The versions of one source that still say something: those that no newer one covers wholly."""
    kept: list[R] = []
    for register in newest_first:
        own = coverage_of(register)
        if not any(coverage_of(newer).includes(own) for newer in kept):
            kept.append(register)
    return kept


def why_narrow(kind: str, townships: Sequence[str], known: Sequence[str]) -> str:
    """A warning where “全县” was chosen and the lines come from few townships; "" otherwise.

    `townships` is the code of each line of a child that names one; `known` are all townships of the county.
    """
    if kind != COUNTY or len(known) < 2 or len(townships) < _LINES:
        return ""
    counts = Counter(townships)
    main = 0
    reached = 0
    for _code, n in counts.most_common():
        main += 1
        reached += n
        if reached >= _MOST * len(townships):
            break
    if main > _FEW * len(known):
        return ""
    return (
        f"范围选的是“全县”，可是几乎所有的行只来自 {main} 个乡镇（全县 {len(known)} 个）；如果名册只覆盖这些乡镇，"
        "请改选“部分乡镇”，否则其他乡镇的学生会被当作“不在册”"
    )
