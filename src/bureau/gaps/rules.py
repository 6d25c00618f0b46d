"""缺口的说法: amounts in words, and what the data says against a claim. Pure; who may do what stands in the ledger."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

LEDGER = "gaps"
# Titles of the ledger's evidence from which amounts are read.
TITLE, STAGE, CODE, SHORTAGE, UNIT, DAY = "指标", "学段", "指标代码", "缺口", "单位", "数据日期"


class Line(Protocol):
    """一条缺口, as far as the words look at it."""

    @property
    def phase(self) -> str: ...
    @property
    def contradiction(self) -> str: ...
    @property
    def evidence(self) -> Mapping[str, object]: ...


def amount(shortage: float, unit: str) -> str:
    """“3 名”“412 ㎡”“18.6 万元”: people and rooms whole, others with at most two decimals, never rounded to 0."""
    rounded = round(shortage, 2) if abs(shortage) < 100 else round(shortage, 1)
    text = f"{rounded:,.2f}".rstrip("0").rstrip(".")
    if text in ("0", "-0") and shortage > 0:
        return f"不足 0.01 {unit}"
    return f"{text} {unit}"


def found_amount(evidence: Mapping[str, object]) -> float | None:
    """The shortage that the data showed last; None where a county's own ledger shows none."""
    return number_of(evidence.get(SHORTAGE))


def number_of(value: object) -> float | None:
    """A number as it is stored in words; None where there is none."""
    try:
        return float(str(value))
    except ValueError:
        return None


def unproven(line: Line) -> str | None:
    """已报完成而数据没有证实: what the data says against a claim, as a sentence; None when nothing was claimed."""
    if line.phase != "claimed":
        return None
    found, day = found_amount(line.evidence), line.evidence.get(DAY)
    try:
        when = date.fromisoformat(str(day))
        words = f"{when.year}年{when.month}月{when.day}日的数据"
    except ValueError:
        words = "数据"
    still = f"{words}仍缺 {amount(found, str(line.evidence.get(UNIT, '')))}" if found else f"{words}仍有缺口"
    if line.contradiction:
        return f"与数据矛盾：已报完成，但{still}"
    return f"已报完成，但{still}；导入新数据证实前不能销号"
