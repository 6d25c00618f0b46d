"""条款填写的基础: what was typed, the problems found in it, and how dates, sums, grades and lists are read. No request, no database."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.datastructures import MultiValueDict

from bureau.pages.clauses_words import money_of
from junheng.policy.clauses import Book

CONDITIONS = 4
TIERS = 6
EXAMPLES = 3
Typed = MultiValueDict[str, str]
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?![\d:-]))")
_SPAN = re.compile(r"\d(-\d?)?")


@dataclass
class Filled:
    """已填内容: the row of the pack, its document (number, title), and when it begins; `problems` are (field, sentence)."""

    row: dict[str, Any] = field(default_factory=dict)
    document: tuple[str, str] = ("", "")
    since: date | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


class Fields:
    """填写的各栏: reads them one by one; every problem is kept."""

    def __init__(
        self, typed: Typed, book: Book, county: str, documents: Mapping[str, tuple[str, str]], kept: object
    ) -> None:
        self.typed, self.book, self.county = typed, book, county
        self.documents, self.kept = documents, kept
        self.found = Filled()

    def text(self, name: str) -> str:
        """What was typed, without spaces around it."""
        return str(self.typed.get(name, "")).strip()

    def wrong(self, name: str, sentence: str) -> None:
        """A problem of a field."""
        self.found.problems.append((name, sentence))

    def sum_in(self, name: str, sentence: str) -> int | float | None:
        """A sum in 元 that must be there."""
        found = money_of(self.text(name))
        if found is None:
            self.wrong(name, sentence)
        return found

    def day(self, name: str) -> date | None:
        """A date, or None."""
        text = self.text(name)
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            found = None
            self.wrong(name, f"“{text[:20]}”不是日期，请写成 2026-09-01 的样子")
        if found and not 1990 <= found.year <= 2100:
            self.wrong(name, f"日期 {found} 不合理，请核对年份")
            return None
        return found


def parts(text: str) -> list[str]:
    """“1：6,000，2-：3,000元” → 1:6000 and 2-:3000; full-width and ASCII marks mean the same."""
    flat = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("元", "")
    flat = _BETWEEN_THOUSANDS.sub("", flat.replace("—", "-").replace("–", "-"))
    return [part for part in re.split(r"[,、;]", flat) if part]


def grades_of(text: str) -> str | None:
    """“1”, “1-3”, “2-”, also with 年级, 至 and 及以上; None when it is none of these."""
    found = text.replace("年级", "").replace("及以上", "-").replace("以上", "-").replace("至", "-")
    return found if _SPAN.fullmatch(found) else None
