"""写入登记册: turn differences into versions. Prepared before the transaction of a commit, written inside it; knows no user and no clock.

A changed row is copied inside the database with only its changed fields given, so that seventy thousand pupils moving
up a grade never pass through Python.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat

from bureau.registry.bulk import Copy, Waiting, spans, to_copy, to_insert, update_by_id
from bureau.registry.columns import stored, stored_columns
from bureau.registry.compare import Difference
from bureau.registry.import_models import Import
from bureau.registry.models import REGISTERS, RegisterRow
from bureau.registry.names import pinyin_key
from bureau.registry.queries import as_raw
from bureau.registry.staged_file import StagedSheet
from junheng.tables import Column


def derived(sheet: str, fields: dict[str, object], township_codes: Mapping[str, str]) -> None:
    """Work out the fields that follow from those given, in place."""
    if sheet == "schools":
        if "township" in fields:
            fields["township_code"] = township_codes.get(str(fields["township"]))
        if "school_name" in fields:
            fields["pinyin"] = pinyin_key(fields["school_name"])  # type: ignore[arg-type]
    elif "person_name" in fields:
        fields["pinyin"] = pinyin_key(fields["person_name"], person=True)  # type: ignore[arg-type]


@dataclass(slots=True)
class Prepared:
    """备好的写入 of one register: ids of versions to end or to replace, and the rows waiting to take their place."""

    of: Import
    model: type[RegisterRow]
    replaced: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    def write(self) -> None:
        """Inside the transaction, after the register's version is found unchanged since the review."""
        update_by_id(self.model, self.replaced, replaced_by=self.of)
        update_by_id(self.model, self.ended, valid_to=self.of.day, ended_by=self.of)
        for rows in self.waiting:
            rows.write()

    def drop(self) -> None:
        """Forget what waits, written or not."""
        for rows in self.waiting:
            rows.drop()


def prepare(
    of: Import,
    staged: StagedSheet,
    columns: Sequence[Column],
    found: Sequence[Difference],
    *,
    mine_wins: Collection[str],
    township_codes: Mapping[str, str],
) -> Prepared:
    """The differences of one register as versions of the import's day. `mine_wins`: keys of settled conflicts."""
    sheet = staged.sheet
    made = Prepared(of, REGISTERS[sheet.name])

    def fields_of(difference: Difference, wanted: Sequence[Column]) -> dict[str, object]:
        fields: dict[str, object] = {}
        for column in wanted:
            fields |= stored(sheet, column, staged.columns[column.name][difference.index or 0])
        derived(sheet.name, fields, township_codes)
        return fields

    changed: dict[int, dict[str, object] | None] = {}
    for difference in found:
        if difference.current is None:
            continue
        if difference.kind == "missing":
            changed[difference.current] = None
        elif difference.kind in ("changed", "conflict"):
            taken = [
                columns[change.column]
                for change in difference.fields
                if not change.contested or difference.key in mine_wins
            ]
            if taken:
                changed[difference.current] = fields_of(difference, taken)
    if changed:
        _supersede(made, changed)
    new = [difference for difference in found if difference.kind == "new"]
    if new:
        made.waiting.append(_new(of, staged, columns, new, township_codes))
    return made


def _new(
    of: Import,
    staged: StagedSheet,
    columns: Sequence[Column],
    new: Sequence[Difference],
    township_codes: Mapping[str, str],
) -> Waiting:
    """Rows whose key was not in force on the day, column by column."""
    model = REGISTERS[staged.sheet.name]
    keys = [difference.key for difference in new]
    until = _next_versions(of, model, keys)
    places = [difference.index or 0 for difference in new]
    held: dict[str, Iterable[object]] = {
        "key": keys,
        "county_code": repeat(of.county_code),
        "valid_from": repeat(as_raw([of.day])[0]),
        "valid_to": as_raw([until.get(key) for key in keys]),
        "created_by_id": repeat(of.pk),
    }
    for column in columns:
        values = [staged.columns[column.name][place] for place in places]
        compared = staged.compared.get(column.name)
        known = [compared[place] for place in places] if compared else None
        if column.kind in ("date", "month"):
            values = list(as_raw(values))
        held |= stored_columns(staged.sheet, column, values, known)
    if staged.sheet.name == "schools":
        held["township_code"] = [township_codes.get(str(name)) for name in held["township"]]
        held["pinyin"] = [pinyin_key(str(name)) for name in held["school_name"]]
    elif staged.sheet.personal:
        held["pinyin"] = [pinyin_key(str(name), person=True) for name in held["person_name"]]
    names = [one.attname for one in model._meta.concrete_fields if one.attname != "id"]
    return to_insert(model, names, zip(*(held.get(name, repeat(None)) for name in names), strict=False))


def _supersede(made: Prepared, changed: Mapping[int, dict[str, object] | None]) -> None:
    """Close the versions in force and put what follows in their place; None ends a row without a successor."""
    of, model = made.of, made.model
    copies: list[Copy] = []
    marks: dict[str, object] = {"created_by_id": of.pk, "ended_by_id": None, "replaced_by_id": None}
    for identity, start, end in spans(model, changed):
        if start < of.day and end is None:
            made.ended.append(identity)
        else:
            made.replaced.append(identity)
            if start < of.day:
                copies.append((identity, marks | {"valid_to": of.day}))
        fields = changed[identity]
        if fields is not None:
            copies.append((identity, fields | marks | {"valid_from": of.day, "valid_to": end}))
    if copies:
        made.waiting.append(to_copy(model, copies))


def _next_versions(of: Import, model: type[RegisterRow], keys: Sequence[str]) -> dict[str, date]:
    """For keys that are not in force on the day but come later: the day they start."""
    later = model._default_manager.filter(county_code=of.county_code, replaced_by=None, valid_from__gt=of.day)
    if not keys or not later.exists():
        return {}
    wanted = set(keys)
    starts = later.order_by("-valid_from").values_list("key", "valid_from")
    return {key: start for key, start in starts.iterator(20_000) if key in wanted}


def take_back(of: Import) -> None:
    """撤销: remove the versions the import added and lift the marks it set."""
    for sheet in of.sheets:
        model = REGISTERS[sheet]
        model._default_manager.filter(created_by=of).delete()
        model._default_manager.filter(ended_by=of).update(valid_to=None, ended_by=None)
        model._default_manager.filter(replaced_by=of).update(replaced_by=None)
