"""表的列怎样存进登记册: how the agreed columns are held as fields, compared, masked and shown."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from bureau.people.secret import (
    lookup,
    lookup_many,
    lookup_tail,
    mask_id,
    mask_phone,
    seal,
    seal_many,
    unseal,
)
from junheng.tables import Column, Sheet, codes

SEALED_KINDS = frozenset({"id_number", "enrolment_number", "phone"})
WITH_TAIL = frozenset(
    {("students", "id_number"), ("students", "enrolment_number"), ("teachers", "id_number")}
)


def is_sealed(column: Column) -> bool:
    """Whether the column is encrypted at rest."""
    return column.kind in SEALED_KINDS


def compared_field(column: Column) -> str:
    """The field by which two versions of the column are compared: the value, or the keyed hash of a sealed one."""
    return f"{column.name}_lookup" if is_sealed(column) else column.name


def compared_values(column: Column, values: Sequence[object]) -> list[object]:
    """A column of the file in the form in which the register compares it."""
    if is_sealed(column):
        return [code or None for code in lookup_many(str(value) if value else "" for value in values)]
    if column.kind == "areas":
        return [areas_text(value) for value in values]
    return list(values)


def areas_text(value: object) -> str | None:
    """(96.0, 98.5) → "96、98.5"; no room at all → "0"; blank stays blank."""
    if value is None:
        return None
    areas = value if isinstance(value, tuple | list) else (value,)
    return "、".join(f"{float(area):g}" for area in areas) or "0"


def areas_from_text(value: str | None) -> tuple[float, ...] | None:
    """The areas of each room; () when the school reports that it has none."""
    if value is None:
        return None
    return tuple(area for area in map(float, value.split("、")) if area > 0)


def stored(sheet: Sheet, column: Column, value: object) -> dict[str, object]:
    """The fields that one value of the file becomes."""
    if is_sealed(column):
        text = str(value) if value else ""
        fields: dict[str, object] = {
            column.name: seal(text) if text else None,
            f"{column.name}_lookup": lookup(text) if text else None,
        }
        if (sheet.name, column.name) in WITH_TAIL:
            fields[f"{column.name}_tail"] = lookup_tail(text[-4:]) if text else None
        return fields
    if column.kind == "areas":
        return {column.name: areas_text(value)}
    return {column.name: value}


def stored_columns(
    sheet: Sheet, column: Column, values: Sequence[object], compared: Sequence[object] | None
) -> dict[str, Sequence[object]]:
    """The fields that a column of the file becomes: as `stored`, for many rows at once.

    `compared` is the column as `compared_values` gave it, for columns that are compared in another form than they are read in.
    """
    if is_sealed(column):
        texts = [str(value) if value else "" for value in values]
        fields: dict[str, Sequence[object]] = {
            column.name: [sealed or None for sealed in seal_many(texts)],
            f"{column.name}_lookup": compared_values(column, values) if compared is None else compared,
        }
        if (sheet.name, column.name) in WITH_TAIL:
            ends = [text[-4:] for text in texts]
            # Of seventy thousand numbers only some ten thousand endings differ.
            codes = {end: lookup_tail(end) or None for end in set(ends)}
            fields[f"{column.name}_tail"] = [codes[end] for end in ends]
        return fields
    if column.kind == "areas":
        return {column.name: compared_values(column, values) if compared is None else compared}
    return {column.name: values}


@lru_cache(maxsize=64)
def _names(list_name: str) -> dict[str, str]:
    return codes(list_name)


def shown(column: Column, value: object) -> str:
    """A value as the clerk reads it; a sealed value must be given in clear and comes back masked."""
    if value is None or value == "":
        return "（空白）"
    if column.kind in ("id_number", "enrolment_number"):
        return mask_id(str(value))
    if column.kind == "phone":
        return mask_phone(str(value))
    if column.kind == "code":
        return _names(column.codes).get(str(value), str(value))
    if column.kind == "flag":
        return "是" if value else "否"
    if column.kind == "month":
        # As the database driver gives it, a date may be its ISO text.
        return f"{value:%Y-%m}" if isinstance(value, date) else str(value)[:7]
    if column.kind == "areas" and not isinstance(value, str):
        return areas_text(value) or ""
    if isinstance(value, float):
        return f"{value:,.10g}"
    return str(value)


def clear(column: Column, value: object) -> object:
    """A stored value in clear: sealed columns are decrypted, areas become a tuple, the rest stay."""
    if value is None:
        return None
    if is_sealed(column):
        return unseal(value) if isinstance(value, bytes | memoryview) else value
    if column.kind == "areas":
        return areas_from_text(str(value))
    return value
