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

from bureau.phone.roll_lines import KIND as ROLL
from bureau.phone.roll_lines import RollRecord, read_roll
from bureau.phone.shapes import Flawed, clean, moment, whole

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


Record = VisitRecord | RollRecord


def read_line(line: bytes) -> Record | Flawed:
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
    if said.get("kind") == ROLL:
        return read_roll(number, said)
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
        text=clean(said.get("text") or "").strip(),
        said_at=moment(said.get("at")),
        photos=tuple(dict.fromkeys((one["sha256"], one["size"]) for one in said.get("photos") or ())),
        position=Position(float(place["latitude"]), float(place["longitude"])) if _agreed(place) else None,
    )


def _why_not(said: Mapping[str, object]) -> str | None:
    """为什么不收这一行: the first thing that does not fit its shape."""
    case, revision, values = said.get("case"), said.get("revision"), said.get("values") or {}
    text, photos = said.get("text") or "", said.get("photos") or []
    if not whole(case) or not whole(revision) or not isinstance(said.get("form"), str):
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
    return is_sha256(one.get("sha256")) and whole(size) and 0 < size <= LARGEST_PHOTO


def is_sha256(text: object) -> bool:
    """Whether it is written like a SHA-256."""
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")


def _agreed(place: object) -> TypeGuard[Mapping[str, float]]:
    """Coordinates count only when the family agreed; without it the visit is kept and they are not."""
    if not isinstance(place, dict) or place.get("consent") is not True:
        return False
    both = [place.get("latitude"), place.get("longitude")]
    numbers = [one for one in both if isinstance(one, int | float) and not isinstance(one, bool)]
    return len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180
