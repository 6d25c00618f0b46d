"""Lists of payments: every problem at once, nothing half-saved, entered whole, undone whole; the lists of the term follow."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from bureau.entitlements import evaluation_actions, lists, paid_actions, paid_sheet, terms
from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation
from bureau.entitlements.paid_models import PaidLine, PaidList
from bureau.log.models import Entry
from bureau.pages.people_columns import opened
from bureau.payments import (
    account_actions,
    award_actions,
    award_entitled,
    batch_actions,
    batch_queries,
    drafting,
    fund_actions,
    review_actions,
)
from bureau.payments.award_queries import in_hand
from bureau.payments.batch_rules import STANDARD
from bureau.payments.models import Award
from bureau.payments.persons import by_keys
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import School, Student
from bureau.work import aid_tasks
from site_rows import COUNTY, NOW, TODAY, csv_of

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
TERM = terms.Term(2025, "秋")


@pytest.fixture
def term(county: str) -> Evaluation:
    """2025秋, which is over once 2026春 can be judged: nothing paid yet, so everything is missed."""
    for each in (TERM, TERM.next):
        made = evaluation_actions.ask(county_code=county, term=each, by=None, at=NOW, today=TODAY)
        aid_tasks.carry_out(made.pk)
    found = lists.current(county, TERM.text)
    assert found is not None
    return found


def numbers(key: str) -> dict[str, str]:
    child = Student.objects.get(key=key)
    return {"学籍号": opened(child.enrolment_number), "姓名": child.person_name or ""}


def row(line: Claim | lists.Payable, **changes: str) -> dict[str, str]:
    """A line of the list as a clerk types it."""
    made = numbers(line.student_key) | {
        "资助项目": "",
        "金额": f"{line.due_fen / 100:g}",
        "发放日期": "2025-12-20",
    }
    name = getattr(line, "clause_name", "")
    return made | {"资助项目": name} | changes


def uploaded(
    by: User, rows: list[dict[str, str]], *, clause: str = "", source: str = "演示·民政局"
) -> PaidList:
    one = paid_actions.upload(
        county_code=COUNTY,
        term=TERM,
        file=Upload("发放.csv", csv_of(rows)),
        source=source,
        clause=clause,
        by=by,
        at=NOW,
    )
    paid_actions.read(list_id=one.pk, progress=lambda share: None)
    one.refresh_from_db()
    return one


def entered(by: User, rows: list[dict[str, str]], **how: str) -> PaidList:
    one = uploaded(by, rows, **how)
    assert one.errors == 0, one.problems
    return paid_actions.enter(of=one, accepted=True, by=by, at=NOW, today=TODAY)


def standings(one: Evaluation) -> dict[tuple[str, str], tuple[str, int]]:
    rows = Claim.objects.filter(evaluation=one).values_list("student_key", "clause", "standing", "paid_fen")
    return {(key, clause): (standing, fen) for key, clause, standing, fen in rows}


def test_paid_short_over_and_without_being_due(term: Evaluation, cast: dict[str, User]) -> None:
    due = lists.payable(COUNTY, TERM.text)
    full, short, over = due[:3]
    stranger = EvaluatedChild.objects.filter(evaluation=term, stage="小学").exclude(
        student_key__in=Claim.objects.filter(evaluation=term).values("student_key")
    )[0]
    rows = [
        row(full),
        row(short, 金额="100"),
        row(over, 金额=f"{over.due_fen * 2 / 100:g}"),
        numbers(stranger.student_key)
        | {"资助项目": "四类非寄宿生生活补助", "金额": "312.5", "发放日期": "2025-12-20"},
        {
            "学籍号": "",
            "姓名": "演示外县生",
            "学校": "演示甲小学",
            "资助项目": "四类非寄宿生生活补助",
            "金额": "312.5",
        },
    ]
    entered(cast["office"], rows)
    found = standings(term)
    assert found[full.student_key, full.clause] == ("paid", full.due_fen)
    assert found[short.student_key, short.clause] == ("less", 10_000)
    assert found[over.student_key, over.clause] == ("more", over.due_fen * 2)
    assert found[stranger.student_key, "cn.day"] == ("undue", 31_250)
    strange = Claim.objects.get(evaluation=term, student_key__startswith="line:")
    assert (strange.standing, strange.state, strange.person_name) == ("undue", "absent", "演示外县生")
    covered = lists.coverage(COUNTY, term=TERM.text)
    assert covered is not None
    assert (covered.children_due, covered.children_covered) == (len({one.student_key for one in due}), 2)
    assert covered.undue_lines == 3
    assert covered.missed_lines == len(due) - 2


def test_undone_whole_it_is_as_before(term: Evaluation, cast: dict[str, User]) -> None:
    before, counts = standings(term), term.counts
    one = entered(cast["office"], [row(line) for line in lists.payable(COUNTY, TERM.text)])
    term.refresh_from_db()
    assert set(term.counts) >= {"paid"}
    with pytest.raises(Refused, match="原因"):
        paid_actions.undo_paid(of=one, reason=" ", by=cast["office"], at=NOW, today=TODAY)
    with pytest.raises(Refused, match="不能"):
        paid_actions.undo_paid(of=one, reason="错了", by=cast["school"], at=NOW, today=TODAY)
    paid_actions.undo_paid(of=one, reason="学期选错", by=cast["office"], at=NOW, today=TODAY)
    term.refresh_from_db()
    assert standings(term) == before
    assert term.counts == counts
    assert PaidLine.objects.filter(list=one).exists()  # to be looked at
    verbs = list(
        Entry.objects.filter(kind="paid_list", key=str(one.pk)).order_by("seq").values_list("verb", flat=True)
    )
    assert verbs == ["stage_import", "pay", "undo_import"]
    entered(cast["office"], [row(line) for line in lists.payable(COUNTY, TERM.text)])  # the same file again


def test_every_problem_at_once_and_nothing_saved(term: Evaluation, cast: dict[str, User]) -> None:
    due = lists.payable(COUNTY, TERM.text)
    guardian = Student.objects.exclude(guardian_id=None).order_by("pk")[0]
    rows = [
        row(due[0]),
        row(due[1], 资助项目="没有的补助"),
        row(due[2], 金额="三百"),
        row(due[3], 金额="0"),
        row(due[4], 学期="2025春"),
        row(due[5], 学籍号="", 身份证号=opened(guardian.guardian_id)),
        row(due[6], 学籍号="", 姓名="", 身份证号="6.40324E+17"),
        row(due[7], 发放日期="3月"),
        row(due[8], 学籍号="", 姓名="查无此人", 学校="没有的学校"),
        {"姓名": "合计", "金额": "9999"},
    ]
    one = uploaded(cast["office"], rows)
    assert (one.state, one.errors, one.lines) == ("refused", 8, 0)
    assert not PaidLine.objects.filter(list=one).exists()
    said = {(problem[1], problem[2]): problem[4] for problem in one.problems}
    assert [key[0] for key in said] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert "对不上资助条款" in said[3, "资助项目"]
    assert "“三百”不是数字" in said[4, "金额"]
    assert "金额是 0" in said[5, "金额"]
    assert "2025春学期的" in said[6, "学期"]
    assert "监护人" in said[7, "身份证号"]
    assert "身份证号" in {key[1] for key in said if key[0] == 8}
    assert "学校" in {key[1] for key in said if key[0] == 10}
    words = "".join(str(problem) for problem in one.problems)
    assert opened(guardian.guardian_id) not in words
    with pytest.raises(Refused, match="8 个错误"):
        paid_actions.enter(of=one, accepted=True, by=cast["office"], at=NOW, today=TODAY)


def test_warnings_are_looked_at_before_it_counts(term: Evaluation, cast: dict[str, User]) -> None:
    due = lists.payable(COUNTY, TERM.text)
    rows = [row(due[0]), row(due[0]), row(due[1], 金额="0.03"), row(due[2], 姓名="别的名字")]
    one = uploaded(cast["office"], rows)
    assert (one.state, one.errors, one.warnings) == ("in_review", 0, 3)
    words = "".join(problem[4] for problem in one.problems)
    assert "与第2行是同一学生" in words
    assert "万元" in words
    assert "另一个姓名" in words
    with pytest.raises(Refused, match="3 个提醒"):
        paid_actions.enter(of=one, accepted=False, by=cast["office"], at=NOW, today=TODAY)
    assert standings(term)[due[0].student_key, due[0].clause] == ("missed", 0)  # nothing counts before
    paid_actions.cancel(of=one, by=cast["office"], at=NOW)
    assert not PaidLine.objects.filter(list=one).exists()


def test_a_file_counts_once(term: Evaluation, cast: dict[str, User]) -> None:
    rows = [row(lists.payable(COUNTY, TERM.text)[0])]
    entered(cast["office"], rows)
    with pytest.raises(Refused, match="已经入账"):
        uploaded(cast["office"], rows)
    again = uploaded(cast["office"], [*rows, row(lists.payable(COUNTY, TERM.text)[0])])
    assert "里已有同一学生" in "".join(problem[4] for problem in again.problems)


def test_found_by_name_and_school_and_by_id(term: Evaluation, cast: dict[str, User]) -> None:
    first, second = lists.payable(COUNTY, TERM.text)[:2]
    children = {
        one.key: one for one in Student.objects.filter(key__in=[first.student_key, second.student_key])
    }
    school = School.objects.get(school_code=first.school_code, valid_to=None)
    assert Student.objects.filter(person_name=first.name, school_code=first.school_code).count() == 1
    rows = [
        {"姓名": first.name, "学校": school.school_name or "", "金额": "312.5"},
        {"姓名": "", "身份证号": opened(children[second.student_key].id_number), "学校": "", "金额": "312.5"},
    ]
    entered(cast["office"], rows, clause="cn.day")
    lines = PaidLine.objects.filter(list__state="in_force").values_list("student_key", flat=True)
    assert set(lines) == {first.student_key, second.student_key}


def test_a_list_of_a_waiver_is_compared_too_as_long_as_it_counts(
    term: Evaluation, cast: dict[str, User]
) -> None:
    granted = int(str(term.clauses["nx.senior_tuition"]["granted"]))
    assert not Claim.objects.filter(evaluation=term, clause="nx.senior_tuition").exists()
    child = next(
        key for key in EvaluatedChild.objects.filter(evaluation=term, stage="普高").values_list("student_key", flat=True)
        if lists.why_not_entitled(COUNTY, TERM.text, key, "nx.senior_tuition")[0] == "paid"  # type: ignore[index]
    )  # fmt: skip
    one = entered(cast["office"], [numbers(child) | {"金额": "400"}], clause="nx.senior_tuition")
    found = Claim.objects.filter(evaluation=term, clause="nx.senior_tuition", state="paid")
    assert found.count() == granted
    assert found.filter(standing="paid").count() == 1
    assert found.filter(standing="missed").count() == granted - 1
    paid_actions.undo_paid(of=one, reason="试", by=cast["office"], at=NOW, today=TODAY)
    assert not Claim.objects.filter(evaluation=term, clause="nx.senior_tuition").exists()


def test_what_a_batch_paid_is_recorded_once_and_money_that_came_back_counts_back(
    term: Evaluation, cast: dict[str, User]
) -> None:
    line = lists.payable(COUNTY, TERM.text)[0]

    def pay(fen: int, reference: str) -> PaidList:
        entry = paid_actions.PaidEntry(
            line.student_key,
            line.clause,
            fen,
            date(2026, 1, 5),
            line.name,
            line.school_code,
            "6230000000000000001",
            "1",
        )
        return paid_actions.record_paid(
            county_code=COUNTY, term=TERM.text, entries=[entry], source="发放批次 1", reference=reference, by=cast["office"], at=NOW, today=TODAY
        )  # fmt: skip

    made = pay(line.fen, "batch:1")
    assert standings(term)[line.student_key, line.clause] == ("paid", line.fen)
    kept = PaidLine.objects.get(list=made)
    assert b"6230000000000000001" not in bytes(kept.account)
    assert kept.account_lookup
    with pytest.raises(Refused, match="已经入账"):
        pay(line.fen, "batch:1")
    with pytest.raises(Refused, match="发放批次中"):
        paid_actions.undo_paid(of=made, reason="错", by=cast["office"], at=NOW, today=TODAY)
    with pytest.raises(Refused):
        pay(0, "batch:2")
    pay(-line.fen, "batch:1:returned")
    assert standings(term)[line.student_key, line.clause] == ("missed", 0)


def test_in_the_open_term_nobody_is_missed_before_the_first_is_paid(
    term: Evaluation, cast: dict[str, User]
) -> None:
    spring = TERM.next.text
    open_term = lists.current(COUNTY, spring)
    assert open_term is not None
    day, *rest = [line for line in lists.payable(COUNTY, spring) if line.clause == "cn.day"]
    assert {standings(open_term)[line.student_key, line.clause][0] for line in rest} == {"waiting"}
    entry = paid_actions.PaidEntry(day.student_key, day.clause, day.fen, None)
    paid_actions.record_paid(county_code=COUNTY, term=spring, entries=[entry], source="批次", reference="batch:9", by=cast["office"], at=NOW, today=TODAY)  # fmt: skip
    found = standings(open_term)
    assert {found[line.student_key, line.clause][0] for line in rest} == {"missed"}
    assert "waiting" in {found[key][0] for key in found if key[1] == "cn.boarder"}


def test_who_stands_in_a_round_of_the_open_term_waits(term: Evaluation, cast: dict[str, User]) -> None:
    spring, office = TERM.next.text, cast["office"]
    one = lists.current(COUNTY, spring)
    assert one is not None
    paid, *rest = [line for line in lists.payable(COUNTY, spring) if line.clause == "cn.day"]
    fund = fund_actions.open_fund(county_code=COUNTY, name="演示基金", sources=["county"], begun_on=TODAY, basis="演示", by=office, at=NOW)  # fmt: skip
    made = award_actions.open_round(county_code=COUNTY, title="演示第一批", person_kind="student", term=spring, clause="cn.day", fund=fund, shares={"county": 100}, by=office, at=NOW)  # fmt: skip

    def standing(line: lists.Payable) -> str:
        return standings(one)[line.student_key, "cn.day"][0]

    award_entitled.propose_entitled(round=made, claims=[rest[0].claim, rest[1].claim], by=office, at=NOW)
    entry = paid_actions.PaidEntry(paid.student_key, paid.clause, paid.fen, None)
    paid_actions.record_paid(county_code=COUNTY, term=spring, entries=[entry], source="批次", reference="batch:9", by=office, at=NOW, today=TODAY, in_hand=in_hand)  # fmt: skip
    assert [standing(line) for line in rest[:3]] == ["waiting", "waiting", "missed"]
    review_actions.reject(round=made, chosen=[Award.objects.get(person_key=rest[0].student_key).pk], reason="演示：已转走", by=office, at=NOW)  # fmt: skip
    award_entitled.propose_entitled(round=made, claims=[rest[2].claim], by=office, at=NOW)
    assert [standing(line) for line in rest[:3]] == ["refused", "waiting", "waiting"]
    judged = evaluation_actions.ask(county_code=COUNTY, term=TERM.next, by=None, at=NOW, today=TODAY)
    one = aid_tasks.carry_out(judged.pk) or one
    assert [standing(line) for line in rest[:3]] == ["refused", "waiting", "waiting"]


def test_a_batch_pays_nobody_whom_another_list_has_paid_meanwhile(
    term: Evaluation, cast: dict[str, User], browser_of: BrowserOf
) -> None:
    office, (first, second) = (
        cast["office"],
        [one for one in lists.payable(COUNTY, term.term) if one.clause == "cn.day"][:2],
    )
    fund = fund_actions.open_fund(county_code=COUNTY, name="演示基金", sources=["county"], begun_on=TODAY, basis="演示", by=office, at=NOW)  # fmt: skip
    made = award_actions.open_round(county_code=COUNTY, title="演示补发", person_kind="student", term=term.term, clause="cn.day", fund=fund, shares={"county": 100}, by=office, at=NOW)  # fmt: skip
    award_entitled.propose_entitled(round=made, claims=[first.claim, second.claim], by=office, at=NOW)
    template = batch_actions.save_template(county_code=COUNTY, name="农商行", columns=list(STANDARD), by=office, at=NOW)  # fmt: skip
    for number, award in enumerate(made.awards.all()):
        person = by_keys(COUNTY, "student", [award.person_key])[award.person_key]
        given = account_actions.Given(person, f"62170012345{number:08d}", "演示农商行", person.name, "本人")
        account_actions.set_account(county_code=COUNTY, given=given, by=office, at=NOW, today=TODAY)
    Award.objects.update(state="cleared", reviewed_by=office)
    batch = drafting.draft(county_code=COUNTY, title="演示", awards=Award.objects.all(), template=template, by=office, at=NOW)  # fmt: skip
    assert batch_queries.paid_already(batch) == batch_queries.no_longer_due(batch) == []
    Claim.objects.filter(evaluation=term, student_key=second.student_key, clause="cn.day").delete()
    last = batch.lines.get(award__person_key=second.student_key).position
    page = browser_of("office").get(f"/batches/{batch.pk}/").content.decode()
    assert f"有 1 人不再应享受（序号 {last}）" in page
    half = paid_actions.PaidEntry(first.student_key, first.clause, first.fen - 1, None)
    paid_actions.record_paid(county_code=COUNTY, term=term.term, entries=[half], source="外来", reference="other:1", by=office, at=NOW, today=TODAY)  # fmt: skip
    position = batch.lines.get(award__person_key=first.student_key).position
    assert batch_queries.paid_already(batch) == [position]
    batch.state = "approved"
    assert f"再发就超过应发（序号 {position}）" in str(batch_actions.why_not_send(batch, by_role="office"))


def test_who_was_refused_with_a_reason_was_not_forgotten(
    term: Evaluation, cast: dict[str, User], browser_of: BrowserOf
) -> None:
    """In a term that is over too: not missed, not covered, told so with the reason; proposed again only when named."""
    office, line = (
        cast["office"],
        next(one for one in lists.payable(COUNTY, term.term) if one.clause == "cn.day"),
    )
    pair = (line.student_key, "cn.day")
    fund = fund_actions.open_fund(county_code=COUNTY, name="演示基金", sources=["county"], begun_on=TODAY, basis="演示", by=office, at=NOW)  # fmt: skip
    made = award_actions.open_round(county_code=COUNTY, title="演示补发", person_kind="student", term=term.term, clause="cn.day", fund=fund, shares={"county": 100}, by=office, at=NOW)  # fmt: skip
    award_entitled.propose_entitled(round=made, claims=[line.claim], by=office, at=NOW)
    before = lists.coverage(COUNTY, term=term.term)
    review_actions.reject(
        round=made, chosen=[made.awards.get().pk], reason="演示：已转外县", by=office, at=NOW
    )
    after = lists.coverage(COUNTY, term=term.term)
    assert standings(term)[pair] == ("refused", 0)
    assert before is not None
    assert after is not None
    assert (after.children_due, after.children_covered) == (before.children_due, before.children_covered)
    assert (after.missed_lines, after.refused_lines) == (before.missed_lines - 1, 1)
    assert line.claim not in {one.claim for one in lists.payable(COUNTY, term.term, clause="cn.day")}
    browser = browser_of("office")
    page = browser.get("/aid/", {"term": term.term, "list": "refused"}).content.decode()
    assert "演示：已转外县" in page
    assert (
        "评审不予发放："
        in browser.get(f"/aid/children/{line.student_key}/?term={term.term}").content.decode()
    )
    letter = browser.get(f"/aid/children/{line.student_key}/{term.term}/docx/").content
    told = [one.text for one in Document(BytesIO(letter)).paragraphs]
    assert any("评审不予发放。演示：已转外县" in text for text in told)
    award_entitled.propose_entitled(round=made, claims=[line.claim], by=office, at=NOW)
    assert standings(term)[pair] == ("missed", 0)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.xlsx", b"", "空的"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "不是 Excel"),
        ("坏.xlsx", b"PK\x03\x04" + b"\0" * 200, "损坏"),
        ("表.csv", "姓名,学校,年龄\n甲,乙,1\n".encode(), "没有“金额”列"),
        ("表.csv", "姓名,学校,金额（万元）,资助项目\n甲,乙,1,丙\n".encode(), "金额应以元填写"),
        ("表.csv", "学籍号,学籍号,金额,资助项目\n1,2,3,4\n".encode(), "有两列都是“学籍号”"),
        ("表.csv", "只有一列\n内容\n".encode(), "没有找到标题行"),
    ],
)
def test_hostile_files_are_answered_in_a_sentence(name: str, content: bytes, said: str) -> None:
    rows, problems = paid_sheet.read(name, content, lambda share: None, item_needed=True)
    assert not rows
    assert said in "".join(one.sentence for one in problems)


def test_the_template_is_read_back_as_empty() -> None:
    content = paid_sheet.blank_template()
    assert content[:2] == b"PK"
    rows, problems = paid_sheet.read("模板.xlsx", content, lambda share: None, item_needed=True)
    assert not rows
    assert "没有发放的行" in problems[0].sentence


def test_the_pages_from_upload_to_undo(term: Evaluation, browser_of: BrowserOf) -> None:
    client = browser_of("office")
    line = lists.payable(COUNTY, TERM.text)[0]
    file = SimpleUploadedFile("发放.csv", csv_of([row(line)]))
    answer = client.post(
        "/aid/paid/new/", {"term": TERM.text, "source": "演示·财政局", "clause": "", "files": file}
    )
    assert answer.status_code == 302
    one = PaidList.objects.get()
    assert "正在读取" in client.get(f"/aid/paid/{one.pk}/").content.decode()
    aid_tasks.read_paid_list.func(one.pk)
    assert client.get(f"/aid/paid/{one.pk}/progress/").headers["HX-Refresh"] == "true"
    assert "入账" in client.get(f"/aid/paid/{one.pk}/").content.decode()
    client.post(f"/aid/paid/{one.pk}/enter/")
    one.refresh_from_db()
    assert one.state == "in_force"
    assert "演示·财政局" in client.get("/aid/paid/").content.decode()
    assert client.get("/aid/paid/?format=xlsx").status_code == 200
    client.post(f"/aid/paid/{one.pk}/undo/", {"reason": "试"})
    one.refresh_from_db()
    assert one.state == "undone"
    nothing = client.post("/aid/paid/new/", {"term": TERM.text, "source": "甲"})
    assert nothing.status_code == 422
    assert "请选择一个文件" in nothing.content.decode()
    for role in ("school", "township"):
        assert browser_of(role).get(f"/aid/paid/{one.pk}/").status_code == 403
