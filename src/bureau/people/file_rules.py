"""文件规则: which uploaded files are taken as evidence. Pure."""

LARGEST_FILE = 20 * 1024 * 1024
MOST_FILES = 30

# Ending → the bytes a file of that kind begins with: a renamed program is not a document.
_ZIP = (b"PK\x03\x04",)
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
KINDS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "docx": _ZIP,
    "xlsx": _ZIP,
    "doc": _OLE,
    "xls": _OLE,
    "wps": _OLE,
    "ofd": _ZIP,
}


def why_not_file(name: str, size: int, head: bytes, *, files: int) -> str | None:
    """为什么不收这个文件. `head` is its first bytes, `files` how many there are already."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in KINDS:
        return f"“{name}”不是可以上传的类型，请上传 PDF、图片、Word、Excel、WPS 或 OFD 文件"
    if size == 0:
        return f"“{name}”是空文件，请检查后重新上传"
    if size > LARGEST_FILE:
        return f"“{name}”有 {size / 1024 / 1024:.1f} MB，超过 {LARGEST_FILE // 1024 // 1024} MB，请压缩或拆分"
    if not any(head.startswith(start) for start in KINDS[ending]):
        return f"“{name}”的内容与后缀“.{ending}”不符，请另存为正确的格式再上传"
    if files >= MOST_FILES:
        return f"每项最多 {MOST_FILES} 个文件，请合并后再上传"
    return None
