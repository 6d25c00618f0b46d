"""Word 读入: the paragraphs of a .docx with the standard library alone; macros, links and objects are never opened."""

from __future__ import annotations

import io
import zipfile
from typing import NoReturn
from xml.parsers import expat

from junheng.plandocs.refusal import UnreadableDocument

MOST_UNPACKED = 60_000_000
MOST_RATIO = 400
_BROKEN = "不是完好的 Word 文档，请用 Word 或 WPS 打开后另存为 .docx 再上传。"
_BREAKS = {"w:br": "\n", "w:cr": "\n", "w:tab": "\t"}
_SILENT = {"w:del", "w:moveFrom", "w:instrText", "w:delText", "mc:Fallback"}


class _Paragraphs:
    """Collects w:t text; deleted revisions and field codes are not part of what a reader sees."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._run: list[str] = []
        self._silent = 0
        self._in_text = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "w:t":
            self._in_text += 1
        elif tag in _BREAKS and not self._silent:
            self._run.append(_BREAKS[tag])

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent -= 1
        elif tag == "w:t":
            self._in_text -= 1
        elif tag == "w:p":
            self.lines.append("".join(self._run))
            self._run = []

    def data(self, text: str) -> None:
        if self._in_text and not self._silent:
            self._run.append(text)


def _refuse_entity(*_arguments: object) -> NoReturn:
    raise UnreadableDocument("文档里含有外部实体或自定义实体，已拒绝读入，请另存为普通 .docx。")


def _member(data: bytes) -> bytes:
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        info = package.getinfo("word/document.xml")
    except (zipfile.BadZipFile, KeyError, NotImplementedError):
        raise UnreadableDocument(_BROKEN) from None
    with package:
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


def text_of_docx(data: bytes) -> str:
    """Word 正文: one line a paragraph, table cells as paragraphs, in document order."""
    paragraphs = _Paragraphs()
    parser = expat.ParserCreate()
    parser.StartElementHandler = paragraphs.start
    parser.EndElementHandler = paragraphs.end
    parser.CharacterDataHandler = paragraphs.data
    parser.EntityDeclHandler = _refuse_entity
    parser.ExternalEntityRefHandler = _refuse_entity
    parser.StartDoctypeDeclHandler = _refuse_entity
    try:
        parser.Parse(_member(data), True)
    except expat.ExpatError:
        raise UnreadableDocument(_BROKEN) from None
    return "\n".join(paragraphs.lines)
