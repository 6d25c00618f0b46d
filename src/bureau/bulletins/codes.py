"""起草用的编号和字句: codes of figures as a text prints them, days and units in words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from bureau.bulletins.fact_rows import Facts, Unit
from bureau.bulletins.figures import FigureFact

MOST = 8


class Codes:
    """编号: F1, F2 … in the order in which the text first prints a figure; `known` keeps the codes it already has."""

    def __init__(self, figures: Mapping[str, FigureFact], known: Mapping[str, str] | None = None) -> None:
        self.figures = figures
        self.codes = dict(known or {})

    def __call__(self, key: str) -> str:
        """The figure as printed, with its mark; KeyError for a figure that there is not."""
        value = self.figures[key].value
        if key not in self.codes:
            last = max((int(code[1:]) for code in self.codes.values()), default=0)
            self.codes[key] = f"F{last + 1}"
        return f"{value}〔{self.codes[key]}〕"


def day_words(day: date) -> str:
    """2026年9月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def late_units(facts: Facts) -> list[Unit]:
    """Units with overdue duties, those with most first."""
    counts = {unit: sum(1 for one in facts.duties if one.late and unit in one.leads) for unit in facts.units}
    return sorted((unit for unit in facts.units if counts[unit]), key=lambda unit: -counts[unit])


def names(units: Sequence[Unit]) -> str:
    """Units in a row."""
    return "、".join(one.name for one in units)


def led_by(units: Sequence[Unit]) -> str:
    """（教育体育局）, nothing where nobody leads."""
    return f"（{names(units)}）" if units else ""


def joined(units: Sequence[Unit]) -> str:
    """A few units in a row, the rest as 等单位; each once."""
    once = list(dict.fromkeys(units))
    return names(once[:MOST]) + ("等单位" if len(once) > MOST else "")


def more(rows: Sequence[object], words: str = "等") -> str:
    """What follows a list that was cut."""
    return words if len(rows) > MOST else ""
