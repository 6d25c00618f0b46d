"""发放名单的表: what a list of payments may look like, and its rows with everything wrong in them. No database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bureau.people.secret import mask_id, mask_name
from junheng.documents.templates import template
from junheng.intake.cells import Flaw, narrow, quoted
from junheng.intake.convert import ColumnReader
from junheng.intake.headings import SEARCHED_ROWS, Layout, bare_heading, find_layout, split_unit
from junheng.intake.raw import Cell, Tab, open_tabs
from junheng.intake.safety import Refused as Unreadable
from junheng.intake.safety import column_letter
from junheng.tables import Column, Sheet

ERROR, WARNING = "error", "warning"
_TOTALS = frozenset(("合计", "总计", "小计", "共计", "本页合计"))
_NOTES = ("注:", "注：", "说明", "备注", "填表人", "制表", "审核", "单位负责人", "领导签字", "经办人")
_LARGER = ("万元", "万", "千元", "百元", "亿元")
WHO = ("enrolment_number", "id_number", "person_name", "school_name")

SHEET = Sheet(
    "paid_list",
    "发放名单",
    "一个学期已经发给学生的资助，一人一项一行",
    ("amount",),
    (
        Column("enrolment_number", "学籍号", "enrolment_number", "全国学籍号；与身份证号填一个即可", synonyms=("全国学籍号", "学籍号码", "学生学籍号", "学籍编号", "学号"), sensitive=True, example="G640324201503080011"),
        Column("id_number", "身份证号", "id_number", "学生本人的身份证号，不是家长的", synonyms=("身份证件号", "身份证号码", "学生身份证号", "学生身份证", "身份证", "公民身份号码", "证件号码", "证件号", "儿童身份证号", "居民身份证号码", "本人身份证号"), sensitive=True, example="640324201503080010"),
        Column("person_name", "姓名", "text", "学生姓名；没有号码时与学校一起用来找到学生", synonyms=("学生姓名", "受助学生", "受助学生姓名", "学生", "享受人", "受益人", "儿童姓名", "孩子姓名", "残疾人姓名", "救助对象姓名", "保障对象姓名", "补助对象姓名"), example="演示学生"),
        Column("school_name", "学校", "text", "学校名称或10位学校标识码", synonyms=("学校名称", "就读学校", "所在学校", "学校标识码", "毕业学校", "校名"), example="演示小学"),
        Column("item", "资助项目", "text", "资助条款的名称", synonyms=("项目", "项目名称", "资助名称", "补助项目", "补助名称", "补贴项目", "补贴名称", "发放项目", "资助类别", "资助类型", "资金名称", "条款"), example="四类非寄宿生生活补助"),
        Column("amount", "金额", "decimal", "实际发放的金额；退回的填负数", unit="元", synonyms=("发放金额", "补助金额", "资助金额", "实发金额", "补贴金额", "发放标准", "已发金额", "实发", "补助标准", "打卡金额", "应发金额", "实际发放金额", "拨付金额"), example="312.5"),
        Column("paid_on", "发放日期", "date", "打到卡上的日期", synonyms=("发放时间", "打款日期", "支付日期", "到账日期", "打卡日期", "打款时间", "日期"), example="2026-05-20"),
        Column("account", "银行账号", "text", "一卡通账号，保存时加密", synonyms=("账号", "一卡通账号", "银行卡号", "卡号", "一卡通号", "银行账户", "开户账号", "收款账号", "一卡通"), sensitive=True, example="6230000000000000001"),
        Column("term", "学期", "text", "如 2026春；不填即上传时选择的学期", synonyms=("发放学期", "所属学期", "资助学期"), example="2026春"),
    ),
    personal=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """一处问题: as it is stored and shown; what identifies a person is masked."""

    tab: str
    row: int
    column: str
    found: str
    sentence: str
    severity: str = ERROR


@dataclass(slots=True)
class Row:
    """名单的一行: as read. `flawed`: identifiers that could not be read, by heading."""

    tab: str
    row: int
    enrolment_number: str = ""
    id_number: str = ""
    person_name: str = ""
    school_name: str = ""
    item: str = ""
    fen: int = 0
    paid_on: date | None = None
    account: str = ""
    term: str = ""
    flawed: list[Found] = field(default_factory=list)

    def problem(self, heading: str, found: str, sentence: str, severity: str = ERROR) -> Found:
        """A problem of this row."""
        return Found(self.tab, self.row, heading, found, sentence, severity)


def blank_template() -> bytes:
    """模板: the sheet to fill in."""
    return template([SHEET])


def read(
    name: str, content: bytes, progress: Callable[[float], None], *, item_needed: bool
) -> tuple[list[Row], list[Found]]:
    """All rows of a file and everything wrong with it; nothing is raised but what `progress` raises."""
    problems: list[Found] = []
    rows: list[Row] = []
    try:
        tabs = [
            tab
            for tab in open_tabs(name, content)
            if not tab.hidden and tab.name not in ("填写示例", "填表说明")
        ]
        for number, tab in enumerate(tabs):
            _read_tab(tab, rows, problems, item_needed, len(tabs) == 1)
            progress((number + 1) / len(tabs))
    except Unreadable as refused:
        return [], [Found("", 0, "", "", str(refused))]
    if not rows and not problems:
        problems.append(
            Found("", 0, "", "", "文件里没有发放的行；请核对标题行（姓名、学籍号或身份证号、资助项目、金额）")
        )
    return rows, problems


def _read_tab(tab: Tab, rows: list[Row], problems: list[Found], item_needed: bool, only: bool) -> None:
    cells = list(tab.rows())
    layout = find_layout(SHEET, cells[:SEARCHED_ROWS])
    if layout is None or len(layout.columns) < 2:
        if any(cell != "" for line in cells for cell in line) and only:
            problems.append(
                Found(tab.name, 0, "", "", "没有找到标题行；标题应有“姓名”“学籍号”或“身份证号”，以及“金额”")
            )
        return
    for place, column, _written, unit in layout.wrong_unit:
        if unit == column.unit:
            layout.columns.setdefault(column.name, place)
    before = len(problems)
    _check_headings(tab, layout, cells[layout.heading_row], problems, item_needed)
    if len(problems) > before:
        return
    readers = {column: ColumnReader(SHEET.by_name[column]) for column in layout.columns}
    for number, line in enumerate(cells[layout.first_row :], start=layout.first_row + 1):
        given = {
            column: line[place]
            for column, place in layout.columns.items()
            if place < len(line) and line[place] != ""
        }
        if given and not _no_child(line, given):
            rows.append(_row(tab.name, number, given, readers, problems))


def _check_headings(
    tab: Tab, layout: Layout, written: Sequence[Cell], problems: list[Found], item_needed: bool
) -> None:
    at = layout.heading_row + 1
    wrong = {column.name for _place, column, _written, unit in layout.wrong_unit if unit != column.unit}
    place = layout.columns.get("amount")
    heading = str(written[place]) if place is not None and place < len(written) else ""
    if split_unit(bare_heading(heading))[1] in _LARGER or "amount" in wrong:
        problems.append(
            Found(tab.name, at, "金额", heading, "金额应以元填写；请把数字换算成元，并把标题改为“金额（元）”")
        )
        wrong.add("amount")
    for place, column in layout.repeated:
        problems.append(
            Found(
                tab.name,
                at,
                column.heading,
                column_letter(place),
                f"有两列都是“{column.heading}”，分不清用哪一列，请删去一列",
            )
        )
    has = set(layout.columns)
    if "amount" not in has | wrong:
        problems.append(Found(tab.name, at, "金额", "", "没有“金额”列，请补上实际发放的金额（元）"))
    if not has & {"enrolment_number", "id_number"} and not {"person_name", "school_name"} <= has:
        problems.append(
            Found(
                tab.name, at, "学籍号", "", "找不到学生：请补上“学籍号”或“身份证号”，或者“姓名”和“学校”两列"
            )
        )
    if item_needed and "item" not in has:
        problems.append(
            Found(
                tab.name, at, "资助项目", "", "没有“资助项目”列；请补上，或在上传时为整份文件选择一个资助项目"
            )
        )


def _no_child(line: Sequence[Cell], given: Mapping[str, Cell]) -> bool:
    """Totals and notes below the table, and headings repeated on each page."""
    head = [narrow(cell).replace(" ", "") for cell in line if cell != ""][:4]
    if _TOTALS & set(head) or (head and head[0].startswith(_NOTES)):
        return True
    return narrow(given.get("amount", "")) in ("金额", "发放金额", "金额(元)")


def _row(
    tab: str,
    number: int,
    given: Mapping[str, Cell],
    readers: Mapping[str, ColumnReader],
    problems: list[Found],
) -> Row:
    row = Row(tab, number)
    values: dict[str, Any] = {}
    for name, cell in given.items():
        column = SHEET.by_name[name]
        value = readers[name][cell] if name != "account" else narrow(cell).replace(" ", "").replace("-", "")
        if isinstance(value, Flaw):
            shown = masked(column, cell)
            one = row.problem(
                column.heading, shown, value.message.replace(quoted(cell), f"“{shown}”"), value.severity
            )
            # A wrong number does no harm where the child is found otherwise.
            (row.flawed if name in WHO[:2] and value.severity == ERROR else problems).append(one)
            value = value.value if value.severity == WARNING else None
        values[name] = value
    for name in ("enrolment_number", "id_number", "person_name", "school_name", "item", "account", "term"):
        setattr(row, name, str(values.get(name) or ""))
    if "e+" in row.account.lower() or (row.account and "." in row.account):
        problems.append(
            row.problem(
                "银行账号",
                "",
                "银行账号被 Excel 当成了数字，末几位已经丢失；请把该列改为“文本”格式后重新填写",
            )
        )
    amount = values.get("amount")
    row.paid_on = values.get("paid_on")
    if isinstance(amount, int | float):
        row.fen = round(amount * 100)
        if abs(row.fen - amount * 100) > 1e-6:
            problems.append(row.problem("金额", f"{amount}", f"“{amount}”元不足一分，请改成最多两位小数"))
        elif row.fen == 0:
            problems.append(row.problem("金额", "0", "金额是 0；没有发放请删去这一行"))
    elif "amount" not in given:
        problems.append(row.problem("金额", "", "没有填金额；没有发放请删去这一行"))
    return row


def masked(column: Column, cell: Cell) -> str:
    """A cell as it may be shown in a list of problems."""
    text = narrow(cell)
    if column.sensitive:
        return mask_id(text)
    return mask_name(text) if column.name == "person_name" else text[:40]
