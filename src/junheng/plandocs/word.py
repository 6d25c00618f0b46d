"""Word 读入: what a reader of a .docx sees, by the standard library alone; macros, links and objects are never opened.

Numbers Word draws by itself are written out, deleted revisions and hidden words stay out, cells of a row are parted by tabs.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat

from junheng.plandocs.numbering import Counters, Level, Numbering
from junheng.plandocs.refusal import UnreadableDocument
from junheng.plandocs.source import Document
from junheng.plandocs.wordtext import Paragraphs, Styles

MOST_UNPACKED = 60_000_000
MOST_RATIO = 400
_BROKEN = "不是完好的 Word 文档，请用 Word 或 WPS 打开后另存为 .docx 再上传。"
_NAMES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_OTHERS = (
    ("xl/", "是 Excel 工作簿，不是文字文件，请上传计划正文（.docx、.pdf、.txt 或网页）。"),
    ("ppt/", "是演示文稿，不是文字文件，请上传计划正文（.docx、.pdf、.txt 或网页）。"),
    ("OFD.xml", "是 OFD 版式文件，请用 OFD 阅读器另存为 PDF 或 Word 后上传。"),
    ("content.xml", "是 OpenDocument 文档，请用 WPS 或 LibreOffice 另存为 .docx 后上传。"),
)
Start = Callable[[str, dict[str, str]], None]


def _refuse_entity(*_arguments: object) -> NoReturn:
    raise UnreadableDocument("文档里含有外部实体或自定义实体，已拒绝读入，请另存为普通 .docx。")


def _local(name: str) -> str:
    """w:p of either edition of the standard, whatever prefix the file uses; other languages keep their address."""
    for space in _NAMES:
        if name.startswith(space):
            return "w:" + name.removeprefix(space)
    return "mc:Fallback" if name.endswith("markup-compatibility/2006 Fallback") else name


def _parse(body: bytes, start: Start, end: Callable[[str], None], data: Callable[[str], None]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, found: start(
        _local(tag), {_local(key).removeprefix("w:"): value for key, value in found.items()}
    )
    parser.EndElementHandler = lambda tag: end(_local(tag))
    parser.CharacterDataHandler = data
    parser.EntityDeclHandler = _refuse_entity
    parser.ExternalEntityRefHandler = _refuse_entity
    parser.StartDoctypeDeclHandler = _refuse_entity
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise UnreadableDocument(_BROKEN) from None


def _open(data: bytes, name: str) -> zipfile.ZipFile:
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        listed = package.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise UnreadableDocument(_BROKEN) from None
    if "word/document.xml" not in listed:
        for start, sentence in _OTHERS:
            if any(item.startswith(start) for item in listed):
                raise UnreadableDocument(f"“{name}”{sentence}")
        raise UnreadableDocument(_BROKEN)
    return package


def _member(package: zipfile.ZipFile, part: str) -> bytes:
    try:
        info = package.getinfo(part)
    except KeyError:
        return b""
    if info.flag_bits & 1:
        raise UnreadableDocument("文档设了打开密码，请去掉密码后再上传。")
    packed = max(1, info.compress_size)
    if info.file_size > MOST_UNPACKED or info.file_size > packed * MOST_RATIO:
        raise UnreadableDocument("文档解压后异常大，已拒绝读入，请把正文复制到新文档后再上传。")
    try:
        # The header can lie about the size, so no more than the limit is ever unpacked.
        with package.open(info) as stream:
            body = stream.read(MOST_UNPACKED + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise UnreadableDocument(_BROKEN) from None
    except Exception:  # zlib.error and lzma errors share no base; the file is broken either way
        raise UnreadableDocument(_BROKEN) from None
    if len(body) > MOST_UNPACKED:
        raise UnreadableDocument("文档解压后异常大，已拒绝读入，请把正文复制到新文档后再上传。")
    return body


def _numbering(body: bytes) -> Numbering:
    """编号定义: abstract lists with their levels, named lists, and starts they override."""
    found = Numbering()
    abstract = listed = ""
    level = Level()
    override = -1

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal abstract, listed, level, override
        value = given.get("val", "")
        if tag == "w:abstractNum":
            abstract = given.get("abstractNumId", "")
            found.abstract[abstract] = {}
        elif tag == "w:lvl" and override < 0:
            level = Level()
            found.abstract.setdefault(abstract, {})[_whole(given.get("ilvl"))] = level
        elif tag == "w:start":
            level.start = _whole(value, 1)
        elif tag == "w:numFmt":
            level.form = value or given.get("format", "decimal")
        elif tag == "w:lvlText":
            level.text = value
        elif tag == "w:num":
            listed = given.get("numId", "")
        elif tag == "w:abstractNumId":
            found.lists[listed] = value
        elif tag == "w:lvlOverride":
            override = _whole(given.get("ilvl"))
        elif tag == "w:startOverride":
            found.starts[listed, override] = _whole(value, 1)

    def end(tag: str) -> None:
        nonlocal override
        if tag == "w:lvlOverride":
            override = -1

    if body:
        _parse(body, start, end, lambda _text: None)
    return found


def _styles(body: bytes) -> Styles:
    """段落样式: the list, the level and the name of each style, and what it is based on."""
    styles = Styles()
    current = ""

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal current
        value = given.get("val", "")
        if tag == "w:style":
            current = given.get("styleId", "")
        elif tag == "w:name":
            styles.names[current] = value.lower()
        elif tag == "w:basedOn":
            styles.based[current] = value
        elif tag == "w:numId":
            styles.lists[current] = value
        elif tag == "w:ilvl":
            styles.levels[current] = _whole(value)

    if body:
        _parse(body, start, lambda _tag: None, lambda _text: None)
    return styles


def _whole(word: str | None, otherwise: int = 0) -> int:
    return int(word) if word and word.lstrip("-").isdigit() else otherwise


def read_docx(data: bytes, name: str) -> Document:
    """Word 读入: one line a paragraph or table row, footnotes behind the body. Raises UnreadableDocument with a sentence."""
    with _open(data, name) as package:
        styles = _styles(_member(package, "word/styles.xml"))
        counters = Counters(_numbering(_member(package, "word/numbering.xml")))
        body = Paragraphs(counters, styles)
        _parse(_member(package, "word/document.xml"), body.start, body.end, body.data)
        notes = list(body.notes)
        feet = Paragraphs(Counters(Numbering()), styles)
        footnotes = _member(package, "word/footnotes.xml")
        if footnotes:
            _parse(footnotes, feet.start, feet.end, feet.data)
        listed = package.namelist()
        if any(item.endswith("vbaProject.bin") for item in listed):
            notes.append("文档含有宏，未打开，也未执行。")
        if b'TargetMode="External"' in _member(package, "word/_rels/document.xml.rels"):
            notes.append("文档引用了外部文件或网址，均未打开。")
        if "word/comments.xml" in listed:
            notes.append("文档带有批注，批注内容没有读入。")
    lines = body.lines
    feet_lines = [line for line in feet.lines if line.strip()]
    if feet_lines:
        notes.append(f"文档有 {len(feet_lines)} 条脚注，已附在正文之后。")
        lines = [*lines, "", *(f"脚注{count}：{line.strip()}" for count, line in enumerate(feet_lines, 1))]
    return Document(name, "\n".join(lines), "docx", (), tuple(notes))
