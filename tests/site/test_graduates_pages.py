"""去向的页面 as their users use them: the list, Excel both ways, doubtful lines, rates that open, one child's file."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from bureau.entitlements.evaluation_models import EvaluatedChild, Evaluation, Profile
from bureau.graduates import actions, deriving, figures, list_jobs
from bureau.graduates.models import ComeList, Destination, Leaver, Support
from bureau.log.models import Entry
from bureau.pages import graduates_lists, later
from bureau.pages.people_columns import opened
from bureau.people.models import User
from bureau.registry.models import Student
from bureau.registry.queries import days_with_data, rows_on
from bureau.work.making import make_download
from bureau.work.models import Download
from site_rows import COUNTY, NOW

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def taken(cast: dict[str, User]) -> list[Leaver]:
    of = actions.ask_update(county_code=COUNTY, year=2026, by=cast["office"], at=NOW)
    actions.update(of=of, at=NOW)
    return list(Leaver.objects.filter(stage="高中").order_by("id"))


def sent(client: Client, name: str, content: bytes, **posted: object) -> tuple[int, str]:
    file = SimpleUploadedFile("表.xlsx", content)
    answer = client.post(reverse(name), {**posted, "file": file}, follow=True)
    return answer.status_code, answer.content.decode()


def saved(book: openpyxl.Workbook) -> bytes:
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def test_an_empty_county_says_what_to_do_and_an_update_is_asked_for(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    assert "从登记册更新" in office.get(reverse("graduates")).content.decode()
    said = office.post(reverse("graduates-update"), {"year": "1990"}, follow=True).content.decode()
    assert "请填写毕业年份" in said
    said = office.post(reverse("graduates-update"), {"year": "2026"}, follow=True).content.decode()
    assert "已开始更新" in said
    assert "取消更新" in said
    assert browser_of("school").post(reverse("graduates-update"), {"year": "2026"}).status_code == 403


def test_the_list_its_views_and_the_log(taken: list[Leaver], browser_of: SignIn) -> None:
    office = browser_of("office")
    page = office.get(reverse("graduates"), {"stage": "高中"}).content.decode()
    assert taken[0].person_name in page
    assert "没有登记" in page
    line = Entry.objects.order_by("-seq")[0]
    assert (line.verb, line.kind) == ("view", "graduates")
    for view in ("unplaced", "unknown", "registered", "registered-unplaced", "moved"):
        assert office.get(reverse("graduates"), {"view": view}).status_code == 200
    filtered = office.get(reverse("graduates"), {"current__kind": ""}).content.decode()
    assert "共" in filtered
    exported = office.get(reverse("graduates"), {"format": "xlsx"})
    assert exported.headers["Content-Type"].startswith("application/vnd")
    assert taken[0].person_name not in browser_of("school").get(reverse("graduates")).content.decode()


def test_a_schools_own_sheet_there_and_back(taken: list[Leaver], browser_of: SignIn) -> None:
    office = browser_of("office")
    content = office.get(reverse("graduates-own-sheet"), {"year": "2026"}).content
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    assert "身份证件号" not in heads
    place = {name: n for n, name in enumerate(heads, 1)}
    own = {sheet.cell(n, 1).value: n for n in range(2, sheet.max_row + 1)}
    a, b, c, d = (own[one.pk] for one in taken[:4])
    for row, kind in ((a, "升学"), (b, "就业"), (c, "在家"), (d, "待业")):
        sheet.cell(row, place["去向"], kind)
        sheet.cell(row, place["自"], "2026-09-01")
    sheet.cell(a, place["就读学段"], "本科")
    sheet.cell(d, place["姓名"], "另一个人")
    status, page = sent(office, "graduates-sheet", saved(book), year="2026")
    assert status == 422
    for part in (
        f"第{a}行“就读学校”", f"第{b}行“就业单位”", f"第{c}行“去向”：“在家”不在列表里", f"第{d}行“姓名”",
    ):  # fmt: skip
        assert part in page, part
    assert not Leaver.objects.exclude(current=None).exists()  # all or none
    sheet.cell(a, place["就读学校"], "演示大学")
    sheet.cell(b, place["就业单位"], "演示公司")
    sheet.cell(c, place["去向"], "不详")
    sheet.cell(d, place["姓名"], taken[3].person_name)
    status, page = sent(office, "graduates-sheet", saved(book), year="2026")
    assert "4 名学生有变化" in page
    status, page = sent(office, "graduates-sheet", saved(book), year="2026")
    assert "0 名学生有变化" in page  # the same again changes nothing
    other = openpyxl.Workbook()
    assert other.active is not None
    other.active.append(["姓名", "去向"])
    other.active.append(["甲", "升学"])
    assert "没有“编号”一列" in sent(office, "graduates-sheet", saved(other), year="2026")[1]


def test_a_countys_sheet_is_made_by_the_worker(
    taken: list[Leaver], browser_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, address = browser_of("office"), f"{reverse('graduates-own-sheet')}?year=2026"
    at_once = list(openpyxl.load_workbook(BytesIO(office.get(address).content)).worksheets[0].values)
    monkeypatch.setattr(later, "LARGE", 2)
    asked = office.get(address)
    row = Download.objects.get()
    assert (asked.headers["Location"], row.rows) == (f"/downloads/{row.pk}/", len(at_once) - 1)
    page = office.get(asked.headers["Location"]).content.decode()
    assert "取消制作" in page
    assert f"{reverse('graduates-sheet')}?year=2026" in page
    make_download.func(row.pk)
    content = b"".join(office.get(f"/downloads/{row.pk}/file/"))  # type: ignore[arg-type]
    assert list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].values) == at_once


def a_list(taken: list[Leaver]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年录取名单"])
    sheet.append(["考生姓名", "身份证号", "出生日期", "录取院校", "录取层次", "录取专业"])
    for one in taken[:3]:
        child = Student.objects.get(key=one.student_key, valid_to=None)
        sheet.append(
            [one.person_name, opened(child.id_number), str(one.birth_date), "演示大学", "一本", "师范"]
        )
    sheet.append([taken[3].person_name, "", str(taken[3].birth_date), "演示学院", "高职", "护理"])
    return book


def test_a_list_in_other_words_is_read_and_its_doubtful_line_settled(
    taken: list[Leaver], browser_of: SignIn
) -> None:
    office = browser_of("office")
    whole = {"kind": "university", "title": "2026年录取名单", "day": "2026-08-20"}
    book = a_list(taken)
    sheet = book.active
    assert sheet is not None
    sheet.append(["甲", "640324201001010", "2010-13-01", "", "硕士", ""])
    status, page = sent(office, "graduate-lists", saved(book), **whole)
    assert status == 422
    for heading in ("身份证件号", "出生日期", "就读学校", "就读学段"):
        assert f"第7行“{heading}”" in page, heading
    sheet.delete_rows(7)
    status, page = sent(office, "graduate-lists", saved(book), **(whole | {"title": ""}))
    assert "请填写名单名称" in page
    status, page = sent(office, "graduate-lists", saved(book), **whole)
    assert status == 200
    made = ComeList.objects.get()
    number = opened(Student.objects.get(key=taken[0].student_key, valid_to=None).id_number)
    assert number not in page
    doubtful = made.lines.get(state="to_check")
    assert "待核对" in page
    change = reverse("graduate-list-change", args=[made.pk, "same"])
    assert "请先选择" in office.post(change, {}, follow=True).content.decode()
    assert "已核对 1 行" in office.post(change, {"ids": [doubtful.pk]}, follow=True).content.decode()
    child = Leaver.objects.get(pk=taken[3].pk)
    assert child.current is not None
    assert (child.current.study_stage, child.current.school_name) == ("专科", "演示学院")
    withdrawn = office.post(
        reverse("graduate-list-change", args=[made.pk, "withdraw"]), {"text": "传错"}, follow=True
    ).content.decode()
    assert "取消了 4 名学生的去向" in withdrawn


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html></html>", "无关\n甲".encode()])
def test_a_file_that_is_no_list_is_refused_in_words(
    taken: list[Leaver], browser_of: SignIn, content: bytes
) -> None:
    office = browser_of("office")
    whole = {"kind": "work", "title": "就业名单", "day": "2026-08-20"}
    for name, posted in (("graduate-lists", whole), ("graduates-sheet", {"year": "2026"})):
        status, page = sent(office, name, content, **posted)
        assert status == 422
        assert "什么也没有保存" in page


def test_a_childs_file_with_path_destination_and_measures(taken: list[Leaver], browser_of: SignIn) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    address = reverse("graduate", args=[taken[0].pk])
    page = office.get(address).content.decode()
    assert "<svg" in page
    assert Entry.objects.order_by("-seq")[0].kind == "leaver"

    def act(client: Client, action: str, **posted: object) -> tuple[int, str]:
        answer = client.post(reverse("graduate-change", args=[taken[0].pk, action]), posted, follow=True)
        return answer.status_code, answer.content.decode()

    status, page = act(
        office, "place", kind="study", day="2026-09-01", study_stage="", school_name="演示大学"
    )
    assert status == 422
    assert "就读学段" in page
    assert 'value="演示大学"' in page
    assert (
        "去向已登记"
        in act(office, "place", kind="study", day="2026-09-01", study_stage="本科", school_name="演示大学")[1]
    )
    assert "请填写责任人" in act(office, "support", measure="推荐", due="2026-12-01")[1]
    act(office, "support", measure="助学贷款手续陪办", owner="演示·班主任", due="2026-12-01")
    key = Support.objects.get().pk
    assert "已报结果" in act(office, "report", support=key, text="已办好")[1]
    assert "另一人复核" in act(office, "confirm", support=key)[1]
    assert "已办结" in act(leader, "confirm", support=key)[1]
    assert browser_of("school").get(address).status_code == 404
    assert browser_of("teacher").get(address).status_code == 403


def test_rates_open_to_numerator_denominator_and_rows(
    taken: list[Leaver], cast: dict[str, User], browser_of: SignIn
) -> None:
    office = browser_of("office")
    for one in taken[:4]:
        said = actions.Said("study", date(2026, 9, 1), "本科", "演示大学")
        actions.place(leaver=one, said=said, by=cast["office"], at=NOW, today=date(2026, 10, 8))
    for by in ("school", "class", "township"):
        page = office.get(reverse("graduates-rates"), {"stage": "高中", "by": by}).content.decode()
        assert "40.0%" in page
    why = office.get(reverse("graduates-why", args=[2026, "高中", "study"])).content.decode()
    assert "40" in why
    assert "4" in why
    one = office.get(
        reverse("graduates-why", args=[2026, "高中", "study"]), {"by": "class", "of": "3464990010-1"}
    ).content.decode()
    assert "1班" in one
    assert office.get(reverse("graduates-why", args=[2026, "all", "x"])).status_code == 404


def test_where_registered_children_study(taken: list[Leaver], browser_of: SignIn) -> None:
    office = browser_of("office")
    here = Student.objects.filter(
        registered_household=True, valid_to=None, replaced_by=None, enrolment_status__in=["在读", "休学"]
    )
    page = office.get(reverse("studies")).content.decode()
    assert f"共 {here.count()} 名学生" in page or here.count() > 50
    assert office.get(reverse("studies"), {"view": "away"}).status_code == 200
    own = browser_of("school").get(reverse("studies")).content.decode()
    assert "演示高级中学" not in own


def test_the_register_of_origin_says_who_is_poor(county: str) -> None:
    """What a school entered counts only while nothing has been evaluated, and for who is on leave."""
    day = days_with_data(county, "students")[0]
    pupils = rows_on("students", day, county).filter(enrolment_status="在读")
    entered, other = pupils.filter(registered_household=True)[0], pupils.filter(registered_household=False, minimum_living=False, destitute=False)[0]  # fmt: skip
    assert figures.judged(county, day) is None
    assert entered.key in set(figures.registered_pupils(pupils, None).values_list("key", flat=True))
    one = Evaluation.objects.create(
        county_code=county, term="2026春", state="done", current=True, register_day=day, rules_day=day, facts_day=day, asked_at=NOW
    )  # fmt: skip
    for number, (pupil, poor) in enumerate(((entered, False), (other, True))):
        facts = {"建档立卡": poor, "低保": None, "特困": False}
        Profile.objects.create(evaluation=one, number=number, stage="小学", grade=1, facts=facts, findings=[], children=1)  # fmt: skip
        EvaluatedChild.objects.create(evaluation=one, student_key=pupil.key, stage="小学", grade=1, profile=number)  # fmt: skip
    told = figures.judged(county, day)
    assert told is not None
    assert set(figures.registered_pupils(pupils, told).values_list("key", flat=True)) == {other.key}
    assert figures.hardships(told, [other.key, "x"]) == {other.key: {"建档立卡": True, "低保": None, "特困": False}}  # fmt: skip


def test_lists_need_few_queries(
    taken: list[Leaver], browser_of: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    office = browser_of("office")
    for name in ("graduates", "studies", "graduate-lists", "graduates-rates"):
        with django_assert_max_num_queries(40):
            assert office.get(reverse(name)).status_code == 200


class TestALongList:
    """Read by the worker: with progress, cancelled, or refused with every problem; never half."""

    WHOLE = {"kind": "university", "title": "2026年录取名单", "day": "2026-08-20"}

    @pytest.fixture
    def waiting(
        self, taken: list[Leaver], browser_of: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[Any], ComeList]:
        monkeypatch.setattr(graduates_lists, "LONG", 100)

        def upload(book: Any) -> ComeList:
            _status, page = sent(browser_of("office"), "graduate-lists", saved(book), **self.WHOLE)
            assert "正在后台读取" in page
            one = ComeList.objects.get()
            assert (one.state, one.lines.count()) == ("queued", 0)
            return one

        return upload

    def test_it_is_taken_once(
        self, waiting: Callable[[Any], ComeList], taken: list[Leaver], browser_of: SignIn
    ) -> None:
        one = waiting(a_list(taken))
        shares: list[float] = []
        list_jobs.read_list(of=one, at=now(), progress=shares.append)
        list_jobs.read_list(of=one, at=now(), progress=shares.append)  # delivered a second time
        one.refresh_from_db()
        assert (one.state, one.progress) == ("done", 1)
        assert shares == sorted(shares)
        assert one.lines.count() == 4
        assert (
            Destination.objects.filter(line__of=one).count() == one.lines.filter(state="matched").count() > 0
        )
        assert "待核对" in browser_of("office").get(reverse("graduate-list", args=[one.pk])).content.decode()

    def test_every_problem_is_kept_and_nothing_else(
        self, waiting: Callable[[Any], ComeList], taken: list[Leaver], browser_of: SignIn
    ) -> None:
        book = a_list(taken)
        book.active.append(["甲", "640324201001010", "2010-13-01", "", "硕士", ""])
        one = waiting(book)
        list_jobs.read_list(of=one, at=now(), progress=lambda share: None)
        page = browser_of("office").get(reverse("graduate-list", args=[one.pk])).content.decode()
        for heading in ("身份证件号", "出生日期", "就读学校", "就读学段"):
            assert f"第7行“{heading}”" in page, heading
        assert (one.lines.count(), Destination.objects.exclude(line=None).count()) == (0, 0)

    def test_cancelled_in_the_middle_nothing_is_kept(
        self, waiting: Callable[[Any], ComeList], taken: list[Leaver], browser_of: SignIn
    ) -> None:
        one, office = waiting(a_list(taken)), browser_of("office")
        page = office.get(reverse("graduate-list", args=[one.pk]))
        assert "取消读取" in page.content.decode()
        assert page.headers["Refresh"] == "3"
        cancel = reverse("graduate-list-change", args=[one.pk, "cancel"])

        def until_half(share: float) -> None:
            if share >= 0.5:
                office.post(cancel)
                raise deriving.CancelledError

        list_jobs.read_list(of=one, at=now(), progress=until_half)
        one.refresh_from_db()
        assert (one.state, one.lines.count()) == ("cancelled", 0)
        assert "什么也没有保存" in office.get(reverse("graduate-list", args=[one.pk])).content.decode()
        assert "已经读完" in office.post(cancel, follow=True).content.decode()

    def test_another_school_does_not_cancel_it(
        self, waiting: Callable[[Any], ComeList], taken: list[Leaver], browser_of: SignIn
    ) -> None:
        one = waiting(a_list(taken))
        cancel = reverse("graduate-list-change", args=[one.pk, "cancel"])
        page = browser_of("school").post(cancel, follow=True).content.decode()
        assert "只有上传的人和教育局能撤回" in page
        one.refresh_from_db()
        assert not one.cancel_asked
