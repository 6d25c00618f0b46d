"""个案表格: the cases of a ledger as a workbook, and the same workbook read again; the hidden first columns say which case and revision."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from bureau.cases.models import Case
from bureau.cases.rules import why_not_fill
from bureau.cases.seeing import visible
from bureau.cases.values import in_words, read
from bureau.people.models import User
from junheng.intake.safety import Refused as NotOpened
from junheng.intake.safety import inspect
from junheng.policy.ledgers import LIVE, Column, Ledger, each_time

ID, REVISION = "个案编号（请勿修改）", "版本（请勿修改）"
SHOWN = ("对象", "哪一件", "学校", "班级", "村", "状态", "期限", "发现日期")
LARGEST = 20 * 1024 * 1024
MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """表格问题: the row as Excel numbers it, the column, and a sentence."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"第{self.row}行“{self.column}”：{self.message}"


@dataclass(frozen=True, slots=True)
class SheetReading:
    """读表结果: [case id, revision, {column: value}] of each changed row, and every problem; with problems nothing is applied."""

    changes: list[tuple[int, int, dict[str, object]]]
    problems: list[SheetProblem]
    unchanged: int


def workbook(cases: Iterable[Case], ledger: Ledger, *, today: date) -> bytes:
    """导出 with the columns that may be filled in again; restricted columns are never in it."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet(ledger.title[:31])
        bold = book.add_format({"bold": True, "bg_color": "#EEF2F6", "border": 1})
        columns = sheet_columns(ledger)
        evidence = evidence_titles(ledger)
        heads = [*SHOWN, *evidence]
        sheet.write_row(0, 0, [ID, REVISION, *heads, *(column.title for column in columns)], bold)
        sheet.set_column(0, 1, None, None, {"hidden": True})
        sheet.set_column(2, 1 + len(heads), 14)
        sheet.freeze_panes(1, 3)
        row = 0
        for row, case in enumerate(cases, 1):
            shown = (
                case.label,
                case.item,
                case.school,
                case.class_name,
                case.village,
                ledger.state(case.state).title,
                case.due.isoformat() if case.due else "",
                case.opened_on.isoformat(),
                *(in_words(case.evidence.get(title)) for title in evidence),
            )
            sheet.write_number(row, 0, case.pk)
            sheet.write_number(row, 1, case.revision)
            for at, words in enumerate(shown, 2):
                sheet.write_string(row, at, words)
            for at, column in enumerate(columns, 2 + len(shown)):
                sheet.write_string(row, at, in_words(case.fields.get(column.name)))
        for at, column in enumerate(columns, 2 + len(heads)):
            sheet.set_column(at, at, 16)
            if column.kind == "choice" and sum(map(len, column.choices)) + len(column.choices) < 250 and row:
                sheet.data_validation(1, at, row, at, {"validate": "list", "source": list(column.choices)})
    return content.getvalue()


def evidence_titles(ledger: Ledger) -> list[str]:
    """发现依据的栏: one column for each, so that a sheet can be sorted by them; a name that the sheet uses already is left to it."""
    used = {*SHOWN, *(column.title for column in ledger.columns)}
    titles = [title for one in ledger.detectors for _, title in one.evidence if title not in used]
    return list(dict.fromkeys(titles))


def sheet_columns(ledger: Ledger) -> list[Column]:
    """表格里的栏目: neither restricted ones nor what belongs to one record only."""
    ever = each_time(ledger)
    return [column for column in ledger.columns_of("child") if column.name not in ever]


def read_workbook(data: bytes, *, ledger: Ledger, by: User) -> SheetReading:
    """读回: every problem at once; rows that say nothing new are counted, not changed."""
    rows, problem = _rows(data)
    if problem:
        return SheetReading([], [problem], 0)
    heads = [str(cell).strip() for cell in rows[0]]
    missing = [name for name in (ID, REVISION) if name not in heads]
    if missing:
        words = f"没有“{'”“'.join(missing)}”，请用从本台账导出的表格填写"
        return SheetReading([], [SheetProblem(1, "标题", words)], 0)
    by_title = {column.title: column for column in sheet_columns(ledger)}
    told = (ID, REVISION, *SHOWN, *evidence_titles(ledger))
    unknown = [head for head in heads if head and head not in by_title and head not in told]
    problems = [SheetProblem(1, head, "台账没有这一栏，请删去或改名") for head in unknown]
    ids = [_whole(row[heads.index(ID)]) for row in rows[1:]]
    known = {
        case.pk: case for case in visible(by).filter(pk__in=[one for one in ids if one], ledger=ledger.code)
    }
    changes: list[tuple[int, int, dict[str, object]]] = []
    seen: dict[int, int] = {}
    unchanged = 0
    for number, (pk, row) in enumerate(zip(ids, rows[1:], strict=True), 2):
        if not any(str(cell).strip() for cell in row):
            continue
        wrong, change = _row(number, pk, row, heads, known, seen, by_title, by)
        problems += wrong
        if change is None:
            continue
        if change[2]:
            changes.append(change)
        else:
            unchanged += 1
    return SheetReading(changes if not problems else [], problems, unchanged)


def _row(
    number: int,
    pk: int | None,
    row: Sequence[object],
    heads: Sequence[str],
    known: dict[int, Case],
    seen: dict[int, int],
    by_title: dict[str, Column],
    by: User,
) -> tuple[list[SheetProblem], tuple[int, int, dict[str, object]] | None]:
    case = known.get(pk or 0)
    if pk is None or case is None:
        return [SheetProblem(number, ID, "不是本台账里您能办理的个案，请不要改动编号或另加行")], None
    if pk in seen:
        return [SheetProblem(number, ID, f"与第{seen[pk]}行是同一件个案，请只留一行")], None
    seen[pk] = number
    problems: list[SheetProblem] = []
    fields: dict[str, object] = {}
    for head, cell in zip(heads, row, strict=False):
        column = by_title.get(head)
        if column is None or column.tally is not None:
            continue
        value, problem = read(column, _plain(cell))
        if problem:
            problems.append(SheetProblem(number, head, problem.split("：", 1)[-1]))
        elif value != case.fields.get(column.name):
            refusal = why_not_fill(column, by=by)
            if refusal:
                problems.append(SheetProblem(number, head, f"{refusal}，请恢复原来的内容"))
            fields[column.name] = value
    revision = _whole(row[heads.index(REVISION)])
    if fields and case.phase not in LIVE:
        problems.append(SheetProblem(number, ID, "这件个案已经结束，栏目不能再改"))
    if fields and revision != case.revision:
        problems.append(
            SheetProblem(number, REVISION, "这件个案在您下载之后已被他人修改，请重新下载这一行再填")
        )
    return problems, (case.pk, case.revision, fields)


def _rows(data: bytes) -> tuple[list[list[object]], SheetProblem | None]:
    if len(data) > LARGEST:
        return [], SheetProblem(1, "文件", f"超过 {LARGEST // 1024 // 1024} MB，请拆分")
    try:
        inspect(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        rows: list[list[object]] = [[*row] for row in cells]
    except (CalamineError, ValueError, OSError, OverflowError, NotOpened):
        return [], SheetProblem(1, "文件", "不是可以读取的 Excel 文件，请用从本台账导出的表格")
    if not rows or len(rows) > MOST_ROWS:
        return [], SheetProblem(1, "文件", f"是空的或超过 {MOST_ROWS} 行")
    width = max(len(row) for row in rows)
    return [row + [""] * (width - len(row)) for row in rows], None


def _plain(cell: object) -> object:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else cell


def _whole(cell: object) -> int | None:
    words = str(_plain(cell)).strip()
    return int(words) if words.isdigit() and len(words) < 16 else None
