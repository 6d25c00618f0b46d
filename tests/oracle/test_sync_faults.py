"""10,000 visits through a net that drops, delays, doubles, reorders and cuts: none lost, none doubled, nothing overwritten in silence.

The phones here do what the page's own sender does: keep a record until it is answered, send what is unanswered again, believe
only whole answers. The net is seeded; the twin is a plain list of what each phone wrote.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bureau.cases.models import Case, Event
from bureau.people.models import User
from bureau.phone.actions import receive
from bureau.phone.arrivals import Arrival
from bureau.phone.keeping import both
from bureau.phone.models import Clash, Receipt
from bureau.phone.states import State
from phone.rows import LEDGER, ledger, line
from site_rows import COUNTY, NOW, TODAY
from town import accounts

VISITS, PHONES, CASES, BATCH = 10_000, 20, 400, 20
REASONS = ["因病", "厌学", "家庭困难", "外出务工"]
SCHOOL = "2164990001"


@dataclass
class Phone:
    """A visitor: what was written and not yet answered, what was seen of each case at the last contact."""

    user: User
    chance: random.Random
    seen: dict[int, int] = field(default_factory=dict)
    outbox: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, case: int, number: int) -> None:
        values = {"calls": number} if self.chance.random() < 0.2 else {}
        if self.chance.random() < 0.2:
            values["reason"] = self.chance.choice(REASONS)
        record = {
            "id": str(UUID(int=self.chance.getrandbits(128))), "case": case, "form": "visit", "revision": self.seen[case],
            "values": values, "text": f"第{number}次走访", "at": NOW.isoformat(), "photos": [], "position": None,
        }  # fmt: skip
        self.outbox[record["id"]] = self.written[record["id"]] = record

    def hear(self, answers: list[dict[str, str]]) -> None:
        for one in answers:
            if one["answer"] not in ("again", "refused"):
                self.outbox.pop(one["id"], None)


def net(body: bytes, chance: random.Random) -> Iterator[bytes]:
    """What arrives of one request, and how often."""
    fate = chance.random()
    if fate < 0.12:
        return
    if fate < 0.22:
        body = body[: chance.randrange(len(body))]
    if fate < 0.30:
        lines = body.split(b"\n")
        chance.shuffle(lines)
        body = b"\n".join(lines)
    yield body
    if chance.random() < 0.12:
        yield body


def serve(phone: Phone, body: bytes, late: int) -> bytes:
    """The server's side of one request: its answer as bytes."""
    arrival = Arrival(by=phone.user, at=NOW + timedelta(minutes=late), today=TODAY, sent_at=NOW)
    answers = receive(lines=[part for part in body.split(b"\n") if part.strip()], arrival=arrival)
    return json.dumps([one.as_dict() for one in answers], ensure_ascii=False).encode()


def heard(answer: bytes, chance: random.Random) -> list[dict[str, str]]:
    """What the phone understands of an answer: all of it, or nothing when it was lost or cut."""
    fate = chance.random()
    if fate < 0.12:
        return []
    if fate < 0.2:
        answer = answer[: chance.randrange(len(answer))]
    try:
        found: list[dict[str, str]] = json.loads(answer)
    except ValueError:
        return []
    return found


def start(count: int) -> list[Phone]:
    # Another test of the same run may have filled this database with the cast already.
    people = {one.role: one for one in User.objects.filter(username__in=User.Role.values)}
    people = people or accounts.hire(accounts.load_county(), school=SCHOOL)
    ledger(people["office"])
    Case.objects.bulk_create(
        Case(
            county_code=COUNTY, ledger=LEDGER, subject="student", subject_key=f"演示{number}", label=f"演示学生{number}",
            school_code=SCHOOL, township_code="640324100", state="found", phase="open", state_since=TODAY, level="class",
            opened_on=TODAY, owner=people["teacher"], fields={"reason": "厌学"},
        )
        for number in range(CASES)
    )  # fmt: skip
    seen = dict(Case.objects.filter(ledger=LEDGER).values_list("pk", "revision"))
    # Two who share the cases: the owner, and the school's own account.
    users = [people["teacher"], people["school"]]
    return [Phone(users[number % 2], random.Random(number), dict(seen)) for number in range(count)]


