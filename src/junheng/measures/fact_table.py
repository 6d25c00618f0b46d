"""事实表: the columns that every facts table has, and facts from the flat 校表."""

from collections.abc import Iterable
from typing import Any

import narwhals as nw

from junheng.measures.model import FactRow
from junheng.measures.rows import Frame, Type, completed
from junheng.policy import Pack

PLAIN: dict[str, Type] = {
    "county": nw.String,
    "school_code": nw.String,
    "school": nw.String,
    "stage": nw.String,
    "kind": nw.String,
    "organizer": nw.String,
    "locale": nw.String,
    "students": nw.Int64,
    "grades": nw.Int64,
    "classes": nw.Int64,
    "in_scope": nw.Boolean,
    "reason": nw.String,
    "reliefs": nw.String,
    "split": nw.String,
}
STAGES = ("小学", "初中")


def numerators(pack: Pack) -> list[str]:
    """The amount columns that the pack's resource indicators need, in their order."""
    return list(dict.fromkeys(resource.numerator for resource in pack.resources))


def flat_facts(table: Frame, pack: Pack) -> Frame:
    """校表 → 事实: blanks stay blank; every row of 小学 or 初中 is in scope; a missing 县区 is "" (one county)."""
    columns = PLAIN | dict.fromkeys(numerators(pack), nw.Float64)
    frame = completed(table, columns)
    texts = [nw.col(name).fill_null("") for name in ("county", "school_code", "reason", "reliefs", "split")]
    return frame.with_columns(*texts, nw.col("in_scope").fill_null(True)).filter(
        nw.col("stage").is_in(list(STAGES))
    )


def fact_rows(found: Iterable[dict[str, Any]], pack: Pack) -> list[FactRow]:
    """Computed facts as rows, ordered by county, school and stage."""
    names = numerators(pack)
    answer = [
        FactRow(
            county=row["county"],
            school_code=row["school_code"],
            school=row["school"],
            stage=row["stage"],
            students=row["students"],
            amounts={name: row[name] for name in names},
            kind=row["kind"],
            organizer=row["organizer"],
            locale=row["locale"],
            grades=row["grades"],
            classes=row["classes"],
            in_scope=row["in_scope"],
            reason=row["reason"],
            reliefs=tuple(row["reliefs"].split()),
            split=row["split"],
        )
        for row in found
    ]
    return sorted(answer, key=order)


def order(row: Any) -> tuple[str, str, str, int]:
    """Sorting key of anything with county, school_code, school and stage."""
    stage = STAGES.index(row.stage) if row.stage in STAGES else len(STAGES)
    return row.county, row.school_code, row.school, stage
