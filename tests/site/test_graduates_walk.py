"""毕业生走一遍: one graduate of each kind from the Excel of a school or another office to the plan, the aid and the closed case."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bureau.cases import actions as case_actions
from bureau.cases import sweeping, tables
from bureau.cases.models import Case
from bureau.entitlements import evaluation_actions, paid_actions, terms
from bureau.entitlements.evaluation_models import Claim, Evaluation
from bureau.graduates import awards
from bureau.graduates.models import ComeList, Derivation, Leaver
from bureau.pages.people_columns import opened
from bureau.payments import account_actions, award_actions, award_entitled, finding_actions, fund_actions
from bureau.payments.models import AwardRound, Finding
from bureau.payments.persons import Asked, find
from bureau.people import actions as people
from bureau.people.models import User
from bureau.registry.import_models import Import
from bureau.registry.models import Student
from bureau.work import aid_tasks, case_tasks
from bureau.work.graduates_tasks import derive_graduates
from site_rows import COUNTY

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
JINFENG, CLAUSE, TERM = "640106", "jf.university", "2026秋"
TODAY = date(2026, 10, 8)
NOW = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def jinfeng(cast: dict[str, User]) -> None:
    """The small county as if it were Jinfeng; the families of all who leave school live on the minimum allowance."""
    people.load_areas(counties=[JINFENG], at=NOW)
    for model in apps.get_models():
        if any(field.name == "county_code" for field in model._meta.local_fields):
            model._default_manager.filter(county_code=COUNTY).update(county_code=JINFENG)
    Student.objects.filter(grade__in=["9", "12"]).update(minimum_living=True)


def taken(office: Client) -> dict[str, Leaver]:
    office.post(reverse("graduates-update"), {"year": "2026"})
    derive_graduates.func(Derivation.objects.get().pk)
    senior = list(Leaver.objects.filter(stage="高中", id_lookup__gt="").order_by("id"))
    junior = list(Leaver.objects.filter(stage="初中", id_lookup__gt="").order_by("id"))
    kinds = ("本科", "就业", "参军", "未就业", "失联")
    return dict(zip(kinds, senior, strict=False)) | dict(zip(("普高", "中职"), junior, strict=False))


def upload(office: Client, name: str, book: openpyxl.Workbook, **posted: str) -> str:
    made = BytesIO()
    book.save(made)
    file = SimpleUploadedFile("表.xlsx", made.getvalue())
    return office.post(reverse(name), {**posted, "file": file}, follow=True).content.decode()


def by_excel(office: Client, of: dict[str, Leaver]) -> None:
    """The school's own sheet, in the words that schools use, and the admissions that another office sends."""
    content = office.get(reverse("graduates-own-sheet"), {"year": "2026"}).content
    book = openpyxl.load_workbook(BytesIO(content))
    sheet: Any = book.active
    place = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    row_of = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    said: dict[str, dict[str, str]] = {
        "就业": {"去向": "已就业", "就业单位": "演示公司"},
        "参军": {"去向": "应征入伍"},
        "未就业": {"去向": "未就业"},
        "失联": {"去向": "失联"},
        "普高": {"去向": "升学", "就读学段": "高中", "就读学校": "演示外地中学"},
        "中职": {"去向": "升学", "就读学段": "中专", "就读学校": "演示职业学校"},
    }
    for kind, cells in said.items():
        for heading, value in {**cells, "自": "2026-09-01"}.items():
            sheet.cell(row_of[of[kind].pk], place[heading], value)
    assert "6 名学生有变化" in upload(office, "graduates-sheet", book, year="2026")
    child = of["本科"]
    number = opened(Student.objects.get(key=child.student_key, valid_to=None).id_number)
    admitted = openpyxl.Workbook()
    rows: Any = admitted.active
    rows.append(["考生姓名", "身份证号", "录取院校", "录取层次", "录取日期"])
    rows.append([child.person_name, number, "演示大学", "一本", "2026-09-01"])
    told = {"kind": "university", "title": "2026年录取名单", "day": "2026-08-20"}
    assert "演示大学" in upload(office, "graduate-lists", admitted, **told)


def compared(day: date) -> None:
    """As the night does for the one ledger."""
    ledger = "graduates"
    read = sweeping.tables_read(JINFENG, today=day, only=ledger)
    county = tables.gather(JINFENG, today=day, wanted=read)
    at = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    sweeping.sweep(
        county_code=JINFENG,
        county=county,
        more=case_tasks.beside(JINFENG),
        at=at,
        today=day,
        only=ledger,
    )


