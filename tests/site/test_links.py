"""外部名册和比对: upload, comparison with the small county, bad input, decisions, the second person, later versions, facts and findings."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from django.db import IntegrityError, transaction

from bureau.links import actions, decisions, facts, findings, queries, receiving
from bureau.links.line_table import line_table
from bureau.links.models import Decision, Line, Link, OutsideRegister
from bureau.links.population import population
from bureau.log.models import Entry
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.secret import unseal
from bureau.registry.import_models import Import
from bureau.registry.models import Student
from junheng.intake.identity import check_digit
from links_rows import DAY, link, pupils, row, stranger, upload
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db


def in_force(day: date = TODAY, source: str = "minimum") -> OutsideRegister | None:
    """The newest version of a source that counts on the day."""
    registers = queries.registers_in_force(COUNTY, day)
    return next((one for one in registers if one.source == source), None)


def workbook(title: str, headings: Sequence[str], tabs: dict[str, list[list[object]]]) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held) as book:
        for tab, rows in tabs.items():
            sheet = book.add_worksheet(tab)
            sheet.write(0, 0, title)
            for at, cells in enumerate([list(headings), *rows], start=2):
                sheet.write_row(at, 0, cells)
    return held.getvalue()


# --- reading -----------------------------------------------------------------------------------------------------


def test_any_headings_a_title_above_and_several_worksheets(cast: dict[str, User], county: str) -> None:
    one, two = pupils(2)
    headings = ("编号", "残疾人姓名", "残疾证号", "残疾类别", "残疾等级", "监护人姓名")
    cells = [[[1, one.person_name, unseal(one.id_number or b"") + "43", "肢体", "三级", one.guardian_name]], [[1, two.person_name, unseal(two.id_number or b"") + "12", "视力", "一级", ""]]]  # fmt: skip
    content = workbook("持证残疾人名单", headings, {"豫海镇": cells[0], "河西镇": cells[1], "填表说明": []})
    register = upload([], cast["office"], source="disabled", content=content)
    assert register.state == "matched"
    assert [(line.place, line.category, line.level, line.flaws) for line in register.lines.all()] == [
        ("豫海镇!4", "肢体", "三级", []),
        ("河西镇!4", "视力", "一级", []),
    ]
    assert [link(register, n).student_key for n in (1, 2)] == [one.key, two.key]
    assert all(link(register, n).state == "automatic" for n in (1, 2))


def test_identifiers_are_sealed_and_sentences_mask_them(cast: dict[str, User], county: str) -> None:
    (one,) = pupils(1)
    number = unseal(one.id_number or b"")
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    register = upload([row(one, 公民身份号码=wrong)], cast["office"])
    line = register.lines.get()
    assert unseal(line.id_number) == wrong
    assert line.id_lookup == ""
    ((heading, sentence),) = line.flaws
    assert heading == "公民身份号码"
    assert "校验码不对" in sentence
    assert wrong[:14] not in sentence
    assert wrong[-2:] in sentence
    assert not any(wrong[6:16] in str(entry.detail) for entry in Entry.objects.all())


def test_a_file_without_names_is_refused_with_its_sentence(cast: dict[str, User], county: str) -> None:
    register = upload([{"单位": "豫海镇", "人数": "12"}], cast["office"])
    assert register.state == "refused"
    assert "没有找到“姓名”列" in register.note
    assert not Line.objects.filter(of=register).exists()


def test_everything_wrong_with_an_upload_is_said_at_once(cast: dict[str, User], county: str) -> None:
    with pytest.raises(Refused) as refusal:
        receiving.receive(
            county_code=COUNTY, source="x", day=date(2030, 1, 1), uploads=[Upload("名册.docx", b"x"), Upload("空.csv", b"")], by=cast["office"], at=NOW, today=TODAY
        )  # fmt: skip
    said = str(refusal.value)
    assert [word in said for word in ("来源", "不能晚于今天", "“名册.docx”", "0 字节")] == [True] * 4
    with pytest.raises(Refused, match="不能上传外部名册"):
        receiving.receive(county_code=COUNTY, source="minimum", day=DAY, uploads=[Upload("a.csv", b"x")], by=cast["school"], at=NOW, today=TODAY)  # fmt: skip


def test_the_same_file_of_the_same_day_is_not_taken_twice(cast: dict[str, User], county: str) -> None:
    rows = [row(one) for one in pupils(2)]
    upload(rows, cast["office"])
    with pytest.raises(Refused, match="内容完全相同"):
        upload(rows, cast["office"])


# --- bad input of every sort -------------------------------------------------------------------------------------


def test_one_number_in_twenty_wrong_still_finds_every_child(cast: dict[str, User], county: str) -> None:
    rows = [row(one) for one in pupils(60)]
    for at in range(0, 60, 20):
        number = rows[at]["公民身份号码"]
        rows[at]["公民身份号码"] = number[:10] + str((int(number[10]) + 1) % 10) + number[11:]
    register = upload(rows, cast["office"])
    assert [bool(link(register, n).student_key) for n in range(1, 61)] == [True] * 60
    assert any("3 行" in note and ("校验码不对" in note or "位数" in note) for note in register.notes) or register.counts["flawed"] == 3  # fmt: skip


def test_a_column_turned_into_powers_of_ten_is_said_once_and_children_are_found(
    cast: dict[str, User], county: str
) -> None:
    rows = [
        row(one, 公民身份号码=f"{float(unseal(one.id_number or b'')[:17] + '0'):.5E}") for one in pupils(40)
    ]
    register = upload(rows, cast["office"])
    assert any("几乎整列（40 行" in note and "“文本”" in note for note in register.notes)
    linked = [one for one in Link.objects.filter(of=register) if one.student_key]
    assert len(linked) >= 38
    assert all(one.state in ("automatic", "to_check") for one in linked)


def test_a_fathers_number_for_three_children(cast: dict[str, User], county: str) -> None:
    children = pupils(23)
    father = "64039919800101001" + check_digit("64039919800101001")
    rows = [
        row(one, 公民身份号码=father if at < 3 else unseal(one.id_number or b""))
        for at, one in enumerate(children)
    ]
    register = upload(rows, cast["office"])
    for number, child in enumerate(children[:3], start=1):
        found = link(register, number)
        assert found.student_key == child.key
        sentences = " ".join(sentence for _heading, sentence in found.line.flaws)
        assert "监护人的号码" in sentences
        assert "同一个号码" in sentences


def test_a_list_of_another_county_waits_for_a_person(cast: dict[str, User], county: str) -> None:
    strangers = [stranger(f"穆{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'东南西北'[n // 10]}", f"201{n % 5 + 2}-0{n % 9 + 1}-12") | {"县区": "沙坡头区"} for n in range(40)]  # fmt: skip
    register = upload(strangers, cast["office"])
    assert register.state == "held"
    assert "选错了文件" in register.note
    assert any("像是其他县的名册" in note for note in register.notes)
    assert in_force() is None
    assert findings.not_enrolled(COUNTY, TODAY) == []
    with pytest.raises(Refused, match="理由"):
        actions.accept(register=register, reason="", by=cast["office"], at=NOW)
    actions.accept(register=register, reason="民政局确认是本县新迁入户", by=cast["office"], at=NOW)
    assert in_force() == register


def test_two_lines_of_one_child_with_two_categories(cast: dict[str, User], county: str) -> None:
    children = pupils(12)
    rows = [row(one) for one in children] + [row(children[0], 低保类别="城市低保", 享受起始年月="")]
    register = upload(rows, cast["office"])
    assert link(register, 13).student_key == children[0].key
    (found,) = findings.conflicts(COUNTY, TODAY)
    assert found.kind == "category"
    assert "农村低保·B类" in found.sentence
    assert "城市低保·B类" in found.sentence
    assert any("不一致" in sentence for _h, sentence in link(register, 13).line.flaws)


def test_adults_of_a_household_list_are_nobodys_pupil(cast: dict[str, User], county: str) -> None:
    children = pupils(15)
    rows = [row(one) for one in children]
    rows += [stranger(f"马大{n}", f"19{70 + n}-02-03") | {"公民身份号码": ""} for n in range(10)]
    register = upload(rows, cast["office"])
    assert register.counts["grown"] == 10
    assert register.state == "matched"
    assert Link.objects.filter(of=register, state="outside").count() == 10
    assert findings.not_enrolled(COUNTY, TODAY) == []


# --- decisions ---------------------------------------------------------------------------------------------------


@pytest.fixture
def doubtful(cast: dict[str, User], county: str) -> OutsideRegister:
    """Twelve sure lines, one whose name and number both differ a little, one child who is in no school."""
    children = pupils(13)
    odd = row(children[12], 公民身份号码="", 出生年月日=str(children[12].birth_date)[:7], 申请人姓名="")
    return upload([*(row(one) for one in children[:12]), odd, stranger()], cast["office"])


def to_check(register: OutsideRegister) -> Link:
    found = link(register, 13)
    Link.objects.filter(pk=found.pk).update(state="to_check", machine="to_check")
    if not found.student_key:
        Link.objects.filter(pk=found.pk).update(
            student_key=found.near_key, near_key="", machine_key=found.near_key
        )
    return link(register, 13)


def test_a_decision_is_logged_kept_and_undone(doubtful: OutsideRegister, cast: dict[str, User]) -> None:
    found = to_check(doubtful)
    found = decisions.decide(link=found, verdict="same", by=cast["office"], at=NOW)
    assert (found.state, found.decision.settled if found.decision else None) == ("same", True)
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.detail["verdict"]) == ("match", "same")
    with pytest.raises(Refused, match="已经认定过"):
        decisions.decide(link=found, verdict="different", by=cast["office"], at=NOW)
    found = decisions.undo(link=found, by=cast["office"], at=NOW)
    assert found.state == "to_check"
    assert Decision.objects.get().undone_by == cast["office"]


def test_leaving_the_missing_list_takes_two(doubtful: OutsideRegister, cast: dict[str, User]) -> None:
    (other,) = pupils(14)[13:]
    found = link(doubtful, 14)
    assert found.state == "unmatched"
    found = decisions.decide(link=found, verdict="same", by=cast["office"], at=NOW, student_key=other.key)
    assert found.state == "second"
    assert other.key not in {key for key, known in facts.facts_of(COUNTY, TODAY).items() if known.get("低保") and known["低保"].value}  # fmt: skip
    assert "低保" not in facts.fact_of(COUNTY, TODAY, other.key)
    with pytest.raises(Refused, match="两个人"):
        decisions.second(link=found, agrees=True, by=cast["office"], at=NOW)
    found = decisions.second(link=found, agrees=True, by=cast["inspector"], at=NOW)
    assert (found.state, found.student_key) == ("same", other.key)
    assert facts.fact_of(COUNTY, TODAY, other.key)["低保"].value is True
    with pytest.raises(Refused, match="撤销的原因"):
        decisions.undo(link=found, by=cast["leader"], at=NOW)


def test_the_database_itself_refuses_one_person_as_two(
    doubtful: OutsideRegister, cast: dict[str, User]
) -> None:
    found = decisions.decide(link=link(doubtful, 14), verdict="same", by=cast["office"], at=NOW, student_key=pupils(14)[13].key)  # fmt: skip
    for changes in ({"second": cast["office"]}, {"settled": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=found.decision_id).update(**changes)


def test_two_right_numbers_need_a_reason_and_a_second_person(
    doubtful: OutsideRegister, cast: dict[str, User]
) -> None:
    found = to_check(doubtful)
    Link.objects.filter(pk=found.pk).update(two_numbers=True)
    with pytest.raises(Refused, match="写明为什么"):
        decisions.decide(link=found, verdict="same", by=cast["office"], at=NOW)
    found = decisions.decide(link=found, verdict="same", by=cast["office"], at=NOW, reason="重新落户换号")
    assert found.state == "second"
    found = decisions.second(
        link=found, agrees=False, by=cast["inspector"], at=NOW, reason="户口簿上是两个人"
    )
    assert found.state == "to_check"


# --- later versions ----------------------------------------------------------------------------------------------


def test_decisions_hold_in_the_next_version_and_what_changed_is_shown(
    doubtful: OutsideRegister, cast: dict[str, User]
) -> None:
    found = decisions.decide(link=to_check(doubtful), verdict="different", by=cast["office"], at=NOW)
    children = pupils(13)
    odd = row(children[12], 公民身份号码="", 出生年月日=str(children[12].birth_date)[:7], 申请人姓名="")
    rows = [*(row(one) for one in children[:12]), odd]
    again = upload(rows, cast["office"], day=date(2025, 12, 1))
    assert link(again, 13).state == "different"
    assert link(again, 13).decision == found.decision
    assert in_force() == again
    assert in_force(date(2025, 11, 1)) == doubtful
    assert queries.replaced_by(doubtful) == again
    # The pupil's own record now looks otherwise: what was decided is shown, and nobody applies it unasked.
    Student._default_manager.filter(key=children[12].key).update(guardian_name="另一人")
    third = upload(rows, cast["office"], day=date(2026, 1, 5))
    shown = link(third, 13)
    assert shown.state == "to_check" or shown.state == "unmatched"
    assert "学籍资料已有变化" in shown.contradiction
    assert Decision.objects.get(pk=found.decision_id).undone_at is None


def test_a_withdrawn_version_gives_way_to_the_one_before(
    doubtful: OutsideRegister, cast: dict[str, User]
) -> None:
    later = upload([row(one) for one in pupils(5)], cast["office"], day=date(2026, 1, 5))
    with pytest.raises(Refused, match="原因"):
        actions.withdraw(register=later, reason="错", by=cast["office"], at=NOW)
    actions.withdraw(register=later, reason="民政局发错了文件", by=cast["office"], at=NOW)
    assert in_force() == doubtful


def test_an_unknown_is_no_no(doubtful: OutsideRegister, cast: dict[str, User]) -> None:
    found = to_check(doubtful)
    known = facts.facts_of(COUNTY, TODAY)
    children = pupils(20)
    assert known[children[0].key]["低保"].value is True
    assert known[children[0].key]["低保"].since == date(2024, 7, 1)
    assert known[children[0].key]["低保"].detail == "农村低保·B类"
    assert known[children[19].key]["低保"].value is False
    assert "低保" not in known[found.student_key]
    assert "残疾" not in known[children[0].key]
    assert facts.fact_of(COUNTY, TODAY, children[0].key) == known[children[0].key]


def test_a_status_ends_when_the_next_version_no_longer_lists_the_child(
    doubtful: OutsideRegister, cast: dict[str, User]
) -> None:
    gone, stays = pupils(2)
    later = upload([row(one) for one in pupils(12)[1:]], cast["office"], day=date(2026, 1, 5))
    spans = {one.student_key: one for one in facts.periods(COUNTY)}
    assert (spans[gone.key].until, spans[gone.key].ended_by_register) == (date(2026, 1, 4), later.pk)
    assert (spans[stays.key].until, spans[stays.key].since) == (None, date(2024, 7, 1))


def test_who_is_on_a_register_and_in_no_school(doubtful: OutsideRegister, cast: dict[str, User]) -> None:
    (child,) = findings.not_enrolled(COUNTY, TODAY)
    assert (child.name, child.age, child.source, child.state) == ("穆生人", 10, "minimum", "unmatched")
    gone = pupils(1)[0]
    Student._default_manager.filter(key=gone.key).update(enrolment_status="转出")
    assert {(one.name, one.pupil_status) for one in findings.not_enrolled(COUNTY, TODAY)} == {("穆生人", ""), (gone.person_name, "转出")}  # fmt: skip
    actions.set_school_age(
        county_code=COUNTY, youngest=12, oldest=14, basis="县教育局会议纪要", by=cast["leader"], at=NOW
    )
    assert "穆生人" not in {one.name for one in findings.not_enrolled(COUNTY, TODAY)}
    assert {len(column) for column in line_table(COUNTY, TODAY).values()} == {14}


def test_who_came_of_age_after_the_student_register_is_not_missing_from_it(
    cast: dict[str, User], county: str
) -> None:
    young, old = date(2020, 5, 1), date(2011, 3, 1)
    rows = [stranger("演示新龄", f"{young}"), stranger("演示旧龄", f"{old}")]
    upload(rows, cast["office"])
    before = Import.objects.filter(state="committed", county_code=COUNTY).latest("day")
    assert before.day < date(2026, 8, 31)
    later = date(2026, 11, 23)
    # The student register is last school year's: then the one was five, and the other fourteen.
    assert [(one.name, one.age) for one in findings.not_enrolled(COUNTY, later)] == [("演示旧龄", 14)]
    assert len(findings.not_enrolled(COUNTY, later, of_age=False)) == 2
    # This school year's arrives, and neither stands in it: the one is missing now, the other past school.
    before.pk, before.day, before.sheets = None, date(2026, 9, 20), ["schools", "students"]
    before.save()
    assert [(one.name, one.age) for one in findings.not_enrolled(COUNTY, later)] == [("演示新龄", 6)]


def test_the_household_register_gives_the_enrolment_rates_their_population(
    cast: dict[str, User], county: str
) -> None:
    assert population(COUNTY, TODAY) is None
    children = pupils(30)
    register = upload([row(one) for one in children] + [stranger()], cast["office"], source="household")
    assert register.state == "matched"
    table = population(COUNTY, TODAY)
    assert table is not None
    assert sum(n for n in table["people"] if isinstance(n, int)) == 31
    by_stage = dict.fromkeys(map(str, table["studying"]), 0)
    for stage, people in zip(table["studying"], table["people"], strict=True):
        by_stage[str(stage)] += int(str(people))
    assert by_stage == {"小学": 30, "不在学": 1}
    # On leave until the return, or out of school by the dropout ledger: at no school, whatever the student register says.
    Student._default_manager.filter(pk=children[0].pk).update(enrolment_status="休学")
    told = population(COUNTY, TODAY, out_of_school=[children[1].key]) or {}
    away = [n for stage, n in zip(told["studying"], told["people"], strict=True) if stage == "不在学"]
    assert sum(map(int, map(str, away))) == 3
