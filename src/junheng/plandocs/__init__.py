"""计划解析: plan document → outline, tasks, targets, units and deadlines, each with its place in the text."""

from __future__ import annotations

from typing import Any

from junheng.plandocs.document import Parsed, Progress, parse
from junheng.plandocs.organisations import Organisation, Resolution, attach, resolve
from junheng.plandocs.output import as_json
from junheng.plandocs.reading import Document, read
from junheng.plandocs.refusal import UnreadableDocument

__all__ = [
    "Document",
    "Organisation",
    "Parsed",
    "Progress",
    "Resolution",
    "UnreadableDocument",
    "as_json",
    "attach",
    "compile_plan",
    "parse",
    "read",
    "resolve",
]


def compile_plan(data: bytes, name: str, progress: Progress | None = None) -> dict[str, Any]:
    """计划编译: bytes → the JSON of schema junheng.plan/1. Raises UnreadableDocument with a sentence for the user."""
    document = read(data, name)
    parsed = parse(document.text, progress) if progress else parse(document.text)
    return as_json(parsed, document.name, document.form)
