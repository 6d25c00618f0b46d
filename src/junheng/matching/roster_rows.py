"""哪些行是人: the rows of a register below its headings → one entry for each person; subtotals, notes, signatures and examples are told apart and counted."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from junheng.intake.cells import clean, error_cell, shown
from junheng.intake.headings import bare_heading
from junheng.intake.other_rows import is_example, kind_of_row
from junheng.intake.raw import Cell
from junheng.matching.heading_rows import Heads, Merge
from junheng.matching.roster_columns import Columns

_OWN: Final = frozenset(
    ("name", "id", "born", "sex", "relation", "enrolment", "remarks")
)  # never taken from the row above
_KIN: Final = (
    ("head", "head_id"),
    ("guardians", "guardian_ids"),
    ("father", "father_id"),
    ("mother", "mother_id"),
)
_AREA = re.compile(r".*(村|镇|乡|社区|街道|组|队|居委会|县|区|局|户|人|表|册)[)）]?")
_NAME_AND_NUMBER = re.compile(r"([\u4e00-\u9fff·•・]{2,}?)[\s:：,，(（]*([1-9]\d{16}[\dXx])[)）]?")
_CARD: Final = 17  # characters from which a cell may hold a name and a number
_EXAMPLE_STARTS: Final = frozenset("(（【[示样例填举必选文字")
_SEVERAL = re.compile(r"[、,，;；/\n]+")
_HANZI = re.compile(r"[\u4e00-\u9fff·•・．.]{2,}")


@dataclass(slots=True)
class Entry:
    """一个人: Excel's row, the texts under the names of columns, and what a formula left in place of a value."""

    row: int
    texts: dict[str, str]
    wrong: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Skipped:
    """没有当作人的行: Excel's rows by sort; blank rows are none."""

    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    parted: list[int] = field(default_factory=list)  # rows of which one cell names several people


class People:
    """Reads the rows of one part of a worksheet."""

    def __init__(self, heads: Heads, columns: Columns, rows: Sequence[Sequence[Cell]], merges: Sequence[Merge]) -> None:  # fmt: skip
        self.rows, self.below, self.columns = rows, heads.below, columns
        self.above = {tuple(_bare(row)) for row in rows[: heads.below]}
        self.filled = _filled_down(columns, rows, merges, heads.below)
        self.names = {
            "姓名",
            *(bare_heading(head.written) for head in heads.columns if head.told.what == "name"),
        }
        # Nearly every column stands once.
        self.single = [(name, places[0]) for name, places in columns.places.items() if len(places) == 1]
        self.several = [(name, places) for name, places in columns.places.items() if len(places) > 1]
        self.before: dict[str, str] = {}
        self.home = ""

    def read(self, skipped: Skipped) -> Iterator[Entry]:
        """Every person in order."""
        for at in range(self.below, len(self.rows)):
            row = self.rows[at]
            if row.count("") == len(row):
                continue
            entry = self._entry(at, row)
            if kind := self._kind(entry, row):
                if kind != "blank":
                    skipped.rows[kind].append(at + 1)
                continue
            self._at_home(entry, row)
            if not _SEVERAL.search(entry.texts.get("name", "")):
                yield entry
                continue
            people = _each(entry)
            if len(people) > 1:
                skipped.parted.append(entry.row)
            yield from people

    def _entry(self, at: int, row: Sequence[Cell]) -> Entry:
        entry = Entry(at + 1, {})
        texts, width = entry.texts, len(row)
        for name, place in self.single:
            cell = row[place] if place < width else ""
            # Nearly every cell is plain text or blank.
            text = (
                cell.strip()
                if isinstance(cell, str) and cell.isalnum()
                else _text(cell)
                if cell != ""
                else ""
            )
            if text[:1] == "#" or not text:
                text = self._at(at, place, row, entry, name)
            if text:
                texts[name] = text
        for name, places in self.several:
            found = [self._at(at, place, row, entry, name) for place in places]
            if found := [text for text in dict.fromkeys(found) if text]:
                # The number, or where it is no number the card that holds it.
                first = next((text for text in found if _long(text)), found[0]) if name == "id" else found[0]
                texts[name] = "；".join(found) if name in self.columns.joined else first
        if len(name := texts.get("name", "")) > _CARD and (both := _NAME_AND_NUMBER.fullmatch(name)):
            texts["name"] = both[1].strip()
            texts.setdefault("id", both[2])
        return entry

    def _at(self, at: int, place: int, row: Sequence[Cell], entry: Entry, name: str) -> str:
        text = _text(row[place]) if place < len(row) else ""
        if text[:1] == "#" and (flaw := error_cell(text)):
            entry.wrong.append((name, flaw.message))
            return ""
        return text or self.filled.get((at, place), "")

    def _kind(self, entry: Entry, row: Sequence[Cell]) -> str:
        """Why a row is nobody; "" for a person, blank where the form goes on without one."""
        texts = entry.texts
        name, number = texts.get("name", ""), texts.get("id", "")
        if name and _long(number) and not (name[0] in _EXAMPLE_STARTS and is_example(name)):
            return ""
        cells = [text for cell in row if (text := _text(cell))]
        if tuple(_bare(row)) in self.above or bare_heading(name) in self.names:
            return "heading"
        if _long(number):
            return "example" if any(map(is_example, cells[:4])) else ""
        kind = kind_of_row(
            cells, title=name, filled=sum(bool(self._own(key, row)) for key in self.columns.places)
        )
        if kind == "numbers":
            return "example" if name and number else "blank"
        if kind:
            return kind
        if not any(sign.isalpha() for sign in name) and not any(sign.isdigit() for sign in number):
            known = [key for key in ("born", "guardians", "head", "father", "mother", "enrolment") if self._own(key, row)]  # fmt: skip
            lost = any(one in ("name", "id") for one, _ in entry.wrong) and len(cells) > 1
            if not name and (len(known) > 1 or (known and "born" in known) or lost):
                return ""
            return "area" if len(cells) == 1 and not cells[0].isdecimal() else "empty" if known else "blank"
        if name and not number and len(cells) == 1 and len(self.columns.places) > 1 and (_AREA.fullmatch(name) or len(name) > 6):  # fmt: skip
            return "area"
        return ""

    def _own(self, name: str, row: Sequence[Cell]) -> str:
        """What the row itself says, not the merged cell above."""
        return next((text for place in self.columns.places.get(name, ()) if place < len(row) and (text := _text(row[place]))), "")  # fmt: skip

    def _at_home(self, entry: Entry, row: Sequence[Cell]) -> None:
        """户主 written once for the household: the lines below, with the household's number blank or the same, are of that home."""
        home = self.columns.home
        if home is None:
            return
        mark = _text(row[home]) if home < len(row) else ""
        texts = entry.texts
        same = bool(self.before) and (not mark or (mark == self.home and bool(mark)))
        if same and texts.get("relation", "").strip() not in ("户主", "本人"):
            for pair in _KIN if not mark or "head" in self.columns.places else ():
                if not any(texts.get(name) for name in pair):
                    texts |= {name: self.before[name] for name in pair if name in self.before}
        if not same:
            self.before = {name: texts[name] for pair in _KIN for name in pair if name in texts}
            self.home = mark or self.home
        if (
            texts.get("relation", "").strip() == "户主"
            and "head" not in self.columns.places
            and texts.get("name")
        ):
            self.before = {"head": texts["name"]} | ({"head_id": texts["id"]} if texts.get("id") else {})
        elif same and self.before.get("head") and "head" not in self.columns.places:
            texts.setdefault("head", self.before["head"])
            if "head_id" in self.before:
                texts.setdefault("head_id", self.before["head_id"])


