"""来件的原文: a record as sealed text, and back. Pure but for the keys of `people.secret`."""

import json
from datetime import date, datetime
from uuid import UUID

from bureau.people.secret import unseal
from bureau.phone.lines import Position, Record, VisitRecord
from bureau.phone.roll_lines import KIND as ROLL
from bureau.phone.roll_lines import RollRecord, read_roll
from bureau.phone.shapes import Flawed, moment


def as_text(content: object) -> str:
    """JSON of a record or of values."""
    if isinstance(content, RollRecord):
        content = content.content()
    if isinstance(content, VisitRecord):
        place = content.position
        content = {
            "id": str(content.id), "case": content.case, "form": content.form, "revision": content.revision,
            "values": dict(content.values), "text": content.text,
            "at": content.said_at.isoformat() if content.said_at else None, "photos": content.photos,
            "position": [place.latitude, place.longitude] if place else None,
        }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def as_record(sealed: bytes | memoryview) -> Record:
    """The record again, exactly as it came."""
    said = json.loads(unseal(sealed))
    if said.get("kind") == ROLL:
        roll = read_roll(UUID(said["id"]), said)
        if isinstance(roll, Flawed):
            raise ValueError(roll.sentence)
        return roll
    return VisitRecord(
        id=UUID(said["id"]),
        case=said["case"],
        form=said["form"],
        revision=said["revision"],
        values=said["values"],
        text=said["text"],
        said_at=moment(said["at"]) if said["at"] else None,
        photos=tuple((sha256, size) for sha256, size in said["photos"]),
        position=Position(*said["position"]) if said["position"] else None,
    )


def both(sealed: bytes | memoryview) -> tuple[object, object]:
    """(mine, theirs) of a clash."""
    said = json.loads(unseal(sealed))
    return said["mine"], said["theirs"]
