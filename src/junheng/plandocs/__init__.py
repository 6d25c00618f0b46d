"""计划解析: plan document → outline, tasks, targets, units and deadlines, each with its place in the text."""

from __future__ import annotations

from typing import Any

from junheng.plandocs.comparison import Pair, compare
from junheng.plandocs.document import Parsed, Progress, parse
from junheng.plandocs.entries import Item, added, as_item, doubtful_first, items
from junheng.plandocs.organisations import Organisation, Resolution, attach, resolve
from junheng.plandocs.output import as_json
from junheng.plandocs.reading import read
from junheng.plandocs.recheck import Recheck, recheck
from junheng.plandocs.refusal import UnreadableDocument
from junheng.plandocs.source import Document, Removed

__all__ = [
    "Document",
    "Item",
    "Organisation",
    "Pair",
    "Parsed",
    "Progress",
    "Recheck",
    "Removed",
    "Resolution",
    "UnreadableDocument",
    "added",
    "as_item",
    "as_json",
    "attach",
    "compare",
    "compile_plan",
    "doubtful_first",
    "items",
    "parse",
    "read",
    "recheck",
    "resolve",
]


def compile_plan(data: bytes, name: str, progress: Progress | None = None) -> dict[str, Any]:
    """计划编译: bytes → the JSON of schema junheng.plan/1. Raises UnreadableDocument with a sentence for the user.

    `progress` is told each step and the share done, which only rises: reading takes the first three tenths.
    """
    tell = progress or (lambda _step, _share: None)
    tell("读入文件", 0.0)
    document = read(data, name, progress)
    parsed = parse(document.text, lambda step, share: tell(step, 0.3 + 0.7 * share))
    return as_json(parsed, document)
