"""核对条目: what people say of what the compiler found. Each step is one transaction, one log line, one row to undo."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans import confirming_fields as spec
from bureau.plans.confirming_form import cleaned
from bureau.plans.confirming_undo import Step, begin, finish
from bureau.plans.confirming_words import describe
from bureau.plans.models import Decision, Item, Node, Plan
from bureau.plans.reading import revise
from bureau.plans.unit_names import sync_names
from junheng import plandocs

AS_IN_THE_ORIGINAL = "已与原件核对，照原文"
CONTEXT = "背景数字"
LONGEST_SELECTION = 400
LONGEST_PARAGRAPH = 4_000
_ABOVE = "工作方案\n一、内容\n"
_BETWEEN = re.compile("[、，,；;]")
_PLACES = ("start", "end", "value_start", "value_end", "rule", "confidence")


@dataclass
class Change:
    """一步的结果, for the page to redraw: rows that changed or came, keys of rows that are gone."""

    changed: list[Item] = field(default_factory=list)
    added: list[Item] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    places: list[Item] = field(default_factory=list)  # where the rows stood that are gone


def confirm(
    *, plan: Plan, items: Sequence[Item], note: str = "", by: User, at: datetime, address: str = ""
) -> Change:
    """确认. A contradiction is confirmed with what was found on looking, a residual numeral as context. Raises Refused."""
    with transaction.atomic():
        step = begin(plan, "confirm", by=by, at=at)
        rows = step.take(items)
        for row in rows:
            row.status = Item.Status.CONFIRMED
            if row.kind == "warning":
                row.fields = {**row.fields, "note": note or AS_IN_THE_ORIGINAL}
            if row.kind == "residual":
                row.fields = {**row.fields, "reason": note or CONTEXT}
        return _done(step, rows, Verb.CONFIRM, f"确认 {_what(rows)}", address, again=False)


def confirm_sure(*, plan: Plan, kind: str = "", by: User, at: datetime, address: str = "") -> Change:
    """一次确认全部无疑义的条目, of one kind or of all. Raises Refused when there is none."""
    rows = Item.objects.filter(plan=plan, status=Item.Status.AUTO, doubt="").exclude(kind__in=spec.CHECKS)
    found = list(rows.filter(kind=kind) if kind else rows)
    if not found:
        raise Refused("没有待确认的无疑义条目")
    return confirm(plan=plan, items=found, by=by, at=at, address=address)


def reject(
    *, plan: Plan, items: Sequence[Item], note: str = "", by: User, at: datetime, address: str = ""
) -> Change:
    """剔除: the item counts as not found; its numerals come back to the residual list. A rejected repair leaves the words
    as they are. Raises Refused."""
    if any(row.kind == "residual" for row in items):
        raise Refused("余数不能剔除：请补为条目，或确认为背景数字")
    with transaction.atomic():
        step = begin(plan, "reject", by=by, at=at)
        rows = step.take(items)
        for row in rows:
            row.status = Item.Status.REJECTED
            if note:
                row.fields = {**row.fields, "note": note}
        return _done(step, rows, Verb.CHANGE, f"剔除 {_what(rows)}", address, reason=note)


def edit(
    *, plan: Plan, item: Item, posted: Mapping[str, str], by: User, at: datetime, address: str = ""
) -> Change:
    """修改: the first reading is kept. Raises Refused with everything wrong at once."""
    fields, problems = cleaned(item.kind, posted, item.fields)
    if problems:
        raise Refused("；".join(problems))
    with transaction.atomic():
        step = begin(plan, "edit", by=by, at=at)
        rows = step.take([item])
        row = rows[0]
        if row.fields == fields:
            row.status = Item.Status.CONFIRMED if row.status == Item.Status.AUTO else row.status
        else:
            row.read = row.fields if row.read is None else row.read
            row.fields = fields
            if row.status != Item.Status.ADDED:
                row.status = Item.Status.CONFIRMED if row.kind in spec.CHECKS else Item.Status.EDITED
        if row.kind == "repair":
            rows += _apply_repair(step, row)
        return _done(step, rows, Verb.CHANGE, f"修改 {_what(rows[:1])}", address, detail={"fields": fields})


def add(
    *,
    plan: Plan,
    kind: str,
    start: int,
    end: int,
    posted: Mapping[str, str],
    by: User,
    at: datetime,
    address: str = "",
) -> Change:
    """补充: an item from selected words. Raises Refused with everything wrong at once."""
    refusal = why_not_here(plan, kind, start, end)
    if refusal:
        raise Refused(refusal)
    fields, problems = cleaned(kind, posted, guess(plan, kind, start, end))
    if problems:
        raise Refused("；".join(problems))
    with transaction.atomic():
        step = begin(plan, "add", by=by, at=at)
        node = Node.objects.filter(plan=plan, start__lte=start).order_by("-start").first()
        row = Item.objects.create(
            plan=plan,
            kind=kind,
            start=start,
            end=end,
            text=plan.source[start:end],
            node_key=node.key if node else "",
            rule="added",
            confidence=1.0,
            fields=fields,
            status=Item.Status.ADDED,
            by=by,
            at=at,
        )
        step.before.append({"id": row.pk, "added": True})
        change = _done(step, [row], Verb.CREATE, f"补充 {_what([row])}", address, detail={"fields": fields})
        change.changed.remove(row)
        change.added.insert(0, row)
        return change


def why_not_here(plan: Plan, kind: str, start: int, end: int) -> str | None:
    """为什么不能从这段文字补充条目."""
    if kind not in spec.ADDABLE:
        return "请选择要补充的条目种类"
    if not 0 <= start < end <= len(plan.source):
        return "请先在左边的正文里选中文字"
    if end - start > LONGEST_SELECTION:
        return f"选中的文字有 {end - start} 字，超过 {LONGEST_SELECTION} 字，请只选这一个条目的文字"
    return None if plan.source[start:end].strip() else "选中的只是空白，请选中文字"


def guess(plan: Plan, kind: str, start: int, end: int) -> dict[str, Any]:
    """先读一遍选中的文字: the fields of the kind as the compiler reads these words in their paragraph, or else by themselves."""
    text = plan.source[start:end]
    line = plan.source.rfind("\n", 0, start) + 1
    stop = plan.source.find("\n", end)
    paragraph = plan.source[line : stop if stop >= 0 else len(plan.source)]
    tries = [(paragraph, start - line, end - line)] if len(paragraph) <= LONGEST_PARAGRAPH else []
    entry = next(
        (one for words, a, b in [*tries, (text, 0, len(text))] if (one := _found(kind, words, a, b))), None
    )
    fields: dict[str, Any] = {}
    if entry is not None:
        fields = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in vars(entry).items()
            if key not in _PLACES and value is not None
        }
    if kind in ("target", "money"):
        fields |= {"value_start": start, "value_end": end}
    if kind == "unit" and not fields:
        fields = {"kind": "resp", "units": [part.strip() for part in _BETWEEN.split(text) if part.strip()]}
    if kind == "header":
        fields = {"norm": text}
    return fields


def _found(kind: str, words: str, start: int, end: int) -> Any:
    """What the compiler finds of a kind within a stretch of some words, read as the text below a heading."""
    parsed = plandocs.parse(f"{_ABOVE}{words}。")
    lists: dict[str, Sequence[Any]] = {
        "target": parsed.found.targets, "money": parsed.found.money, "implicit": parsed.found.implicit,
        "deadline": parsed.found.deadlines, "unit": parsed.found.units, "reference": parsed.found.references,
        "person": parsed.found.persons,
    }  # fmt: skip
    for one in lists.get(kind, ()):
        at = parsed.flat.span(getattr(one, "value_start", one.start), getattr(one, "value_end", one.end))
        if at[0] < len(_ABOVE) + end and at[1] > len(_ABOVE) + start:
            return one
    return None


def undo(*, plan: Plan, by: User, at: datetime, address: str = "") -> Change:
    """撤销本人的上一步. Raises Refused when there is none, or when somebody has touched the same item since."""
    with transaction.atomic():
        step = begin(plan, "undo", by=by, at=at)
        last = Decision.objects.select_for_update().filter(plan=plan, by=by, undone=False).first()
        if last is None:
            raise Refused("没有可以撤销的步骤")
        rows, gone = step.back(last)
        change = _done(step, rows, Verb.CHANGE, f"撤销“{last.words}”"[:200], address, keep=False)
        change.gone += [pk for pk, _row in gone]
        change.places += [row for _pk, row in gone]
        return change


def _apply_repair(step: Step, repair: Item) -> list[Item]:
    """A corrected repair also corrects what the compiler had read at the same place: a number, a date."""
    value = str(repair.fields.get("suggest") or "")
    field_of = {"reference": "no_fixed", "header": "norm"}
    touching = Item.objects.filter(
        plan=step.plan, kind__in=list(field_of), start__lt=repair.end, end__gt=repair.start
    )
    rows = step.take(touching)
    for row in rows:
        row.read = row.fields if row.read is None else row.read
        row.fields = {**row.fields, field_of[row.kind]: value}
        row.status = Item.Status.EDITED
    return rows


def _done(
    step: Step,
    rows: list[Item],
    verb: Verb,
    words: str,
    address: str,
    *,
    detail: Mapping[str, object] | None = None,
    reason: str = "",
    again: bool = True,
    keep: bool = True,
) -> Change:
    """Write the rows, look again at what follows from them, keep the step, log it."""
    finish(step, rows, words if keep else "")
    change = Change(changed=list(rows))
    if again:
        if any(row.kind == "unit" for row in rows):
            sync_names(step.plan)
        revision = revise(step.plan)
        change.added += revision.added
        change.gone += [pk for pk, _row in revision.gone]
        change.places += [row for _pk, row in revision.gone]
    places = [f"{row.kind} {row.start}-{row.end}" for row in rows[:50]]
    write(
        by=step.by,
        verb=verb,
        obj=("plan", str(step.plan.pk)),
        detail={"what": words, "count": len(rows), "items": places, **(detail or {})},
        reason=reason,
        at=step.at,
        address=address,
    )
    return change


def _what(rows: Iterable[Item]) -> str:
    """The rows in a few words for the history."""
    found = list(rows)
    if len(found) == 1:
        one = found[0]
        return f"{spec.KINDS[one.kind]}“{describe(one.kind, one.fields, one.text)}”"[:180]
    return f"{len(found)} 个条目"
