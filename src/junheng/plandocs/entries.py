"""统一条目: everything the compiler found as one kind of record, so that one page can list, sort, confirm and correct it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

# Lists of the agreed JSON and the kind of their items.
KINDS = {
    "nodes": "node",
    "targets": "target",
    "money": "money",
    "implicit": "implicit",
    "deadlines": "deadline",
    "units": "unit",
    "references": "reference",
    "persons": "person",
}
_OWN = {"start", "end", "text", "node", "rule", "conf", "why", "status"}
# Below this a person looks first; measured on the annotated documents, see benchmarks/plans.py.
DOUBT = 0.75


@dataclass(frozen=True)
class Item:
    """条目: one found thing; offsets count code points of the stored source; `why` says in Chinese why it is doubtful."""

    kind: str
    key: str
    start: int
    end: int
    text: str
    node: str | None
    rule: str
    conf: float
    doubtful: bool
    why: str
    status: str = "auto"
    fields: dict[str, Any] = field(default_factory=dict)

    def value(self) -> tuple[int, int]:
        """数值所在: where the number stands for targets and money, else where the item stands."""
        return self.fields.get("value_start", self.start), self.fields.get("value_end", self.end)


def as_item(kind: str, entry: dict[str, Any], number: int = 0) -> Item:
    """单条转换: one entry of the JSON as an Item; `number` tells apart several on one stretch (0 is the first)."""
    start, end = entry.get("value_start", entry["start"]), entry.get("value_end", entry["end"])
    conf = float(entry.get("conf", 1.0))
    status = str(entry.get("status", "auto"))
    settled = status != "auto"
    return Item(
        kind=kind,
        key=f"{kind}:{start}-{end}" + (f"#{number + 1}" if number else ""),
        start=entry["start"],
        end=entry["end"],
        text=entry["text"],
        node=entry["id"] if kind == "node" else entry.get("node"),
        rule=str(entry.get("rule", "")),
        conf=conf,
        doubtful=conf < DOUBT and not settled,
        why=str(entry.get("why", "")) if conf < DOUBT and not settled else "",
        status=status,
        fields={name: value for name, value in entry.items() if name not in _OWN},
    )


def added(
    what: str,
    source: str,
    start: int,
    end: int,
    /,
    *,
    node: str | None = None,
    number: int = 0,
    **fields: Any,
) -> Item:
    """人工补录: an item of kind `what` that a person marked in the source; `fields` are those of the JSON entry.

    Raises ValueError with a sentence when the place is not in the source.
    """
    if not 0 <= start < end <= len(source):
        raise ValueError("选定的位置不在原文之内，请重新选取。")
    place = {"start": start, "end": end, "text": source[start:end], "node": node}
    if what in ("target", "money"):
        place |= {"value_start": start, "value_end": end}
    return as_item(what, {**place, "rule": "added", "conf": 1.0, "status": "added", **fields}, number)


def items(compiled: dict[str, Any]) -> list[Item]:
    """全部条目: header fields, headings and findings of a compiled plan, in the order of the text."""
    listed: list[tuple[str, dict[str, Any]]] = [
        ("header", {**entry, "field": name})
        for name, entries in compiled["header"].items()
        for entry in entries
    ]
    listed += [(kind, entry) for key, kind in KINDS.items() for entry in compiled[key]]
    seen: dict[str, int] = {}
    out = []
    for kind, entry in listed:
        place = as_item(kind, entry).key
        number = seen.get(place, 0)
        seen[place] = number + 1
        out.append(as_item(kind, entry, number))
    return sorted(out, key=lambda item: (item.start, item.end, item.kind, item.key))


def doubtful_first(listed: Iterable[Item]) -> list[Item]:
    """存疑在前: doubtful items, least certain first, then the rest in the order of the text."""
    return sorted(
        listed, key=lambda item: (not item.doubtful, item.conf if item.doubtful else 1.0, item.start)
    )
