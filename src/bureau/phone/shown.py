"""来件的画面: one record as it came, whatever it is about, and what stands there now beside what it says."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bureau.phone import casework, rollcalls
from bureau.phone.keeping import as_record, both
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
    position: Any = field(default=None)


def shown(receipt: Receipt) -> Shown:
    """来件 with its clashes. While one is open, what stands there now counts, not what stood there when the record came."""
    record = as_record(receipt.sealed)
    if isinstance(record, RollRecord):
        return _roll(receipt, record)
    case = casework.find(record.case)
    titles = casework.titles(case) if case else {}
    now = case.fields if case else {}
    return Shown(
        name=case.label if case else _("没有这个个案"),
        values=[(titles.get(name, name), casework.shown(value)) for name, value in record.values.items()],
        text=record.text,
        clashes=[
            _beside(clash, mine, now.get(clash.column) if not clash.choice else theirs)
            for clash in receipt.clashes.all()
            for mine, theirs in [both(clash.sealed)]
        ],
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
        clashes=[
            _beside(clash, mine, rollcalls.words_now(record) if not clash.choice else theirs)
            for clash in receipt.clashes.all()
            for mine, theirs in [both(clash.sealed)]
        ],
        revision=rollcalls.version_now(record),
    )


def _beside(clash: Any, mine: object, theirs: object) -> dict[str, Any]:
    return {"clash": clash, "mine": casework.shown(mine), "theirs": casework.shown(theirs)}
