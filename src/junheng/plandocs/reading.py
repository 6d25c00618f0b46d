"""读入: bytes of a plan document as the bureau has it → text, or a sentence that says what to do.

Nothing is repaired here; the offsets of every later item count code points of the text this module returns.
"""

from __future__ import annotations

import codecs
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from junheng.plandocs.refusal import UnreadableDocument
from junheng.plandocs.web import text_of_html
from junheng.plandocs.word import text_of_docx

MOST_BYTES = 40_000_000
MOST_CHARACTERS = 3_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Document:
    """读入的文本: the text as read, the file's name and the encoding or format it came in."""

    name: str
    text: str
    form: str


def decode(data: bytes) -> tuple[str, str]:
    """编码识别: text and the encoding that fits (UTF-8 first, then GB18030); raises a sentence otherwise."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                raise UnreadableDocument(
                    f"文件标明是 {encoding} 编码，但内容不符，请另存为 UTF-8 文本后重试。"
                ) from None
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), "gb18030"
    except UnicodeDecodeError:
        raise UnreadableDocument(
            "文件既不是 UTF-8 也不是 GB18030 编码的文本，请用记事本另存为 UTF-8 文本后重试。"
        ) from None


def _plain(data: bytes, name: str) -> Document:
    if b"\x00" in data[:4096] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableDocument(f"“{name}”不是文本文件，请上传 .docx、.txt、.html 或带文字的 .pdf。")
    text, encoding = decode(data)
    return Document(name, text, encoding)


def _word(data: bytes, name: str) -> Document:
    return Document(name, text_of_docx(data), "docx")


def _web(data: bytes, name: str) -> Document:
    text, _ = decode(data)
    return Document(name, text_of_html(text), "html")


def read_pdf(data: bytes, name: str) -> Document:
    """PDF 读入: the text layer by pypdfium2 where it is installed; a sentence where it, or the text, is missing."""
    try:
        pypdfium2 = importlib.import_module("pypdfium2")
    except ImportError:
        raise UnreadableDocument(
            f"“{name}”是 PDF，本机没有安装读取 PDF 的组件 pypdfium2，请安装后重试，或用 Word 另存为 .docx。"
        ) from None
    try:
        pages = pypdfium2.PdfDocument(data)
        parts = [page.get_textpage().get_text_range() for page in pages]
    except (
        Exception
    ):  # pypdfium2 raises its own and C-level errors; the user needs one sentence for all of them
        raise UnreadableDocument(f"“{name}”不是完好的 PDF，请重新导出后再上传。") from None
    text = "\n\n".join(part.replace("\r\n", "\n").replace("\ufffe", "") for part in parts)
    if not text.strip():
        raise UnreadableDocument(f"“{name}”是扫描件，没有文字层，请先做文字识别（OCR）再上传。")
    return Document(name, text, "pdf")


def read(data: bytes, name: str) -> Document:
    """读入文件: chooses the reader by content first, then by name. Raises UnreadableDocument with a sentence."""
    if len(data) > MOST_BYTES:
        raise UnreadableDocument(
            f"“{name}”有 {len(data) // 1_000_000} MB，超过 {MOST_BYTES // 1_000_000} MB，请只上传计划正文。"
        )
    suffix = PurePath(name).suffix.lower()
    head = data[:1024].lstrip().lower()
    reader: Callable[[bytes, str], Document]
    if data.startswith(b"%PDF"):
        reader = read_pdf
    elif data.startswith(b"PK\x03\x04"):
        reader = _word
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument(f"“{name}”是旧版 Word（.doc），请用 Word 或 WPS 另存为 .docx 后上传。")
    elif suffix in (".html", ".htm") or head.startswith((b"<!doctype html", b"<html")):
        reader = _web
    else:
        reader = _plain
    document = reader(data, name)
    if not document.text.strip():
        raise UnreadableDocument(f"“{name}”是空的，没有可读的文字，请检查后重新上传。")
    if len(document.text) > MOST_CHARACTERS:
        raise UnreadableDocument(
            f"“{name}”有 {len(document.text)} 字，超过 {MOST_CHARACTERS} 字，请只上传计划正文。"
        )
    return document
