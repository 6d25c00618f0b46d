"""打开之前的检查: what an .xlsx holds, looked at before it is unpacked into memory.

A spreadsheet reader makes room for every cell between A1 and the last one, so two cells in opposite corners cost as much as
a full sheet. Sizes are therefore measured on the stream, never taken from what the file says about itself. On the way the
error cells and the formulas without a result are noted, which the reader would hand over as blanks.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

MAX_FILE = 200 << 20  # bytes of one uploaded file
MAX_ENTRIES = 5_000
MAX_UNPACKED = 1 << 30  # bytes of all worksheets and texts together
MAX_RATIO = 200  # an honest worksheet shrinks to a tenth, one of empty cells to a fiftieth
SMALL = 64 << 20  # below this a high ratio harms nobody
MAX_CELLS = 26_000_000  # 650,000 rows of 40 columns
UNCALCULATED = "#未计算"
_CHUNK = 1 << 20

_WIDE, _FAR = (
    260,
    99_999,
)  # up to column IZ and this row no closer look is needed: together they are MAX_CELLS
_FAR_COLUMNS = re.compile(rb' r="([A-Z]{3}|[J-Z][A-Z])\d')
_FAR_ROWS = re.compile(rb' r="[A-Z]{1,3}(\d{6,})"')
_FULL_CELL = re.compile(rb' r="([A-Z]{1,3})(\d+)"[^>]*(?<!/)>')
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c ([^>]*\bt="e"[^>]*)>(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>)?<(?:\w+:)?v>([^<]*)<'
)
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c ([^>]*)>(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >]")
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row (?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"[^>]*(?<!/)>')
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


class Refused(Exception):
    """The file is not opened; the text is the Chinese sentence that says why and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(slots=True)
