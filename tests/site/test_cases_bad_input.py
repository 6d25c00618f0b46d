"""个案遇到的坏情形: the register is taken back under open cases, one child stands in two counties, a child moves in a ledger without a detector."""

from collections.abc import Callable

import pytest
from cases_help import START, at, night
from django.test import Client
from django.utils.timezone import localdate

from bureau.cases import actions, counting, enrolments, packs, placing, queries
from bureau.cases.models import Case, Event, Stay
from bureau.cases.subjects import Place
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.phone.actions import Arrival, receive
from bureau.registry import commit_actions as registry
from bureau.registry.import_models import Import
from bureau.registry.models import Student
from junheng.policy.ledgers import LIVE, problems_of, shipped
from phone.rows import LEDGER, PACK, ledger, line, open_cases, said
from site_rows import COUNTY, NOW, TODAY

Cast = dict[str, User]


@pytest.fixture
def case(cast: Cast) -> Case:
    """A case of a pupil in a ledger that no detector follows."""
    ledger(cast["office"])
    return open_cases(cast["teacher"], cast["office"])[0]


def test_an_import_undone_under_open_cases_loses_and_solves_nothing(
    case: Case, cast: Cast, browser_of: Callable[[str], Client]
) -> None:
    for of in Import.objects.filter(state=Import.State.COMMITTED).order_by("-pk"):
        registry.undo(of=of, by=cast["office"], reason="演示：选错了文件", at=NOW)
    assert not Student.objects.filter(valid_to=None, replaced_by=None).exists()
    live = dict(Case.objects.filter(phase__in=LIVE).values_list("pk", "state"))
    sweeps = night(START)
    assert dict(Case.objects.filter(phase__in=LIVE).values_list("pk", "state")) == live
    assert {sweep.gone for sweep in sweeps.values()} == {0}
    assert "没有数据" in sweeps["suspected"].error
    for address in (f"/cases/{case.pk}/", f"/ledgers/{LEDGER}/", "/my-cases/", "/visits/?whose=every"):
        assert browser_of("office").get(address).status_code == 200, address
    arrival = Arrival(by=cast["teacher"], at=NOW, today=TODAY, sent_at=NOW)
    assert [one.answer for one in receive(lines=[line(said(case))], arrival=arrival)] == ["accepted"]
    with pytest.raises(Refused, match="没有找到"):
        actions.open_case(
            county_code=COUNTY, ledger="suspected", subject_key="演示", by=cast["office"], at=NOW, today=TODAY
        )


def test_a_child_enrolled_in_two_counties_has_a_case_in_each_and_one_only(case: Case, cast: Cast) -> None:
    child = Student.objects.get(county_code=COUNTY, key=case.subject_key, valid_to=None, replaced_by=None)
    child.pk, child.county_code, child.school_code = None, "640399", "2164990099"
    child.save(force_insert=True)
    everywhere = User.objects.create(username="region", role="office", display_name="演示·自治区")
    given = {
        "ledger": "suspected",
        "subject_key": case.subject_key,
        "by": everywhere,
        "at": NOW,
        "today": TODAY,
    }
    here = actions.open_case(county_code=COUNTY, **given)
    there = actions.open_case(county_code="640399", **given)
    assert (here.school_code, there.school_code) == (case.school_code, "2164990099")
    for county in (COUNTY, "640399"):
        with pytest.raises(Refused, match="已有一件没有结束"):
            actions.open_case(county_code=county, **given)
    # Whoever sees one county sees its case only.
    assert set(queries.child_cases(cast["school"], COUNTY, case.subject_key)) == {here, case}
    assert not queries.visible(cast["school"]).filter(pk=there.pk).exists()


def test_a_child_with_two_enrolments_is_said_to_have_them(
    case: Case, cast: Cast, browser_of: Callable[[str], Client]
) -> None:
    day = localdate()
    child = Student.objects.get(county_code=COUNTY, key=case.subject_key, valid_to=None, replaced_by=None)
    Student.objects.filter(pk=child.pk).update(id_number_lookup="演示同号")
    address = f"/cases/{case.pk}/"
    assert "一人多籍" not in browser_of("office").get(address).content.decode()
    other = Student.objects.exclude(school_code=child.school_code).filter(
        county_code=COUNTY,
        valid_to=None,
        replaced_by=None,
        enrolment_status="在读",
        class_number__isnull=False,
    )[0]
    Student.objects.filter(pk=other.pk).update(id_number_lookup="演示同号")
    away = Student.objects.get(pk=other.pk)
    away.pk, away.county_code = None, "640399"
    away.save(force_insert=True)
    near, far = sorted(enrolments.others_of(case, day), key=lambda one: one.county)
    assert (near.county, bool(near.class_name)) == ("", True)
    # Of another county neither school nor class.
    assert (far.county, far.school, far.class_name) == ("640399", "", "")
    text = browser_of("office").get(address).content.decode()
    assert f"同一证件号在{near.school}{near.class_name}另有一条在读学籍" in text
    assert "同一证件号在640399另有一条在读学籍" in text


