"""栏目的值: what a person typed, a phone sent or a sheet held → the value stored, or a sentence. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from junheng.intake.dates import cell_day
from junheng.policy.ledgers import Column, Ledger

Value = str | int | bool | list[str] | None
LONGEST = {"text": 200, "long": 2000}
MONEY = re.compile(r"-?\d{1,11}(\.\d{1,2})?\Z")
TRUE, FALSE = ("是", "true", "1", "on", "有"), ("否", "false", "0", "无")


def read_all(ledger: Ledger, typed: Mapping[str, object]) -> tuple[dict[str, Value], list[str]]:
    """(values by column name, every problem). Columns may be named by their title as well; unknown ones are problems."""
    by_name = {column.name: column for column in ledger.columns}
    by_title = {column.title: column for column in ledger.columns}
    values: dict[str, Value] = {}
    problems = []
    for name, words in typed.items():
        column = by_name.get(name) or by_title.get(name)
        if column is None:
            problems.append(f"台账没有栏目“{name}”")
            continue
        value, problem = read(column, words)
        if problem:
            problems.append(problem)
        else:
            values[column.name] = value
    return values, problems


def read(column: Column, typed: object) -> tuple[Value, str | None]:
    """(value, None) or (None, sentence); a blank is None and no problem."""
    if typed is None or typed == [] or (isinstance(typed, str) and not typed.strip()):
        return None, None
    if column.tally is not None:
        return None, f"“{column.title}”：由系统算出，不能填写"
    if column.kind == "many":
        return _many(column, typed)
    if isinstance(typed, list | dict | tuple):
        return None, f"“{column.title}”：应是一个值"
    words = str(typed).strip() if not isinstance(typed, bool) else ("是" if typed else "否")
    if column.kind in LONGEST:
        longest = LONGEST[column.kind]
        return (
            (words, None)
            if len(words) <= longest
            else (None, f"“{column.title}”：有 {len(words)} 个字，最多 {longest} 个")
        )
    if column.kind == "choice":
        if words in column.choices:
            return words, None
        return None, f"“{column.title}”：“{words[:40]}”不在可选的 {'、'.join(column.choices)} 中"
    if column.kind == "flag":
        if words.lower() in TRUE:
            return True, None
        return (
            (False, None)
            if words.lower() in FALSE
            else (None, f"“{column.title}”：“{words[:40]}”应填“是”或“否”")
        )
    value, problem = _number_or_day(column, words)
    return (
        (value, None) if problem is None and (problem := _outside(column, value)) is None else (None, problem)
    )


def _outside(column: Column, value: Value) -> str | None:
    """A number below the least or above the most that the ledger allows, such as more than the full score."""
    if value is None or column.kind == "date" or (column.least is None and column.most is None):
        return None
    number = Decimal(str(value))
    if column.least is not None and number < column.least:
        return f"“{column.title}”：{number} 小于最小值 {column.least}，请核对"
    if column.most is not None and number > column.most:
        return f"“{column.title}”：{number} 超过最大值（满分）{column.most}，请核对"
    return None


def _number_or_day(column: Column, words: str) -> tuple[Value, str | None]:
    plain = words.replace(",", "").replace("，", "")
    if column.kind == "date":
        day = cell_day(words)
        if day is not None:
            return day.isoformat(), None
        return None, f"“{column.title}”：“{words[:40]}”不是日期，请写成 2026-03-02"
    if column.kind == "integer":
        if re.fullmatch(r"-?\d{1,9}(\.0+)?", plain):
            return int(plain.split(".")[0]), None
        return None, f"“{column.title}”：“{words[:40]}”不是整数，请改成数字，例如 3"
    if column.kind == "money":
        if MONEY.match(plain):
            return str(Decimal(plain)), None
        return None, f"“{column.title}”：“{words[:40]}”不是金额，请写成以元为单位的数字，例如 1250.00"
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None, f"“{column.title}”：“{words[:40]}”不是数字"
    if not number.is_finite() or abs(number) > 10**12:
        return None, f"“{column.title}”：“{words[:40]}”不是合理的数字"
    return str(number), None


def _many(column: Column, typed: object) -> tuple[Value, str | None]:
    parts = typed if isinstance(typed, list | tuple) else re.split(r"[、,，;；]", str(typed))
    chosen = [str(part).strip() for part in parts if str(part).strip()]
    wrong = [one for one in chosen if one not in column.choices]
    if wrong:
        return None, f"“{column.title}”：“{'、'.join(wrong)[:80]}”不在可选的 {'、'.join(column.choices)} 中"
    return [one for one in column.choices if one in chosen], None


def in_words(value: object) -> str:
    """值 in words: 是 and 否, lists joined, a blank as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)
