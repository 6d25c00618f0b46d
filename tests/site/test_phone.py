"""Records from phones: accepted once, held when the right is gone, side by side when two wrote; photos in pieces."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bureau.cases import actions as cases
from bureau.cases import notes
from bureau.cases.models import Case, CaseFile, Event
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.phone import desk_actions, device_actions, outgoing, photo_actions, queries
from bureau.phone.actions import receive
from bureau.phone.arrivals import Arrival
from bureau.phone.models import Clash, Photo, Piece, Receipt
from bureau.phone.states import State
from phone.rows import give, jpeg, ledger, line, named, open_cases, phone_of, said
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(cast: dict[str, User]) -> User:
    ledger(cast["office"])
    return cast["teacher"]


@pytest.fixture
def case(teacher: User, cast: dict[str, User]) -> Case:
    return open_cases(teacher, cast["office"])[0]


def send(user: User, *records: dict[str, object], at=NOW, sent_at=NOW) -> list[str]:
    arrival = Arrival(by=user, at=at, today=TODAY, sent_at=sent_at)
    return [one.answer for one in receive(lines=[line(record) for record in records], arrival=arrival)]


def deliver(user: User, content: bytes, *, pieces: list[int] | None = None) -> str:
    count = -(-len(content) // queries.PIECE)
    state = ""
    for number in range(count) if pieces is None else pieces:
        part = content[number * queries.PIECE : (number + 1) * queries.PIECE]
        arrival = Arrival(by=user, at=NOW, today=TODAY)
        state = photo_actions.receive_piece(
            sha256=named(content)["sha256"], number=number, content=part, arrival=arrival
        )
    return state


def test_a_record_is_accepted_once_however_often_it_comes(teacher: User, case: Case) -> None:
    record = said(case, values={"reason": "因病"})
    assert send(teacher, record) == ["accepted"]
    assert send(teacher, record, record) == ["already", "already"]
    assert Receipt.objects.count() == Event.objects.filter(record_id=record["id"]).count() == 1
    case.refresh_from_db()
    assert case.fields["reason"] == "因病"


def test_a_bad_line_does_not_stop_the_others(teacher: User, case: Case) -> None:
    good, other = said(case), said(case)
    cut = line(said(case))[:40]
    shapeless = line({"id": str(uuid4()), "case": "甲"})
    arrival = Arrival(by=teacher, at=NOW, today=TODAY, sent_at=NOW)
    answers = receive(lines=[line(good), cut, shapeless, b"[]", line(other)], arrival=arrival)
    assert [one.answer for one in answers] == ["accepted", "again", "refused", "again", "accepted"]
    assert all(one.sentence for one in answers[1:4])


def test_the_same_number_with_other_words_is_kept_for_a_person(teacher: User, case: Case) -> None:
    record = said(case)
    send(teacher, record)
    other = record | {"text": "另一份内容"}
    assert send(teacher, other) == ["held"]
    assert send(teacher, other) == ["already"]
    assert Receipt.objects.filter(state=State.HELD).count() == 1
    assert Event.objects.filter(text="另一份内容").count() == 0


def test_what_two_wrote_stands_side_by_side_until_a_person_chooses(
    teacher: User, case: Case, cast: dict[str, User], browser_of: Callable[[str], Client]
) -> None:
    cases.change_fields(
        case_id=case.pk, fields={"reason": "家庭困难"}, by=cast["office"], at=NOW, today=TODAY
    )
    assert send(teacher, said(case, values={"reason": "外出务工", "calls": 2})) == ["conflict"]
    case.refresh_from_db()
    assert (case.fields["reason"], case.fields["calls"]) == ("家庭困难", 2)
    receipt = Receipt.objects.get()
    page = browser_of("teacher").get(f"/phone/desk/{receipt.pk}/").content.decode()
    assert "外出务工" in page
    assert "家庭困难" in page
    with pytest.raises(Refused, match="不在校原因"):
        desk_actions.settle(
            receipt=receipt.pk, choices={}, revision=case.revision, by=teacher, at=NOW, today=TODAY
        )
    with pytest.raises(Refused, match="修改"):
        desk_actions.settle(
            receipt=receipt.pk, choices={"reason": "mine"}, revision=1, by=teacher, at=NOW, today=TODAY
        )
    answer = browser_of("teacher").post(
        f"/phone/desk/{receipt.pk}/settle/", {"c-reason": "mine", "revision": case.revision}
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.fields["reason"] == "外出务工"
    assert Receipt.objects.get().state == State.SETTLED
    assert Clash.objects.get().choice == "mine"


def test_the_same_value_from_two_is_no_clash(teacher: User, case: Case, cast: dict[str, User]) -> None:
    cases.change_fields(case_id=case.pk, fields={"reason": "因病"}, by=cast["office"], at=NOW, today=TODAY)
    assert send(teacher, said(case, values={"reason": "因病"})) == ["accepted"]


def test_who_lost_the_right_loses_no_record(teacher: User, case: Case, cast: dict[str, User]) -> None:
    photo = jpeg(b"held")
    record = said(case, values={"calls": 3}, photos=[named(photo)])
    give([case.pk], None, cast["office"], "school")
    assert send(teacher, record) == ["held"]
    assert deliver(teacher, photo) == Photo.State.WHOLE
    case.refresh_from_db()
    assert "calls" not in case.fields
    assert not CaseFile.objects.exists()
    assert outgoing.tasks(teacher, TODAY)["cases"] == []
    receipt = Receipt.objects.get()
    with pytest.raises(Refused, match="可以的角色"):
        desk_actions.release(receipt=receipt.pk, reason="核实", by=teacher, at=NOW, today=TODAY)
    with pytest.raises(Refused, match="理由"):
        desk_actions.release(receipt=receipt.pk, reason=" ", by=cast["school"], at=NOW, today=TODAY)
    desk_actions.release(receipt=receipt.pk, reason="与班主任核实", by=cast["school"], at=NOW, today=TODAY)
    case.refresh_from_db()
    assert case.fields["calls"] == 3
    assert CaseFile.objects.get().of == case
    event = Event.objects.get(record_id=record["id"])
    assert event.by == cast["school"]
    assert teacher.display_name in event.note
    assert outgoing.tasks(teacher, TODAY)["told"][0]["state"] == "released"


def test_a_declined_record_stays_as_it_came(teacher: User, case: Case, cast: dict[str, User]) -> None:
    give([case.pk], None, cast["office"], "school")
    send(teacher, said(case))
    receipt = Receipt.objects.get()
    desk_actions.decline(receipt=receipt.pk, reason="已由他人走访", by=cast["school"], at=NOW)
    assert Receipt.objects.get().state == State.DECLINED
    assert Entry.objects.filter(kind="phone_record", reason="已由他人走访").count() == 1
    with pytest.raises(Refused):
        desk_actions.release(receipt=receipt.pk, reason="再看", by=cast["school"], at=NOW, today=TODAY)


def test_the_database_lets_nobody_decide_about_the_own_record(teacher: User, case: Case) -> None:
    send(teacher, said(case))
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.update(state=State.RELEASED, settled_by=teacher, reason="自己")
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(
            record=Receipt.objects.get().record, digest="", source="phone", user=teacher, case=case.pk,
            county_code=COUNTY, state="accepted", sealed=b"", received_at=NOW,
        )  # fmt: skip


def test_an_unknown_case_and_a_role_that_works_no_cases_are_held(
    teacher: User, case: Case, cast: dict[str, User]
) -> None:
    assert send(teacher, said(case) | {"case": 10**9}) == ["held"]
    assert send(cast["unit"], said(case)) == ["held"]
    assert Receipt.objects.filter(school_code=teacher.school_code, county_code=COUNTY).count() == 2


def test_a_clock_a_year_off_is_marked_and_the_servers_time_counts(teacher: User, case: Case) -> None:
    ahead = NOW + timedelta(days=365)
    send(teacher, said(case, at=ahead.isoformat()), sent_at=ahead)
    receipt = Receipt.objects.get()
    assert receipt.received_at == NOW
    assert receipt.said_at == ahead
    assert "快365天" in receipt.clock
    event = Event.objects.get(record_id=receipt.record)
    assert (event.at, event.said_at, event.note) == (NOW, ahead, receipt.clock)


def test_a_photo_comes_in_pieces_and_without_where_it_was_taken(teacher: User, case: Case) -> None:
    photo = jpeg(b"x", padding=queries.PIECE * 2)
    record = said(case, photos=[named(photo)])
    send(teacher, record)
    assert queries.photos_missing([UUID(record["id"])]) == {record["id"]: [named(photo)["sha256"]]}
    assert deliver(teacher, photo, pieces=[2, 0, 0]) == Photo.State.WAITING
    assert queries.pieces(teacher, named(photo)["sha256"]) == [0, 2]
    assert deliver(teacher, photo, pieces=[1]) == Photo.State.WHOLE
    assert deliver(teacher, photo, pieces=[1]) == Photo.State.WHOLE
    kept = notes.open_file(file=CaseFile.objects.get(), by=teacher, at=NOW)
    assert b"GPS" in photo
    assert b"GPS" not in kept
    assert kept.endswith(photo[-queries.PIECE :])
    assert not Piece.objects.exists()
    assert queries.photos_missing([UUID(record["id"])]) == {}


def test_a_photo_that_is_none_is_refused_and_the_visit_kept(teacher: User, case: Case) -> None:
    program = b"MZ" + bytes(300)
    assert send(teacher, said(case, photos=[named(program)])) == ["accepted"]
    assert deliver(teacher, program) == Photo.State.REFUSED
    assert "不是照片" in Photo.objects.get().sentence
    assert Event.objects.filter(record_id=Receipt.objects.get().record).exists()
    assert not CaseFile.objects.exists()


def test_a_damaged_photo_is_asked_for_again(teacher: User, case: Case) -> None:
    photo = jpeg(b"y")
    send(teacher, said(case, photos=[named(photo)]))
    arrival = Arrival(by=teacher, at=NOW, today=TODAY)
    sha256 = named(photo)["sha256"]
    damaged = bytes(len(photo))
    assert photo_actions.receive_piece(sha256=sha256, number=0, content=damaged, arrival=arrival) == "waiting"
    assert deliver(teacher, photo) == Photo.State.WHOLE
    other = named(jpeg(b"z"))
    send(teacher, said(case, photos=[other]))
    with pytest.raises(Refused, match="长短"):
        photo_actions.receive_piece(sha256=other["sha256"], number=0, content=b"short", arrival=arrival)
    with pytest.raises(Refused, match="先上报"):
        photo_actions.receive_piece(sha256="0" * 64, number=0, content=b"", arrival=arrival)


def test_a_record_whose_move_needs_a_file_waits_for_it(teacher: User, case: Case) -> None:
    photo = jpeg(b"proof")
    record = said(case, form="returned", text="", photos=[named(photo)])
    assert send(teacher, record) == ["waiting"]
    case.refresh_from_db()
    assert case.state == "found"
    deliver(teacher, photo)
    case.refresh_from_db()
    assert case.state == "said"
    assert Receipt.objects.get().state == State.ACCEPTED
    assert CaseFile.objects.filter(of=case).count() == 1


def test_a_place_counts_only_with_consent(teacher: User, case: Case) -> None:
    place = {"latitude": 36.9, "longitude": 105.9}
    with_consent, without = said(case, position=place | {"consent": True}), said(case, position=place)
    send(teacher, with_consent, without)
    assert Event.objects.get(record_id=with_consent["id"]).latitude == 36.9
    assert Event.objects.get(record_id=without["id"]).latitude is None


def test_my_children_only_and_the_least_of_each(teacher: User, cast: dict[str, User]) -> None:
    mine, *others = open_cases(teacher, cast["office"], 3)
    give([one.pk for one in others], None, cast["office"], "school")
    document = outgoing.tasks(teacher, TODAY)
    assert [one["id"] for one in document["cases"]] == [mine.pk]
    text = json.dumps(document, ensure_ascii=False, default=str)
    assert "心理风险" not in text
    assert "id_number" not in text
    assert len(document["cases"][0]["card"]) == 9
    assert document["ledgers"][f"{COUNTY}/village_visits"]["forms"][0]["text"] is True
    assert outgoing.tasks(cast["unit"], TODAY)["cases"] == []


def test_a_lost_phone_gets_neither_key_nor_children(
    teacher: User, case: Case, cast: dict[str, User], browser_of: Callable[[str], Client]
) -> None:
    client, number = browser_of("teacher"), uuid4()
    made = client.post("/phone/key/", {"device": str(number)}, content_type="application/json").json()
    again = client.post("/phone/key/", {"device": str(number)}, content_type="application/json").json()
    assert made == again
    assert len(made["key"]) == 64
    other = browser_of("school").post("/phone/key/", {"device": str(number)}, content_type="application/json")
    assert other.status_code == 410
    answer = client.get(f"/phone/tasks/?device={number}")
    assert [one["id"] for one in answer.json()["cases"]] == [case.pk]
    assert (
        client.get(f"/phone/tasks/?device={number}", headers={"if-none-match": answer["ETag"]}).status_code
        == 304
    )
    device = queries.device(number, teacher)
    assert device is not None
    with pytest.raises(Refused, match="自己的手机"):
        device_actions.report_lost(pk=device.pk, by=cast["school"], at=NOW)
    client.post(f"/phone/devices/{device.pk}/lost/", {"reason": "掉在路上"})
    assert client.get(f"/phone/tasks/?device={number}").status_code == 410
    assert (
        client.post("/phone/key/", {"device": str(number)}, content_type="application/json").status_code
        == 410
    )
    sent = client.post(
        "/phone/sync/",
        line(said(case)),
        content_type="application/x-ndjson",
        headers={"X-Phone": str(number)},
    ).json()
    assert (sent["lost"], sent["answers"][0]["answer"]) == (True, "held")


def test_a_phone_in_english_is_told_in_english(
    cast: dict[str, User], browser_of: Callable[[str], Client], case: Case
) -> None:
    client = browser_of("teacher")
    strange = f"/phone/tasks/?device={uuid4()}"
    for tongue, begins in (("en", "The server does not know"), ("zh", "服务器不认识")):
        answer = client.get(strange, headers={"x-language": tongue})
        assert answer.json()["sentence"].startswith(begins)
    number = str(phone_of(cast["teacher"]).number)
    Case.objects.filter(pk=case.pk).update(
        contradiction="2026-03-02 已报完成，但 2026-03-03 的数据仍显示没有解决",
        fields={"refusal": "已经拒绝"},
    )
    told = {
        tongue: client.get(f"/phone/tasks/?device={number}", headers={"x-language": tongue})
        for tongue in ("en", "zh")
    }
    english, chinese = (
        next(one for one in told[tongue].json()["cases"] if one["id"] == case.pk) for tongue in ("en", "zh")
    )
    assert chinese["red"].startswith("2026-03-02 已报完成")
    assert not any("㐀" <= sign <= "鿿" for sign in english["red"])
    # What is chosen from and what people wrote is as it is stored, and a change of language is no old answer.
    assert (english["fields"], english["name"]) == (chinese["fields"], chinese["name"])
    assert told["en"]["ETag"] != told["zh"]["ETag"]


def test_the_door_answers_in_sentences(
    teacher: User, case: Case, browser_of: Callable[[str], Client]
) -> None:
    client, device = browser_of("teacher"), phone_of(teacher)
    unknown = client.post("/phone/sync/", line(said(case)), content_type="application/x-ndjson")
    assert (unknown.status_code, "手机" in unknown.json()["sentence"]) == (422, True)
    headers = {"X-Phone": str(device.number), "X-Phone-Now": NOW.isoformat()}
    many = b"\n".join([line(said(case))] * 201)
    assert (
        client.post("/phone/sync/", many, content_type="application/x-ndjson", headers=headers).status_code
        == 413
    )
    photo = jpeg(b"door")
    record = said(case, photos=[named(photo)])
    answer = client.post(
        "/phone/sync/", line(record), content_type="application/x-ndjson", headers=headers
    ).json()
    assert answer["missing"] == {record["id"]: [named(photo)["sha256"]]}
    address = f"/phone/photos/{named(photo)['sha256']}/"
    assert client.get(address).json()["pieces"] == []
    sent = client.post(f"{address}0/", photo, content_type="application/octet-stream")
    assert sent.json()["state"] == "whole"
    assert (
        client.post("/phone/photos/x/0/", photo, content_type="application/octet-stream").status_code == 404
    )
    assert Client().get("/phone/tasks/").status_code == 302
    assert Client().get("/phone/").status_code == 200
