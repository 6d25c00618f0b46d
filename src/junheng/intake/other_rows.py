"""不是数据的行: subtotals, signatures, examples and the numbers of columns, as they stand between and below the rows of a list."""

import re
from collections.abc import Sequence
from typing import Literal

Kind = Literal["", "total", "note", "example", "numbers"]
_TOTAL = re.compile(
    r".{0,12}[小合总共累]计(人数|户数|金额)?([:：(（].*|\d.*)?|总人数.{0,8}|.{0,8}(户数|人数)合计.{0,8}"
)
_COUNTED = re.compile(r".{1,16}\d+\s*[户人].{0,12}")  # 河草沟村（12户35人）
_NOTE = re.compile(
    r"注[:：]|说明[:：]|备注[:：]|填表|填报|制表|制单|审核人|审批人|复核人|经办人|统计人|单位负责人|负责人[:：(（签]|校长签|分管领导|主要领导|联系人[:：]|联系电话[:：]|"
    r"报送|上报(日期|时间|单位)|日期[:：]|单位[:：]|第\s*\d+\s*页|.*[(（](公?章|签字|签名|盖章|签章)[)）]|(公章|盖章|签字|签章)"
)  # fmt: skip
_EXAMPLE = re.compile(r"[(（【\[]?(示例|样例|例[:：]|例如|填写样例|填写示例|举例|必填|选填|文本格式|字符型)")
_NUMBERED = re.compile(r"\d{1,2}|[甲乙丙丁戊己庚]|[(（]\d{1,2}[)）]|[—-]")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,30}")  # the names that a database gives the columns
_HEAD = 6


def is_example(text: str) -> bool:
    """Whether a cell says that its row only shows how to fill in the form."""
    return bool(_EXAMPLE.match(text))


def kind_of_row(cells: Sequence[str], *, title: str = "", filled: int = 0) -> Kind:
    """What a row is that may be no data; "" for none of these. `cells` are its texts without blanks, `title` what stands where the name or key
    should, `filled` how many of the columns that are read it fills: a remark makes no signature of a full row.
    """
    if not cells:
        return ""
    if any(_EXAMPLE.match(text) for text in cells[:4]):
        return "example"
    if any(_TOTAL.fullmatch("".join(text.split())) for text in cells[:_HEAD]) or _COUNTED.fullmatch(
        title or cells[0]
    ):
        return "total"
    if _NOTE.match(cells[0]) or _NOTE.match(title) or (filled < 3 and any(_NOTE.match(text) for text in cells)):  # fmt: skip
        return "note"
    if len(cells) > 1 and all(_FIELD.fullmatch(text) for text in cells):
        return "example"
    return "numbers" if len(cells) > 1 and all(_NUMBERED.fullmatch(text) for text in cells) else ""
