"""英文阅读: rules, checks and records speak Chinese, the language of record; an English page reads their sentences in English.

The catalogue holds words (“达标”) and sentences with places (“第{1}行没有{2}”), gathered from the code by
scripts/messages.py. A sentence is found by its rarest pair of characters and matched piece by piece from the left, so
no text, however hostile, takes longer than its length. What fills a place is read in turn: a role, a heading, a unit, a
sentence. What nobody knows (a name, a quotation) stays as it is.
"""

import gettext
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from bureau.pages.sentence_parts import (
    HAN,
    around,
    bracketed,
    cited,
    dates,
    gathered,
    halved,
    quoted,
    sentences_of,
    separated,
)
from junheng import policy

PLACE = re.compile(r"\{(\w+)\}|%\((\w+)\)[sd]")
_ONLY_HAN = re.compile("[\u3400-\u9fff]+")
_SENTENCE = re.compile("[，；：。]")
LONGEST = 600  # longer texts are documents, not sentences
LONG_TEXT = 60  # characters; shorter texts are read whole
ENDS = {"；": "; ", "。": ". "}
DEEPEST = 8
STEPS = 1000  # parts of one text that are looked at; more than any real sentence has
KEPT = 20_000
# By themselves days of the week, within a text numbers of a heading or a unit.
_ALONE = frozenset("一二三四五六日")


@dataclass(frozen=True, slots=True)
class Pattern:
    """一个句式: what stands between the places, the places in order, and the English."""

    pieces: tuple[str, ...]
    places: tuple[str, ...]
    english: str

    @property
    def weight(self) -> int:
        """How much of the sentence is its own."""
        return sum(len(HAN.findall(piece)) for piece in self.pieces)

    def tells(self, values: Iterable[str]) -> bool:
        """Whether this is the sentence, and not a few of its characters met in another one.

        Two characters of its own are too few beside anything unknown, some more beside an unknown sentence.
        """
        unknown = [value for value in values if HAN.search(value)]
        return not unknown or (
            self.weight > 2 and (self.weight > 6 or not any(map(_SENTENCE.search, unknown)))
        )

    def match(self, text: str) -> tuple[str, ...] | None:
        """What fills the places; None when the text is another sentence."""
        first, last = self.pieces[0], self.pieces[-1]
        if len(text) <= len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
            return None
        end = len(text) - len(last)
        at, values = len(first), []
        for piece in self.pieces[1:-1]:
            found = text.find(piece, at + 1, end)
            if found < 0:
                return None
            values.append(text[at:found])
            at = found + len(piece)
        return (*values, text[at:end]) if at < end else None


class Reader:
    """英文读法 of one catalogue: {Chinese: English}."""

    def __init__(self, catalogue: Mapping[str, str]) -> None:
        self.words: dict[str, str] = {}
        self._known: dict[str, str] = {}
        patterns = []
        for chinese, english in catalogue.items():
            if not HAN.search(chinese) or not english:
                continue
            # What begins with a comma is said behind another sentence, and read by itself.
            bare, said = chinese.strip("，；： "), english.strip(",;: ")
            for one, other in {(chinese, english), (bare, said)}:
                if not PLACE.search(one):
                    self.words.setdefault(one, other)
                elif made := _pattern(one, other):
                    patterns.append(made)
        self._by_key = _index(patterns)
        pieces = [*self.words, *(piece for one in patterns for piece in one.pieces)]
        self._pairs = {piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1)}

    def read(self, text: str) -> str:
        """The text in English as far as it is known; the same text when nothing of it is."""
        known = self._known.get(text)
        if known is None:
            known = text if len(text) > LONGEST or self._is_name(text) else self._whole_or_parts(text.strip())
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[text] = known
        return known

    def _whole_or_parts(self, text: str) -> str:
        """A long text sentence by sentence, where that leaves nothing unread: a reason is put together of whole sentences."""
        parts = sentences_of(text) if len(text) > LONG_TEXT else [text]
        if len(parts) == 1:
            return _Reading(self).text(text, DEEPEST)
        ended = [(part[:-1], part[-1]) if part[-1] in ENDS else (part, "") for part in parts]
        said = "".join(self.read(part) + ENDS.get(end, "") for part, end in ended).strip()
        if not _left(said):
            return said
        whole = _Reading(self).text(text, DEEPEST)
        return whole if _left(whole) < _left(said) else said

    def _is_name(self, text: str) -> bool:
        """A few characters of which no two stand together anywhere in the catalogue: most names of people."""
        if len(text) > 4 or text in self.words or not _ONLY_HAN.fullmatch(text):
            return False
        return not any(text[at : at + 2] in self._pairs for at in range(len(text) - 1))

    def patterns(self, text: str) -> list[Pattern]:
        """Those whose rarest characters are in the text, the longest first."""
        keys = {text[at : at + 2] for at in range(len(text) - 1)} | set(text)
        found = {one for key in keys for one in self._by_key.get(key, ())}
        return sorted(found, key=lambda one: (-one.weight, one.pieces))