def test_each_kind_arrives_by_excel_and_only_those_without_a_place_become_cases(
    jinfeng: None, browser_of: SignIn, cast: dict[str, User]
) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    of = taken(office)
    by_excel(office, of)
    words = {"本科": "升学", "就业": "就业", "参军": "参军", "未就业": "待业", "失联": "不详", "普高": "升学", "中职": "升学"}  # fmt: skip
    files = {}
    for kind, said in words.items():
        files[kind] = office.get(reverse("graduate", args=[of[kind].pk])).content.decode()
        assert f"<strong>{said}</strong>" in files[kind], kind
    assert "普高" in files["普高"]
    assert "演示外地中学" in files["普高"]

    # 一人一策 on the child's file, a second person, and what the data says against it.
    child = of["未就业"]
    address = reverse("graduate", args=[child.pk])

    def act(client: Client, action: str, **posted: object) -> str:
        to = reverse("graduate-change", args=[child.pk, action])
        return client.post(to, posted, follow=True).content.decode()

    act(office, "support", measure="推荐岗位", owner="演示·班主任", due="2026-12-01")
    support = child.supports.get().pk
    act(office, "report", support=support, text="已推荐")
    assert "已办结" in act(leader, "confirm", support=support)
    compared(TODAY)  # a measure that is done places nobody: the case is opened all the same
    cases = {case.subject_key: case for case in Case.objects.filter(ledger="graduates")}
    assert {kind for kind, one in of.items() if one.student_key in cases} == {"未就业", "失联"}
    case = cases[child.student_key]
    page = office.get(address).content.decode()
    assert f'href="/cases/{case.pk}/"' in page
    assert "登记的去向仍是“待业”" in page
    assert address in office.get(f"/cases/{case.pk}/").content.decode()

    # The data shows it: found work, then another person closes the case.
    assert "去向已登记" in act(office, "place", kind="work", day="2026-10-01", employer="演示公司")
    assert "登记的去向仍是" not in office.get(address).content.decode()
    compared(TODAY + timedelta(days=1))
    case.refresh_from_db()
    assert case.phase == "solved"
    moved: dict[str, Any] = {"case_id": case.pk, "files": [], "at": NOW, "today": TODAY}
    case_actions.move(
        move="verify", text="已到公司核实", fields={"result": "已就业"}, by=cast["office"], **moved
    )
    closed = case_actions.move(move="close", text="属实", by=cast["leader"], **moved)
    assert closed.phase == "closed"


def test_aid_for_a_university_student_follows_him(
    jinfeng: None, browser_of: SignIn, cast: dict[str, User]
) -> None:
    office = browser_of("office")
    of = taken(office)
    by_excel(office, of)
    child = of["本科"]
    # Whether both sums of the clause's group may be had is not laid down: it matters only to those of whom this is not known.
    Leaver.objects.filter(pk=child.pk).update(facts={**child.facts, "少生快富": False})
    autumn_register(child)
    waiting = Claim.objects.get(evaluation=judge(), student_key=child.student_key, clause=CLAUSE)
    assert (
        waiting.standing == "unconfirmed"
    )  # the plan's three years are over: two persons say that it goes on
    address = reverse("clause", args=[CLAUSE])
    office.post(f"{address}confirm/", {"of": CLAUSE, "reason": "局务会纪要〔演示〕"})
    browser_of("leader").post(f"{address}check/", {"of": CLAUSE})
    judged = judge()
    claim = Claim.objects.get(evaluation=judged, student_key=child.student_key, clause=CLAUSE)
    assert (claim.stage, claim.grade, claim.due_fen, claim.standing) == ("本科", 1, 3_000_00, "waiting")
    assert "演示大学" in office.get(reverse("aid-child", args=[child.student_key])).content.decode()
    file = office.get(reverse("graduate", args=[child.pk])).content.decode()
    assert reverse("aid-child", args=[child.student_key]) in file

    # Into a round, with an account, though the county's register has him no more.
    made = a_round(cast["office"])
    assert award_entitled.propose_entitled(round=made, by=cast["office"], at=NOW).done == 1
    award = made.awards.get()
    assert (award.person_name, award.school_name, award.grade) == (child.person_name, "演示大学", "本科1年级")
    number = opened(Student.objects.get(key=child.student_key, valid_to=None).id_number)
    (person,) = find(JINFENG, "student", [Asked(id_number=number)])
    assert not isinstance(person, str), person
    assert (person.key, person.school_name) == (child.student_key, "演示大学")
    given = account_actions.Given(person, "6217000000000001", "演示银行", person.name, "本人")
    account_actions.set_account(county_code=JINFENG, given=given, by=cast["office"], at=NOW, today=TODAY)

    # Paid: the claim is settled and the audit accuses nobody of having left school.
    entry = paid_actions.PaidEntry(child.student_key, CLAUSE, 3_000_00, TODAY, child.person_name)
    paid_actions.record_paid(
        county_code=JINFENG, term=TERM, entries=[entry], source="演示", reference="x", by=cast["office"], at=NOW, today=TODAY,
    )  # fmt: skip
    claim.refresh_from_db()
    assert (claim.standing, claim.paid_fen) == ("paid", 3_000_00)
    finding_actions.refresh(county_code=JINFENG, today=TODAY, at=NOW)
    assert not Finding.objects.exists()

    # He leaves university for work: from the next judgement on nothing is due, and one is asked for.
    stale = aid_tasks.sources(JINFENG, TODAY)
    assert not evaluation_actions.is_stale(judged, stale)
    told = {"kind": "work", "day": "2026-09-02", "employer": "演示公司"}
    office.post(reverse("graduate-change", args=[child.pk, "place"]), told)
    assert evaluation_actions.is_stale(judged, aid_tasks.sources(JINFENG, TODAY))
    after = Claim.objects.get(evaluation=judge(), student_key=child.student_key, clause=CLAUSE)
    assert after.standing == "undue"


