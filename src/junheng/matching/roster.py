"""读一份名册: the worksheets of a file as another office gave it → who stands on it, line by line, and what each column was taken for.

One reader for the command line and for the site. Nothing is corrected; what was assumed and what was left out is said in sentences.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from junheng.intake.cells import clean
from junheng.intake.headings import ROW_ID, SEARCHED_ROWS, bare_heading
from junheng.intake.raw import Cell, Tab
from junheng.intake.safety import UNCALCULATED, Refused, column_letter
from junheng.matching.heading_rows import Heads, Merge, find_heads
from junheng.matching.roster_columns import HOMES, JOINED, Columns, choose_columns
from junheng.matching.roster_rows import Entry, People, Skipped
from junheng.matching.whose import HEAD
from junheng.tables import Sheet

Choices = Mapping[str, Mapping[int, str]]  # {worksheet: {place of a column: name of the column, or "-"}}
NUMBERING: Final = HOMES | {ROW_ID, "序", "号"}
_MOSTLY: Final = 0.5
_SHOWN: Final = 8
_WHO: Final = frozenset(("id", "born", "guardians", "head", "father", "mother", "enrolment"))
_ENDED = re.compile("停发|退出|清退|取消|注销|减少|核减|死亡|迁出|不符合|历史|作废")


@dataclass(slots=True)
class Part:
    """一张工作表（或并排的一栏）: its lines and how its columns were understood."""

    tab: str
    heads: Heads
    columns: Columns
    entries: list[Entry] = field(default_factory=list)
    first_column: int = 0
    several: bool = False  # more than one person stands side by side in a row

    def where(self, entry: Entry) -> str:
        """Excel's row, with the column of the name where that alone does not say who."""
        column = column_letter(self.columns.places["name"][0] + self.first_column)
        return f"{entry.row}（{column}列）" if self.several else str(entry.row)

    def heading(self, name: str) -> str:
        """The heading as written of a column that is read; "" when there is none."""
        return next((taken.heading for taken in self.columns.taken if taken.name == name), "")


@dataclass(slots=True)
class Roster:
    """读出来的名册: its parts, sentences about the whole, and what keeps it from being read (empty when it was)."""

    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(
        default_factory=list
    )  # columns of each worksheet, for a person to choose


def read_roster(
    sheet: Sheet, tabs: Iterable[Tab], choices: Choices | None = None, *, day_year: int = 0
) -> Roster:
    """Every line of the worksheets that hold the register. Refused by `open_tabs` only; the rest is said in `problems`."""
    answer = Roster()
    passed: list[tuple[str, Heads | None, list[list[Cell]]]] = []
    hidden: list[str] = []
    unseen = 0
    told: dict[str, tuple[list[Part], Skipped]] = {}
    laid: list[tuple[Tab, Heads, list[Columns]]] = []
    for tab in tabs:
        if tab.hidden:
            hidden.append(tab.name)
            continue
        rows = [list(row) for row in tab.rows()]
        merges = _merges(tab)
        heads = find_heads(sheet, rows, merges)
        chosen = (choices or {}).get(tab.name)
        if heads is None:
            if any(clean(cell) for row in rows for cell in row):
                passed.append((tab.name, None, rows))
            continue
        found = choose_columns(heads, rows[heads.below :], chosen, day_year=day_year)
        laid.append((tab, heads, found))
        named = [columns for columns in found if "name" in columns.places]
        if not named:
            passed.append((tab.name, heads, rows))
            continue
        skipped = Skipped()
        parts = [Part(tab.name, heads, columns, first_column=tab.first_column) for columns in named]
        for part in parts:
            part.entries = list(People(heads, part.columns, rows, merges).read(skipped))
            part.several = len(parts) > 1
        answer.parts += parts
        unseen += len({entry.row for part in parts for entry in part.entries} & tab.hidden_rows)
        told[tab.name] = parts, skipped
    strange, ended = _pass_over(answer, choices or {})
    read = list(dict.fromkeys(part.tab for part in answer.parts))
    for tab, heads, found in laid:
        _note_seen(answer.seen, tab, heads, found, read=tab.name in read)
    said = [note for tab in read for note in _told(f"工作表“{tab}”" if len(told) > 1 else "", *told[tab])]
    answer.notes = list(dict.fromkeys(said))
    if not answer.parts:
        answer.problems += _why_none(passed)
        if hidden and not answer.problems:
            answer.problems.append("工作表都是隐藏的，没有读取；请在 Excel 中取消隐藏后重新上传")
    elif passed:
        names = "、".join(f"“{name}”" for name, _, _ in passed)
        answer.notes.insert(0, f"工作表{names}没有“姓名”列，没有读取")
    if strange:
        names = "、".join(f"“{name}”" for name in strange)
        answer.notes.insert(0, f"工作表{names}有姓名，但没有身份证号、出生日期和监护人，不像名册，没有读取")
    if ended:
        names = "、".join(f"“{name}”" for name in ended)
        answer.notes.insert(
            0,
            f"工作表{names}看名称是停发、退出的人，没有当作在册读取；如果仍在册，请把这张工作表改个名称后重新上传",
        )
    if hidden:
        names = "、".join(f"“{name}”" for name in hidden)
        answer.notes.append(f"隐藏的工作表{names}没有读取；要读取请在 Excel 中取消隐藏后重新上传")
    if unseen:
        answer.notes.append(
            f"有 {unseen} 行在 Excel 中是隐藏的（筛选掉的或隐藏行），也一并读取了；不该算的请删去后重新上传"
        )
    _look_for_formulas(answer)
    return answer


