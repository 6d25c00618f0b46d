"""读入: bytes of a plan document as the bureau has it → text, or a sentence that says what to do.

Nothing is repaired here; the offsets of every later item count code points of the text this module returns.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import PurePath

from junheng.plandocs.oldword import read_doc
from junheng.plandocs.refusal import UnreadableDocument
from junheng.plandocs.source import Document
from junheng.plandocs.web import declared_charset, html_document, page_of_mhtml
from junheng.plandocs.word import read_docx

MOST_BYTES = 40_000_000
MOST_CHARACTERS = 3_000_000
# A stray byte in a thousand is damage to be shown, more is another encoding.
STRAY = 0.001
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
Progress = Callable[[str, float], None]


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """编码识别: text and the encoding that fits: by its mark, as declared, UTF-8, UTF-16, GB18030; else a sentence."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                raise UnreadableDocument(
                    f"文件标明是 {encoding} 编码，但内容不符，请另存为 UTF-8 文本后重试。"
                ) from None
    for fitting in (declared, "utf-8", _wide(data), "gb18030"):
        if fitting is None:
            continue
        try:
            return data.decode(fitting), fitting
        except (UnicodeDecodeError, LookupError):
            continue
    for broken in ("utf-8", "gb18030"):
        text = data.decode(broken, "replace")
        if text.count("\ufffd") <= STRAY * len(text):
            return text, broken
    raise UnreadableDocument(
        "文件既不是 UTF-8 也不是 GB18030 编码的文本，请用记事本另存为 UTF-8 文本后重试。"
    )


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: line ends and digits leave a nought in every other byte."""
    sample = data[:4000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or even == odd:
        return None
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    text = sample.decode(encoding, "replace")
    chinese = sum("\u4e00" <= c <= "\u9fff" or c.isascii() or c in "，。：；（）、“”《》　" for c in text)
    return encoding if chinese > 0.8 * len(text) else None


def _plain(data: bytes, name: str) -> Document:
    if (
        b"\x00" in data[:4096]
        and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        and not _wide(data)
    ):
        raise UnreadableDocument(f"“{name}”不是文本文件，请上传 .docx、.txt、.html 或带文字的 .pdf。")
    text, encoding = decode(data)
    return Document(name, text, encoding, (), _stray(text))


def _stray(text: str) -> tuple[str, ...]:
    count = text.count("\ufffd")
    return (f"有 {count} 个字无法按文件的编码识别，已用“\ufffd”代替，请对照原件补上。",) if count else ()


def _web(data: bytes, name: str) -> Document:
    text, _ = decode(data, declared_charset(data))
    return html_document(text, name, _stray(text))


def _mhtml(data: bytes, name: str) -> Document:
    return _web(page_of_mhtml(data, name), name)


def _pdf(data: bytes, name: str, progress: Progress | None) -> Document:
    # The PDF library loads a shared object of several MB; only an upload of a PDF pays for it.
    from junheng.plandocs.pdf import read_pdf

    return read_pdf(data, name, progress)


def _reader_of(data: bytes, name: str) -> Callable[[bytes, str], Document]:
    """By content first, then by name: a renamed file is read as what it is."""
    suffix = PurePath(name).suffix.lower()
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"PK\x03\x04"):
        return read_docx
    if data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        return read_doc
    if suffix in (".mht", ".mhtml") or (b"mime-version:" in head and b"multipart/related" in head):
        return _mhtml
    if suffix in (".html", ".htm", ".shtml") or head.startswith(
        (b"<!doctype html", b"<html", b"<meta", b"<!--")
    ):
        return _web
    if data[:8].startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")):
        raise UnreadableDocument(f"“{name}”是图片，没有文字，请先做文字识别（OCR），或上传 Word 原稿。")
    return _plain


def read(data: bytes, name: str, progress: Progress | None = None) -> Document:
    """读入文件: chooses the reader by content first, then by name. Raises UnreadableDocument with a sentence."""
    if len(data) > MOST_BYTES:
        raise UnreadableDocument(
            f"“{name}”有 {len(data) // 1_000_000} MB，超过 {MOST_BYTES // 1_000_000} MB，请只上传计划正文。"
        )
    portable = b"%PDF-" in data[:1024]
    document = _pdf(data, name, progress) if portable else _reader_of(data, name)(data, name)
    if not document.text.strip():
        raise UnreadableDocument(f"“{name}”是空的，没有可读的文字，请检查后重新上传。")
    if len(document.text) > MOST_CHARACTERS:
        raise UnreadableDocument(
            f"“{name}”有 {len(document.text)} 字，超过 {MOST_CHARACTERS} 字，请只上传计划正文。"
        )
    return document
