"""来件的画面: one record as it came, whatever it is about, and what stands there now beside what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bureau.phone import casework, rollcalls
from bureau.phone.keeping import as_record, both
from bureau.phone.lines import Position
from bureau.phone.models import Receipt
from bureau.phone.roll_lines import RollRecord


@dataclass(frozen=True, slots=True)
class Shown:
    """来件 for its page. `revision` names what is shown beside it, so that a decision holds for that and nothing else."""

    name: str
    values: list[tuple[str, str]]
    text: str
    clashes: list[dict[str, Any]]
    revision: int | None = None
    case: casework.Case | None = None
    position: Position | None = None


def shown(receipt: Receipt) -> Shown:
    """来件 with its clashes. While one is open, what stands there now counts, not what stood there when the record came."""
    record = as_record(receipt.sealed)
    if isinstance(record, RollRecord):
        return _roll(receipt, record)
    case = casework.find(record.case)
    titles = casework.titles(case) if case else {}
    return Shown(
        name=case.label if case else _("没有这个个案"),
        values=[(titles.get(name, name), casework.shown(value)) for name, value in record.values.items()],
        text=record.text,
        clashes=_clashes(receipt, case.fields if case else {}),
        revision=case.revision if case else None,
        case=case,
        position=record.position,
    )


def _roll(receipt: Receipt, record: RollRecord) -> Shown:
    values = [(_("点名"), rollcalls.words(record))]
    if record.reason:
        values.append((_("更正原因"), record.reason))
    return Shown(
        name=receipt.about,
        values=values,
        text="",
        clashes=_clashes(receipt, {rollcalls.COLUMN: rollcalls.words_now(record)}),
        revision=rollcalls.version_now(record),
    )


def _clashes(receipt: Receipt, now: Mapping[str, object]) -> list[dict[str, Any]]:
    found = []
    for clash in receipt.clashes.all():
        mine, theirs = both(clash.sealed)
        current = theirs if clash.choice else now.get(clash.column)
        found.append({"clash": clash, "mine": casework.shown(mine), "theirs": casework.shown(current)})
    return found