def test_a_child_that_moves_takes_along_what_no_detector_follows(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = Place("演示", "", "2164999999", "演示新学校", "640324101", "三年级1班", "3", 1)
    assert placing.place(county_code=COUNTY, at=at(START), today=START) == 0
    monkeypatch.setattr(placing, "places", lambda county, subject, keys, day: dict.fromkeys(keys, moved))
    lines = Entry.objects.count()
    assert placing.place(county_code=COUNTY, at=at(START), today=START) == 1
    assert placing.place(county_code=COUNTY, at=at(START), today=START) == 0
    case.refresh_from_db()
    assert (case.school_code, case.township_code, case.owner) == ("2164999999", "640324101", None)
    assert "演示新学校" in Event.objects.filter(of=case).latest("pk").text
    assert Stay.objects.filter(of=case, until=None).count() == 1
    assert Entry.objects.count() == lines + 1
    assert not queries.visible(cast["teacher"]).filter(pk=case.pk).exists()
    day = case.opened_on
    assert counting.stand(cast["office"], LEDGER, max(day, START), "school") == {"2164999999": 1}


HOSTILE = {
    "nobody may move": ("by: [class, school, township, bureau], fields: [reason, calls, place], needs: [text], form: visit", "by: [], fields: [], form: visit"),
    "a level that is none": ("level: class, deadline", "level: king, deadline"),
    "no deadline at all": ("deadline: {days: 3, unit: working}}\n  - {name: said", "deadline: {days: -3, unit: working}}\n  - {name: said"),
    "days that are words": ("{days: 5, unit: working}}", "{days: 五, unit: working}}"),
    "a unit that is none": ("{days: 5, unit: working}}", "{days: 5, unit: moons}}"),
    "to nowhere": ("to: said, by", "to: heaven, by"),
    "from nowhere": ("from: [said], to: closed", "from: [heaven], to: closed"),
    "never closed": ("phase: closed", "phase: open, level: class"),
    "a column that is none": ("fields: [place], needs: [file]", "fields: [secret], needs: [file]"),
    "refused by a column that is none": ("fields: [place], needs: [file]", "fields: [place], needs: [file], unless: {nothing: 未达标}"),
    "two columns of one name": ("name: calls, title", "name: reason, title"),
    "two states of one name": ("name: said, title: 已报返校, phase", "name: found, title: 已报返校, phase"),
    "an access that is none": ("access: screening", "access: everyone"),
    "a form of no move": ("position: true, move: visit", "position: true, move: fly"),
    "a choice without choices": ("choices: [低, 高], ", ""),
    "another ledger's name": ("code: village_visits", "code: ../../etc"),
    "no title": ("title: 走访台账", 'title: ""'),
    "a subject that is none": ("subject: student", "subject: dragon"),
    "passed to no ledger": ("needs: [file], form: returned", "needs: [file], form: returned, passes_to: 9"),
    "a ladder of nothing": ("levels: [class, school, township, bureau]", "levels: []"),
    "a key nobody knows": ("proof: person", "proof: person\nrun: rm"),
    "a detector that writes": ("detectors: []", "detectors: [{name: a, title: 甲, sql: 'DELETE FROM students', evidence: {}}]"),
    "a detector that reads a file": ("detectors: []", "detectors: [{name: a, title: 甲, sql: \"SELECT content AS subject_key FROM read_text('/etc/passwd')\", evidence: {}}]"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_pack_written_by_hand_is_refused_in_words_and_hurts_no_other(name: str, county: str) -> None:
    before, after = HOSTILE[name]
    assert PACK.count(before) >= 1
    found = packs.problems(COUNTY, PACK.replace(before, after, 1))
    assert found, name
    for one in found:
        assert one.line >= 1
        assert any("一" <= sign <= "鿿" for sign in one.message), one
        assert "Traceback" not in one.message
    assert set(packs.texts(COUNTY)) >= set(shipped())


def test_every_problem_of_a_pack_stands_there_at_once(county: str) -> None:
    text = PACK
    for name in (
        "a level that is none",
        "a subject that is none",
        "an access that is none",
        "a unit that is none",
    ):
        text = text.replace(*HOSTILE[name], 1)
    assert len({one.line for one in problems_of(text)}) >= 4
