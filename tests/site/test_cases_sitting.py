"""一次办理: what is asked once for a batch is what would have been asked for each record, and costs a fraction."""

from datetime import timedelta

import pytest
from cases_help import START, at, know_holidays
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bureau.cases import actions, queries
from bureau.cases.models import Case, Event, PackVersion
from bureau.cases.sitting import Sitting
from bureau.log.queries import check_chain
from bureau.people import clearances
from bureau.people.models import User
from bureau.phone.actions import TOGETHER, Arrival, receive
from bureau.phone.models import Receipt
from junheng.policy.ledgers import version_of
from phone.rows import LEDGER, ledger, line, open_cases, said
from site_rows import COUNTY, NOW, TODAY

Cast = dict[str, User]
BATCH = 20
WAITING = {"SAVEPOINT", "pg_advisory_xact_lock(6403240001)"}


@pytest.fixture
def mine(cast: Cast) -> list[Case]:
    """Cases of the teacher's pupils."""
    ledger(cast["office"])
    return open_cases(cast["teacher"], cast["office"], BATCH)


def sent(by: User) -> Arrival:
    return Arrival(by=by, at=NOW, today=TODAY, sent_at=NOW)


def test_a_batch_asks_once(mine: list[Case], cast: Cast) -> None:
    lines = [line(said(case, values={"calls": 3})) for case in mine]
    with CaptureQueriesContext(connection) as seen:
        answers = receive(lines=lines, arrival=sent(cast["teacher"]))
    assert {one.answer for one in answers} == {"accepted"}
    asked = [one["sql"] for one in seen if not set(one["sql"].split()) & WAITING]
    # A record, the case, what happened to it, and the line of the log with the one before it; the rest is shared.
    assert len(asked) <= 5 * BATCH + 10, "\n".join(asked[:20])
    assert check_chain().bad is None


def test_what_many_are_asked_together_is_what_a_list_would_show(mine: list[Case], cast: Cast) -> None:
    Case.objects.filter(pk=mine[0].pk).update(school_code="2164999999")
    Case.objects.filter(pk=mine[1].pk).update(owner=None)
    Case.objects.filter(pk=mine[2].pk).update(access="screening")
    Case.objects.filter(pk=mine[3].pk).update(county_code="640399", township_code="640399100")
    ids = {case.pk for case in mine} | {10**9}
    clearances.grant(user=cast["school"], kind="screening", reason="分工文件", again=str(cast["school"]), by=cast["administrator"], at=NOW)  # fmt: skip
    nowhere = User.objects.create(username="gone", role="teacher", school_code="2164990001", is_active=False)
    everywhere = User.objects.create(username="province", role="office", display_name="演示")
    seen = {}
    for user in (*cast.values(), nowhere, everywhere):
        sitting = Sitting(user)
        with transaction.atomic():
            sitting.fetch(ids)
            reached = {pk for pk in ids if (case := sitting.case(pk)) is not None and sitting.reaches(case)}
            alone = Sitting(user)
            one_by_one = {pk for pk in ids if (case := alone.case(pk)) is not None and alone.reaches(case)}
            assert reached == one_by_one, user
        assert reached == set(queries.visible(user).filter(pk__in=ids).values_list("pk", flat=True)), user
        seen[user.username] = len(reached)
    assert seen["gone"] == 0
    assert seen["province"] == BATCH - 1
    assert seen[cast["school"].username] == BATCH - 1
    assert seen[cast["teacher"].username] == BATCH - 2
    assert seen[cast["administrator"].username] == 0


def test_rights_are_not_lent(mine: list[Case], cast: Cast) -> None:
    with transaction.atomic(), pytest.raises(ValueError, match="sitting"):
        actions.move(
            case_id=mine[0].pk, move="visit", text="演示", by=cast["teacher"], at=NOW, today=TODAY, shared=Sitting(cast["office"])
        )  # fmt: skip


def test_twice_in_one_batch_is_once(mine: list[Case], cast: Cast) -> None:
    record = said(mine[0])
    answers = receive(lines=[line(record), line(record), line(said(mine[1]))], arrival=sent(cast["teacher"]))
    assert [one.answer for one in answers] == ["accepted", "already", "accepted"]
    assert Event.objects.filter(record_id=record["id"]).count() == 1


def test_what_is_refused_in_the_middle_takes_back_itself_only(mine: list[Case], cast: Cast) -> None:
    case = mine[0]
    lines = [
        line(said(case, values={"calls": 1})),
        line(
            said(case, values={"place": "演示：县城"}, text="")
        ),  # no words of what was found: for the desk above
        b'{"id": "cut of',
        line(said(case, revision=case.revision + 1, values={"reason": "因病"})),
    ]
    answers = receive(lines=lines, arrival=sent(cast["teacher"]))
    assert [one.answer for one in answers] == ["accepted", "held", "again", "accepted"]
    before = case.revision
    case.refresh_from_db()
    assert case.fields == {"calls": 1, "reason": "因病"}
    assert case.revision == before + 2
    assert Receipt.objects.count() == 3


def test_a_step_that_takes_the_case_away_holds_for_the_next_line(mine: list[Case], cast: Cast) -> None:
    """After the class has reported, the case is the school's: what follows in the same batch is judged as it stands then."""
    know_holidays()
    text = (
        "name: visit, title: 登记家访, from: [found, said], to: same",
        "name: visit, title: 登记家访, from: [found], to: said",
    )
    pack = PackVersion.objects.get(code=LEDGER, county_code=COUNTY)
    pack.text = pack.text.replace(*text)
    pack.version = version_of(pack.text)
    pack.save()
    case = mine[0]
    lines = [line(said(case)), line(said(case, revision=case.revision + 1))]
    answers = receive(
        lines=lines, arrival=Arrival(by=cast["teacher"], at=at(START), today=START + timedelta(1))
    )
    assert [one.answer for one in answers] == ["accepted", "held"]
    assert "不在您名下" in answers[1].sentence
    case.refresh_from_db()
    assert (case.state, case.level, case.owner) == ("said", "school", None)


def test_more_than_one_part_keeps_the_order(mine: list[Case], cast: Cast) -> None:
    records = [said(mine[number % 3]) for number in range(TOGETHER + 7)]
    answers = receive(lines=[line(one) for one in records], arrival=sent(cast["teacher"]))
    assert [one.id for one in answers] == [one["id"] for one in records]
    assert {one.answer for one in answers} == {"accepted"}
