"""日期: dates as a cell, as a serial number or as any text met in practice; never a guess between day and month."""

import re
from datetime import date, datetime, time, timedelta

from junheng.intake.cells import Flaw, error_cell, narrow, quoted
from junheng.intake.model import Value
from junheng.intake.raw import Cell
from junheng.tables import Column

_EPOCH = date(1899, 12, 30)
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)
_SERIALS = range(7306, 73_416)  # 1920 to 2100; smaller numbers are something else
_ANY = Column("day", "日期", "date", meaning="")
_CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _CLOCK)
_DAY8 = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_MONTH6 = re.compile(r"(\d{4})(\d{2})")


def to_date(column: Column, raw: Cell) -> Value | Flaw:
    """日期: a datetime.date."""
    example = column.example or "2015-03-08"
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return _plausible(raw, raw)
    if isinstance(raw, time | timedelta):
        return Flaw(f"{quoted(raw)}是时间，不是日期，请改成 {example} 的样子", "not_date")
    if isinstance(raw, float | int) or narrow(raw).isdecimal():
        return _from_digits(raw, example)
    text = narrow(raw)
    if flaw := error_cell(text):
        return flaw
    if found := _DAY.fullmatch(text):
        return _made(raw, *map(int, found.groups()))
    if _MONTH.fullmatch(text):
        return Flaw(f"{quoted(raw)}缺少日，请写全年月日，例如 {example}", "not_date")
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text):
        return Flaw(f"{quoted(raw)}分不清年、月、日，请改成四位年份在前，例如 {example}", "not_date")
    return Flaw(f"{quoted(raw)}不是日期，请改成 {example} 的样子", "not_date")


def cell_day(value: object) -> date | None:
    """单元格里的日期 of a form that people fill in, however it was written; None when it is empty or no day."""
    if isinstance(value, bool) or not isinstance(value, str | float | int | date):
        return None
    found = to_date(_ANY, value)
    return found if isinstance(found, date) else None


def _from_digits(raw: Cell, example: str) -> Value | Flaw:
    text = narrow(raw)
    whole = int(float(text))
    if found := _DAY8.fullmatch(str(whole)):
        return _made(raw, *map(int, found.groups()))
    if whole in _SERIALS:
        return _EPOCH + timedelta(days=whole)
    return Flaw(f"{quoted(raw)}不是日期，请改成 {example} 的样子", "not_date")


def _made(raw: Cell, year: int, month: int, day: int) -> Value | Flaw:
    try:
        return _plausible(date(year, month, day), raw)
    except ValueError:
        return Flaw(f"{quoted(raw)}没有这一天，请核对年月日", "no_such_day")


def _plausible(value: date, raw: Cell) -> Value | Flaw:
    if _FIRST <= value <= _LAST:
        return value
    return Flaw(f"{quoted(raw)}的年份不合理，请核对", "implausible_date")


def to_month(column: Column, raw: Cell) -> Value | Flaw:
    """年月: the first day of the month. A full date is cut to its month."""
    example = column.example or "2023-09"
    if isinstance(raw, float) and not raw.is_integer():
        # Excel turns 2010.10 into 2010.1, so only a second digit (or a digit above 1) tells the month.
        year, _, month = repr(raw).partition(".")
        if month == "1":
            return Flaw(f"{quoted(raw)}分不清是1月还是10月，请改成 {year}-01 或 {year}-10", "not_date")
        raw = f"{year}-{month}"
    text = narrow(raw)
    if text.isdecimal() and (found := _MONTH6.fullmatch(text)):
        return _made(raw, int(found[1]), int(found[2]), 1)
    if not isinstance(raw, date) and (found := _MONTH.fullmatch(text)):
        return _made(raw, int(found[1]), int(found[2]), 1)
    answer = to_date(column, raw)
    if isinstance(answer, date):
        return answer.replace(day=1)
    if isinstance(answer, Flaw) and answer.code == "not_date":
        return Flaw(f"{quoted(raw)}不是年月，请改成 {example} 的样子", "not_date")
    return answer


def to_year(column: Column, raw: Cell) -> int | str | Cell:
    """年份 as a number or text that `number` can read: 2012年, 2012-09 and a date cell give 2012."""
    if isinstance(raw, date):
        return raw.year
    text = narrow(raw)
    found = re.fullmatch(r"(\d{4})\s*年?|(\d{4})[-/.年]\d{1,2}.*", text)
    return int(found[1] or found[2]) if found else raw
