"""字段: the marks {{字段}} of a county's own Word template, found even where Word has cut them into pieces, checked and filled."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from junheng.documents.official.arranging import fit
from junheng.documents.word_templates.opening import Package, TemplateRefused, is_story, opened, problem
from junheng.intake import Problem

_MARK = re.compile(r"(?:\{\{|｛｛)\s*([^{}｛｝]+?)\s*(?:\}\}|｝｝)")
_HALF = re.compile(r"\{\{|\}\}|｛｛|｝｝")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STORIES = {"document": "正文", "footnotes": "脚注", "endnotes": "尾注", "header": "页眉", "footer": "页脚"}


@dataclass(frozen=True, slots=True)
class _Place:
    """一段: where it stands and its pieces of text."""

    where: str
    pieces: tuple[Any, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text or "" for piece in self.pieces)


def template_fields(data: bytes, name: str = "模板.docx") -> tuple[str, ...]:
    """模板的字段: the names in {{…}}, each once, in the order of the text. TemplateRefused."""
    places = _places(opened(data, name))
    return tuple(dict.fromkeys(mark[1] for place in places for mark in _MARK.finditer(place.text)))


def check_template(data: bytes, known: Collection[str], name: str = "模板.docx") -> list[Problem]:
    """检查模板: everything that keeps it from being used with the fields that are known, all at once; a template without any mark, too."""
    try:
        package = opened(data, name)
    except TemplateRefused as refused:
        return list(refused.problems)
    places = list(_places(package))
    found = _wrong_marks(places, known, name)
    if not found and not any(_MARK.search(place.text) for place in places):
        message = "模板里没有 {{字段}} 标记，生成的每一份都会一样；请在要填写的地方写上标记，例如 {{姓名}}"
        found.append(problem(name, "no_marks", message))
    return found


def letter_from_template(data: bytes, fields: Mapping[str, str], name: str = "模板.docx") -> bytes:
    """按模板生成: the .docx with each mark replaced by its value in the mark's own font; line breaks in a value stay line breaks.

    Values are text and nothing else: a mark inside a value is not filled again. TemplateRefused when the template is hostile, a mark is
    broken or has no value. The same template and values give the same bytes.
    """
    package = opened(data, name)
    places = list(_places(package))
    if wrong := _wrong_marks(places, fields, name):
        raise TemplateRefused(tuple(wrong))
    values = {key: str(fit(value)) for key, value in fields.items()}
    for place in places:
        _fill(place, values)
    return _zipped(package.saved())


def _places(package: Package) -> Iterator[_Place]:
    """Every paragraph that holds text, the body first; a text box inside a paragraph is a paragraph of its own."""
    names = sorted(
        (part for part in package.stories if is_story(part)),
        key=lambda part: (part != "word/document.xml", part),
    )
    for part in names:
        story = _STORIES[re.sub(r"\d*\.xml$", "", part.removeprefix("word/"))]
        tree = package.stories[part]
        pieces: dict[Any, list[Any]] = {paragraph: [] for paragraph in tree.iter(qn("w:p"))}
        for piece in tree.iter(qn("w:t")):
            owner = next(piece.iterancestors(qn("w:p")), None)
            if owner is not None:
                pieces[owner].append(piece)
        for number, texts in enumerate(pieces.values(), start=1):
            if texts:
                yield _Place(f"{story}第{number}段", tuple(texts))


def _wrong_marks(places: list[_Place], known: Collection[str], name: str) -> list[Problem]:
    found = []
    seen: set[str] = set()
    for place in places:
        text = place.text
        for mark in _MARK.finditer(text):
            field = mark[1]
            if field in known or field in seen:
                continue
            seen.add(field)
            near = get_close_matches(field, list(known), n=1, cutoff=0.5)
            hint = f"是否应为“{near[0]}”？" if near else ""
            message = f"没有“{field}”这个字段，{hint}请改正；可用的字段有：{'、'.join(known) or '（无）'}"
            found.append(problem(name, "unknown_field", message, mark[0], place.where))
        if _HALF.search(_MARK.sub("", text)):
            message = "标记没有写完整，请改成 {{字段}} 的样子，两边各两个括号，并写在同一段里"
            found.append(problem(name, "broken_mark", message, text, place.where))
    return found


def _fill(place: _Place, values: Mapping[str, str]) -> None:
    """Replace from the end, so that earlier places stay where they are; the value goes where the mark began."""
    for mark in reversed(list(_MARK.finditer(place.text))):
        start = 0
        for piece in place.pieces:
            text = piece.text or ""
            end = start + len(text)
            if start < mark.end() and end > mark.start():
                before = text[: max(0, mark.start() - start)]
                after = text[max(0, mark.end() - start) :] if end > mark.end() else ""
                piece.text = before + (values[mark[1]] if start <= mark.start() else "") + after
                piece.set(_SPACE, "preserve")
            start = end
    for piece in place.pieces:
        if "\n" in (piece.text or ""):
            _break(piece)


def _break(piece: Any) -> None:
    first, *rest = piece.text.split("\n")
    piece.text = first
    last = piece
    for line in rest:
        pause, words = OxmlElement("w:br"), OxmlElement("w:t")
        words.text = line
        words.set(_SPACE, "preserve")
        last.addnext(pause)
        pause.addnext(words)
        last = words


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()
