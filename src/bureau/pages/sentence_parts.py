"""句子的组成: how a Chinese text is put together from smaller ones, and how the parts stand in English."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

HAN = re.compile("[\u3400-\u9fff]")
# Letters of English around Chinese: a translated sentence with something untranslated filled in.
MIXED = re.compile("[A-Za-z]{2}")
Read = Callable[[str], str]
MOST, FEW = 200, 8  # parts of a list; commas at which a sentence is halved
CLAUSE = 3  # characters; what is shorter is a word or a year
LONG = 30  # characters; what is as long, unknown and nearly all of a text is somebody's own words

_HALF = str.maketrans({
    "，": ", ", "、": ", ", "；": "; ", "：": ": ", "。": ". ", "？": "? ", "！": "! ", "（": " (", "）": ") ", "％": "%", "／": "/",
    "［": " [", "］": "] ", "－": "-", "＋": "+", "＝": "=", "　": " ",
})  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")
_CITED = re.compile(
    r"(依据)?((?:[^〔〕，。；：]*〔\d{4}〕\d+号)|《[^》]+》|本系统约定)((?:（文号待查）)?)\s*((?:“[^”]*”|[^，。；：“])+)"
)
_NUMERALS = "一二三四五六七八九"
_NUMBERED = re.compile(f"([{_NUMERALS}])((?:“.*)?)")
_OPENING, _CLOSING = ("（", "(", "［", "“", "《", "〔"), ("）", ")", "］", "”", "》", "〕")
_BRACKETS = {"（": ("）", " (", ")"), "(": (")", " (", ")"), "［": ("］", " [", "]"), "“": ("”", " “", "”")}
# Sentences may be read one by one; what a comma joins only when all of it is known.
_LOOSE = (
    ("\n", "\n"),
    ("。", ". "),
    ("；", "; "),
    (";", "; "),
    (" · ", " · "),
    ("：", ": "),
    (": ", ": "),
    ("——", " – "),
)
_CLOSE = (("，", ", "), ("、", ", "), ("／", " / "), ("/", "/"), (" ", " "))
_RUN = re.compile(
    "[\u3400-\u9fff㎡](?:[\u3400-\u9fff㎡\\w，、；：“”（）《》〔〕［］·%.+＋\\-—～/]*[\u3400-\u9fff㎡）”］])?"
)


def halved(text: str) -> str:
    """Full-width punctuation between numbers and letters, as English sets it."""
    plain = text.translate(_HALF)
    return re.sub(r" {2,}", " ", plain).replace(" ,", ",").strip() if plain != text else text


def dates(text: str, read: Read) -> Iterator[str]:
    """2025年9月20日 → 20 September 2025."""
    found = _DATE.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12:
        day = f"{int(found[3])} " if found[3] else ""
        yield f"{day}{_MONTHS[int(found[2]) - 1]} {found[1]}"


def cited(text: str, read: Read) -> Iterator[str]:
    """依据教督〔2017〕6号资源配置第1项: the document keeps its number, or its title where nobody gave it in English; the item behind it is read."""
    found = _CITED.fullmatch(text)
    if found:
        title = read(found[2].strip("《》"))
        name = read(found[2]) if HAN.search(title) else f"“{title}”" if found[2].startswith("《") else title
        numbered = _NUMBERED.fullmatch(found[4])
        item = f"item {_NUMERALS.index(numbered[1]) + 1}" if numbered else ""
        rest = read(numbered[2] if numbered else found[4])
        parts = ("on the basis of" if found[1] else "", name, found[3] and read(found[3]), item, rest)
        yield " ".join(part for part in parts if part)


def bracketed(text: str, read: Read) -> Iterator[str]:
    """“甲”, 甲（乙）, 甲［乙］: what is before, within and after the first brackets."""
    for opening, (closing, left, right) in _BRACKETS.items():
        start = text.find(opening)
        end = _closed(text, start, opening, closing) if start >= 0 else -1
        if end < 0:
            continue
        before, within, after = text[:start].strip(), text[start + 1 : end].strip(), text[end + 1 :].strip()
        said = [read(part) if part else "" for part in (before, within, after)]
        gap = " " if said[2] and said[2][0] not in ",.;:，。；：、" else ""
        yield f"{said[0]}{left}{said[1]}{right}{gap}{said[2]}".strip()


def _closed(text: str, start: int, opening: str, closing: str) -> int:
    """Where the bracket at `start` is closed again; the last closing one when they do not pair, -1 without any."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == opening) - (text[at] == closing)
        if not depth:
            return at
    return text.rfind(closing, start)


