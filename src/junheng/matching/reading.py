"""读取名册: a register as another office keeps it (.csv, .xlsx, .xls) → columns of texts and every problem found.

The headings may be the office's own words, in any order, below a title, on several worksheets. Nothing is corrected here: a
damaged number is what matching is for.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from junheng.intake.cells import quoted
from junheng.intake.model import Problem
from junheng.intake.other_rows import kind_of_row
from junheng.intake.raw import open_tabs
from junheng.intake.safety import MAX_FILE, Refused
from junheng.matching.addresses import with_places
from junheng.matching.cells import Cells
from junheng.matching.large import Plain, Unreadable, plain_csv, read_plain
from junheng.matching.registers import HEADINGS, Texts
from junheng.matching.roster import read_roster
from junheng.matching.sheet import MERGED, ROLL, SHEET

__all__ = ["SHEET", "Roll", "read_roll"]

LARGE: Final = 1 << 19  # bytes from which a plain CSV is read without becoming strings


@dataclass(slots=True)
class Roll:
    """一份名册的原样: `columns` are those of HEADINGS that the file has, equally long; `lines` names each row (行号, or Excel's row).

    `places` says on which worksheet and in which row each stands; empty for a large CSV, which has its headings in the first row.
    """

    file: str
    columns: dict[str, Texts] = field(default_factory=dict)
    lines: Sequence[str | None] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)


def read_roll(path: Path) -> Roll:
    """A register → its columns. OSError when the file cannot be read; what is wrong inside it is listed, never raised."""
    name = path.name
    roll = Roll(name)
    try:
        if (
            path.stat().st_size <= LARGE
            or not (plain := plain_csv(path))
            or not _read_large(path, plain, roll)
        ):
            _read_tabs(name, path, roll)
    except Refused as refused:
        roll.problems.append(Problem("", 0, "", "", str(refused), "error", refused.code, file=name))
        return roll
    if not roll.lines and not roll.problems:
        message = "没有数据行；请核对是否选对了文件和工作表"
        roll.problems.append(Problem("", 0, "", "", message, "error", "no_rows", file=name))
    _check_lines(roll)
    return roll


def _read_tabs(name: str, path: Path, roll: Roll) -> None:
    if path.stat().st_size > MAX_FILE:
        raise Refused(
            "too_large", f"文件超过 {MAX_FILE >> 20} MB；请另存为 CSV（逗号分隔，第一行是标题）后再试"
        )
    roster = read_roster(ROLL, open_tabs(name, path.read_bytes()))
    roll.notes += [f"{name}：{note}" for note in roster.notes if not note.startswith("没有用到的列")]
    for sentence in roster.problems:
        roll.problems.append(Problem("", 0, "姓名", "", sentence, "error", "no_headings", file=name))
    if roster.problems:
        return
    several = len({part.tab for part in roster.parts}) > 1
    lines: list[str] = []
    present = {column for part in roster.parts for column in part.columns.places} | {
        column for part in roster.parts for entry in part.entries for column in entry.texts
    }
    raw: dict[str, list[str | None]] = {column: [] for column in ROLL.by_name if column in present}
    for part in roster.parts:
        roll.unread += part.columns.unread
        for entry in part.entries:
            for column, values in raw.items():
                values.append(entry.texts.get(column) or None)
            line = entry.texts.get("line", "")
            roll.places.append((part.tab if several else "", entry.row))
            lines.append(
                line.removesuffix(".0")
                or (f"{part.tab}!{part.where(entry)}" if several else part.where(entry))
            )
    roll.lines, roll.columns = lines, _merged(raw, len(lines))
    if "line" not in present and lines:
        roll.lines = _numbered(lines)
        roll.notes.insert(0, f"{name}：没有“行号”列，用 Excel 的行号代替")


def _numbered(lines: Sequence[str]) -> list[str]:
    """Excel's rows; where one row is several people they are told apart: 5（1）, 5（2）."""
    count, seen = Counter(lines), Counter[str]()
    answer = []
    for line in lines:
        seen[line] += 1
        answer.append(f"{line}（{seen[line]}）" if count[line] > 1 else line)
    return answer


def _is_person(cells: Mapping[str, Sequence[str | None]], at: int) -> bool:
    """Not a blank row, a total, a note below the table, or the headings repeated on each page."""
    name, number = cells["name"][at] or "", cells.get("id")
    if name and number and number[at] and name != "姓名":
        return True
    texts = [text for values in cells.values() if (text := values[at])]
    if not texts or "".join(name.split()) == "姓名":
        return False
    return not kind_of_row(texts, title=name, filled=len(texts))


def _merged(raw: Mapping[str, Texts], size: int) -> dict[str, Texts]:
    """Father, mother and head of household are guardians all the same; a home in one cell is three places."""
    raw = with_places(raw)
    columns = {name: raw[name] for name in HEADINGS if name in raw and name not in MERGED}
    for name, parts in MERGED.items():
        there = [raw[part] for part in parts if part in raw]
        if len(there) == 1:
            columns[name] = there[0]
        elif there:
            columns[name] = [
                "；".join(cell for cell in cells if cell) or None for cells in zip(*there, strict=True)
            ]
    columns.pop("line", None)
    return columns if all(len(values) == size for values in columns.values()) else {}


def _read_large(path: Path, plain: Plain, roll: Roll) -> bool:
    """A CSV of a region; False when only the patient reader can say what is wrong with it."""
    try:
        raw = read_plain(path, plain)
    except Unreadable:
        return False
    named = raw["name"].size > 0
    numbered = raw["id"].size > 0 if "id" in raw else np.zeros(len(named), np.bool_)
    # Every row that could be anything but a person is looked at singly.
    doubtful = np.flatnonzero(~(named & numbered) | raw["name"].equal("姓名"))
    there = {name: column.rows(doubtful).texts() for name, column in raw.items()}
    kept = np.ones(len(named), np.bool_)
    kept[doubtful] = [_is_person(there, at) for at in range(len(doubtful))]
    if not kept.all():
        raw = {name: column.rows(np.flatnonzero(kept)) for name, column in raw.items()}
    roll.lines = raw.pop("line")
    roll.columns = _merged(raw, len(roll.lines))
    return True


def _check_lines(roll: Roll) -> None:
    """行号 must tell the rows apart; a row without a name can only be found by its number."""
    if not (isinstance(roll.lines, Cells) and roll.lines.all_different()) and len(set(roll.lines)) < len(
        roll.lines
    ):
        seen: dict[str, int] = {}
        repeated = []
        for row, line in enumerate(text or "" for text in roll.lines):
            if line in seen:
                repeated.append((line, row))
            seen.setdefault(line, row)
        for line, row in repeated[:20]:
            (tab, number), (first_tab, first) = (
                roll.places[at] if roll.places else ("", at + 2) for at in (row, seen[line])
            )
            where = f"工作表“{first_tab}”" if first_tab != tab else ""
            what = (
                f"行号{quoted(line)}与{where}第{first}行重复，结果分不清是哪一行，请改成各不相同"
                if line
                else "没有行号，请填写"
            )
            roll.problems.append(
                Problem(
                    f"{roll.file} {tab}" if tab else "",
                    number,
                    "行号",
                    line,
                    what,
                    "error",
                    "repeated_line",
                    file=roll.file,
                    tab=tab,
                )
            )
        if len(repeated) > 20:
            message = f"另有 {len(repeated) - 20} 行的行号重复或空缺，请一并改正"
            roll.problems.append(
                Problem("", 0, "行号", "", message, "error", "repeated_line", file=roll.file)
            )
    names = roll.columns.get("name", ())
    empty = int((names.size == 0).sum()) if isinstance(names, Cells) else sum(not name for name in names)
    if empty:
        roll.notes.append(f"{roll.file}：{empty} 行没有姓名，只能凭证件号码和监护人查找，不会自动匹配")