@pytest.mark.django_db
def test_ten_thousand_visits_through_a_bad_net() -> None:
    chance = random.Random(20261122)
    phones = start(PHONES)
    cases = list(phones[0].seen)
    delayed: list[tuple[Phone, bytes]] = []
    written = rounds = 0
    faults = Counter[str]()
    while written < VISITS or delayed or any(phone.outbox for phone in phones):
        rounds += 1
        assert rounds < 2_000, "the phones do not come to an end"
        for phone in phones:
            for _ in range(min(25, VISITS - written)):
                phone.write(chance.choice(cases), written)
                written += 1
            waiting = list(phone.outbox.values())[:BATCH]
            if not waiting:
                continue
            body = b"\n".join(line(record) for record in waiting)
            if chance.random() < 0.1:
                # On its way for so long that the phone has sent the same again before it arrives.
                delayed.append((phone, body))
                faults["delayed"] += 1
            arrived = list(net(body, chance))
            faults[f"arrived {len(arrived)} times"] += 1
            for copy in arrived:
                phone.hear(heard(serve(phone, copy, rounds), chance))
        if delayed and (written == VISITS or chance.random() < 0.5):
            sender, body = delayed.pop(chance.randrange(len(delayed)))
            serve(sender, body, rounds)
        if rounds % 5 == 0:
            # Some phones take along what is new; the others go on with what they saw.
            for phone in chance.sample(phones, PHONES // 3):
                phone.seen = dict(Case.objects.filter(ledger=LEDGER).values_list("pk", "revision"))
    assert min(faults.values()) > 0, faults
    assert len(faults) == 4, faults
    said = {key: record for phone in phones for key, record in phone.written.items()}
    check(said)


def check(said: dict[str, dict[str, Any]]) -> None:
    """Against the plain list: each record there once, each value applied, in a clash, or equal to what stood there."""
    assert len(said) == VISITS
    events = list(Event.objects.exclude(record_id=None).order_by("pk"))
    receipts = {str(one.record): one for one in Receipt.objects.prefetch_related("clashes")}
    assert set(receipts) == set(said), "lost or invented"
    assert Counter(str(event.record_id) for event in events) == Counter(list(said)), "lost or doubled"
    assert {one.state for one in receipts.values()} == {State.ACCEPTED, State.CONFLICT}
    assert Clash.objects.count() > 100
    # Replay: whoever changed a field had seen what stood there, or wrote the same; what he could not have seen waits as a clash.
    now: dict[tuple[int, str], tuple[object, int]] = {}
    revision: Counter[int] = Counter(
        dict.fromkeys(Case.objects.filter(ledger=LEDGER).values_list("pk", flat=True), 1)
    )
    for event in events:
        record = said[str(event.record_id)]
        revision[event.of_id] += 1
        clashes = {one.column: one for one in receipts[record["id"]].clashes.all()}
        for name, value in record["values"].items():
            there, since = now.get((event.of_id, name), ("厌学" if name == "reason" else None, 1))
            if name in clashes:
                assert since > record["revision"]
                assert both(clashes[name].sealed)[0] == str(value)
                continue
            assert since <= record["revision"] or there == value, "overwritten in silence"
            now[event.of_id, name] = (value, revision[event.of_id])
    for case in Case.objects.filter(ledger=LEDGER):
        assert case.revision == revision[case.pk]
        for name in ("reason", "calls"):
            there, _since = now.get((case.pk, name), ("厌学" if name == "reason" else None, 1))
            assert case.fields.get(name) == there


def test_the_net_of_the_test_does_its_worst() -> None:
    chance = random.Random(1)
    seen = Counter(len(list(net(b"a\nb\nc", chance))) for _ in range(1_000))
    assert seen[0] > 50
    assert seen[2] > 50
    assert sum(not heard(b'[{"id": "1", "answer": "accepted"}]', chance) for _ in range(1_000)) > 100
