"""上报的一行: one record as a phone sends it, read without trusting any of it. Pure.

A batch is lines of JSON. A line that cannot be read is answered for itself, and those after it are still taken.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeGuard
from uuid import UUID

LONGEST_LINE = 64 * 1024
MOST_LINES = 200
MOST_PHOTOS = 9
LARGEST_PHOTO = 4 * 1024 * 1024
LONGEST_TEXT = 2000
MOST_VALUES = 100
_FLAWED = "这一行读不出来（可能传到一半断了），手机会自动再送"


@dataclass(frozen=True, slots=True)
class Position:
    """位置, taken only with the family's consent."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """一条走访记录: what was found in one case, and which `revision` of the case the phone had seen."""

    id: UUID
    case: int
    form: str
    revision: int
    values: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    said_at: datetime | None = None
    photos: tuple[tuple[str, int], ...] = ()  # (SHA-256, bytes)
    position: Position | None = None

    def digest(self, of: int) -> str:
        """What account `of` says here, as one hash: a record sent twice is the same, a changed one is not."""
        said = [
            of, self.case, self.form, self.revision, dict(self.values), self.text, str(self.said_at), list(self.photos),
            [self.position.latitude, self.position.longitude] if self.position else None,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Flawed:
    """读不出来的一行; `id` as far as it could be read."""

    id: str
    sentence: str


def read_line(line: bytes) -> VisitRecord | Flawed:
    """一行 → a record, or what is wrong with it in a sentence."""
    if len(line) > LONGEST_LINE:
        return Flawed(
            "", f"这一行有 {len(line) // 1024} KB，超过 {LONGEST_LINE // 1024} KB，请把情况写短一些"
        )
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return Flawed("", _FLAWED)
    if not isinstance(said, dict):
        return Flawed("", _FLAWED)
    known = said.get("id") if isinstance(said.get("id"), str) else ""
    try:
        number = UUID(str(known))
    except ValueError:
        return Flawed(str(known)[:60], "记录没有编号，请更新手机页后重新填写")
    wrong = _why_not(said)
    if wrong:
        return Flawed(str(number), wrong)
    place = said.get("position")
    return VisitRecord(
        id=number,
        case=said["case"],
        form=said["form"],
        revision=said["revision"],
        values=said.get("values") or {},
        text=_clean(said.get("text") or "").strip(),
        said_at=moment(said.get("at")),
        photos=tuple(dict.fromkeys((one["sha256"], one["size"]) for one in said.get("photos") or ())),
        position=Position(float(place["latitude"]), float(place["longitude"])) if _agreed(place) else None,
    )


def _why_not(said: Mapping[str, object]) -> str | None:
    """为什么不收这一行: the first thing that does not fit its shape."""
    case, revision, values = said.get("case"), said.get("revision"), said.get("values") or {}
    text, photos = said.get("text") or "", said.get("photos") or []
    if not _whole(case) or not _whole(revision) or not isinstance(said.get("form"), str):
        return "没有写明是哪个个案、哪张表，请更新手机页后重新填写"
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        return f"情况说明最多 {LONGEST_TEXT} 个字，请写短一些"
    if not isinstance(values, dict) or len(values) > MOST_VALUES:
        return "表格的内容不完整，请更新手机页后重新填写"
    if not isinstance(photos, list) or len(photos) > MOST_PHOTOS:
        return f"一次走访最多 {MOST_PHOTOS} 张照片，其余的请另记一次走访"
    if not all(_is_photo(one) for one in photos):
        return f"照片没有编号或超过 {LARGEST_PHOTO // 1024 // 1024} MB，请重新拍"
    return None


def _is_photo(one: object) -> bool:
    if not isinstance(one, dict):
        return False
    size = one.get("size")
    return is_sha256(one.get("sha256")) and _whole(size) and 0 < size <= LARGEST_PHOTO


def is_sha256(text: object) -> bool:
    """Whether it is written like a SHA-256."""
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62


def _agreed(place: object) -> TypeGuard[Mapping[str, float]]:
    """Coordinates count only when the family agreed; without it the visit is kept and they are not."""
    if not isinstance(place, dict) or place.get("consent") is not True:
        return False
    both = [place.get("latitude"), place.get("longitude")]
    numbers = [one for one in both if isinstance(one, int | float) and not isinstance(one, bool)]
    return len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180


def moment(text: object) -> datetime | None:
    """A moment as the phone says it, with its offset; None when it says none that can be read."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo and 1990 < found.year < 2200 else None


def _clean(text: str) -> str:
    """Without what PostgreSQL cannot store."""
    return text.replace("\x00", "").encode(errors="replace").decode()