def sentences_of(text: str) -> list[str]:
    """甲；乙。 at the marks that stand outside quotations and brackets, each with its own; [text] where there is none."""
    parts, start, open_ = [], 0, 0
    for at, sign in enumerate(text):
        open_ = max(0, open_ + (sign in _OPENING) - (sign in _CLOSING))
        if sign in "；。" and not open_:
            parts.append(text[start : at + 1])
            start = at + 1
    return [*parts, text[start:]] if start < len(text) else parts


def separated(text: str, read: Read) -> Iterator[str]:
    """甲；乙, 甲：乙, 甲、乙: each part by itself."""
    for mark, english in _LOOSE:
        parts = text.split(mark, MOST)
        if len(parts) > 1:
            yield english.join(read(part.strip()) if part.strip() else "" for part in parts).strip()
    for mark, english in _CLOSE:
        parts = text.split(mark, MOST)
        if len(parts) == 1:
            continue
        said = [read(part.strip()) if part.strip() else "" for part in parts]
        if not any(HAN.search(part) for part in said):
            yield english.join(said).strip()
    yield from _halves(text, read)


def _halves(text: str, read: Read) -> Iterator[str]:
    """甲，乙，丙 at one of its commas, where all before it is known; a mere word or year only where all behind it is, too."""
    for found in islice(re.finditer("[，、]", text), FEW):
        start = text[: found.start()].strip()
        before = read(start)
        if HAN.search(before):
            continue
        behind = read(text[found.end() :].strip())
        if len(HAN.findall(start)) > CLAUSE or not HAN.search(behind):
            yield f"{before}, {behind}"


def around(text: str, read: Read) -> Iterator[str]:
    """≥ 7.5 ㎡/生, G9 教师…: what is before the first and after the last Chinese character stands by itself."""
    marks = [found.start() for found in HAN.finditer(text)]
    first, last = marks[0], marks[-1] + 1
    core = text[first:last]
    if (
        core == text
        or MIXED.search(core)
        or text[last : last + 1] in _CLOSING
        or text[first - 1 : first] in _OPENING
    ):
        return
    before, after = halved(text[:first]), halved(text[last:])
    if before and after and not after[0].isalnum():
        yield f"{read(text[:last])}{after}"  # “2026年…属假定.”: the digits belong to the sentence
    space = " " if before and (before[-1].isalnum() or before[-1] in "%),;:") else ""
    gap = " " if text[:first].endswith(" ") and not space else space
    tail = " " if after and after[0].isalnum() else ""
    yield f"{before.rstrip() if gap else before}{gap}{read(core)}{tail}{after}"


def gathered(text: str, read: Read) -> Iterator[str]:
    """English with Chinese in it: each run of Chinese that is known is read, the others stay."""
    if MIXED.search(text):
        yield _RUN.sub(lambda run: read(run[0]), text)


def quoted(text: str, made: str) -> bool:
    """原话: long, and hardly anything of it known; a few English words in it would help nobody."""
    left = len(HAN.findall(made))
    start = HAN.search(made)
    return bool(
        left > LONG
        and 3 * left > 2 * len(HAN.findall(text))
        and start
        and not MIXED.search(made[: start.start()])
    )
