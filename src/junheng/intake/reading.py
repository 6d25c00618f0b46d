"""读取文件: the door of the intake: files in, registers and problems out."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from junheng.intake.headings import Layout, find_layout, named
from junheng.intake.model import Reading
from junheng.intake.raw import Cell, Tab, open_tabs
from junheng.intake.report import Report
from junheng.intake.rowchecks import check_rows
from junheng.intake.safety import Refused
from junheng.intake.sheetchecks import check_sheets
from junheng.intake.tabs import Register, head_of, read_tab
from junheng.tables import SHEETS, Sheet

# Worksheets that our own templates and problem lists add.
OWN_TABS = frozenset({"填写示例", "填表说明", "问题清单", "下拉选项"})


def read_files(
    files: Sequence[tuple[str, bytes] | Path],
    sheets: Sequence[Sheet] | None = None,
    *,
    known_schools: Mapping[str, str] | None = None,
    today: date | None = None,
    progress: Callable[[float], None] | None = None,
) -> Reading:
    """读取: every agreed sheet found in the files, and every problem in them.

    `files` are paths, or names with bytes; several may feed the same register. `sheets` limits what is looked for (default:
    all registers). `known_schools` is {school code: name} of schools already registered: then a row may name a school
    that is not in the files. `today` lets dates in the future and ages be judged; without it they are not. `progress`
    is called with a share from 0 to 1. Nothing is raised for bad content: it becomes a problem. OSError when a path
    cannot be read.
    """
    wanted = tuple(SHEETS.values()) if sheets is None else tuple(sheets)
    report = Report()
    registers: dict[str, Register] = {}
    names, digests = [], []
    tell = progress or (lambda share: None)
    for number, file in enumerate(files):
        name, data = (file.name, file.read_bytes()) if isinstance(file, Path) else file
        names.append(name)
        digests.append(hashlib.sha256(data).hexdigest())
        steps = _Steps(tell, 0.8 * number / len(files), 0.8 * (number + 1) / len(files))
        _read_file(name, data, wanted, registers, report, steps)
        tell(steps.end)
    readings = {sheet.name: registers[sheet.name].rows for sheet in wanted if sheet.name in registers}
    registers.clear()
    for number, rows in enumerate(readings.values()):
        check_rows(rows, report, today)
        tell(0.8 + 0.1 * (number + 1) / len(readings))
    check_sheets(readings, known_schools, report)
    for sheet_name, rows in readings.items():
        rows.rejected = frozenset(report.rejected.get(sheet_name, ()))
    tell(1.0)
    sha256 = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    return Reading(readings, report.problems(), sha256, tuple(names))


class _Steps:
    """How far a file is read. How many worksheets follow is not known, so each takes half of what is left."""

    def __init__(self, tell: Callable[[float], None], begin: float, end: float) -> None:
        self.tell, self.begin, self.end = tell, begin, end

    def within(self, share: float) -> None:
        """`share` of the present worksheet is done."""
        self.tell(self.begin + (self.end - self.begin) * share / 2)

    def next(self) -> None:
        """The present worksheet is done."""
        self.begin += (self.end - self.begin) / 2


def _read_file(
    name: str,
    data: bytes,
    wanted: tuple[Sheet, ...],
    registers: dict[str, Register],
    report: Report,
    steps: _Steps,
) -> None:
    recognised = 0
    others: list[str] = []
    try:
        for tab in open_tabs(name, data):
            if tab.name in OWN_TABS:
                continue
            if tab.hidden:
                if any(named(sheet, tab.name) for sheet in wanted):
                    message = f"工作表“{tab.name}”是隐藏的，没有读取；需要时请取消隐藏后重新上传"
                    report.tab(name, tab.name, "", "hidden_tab", message, "warning")
                continue
            head, rows = head_of(tab)
            layout = recognise(tab, head, wanted)
            if layout is None:
                if any(cell != "" for row in head for cell in row):
                    others.append(tab.name)
                continue
            recognised += 1
            if not layout.columns:
                message = "没有找到标题行；请按模板填写，标题与数据之间不要隔行"
                report.tab(name, tab.name, layout.sheet.title, "no_headings", message)
                continue
            register = registers.setdefault(layout.sheet.name, Register(layout.sheet))
            read_tab(register, name, tab, layout, head, rows, report, steps.within)
            steps.next()
    except Refused as refused:
        report.file(name, refused.code, str(refused))
        return
    if recognised:
        for other in others:
            message = f"工作表“{other}”不是约定的表，没有读取"
            report.tab(name, other, "", "unknown_tab", message, "warning")
    elif others:
        titles = "、".join(sheet.title for sheet in wanted)
        found = "、".join(others[:10])
        message = (
            f"没有找到约定的表（{titles}），只看到工作表“{found}”；请核对是否选错文件，标题是否与模板一致"
        )
        report.file(name, "wrong_sheet", message)
    else:
        report.file(name, "empty", "文件里没有内容；请确认选对了文件，填写后重新上传")


def recognise(tab: Tab, head: Sequence[Sequence[Cell]], wanted: Sequence[Sheet]) -> Layout | None:
    """Which agreed sheet a worksheet is: by its name and headings; by its headings alone when they are enough."""
    layouts = {sheet.name: find_layout(sheet, head) for sheet in wanted}
    own = next((sheet for sheet in wanted if named(sheet, tab.name) == 2), None)
    if own and (layout := layouts[own.name]) and layout.sure:
        return layout
    sure = [layout for layout in layouts.values() if layout and layout.sure]
    if sure:
        return max(sure, key=lambda layout: layout.fit + 0.5 * named(layout.sheet, tab.name))
    if own and any(cell != "" for row in head for cell in row):
        return layouts[own.name] or Layout(own, 0, 0)
    return None
