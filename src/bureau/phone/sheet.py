"""走访表: the phone's work as a workbook, for where the site has no https yet: one tab a form, one row a case, with row ids.

The hidden first columns say which record a row is and which revision of the case was downloaded; a row uploaded twice is
the same record twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from uuid import UUID, uuid4

from python_calamine import CalamineError, CalamineWorkbook

from bureau.cases.models import Case
from bureau.cases.values import in_words, read
from bureau.phone import casework
from bureau.phone.lines import LONGEST_TEXT, VisitRecord
from junheng.documents.sheets import Book, book
from junheng.intake.cells import cell_text
from junheng.intake.dates import cell_day
from junheng.intake.safety import Refused as NotOpened
from junheng.intake.safety import inspect
from junheng.policy.ledgers import Column, Form, Ledger

HIDDEN = ("行标识", "个案", "版本", "表")
READ = ("姓名", "学校", "班级", "村", "状态", "期限")
DAY, TEXT = "走访日期", "走访情况"
LARGEST = 10 * 1024 * 1024
MOST_ROWS = 5_000
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """一行走访, as Excel numbers it."""

    tab: str
    number: int
    record: VisitRecord


def workbook(cases: Sequence[Case], ledgers: Mapping[tuple[str, str], Ledger]) -> bytes:
    """走访表 of the cases. Every download gives new row ids: a second visit is a second download."""
    with book() as made:
        used: set[str] = set()
        for (county, code), ledger in ledgers.items():
            own = [one for one in cases if (one.county_code, one.ledger) == (county, code)]
            for form, columns in casework.forms(ledger):
                if own:
                    _tab(made, ledger, form, columns, own, used)
        if not used:
            made.table("没有个案", ["说明"], [["现在没有分给您的个案；分派以后再下载"]], (60,))
    return made.content


def _tab(
    made: Book, ledger: Ledger, form: Form, columns: Sequence[Column], cases: Sequence[Case], used: set[str]
) -> None:
    title = f"{ledger.title}-{form.title}".translate(_FORBIDDEN)[:28]
    while title in used:
        title = f"{title[:26]}{len(used)}"
    used.add(title)
    headings = [*HIDDEN, *READ, DAY, *(one.title for one in columns), TEXT]
    rows = [
        [
            str(uuid4()), one.pk, one.revision, f"{ledger.code}/{form.name}", one.label, one.school, one.class_name,
            one.village, ledger.state(one.state).title, one.due.isoformat() if one.due else "", "",
            *(in_words(one.fields.get(column.name)) for column in columns), "",
        ]
        for one in cases
    ]  # fmt: skip
    widths = [4, 4, 4, 4, 14, 22, 14, 14, 16, 12, 13, *([16] * len(columns)), 50]
    sheet = made.table(title, headings, rows, widths)
    sheet.set_column(0, len(HIDDEN) - 1, None, None, {"hidden": True})
    sheet.freeze_panes(1, len(HIDDEN) + 1)
    sheet.write_comment(
        0, len(HIDDEN) + len(READ), "走访了才填日期，如 2026-03-02；没有走访的行留空即可。请勿改动隐藏的列。"
    )
    first = len(HIDDEN) + len(READ) + 1
    for place, column in enumerate(columns, first):
        choices = ["是", "否"] if column.kind == "flag" else list(column.choices)
        if choices and column.kind != "many" and len("".join(choices)) < 200:
            error = {"validate": "list", "source": choices, "error_message": "请从下拉列表里选"}
            sheet.data_validation(1, place, max(len(rows), 1), place, error)


def cases_named(content: bytes) -> set[int]:
    """The cases that the rows name; empty when the file cannot be read, which `read_workbook` then says."""
    try:
        tabs = _tabs(content)
    except (NotOpened, CalamineError, IndexError):
        return set()
    place = HIDDEN.index("个案")
    cells = [
        cell_text(row[place]) for _name, rows in tabs for row in rows[1 : MOST_ROWS + 1] if len(row) > place
    ]
    return {int(cell) for cell in cells if cell.isdigit() and len(cell) < 16}


def _tabs(content: bytes) -> list[tuple[str, list[list[object]]]]:
    inspect(content)
    opened = CalamineWorkbook.from_filelike(BytesIO(content))
    return [
        (name, [list(row) for row in opened.get_sheet_by_name(name).to_python(skip_empty_area=False)])
        for name in opened.sheet_names
    ]


def read_workbook(
    content: bytes, cases: Mapping[int, Case], ledgers: Mapping[tuple[str, str], Ledger], today: date
) -> tuple[list[SheetRow], list[str]]:
    """读走访表: the rows with a visiting day, and every problem as a sentence with tab, row and column, all at once.

    `cases`: those the row ids name, whoever holds them now; only what differs from the case is taken as an answer.
    """
    if len(content) > LARGEST:
        return [], [f"文件有 {len(content) / 1024 / 1024:.0f} MB，走访表不该这么大，请检查是否选错文件"]
    try:
        tabs = _tabs(content)
    except NotOpened as refused:
        return [], [str(refused)]
    except (CalamineError, IndexError):
        return [], ["文件打不开，请用从本页下载的走访表（.xlsx）填写后上传"]
    rows, problems, seen, found = [], [], dict[UUID, str](), False
    for tab, cells in tabs:
        if not cells or [cell_text(cell) for cell in cells[0][: len(HIDDEN)]] != list(HIDDEN):
            continue
        found = True
        places = {cell_text(cell): place for place, cell in enumerate(cells[0]) if cell_text(cell)}
        if len(cells) > MOST_ROWS:
            problems.append(f"“{tab}”有 {len(cells) - 1} 行，超过 {MOST_ROWS} 行，请分几次上传")
            continue
        for number, line in enumerate(cells[1:], 2):
            where = f"“{tab}”第{number}行"
            row, wrong = _row(where, line, places, cases, ledgers, today)
            if row is not None and row.id in seen:
                wrong.append(f"{where}：与{seen[row.id]}是同一行（行标识相同），请删去一行")
            elif row is not None:
                seen[row.id] = where
                rows.append(SheetRow(tab, number, row))
            problems += wrong
    if not found:
        return [], ["没有找到走访表的标题行，请用从本页下载的走访表填写，不要删去隐藏的列"]
    return rows, problems


def _row(
    where: str,
    line: Sequence[object],
    places: Mapping[str, int],
    cases: Mapping[int, Case],
    ledgers: Mapping[tuple[str, str], Ledger],
    today: date,
) -> tuple[VisitRecord | None, list[str]]:
    def cell(heading: str) -> object:
        place = places.get(heading)
        return line[place] if place is not None and place < len(line) else ""

    words, text = cell_text(cell(DAY)), cell_text(cell(TEXT))
    case = cases.get(int(cell_text(cell("个案")))) if cell_text(cell("个案")).isdigit() else None
    ledger = ledgers.get((case.county_code, case.ledger)) if case else None
    form = _form(ledger, cell_text(cell("表")))
    if not words and not text:
        return None, _changed_without_day(where, case, ledger, form, cell)
    problems = []
    try:
        record = UUID(cell_text(cell("行标识")))
        revision = int(cell_text(cell("版本")))
    except ValueError:
        return None, [f"{where}“行标识”：被改动或删去了，请重新下载走访表再填这一行"]
    if case is None or ledger is None or form is None:
        return None, [f"{where}“个案”：系统里没有这个个案或这张表，请重新下载走访表"]
    day = cell_day(cell(DAY))
    if day is None:
        found = f"“{words}”不是日期" if words else "没有填写"
        problems.append(f"{where}“{DAY}”：{found}，请写成 2026-03-02")
    elif day > today:
        problems.append(f"{where}“{DAY}”：{day} 还没有到，请填实际走访的日期")
    if len(text) > LONGEST_TEXT:
        problems.append(f"{where}“{TEXT}”：有 {len(text)} 个字，最多 {LONGEST_TEXT} 个，请缩短")
    needs = ledger.move(form.move).needs if form.move else ()
    if "text" in needs and not text:
        problems.append(f"{where}“{TEXT}”：没有填写，请写明走访情况")
    if "file" in needs:
        problems.append(f"{where}：这张表要附照片或文件，请在个案页办理")
    values = {}
    for column in _columns(ledger, form):
        value, wrong = read(column, cell_text(cell(column.title)))
        if wrong:
            problems.append(f"{where}{wrong}")
        elif value != case.fields.get(column.name):
            values[column.name] = value
    if problems or day is None:
        return None, problems
    noon = datetime(day.year, day.month, day.day, 12).astimezone()
    return (
        VisitRecord(
            id=record, case=case.pk, form=form.name, revision=revision, values=values, text=text, said_at=noon
        ),
        [],
    )


def _changed_without_day(
    where: str, case: Case | None, ledger: Ledger | None, form: Form | None, cell: Callable[[str], object]
) -> list[str]:
    """A row whose answers were changed but that says no day: meant as a visit, or a slip; the person must say."""
    if case is None or ledger is None or form is None:
        return []
    for column in _columns(ledger, form):
        if cell_text(cell(column.title)) != in_words(case.fields.get(column.name)):
            return [f"{where}“{DAY}”：改了“{column.title}”却没有填走访日期，请填日期，或把改动还原"]
    return []


def _form(ledger: Ledger | None, code: str) -> Form | None:
    if ledger is None:
        return None
    return next((one for one in ledger.forms if f"{ledger.code}/{one.name}" == code), None)


def _columns(ledger: Ledger, form: Form) -> list[Column]:
    return next(columns for one, columns in casework.forms(ledger) if one is form)
