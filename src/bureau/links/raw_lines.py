"""名册的行，刚读出来时: texts as written, dates where they can be read, and everything odd about each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

_GUARDIANS = ("guardians", "father", "mother", "head")
_GUARDIAN_IDS = ("guardian_ids", "father_id", "mother_id", "head_id")


@dataclass(slots=True)
class RawLine:
    """名册的一行: texts as written, dates where they can be read, and [heading, sentence] of everything odd."""

    place: str
    texts: dict[str, str]
    born: date | None = None
    inside: date | None = None  # the birth date in a right number
    right: bool = False  # the number is complete and right
    number: str = ""  # then the number itself, however it is written
    since: date | None = None
    until: date | None = None
    flaws: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A cell as written; "" when blank."""
        return self.texts.get(name, "")


@dataclass(slots=True)
class Reading:
    """读取结果: lines in the order of the files, and sentences about the files as a whole."""

    lines: list[RawLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)  # headings of columns that are not used
    seen: list[list[dict[str, Any]]] = field(
        default_factory=list
    )  # for each file its worksheets with their columns
    guessed: bool = False  # neither headings nor numbers said whose a column is
    heads_only: bool = False  # it lists heads of household and none of the children


def merged(line: RawLine, names: Sequence[str]) -> str:
    """Father, mother and head of household are guardians all the same: distinct texts, joined."""
    return "；".join(dict.fromkeys(text for name in names if (text := line.text(name))))


def guardians(line: RawLine) -> tuple[str, str]:
    """监护人姓名 and 监护人身份证号 of a line, each joined by ；."""
    return merged(line, _GUARDIANS), merged(line, _GUARDIAN_IDS)
