"""哪一列读作什么: which column of a register is read as what, and where several people stand side by side in one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Final

from junheng.intake.headings import bare_heading
from junheng.intake.raw import Cell
from junheng.matching.heading_rows import Head, Heads
from junheng.matching.roster_owners import GENERATION, GUESS, birth_years, by_rank, full_heading, owners_of
from junheng.matching.whose import CHILD, FATHER, GUARDIAN, KEPT_AS, MOTHER, OTHER

_SEEN: Final = 400  # rows looked at
NOT_READ: Final = "-"
JOINED: Final = frozenset(("guardians", "guardian_ids", "phone", "father", "mother", "head", "father_id", "mother_id", "head_id"))  # fmt: skip
_KIN: Final = frozenset((GUARDIAN, FATHER, MOTHER))
_HOUSE: Final = frozenset(("phone", "address", "county", "township", "village"))
_OWN: Final = frozenset(("id", "card", "sex", "born", "relation"))
HOMES: Final = frozenset(("序号", "编号", "户编号", "户号", "户序号", "家庭编号", "户口编号", "家庭户编号", "户数", "户序", "no", "no."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """一列读作什么: `name` is a column of the sheet or "" for one that is not read; `why` what was assumed, "" where the heading says it."""

    place: int
    heading: str
    name: str
    why: str = ""


@dataclass(slots=True)
class Columns:
    """各列读作什么. `places` lists the places of each name: several are joined, or the first that is filled counts."""

    taken: list[Taken] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    home: int | None = (
        None  # the column whose value, or blank, says that a row belongs to the household above
    )
    repeated: list[Taken] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    wrong_unit: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # heading, unit, heading of the column
    assumed: list[str] = field(default_factory=list)

    @property
    def guessed(self) -> bool:
        """Whether neither headings nor numbers said whose a column is."""
        return any(GUESS in sentence for sentence in self.assumed)

    @property
    def joined(self) -> frozenset[str]:
        """Names whose cells are put together."""
        return JOINED


def choose_columns(
    heads: Heads,
    rows: Sequence[Sequence[Cell]],
    chosen: Mapping[int, str] | None = None,
    *,
    day_year: int = 0,
) -> list[Columns]:
    """What each column is read as; several where the page is printed in columns side by side. `chosen` is a person's choice, by place.

    `rows` are those below the headings; `day_year` the year of the register, 0 when it is not known.
    """
    sample = rows[:_SEEN]
    known = [head for head in heads.columns if head.told.what]
    years = {
        head.place: birth_years(sample, head.place) for head in known if head.told.what in ("id", "card")
    }
    parts = (
        [heads.columns]
        if chosen
        else _one_after_another(heads.columns) or _side_by_side(heads.columns, years)
    )
    answer = []
    for found in parts:
        part = by_rank(found)
        columns = Columns()
        owners = owners_of(part, years, sample, columns.assumed, day_year)
        _take(part, owners, columns, chosen or {})
        if chosen:
            columns.assumed = ["各列按人工改选读取"]
        answer.append(columns)
    return answer


def _one_after_another(heads: Sequence[Head]) -> list[list[Head]]:
    """成员1姓名, 成员1身份证号, 成员2姓名, …: a household in one row; each member with what stands for the whole home. [] for any other list."""
    told: dict[int, str] = {}
    behind = ""
    for head in heads:
        if head.told.what == "name":
            behind = head.counted
        if number := head.counted or (behind if head.told.what in _OWN and not head.who else ""):
            told[head.place] = number
    numbers = list(dict.fromkeys(told.values()))
    if len(numbers) < 2 or not any(h.told.what == "name" and h.who == CHILD for h in heads if h.place in told):  # fmt: skip
        return []
    return [[head for head in heads if told.get(head.place, number) == number] for number in numbers]


def _side_by_side(heads: Sequence[Head], years: Mapping[int, list[int]]) -> list[list[Head]]:
    """The same headings again to the right are more lines of the list, unless groups or the ages in the numbers tell two sorts of people."""
    texts = [bare_heading(head.written) for head in heads]
    for count in (2, 3, 4):
        size = len(texts) // count
        if size < 2 or size * count != len(texts) or texts != texts[:size] * count:
            continue
        parts = [list(heads[at * size : (at + 1) * size]) for at in range(count)]
        if any(len({head.who for head in same}) > 1 for same in zip(*parts, strict=True)):
            return [list(heads)]
        numbered = [median(found) for part in parts if (found := [y for h in part for y in years.get(h.place, ())])]  # fmt: skip
        named = sum(head.told.what == "name" and head.who in ("", CHILD) for head in parts[0]) == 1
        if named and (not numbered or max(numbered) - min(numbered) <= GENERATION):
            return parts
    return [list(heads)]


def _take(
    heads: Sequence[Head], owner: Mapping[int, str], columns: Columns, chosen: Mapping[int, str]
) -> None:
    """Each column under its name; a person's choice goes before everything."""
    for head in heads:
        name = chosen.get(head.place)
        bare = bare_heading(head.written)
        if columns.home is None and bare in HOMES:
            columns.home = head.place
        if name is None:
            if head.told.unit and head.told.column:
                columns.wrong_unit.append((head.written, head.told.unit, head.told.column.heading))
                name = NOT_READ
            else:
                name = _name(head, owner.get(head.place, head.who))
        taken = Taken(head.place, full_heading(head), "" if name in (None, NOT_READ) else str(name))
        if not taken.name:
            if not head.told.unit:
                columns.unread.append(taken.heading)
        elif (
            taken.name in columns.places
            and taken.name not in JOINED
            and not _card_beside(head, heads, columns)
        ):
            columns.repeated.append(taken)
            taken = replace(taken, name="")
        else:
            columns.places.setdefault(taken.name, []).append(head.place)
        columns.taken.append(taken)
    # The card says the number too, but only where there is no number.
    cards = [
        head.place
        for head in heads
        if head.told.what == "card" and head.place in columns.places.get("id", ())
    ]
    columns.places["id"] = [p for p in columns.places.get("id", []) if p not in cards] + cards
    if not columns.places["id"]:
        del columns.places["id"]


def _card_beside(head: Head, heads: Sequence[Head], columns: Columns) -> bool:
    """Whether one of the two columns of numbers is that of the card."""
    before = [one for one in heads if one.place in columns.places.get("id", ())]
    return any(one.told.what == "card" for one in (head, *before)) and len(before) == 1


def _name(head: Head, who: str) -> str:
    """The column of the sheet that this one is."""
    what = "id" if head.told.what == "card" else head.told.what
    if not what or who == OTHER:
        return ""
    if what in ("name", "id"):
        return KEPT_AS.get((who or CHILD, what), "")
    if what in ("sex", "born") and who not in ("", CHILD):
        return ""
    # 父亲信息 › 状态 says nothing of the child; what stands with the head of household holds for the home.
    return "" if what not in _HOUSE and head.who in _KIN else what
