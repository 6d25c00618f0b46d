"""责任单位表: the register of units as a workbook, and back: new rows are entered, rows with a 编号 are changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from bureau.people.models import Organisation
from bureau.people.organisation_rules import KINDS
from junheng.documents.sheets import book
from junheng.intake.cells import cell_text
from junheng.intake.safety import Refused as NotOpened
from junheng.intake.safety import inspect

TITLE = "责任单位"
HEADINGS = ("编号", "单位名称", "类别", "别名", "上级单位", "乡镇代码", "负责人", "在用")
WIDTHS = (8, 26, 14, 40, 22, 13, 12, 7)
LARGEST = 5 * 1024 * 1024
MOST_ROWS = 5_000
BETWEEN = ("、", "，", ",", "；", ";")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """一行单位, as Excel numbers it; `pk` is None for a new one."""

    number: int
    pk: int | None
    name: str
    kind: str
    aliases: tuple[str, ...]
    parent: str
    area: str
    head: str
    active: bool


def workbook(units: Iterable[Organisation]) -> bytes:
    """The register as a table that is read back."""
    rows = [
        [
            one.pk, one.name, KINDS[one.kind], "、".join(one.aliases), one.parent.name if one.parent else "",
            one.area.code if one.area else "", one.head, "是" if one.active else "否",
        ]
        for one in units
    ]  # fmt: skip
    with book() as made:
        sheet = made.table(TITLE, HEADINGS, rows, WIDTHS)
        sheet.freeze_panes(1, 2)
        sheet.write_comment(0, 0, "已有单位请勿改编号；新单位留空。")
        sheet.write_comment(0, 3, "几个别名用顿号隔开，例如：教体局、县教育局")
        last = max(len(rows), 1) + 200
        kinds = {
            "validate": "list",
            "source": list(KINDS.values()),
            "error_message": "请从下拉列表里选择类别",
        }
        sheet.data_validation(1, 2, last, 2, kinds)
        sheet.data_validation(1, 7, last, 7, {"validate": "list", "source": ["是", "否"]})
    return made.content


def read(content: bytes) -> tuple[list[UnitRow], list[str]]:
    """读责任单位表: every row that can be read, and every problem as a sentence, all at once."""
    if len(content) > LARGEST:
        return [], [f"文件有 {len(content) / 1024 / 1024:.0f} MB，责任单位表不该这么大，请检查是否选错文件"]
    try:
        inspect(content)
        opened = CalamineWorkbook.from_filelike(BytesIO(content))
        tab = TITLE if TITLE in opened.sheet_names else opened.sheet_names[0]
        cells = opened.get_sheet_by_name(tab).to_python(skip_empty_area=False)
    except NotOpened as refused:
        return [], [str(refused)]
    except (CalamineError, IndexError):
        return [], ["文件打不开，请用从本页导出的责任单位表（.xlsx）填写后上传"]
    head = next(
        (at for at, row in enumerate(cells[:10]) if "单位名称" in [cell_text(cell) for cell in row]), None
    )
    if head is None:
        return [], ["没有找到标题“单位名称”，请用从本页导出的责任单位表填写后上传"]
    if len(cells) - head > MOST_ROWS:
        return [], [f"表里有 {len(cells) - head - 1} 行，超过 {MOST_ROWS} 行，请检查是否选错文件"]
    places = {cell_text(cell): place for place, cell in enumerate(cells[head]) if cell_text(cell)}
    rows, problems = [], []
    seen: dict[str, int] = {}
    for number, line in enumerate(cells[head + 1 :], head + 2):
        if not any(cell_text(cell) for cell in line):
            continue
        row, wrong = _row(number, line, places)
        if row is not None and row.name in seen:
            wrong.append(f"第{number}行“单位名称”：“{row.name}”与第{seen[row.name]}行重复，请删去一行")
        if row is not None:
            seen[row.name] = number
            rows.append(row)
        problems += wrong
    return rows, problems


def _row(number: int, line: Sequence[object], places: Mapping[str, int]) -> tuple[UnitRow | None, list[str]]:
    def cell(heading: str) -> str:
        place = places.get(heading)
        return cell_text(line[place]) if place is not None and place < len(line) else ""

    problems = []
    key, name, kind, active = cell("编号"), cell("单位名称"), cell("类别"), cell("在用") or "是"
    codes = {words: code for code, words in KINDS.items()}
    if key and not (key.isdigit() and len(key) < 12):
        problems.append(f"第{number}行“编号”：“{key}”不是编号，请恢复导出时的编号，新单位留空")
    if not name:
        problems.append(f"第{number}行“单位名称”：没有填写，请填写单位名称")
    if kind not in codes:
        found = f"“{kind}”不在列表里" if kind else "没有填写"
        problems.append(f"第{number}行“类别”：{found}，应为：{'、'.join(KINDS.values())}")
    if active not in ("是", "否"):
        problems.append(f"第{number}行“在用”：“{active}”应为 是 或 否")
    if problems:
        return None, problems
    words = cell("别名")
    for mark in BETWEEN:
        words = words.replace(mark, "\n")
    aliases = tuple(dict.fromkeys(word.strip() for word in words.splitlines() if word.strip()))
    area = cell("乡镇代码")
    return (
        UnitRow(number, int(key) if key else None, name, codes[kind], aliases, cell("上级单位"), area, cell("负责人"), active == "是"),
        [],
    )  # fmt: skip