def _merges(tab: Tab) -> list[Merge]:
    """Places counted as in the rows. Merged cells left of the first that holds anything are empty."""
    first = tab.first_column
    return [
        ((top, left - first), (bottom, right - first))
        for (top, left), (bottom, right) in tab.merges()
        if left >= first
    ]


def _note_seen(
    seen: list[dict[str, Any]], tab: Tab, heads: Heads, found: Sequence[Columns], *, read: bool
) -> None:
    """What a page shows of the columns of a worksheet, once for all that are laid out alike; plain data, nothing of any person."""
    columns = {
        taken.place: {
            "place": taken.place, "letter": column_letter(taken.place + tab.first_column), "heading": taken.heading[:60], "name": taken.name,
        }
        for columns in found
        for taken in columns.taken
    }  # fmt: skip
    own = {"read": read, "row": heads.below, "columns": [columns[place] for place in sorted(columns)]}
    same = next((one for one in seen if {key: one[key] for key in own} == own), None)
    if same:
        same["tabs"].append(tab.name)
    else:
        seen.append({"tabs": [tab.name]} | own)


def _pass_over(answer: Roster, choices: Choices) -> tuple[list[str], list[str]]:
    """Takes out worksheets that are no register beside one that is: a dictionary of fields, a list of contacts, and those who are no longer on it."""
    told: dict[str, set[str]] = {}
    for part in answer.parts:
        told.setdefault(part.tab, set()).update(part.columns.places)
    full = any("id" in columns for columns in told.values())
    strange = [tab for tab, columns in told.items() if full and not _WHO & columns and tab not in choices]
    ended = [part.tab for part in answer.parts if _ENDED.search(part.tab) and part.tab not in choices]
    if len(set(ended)) == len(told.keys() - set(strange)):
        ended = []
    answer.parts = [part for part in answer.parts if part.tab not in strange and part.tab not in ended]
    return list(dict.fromkeys(strange)), list(dict.fromkeys(ended))


def _why_none(passed: Sequence[tuple[str, Heads | None, list[list[Cell]]]]) -> list[str]:
    """Why there is no list of children in it, and what to do."""
    for name, heads, rows in passed:
        row = heads.below if heads else _first_texts(rows)
        if not row:
            continue
        where = f"工作表“{name}”第{row}行"
        who = {head.who for head in heads.known if head.told.what == "name"} if heads else set()
        if HEAD in who:
            return [
                f"{where}只有户主的姓名，没有找到“姓名”列（孩子或家庭成员的姓名）；只有户主的名单看不出家里有哪些孩子，请向原单位要家庭成员花名册（每人一行）"
            ]
        written = [head.written for head in heads.columns] if heads else _texts(rows[row - 1])
        if len(written) > 2:
            listed = "、".join(f"“{text[:20]}”" for text in written[:10])
            return [
                f"{where}写的是{listed}，没有找到“姓名”列（孩子的姓名）；请核对是否选错了文件，或把孩子姓名那一列的标题改为“姓名”，没有标题行的请在数据上方补上"
            ]
    return (
        ["没有找到“姓名”列；请在数据上方写好标题行（姓名、身份证号、出生日期、乡镇、监护人姓名……）"]
        if passed
        else []
    )


