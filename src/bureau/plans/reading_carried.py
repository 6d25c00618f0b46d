"""沿用: what people said of the version before holds for the new one where text and place context are the same."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from bureau.plans.confirming_fields import ADDABLE
from bureau.plans.models import Item, Node, Plan, UnitName
from bureau.plans.reading import PLACES

AROUND = 12
_BLANK = re.compile(r"\s+")
DECIDED = (Item.Status.CONFIRMED, Item.Status.EDITED, Item.Status.REJECTED)


def carry_over(plan: Plan, previous: Plan) -> int:
    """Decisions of the version before, kept with who and when; answers how many items they settled.

    A place is the same when the words are, and the heading above or the words on either side are. What the compiler now
    reads differently is asked again.
    """
    sections = _sections(plan), _sections(previous)
    before: dict[tuple[str, str], list[Item]] = defaultdict(list)
    added: list[Item] = []
    for row in previous.items.exclude(status=Item.Status.AUTO):
        if row.status == Item.Status.ADDED:
            added.append(row)
        else:
            before[row.kind, _squeezed(row.text)].append(row)
    settled = []
    for row in Item.objects.filter(plan=plan):
        old = _best(row, before[row.kind, _squeezed(row.text)], plan, previous, sections)
        if old is None or not _same_reading(row, old):
            continue
        before[row.kind, _squeezed(row.text)].remove(old)
        _take(row, old)
        settled.append(row)
    Item.objects.bulk_update(settled, ["status", "fields", "read", "by", "at", "carried"])
    made = [one for old in added if (one := _again(old, plan, previous)) is not None]
    Item.objects.bulk_create(made)
    _carry_tasks(plan, previous)
    for name in UnitName.objects.filter(plan=previous, by__isnull=False).prefetch_related("organisations"):
        meant = UnitName.objects.create(
            plan=plan, name=name.name, nobody=name.nobody, how=name.how, by=name.by, at=name.at
        )
        meant.organisations.set(name.organisations.all())
    return len(settled) + len(made)


def _take(row: Item, old: Item) -> None:
    if old.status == Item.Status.EDITED:
        places = {key: row.fields[key] for key in PLACES if key in row.fields}
        row.read, row.fields = row.fields, {**old.fields, **places}
    elif row.kind in ("warning", "residual", "repair"):
        row.fields = {
            **row.fields,
            **{key: old.fields[key] for key in ("note", "reason") if key in old.fields},
        }
    row.status, row.by, row.at, row.carried = old.status, old.by, old.at, True


def _same_reading(row: Item, old: Item) -> bool:
    """Whether the compiler read the same then as now."""
    if row.kind in ("warning", "repair", "residual"):
        return str(row.fields.get("msg")) == str(old.fields.get("msg"))
    return _bare(row.fields) == _bare(old.read if old.read is not None else old.fields)


def _bare(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in PLACES and value is not None}


def _best(
    row: Item, rows: list[Item], plan: Plan, previous: Plan, sections: tuple[dict[str, str], dict[str, str]]
) -> Item | None:
    def likeness(old: Item) -> int:
        here, there = _around(plan.source, row.start, row.end), _around(previous.source, old.start, old.end)
        titles = sections[0].get(row.node_key, "") == sections[1].get(old.node_key, "")
        return 2 * titles + (here[0] == there[0]) + (here[1] == there[1])

    best = max(rows, key=likeness, default=None)
    return best if best is not None and likeness(best) >= 1 else None


def _again(old: Item, plan: Plan, previous: Plan) -> Item | None:
    """What a person had added, where the same words stand between the same words."""
    if old.kind not in ADDABLE:
        return None
    words = previous.source[max(0, old.start - AROUND) : old.end + AROUND]
    at = plan.source.find(words)
    if at < 0:
        return None
    start = at + min(old.start, AROUND)
    shift = start - old.start
    fields = {key: value + shift if key in PLACES else value for key, value in old.fields.items()}
    node = Node.objects.filter(plan=plan, start__lte=start).order_by("-start").first()
    return Item(
        plan=plan,
        kind=old.kind,
        start=start,
        end=start + old.end - old.start,
        text=old.text,
        node_key=node.key if node else "",
        rule=old.rule,
        confidence=old.confidence,
        fields=fields,
        status=old.status,
        by=old.by,
        at=old.at,
        carried=True,
    )


def _carry_tasks(plan: Plan, previous: Plan) -> None:
    marked = {_squeezed(node.title): node.is_task for node in previous.nodes.all()}
    for node in plan.nodes.all():
        wanted = marked.get(_squeezed(node.title), node.is_task)
        if wanted != node.is_task:
            node.is_task = wanted
            node.save(update_fields=["is_task"])


def _sections(plan: Plan) -> dict[str, str]:
    return {node.key: _squeezed(node.title) for node in plan.nodes.all()}


def _around(source: str, start: int, end: int) -> tuple[str, str]:
    before, after = (
        _squeezed(source[max(0, start - 2 * AROUND) : start]),
        _squeezed(source[end : end + 2 * AROUND]),
    )
    return before[-AROUND:], after[:AROUND]


def _squeezed(text: str) -> str:
    return _BLANK.sub("", text)
