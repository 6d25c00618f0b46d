"""自动算出的栏目 of a case, brought up to date with each step; what rests on restricted columns is sealed like them."""

from collections.abc import Collection, Mapping
from datetime import date

from bureau.cases import change
from bureau.cases.filling import Sealed
from bureau.cases.models import Case, Event
from junheng.policy.ledgers import Ledger, Record, needs_records, work_out


def tally(case: Case, of: Ledger, sealed: Sealed, typed: Collection[str], *, move: str, day: date) -> None:
    """Puts the computed values into the case or among the sealed ones. `move` "" is a correction, which is no record of its own."""
    computed = [column for column in of.columns if column.tally is not None]
    if not computed:
        return
    known: dict[str, object] = dict(case.fields)
    for access in {column.access for column in computed} - {"child"}:
        known |= change.restricted(case, access) if case.pk else {}
        known |= sealed.get(access, {})
    records = _records(case) if needs_records(of) else []
    if move:
        records.append(Record(move, day, {name: case.fields.get(name) for name in typed}))
    for name, value in work_out(of, known, records, day).items():
        access = of.column(name).access
        if access != "child":
            if known.get(name) != value:
                sealed.setdefault(access, {})[name] = value
        elif value is None:
            case.fields.pop(name, None)
        else:
            case.fields[name] = value


def _records(case: Case) -> list[Record]:
    if not case.pk:
        return []
    done = Event.objects.filter(of=case, what__in=(Event.What.MOVED, Event.What.PASSED)).order_by("id")
    return [
        Record(move, day, _mapping(fields)) for move, day, fields in done.values_list("move", "day", "fields")
    ]


def _mapping(fields: object) -> Mapping[str, object]:
    return fields if isinstance(fields, dict) else {}
