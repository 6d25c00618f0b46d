"""表 → 行: the one place where a lazy table is computed and becomes Python values."""

from collections.abc import Callable, Iterator
from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]
Keep = Callable[[Frame], Frame]
Type = Any  # narwhals' own union of types is private


def rows(frame: Frame) -> Iterator[dict[str, Any]]:
    """Compute `frame` and give its rows as {column: value}. No order is promised.

    Asks the engine's own table directly, because narwhals' `collect` would need pyarrow or pandas.
    """
    native = nw.to_native(frame)
    names = list(native.columns)
    found = native.fetchall() if hasattr(native, "fetchall") else native.collect()
    for row in found:
        yield dict(zip(names, row, strict=True))


def blank(kind: Type) -> nw.Expr:
    """A column of blanks (未报) of the given type."""
    return nw.lit(None).cast(kind)


def completed(frame: Frame, columns: dict[str, Type]) -> Frame:
    """The frame with exactly `columns`, in that order; those it lacks are blank."""
    schema = frame.collect_schema()
    present = set(schema.names())
    if list(schema.items()) == list(columns.items()):
        return frame
    return frame.select(
        *[
            (nw.col(name) if name in present else blank(kind)).cast(kind).alias(name)
            for name, kind in columns.items()
        ]
    )


def as_planned(frame: Frame) -> Frame:
    """Keep nothing: the whole computation stays one plan. The default where an engine's `keep` is not given."""
    return frame