def _filled_down(
    columns: Columns, rows: Sequence[Sequence[Cell]], merges: Sequence[Merge], below: int
) -> Mapping[tuple[int, int], str]:
    """{(row, place): text} of the cells merged with one above."""
    wanted = {place for name, places in columns.places.items() if name not in _OWN for place in places}
    answer: dict[tuple[int, int], str] = {}
    for (top, left), (bottom, _right) in merges:
        inside = bottom > top >= below and left in wanted and top < len(rows) and left < len(rows[top])
        if inside and (text := _text(rows[top][left])):
            answer |= {(row, left): text for row in range(top + 1, min(bottom + 1, len(rows)))}
    return answer


def _each(entry: Entry) -> list[Entry]:
    """Several names in one cell with as many numbers are as many people; otherwise the line says that somebody must part them."""
    names = [part.strip() for part in _SEVERAL.split(entry.texts["name"]) if part.strip()]
    numbers = [part.strip() for part in _SEVERAL.split(entry.texts.get("id", "")) if part.strip()]
    if len(names) < 2 or not all(_HANZI.fullmatch("".join(part.split())) for part in names):
        return [entry]
    if len(numbers) == len(names):
        return [
            Entry(entry.row, entry.texts | {"name": one, "id": number}, list(entry.wrong))
            for one, number in zip(names, numbers, strict=True)
        ]
    entry.wrong.append(("name", f"一格里写了 {len(names)} 个人，号码却有 {len(numbers)} 个，分不清谁是谁；请每人一行后重新上传"))  # fmt: skip
    return [entry]


def _long(number: str) -> bool:
    """Something that was meant as an ID number."""
    if len(number) == 18 and number[:17].isdecimal():
        return True
    bare = re.sub(r"[\s'’-]", "", number)
    return len(bare) >= 12 and sum(sign.isdigit() for sign in bare) >= 8


def _text(cell: Cell) -> str:
    return clean(cell) if isinstance(cell, str) else shown(cell).strip()


def _bare(row: Sequence[Cell]) -> list[str]:
    return [text for cell in row if isinstance(cell, str) and (text := bare_heading(cell))]
