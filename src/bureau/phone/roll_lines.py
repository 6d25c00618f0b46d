"""上报的点名: one class on one day as a phone sends it. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bureau.phone.shapes import Flawed, clean, moment, whole

KIND = "roll"
MOST_NAMED = 200
LONGEST = 200
_SHAPELESS = "没有写明是哪个班、哪一天，请更新手机页后重新点名"


@dataclass(frozen=True, slots=True)
class RollRecord:
    """一次点名: who was named, and which version of that day's roll call the phone had seen (None: none)."""

    id: UUID
    school_code: str
    grade: str
    class_number: int
    day: date
    version: int | None
    named: tuple[tuple[str, str, str, str], ...]  # (pupil, kind, part, reason)
    reason: str = ""
    said_at: datetime | None = None

    def digest(self, of: int) -> str:
        """What account `of` says here, as one hash."""
        said = [of, self.school_code, self.grade, self.class_number, str(self.day), self.version, self.named, self.reason, str(self.said_at)]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def content(self) -> dict[str, object]:
        """As JSON, for the sealed original; `read_roll` reads it again."""
        return {
            "kind": KIND, "id": str(self.id), "school": self.school_code, "grade": self.grade, "class": self.class_number,
            "day": str(self.day), "version": self.version, "named": [list(one) for one in self.named],
            "reason": self.reason, "at": self.said_at.isoformat() if self.said_at else None,
        }  # fmt: skip


def read_roll(number: UUID, said: Mapping[str, object]) -> RollRecord | Flawed:
    """What a line of kind `roll` says, or what is wrong with it in a sentence."""
    school, grade, class_number = said.get("school"), said.get("grade"), said.get("class")
    version, named, reason = said.get("version"), said.get("named"), said.get("reason") or ""
    try:
        day = date.fromisoformat(str(said.get("day")))
    except ValueError:
        return Flawed(str(number), _SHAPELESS)
    if not (isinstance(school, str) and isinstance(grade, str) and whole(class_number)):
        return Flawed(str(number), _SHAPELESS)
    if len(school) > 20 or len(grade) > 20 or class_number > 999 or not (version is None or whole(version)):
        return Flawed(str(number), _SHAPELESS)
    if not isinstance(named, list) or len(named) > MOST_NAMED or not all(_is_named(one) for one in named):
        return Flawed(str(number), "点名的名单不完整，请更新手机页后重新点名")
    if not isinstance(reason, str) or len(reason) > LONGEST:
        return Flawed(str(number), f"更正原因最多 {LONGEST} 个字，请写短一些")
    return RollRecord(
        id=number,
        school_code=clean(school),
        grade=clean(grade),
        class_number=class_number,
        day=day,
        version=version,
        named=tuple(
            (clean(key), clean(kind), clean(part), clean(why).strip()) for key, kind, part, why in named
        ),
        reason=clean(reason).strip(),
        said_at=moment(said.get("at")),
    )


def _is_named(one: object) -> bool:
    return (
        isinstance(one, list)
        and len(one) == 4
        and all(isinstance(text, str) and len(text) <= LONGEST for text in one)
    )
