"""解析入库: what the compiler found → rows, and after each change the lists that follow from them: residual numerals, contradictions, tasks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bureau.plans.confirming_fields import CHECKS
from bureau.plans.document_rules import why_not_partial
from bureau.plans.models import Item, Node, Plan
from bureau.plans.reading_period import period_of
from junheng import plandocs

PLACES = ("value_start", "value_end")
LONGEST_DOUBT = 200
_CONTRADICTIONS_OF_ITEMS = ("percent>100", "sum mismatch", "unit list empty")


def store(plan: Plan, compiled: dict[str, Any]) -> None:
    """Write outline and items of a freshly read plan; the caller holds the transaction."""
    found = plandocs.items(compiled)
    Node.objects.bulk_create([_node(plan, entry) for entry in compiled["nodes"]])
    rows = [_row(plan, one) for one in found if one.kind != "node"]
    rows += [_check(plan, warning) for warning in compiled["warnings"]]
    rows += [_residual(plan, one) for one in compiled["residual"] if one["kind"] == "residual"]
    Item.objects.bulk_create(sorted(rows, key=lambda row: (row.start, row.end)))
    _fill_header(plan, compiled)


def _node(plan: Plan, entry: Mapping[str, Any]) -> Node:
    return Node(
        plan=plan,
        key=entry["id"],
        parent_key=entry["parent"] or "",
        level=entry["level"],
        label=entry["label"][:40],
        title=entry["title"][:300],
        start=entry["start"],
        end=entry["end"],
        section_end=entry["section_end"],
        is_task=bool(entry.get("task")),
    )


def _row(plan: Plan, one: plandocs.Item) -> Item:
    return Item(
        plan=plan,
        kind=one.kind,
        start=one.start,
        end=one.end,
        text=one.text,
        node_key=one.node or "",
        rule=one.rule[:60],
        confidence=one.conf,
        doubt=(one.why or _why(one))[:LONGEST_DOUBT] if one.doubtful else "",
        fields=dict(one.fields),
    )


def _why(one: plandocs.Item) -> str:
    """Why a person should look at an item of which the compiler is not sure."""
    match one.kind, one.fields.get("kind"):
        case "unit", "agent":
            return "从行文推断的承担单位，请确认是否由它办理"
        case "deadline", "vague":
            return "没有确切时间，请确认是否算时限"
        case "deadline", "duration":
            return "只写了时长，请确认从何时算起、到何时为止"
        case "deadline", _:
            return "日期写法不完整，请与原文核对"
        case "person", _:
            return "只写了职务，没有姓名，请确认"
        case "header", _:
            return "版头要素写法不完整，请与原件核对"
        case _:
            return f"识别的把握只有 {one.conf:.0%}，请与原文核对"


def _check(plan: Plan, warning: Mapping[str, Any]) -> Item:
    """A repair or a contradiction: an item to decide like any other."""
    return Item(
        plan=plan,
        kind="repair" if warning["repair"] else "warning",
        start=warning["start"],
        end=warning["end"],
        text=plan.source[warning["start"] : warning["end"]],
        node_key=warning["node"] or "",
        rule=warning["code"],
        doubt=warning["msg"][:LONGEST_DOUBT],
        fields={key: warning[key] for key in ("code", "msg", "suggest")},
    )


def _residual(plan: Plan, one: Mapping[str, Any]) -> Item:
    return Item(
        plan=plan,
        kind="residual",
        start=one["start"],
        end=one["end"],
        text=one["text"],
        node_key=one["node"] or "",
        rule="residual",
        doubt=(one["reason"] or "没有归入任何条目")[:LONGEST_DOUBT],
    )


def _fill_header(plan: Plan, compiled: Mapping[str, Any]) -> None:
    """计划信息 as the document's own head gives it; people correct it in the reader."""
    header = {name: [one["norm"] for one in found] for name, found in compiled["header"].items()}

    def first(*names: str) -> str:
        return next((header[name][0] for name in names if header.get(name)), "")

    plan.header = header
    plan.kind, plan.form = compiled["kind"], compiled["form"][:10]
    plan.title = (first("plan_title", "title") or plan.title)[:200]
    plan.document_number = first("doc_no")[:60]
    plan.issuer = "、".join(dict.fromkeys(header.get("issuer") or header.get("signature") or ()))[:200]
    dates = [
        header[name][0]
        for name in ("date", "date_signed", "printed_date", "date_published")
        if header.get(name)
    ]
    plan.dated = next((day for day in dates if why_not_partial(day) is None), "")
    plan.starts, plan.ends = period_of(plan.title, plan.document_number, plan.dated, compiled)


