"""一列怎样填: the comment on a heading, the hint beside a cell and the limits that Excel itself keeps."""

from datetime import date
from typing import Any

from junheng.tables import Column

_LENGTHS = {"school_code": 10, "enrolment_number": 19}
_HOW = {
    "date": "日期，例如 {example}",
    "month": "年月，例如 {example}",
    "flag": "填“是”或“否”",
    "code": "从下拉列表中选择",
    "areas": "逐间填写面积，用顿号隔开，例如 96、98；没有填 0",
    "school_code": "10位数字，按文本填写",
    "id_number": "18位，按文本填写，末位可为X",
    "enrolment_number": "19位，G、L 或 J 开头",
    "phone": "11位手机号，或带区号的固定电话",
    "integer": "整数",
    "decimal": "数字",
    "year": "四位年份",
    "text": "文字",
}
_ANY_NUMBER = 1e12


def comment(column: Column) -> str:
    """批注: what the column means, its unit, an example, and whether it may be blank."""
    lines = [
        column.meaning,
        f"单位：{column.unit}" if column.unit else "",
        f"填法：{_HOW[column.kind].format(example=column.example or '2015-03-08')}",
        f"示例：{column.example}" if column.example else "",
        "必填" if column.required else "可以留空；留空表示未报，不是 0",
    ]
    return "\n".join(line for line in lines if line)


def prompt(column: Column) -> dict[str, Any]:
    """提示: shown by Excel when a cell is chosen."""
    text = "；".join(
        part
        for part in (
            f"单位：{column.unit}" if column.unit else "",
            column.meaning,
            "必填" if column.required else "",
        )
        if part
    )
    return {"input_title": column.heading[:32], "input_message": text[:255] or column.heading}


def rule(column: Column, offered: str | list[str] | None) -> dict[str, Any]:
    """数据有效性: what Excel refuses at once; `offered` is what a drop-down shows."""
    if offered is not None:
        return {
            "validate": "list",
            "source": offered,
            "error_title": "请从列表中选择",
            "error_message": f"{column.heading}只能从下拉列表中选择。",
        }
    if column.kind in ("integer", "decimal", "year"):
        low = -_ANY_NUMBER if column.minimum is None else column.minimum
        high = _ANY_NUMBER if column.maximum is None else column.maximum
        limits = f"，在 {low:g} 和 {high:.10g} 之间" if high < _ANY_NUMBER else ""
        return {
            "validate": "decimal" if column.kind == "decimal" else "integer",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_title": "请填数字",
            "error_message": f"{column.heading}应是{'数字' if column.kind == 'decimal' else '整数'}{limits}。",
        }
    if column.kind == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1900, 1, 1),
            "maximum": date(2100, 12, 31),
            "error_title": "请填日期",
            "error_message": f"{column.heading}应是日期，例如 {column.example or '2015-03-08'}。",
        }
    if column.kind in _LENGTHS:
        return {
            "validate": "length",
            "criteria": "==",
            "value": _LENGTHS[column.kind],
            "error_title": "位数不对",
            "error_message": f"{column.heading}应是 {_LENGTHS[column.kind]} 位。",
        }
    return {"validate": "any"}
