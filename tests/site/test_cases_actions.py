"""个案的其他写入: restricted columns, phone records, bulk work, sheets, packs, letters and reports."""

import io
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pytest
from cases_help import COUNTY, PDF, START, at, know_holidays, move, pupil

from bureau.cases import (
    actions,
    bulk,
    bulk_sheet,
    counting,
    letters,
    notes,
    owning,
    pack_actions,
    packs,
    queries,
    reports,
)
from bureau.cases.actions import Record
from bureau.cases.models import Bulk, Case, Event, PackVersion
from bureau.cases.queries import Wanted
from bureau.cases.recording import record_form
from bureau.log.models import Entry
from bureau.people import clearances
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import School
from junheng.documents.official import flaws, official_document
from junheng.policy.ledgers import shipped

Cast = dict[str, User]
NAME = "心理专干"


def opened(ledger: str, by: User, key: str, *, day: date = START, item: str = "", **fields: object) -> Case:
    """A case opened by hand."""
    return actions.open_case(
        county_code=COUNTY,
        ledger=ledger,
        subject_key=key,
        item=item,
        fields=fields,
        by=by,
        at=at(day),
        today=day,
    )


@pytest.fixture
def hazards(cast: Cast) -> list[Case]:
    """Twelve hazards of the school."""
    know_holidays()
    school = cast["school"]
    return [opened("hazards", school, school.school_code, item=f"演示 {n}") for n in range(12)]


def clear(user: User, kind: str, by: User) -> None:
    clearances.grant(user=user, kind=kind, reason="分工文件", again=str(user), by=by, at=at(START))


def test_what_is_screened_is_seen_by_named_staff_only(cast: Cast) -> None:
    school, office, admin = cast["school"], cast["office"], cast["administrator"]
    child = pupil(school.school_code)
    with pytest.raises(Refused, match="专门授权"):
        opened("mental_health", school, child.key)
    with pytest.raises(Refused, match="再输入一次"):
        clearances.grant(user=school, kind="screening", reason="分工", again="别人", by=admin, at=at(START))
    clear(school, "screening", admin)
    case = opened("mental_health", school, child.key)
    move(case, "screen", school, START, campaign="演示批次", q_mood="不好", q_help=True)
    case.refresh_from_db()
    assert case.fields == {}
    assert "不好" not in str(list(Event.objects.filter(of=case).values()))
    assert not queries.visible(office).filter(pk=case.pk).exists()
    assert not queries.cases(cast["leader"], Wanted(), today=START).filter(pk=case.pk).exists()
    with pytest.raises(Refused, match="填写事由"):
        actions.reveal(case_id=case.pk, access="screening", reason=" ", by=school, at=at(START), today=START)
    words = actions.reveal(
        case_id=case.pk, access="screening", reason="访谈前准备", by=school, at=at(START), today=START
    )
    assert words["示例二：近两周心情怎么样"] == "不好"
    entry = Entry.objects.filter(verb="reveal").latest("seq")
    assert (entry.reason, "不好" in str(entry.detail)) == ("访谈前准备", False)
    clearances.withdraw(pk=clearances.clearances().get().pk, reason="调岗", by=admin, at=at(START))
    assert not queries.visible(school).filter(pk=case.pk).exists()


def test_an_assessment_within_an_open_case_is_locked(cast: Cast) -> None:
    office, school = cast["office"], cast["school"]
    case = opened("disabled", school, pupil(school.school_code).key)
    move(
        case,
        "register",
        school,
        START,
        kinds="视力、听力",
        registered_with="残联",
        registered_on="2026-03-02",
    )
    given = {
        "assessed_on": "2026-03-05",
        "committee": "演示委员",
        "opinion": "演示意见",
        "ability": "能到普通学校",
    }
    with pytest.raises(Refused, match="专门授权"):
        move(case, "assess", office, START, files=[PDF], **given)
    clear(office, "assessment", cast["administrator"])
    move(case, "assess", office, START, files=[PDF], **given)
    lines = {line.column.name: line for line in queries.fields_for(case, office)}
    assert (lines["opinion"].locked, lines["opinion"].filled, lines["opinion"].words) == (True, True, "")
    assert queries.cases(school, Wanted(), today=START).filter(pk=case.pk).exists()
    with pytest.raises(Refused, match="专门授权"):
        actions.reveal(
            case_id=case.pk, access="assessment", reason="看看", by=school, at=at(START), today=START
        )


