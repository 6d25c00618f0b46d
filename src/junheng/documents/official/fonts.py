"""字体: which fonts of this machine stand in for the wanted ones, so that no character is ever printed as an empty box."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import typst

from junheng.documents.official.layout import STANDARD, Layout

# Fonts found on office machines and servers, for when none of the wanted ones is there.
_SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN", "SimSun", "STSong", "Songti SC",
    "AR PL UMing CN", "Noto Serif CJK JP")  # fmt: skip
_SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "HarmonyOS Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Noto Sans CJK JP")  # fmt: skip
_ROLES = {
    "body": ("正文（仿宋）", "body_fonts", _SERIF + _SANS),
    "heading": ("一级标题（黑体）", "heading_fonts", _SANS + _SERIF),
    "subheading": ("二级标题（楷体）", "subheading_fonts", _SERIF + _SANS),
    "title": ("标题（小标宋）", "title_fonts", _SERIF + _SANS),
    "page_number": ("页码（宋体）", "page_number_fonts", _SERIF + _SANS),
}
MISSING = "〓"
_ORDINARY = {"\n", " ", "\u3000", MISSING}
_PROBE = b"""#set document(date: datetime(year: 2000, month: 1, day: 1), title: "probe")
#let data = json("data.json")
#set text(font: data.fonts, lang: "zh", region: "cn")
#data.text"""


class NoChineseFont(RuntimeError):
    """本机没有中文字体: the text is the Chinese sentence for the user."""

    def __init__(self) -> None:
        super().__init__(
            "这台服务器没有中文字体，不能生成 PDF；请管理员安装仿宋、黑体、楷体和小标宋（或 Noto CJK）字体，"
            "Word 版不受影响，可以先下载 Word"
        )


@dataclass(frozen=True, slots=True)
class FontUse:
    """字体的使用: the role, the wanted names, the name used ("": none), and whether it is one of the wanted."""

    role: str
    wanted: tuple[str, ...]
    found: str
    standard: bool


@lru_cache(maxsize=8)
def collection(font_paths: tuple[str, ...] = ()) -> typst.Fonts:
    """The fonts of this machine and of the folders given, searched once in a process."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=list(font_paths))


def compiled(parts: dict[str, bytes], font_paths: tuple[str, ...], **wanted: Any) -> bytes:
    """Typst's output for files that exist in memory only: nothing is read from or written to disk, nothing downloaded."""
    # Its type hints do not know of files in memory.
    files: Any = parts
    made: bytes = typst.compile(files, font_paths=collection(font_paths), **wanted)
    return made


def chosen(layout: Layout, font_paths: Sequence[str] = ()) -> dict[str, list[str]]:
    """{role: font names that exist here, best first}; the last ones fill in for characters the first lacks."""
    there = set(collection(tuple(font_paths)).families())
    answer = {}
    for role, (_, wanted, instead) in _ROLES.items():
        names = [name for name in (*getattr(layout, wanted), *instead) if name in there]
        answer[role] = list(dict.fromkeys(names)) or ["Libertinus Serif"]
    return answer


def font_report(font_paths: Sequence[str] = (), layout: Layout = STANDARD) -> tuple[FontUse, ...]:
    """字体报告: for each role what is wanted and what will be used here."""
    there = set(collection(tuple(font_paths)).families())
    uses = []
    for words, wanted, instead in _ROLES.values():
        names = getattr(layout, wanted)
        found = next((name for name in (*names, *instead) if name in there), "")
        uses.append(FontUse(words, names, found, found in names))
    return tuple(uses)


def missing(
    letters: Iterable[str], font_paths: Sequence[str] = (), layout: Layout = STANDARD
) -> frozenset[str]:
    """缺字: those of the characters that no font here can show. NoChineseFont when ordinary characters are among them."""
    rare = frozenset(letter for letter in letters if _is_rare(letter))
    fonts = tuple(chosen(layout, font_paths)["body"])
    if not _shows("中文", fonts, tuple(font_paths)):
        raise NoChineseFont
    return frozenset(_lacking("".join(sorted(rare)), fonts, tuple(font_paths)))


def _is_rare(letter: str) -> bool:
    """Whether a character is beyond GB 2312 and ASCII, which every Chinese font has."""
    if letter in _ORDINARY or letter.isascii():
        return False
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def _lacking(text: str, fonts: tuple[str, ...], paths: tuple[str, ...]) -> list[str]:
    """By halving: a page without lacking characters costs one attempt."""
    if not text or _shows(text, fonts, paths):
        return []
    if len(text) == 1:
        return [text]
    middle = len(text) // 2
    return _lacking(text[:middle], fonts, paths) + _lacking(text[middle:], fonts, paths)


@lru_cache(maxsize=4096)
def _shows(text: str, fonts: tuple[str, ...], paths: tuple[str, ...]) -> bool:
    """Whether all characters can be shown: an archival PDF refuses the empty box."""
    files = {"main": _PROBE, "data.json": json.dumps({"text": text, "fonts": list(fonts)}).encode()}
    try:
        compiled(files, paths, format="pdf", pdf_standards="a-2a")
    except typst.TypstError as error:
        if "could not be displayed" in error.message:
            return False
        raise
    return True
