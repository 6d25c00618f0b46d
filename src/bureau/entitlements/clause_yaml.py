"""县级条款包的内容: one county's pack as rows that may be changed, and back to YAML. Pure."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import yaml

from bureau.people.rules import Refused
from junheng.policy.clauses import raw_of

Row = dict[str, Any]
# A rate says these for its own period; everything else belongs to the whole clause.
RATE = (
    "amount",
    "per",
    "units",
    "grades",
    "document",
    "item",
    "quote",
    "status",
    "assumed",
    "assumption",
    "note",
)


def new_pack(county_code: str, county_name: str, extends: Iterable[str]) -> Row:
    """An empty pack of a county, on top of the shipped ones."""
    return {
        "kind": "aid",
        "id": f"c{county_code}",
        "title": f"{county_name}县级条款",
        "extends": list(extends),
        "scope": [county_code],
        "entered_by": "",
        "checked_by": "",
        "documents": [],
        "groups": [],
        "clauses": [],
    }


def read(text: str) -> Row:
    """YAML → a pack that may be changed. Raises PackError."""
    return copy.deepcopy(raw_of(text))


class _Plain(yaml.SafeDumper):
    """Without anchors: a clerk who opens the file reads each row whole."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def write(pack: Mapping[str, Any]) -> str:
    """A pack → YAML, in the order in which it was written."""
    return yaml.dump(dict(pack), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=1000)


def row_of(pack: Mapping[str, Any], shipped: Sequence[Mapping[str, Any]], clause_id: str) -> Row | None:
    """The row behind a clause (of a tier: that of the whole clause), as this county's pack would write it; a copy."""
    wanted = clause_id.partition("/")[0]
    for raw in (pack, *reversed(shipped)):
        for row in raw.get("clauses") or []:
            if str(row.get("id")) == wanted:
                return copy.deepcopy(dict(row)) if raw is pack else _as_own(raw, row, pack)
    return None


def is_own(pack: Mapping[str, Any], clause_id: str) -> bool:
    """Whether the pack itself holds the clause."""
    wanted = clause_id.partition("/")[0]
    return any(str(row.get("id")) == wanted for row in pack.get("clauses") or [])


def _as_own(raw: Mapping[str, Any], row: Mapping[str, Any], pack: Mapping[str, Any]) -> Row:
    """A row of a pack above with what that pack says for all its rows; its examples speak of this county."""
    made = copy.deepcopy(dict(row))
    county = str(pack["scope"][0])
    lapse = raw.get("lapses")
    if isinstance(lapse, Mapping) and "rates" not in made and made.get("until") is None:
        later = {"since": lapse["since"], "assumed": True, "assumption": str(lapse["assumption"])}
        made["rates"] = [{}, later]
    made.pop("areas", None)
    made.setdefault("entered_by", str(raw.get("entered_by") or ""))
    made["examples"] = [
        {**one, "county": county}
        for one in made.get("examples") or []
        if not one.get("county") or county.startswith(str(one["county"]))
    ]
    return made


def put(pack: Row, row: Row) -> None:
    """Add the clause, or let it take the place of the one with its id."""
    rows: list[Row] = pack["clauses"]
    for place, one in enumerate(rows):
        if str(one.get("id")) == str(row["id"]):
            rows[place] = row
            return
    rows.append(row)


def remove(pack: Row, clause_id: str) -> None:
    """Take the clause out of this pack; a clause of a pack above shows again."""
    pack["clauses"] = [row for row in pack["clauses"] if str(row.get("id")) != clause_id]


def new_id(pack: Mapping[str, Any], taken: Iterable[str]) -> str:
    """An id that no clause of the county ever had: numbers go up."""
    start = f"{pack['id']}."
    numbers = [0]
    for name in [*taken, *(str(row.get("id")) for row in pack.get("clauses") or [])]:
        tail = name.removeprefix(start).partition("/")[0]
        if name.startswith(start) and tail.isdecimal():
            numbers.append(int(tail))
    return f"{start}{max(numbers) + 1}"