class TabFacts:
    """What one worksheet holds beside values: formulas counted, hidden rows as Excel numbers them, and error cells by (row, column), counted from 0."""

    formulas: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letter(number: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def inspect(data: bytes) -> dict[str, TabFacts]:
    """What each worksheet of an .xlsx holds, by its name. Refused when it is not a workbook or too large to unpack."""
    try:
        archive = ZipFile(BytesIO(data))
        entries = archive.infolist()
    except (BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise Refused(
            "corrupt", "文件已损坏，打不开；请用 Excel 打开原文件另存为 .xlsx 后重新上传"
        ) from error
    names = {entry.filename for entry in entries}
    if "xl/workbook.bin" in names:
        raise Refused("xlsb", "这是 .xlsb 二进制工作簿，请用 Excel 另存为 .xlsx 后重新上传")
    if "xl/workbook.xml" not in names:
        if "content.xml" in names:
            raise Refused("ods", "这是 .ods 表格，请另存为 .xlsx 后重新上传")
        raise Refused("not_workbook", "这不是 Excel 工作簿；如果是压缩包，请先解压，再上传里面的表格")
    if len(entries) > MAX_ENTRIES or len(names) < len(entries):
        raise Refused("zip_bomb", "文件的内部结构不正常，没有打开；请用 Excel 另存为新的 .xlsx 后重新上传")
    try:
        return _inspect_entries(archive, entries, data)
    except (BadZipFile, zlib.error, ValueError, KeyError, OSError, EOFError, NotImplementedError) as error:
        raise Refused(
            "corrupt", "文件已损坏，打不开；请用 Excel 打开原文件另存为 .xlsx 后重新上传"
        ) from error


def _inspect_entries(archive: ZipFile, entries: list[ZipInfo], data: bytes) -> dict[str, TabFacts]:
    budget = MAX_UNPACKED
    facts: dict[str, TabFacts] = {}
    tabs = {path: tab for tab, path in _paths(archive).items()}
    for entry in entries:
        if not entry.filename.startswith("xl/") or not entry.filename.endswith((".xml", ".rels")):
            continue
        if entry.flag_bits & 1:
            raise Refused("password", "文件加了密码，打不开；请取消密码后重新上传")
        if entry.filename in tabs:
            tab = tabs[entry.filename]
            facts[tab], size = _scan(_unpacked(entry, data, budget))
            if size < 0:
                _refuse_far_cells(tab, _unpacked(entry, data, budget))
                size = -size
        else:
            size = sum(map(len, _unpacked(entry, data, budget)))
        budget -= size
    return facts


def _unpacked(entry: ZipInfo, data: bytes, budget: int) -> Iterator[bytes]:
    """The entry unpacked chunk by chunk, however large the file claims it to be."""
    start = entry.header_offset
    name_length = int.from_bytes(data[start + 26 : start + 28], "little")
    extra_length = int.from_bytes(data[start + 28 : start + 30], "little")
    start += 30 + name_length + extra_length
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == 0:
        yield bytes(packed)
        return
    if entry.compress_type != 8:
        raise NotImplementedError(entry.compress_type)
    unpacker = zlib.decompressobj(-15)
    size = position = 0
    pending = b""
    while not unpacker.eof:
        if not pending:
            if position >= len(packed):
                raise EOFError(entry.filename)
            pending = bytes(packed[position : position + _CHUNK])
            position += _CHUNK
        chunk = unpacker.decompress(pending, _CHUNK)
        pending = unpacker.unconsumed_tail
        size += len(chunk)
        if size > budget or (size > SMALL and size > MAX_RATIO * max(entry.compress_size, 1)):
            raise Refused(
                "zip_bomb",
                "文件解压后太大，没有打开；请删除数据以外的空行空列（或按学校拆成几个文件），另存后重新上传",
            )
        yield chunk


def _whole_cells(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes cut only before a cell, so that a pattern never straddles two pieces."""
    rest = b""
    for chunk in stream:
        rest += chunk
        cut = max(rest.rfind(b"<c "), rest.rfind(b":c ") - 8)
        if cut <= 0 and len(rest) > 4 * _CHUNK:  # no cell is that long
            cut = len(rest)
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _scan(stream: Iterator[bytes]) -> tuple[TabFacts, int]:
    """What the worksheet holds and its size; the size is negative when a closer look must say how far its cells reach."""
    facts = TabFacts()
    letters: set[bytes] = set()
    far_row = _FAR
    size = 0
    for piece in _whole_cells(stream):
        size += len(piece)
        letters.update(_FAR_COLUMNS.findall(piece))
        far_row = max(far_row, *map(int, _FAR_ROWS.findall(piece)), 0)
        if b"hidden=" in piece:
            facts.hidden_rows.update(map(int, _HIDDEN_ROW.findall(piece)))
        if b't="e"' in piece:
            for attributes, text in _ERROR_CELL.findall(piece):
                _note(facts, attributes, unescape(text.decode()))
        if b"<f" in piece or b":f" in piece:
            facts.formulas += len(_FORMULA.findall(piece))
            for attributes in _NO_RESULT.findall(piece):
                if b't="str"' not in attributes:
                    _note(facts, attributes, UNCALCULATED)
    width = max((column_number(name.decode()) + 1 for name in letters), default=_WIDE)
    return facts, -size if far_row * width > MAX_CELLS else size


def _refuse_far_cells(tab: str, stream: Iterator[bytes]) -> None:
    """Refused when cells with content (formatted empty ones take no room) reach too far."""
    width = height = 0
    for piece in _whole_cells(stream):
        for name, row in _FULL_CELL.findall(piece):
            width = max(width, column_number(name.decode()) + 1)
            height = max(height, int(row))
    if width * height > MAX_CELLS:
        corner = f"{column_letter(width - 1)}{height}"
        raise Refused(
            "far_cell",
            f"工作表“{tab}”的内容一直到 {corner}，远超正常大小；请删除离数据很远的多余内容，另存后重新上传",
        )


def _note(facts: TabFacts, attributes: bytes, text: str) -> None:
    if place := _REFERENCE.search(attributes):
        facts.errors[int(place[2]) - 1, column_number(place[1].decode())] = text


def _paths(archive: ZipFile) -> dict[str, str]:
    """{name of the worksheet: its entry in the archive}."""
    workbook = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship [^>]*>", links):
        link = dict(_ATTRIBUTE.findall(tag))
        target = link.get("Target", "")
        targets[link.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    answer = {}
    for tag in re.findall(r"<(?:\w+:)?sheet [^>]*>", workbook):
        sheet = dict(_ATTRIBUTE.findall(tag))
        link_id = next((value for key, value in sheet.items() if key.endswith(":id")), "")
        answer[unescape(sheet.get("name", ""))] = targets.get(link_id, "")
    return answer
