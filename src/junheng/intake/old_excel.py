"""打开 .xls 之前的检查: the same look at an old workbook (BIFF8 in a compound file) as `safety` takes at an .xlsx.

Only the places of cells and the error cells are read here; the values are left to the reader.
"""

import struct
from collections.abc import Iterator

from junheng.intake.safety import MAX_CELLS, Refused, TabFacts, column_letter

_LAST = 0xFFFFFFFA  # sector numbers from here on are marks, not places
_ROOT, _STREAM = 5, 2
_BOUNDSHEET, _END, _ERROR, _FORMULA, _SEVERAL = 0x0085, 0x000A, 0x0205, 0x0006, 0x00BD
# Records that put a value at (row, column): RK, number, label, label of the shared list, rich label, several RKs.
_VALUES = frozenset((0x027E, 0x0203, 0x0204, 0x00FD, 0x00D6, _SEVERAL, _ERROR, _FORMULA))
_ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
}  # fmt: skip


def inspect_old(data: bytes) -> dict[str, TabFacts]:
    """What each worksheet of an .xls holds, by its name. Refused when it is damaged or its cells reach too far."""
    try:
        stream = _workbook_stream(data)
        return {name: _scan(stream, start, name) for name, start in _sheets(stream)}
    except (struct.error, IndexError, ValueError) as error:
        message = "文件已损坏，打不开；请用 Excel 打开原文件另存为 .xlsx 后重新上传"
        raise Refused("corrupt", message) from error


def _chain(table: list[int], start: int) -> Iterator[int]:
    """The sectors of a stream. ValueError when they run in a circle."""
    seen = 0
    while start < _LAST:
        yield start
        start = table[start]
        seen += 1
        if seen > len(table):
            raise ValueError("circle")


def _workbook_stream(data: bytes) -> bytes:
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        raise ValueError("sector size")
    size = 1 << shift
    directory, _, cutoff, mini_start = struct.unpack_from("<IIII", data, 48)
    next_fat, _ = struct.unpack_from("<II", data, 68)

    def sector(number: int) -> bytes:
        part = data[(number + 1) * size : (number + 2) * size]
        return part.ljust(size, b"\0") if part else _missing()

    places = list(struct.unpack_from("<109I", data, 76))
    for _ in range(len(data) // size + 1):
        if next_fat >= _LAST:
            break
        *more, next_fat = struct.unpack(f"<{size // 4}I", sector(next_fat))
        places += more
    table = [
        link for place in places if place < _LAST for link in struct.unpack(f"<{size // 4}I", sector(place))
    ]
    entries = b"".join(map(sector, _chain(table, directory)))
    root = (0, 0)
    for offset in range(0, len(entries), 128):
        length, kind = struct.unpack_from("<HB", entries, offset + 64)
        name = entries[offset : offset + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, total = struct.unpack_from("<II", entries, offset + 116)
        if kind == _ROOT:
            root = (start, total)
        elif kind == _STREAM and name.lower() in ("workbook", "book"):
            if total >= cutoff:
                return b"".join(map(sector, _chain(table, start)))[:total]
            small = b"".join(map(sector, _chain(table, root[0])))
            links = b"".join(map(sector, _chain(table, mini_start)))
            minis = list(struct.unpack(f"<{len(links) // 4}I", links))
            return b"".join(small[number * 64 : number * 64 + 64] for number in _chain(minis, start))[:total]
    raise ValueError("no workbook")


def _missing() -> bytes:
    raise ValueError("sector outside the file")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """(kind, place of the body, its length) up to the end of the part that begins at `start`."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, start + 4, length
        if kind == _END:
            return
        start += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, place, length in _records(stream, 0):
        if kind == _BOUNDSHEET:
            (start,) = struct.unpack_from("<I", stream, place)
            letters, wide = stream[place + 6], stream[place + 7] & 1
            text = stream[place + 8 : place + min(length, 8 + letters * (2 if wide else 1))]
            yield text.decode("utf-16-le" if wide else "latin-1", "replace"), start


def _scan(stream: bytes, start: int, name: str) -> TabFacts:
    facts = TabFacts()
    height = width = 0
    for kind, place, length in _records(stream, start):
        if kind not in _VALUES:
            continue
        row, column = struct.unpack_from("<HH", stream, place)
        if kind == _SEVERAL:  # several values side by side; the last column stands at the end
            (last,) = struct.unpack_from("<H", stream, place + length - 2)
            width = max(width, last + 1)
        height, width = max(height, row + 1), max(width, column + 1)
        if kind == _FORMULA:
            facts.formulas += 1
            if stream[place + 12 : place + 14] == b"\xff\xff" and stream[place + 6] == 2:
                facts.errors[row, column] = _ERRORS.get(stream[place + 8], "#N/A")
        elif kind == _ERROR and stream[place + 7]:
            facts.errors[row, column] = _ERRORS.get(stream[place + 6], "#N/A")
    if height * width > MAX_CELLS:
        corner = f"{column_letter(width - 1)}{height}"
        message = (
            f"工作表“{name}”的内容一直到 {corner}，远超正常大小；请删除离数据很远的多余内容，另存后重新上传"
        )
        raise Refused("far_cell", message)
    return facts