def put_document(pack: Row, known: Iterable[tuple[str, str, str]], number: str, title: str) -> str:
    """The key of a document: of one that is known (key, number, title) already, else of a new entry."""
    for key, its_number, its_title in known:
        if (number and number == its_number) or (not number and title and title == its_title):
            return key
    taken = {str(one.get("key")) for one in pack["documents"]}
    count = len(taken) + 1
    while f"{pack['id']}文件{count}" in taken:
        count += 1
    key = f"{pack['id']}文件{count}"
    pack["documents"].append({"key": key, "number": number, "title": title})
    return key


def normal(row: Row) -> Row:
    """The clause with what belongs to a period written in each of its `rates`, oldest first; a copy."""
    made = copy.deepcopy(row)
    common = {key: made.pop(key) for key in (*RATE, "since", "until") if key in made}
    first, *others = made.get("rates") or [{}]
    # Dates written beside the rates are those of the first; the others say their own.
    words = {key: value for key, value in common.items() if key in RATE}
    made["rates"] = [{**common, **first}, *({**words, **one} for one in others)]
    return made


def ended(row: Row, since: date) -> Row:
    """The clause as it was until the day before `since`. Refused when that is not after its last period began."""
    made = normal(row) if row.get("rates") else copy.deepcopy(row)
    last = made["rates"][-1] if made.get("rates") else made
    began, until = last.get("since"), last.get("until")
    if isinstance(until, date) and until >= since:
        raise Refused(f"{since} 起的标准早于前一标准的截止日 {until}，请核对施行日期")
    if isinstance(began, date) and began >= since:
        raise Refused(
            f"{since} 不晚于前一标准的起用日 {began}，请核对施行日期；要更正录入的错误，请选“更正原来的录入”"
        )
    if not isinstance(until, date):
        last["until"] = since - timedelta(days=1)
    return made


def with_rate(row: Row, rate: Row, since: date) -> Row:
    """The clause with a further period that begins on `since`. Refused as by `ended`."""
    made = normal(ended(row, since))
    made["rates"].append({**rate, "since": since})
    return made


def corrected(row: Row, made: Row) -> Row:
    """The clause with its last period, and what belongs to all of them, as `made` says; earlier periods stay."""
    earlier = normal(row)["rates"][:-1]
    if not earlier or "tiers" in made:
        return made
    last = normal(made)
    return {**last, "rates": [*earlier, *last["rates"]]}


Groups = tuple[tuple[str, tuple[str, ...]], ...]


def groups_of(condition: object) -> Groups | None:
    """A condition as a clerk reads it: parts that must all hold, each “any” or “none” of some names. None: it is no such."""
    if condition is None:
        return ()
    if isinstance(condition, Mapping) and len(condition) == 1 and isinstance(condition.get("all"), list):
        parts = [groups_of(part) for part in condition["all"]]
        return None if None in parts else tuple(one for part in parts if part for one in part)
    names, mode = condition, "any"
    if isinstance(names, Mapping) and set(names) == {"not"}:
        names, mode = names["not"], "none"
    if isinstance(names, Mapping) and set(names) == {"any"}:
        names = names["any"]
    listed = [names] if isinstance(names, str) else names
    if isinstance(listed, list) and listed and all(isinstance(one, str) for one in listed):
        return ((mode, tuple(listed)),)
    return None


def condition_of(groups: Groups) -> object:
    """The condition that the groups say; None when there is none."""
    parts: list[object] = []
    for mode, names in groups:
        part: object = names[0] if len(names) == 1 else {"any": list(names)}
        parts.append({"not": part} if mode == "none" else part)
    return None if not parts else parts[0] if len(parts) == 1 else {"all": parts}


def new_group(pack: Row, title: str, *, basis: str = "") -> str:
    """The id of a new group of which only the highest clause is paid."""
    taken = {str(one.get("id")) for one in pack["groups"]}
    count = len(taken) + 1
    while f"{pack['id']}.g{count}" in taken:
        count += 1
    key = f"{pack['id']}.g{count}"
    pack["groups"].append({"id": key, "title": title, "rule": "highest", "basis": basis})
    return key


def as_list(value: object) -> list[str]:
    """One text or a list of them, as a list."""
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
