"""带批注的工作簿: the uploaded workbook again, each problem written at its wrong cell, and a list of all of them first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from junheng.documents.fastrows import FastRows
from junheng.documents.pages import Pages, pages, put, tab_name
from junheng.intake import Problem
from junheng.intake.headings import ROW_ID
from junheng.intake.raw import Tab, open_tabs
from junheng.intake.safety import Refused, column_number

PROBLEMS = "问题清单"
MAX_COMMENTS = 10_000  # more make Excel slow to open; the cells are coloured and listed all the same
_TOLD_EVERY = 1_000  # rows between two words of progress
_MAX_LINKS = 60_000  # Excel allows 65,530 in a worksheet


@dataclass(slots=True)
class _Marks:
    """What is wrong in one worksheet: {(row, column) from 0: sentences}, and which of those are errors."""

    messages: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    errors: set[tuple[int, int]] = field(default_factory=set)

    def add(self, problem: Problem) -> None:
        place = (problem.row - 1, column_number(problem.letter) if problem.letter else 0)
        label = "错误" if problem.severity == "error" else "提醒"
        self.messages.setdefault(place, []).append(f"{label}：{problem.message}")
        if problem.severity == "error":
            self.errors.add(place)


def annotated(
    files: Sequence[tuple[str, bytes]],
    problems: Sequence[Problem],
    progress: Callable[[float], None] = lambda share: None,
) -> bytes:
    """带批注的工作簿: one .xlsx of all the files: 问题清单 first, with links to the cells, then each worksheet as uploaded.

    Values are kept, formats are not; formulas come as their results. It can be corrected and uploaded again. A file that could not be
    opened appears in the list only. `progress` is told the share of the rows written, from 0 to 1; what it raises stops the work.
    """
    marks: dict[tuple[str, str], _Marks] = {}
    for problem in problems:
        if problem.row and problem.tab:
            marks.setdefault((problem.file, problem.tab), _Marks()).add(problem)
    taken = {PROBLEMS}
    tabs: list[tuple[str, Tab, _Marks]] = []
    names: dict[tuple[str, str], str] = {}
    with pages() as made:
        listed = made.sheet(PROBLEMS)
        for file, data in files:
            for tab in _tabs(file, data):
                name = tab_name(tab.name, taken)
                names[file, tab.name] = name
                tabs.append((name, tab, marks.get((file, tab.name), _Marks())))
        _write_list(made, listed, problems, names, several=len(files) > 1)
        left = MAX_COMMENTS
        written = _Written(sum(tab.height for _, tab, _ in tabs), progress)
        for name, tab, wrong in tabs:
            left = _write_tab(made, name, tab, wrong, left, written)
    return made.content


def _tabs(file: str, data: bytes) -> list[Tab]:
    try:
        return [tab for tab in open_tabs(file, data) if not tab.hidden and tab.name != PROBLEMS]
    except Refused:
        return []


def _write_list(
    made: Pages,
    tab: Any,
    problems: Sequence[Problem],
    names: dict[tuple[str, str], str],
    *,
    several: bool,
) -> None:
    heading = made.style(bold=True, bg_color="#DDEBF7", border=1, align="center")
    cell = made.style(border=1, text_wrap=True)
    link = made.style(border=1, font_color="#0563C1", underline=1)
    titles = ["程度", "表", "行", "列", "位置", "填写的内容", "问题与处理办法"] + ["文件"] * several
    widths = [6, 14, 8, 20, 10, 26, 70] + [30] * several
    for place, (text, width) in enumerate(zip(titles, widths, strict=True)):
        tab.set_column(place, place, width)
        tab.write_string(0, place, text, heading)
    for line, problem in enumerate(problems, start=1):
        label = "错误" if problem.severity == "error" else "提醒"
        texts: list[object] = [label, problem.sheet or problem.tab, problem.row or None, problem.column]
        texts += [None, problem.found, problem.message] + [problem.file] * several
        for place, value in enumerate(texts):
            if place != 4:
                put(tab, line, place, value, cell)
        name = names.get((problem.file, problem.tab))
        where = problem.cell or (f"A{problem.row}" if problem.row else "")
        if name and where and line <= _MAX_LINKS:
            target = name.replace("'", "''")
            tab.write_url(line, 4, f"internal:'{target}'!{where}", link, where)
        else:
            put(tab, line, 4, where, cell)
    tab.freeze_panes(1, 0)
    tab.autofilter(0, 0, max(len(problems), 1), len(titles) - 1)
    tab.repeat_rows(0)


@dataclass(slots=True)
class _Written:
    """How many of all rows are written."""

    total: int
    progress: Callable[[float], None]
    rows: int = 0

    def one_more(self) -> None:
        self.rows += 1
        if self.rows % _TOLD_EVERY == 0:
            self.progress(min(1.0, self.rows / max(1, self.total)))


def _write_tab(made: Pages, name: str, tab: Tab, wrong: _Marks, comments_left: int, written: _Written) -> int:
    sheet = made.sheet(name)
    text = made.style(num_format="@")
    dated = made.style(num_format="yyyy-mm-dd")
    red = {"bg_color": "#F8CBAD", "border": 1, "border_color": "#C00000"}
    yellow = {"bg_color": "#FFF2CC", "border": 1, "border_color": "#BF9000"}
    places: dict[int, list[int]] = {}
    for row, column in wrong.messages:
        places.setdefault(row, []).append(column)
    hidden = -1
    fast = FastRows(sheet, [text] * 60, dated, tab.first_column)
    for number, cells in enumerate(tab.rows()):
        written.one_more()
        if hidden < 0 and ROW_ID in cells:
            hidden = tab.first_column + list(cells).index(ROW_ID)
        if number not in places:
            fast.write(number, cells)
            continue
        for place, value in enumerate(cells, start=tab.first_column):
            if (number, place) not in wrong.messages and value != "":
                put(sheet, number, place, value, text if isinstance(value, str) else None, dated)
        for place in sorted(places.get(number, ())):
            colour = red if (number, place) in wrong.errors else yellow
            offset = place - tab.first_column
            value = cells[offset] if 0 <= offset < len(cells) else ""
            style = made.style(**colour, **({"num_format": "@"} if isinstance(value, str) else {}))
            put(sheet, number, place, value, style, made.style(num_format="yyyy-mm-dd", **colour))
            if comments_left > 0:
                sentence = "\n".join(wrong.messages[number, place])
                sheet.write_comment(number, place, sentence, {"x_scale": 2.2, "y_scale": 1.2})
                comments_left -= 1
    if hidden >= 0:
        sheet.set_column(hidden, hidden, 8, None, {"hidden": True})
    return comments_left
