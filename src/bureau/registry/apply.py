"""写入登记册: turn differences into versions. Called inside the transaction of a commit; knows no user and no clock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

from bureau.registry.bulk import chunks, insert, update_by_id
from bureau.registry.columns import stored
from bureau.registry.compare import Difference
from bureau.registry.models import REGISTERS, Import, RegisterRow
from bureau.registry.names import pinyin_key
from bureau.registry.staged_file import StagedSheet
from junheng.tables import Column, Sheet


def _fields(model: type[RegisterRow]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname != "id"]


def derived(sheet: str, fields: dict[str, object], township_codes: Mapping[str, str]) -> None:
    """Work out the fields that follow from others, in place."""
    if sheet == "schools":
        fields["township_code"] = township_codes.get(str(fields["township"]))
        fields["pinyin"] = pinyin_key(fields["school_name"])  # type: ignore[arg-type]
    elif sheet in ("students", "teachers"):
        fields["pinyin"] = pinyin_key(fields["person_name"], person=True)  # type: ignore[arg-type]


def _from_file(sheet: Sheet, columns: Iterable[Column], staged: StagedSheet, index: int) -> dict[str, object]:
    fields: dict[str, object] = {}
    for column in columns:
        fields |= stored(sheet, column, staged.columns[column.name][index])
    return fields


def apply(
    of: Import,
    staged: StagedSheet,
    columns: Sequence[Column],
    found: Sequence[Difference],
    *,
    mine_wins: Collection[str],
    township_codes: Mapping[str, str],
) -> None:
    """Write the differences of one register as versions of the import's day. `mine_wins`: keys of settled conflicts."""
    model = REGISTERS[staged.sheet.name]
    names = _fields(model)
    changed = {d.current: d for d in found if d.current is not None and d.kind in ("changed", "conflict")}
    new = [d for d in found if d.kind == "new"]
    missing = [d.current for d in found if d.kind == "missing" and d.current is not None]

    rows: list[list[object]] = []
    replaced: list[int] = []
    ended: list[int] = []
    for part in chunks(changed, 10_000):
        for values in model._default_manager.filter(pk__in=part).values_list("id", *names):
            before = dict(zip(names, values[1:], strict=True))
            difference = changed[values[0]]
            after = dict(before)
            for change in difference.fields:
                if difference.index is not None and (not change.contested or difference.key in mine_wins):
                    column = columns[change.column]
                    after |= stored(staged.sheet, column, staged.columns[column.name][difference.index])
            derived(staged.sheet.name, after, township_codes)
            rows += _split(of, values[0], before, after, names, replaced, ended)
    for part in chunks(missing, 10_000):
        for values in model._default_manager.filter(pk__in=part).values_list("id", *names):
            before = dict(zip(names, values[1:], strict=True))
            rows += _split(of, values[0], before, None, names, replaced, ended)

    update_by_id(model, replaced, replaced_by=of)
    update_by_id(model, ended, valid_to=of.day, ended_by=of)
    until = _next_versions(model, of.day, [d.key for d in new])
    insert(
        model,
        names,
        chain(rows, (_new_row(of, staged, columns, d, names, until, township_codes) for d in new)),
    )


def _split(
    of: Import,
    identity: int,
    before: dict[str, object],
    after: dict[str, object] | None,
    names: Sequence[str],
    replaced: list[int],
    ended: list[int],
) -> list[list[object]]:
    """The versions that take the place of one row from the import's day on; `after` None ends it."""
    starts_before = isinstance(before["valid_from"], date) and before["valid_from"] < of.day
    rows: list[dict[str, object]] = []
    if starts_before and before["valid_to"] is None:
        ended.append(identity)
    else:
        replaced.append(identity)
        if starts_before:
            rows.append(before | {"valid_to": of.day})
    if after is not None:
        rows.append(after | {"valid_from": of.day})
    return [
        [
            (row | {"created_by_id": of.pk, "ended_by_id": None, "replaced_by_id": None})[name]
            for name in names
        ]
        for row in rows
    ]


def _new_row(
    of: Import,
    staged: StagedSheet,
    columns: Sequence[Column],
    difference: Difference,
    names: Sequence[str],
    until: Mapping[str, date],
    township_codes: Mapping[str, str],
) -> list[object]:
    fields: dict[str, object] = dict.fromkeys(names)
    fields |= _from_file(staged.sheet, columns, staged, difference.index or 0)
    fields |= {
        "key": difference.key,
        "county_code": of.county_code,
        "valid_from": of.day,
        "valid_to": until.get(difference.key),
        "created_by_id": of.pk,
    }
    derived(staged.sheet.name, fields, township_codes)
    return [fields[name] for name in names]


def _next_versions(model: type[RegisterRow], day: date, keys: Sequence[str]) -> dict[str, date]:
    """For keys that are not in force on the day but come later: the day they start."""
    later = model._default_manager.filter(replaced_by=None, valid_from__gt=day)
    if not keys or not later.exists():
        return {}
    starts: dict[str, date] = {}
    wanted = set(keys)
    for key, start in later.order_by("-valid_from").values_list("key", "valid_from"):
        if key in wanted:
            starts[key] = start
    return starts


def take_back(of: Import) -> None:
    """撤销: remove the versions the import added and lift the marks it set."""
    for sheet in of.sheets:
        model = REGISTERS[sheet]
        model._default_manager.filter(created_by=of).delete()
        model._default_manager.filter(ended_by=of).update(valid_to=None, ended_by=None)
        model._default_manager.filter(replaced_by=of).update(replaced_by=None)