def test_a_phone_record_counts_once_and_never_overwrites(hazards: list[Case], cast: Cast) -> None:
    case, school = hazards[0], cast["school"]
    values = {
        "site": "演示：东楼梯",
        "kind": "消防",
        "grade": "一般",
        "measure": "演示：更换",
        "person": "演示",
    }
    record = Record(uuid4(), said_at=at(START), based_on=case.revision, latitude=36.9, longitude=105.9)
    now = {"by": school, "at": at(START), "today": START}
    first = record_form(case_id=case.pk, form="hazard", values=values, record=record, files=[PDF], **now)
    again = record_form(case_id=case.pk, form="hazard", values=values, record=record, files=[PDF], **now)
    assert (first.kind, again.kind) == ("accepted", "already")
    event = Event.objects.get(record_id=record.record_id)
    assert (event.latitude, event.files.count()) == (None, 1)  # no consent, no position
    # Another one changes the grade; a phone that saw the case before says something else.
    actions.change_fields(case_id=case.pk, fields={"grade": "重大"}, **now)
    late = Record(uuid4(), based_on=case.revision)
    clash = record_form(case_id=case.pk, form="hazard", values={"grade": "较大"}, record=late, **now)
    assert (clash.kind, clash.clashes[0].mine, clash.clashes[0].theirs) == ("conflict", "较大", "重大")
    case.refresh_from_db()
    assert case.fields["grade"] == "重大"
    assert not Event.objects.filter(record_id=late.record_id).exists()
    bad = record_form(
        case_id=case.pk,
        form="hazard",
        values={},
        files=[Upload("照片.jpg", b"not a photo")],
        record=Record(uuid4(), based_on=99),
        **now,
    )
    assert bad.kind == "refused"
    assert "不符" in bad.sentence
    gone = record_form(
        case_id=case.pk, form="hazard", values={}, record=Record(uuid4()), **{**now, "by": cast["teacher"]}
    )
    assert gone.kind == "refused"


def test_cases_handed_over_together_with_every_refusal_named(hazards: list[Case], cast: Cast) -> None:
    office, school = cast["office"], cast["school"]
    ids = [case.pk for case in hazards]
    Case.objects.filter(pk=ids[3]).update(school_code="2164999999", township_code="640324199")
    asked = bulk.ask(
        kind="assign",
        county_code=COUNTY,
        case_ids=[*ids, 999_999],
        arguments={"to": school.pk, "level": "school", "reason": "演示"},
        by=office,
        at=at(START),
    )
    shares: list[float] = []
    done = bulk.run(pk=asked.pk, at=lambda: at(START), today=START, progress=shares.append)
    assert done is not None
    assert (done.state, done.done, shares[-1]) == (Bulk.State.DONE, 13, 1.0)
    assert {row[0] for row in done.refused} == {ids[3], 999_999}
    assert Case.objects.filter(owner=school).count() == 11
    assert bulk.run(pk=asked.pk, at=lambda: at(START), today=START, progress=shares.append) is None


def test_a_bulk_step_stops_at_no_refusal_and_can_be_cancelled(hazards: list[Case], cast: Cast) -> None:
    school = cast["school"]
    fields = {"site": "演示", "kind": "消防", "grade": "一般", "measure": "演示", "person": "演示"}
    move(hazards[0], "plan", school, START, **fields)
    move(hazards[0], "report", school, START, files=[PDF])
    arguments = {"move": "plan", "fields": fields, "text": "演示"}
    ids = [case.pk for case in hazards]
    asked = bulk.ask(
        kind="move", county_code=COUNTY, case_ids=ids, arguments=arguments, by=school, at=at(START)
    )
    done = bulk.run(pk=asked.pk, at=lambda: at(START), today=START, progress=lambda share: None)
    assert done is not None
    assert [row[0] for row in done.refused] == [ids[0]]
    assert Case.objects.filter(pk__in=ids, state="fixing").count() == 11

    def stop(share: float) -> None:
        raise bulk.StoppedError

    asked = bulk.ask(
        kind="move", county_code=COUNTY, case_ids=ids, arguments=arguments, by=school, at=at(START)
    )
    stopped = bulk.run(pk=asked.pk, at=lambda: at(START), today=START, progress=stop)
    assert stopped is not None
    assert stopped.state == Bulk.State.CANCELLED


