"""The phone's pure parts: lines, clocks and photos, with what no phone would send."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.phone import clock, pictures, rules
from bureau.phone.lines import VisitRecord, read_line
from bureau.phone.shapes import Flawed
from bureau.phone.states import NEXT, OPEN, WORDS, State, may_become
from phone.rows import jpeg

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GOOD = {
    "id": "6f1c6a52-7a0c-4a4e-9a39-0c8f0f0f0f0f",
    "case": 7,
    "form": "visit",
    "revision": 3,
    "text": "到家",
}
SHA = "0" * 64


def test_a_line_is_read() -> None:
    record = read_line(json.dumps(GOOD | {"photos": [{"sha256": SHA, "size": 9}] * 2}).encode())
    assert isinstance(record, VisitRecord)
    assert (record.case, record.text, record.photos) == (7, "到家", ((SHA, 9),))


@pytest.mark.parametrize(
    "more",
    [
        {"case": -1}, {"case": True}, {"case": "7"}, {"form": None}, {"revision": 2**70}, {"text": "长" * 2001}, {"text": 5},
        {"values": [1]}, {"values": {str(n): 1 for n in range(101)}}, {"photos": {"a": 1}}, {"photos": [{"sha256": "x", "size": 1}]},
        {"photos": [{"sha256": SHA, "size": 0}]}, {"photos": [{"sha256": SHA, "size": 10**8}]}, {"photos": [{}] * 10},
        {"id": "no number"}, {"id": None},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_answered_in_a_sentence(more: dict[str, object]) -> None:
    answer = read_line(json.dumps(GOOD | more).encode())
    assert isinstance(answer, Flawed)
    assert answer.sentence


@given(st.binary(max_size=200) | st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*GOOD, "photos", "values", "position", "at"]), inner)).map(lambda said: json.dumps(said).encode()))  # fmt: skip
def test_no_line_brings_it_down(line: bytes) -> None:
    answer = read_line(line)
    assert isinstance(answer, VisitRecord) or answer.sentence


def test_a_position_needs_consent_and_must_be_on_earth() -> None:
    for place, kept in (
        ({"latitude": 37, "longitude": 106, "consent": True}, True),
        ({"latitude": 37, "longitude": 106}, False),
        ({"latitude": 370, "longitude": 106, "consent": True}, False),
        ({"latitude": True, "longitude": 106, "consent": True}, False),
        ("37,106", False),
    ):
        record = read_line(json.dumps(GOOD | {"position": place}).encode())
        assert isinstance(record, VisitRecord)
        assert (record.position is not None) is kept


def test_the_digest_knows_every_word() -> None:
    first = read_line(json.dumps(GOOD).encode())
    other = read_line(json.dumps(GOOD | {"text": "到 家"}).encode())
    assert isinstance(first, VisitRecord)
    assert isinstance(other, VisitRecord)
    assert first.digest(1) == first.digest(1)
    assert len({first.digest(1), first.digest(2), other.digest(1)}) == 3


@pytest.mark.parametrize(
    ("said", "sent", "words"),
    [
        (timedelta(0), timedelta(0), ""),
        (timedelta(days=-3), timedelta(minutes=5), ""),
        (timedelta(days=365), timedelta(days=365), "快365天"),
        (timedelta(days=-365, hours=-2), timedelta(days=-365), "慢365天"),
        (timedelta(hours=5), None, "在收到之后"),
        (timedelta(days=-40), timedelta(0), "40天才上报"),
        (None, timedelta(0), "没有记下时间"),
    ],
)
def test_a_wrong_clock_is_marked(said: timedelta | None, sent: timedelta | None, words: str) -> None:
    sentence = clock.mark(
        said_at=AT + said if said is not None else None,
        sent_at=AT + sent if sent is not None else None,
        received_at=AT,
    )
    assert words in sentence if words else not sentence
    assert len(sentence) <= 200


def test_a_clock_that_is_off_by_a_known_span_gives_the_hour() -> None:
    sentence = clock.mark(
        said_at=AT + timedelta(days=365, hours=-2), sent_at=AT + timedelta(days=365), received_at=AT
    )
    assert "2026-03-02 07:00" in sentence


@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_bytes_bring_the_photo_reader_down(content: bytes, cut: int) -> None:
    for candidate in (content, b"\xff\xd8\xff" + content, jpeg()[:cut] + content):
        with suppress(pictures.NotAPhotoError):
            assert pictures.bare(candidate).startswith(b"\xff\xd8")


def test_a_photo_loses_what_the_camera_wrote_and_nothing_else() -> None:
    assert pictures.bare(jpeg()) == jpeg(exif=False)
    assert pictures.bare(jpeg(exif=False)) == jpeg(exif=False)
    assert pictures.bare(jpeg() + b"trailing") == jpeg(exif=False)


def test_every_state_has_words_and_what_waits_can_be_decided() -> None:
    assert set(WORDS) == set(State)
    assert all(NEXT[one] for one in OPEN)
    assert not may_become(State.ACCEPTED, State.HELD)


def test_a_role_without_the_right_is_held_with_its_reason() -> None:
    assert rules.why_not_apply(role="teacher", known=True, lost=False) is None
    assert "无权" in (rules.why_not_apply(role="unit", known=True, lost=False) or "")
    assert "没有这个个案" in (rules.why_not_apply(role="teacher", known=False, lost=False) or "")
    assert "丢失" in (rules.why_not_apply(role="teacher", known=True, lost=True) or "")
