"""CSV 文本: bytes in UTF-8, GB18030 or UTF-16 → rows of text. A row is numbered as Excel would, also across line breaks."""

import codecs
import csv
from collections import Counter
from io import StringIO

from junheng.intake.safety import Refused

_SAVE_AS = "请在 Excel 中另存为 .xlsx 或“CSV UTF-8”后重新上传"
_MOJIBAKE = frozenset("ÃÂÐÑÕÊÀÁÄÅÆÇÈÉåäæçèéïœŒ¿½锟斤拷")


def decode(data: bytes) -> str:
    """The text of a CSV file. Refused with a sentence when no encoding fits or the text is already garbled."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _checked(_strict(data, name))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            raise Refused("truncated", f"文件不完整，结尾被截断；{_SAVE_AS}") from error
    return _checked(_strict(data, "gb18030"))


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise Refused("encoding", f"文字编码无法识别（既不是 UTF-8 也不是 GB18030）；{_SAVE_AS}") from error


def _checked(text: str) -> str:
    counts = Counter(text[:20_000])
    garbled = sum(counts[letter] for letter in _MOJIBAKE)
    hanzi = sum(number for letter, number in counts.items() if "\u4e00" <= letter <= "\u9fff")
    if "\ufffd" in text or (garbled > 8 and garbled > hanzi):
        raise Refused("encoding", f"文字是乱码，文件保存时编码出了错；{_SAVE_AS}")
    return text


def read_delimited(data: bytes) -> list[list[str]]:
    """All rows of a CSV (comma, semicolon or tab), short rows as they are."""
    # GB18030 has a mark of its own at the beginning, which hides a quotation mark behind it.
    text = decode(data).replace("\0", "").lstrip("\ufeff")
    head = text[:5_000]
    delimiter = max(",\t;", key=head.count) if any(mark in head for mark in ",\t;") else "，"
    csv.field_size_limit(1 << 20)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused("corrupt", f"CSV 的引号不成对或一格太长，无法分行；{_SAVE_AS}") from error
    # An unclosed quotation mark swallows the rest of the file into one cell.
    if any(len(cell) > 32_767 for row in rows for cell in row):
        raise Refused("corrupt", f"CSV 的引号不成对或一格太长，无法分行；{_SAVE_AS}")
    return rows
