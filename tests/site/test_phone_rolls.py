"""Roll calls from a phone: taken once, laid beside what somebody else entered, held when the class is no longer one's own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bureau.attendance import actions as attendance
from bureau.attendance import homeroom_actions, queries
from bureau.attendance.models import ClassDay
from bureau.attendance.shapes import ClassRef, Named
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.phone import desk_actions, outgoing, photo_actions
from bureau.phone.actions import receive
from bureau.phone.arrivals import Arrival
from bureau.phone.models import Clash, Device, Piece, Receipt
from bureau.phone.roll_lines import read_roll
from bureau.phone.shapes import Flawed
from bureau.phone.states import State
from bureau.work import upkeep
from phone.rows import line, phone_of
from site_rows import COUNTY

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 6)
AT = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)


@pytest.fixture
def ref(cast: dict[str, User]) -> ClassRef:
    """A class of the small school that the teacher is in charge of."""
    rolls = queries.rolls(COUNTY, TODAY, school_code="2164990001")
    found = max(rolls, key=lambda one: rolls[one])
    homeroom_actions.appoint(
        ref=found, user=cast["teacher"], since=date(2026, 3, 1), by=cast["school"], at=AT
    )
    return found


def pupils(ref: ClassRef) -> list[str]:
    return list(queries.roll(ref, TODAY))


def roll(
    ref: ClassRef, *named: list[str], version: int | None = None, day: date = TODAY, **more: Any
) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "kind": "roll", "school": ref.school_code, "grade": ref.grade, "class": ref.class_number,
        "day": day.isoformat(), "version": version, "named": list(named), "reason": "", "at": AT.isoformat(),
    } | more  # fmt: skip


def send(user: User, *records: dict[str, Any], device: Device | None = None) -> list[str]:
    came = Arrival(by=user, at=AT, today=TODAY, sent_at=AT, device=device)
    return [one.answer for one in receive(lines=[line(record) for record in records], arrival=came)]


def test_a_teacher_takes_the_own_class_along_and_nothing_else(ref: ClassRef, cast: dict[str, User]) -> None:
    document = outgoing.tasks(cast["teacher"], TODAY)
    [one] = document["classes"]
    assert (one["school"], one["grade"], one["class"]) == ref[1:]
    assert [key for key, _name in one["roll"]] == pupils(ref)
    days = [each["day"] for each in one["days"]]
    assert "2026-03-06" in days
    assert "2026-03-07" not in days, "a Saturday"
    assert "2026-03-09" in days, "a phone without network knows the next school days"
    assert outgoing.tasks(cast["school"], TODAY)["classes"] == []
    assert outgoing.tasks(cast["auditor"], TODAY)["classes"] == []


def test_a_roll_call_is_entered_once_however_often_it_comes(ref: ClassRef, cast: dict[str, User]) -> None:
    a, b, *_rest = pupils(ref)
    record = roll(ref, [a, "sick", "day", "发烧"], [b, "late", "day", ""])
    assert send(cast["teacher"], record, record) == ["accepted", "already"]
    assert send(cast["teacher"], record) == ["already"]
    entry = queries.entry(ref, TODAY)
    assert entry is not None
    assert (entry.source, entry.absent, entry.late, entry.by) == ("phone", 1, 1, cast["teacher"])
    assert ClassDay.objects.filter(day=TODAY).count() == 1
    [day] = [each for each in outgoing.tasks(cast["teacher"], TODAY)["classes"][0]["days"] if each["version"]]
    assert (day["version"], day["by"]) == (entry.pk, cast["teacher"].display_name)
    corrected = roll(ref, [b, "late", "day", ""], version=entry.pk, reason="上午到校")
    assert send(cast["teacher"], corrected) == ["accepted"]


def test_what_two_entered_stands_side_by_side_until_a_person_chooses(
    ref: ClassRef, cast: dict[str, User], browser_of: Callable[[str], Client]
) -> None:
    a, b, *_rest = pupils(ref)
    names = queries.roll(ref, TODAY)
    attendance.enter(
        ref=ref, day=TODAY, absences=[Named(b, "personal")], by=cast["school"], at=AT, today=TODAY
    )
    assert send(cast["teacher"], roll(ref, [a, "sick", "am", ""])) == ["conflict"]
    standing = queries.entry(ref, TODAY)
    assert standing is not None
    assert [one.student_key for one in standing.absences.all()] == [b], "nothing was overwritten"
    receipt = Receipt.objects.get()
    page = browser_of("teacher").get(f"/phone/desk/{receipt.pk}/").content.decode()
    assert f"{names[a]} 病假（上午）" in page
    assert f"{names[b]} 事假" in page
    assert receipt.about in browser_of("teacher").get("/phone/desk/").content.decode()
    chosen: dict[str, Any] = {
        "receipt": receipt.pk,
        "choices": {"roll": "mine"},
        "by": cast["teacher"],
        "at": AT,
        "today": TODAY,
    }
    with pytest.raises(Refused, match="刚刚又有人改过"):
        desk_actions.settle(revision=standing.pk + 1000, **chosen)
    desk_actions.settle(revision=standing.pk, **chosen)
    after = queries.entry(ref, TODAY)
    assert after is not None
    assert [one.student_key for one in after.absences.all()] == [a]
    assert Clash.objects.get().choice == "mine"
    assert Receipt.objects.get().state == State.SETTLED


def test_the_same_from_two_is_no_clash(ref: ClassRef, cast: dict[str, User]) -> None:
    a, *_rest = pupils(ref)
    attendance.enter(ref=ref, day=TODAY, absences=[Named(a, "sick")], by=cast["school"], at=AT, today=TODAY)
    assert send(cast["teacher"], roll(ref, [a, "sick", "day", ""])) == ["accepted"]
    assert ClassDay.objects.filter(day=TODAY).count() == 1


def test_who_lost_the_class_loses_no_roll_call(ref: ClassRef, cast: dict[str, User]) -> None:
    a, *_rest = pupils(ref)
    homeroom_actions.end_homeroom(ref=ref, until=TODAY, by=cast["school"], at=AT, reason="调离")
    assert send(cast["teacher"], roll(ref, [a, "sick", "day", ""])) == ["held"]
    assert queries.entry(ref, TODAY) is None
    receipt = Receipt.objects.get()
    assert "班主任" in receipt.sentence
    desk_actions.release(receipt=receipt.pk, reason="与本人核实", by=cast["school"], at=AT, today=TODAY)
    entry = queries.entry(ref, TODAY)
    assert entry is not None
    assert entry.by == cast["school"]
    assert Receipt.objects.get().state == State.RELEASED


def test_a_lost_phone_enters_nothing(ref: ClassRef, cast: dict[str, User]) -> None:
    device = phone_of(cast["teacher"])
    device.lost_at, device.lost_by = AT, cast["administrator"]
    device.save()
    assert send(cast["teacher"], roll(ref), device=device) == ["held"]
    assert queries.entry(ref, TODAY) is None


@pytest.mark.parametrize(
    "more",
    [
        {"day": "昨天"}, {"school": 7}, {"class": -1}, {"class": "2"}, {"version": "x"}, {"named": "全班"}, {"named": [["a", "sick"]]},
        {"named": [["a", "sick", "day", 3]]}, {"named": [["a" * 300, "sick", "day", ""]]}, {"reason": "长" * 201},
        {"named": [["a", "sick", "day", ""]] * 201},
    ],
)  # fmt: skip
def test_a_line_that_is_no_roll_call_is_refused_in_a_sentence(more: dict[str, Any]) -> None:
    said = roll(ClassRef(COUNTY, "2164990001", "g3", 1)) | more
    found = read_roll(uuid4(), said)
    assert isinstance(found, Flawed)
    assert found.sentence


def test_another_school_s_class_and_a_pupil_of_another_class_are_not_entered(
    ref: ClassRef, cast: dict[str, User]
) -> None:
    assert send(cast["teacher"], roll(ref) | {"school": "9999999999"}) == ["held"]
    assert send(cast["teacher"], roll(ref, ["没有这个人", "sick", "day", ""])) == ["held"]
    assert not ClassDay.objects.filter(day=TODAY).exists()


def test_pieces_of_photos_that_never_became_whole_go_after_two_months(cast: dict[str, User]) -> None:
    for number, age in enumerate((59, 61)):
        Piece.objects.create(
            user=cast["teacher"], sha256="0" * 64, number=number, sealed=b"x", at=AT - timedelta(days=age)
        )
    Piece.objects.create(
        user=cast["teacher"],
        sha256="1" * 64,
        number=photo_actions.ASIDE,
        sealed=b"x",
        at=AT - timedelta(days=400),
    )
    upkeep.keep_up(AT)
    assert sorted(Piece.objects.values_list("number", flat=True)) == [0, photo_actions.ASIDE]