def test_a_scholarship_waits_for_the_universitys_list_and_not_among_what_the_county_must_find_out(
    jinfeng: None, browser_of: SignIn, cast: dict[str, User]
) -> None:
    office = browser_of("office")
    of = taken(office)
    by_excel(office, of)
    child = of["本科"]
    autumn_register(child)
    before = judge()
    waiting = Claim.objects.filter(evaluation=before, student_key=child.student_key, standing="no_list")
    assert set(waiting.values_list("clause", "state", "missing")) == {
        ("cn.scholarship", "unknown", "获国家奖学金"), ("cn.inspiration", "unknown", "获励志奖学金"),
    }  # fmt: skip
    assert not Claim.objects.filter(
        evaluation=before, standing="unknown", missing__contains="奖学金"
    ).exists()
    page = office.get(f"{reverse('aid')}?term={TERM}&list=unknown").content.decode()
    for words in (
        "等别的单位的名单",
        "国家励志奖学金",
        "高校学生资助部门",
        "list=no_list&amp;clause=cn.scholarship",
    ):
        assert words in page, words
    opened_list = office.get(
        f"{reverse('aid')}?term={TERM}&list=no_list&clause=cn.scholarship"
    ).content.decode()
    assert child.person_name in opened_list
    # In the child's own reasons it is a third answer still, and no refusal.
    reasons = office.get(reverse("aid-child", args=[child.student_key])).content.decode()
    assert "不知道" in reasons

    number = opened(Student.objects.get(key=child.student_key, valid_to=None).id_number)
    book = openpyxl.Workbook()
    rows: Any = book.active
    rows.append(["学生姓名", "身份证号", "院校名称", "获奖项目"])
    rows.append([child.person_name, number, "演示大学", "校长奖学金"])
    told = {"kind": "award", "title": "2026年获奖名单〔演示〕", "day": "2026-10-07"}
    refused = upload(office, "graduate-lists", book, **told)
    assert "“校长奖学金”不是以名单为准的奖项" in refused
    rows["D2"] = "国家励志奖学金"
    assert "自动对上" in upload(office, "graduate-lists", book, **told)
    child.refresh_from_db()
    assert child.current is not None
    assert child.current.school_name == "演示大学"  # where it studies is said by another list
    assert evaluation_actions.is_stale(before, aid_tasks.sources(JINFENG, TODAY))
    after = judge()
    lines = Claim.objects.filter(evaluation=after, student_key=child.student_key)
    assert lines.get(clause="cn.inspiration").state in ("paid", "unconfirmed")
    assert lines.get(clause="cn.scholarship").standing == "no_list"
    file = office.get(reverse("aid-child", args=[child.student_key])).content.decode()
    assert "2026年获奖名单〔演示〕（2026-10-07）" in file
    assert "第2行" in file

    # Withdrawn, or in another school year, the list says nothing any more.
    withdraw = reverse("graduate-list-change", args=[ComeList.objects.get(kind="award").pk, "withdraw"])
    office.post(withdraw, {"text": "传错"})
    assert evaluation_actions.is_stale(after, aid_tasks.sources(JINFENG, TODAY))
    assert awards.told_on(JINFENG, TODAY) == {}


def autumn_register(child: Leaver) -> None:
    """A register of September in which he has finished school."""
    of = Import.objects.filter(state="committed").order_by("id")[0]
    of.pk, of.day, of.sheets = None, date(2026, 9, 20), ["schools", "students"]
    of.save()
    row = Student.objects.get(key=child.student_key, valid_to=None)
    Student.objects.filter(pk=row.pk).update(valid_to=of.day)
    row.pk, row.valid_from, row.created_by = None, of.day, of
    row.enrolment_status, row.status_on = "毕业", date(2026, 7, 5)
    row.save()


def judge() -> Evaluation:
    asked = evaluation_actions.ask(county_code=JINFENG, term=terms.parse(TERM), by=None, at=NOW, today=TODAY)
    made = evaluation_actions.compute(
        evaluation_id=asked.pk, at=lambda: NOW, today=TODAY, progress=lambda share: None, outside=aid_tasks.outside,
        sources=aid_tasks.sources, further=aid_tasks.further,
    )  # fmt: skip
    assert made is not None
    return made


def a_round(by: User) -> AwardRound:
    fund = fund_actions.open_fund(
        county_code=JINFENG, name="教育扶贫基金", sources=["county"], begun_on=date(2026, 1, 1), by=by, at=NOW
    )
    return award_actions.open_round(
        county_code=JINFENG, title="大学生帮扶", person_kind="student", term=TERM, clause=CLAUSE, fund=fund,
        shares={"county": 100}, by=by, at=NOW,
    )  # fmt: skip