# --- after each change -----------------------------------------------------------------------------------------


@dataclass
class Revision:
    """What a change did to the lists that follow from the items: new rows, and rows that are gone with the keys they had."""

    added: list[Item] = field(default_factory=list)
    gone: list[tuple[int, Item]] = field(default_factory=list)


def as_found(rows: Iterable[Item], nodes: Iterable[Node], source: str) -> list[plandocs.Item]:
    """Rows as the compiler's items; the key of each is that of its row."""
    found = [
        replace(plandocs.as_item(row.kind, _entry(row)), key=str(row.pk))
        for row in rows
        if row.kind not in CHECKS
    ]
    return found + [plandocs.as_item("node", _node_entry(node, source)) for node in nodes]


def _entry(row: Item) -> dict[str, Any]:
    # A person may leave the unit blank; the compiler always has one.
    fields = {"unit": "", **row.fields} if row.kind in ("target", "money") else row.fields
    return {
        **fields,
        "start": row.start,
        "end": row.end,
        "text": row.text,
        "node": row.node_key or None,
        "rule": row.rule,
        "conf": 1.0 if row.confidence is None else row.confidence,
        "status": row.status,
    }


def _node_entry(node: Node, source: str) -> dict[str, Any]:
    return {
        "id": node.key,
        "parent": node.parent_key or None,
        "level": node.level,
        "label": node.label,
        "title": node.title,
        "start": node.start,
        "end": node.end,
        "text": source[node.start : node.end],
        "section_end": node.section_end,
        "task": node.is_task,
        "rule": "",
        "conf": 1.0,
        "status": "auto",
    }


def checked(plan: Plan) -> tuple[plandocs.Recheck, dict[str, Item]]:
    """The compiler's second look at the items as people left them, and {key: row} for the keys in its tasks."""
    rows = list(Item.objects.filter(plan=plan))
    context = [(row.start, row.end) for row in rows if row.kind == "residual" and row.status == "confirmed"]
    found = as_found(rows, Node.objects.filter(plan=plan), plan.source)
    return plandocs.recheck(plan.source, found, context=context), {str(row.pk): row for row in rows}


def revise(plan: Plan) -> Revision:
    """Bring residual numerals and contradictions up to the items. What people have decided stays, what no longer holds goes."""
    result, rows = checked(plan)
    done = Revision()
    _revise_residual(plan, result, rows.values(), done)
    _revise_contradictions(plan, result, rows.values(), done)
    return done


def _revise_residual(plan: Plan, result: plandocs.Recheck, rows: Iterable[Item], done: Revision) -> None:
    wanted = {(one["start"], one["end"]): one for one in result.residual if one["kind"] == "residual"}
    for row in rows:
        if row.kind != "residual":
            continue
        place = (row.start, row.end)
        if place in wanted:
            del wanted[place]
        elif row.status == Item.Status.AUTO:
            done.gone.append((row.pk, row))
            row.delete()
    made = [_residual(plan, one) for one in wanted.values()]
    done.added += Item.objects.bulk_create(made)


def _revise_contradictions(
    plan: Plan, result: plandocs.Recheck, rows: Iterable[Item], done: Revision
) -> None:
    """Contradictions between items come and go with them; what the compiler said of the text itself stays."""
    wanted = Counter[tuple[str, str]]()
    entries: dict[tuple[str, str], Mapping[str, Any]] = {}
    for one in result.contradictions:
        if not one["repair"]:
            wanted[one["code"], one["msg"]] += 1
            entries[one["code"], one["msg"]] = one
    for row in rows:
        if row.kind != "warning":
            continue
        name = (row.rule, str(row.fields.get("msg")))
        if wanted[name]:
            wanted[name] -= 1
        elif row.status == Item.Status.AUTO and row.rule in _CONTRADICTIONS_OF_ITEMS:
            done.gone.append((row.pk, row))
            row.delete()
    made = [_check(plan, entries[name]) for name, count in wanted.items() for _ in range(count)]
    done.added += Item.objects.bulk_create(made)