def test_excel_out_and_in_again(hazards: list[Case], cast: Cast) -> None:
    school = cast["school"]
    of = packs.ledger(COUNTY, "hazards")
    book = openpyxl.load_workbook(io.BytesIO(bulk_sheet.workbook(hazards, of, today=START)))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    grade, site = heads.index("等级") + 1, heads.index("部位") + 1

    def saved() -> bytes:
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    assert bulk_sheet.read_workbook(saved(), ledger=of, by=school).unchanged == 12
    sheet.cell(2, grade, "重大")
    sheet.cell(3, site, "=1+1")
    sheet.cell(3, site).value = "演示：西门"
    reading = bulk_sheet.read_workbook(saved(), ledger=of, by=school)
    assert (len(reading.changes), reading.problems) == (2, [])
    sheet.cell(4, grade, "很大")
    sheet.cell(5, 1, hazards[0].pk)
    sheet.cell(6, 1, 999_999)
    sheet.cell(7, 2, 77)
    sheet.cell(7, site, "演示")
    wrong = bulk_sheet.read_workbook(saved(), ledger=of, by=school)
    assert [problem.row for problem in wrong.problems] == [4, 5, 6, 7]
    assert wrong.changes == []
    asked = bulk.ask(
        kind="upload",
        county_code=COUNTY,
        ledger="hazards",
        arguments={"changes": reading.changes},
        by=school,
        at=at(START),
    )
    asked.refresh_from_db()
    done = bulk.run(pk=asked.pk, at=lambda: at(START), today=START, progress=lambda share: None)
    assert done is not None
    assert done.refused == []
    hazards[0].refresh_from_db()
    assert hazards[0].fields == {"grade": "重大"}
    for hostile in (b"", b"PK\x03\x04 no", b"a,b\n1,2"):
        assert bulk_sheet.read_workbook(hostile, ledger=of, by=school).problems


def test_a_ledger_is_changed_by_two_persons_and_never_under_its_cases(
    hazards: list[Case], cast: Cast
) -> None:
    office, leader = cast["office"], cast["leader"]
    draft = pack_actions.set_setting(
        county_code=COUNTY,
        code="hazards",
        name="fix_days",
        value=10,
        reason="本县规定",
        by=office,
        at=at(START),
    )
    assert packs.ledger(COUNTY, "hazards").setting("fix_days").value == 15
    with pytest.raises(Refused, match="另一人核对"):
        pack_actions.check(pk=draft.pk, by=office, at=at(START))
    pack_actions.check(pk=draft.pk, by=leader, at=at(START))
    setting = packs.ledger(COUNTY, "hazards").setting("fix_days")
    assert (setting.value, setting.assumed) == (10, False)
    text = packs.texts(COUNTY)["hazards"]
    less = text.replace("{name: found, title: 已发现", "{name: begun, title: 已发现").replace(
        "[found", "[begun"
    )
    with pytest.raises(Refused, match="还有 12 件"):
        pack_actions.save_draft(county_code=COUNTY, text=less, reason="改名", by=office, at=at(START))
    with pytest.raises(Refused, match=r"第\d+行"):
        pack_actions.save_draft(county_code=COUNTY, text="kind: ledger", reason="试", by=office, at=at(START))
    with pytest.raises(Refused, match="修改台账定义"):
        pack_actions.save_draft(county_code=COUNTY, text=text, reason="试", by=cast["school"], at=at(START))


def test_a_new_ledger_needs_no_code(cast: Cast) -> None:
    office, leader = cast["office"], cast["leader"]
    text = (
        shipped()["drills"].replace("code: drills", "code: reading").replace("应急演练台账", "阅读活动台账")
    )
    draft = pack_actions.save_draft(county_code=COUNTY, text=text, reason="新增", by=office, at=at(START))
    assert "reading" not in packs.texts(COUNTY)
    assert "reading" in [line.code for line in packs.lines(COUNTY)]
    pack_actions.check(pk=draft.pk, by=leader, at=at(START))
    school = cast["school"]
    case = opened("reading", school, school.school_code, item="演示")
    move(
        case,
        "hold",
        school,
        START,
        files=[PDF],
        kind="其他",
        held_on="2026-03-09",
        people="30",
        lessons="演示",
    )
    move(case, "close", office, START)
    assert PackVersion.objects.filter(code="reading", state="in_force").count() == 1


