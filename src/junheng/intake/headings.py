"""标题: which worksheet is which agreed sheet, where its headings stand, and which column is which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from junheng.intake.cells import narrow
from junheng.intake.raw import Cell
from junheng.tables import Column, Sheet

ROW_ID = "行标识"
SEARCHED_ROWS = 25
_UNITS = {
    "㎡": {"m2", "m²", "㎡", "平方米", "平米"},
    "万元": {"万元", "万"},
    "人": {"人", "名", "个"},
    "台": {"台", "台套"},
    "册": {"册", "本"},
    "间": {"间", "个"},
    "公里": {"公里", "千米", "km"},
    "学时": {"学时", "课时", "小时"},
    "节": {"节", "课时"},
    "°": {"°", "度", "十进制度"},
}
_OTHER_UNITS = {
    "元",
    "万元",
    "万",
    "千元",
    "百元",
    "亿元",
    "亩",
    "公顷",
    "米",
    "m",
    "里",
    "百人",
    "千人",
    "万人",
    "km2",
}


def bare_heading(raw: object) -> str:
    """A heading without blanks, line breaks, stars and “必填”, in half width."""
    text = re.sub(r"[\s*※＊:：_]", "", narrow(str(raw)))
    return re.sub(r"[(\[【](必填|选填|必填项|下拉选择|请选择)[)\]】]", "", text).lower()


def split_unit(heading: str) -> tuple[str, str]:
    """(heading, unit in brackets or after a comma at its end, or "")."""
    found = re.fullmatch(r"(.+?)[(\[](?:单位)?([^()\[\]]*)[)\]]", heading) or re.fullmatch(
        r"(.+?)[,、]单位(.+)", heading
    )
    return (found[1], found[2]) if found else (heading, "")


@cache
def _names(sheet: Sheet) -> dict[str, Column]:
    answer: dict[str, Column] = {}
    for column in sheet.columns:
        answer[bare_heading(column.heading)] = column
    for column in sheet.columns:
        for name in (*column.synonyms, column.name):
            answer.setdefault(bare_heading(name), column)
    for name, column in list(answer.items()):
        stem, unit = split_unit(name)
        if unit in _UNITS.get(column.unit, ()):
            answer.setdefault(stem, column)
    return answer


def match(sheet: Sheet, heading: str) -> tuple[Column, str] | None:
    """The column that a bare heading means, and a unit in it that is not the agreed one (else "")."""
    names = _names(sheet)
    if column := names.get(heading):
        return column, ""
    stem, unit = split_unit(heading)
    found = names.get(stem) or names.get(re.sub(r"^(其中|是否|\d+[.、])", "", stem))
    if found is None:
        return None
    if unit in _OTHER_UNITS and unit not in _UNITS.get(found.unit, ()):
        return found, unit
    return found, ""


@dataclass(slots=True)
class Layout:
    """一张工作表的标题: where each agreed column stands. Rows and columns count from 0."""

    sheet: Sheet
    first_row: int  # of the data
    heading_row: int
    columns: dict[str, int] = field(default_factory=dict)
    row_id: int | None = None
    unknown: list[tuple[int, str]] = field(default_factory=list)
    repeated: list[tuple[int, Column]] = field(default_factory=list)
    wrong_unit: list[tuple[int, Column, str, str]] = field(default_factory=list)
    headings: int = 0

    @property
    def fit(self) -> float:
        """How well the headings fit: the matched ones, and their share."""
        return len(self.columns) + len(self.columns) / max(self.headings, 1)

    @property
    def sure(self) -> bool:
        """Enough of the sheet's own headings to take it for this sheet without its name."""
        needed = [column.name for column in self.sheet.columns if column.name in self.sheet.key]
        has_key = any(name in self.columns for name in needed)
        return (
            has_key
            and len(self.columns) >= min(3, len(self.sheet.columns))
            and (len(self.columns) * 2 >= self.headings)
        )


def find_layout(sheet: Sheet, head: Sequence[Sequence[Cell]]) -> Layout | None:
    """The headings of a sheet among the first rows: one row, or two where the lower one divides the upper."""
    best: Layout | None = None
    for number, row in enumerate(head[:SEARCHED_ROWS]):
        texts = [bare_heading(cell) if isinstance(cell, str) else "" for cell in row]
        if not any(texts):
            continue
        layout = _layout(sheet, texts, row, number, number + 1)
        if best is None or layout.fit > best.fit:
            best = layout
        if number + 1 < len(head) and layout.columns:
            lower = _two_rows(texts, head[number + 1])
            both = _layout(sheet, lower, lower, number, number + 2)
            if len(both.columns) > len(layout.columns) and both.fit > best.fit:
                best = both
    return best if best and best.columns else None


def _two_rows(upper: list[str], below: Sequence[Cell]) -> list[str]:
    """Each column's lower heading, or the upper one where the lower is blank."""
    lower = [bare_heading(cell) if isinstance(cell, str) else "" for cell in below]
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    return [under or over for over, under in zip(upper, lower, strict=True)]


def _layout(
    sheet: Sheet, texts: Sequence[str], written: Sequence[Cell], heading_row: int, first_row: int
) -> Layout:
    layout = Layout(sheet, first_row, heading_row)
    for place, text in enumerate(texts):
        if not text:
            continue
        if text == ROW_ID:
            layout.row_id = place
            continue
        layout.headings += 1
        found = match(sheet, text)
        if found is None:
            layout.unknown.append((place, str(written[place]).strip()))
        elif found[1]:
            layout.wrong_unit.append((place, found[0], str(written[place]).strip(), found[1]))
        elif found[0].name in layout.columns:
            layout.repeated.append((place, found[0]))
        else:
            layout.columns[found[0].name] = place
    return layout


def named(sheet: Sheet, tab: str) -> int:
    """2 when the worksheet's name is the sheet's, 1 when it contains it, else 0."""
    name = bare_heading(tab)
    own = {bare_heading(word) for word in (sheet.title, sheet.name, *sheet.synonyms)}
    if name in own:
        return 2
    return 1 if any(word in name for word in own) else 0
