"""单元格: what every converter shares: a flaw, clean text, numbers."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from junheng.intake.model import Severity, Value
from junheng.intake.raw import Cell
from junheng.intake.safety import UNCALCULATED
from junheng.tables import Column

ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|_x00[01][0-9A-Fa-f]_")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SUSPECT = frozenset("=+-@#")
_NOTHING = frozenset(
    ("-", "--", "—", "——", "/", "\\", "无", "空", "暂无", "不详", "未知", "?", "？", "N/A", "NA")
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """一处毛病: what is wrong with one value, before it is known where. `value` is what is kept of it (None: nothing)."""

    message: str
    code: str
    value: Value = None
    severity: Severity = "error"


def shown(raw: Cell | None) -> str:
    """The value as the clerk sees it in Excel, as closely as can be told."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.strftime("%Y-%m-%d %H:%M")
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, time | timedelta):
        return str(raw)
    return str(raw)


def quoted(raw: Cell | str | None) -> str:
    """“…”, cut where it would make a sentence unreadable."""
    text = " ".join(shown(raw).split())
    return f"“{text[:30]}…”" if len(text) > 31 else f"“{text}”"


def clean(raw: Cell) -> str:
    """Text without the blanks around it and the invisible characters that copying from the web leaves."""
    text = (raw if isinstance(raw, str) else shown(raw)).strip()
    if text.isprintable() and "_x0" not in text:
        return text
    text = text.translate(_INVISIBLE).replace("_x000D_", "").replace("\r\n", "\n").replace("\xa0", " ")
    return text.strip()


def cell_text(value: object) -> str:
    """单元格文字 of a form that people fill in: whole numbers without their point, days as 2026-09-01, truth as 是 or 否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return "" if value is None else clean(value if isinstance(value, str | int | float) else str(value))


def narrow(raw: Cell) -> str:
    """The same in half-width characters, as NFKC makes them: for numbers, dates and codes only."""
    text = clean(raw)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def error_cell(text: str) -> Flaw | None:
    """A flaw when the text is one of Excel's error values."""
    if not text.startswith("#"):
        return None
    if text == UNCALCULATED:
        return Flaw(
            "公式还没有计算结果，请在 Excel 中打开并保存一次，或直接填写数值", "formula_without_result"
        )
    if text.upper() in ERRORS:
        return Flaw(f"“{text}”是公式出错的结果，请改正公式，或直接填写数值", "error_cell")
    return None


def plain_text(raw: Cell) -> Value | Flaw:
    """文本: kept as written; control characters are taken out, and what Excel would run as a formula is pointed out."""
    text = clean(raw)
    if text.isprintable() and text[:1] not in _SUSPECT and "_x0" not in text:
        return text or None
    if flaw := error_cell(text):
        return flaw
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text).strip()
        return Flaw(
            f"{quoted(text)}含有看不见的控制字符，已去掉，请核对",
            "control_characters",
            text or None,
            "warning",
        )
    if text[:1] in "=+-@" and len(text) > 1 and not _NUMBER.fullmatch(text):
        return Flaw(
            f"{quoted(text)}以“{text[0]}”开头，像是公式；已按文字保存，不会运行，请核对",
            "formula_text",
            text,
            "warning",
        )
    return text or None


def chinese_number(text: str) -> int | None:
    """九百 → 900; only used to show what to type, never to guess a value. None when it is not a plain numeral."""
    total = section = digit = 0
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in _TENS:
            section += (digit or 1) * _TENS[letter]
            digit = 0
        elif letter == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        else:
            return None
    return total + section + digit


def number(column: Column, raw: Cell) -> float | int | Flaw:
    """数: an int or a float (not yet bounded). The column's own unit after the number is allowed."""
    if isinstance(raw, int | float):
        return raw
    kind = "整数" if column.kind in ("integer", "year") else "数字"
    if isinstance(raw, date | time | timedelta):
        return Flaw(
            f"{quoted(raw)}是日期或时间，不是{kind}；请把单元格格式改为“常规”后重新填写", "not_number"
        )
    text = narrow(raw)
    if flaw := error_cell(text):
        return flaw
    bare = text.replace(" ", "")
    unit = narrow(column.unit)
    if unit and bare.endswith(unit):
        bare = bare.removesuffix(unit)
    if unit == "m2" and bare.endswith(("平方米", "平米")):
        bare = bare.removesuffix("平方米").removesuffix("平米")
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    if _NUMBER.fullmatch(bare) and len(bare) < 40:
        value = float(bare)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if text in _NOTHING:
        return Flaw(f"{quoted(raw)}不是{kind}；没有数据请留空，确实没有请填 0", "not_number")
    example = chinese_number(bare.removesuffix("人")) if bare else None
    hint = str(example) if example else column.example or "12"
    return Flaw(f"{quoted(raw)}不是{kind}，请改成数字，例如 {hint}", "not_number")


def bounded(column: Column, value: float | int, raw: Cell) -> float | int | Flaw:
    """The number when it lies within the column's bounds."""
    low, high = column.minimum, column.maximum
    unit = f" {column.unit}" if column.unit else ""
    if low is not None and value < low:
        what = "不能是负数" if low == 0 else f"不能小于 {low:g}{unit}"
        return Flaw(f"{quoted(raw)}{what}，请核对后改正", "too_small")
    if high is not None and value > high:
        return Flaw(f"{quoted(raw)}太大，不能超过 {high:.10g}{unit}，请核对数字和单位", "too_large")
    low, high = column.unusual
    if (low is not None and value < low) or (high is not None and value > high):
        limit = f"小于 {low:g}" if low is not None and value < low else f"超过 {high:g}"
        return Flaw(f"{quoted(raw)}{limit}{unit}，很少见，请核对", "unusual", value, "warning")
    return value
