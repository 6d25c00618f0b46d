"""读入的文本: what every reader hands on: text, what it left out on purpose, and notes for the person who uploaded it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Removed:
    """略去的文字: a page's header, footer or number, or a web page's navigation; `page` is 0 where there are no pages."""

    page: int
    text: str
    why: str


@dataclass(frozen=True)
class Document:
    """读入的文本: the text as read, the file's name, the encoding or format it came in, and what was left out."""

    name: str
    text: str
    form: str
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()
