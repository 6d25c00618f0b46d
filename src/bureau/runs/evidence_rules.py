"""佐证规则: why a conclusion may not be written, submitted, confirmed or returned now, and which files are taken. Pure."""

from typing import Protocol

from bureau.people.rules import Permission, why_not

WRITERS = ("leader", "office")
CONCLUSIONS = ("达标", "未达标", "不适用")
LARGEST_FILE = 20 * 1024 * 1024
MOST_FILES = 30
DRAFT, SUBMITTED, CONFIRMED, RETURNED = "draft", "submitted", "confirmed", "returned"
WORDS = {DRAFT: "待提交", SUBMITTED: "待复核", CONFIRMED: "已复核", RETURNED: "已退回"}

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


class Person(Protocol):
    """谁."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class Conclusion(Protocol):
    """一项佐证, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def conclusion(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def by_id(self) -> int: ...


def why_not_write(state: str, *, by: Person, in_area: bool) -> str | None:
    """为什么不能填结论、传文件. `state` is "" for an item that nobody has begun."""
    if by.role not in WRITERS:
        return "佐证材料由局领导和业务科室填写"
    if not in_area:
        return "这个县不在您的辖区内"
    if state == SUBMITTED:
        return "已提交待复核，复核前不能修改；如须修改请复核人退回"
    if state == CONFIRMED:
        return "已复核；如须修改请先重新打开并写明原因"
    return None


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


def why_not_submit(
    evidence: Conclusion, *, by: Person, in_area: bool, concludes: bool, files: int
) -> str | None:
    """为什么不能提交复核. `concludes`: this item is answered by a conclusion, not by a figure."""
    refusal = why_not_write(evidence.state, by=by, in_area=in_area)
    if refusal:
        return refusal
    missing = []
    if concludes and evidence.conclusion not in CONCLUSIONS:
        missing.append("选择结论")
    if not evidence.summary.strip():
        missing.append("填写简要结论")
    if not files:
        missing.append("至少上传一个文件")
    return f"还不能提交，请先{'、'.join(missing)}" if missing else None


def why_not_check(evidence: Conclusion, *, by: Person, in_area: bool) -> str | None:
    """为什么不能复核 (confirm or return): another person than the one who wrote it."""
    refusal = why_not(by.role, Permission.CHECK_EVIDENCE)
    if refusal:
        return refusal
    if not in_area:
        return "这个县不在您的辖区内"
    if evidence.state != SUBMITTED:
        return f"这一项“{WORDS[evidence.state]}”，提交以后才能复核"
    if evidence.by_id == by.pk:
        return "填写的人不能自己复核，请另一人复核"
    return None


def why_not_reopen(evidence: Conclusion, *, by: Person, in_area: bool, reason: str) -> str | None:
    """为什么不能重新打开 a confirmed conclusion."""
    if by.role not in WRITERS:
        return "佐证材料由局领导和业务科室填写"
    if not in_area:
        return "这个县不在您的辖区内"
    if evidence.state != CONFIRMED:
        return f"这一项“{WORDS[evidence.state]}”，不必重新打开"
    return None if reason.strip() else "重新打开须写明原因"


def concludes(item_title: str) -> bool:
    """Whether an item of 县级数据 is answered by a conclusion; one with a unit in its title is a figure."""
    return not item_title.endswith("）")
