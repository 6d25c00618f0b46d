"""整改计划表: the ledger as a workbook whose plan columns are filled in Excel and read back by 编号."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from bureau.gaps.actions import Plan
from bureau.gaps.models import Gap
from bureau.gaps.states import WORDS, State
from junheng.documents.sheets import book
from junheng.intake.safety import Refused as NotOpened
from junheng.intake.safety import inspect

TITLE = "整改计划"
FIXED = ("编号", "学校标识码", "学校", "学段", "指标", "缺口", "单位", "状态")
EDITED = {"整改措施": "measure", "责任科室": "office", "完成时限": "due", "单价（万元）": "unit_price"}
WIDTHS = (8, 13, 26, 7, 30, 10, 7, 18, 40, 16, 13, 12)
LARGEST = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """一行计划: the row as Excel numbers it, the line's 编号 and what the plan columns say."""

    number: int
    gap: int
    plan: Plan


def workbook(gaps: Iterable[Gap]) -> bytes:
    """计划表, with the columns a person may fill in last; the others are there to be read."""
    rows = [
        [
            gap.pk, gap.school_code, gap.school, gap.stage, gap.title, gap.shortage, gap.unit, WORDS[State(gap.state)],
            gap.measure, gap.office, gap.due, gap.unit_price,
        ]
        for gap in gaps
    ]  # fmt: skip
    with book() as made:
        sheet = made.table(TITLE, [*FIXED, *EDITED], rows, WIDTHS)
        sheet.freeze_panes(1, 3)
        sheet.write_comment(
            0, 0, "请勿修改编号。只有整改措施、责任科室、完成时限、单价四列会读回系统；清空就是删去。"
        )
        last = max(len(rows), 1)
        sheet.data_validation(
            1, 10, last, 10,
            {"validate": "date", "criteria": ">", "value": date(2020, 1, 1), "error_message": "请填日期，如 2027-08-31"},
        )  # fmt: skip
        sheet.data_validation(
            1, 11, last, 11,
            {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "请填数，单位万元"},
        )  # fmt: skip
    return made.content


def read(content: bytes) -> tuple[list[Row], list[str]]:
    """读计划表: every row that can be read, and every problem as a sentence, all at once."""
    if len(content) > LARGEST:
        return [], [f"文件有 {len(content) / 1024 / 1024:.0f} MB，计划表不该这么大，请检查是否选错文件"]
    try:
        inspect(content)
        opened = CalamineWorkbook.from_filelike(BytesIO(content))
        tab = TITLE if TITLE in opened.sheet_names else opened.sheet_names[0]
        cells = opened.get_sheet_by_name(tab).to_python(skip_empty_area=False)
    except NotOpened as refused:
        return [], [str(refused)]
    except (CalamineError, IndexError):
        return [], ["文件打不开，请用从台账下载的计划表（.xlsx）填写后上传"]
    head = next(
        (place for place, row in enumerate(cells[:10]) if "编号" in [_text(cell) for cell in row]), None
    )
    if head is None:
        return [], ["没有找到标题“编号”，请用从台账下载的计划表填写后上传"]
    places = {_text(cell): place for place, cell in enumerate(cells[head]) if _text(cell)}
    missing = [heading for heading in EDITED if heading not in places]
    if len(missing) == len(EDITED):
        return [], [f"没有可读的列，至少要有{'、'.join(EDITED)}中的一列"]
    rows, problems, seen = [], [], dict[int, int]()
    for number, row in enumerate(cells[head + 1 :], head + 2):
        if not any(_text(cell) for cell in row):
            continue
        found, wrong = _row(number, row, places)
        if found and found.gap in seen:
            wrong.append(f"第{number}行“编号”：{found.gap} 与第{seen[found.gap]}行重复，请删去一行")
        if found:
            seen[found.gap] = number
        problems += wrong
        if found and not wrong:
            rows.append(found)
    return rows, problems


def _row(number: int, row: Sequence[object], places: dict[str, int]) -> tuple[Row | None, list[str]]:
    problems: list[str] = []
    key = _text(_at(row, places["编号"]))
    if not key.isdigit() or len(key) > 15:
        return None, [f"第{number}行“编号”：“{key}”不是台账编号，请恢复下载时的编号"]
    plan = Plan()
    for heading, name in EDITED.items():
        if heading not in places:
            continue
        value = _at(row, places[heading])
        if name in ("measure", "office"):
            text, length = _text(value), 300 if name == "measure" else 40
            if len(text) > length:
                problems.append(f"第{number}行“{heading}”：有 {len(text)} 个字，最多 {length} 个，请缩短")
            plan[name] = text  # type: ignore[literal-required]
        elif name == "due":
            due = _day(value)
            if isinstance(due, str):
                problems.append(f"第{number}行“{heading}”：“{due}”不是日期，请写成 2027-08-31")
            else:
                plan["due"] = due
        else:
            price = _number(value)
            if isinstance(price, str):
                problems.append(f"第{number}行“{heading}”：“{price}”不是数，请改成数字，例如 0.35")
            else:
                plan["unit_price"] = price
    return Row(number, int(key), plan), problems


def _at(row: Sequence[object], place: int) -> object:
    return row[place] if place < len(row) else ""


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if value is not None else ""


def _day(value: object) -> date | str | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    if not text:
        return None
    parts = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(part) for part in parts.split("-"))
        return date(year, month, day)
    except ValueError:
        return text


def _number(value: object) -> float | str | None:
    if isinstance(value, int | float):
        return float(value)
    text = _text(value)
    try:
        return float(text.replace(",", "").replace("，", "")) if text else None
    except ValueError:
        return text