class _Reading:
    """One text being read: of all ways to take it apart, the one that leaves the least Chinese."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.steps = STEPS
        self.known: dict[str, tuple[int, str]] = {}

    def text(self, text: str, depth: int) -> str:
        if not HAN.search(text):
            return halved(text)
        if text in _ALONE and depth < DEEPEST:
            return text
        found = self.reader.words.get(text)
        if found is not None or not depth:
            return found or text
        tried, found = self.known.get(text, (0, text))
        if tried < depth and self.steps > 0:
            self.steps -= 1
            found = self._best(text, depth - 1)
            self.known[text] = (depth, found)
        return found

    def _best(self, text: str, depth: int) -> str:
        best, least = text, _left(text)
        for made in self._ways(text, depth):
            left = _left(made)
            if left < least:
                best, least = made, left
            if not least:
                break
        return best

    def _ways(self, text: str, depth: int) -> Iterator[str]:
        inner: Callable[[str], str] = lambda part: self.text(part, depth)  # noqa: E731
        for way in (dates, cited):
            yield from way(text, inner)
        for one in self.reader.patterns(text):
            values = one.match(text)
            if values is None:
                continue
            read = [inner(value.strip()) for value in values]
            if one.tells(read):
                named = dict(zip(one.places, read, strict=True))
                yield PLACE.sub(lambda place: named.get(place[1] or place[2], ""), one.english)  # noqa: B023
        for way in (around, bracketed, separated, gathered):
            yield from (made for made in way(text, inner) if not quoted(text, made))


def _left(text: str) -> int:
    return len(HAN.findall(text))


def _pattern(chinese: str, english: str) -> Pattern | None:
    """A catalogue entry as a pattern; None when two places touch, or nothing but places is there."""
    pieces = tuple(re.sub(PLACE, "\0", chinese).split("\0"))
    if not all(pieces[1:-1]) or not any(HAN.search(piece) for piece in pieces):
        return None
    places = tuple(one or other for one, other in PLACE.findall(chinese))
    whole = (piece.replace("%%", "%") for piece in pieces) if "%(" in chinese else pieces
    return Pattern(tuple(whole), places, english.replace("%%", "%") if "%(" in chinese else english)


def _index(patterns: Iterable[Pattern]) -> dict[str, tuple[Pattern, ...]]:
    """Each pattern under its rarest pair of characters (or its only character), where few others are."""
    of = {one: _keys(one) for one in patterns}
    common = Counter(key for keys in of.values() for key in keys)
    found: dict[str, list[Pattern]] = defaultdict(list)
    for one, keys in of.items():
        found[min(keys, key=lambda key: (-len(key), common[key], key))].append(one)
    return {key: tuple(ones) for key, ones in found.items()}


def _keys(one: Pattern) -> set[str]:
    pairs = {
        piece[at : at + 2]
        for piece in one.pieces
        for at in range(len(piece) - 1)
        if HAN.search(piece[at : at + 2])
    }
    return pairs or {mark for piece in one.pieces for mark in piece if HAN.search(mark)}


@cache
def english() -> Reader:
    """The reader of the English pages: the catalogue, and the titles that the packs give in English."""
    folder = Path(__file__).resolve().parent.parent / "locale"
    stored = gettext.translation("django", folder, ["en"], fallback=True)
    found: dict[str, str] = {}
    for key, value in getattr(stored, "_catalog", {}).items():
        one, form = key if isinstance(key, tuple) else (key, 1)
        if form == 1 or one not in found:
            found[one] = value
    return Reader({**policy.english_titles(), **found})


def spoken(text: str) -> str:
    """A Chinese text in the language of the page; for what a page hands to scripts, which no template draws."""
    return english().read(text) if get_language() == "en" else text
