"""What the phone's tests share: a ledger of their own, cases of pupils in it, and records as a phone writes them."""

import hashlib
import json
import struct
import zlib
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from bureau.cases import actions as cases
from bureau.cases import owning
from bureau.cases.models import Case, PackVersion
from bureau.people.models import User
from bureau.people.secret import seal
from bureau.phone.models import Device
from bureau.registry.models import Student
from junheng.policy.ledgers import version_of
from site_rows import COUNTY, NOW, TODAY

LEDGER = "village_visits"
PACK = """
kind: ledger
code: village_visits
title: 走访台账
title_en: Visits
group: 演示
subject: student
period_days: 365
entered_by: 均衡项目组
checked_by: ""
citations:
  - {name: practice, document: 演示文件, clause: "", quoted: "", standing: assumed}
columns:
  - {name: reason, title: 不在校原因, kind: choice, choices: [因病, 厌学, 家庭困难, 外出务工], access: child}
  - {name: calls, title: 通话次数, kind: integer, access: child}
  - {name: place, title: 现在何处, kind: text, access: child}
  - {name: risk, title: 心理风险, kind: choice, choices: [低, 高], access: screening}
states:
  - {name: found, title: 待走访, phase: open, level: class, deadline: {days: 3, unit: working}}
  - {name: said, title: 已报返校, phase: claimed, level: school, deadline: {days: 5, unit: working}}
  - {name: closed, title: 已销号, phase: closed}
moves:
  - {name: visit, title: 登记家访, from: [found, said], to: same, by: [class, school, township, bureau], fields: [reason, calls, place], needs: [text], form: visit}
  - {name: claim, title: 报已返校, from: [found], to: said, by: [class, school, bureau], fields: [place], needs: [file], form: returned}
  - {name: close, title: 复核销号, from: [said], to: closed, by: [school, bureau], second: true}
  - {name: back, title: 退回, from: [said], to: found, by: [school, bureau], needs: [text]}
ladder: {levels: [class, school, township, bureau], days: 3, unit: working}
proof: person
detectors: []
forms:
  - {name: visit, title: 家访记录, fields: [reason, calls, place], photos: true, position: true, move: visit}
  - {name: returned, title: 返校登记, fields: [place], photos: true, move: claim}
letters: []
reports: []
"""


def ledger(by: User) -> None:
    """The ledger of the tests, in force in the small county."""
    other = User.objects.exclude(pk=by.pk).order_by("pk")[0]
    PackVersion.objects.create(
        county_code=COUNTY, code=LEDGER, number=1, title="走访台账", text=PACK, version=version_of(PACK),
        state=PackVersion.State.IN_FORCE, by=by, at=NOW, reason="演示", checked_by=other, checked_at=NOW,
    )  # fmt: skip


def open_cases(teacher: User, by: User, count: int = 1) -> list[Case]:
    """Cases of the first pupils of the teacher's school, all handed to the teacher."""
    pupils = Student.objects.filter(school_code=teacher.school_code, valid_to=None, replaced_by=None)
    made = [
        cases.open_case(
            county_code=COUNTY,
            ledger=LEDGER,
            subject_key=key,
            fields={"reason": "厌学"},
            by=by,
            at=NOW,
            today=TODAY,
        ).pk
        for key in pupils.order_by("key").values_list("key", flat=True)[:count]
    ]
    give(made, teacher, by)
    return [Case.objects.get(pk=pk) for pk in made]


def give(cases_: list[int], to: User | None, by: User, level: str = "class") -> None:
    refused = owning.hand_over(case_ids=cases_, to=to, level=level, reason="演示", by=by, at=NOW, today=TODAY)
    assert not refused, refused


def phone_of(user: User) -> Device:
    """A registered phone."""
    return Device.objects.create(
        number=uuid4(), user=user, name="演示机", key=seal("00" * 32), opened_at=NOW, seen_at=NOW
    )


def said(case: Case, *, id: UUID | None = None, **more: Any) -> dict[str, Any]:
    """A visit as the phone's JSON."""
    return {
        "id": str(id or uuid4()), "case": case.pk, "form": "visit", "revision": case.revision, "values": {},
        "text": "到家见到孩子，愿意回校", "at": NOW.isoformat(), "photos": [], "position": None,
    } | more  # fmt: skip


def line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


def named(content: bytes) -> dict[str, Any]:
    """A photo as a record names it."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def jpeg(mark: bytes = b"", *, exif: bool = True, padding: int = 0) -> bytes:
    """The smallest thing that is a JPEG by its segments, with a place in its EXIF; `padding` makes it long."""
    segment = lambda marker, body: b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body  # noqa: E731
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"),
            segment(0xE1, b"Exif\x00\x00GPS 37.0 106.0" + mark) if exif else b"",
            segment(0xDB, b"\x00" + bytes(64)),
            segment(0xC0, struct.pack(">BHHB", 8, 2, 2, 1) + b"\x01\x11\x00"),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            bytes(
                (zlib.crc32(mark + bytes([number % 251])) + number) % 200 for number in range(20 + padding)
            ),
            b"\xff\xd9",
        ]
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
