"""The smallest .xls (BIFF8 in a compound file) that holds rows of text and numbers; nothing in use today writes one."""

import struct
from collections.abc import Sequence

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def _book(name: str, rows: Sequence[Sequence[object]]) -> bytes:
    cells = b""
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells += _record(0x0204, struct.pack("<HHH", number, place, 0) + text)
            elif value is not None:
                cells += _record(0x0203, struct.pack("<HHHd", number, place, 0, float(value)))  # type: ignore[arg-type]
    sheet = _begin(0x0010) + cells + _record(0x000A, b"")
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    formats = _record(0x00E0, bytes(20))
    head = _begin(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + formats
    end = _record(0x000A, b"")
    start = len(head) + len(_record(0x0085, bytes(6) + title)) + len(end)
    return head + _record(0x0085, struct.pack("<IH", start, 0) + title) + end + sheet


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", _FREE, _FREE, child)
    tail = bytes(36) + struct.pack("<IQ", start, size)
    return text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + links + tail


def old_workbook(name: str, rows: Sequence[Sequence[object]]) -> bytes:
    """An .xls with one worksheet."""
    stream = _book(name, rows)
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    fat = [_FAT, _END, *range(3, sectors + 2), _END]
    table = b"".join(struct.pack("<I", link) for link in fat).ljust(512, b"\xff")
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + b"\xff" * (4 * 108)
    return header + table + directory.ljust(512, b"\0") + stream
