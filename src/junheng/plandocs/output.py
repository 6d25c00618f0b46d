"""解析结果文件: findings → the agreed JSON (junheng.plan/1), offsets in code points of the text as read."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import fields
from typing import Any

from junheng.plandocs.document import Parsed
from junheng.plandocs.items import Node
from junheng.plandocs.residual import residual_numerals
from junheng.plandocs.source import Document
from junheng.plandocs.spans import Spans
from junheng.plandocs.tasks import build_tasks

SCHEMA = "junheng.plan/1"
_SKIP = {"start", "end", "value_start", "value_end", "confidence", "inherited", "why"}


def _item(parsed: Parsed, item: Any) -> dict[str, Any]:
    start, end = parsed.flat.span(item.start, item.end)
    node = parsed.outline.node_at(item.start)
    out: dict[str, Any] = {
        "start": start,
        "end": end,
        "text": parsed.flat.source[start:end],
        "node": node.id if node else None,
    }
    if hasattr(item, "value_start"):
        out["value_start"], out["value_end"] = parsed.flat.span(item.value_start, item.value_end)
        node = parsed.outline.node_at(item.value_start)
        out["node"] = node.id if node else None
    for f in fields(item):
        value = getattr(item, f.name)
        if f.name not in _SKIP and value is not None:
            out[f.name] = list(value) if isinstance(value, tuple) else value
    out["conf"] = item.confidence
    out["why"] = item.why
    out["status"] = "auto"
    return out


def _node(parsed: Parsed, node: Node) -> dict[str, Any]:
    start, end = parsed.flat.span(node.start, node.end)
    section_end = parsed.flat.span(node.section_end, node.section_end)[0]
    if node.section_end >= len(parsed.flat.text):
        section_end = len(parsed.flat.source)
    out = {
        "id": node.id,
        "parent": node.parent,
        "level": node.level,
        "label": node.label,
        "title": node.title,
        "start": start,
        "end": end,
        "text": parsed.flat.source[start:end],
        "section_end": section_end,
        "task": node.task,
        "rule": node.rule,
        "status": "auto",
    }
    if node.stage:
        out["stage"] = node.stage
    return out


def cover(parsed: Parsed) -> list[dict[str, Any]]:
    """全文归属: stretches that together hold every character once, each with its node or 版头 / 正文前."""
    source_end = len(parsed.flat.source)
    starts = [parsed.flat.span(n.start, n.start + 1)[0] for n in parsed.outline.nodes]
    front = (
        parsed.flat.span(parsed.header.front_end, parsed.header.front_end)[0]
        if parsed.header.front_end
        else 0
    )
    first = starts[0] if starts else source_end
    front = min(front, first)
    out: list[dict[str, Any]] = []
    if front:
        out.append({"start": 0, "end": front, "part": "front", "node": None})
    if first > front:
        out.append({"start": front, "end": first, "part": "lead", "node": None})
    for node, start, end in zip(parsed.outline.nodes, starts, [*starts, source_end][1:], strict=True):
        out.append({"start": start, "end": end, "part": "node", "node": node.id})
    return out


def as_json(parsed: Parsed, document: Document) -> dict[str, Any]:
    """解析结果: a dictionary ready for JSON; nothing in it depends on clock, machine or chance."""
    found, flat = parsed.found, parsed.flat
    header: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for field in found.header:
        entry = _item(parsed, field)
        entry.pop("name")
        header[field.name].append(entry)
    lists = {
        key: [_item(parsed, item) for item in getattr(found, key)]
        for key in ("targets", "money", "implicit", "deadlines", "units", "references", "persons")
    }
    warnings = []
    for warning in found.warnings:
        start, end = flat.span(warning.start, warning.end)
        node = parsed.outline.node_at(warning.start)
        entry = {
            "code": warning.code,
            "start": start,
            "end": end,
            "msg": warning.msg,
            "suggest": warning.suggest,
        }
        warnings.append(
            {**entry, "node": node.id if node else None, "repair": warning.repair, "status": "auto"}
        )
    covered = Spans()
    for key in ("targets", "money", "deadlines", "references", "persons", "implicit"):
        for item in getattr(found, key):
            covered.add(item.start, item.end)
            if hasattr(item, "value_start"):
                covered.add(item.value_start, item.value_end)
    for field in found.header:
        covered.add(field.start, field.end)
    labels = Spans((n.start, n.start + len(n.label)) for n in found.nodes)
    residual = []
    for numeral in residual_numerals(flat, covered, labels, parsed.header.front_end):
        start, end = flat.span(numeral.start, numeral.end)
        at = parsed.outline.node_at(numeral.start)
        residual.append(
            {
                "start": start,
                "end": end,
                "text": flat.source[start:end],
                "node": at.id if at else None,
                "kind": "context" if numeral.reason else "residual",
                "reason": numeral.reason or "没有规则认领，请确认是目标、资金、时限还是背景数字。",
                "status": "auto",
            }
        )
    return {
        "schema": SCHEMA,
        "file": document.name,
        "sha256": hashlib.sha256(flat.source.encode("utf-8", "surrogatepass")).hexdigest(),
        "characters": len(flat.source),
        "form": document.form,
        "removed": [{"page": r.page, "text": r.text, "why": r.why} for r in document.removed],
        "notes": list(document.notes),
        "kind": found.kind,
        "header": dict(header),
        "nodes": [_node(parsed, node) for node in found.nodes],
        **lists,
        "tasks": build_tasks(parsed),
        "warnings": warnings,
        "repairs": [w for w in warnings if w["repair"]],
        "residual": residual,
        "cover": cover(parsed),
        "source": flat.source,
    }
