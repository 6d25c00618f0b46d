"""读取外部名册: the files of one version → lines as they stand, and everything odd about each, all at once.

Nothing is corrected and no line is refused for what it says: damaged numbers are what matching is for. Identifiers in sentences are masked.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bureau.links.line_flaws import look, look_across, look_at_household
from bureau.links.raw_lines import RawLine, Reading
from junheng.intake.raw import open_tabs
from junheng.intake.safety import Refused
from junheng.matching.addresses import PLACES, places_in
from junheng.matching.roster import Choices, read_roster
from junheng.matching.roster_rows import Entry
from junheng.matching.sheet import ROLL as MATCHED
from junheng.tables import OUTSIDE, Sheet

_KIND_AND_GRADE = re.compile(
    r"((?:视力|听力|言语|肢体|智力|精神|多重).*?)(?:残疾)?[,，、/（(]*([一二三四1-4]级)[)）]?"
)


class CannotRead(Exception):
    """无法读取: sentences, one for each thing that keeps the files from being read; `seen`: the columns that were found all the same."""

    def __init__(self, sentences: str, seen: list[list[dict[str, Any]]] | None = None) -> None:
        super().__init__(sentences)
        self.seen = seen or []


def layout_of(source: str) -> Sheet:
    """The sheet of a source with every heading that offices use for who the child is."""
    own = OUTSIDE[source]
    known = {column.name for column in MATCHED.columns}
    extra = [column for column in own.columns if column.name not in known]
    return Sheet(own.name, own.title, own.meaning, own.key, (*MATCHED.columns, *extra), personal=True)


def read_files(
    source: str,
    files: Sequence[tuple[str, bytes]],
    progress: Callable[[float], None] = lambda share: None,
    *,
    choices: Sequence[Choices] = (),
    day: date | None = None,
) -> Reading:
    """Every line of the files. `choices`: for each file what a person said its columns are. Raises CannotRead with a sentence for each file
    that holds no register.
    """
    sheet = layout_of(source)
    reading, wrong = Reading(), []
    for number, (name, content) in enumerate(files):
        chosen = choices[number] if number < len(choices) else None
        wrong += _read_file(sheet, name, content, reading, chosen, day, several=len(files) > 1)
        progress((number + 1) / len(files) * 0.4)
    if wrong:
        raise CannotRead("\n".join(wrong), reading.seen)
    for at, line in enumerate(reading.lines):
        look(source, line, reading.headings)
        if at % 2000 == 0:
            progress(0.4 + 0.5 * at / len(reading.lines))
    look_across(reading)
    look_at_household(source, reading, day)
    return reading


def _read_file(
    sheet: Sheet,
    name: str,
    content: bytes,
    reading: Reading,
    chosen: Choices | None,
    day: date | None,
    *,
    several: bool,
) -> list[str]:
    """Puts the lines of one file into the reading; answers why it could not."""
    before = len(reading.lines)
    try:
        roster = read_roster(sheet, open_tabs(name, content), chosen, day_year=day.year if day else 0)
    except Refused as refused:
        reading.seen.append([])
        return [f"{name}：{refused}"]
    reading.seen.append(roster.seen)
    where = f"{name}：" if several else ""
    reading.notes += [where + note for note in roster.notes]
    tabs = len({part.tab for part in roster.parts})
    reading.guessed |= any(part.columns.guessed for part in roster.parts)
    for part in roster.parts:
        prefix = f"{name}!" if several else ""
        prefix += f"{part.tab}!" if tabs > 1 else ""
        for column in part.columns.places:
            reading.headings.setdefault(column, part.heading(column)[:40])
        reading.unread += part.columns.unread
        for entry in part.entries:
            reading.lines.append(_line(entry, prefix[-60:] + part.where(entry), reading.headings))
    if roster.problems:
        return [f"{name}：{problem}" for problem in roster.problems]
    return [] if len(reading.lines) > before else [f"{name}：没有数据行；请核对是否选对了文件和工作表"]


def _line(entry: Entry, place: str, headings: dict[str, str]) -> RawLine:
    texts = dict(entry.texts)
    told = zip(PLACES, places_in(texts.get("address", "")), strict=True)
    texts |= {name: place for name, place in told if place and name not in texts}
    # 智力三级 in one cell: the kind and the grade.
    if "level" not in texts and (
        both := _KIND_AND_GRADE.fullmatch("".join(texts.get("category", "").split()))
    ):
        texts["category"], texts["level"] = both[1], both[2]
    flaws = [(headings.get(name) or MATCHED.by_name[name].heading, said) for name, said in entry.wrong if name in MATCHED.by_name]  # fmt: skip
    return RawLine(place, texts, flaws=flaws)