def _first_texts(rows: Sequence[Sequence[Cell]]) -> int:
    """Excel's number of the first row that could be one of headings; 0 when there is none. What holds long numbers may not be shown."""
    for at, row in enumerate(rows[:SEARCHED_ROWS]):
        texts = _texts(row)
        if len(texts) > 2 and not any(sum(map(str.isdigit, text)) > 4 for text in texts):
            return at + 1
    return 0


def _texts(row: Sequence[Cell]) -> list[str]:
    return [text for cell in row if isinstance(cell, str) and (text := clean(cell))]


def _told(where: str, parts: Sequence[Part], skipped: Skipped) -> list[str]:
    """Sentences about the columns and the rows left out."""
    notes: list[str] = []
    if len(parts) > 1:
        notes.append(f"{where}一行里并排有 {len(parts)} 个人，都读取了")
    columns = parts[0].columns
    notes += [f"{where}{sentence}" for sentence in columns.assumed]
    for heading, unit, meant in columns.wrong_unit:
        notes.append(
            f"标题“{heading}”的单位是“{unit}”，“{meant}”一列不填金额和数量，没有读取；如果就是这一列，请去掉标题里的单位"
        )
    for taken in columns.repeated:
        letter = column_letter(taken.place + parts[0].first_column)
        notes.append(f"标题“{taken.heading}”（{letter} 列）出现了不止一次，只读取了第一列")
    unread = [heading for heading in dict.fromkeys(columns.unread) if bare_heading(heading) not in NUMBERING]
    if unread:
        notes.append("没有用到的列：" + "、".join(f"“{heading}”" for heading in unread[:12]))
    if skipped.parted:
        listed = _listed(skipped.parted)
        notes.append(f"{where}第{listed}行一格里写了几个人，已按姓名和号码的次序分开")
    rows = {kind: f"{where}第{_listed(found)}行" for kind, found in skipped.rows.items()}
    return notes + [_LEFT_OUT[kind](rows[kind]) for kind in _LEFT_OUT if kind in rows]


_LEFT_OUT: Final[dict[str, Callable[[str], str]]] = {
    "total": lambda rows: f"{rows}是小计、合计，没有当作名单上的人",
    "note": lambda rows: f"{rows}是签名、说明，没有当作名单上的人",
    "heading": lambda rows: f"{rows}是重复的标题，没有当作名单上的人",
    "example": lambda rows: f"{rows}是填写示例或栏号，没有当作名单上的人",
    "area": lambda rows: f"{rows}只有村名或一格文字，没有当作名单上的人",
    "empty": lambda rows: f"{rows}没有姓名和证件号码，没有当作名单上的人",
}


def _listed(rows: Sequence[int]) -> str:
    different = sorted(set(rows))
    more = f"等 {len(different)} " if len(different) > _SHOWN else ""
    return "、".join(map(str, different[:_SHOWN])) + more


def _look_for_formulas(answer: Roster) -> None:
    """A column of formulas that were never worked out holds nothing that could be read."""
    for part in answer.parts:
        for name in ("name", "id"):
            lost = sum(
                any(one == name and "公式还没有计算" in said for one, said in entry.wrong)
                for entry in part.entries
            )
            if part.entries and lost > _MOSTLY * len(part.entries):
                answer.problems.append(
                    f"工作表“{part.tab}”的“{part.heading(name)}”一列是公式，文件里没有计算结果（{UNCALCULATED}）；请用 Excel 打开、保存一次再上传"
                )


__all__ = ["JOINED", "Choices", "Part", "Refused", "Roster", "read_roster"]
