"""照片: whether bytes are a photo, and the photo without what a camera writes about place, time and person. Pure."""

_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # frame headers hold height and width
_SCAN, _END = 0xDA, b"\xff\xd9"
# JFIF and Adobe say how to read the colours; every other application segment and comment is about the taking of it.
_KEPT_APPLICATIONS = {0xE0, 0xEE}
_COMMENT = 0xFE
LONGEST_SIDE = 20_000


class NotAPhotoError(ValueError):
    """不是照片; the message is the sentence shown."""


def bare(content: bytes) -> bytes:
    """去掉附带信息的照片 (EXIF, GPS, comments). Raises NotAPhotoError for anything that is not a whole JPEG."""
    if not content.startswith(b"\xff\xd8\xff"):
        raise NotAPhotoError("这个文件不是照片，没有收；走访记录已保留，请重新拍照")
    kept, place, seen_size = [b"\xff\xd8"], 2, False
    while True:
        marker, start = _marker(content, place)
        if marker in _ALONE:
            place = start
            continue
        length = int.from_bytes(content[start : start + 2], "big")
        if length < 2 or start + length > len(content):
            raise _cut()
        if marker in _SIZES:
            height = int.from_bytes(content[start + 3 : start + 5], "big")
            width = int.from_bytes(content[start + 5 : start + 7], "big")
            if length < 8 or not 0 < height <= LONGEST_SIDE or not 0 < width <= LONGEST_SIDE:
                raise NotAPhotoError("照片的尺寸不对，没有收；走访记录已保留，请重新拍照")
            seen_size = True
        if marker == _SCAN:
            break
        if not (0xE0 <= marker <= 0xEF and marker not in _KEPT_APPLICATIONS) and marker != _COMMENT:
            kept.append(b"\xff" + bytes([marker]) + content[start : start + length])
        place = start + length
    end = content.rfind(_END, start)
    if not seen_size or end < 0:
        raise _cut()
    kept.append(b"\xff\xda" + content[start : end + 2])
    return b"".join(kept)


def _marker(content: bytes, place: int) -> tuple[int, int]:
    """The marker at a place and where its segment begins."""
    if place >= len(content) or content[place] != 0xFF:
        raise _cut()
    while place < len(content) and content[place] == 0xFF:
        place += 1
    if place >= len(content) or content[place] == 0xD9:
        raise _cut()
    return content[place], place + 1


def _cut() -> NotAPhotoError:
    return NotAPhotoError("照片不完整，打不开，没有收；走访记录已保留，请重新拍照")