@pytest.mark.parametrize(
    ("ledger", "state"), [("dropout", "notice"), ("dropout", "order"), ("dropout", "justice")]
)
def test_letters_are_documents_without_flaws(ledger: str, state: str, cast: Cast) -> None:
    school = cast["school"]
    case = opened(ledger, cast["office"], pupil(school.school_code).key)
    move(case, "visit", school, START, text="演示：第一次家访", reason="因病")
    Case.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    for sheet in letters.letters_of(case):
        document = letters.letter(case, sheet.name, today=START, marked="演示数据")
        assert flaws(document) == ()
        assert official_document(document)[:2] == b"PK"
        text = str(document)
        assert case.label in text
        assert "{" not in text.replace("OfficialDocument", "")
    with pytest.raises(Refused):
        letters.letter(case, "nothing", today=START)


def test_reports_add_up_over_a_case_that_moves(cast: Cast) -> None:
    know_holidays()
    office, school = cast["office"], cast["school"]
    schools = School.objects.filter(county_code=COUNTY, valid_to=None).order_by("school_code")
    other = next(row.school_code for row in schools if row.school_code != school.school_code)
    first = opened("hazards", school, school.school_code, item="演示 1", day=START)
    opened("hazards", office, other, item="演示 2", day=START + timedelta(days=1))
    fields = {"site": "演示", "kind": "消防", "grade": "一般", "measure": "演示", "person": "演示"}
    move(first, "plan", school, START + timedelta(days=2), **fields)
    move(first, "report", school, START + timedelta(days=2), files=[PDF])
    move(first, "close", office, START + timedelta(days=3), inspected_on="2026-03-12")
    day = START + timedelta(days=3)
    table = reports.report(office, COUNTY, "hazards", "monthly", since=START, until=day, today=day)
    assert table.checks
    figures = {row.key: dict(zip(table.names, row.figures, strict=True)) for row in table.rows}
    assert figures[school.school_code] == {"stand": 0, "opened": 0, "closed": 1, "overdue": 0}
    assert figures[other] == {"stand": 1, "opened": 1, "closed": 0, "overdue": 1}
    assert counting.stand(office, "hazards", START, "") == {"": 1}
    mine = reports.report(school, COUNTY, "hazards", "monthly", since=START, until=day, today=day)
    assert [row.key for row in mine.rows] == [school.school_code]


def test_notes_files_filters_and_watching(hazards: list[Case], cast: Cast) -> None:
    school, case = cast["school"], hazards[0]
    now = {"by": school, "at": at(START)}
    notes.comment(case_id=case.pk, text="演示备注", today=START, **now)
    kept = notes.add_file(case_id=case.pk, upload=PDF, today=START, **now)
    assert notes.open_file(file=kept, by=school, at=at(START)) == PDF.content
    assert Entry.objects.filter(verb="view", detail__file="证明.pdf").exists()
    with pytest.raises(Refused, match="不是可以上传的类型"):
        notes.add_file(case_id=case.pk, upload=Upload("x.exe", b"MZ"), today=START, **now)
    notes.watch(case_id=case.pk, on=True, **now)
    assert [one.pk for one in queries.watching(school)] == [case.pk]
    saved = notes.save_filter(name="我的", ledger="hazards", query="overdue=1", **now)
    assert list(queries.saved_filters(school, "hazards")) == [saved]
    notes.drop_filter(pk=saved.pk, **now)
    with pytest.raises(Refused):
        notes.comment(case_id=case.pk, text="x", today=START, by=cast["teacher"], at=at(START))


def test_the_wrong_desk_is_refused_in_words(hazards: list[Case], cast: Cast) -> None:
    office = cast["office"]
    refused = owning.hand_over(
        case_ids=[hazards[0].pk],
        to=cast["township"],
        level="school",
        reason="演示",
        by=office,
        at=at(START),
        today=START,
    )
    assert refused == [(hazards[0].pk, "接手人不是学校的账号，请改选")]
    buttons = {one.move.name: one.why_not for one in queries.next_moves(hazards[0], cast["auditor"])}
    assert buttons["plan"] is not None
    assert "审计" in buttons["plan"]
