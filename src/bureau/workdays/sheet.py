"""工作日历的 Excel: special days written out, and read back with every problem at once."""

from collections.abc import Iterable
from datetime import date

from junheng.documents.sheets import book
from junheng.intake.cells import Flaw, clean
from junheng.intake.dates import to_date
from junheng.intake.raw import Cell, open_tabs
from junheng.intake.safety import Refused
from junheng.tables.model import Column

HEADINGS = ("日期", "上班或休息", "名称", "依据")
WIDTHS = (13, 12, 24, 40)
WORDS = {"上班": True, "休息": False}
DAY = Column("day", "日期", "date", meaning="", example="2026-10-01")
Row = tuple[date, bool, str, str]


def write_days(year: int, rows: Iterable[Row]) -> bytes:
    """特殊日 of a year as a workbook."""
    with book() as made:
        lines = [
            [f"{day:%Y-%m-%d}", "上班" if works else "休息", name, source]
            for day, works, name, source in rows
        ]
        sheet = made.table(f"{year}年", HEADINGS, lines, WIDTHS)
        sheet.data_validation(1, 1, 200, 1, {"validate": "list", "source": list(WORDS)})
    return made.content


def read_days(content: bytes, name: str) -> tuple[list[Row], list[str]]:
    """Rows that could be read, and every problem with its row as Excel numbers it. Only what differs is wanted."""
    try:
        tabs = [tab for tab in open_tabs(name, content) if not tab.hidden and tab.height]
        cells = [list(row) for row in tabs[0].rows()] if tabs else []
    except Refused as refused:
        return [], [str(refused)]
    head = next((n for n, row in enumerate(cells[:10]) if HEADINGS[0] in map(_text, row)), None)
    if head is None:
        return [], [f"没有找到标题“{HEADINGS[0]}”，请用从工作日历下载的表填写后上传"]
    places = {_text(cell): n for n, cell in enumerate(cells[head])}
    missing = [heading for heading in HEADINGS if heading not in places]
    if missing:
        return [], [f"缺少列：{'、'.join(missing)}"]
    rows: list[Row] = []
    problems: list[str] = []
    seen: dict[date, int] = {}
    for number, row in enumerate(cells[head + 1 :], head + 2):
        values = [row[places[heading]] if places[heading] < len(row) else "" for heading in HEADINGS]
        if not any(_text(value) for value in values):
            continue
        day = to_date(DAY, values[0])
        works = WORDS.get(_text(values[1]))
        if isinstance(day, Flaw) or not isinstance(day, date):
            problems.append(f"第{number}行“日期”：{day.message if isinstance(day, Flaw) else '不是日期'}")
        elif day in seen:
            problems.append(f"第{number}行“日期”：{day}与第{seen[day]}行重复，请删去一行")
        if works is None:
            problems.append(f"第{number}行“上班或休息”：“{_text(values[1])}”应为“上班”或“休息”")
        if isinstance(day, date) and works is not None and day not in seen:
            seen[day] = number
            rows.append((day, works, _text(values[2])[:40], _text(values[3])[:200]))
    return rows, problems


def _text(cell: Cell) -> str:
    return clean(cell)
