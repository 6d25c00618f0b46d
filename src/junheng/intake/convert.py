"""转换: raw cells of one column → typed values. Each distinct value is understood once."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from junheng.intake import choices, dates, identity
from junheng.intake.cells import Flaw, bounded, clean, number, plain_text, quoted
from junheng.intake.model import Value
from junheng.intake.raw import Cell
from junheng.tables import Column, Kind

Converter: TypeAlias = Callable[[Column, Cell], Value | Flaw]
_MEMORY = 50_000  # distinct values remembered a column; more would cost memory and save little


def _text(column: Column, raw: Cell) -> Value | Flaw:
    return plain_text(raw)


def _integer(column: Column, raw: Cell) -> Value | Flaw:
    value = number(column, raw)
    if isinstance(value, Flaw):
        return value
    whole = round(value)
    if abs(value - whole) > 1e-9:
        return Flaw(f"{quoted(raw)}不是整数，请改成整数，例如 {column.example or whole}", "not_integer")
    return bounded(column, whole, raw)


def _decimal(column: Column, raw: Cell) -> Value | Flaw:
    value = number(column, raw)
    if isinstance(value, Flaw):
        return value
    return bounded(column, float(value), raw)


def _year(column: Column, raw: Cell) -> Value | Flaw:
    return _integer(column, dates.to_year(column, raw))


CONVERTERS: dict[Kind, Converter] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "date": dates.to_date,
    "month": dates.to_month,
    "year": _year,
    "flag": choices.to_flag,
    "code": choices.to_code,
    "areas": choices.to_areas,
    "school_code": identity.to_school_code,
    "id_number": identity.to_id_number,
    "enrolment_number": identity.to_enrolment_number,
    "phone": identity.to_phone,
}


class ColumnReader(dict[Cell, "Value | Flaw"]):
    """一列的转换: a memory of what each raw value means, filled as values are met."""

    def __init__(self, column: Column, converter: Converter | None = None) -> None:
        super().__init__()
        self.column = column
        self.convert = converter or CONVERTERS[column.kind]
        self.blank: Value | Flaw = (
            Flaw(f"不能为空，请填写{column.heading}", "blank") if column.required else None
        )
        self.flawed = False
        self._remember_blank()

    def _remember_blank(self) -> None:
        self.clear()
        self[""] = self.blank
        self.flawed = False

    def __missing__(self, raw: Cell) -> "Value | Flaw":
        blank = isinstance(raw, str) and not raw.isalnum() and not clean(raw)
        answer = self.blank if blank else self.convert(self.column, raw)
        if isinstance(answer, Flaw):
            self.flawed = True
        self[raw] = answer
        return answer

    def read(self, raw: Sequence[Cell]) -> tuple[list[Value], list[tuple[int, Flaw, Cell]]]:
        """The typed values, and each flaw with its place in `raw`."""
        if len(self) > _MEMORY:
            self._remember_blank()
        if bool in set(map(type, raw)):  # TRUE would be taken for the number 1
            raw = ["TRUE" if cell is True else "FALSE" if cell is False else cell for cell in raw]
        found = list(map(self.__getitem__, raw))
        if not self.flawed and (self.blank is None or "" not in raw):
            return found, []  # type: ignore[return-value]  # no flaw among them
        flaws = [(place, flaw, raw[place]) for place, flaw in enumerate(found) if type(flaw) is Flaw]
        for place, flaw, _ in flaws:
            found[place] = flaw.value
        return found, flaws  # type: ignore[return-value]
