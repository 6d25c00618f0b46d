"""缺口台账的页面: filters, plan in bulk, plan by Excel, claim, contradiction in red words, second person."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from bureau.gaps.models import Gap
from bureau.people.models import User
from bureau.runs.models import Run

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]


@pytest.fixture
def gap(county: str) -> Gap:
    found = Gap.objects.filter(county_code=county, state="open").first()
    assert found is not None
    return found


def test_the_ledger_follows_the_import(browser_of: Signed, gap: Gap, county: str) -> None:
    text = browser_of("office").get("/gaps/").content.decode()
    assert f"共 {Gap.objects.filter(county_code=county).count()} 条缺口" in text
    assert gap.school in text


@pytest.mark.parametrize("view", ["open", "contradiction", "overdue", "unplanned", "solved", "closed", "all", "nonsense"])  # fmt: skip
def test_every_view_opens(browser_of: Signed, gap: Gap, view: str) -> None:
    assert browser_of("leader").get("/gaps/", {"view": view}).status_code == 200


def test_filters_live_in_the_address(browser_of: Signed, gap: Gap) -> None:
    text = browser_of("office").get("/gaps/", {"code": gap.code, "standing": "open"}).content.decode()
    assert f"共 {Gap.objects.filter(code=gap.code, state='open').count()} 条缺口" in text
    none = browser_of("office").get("/gaps/", {"office": ""}).content.decode()
    assert f"共 {Gap.objects.filter(office='').count()} 条缺口" in none


def test_plan_one(browser_of: Signed, gap: Gap) -> None:
    form = {"measure": "新聘教师", "office": "人事科", "due": "2099-08-31", "unit_price": "9.6"}
    answer = browser_of("office").post(f"/gaps/{gap.pk}/plan/", form, follow=True)
    assert "新聘教师" in answer.content.decode()
    gap.refresh_from_db()
    assert (gap.state, gap.office, gap.unit_price) == ("under_way", "人事科", 9.6)
    bad = browser_of("office").post(
        f"/gaps/{gap.pk}/plan/", {"due": "明年", "unit_price": "很贵"}, follow=True
    )
    text = bad.content.decode()
    assert "“明年”不是日期" in text
    assert "“很贵”不是数" in text


def test_plan_many_or_none(browser_of: Signed, county: str) -> None:
    ids = [str(pk) for pk in Gap.objects.filter(county_code=county).values_list("pk", flat=True)[:3]]
    office = browser_of("office")
    form = office.post("/gaps/selected/plan/", {"ids": ids}).content.decode()
    assert "将作用于下面 3 条缺口" in form
    refused = office.post("/gaps/selected/plan/", {"ids": ids, "do": "1", "due": "2001-01-01"})
    assert "已经过去" in refused.content.decode()
    assert not Gap.objects.exclude(due=None).exists()
    office.post("/gaps/selected/plan/", {"ids": ids, "do": "1", "office": "基建科", "due": "2099-01-01"})
    assert Gap.objects.filter(office="基建科", state="under_way").count() == 3


def test_a_claim_against_the_data_is_shown_in_red_words(browser_of: Signed, gap: Gap) -> None:
    browser_of("office").post(f"/gaps/{gap.pk}/claim/", {"text": "已完成"})
    text = browser_of("inspector").get(f"/gaps/{gap.pk}/").content.decode()
    assert "alert-danger" in text
    assert "矛盾" in text
    assert "不能销号" in text
    assert gap.school in browser_of("leader").get("/gaps/", {"view": "contradiction"}).content.decode()


def test_closing_needs_the_data_and_another_person(browser_of: Signed, gap: Gap) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    office.post(f"/gaps/{gap.pk}/claim/", {"text": "已完成"})
    leader.post(f"/gaps/{gap.pk}/close/")
    gap.refresh_from_db()
    assert gap.state == "claimed"
    Gap.objects.filter(pk=gap.pk).update(state="solved", shortage=0)
    assert "报完成的人不能自己复核" in office.post(f"/gaps/{gap.pk}/close/", follow=True).content.decode()
    assert (
        "已保存" in leader.post(f"/gaps/{gap.pk}/close/", {"text": "核对无误"}, follow=True).content.decode()
    )
    gap.refresh_from_db()
    assert gap.state == "closed"
    assert gap.closed_run == Run.objects.get(pk=gap.latest_run_id)


@pytest.mark.parametrize("role", ["township", "auditor", "inspector"])
def test_who_may_not_plan_is_told_why(browser_of: Signed, role: str, county: str) -> None:
    client = browser_of(role)
    answer = client.get("/gaps/")
    assert "不能填写缺口台账" in answer.content.decode()
    gap = Gap.objects.filter(county_code=county).first()
    assert gap
    client.post(f"/gaps/{gap.pk}/plan/", {"measure": "x"})
    gap.refresh_from_db()
    assert gap.measure == ""


def test_a_school_sees_only_its_own(browser_of: Signed, cast: dict[str, User], county: str) -> None:
    own = cast["school"].school_code
    other = Gap.objects.filter(county_code=county).exclude(school_code=own).first()
    assert other
    school = browser_of("school")
    assert school.get(f"/gaps/{other.pk}/").status_code == 404
    assert school.post(f"/gaps/{other.pk}/claim/", {"text": "x"}).status_code == 404
    assert other.school not in school.get("/gaps/").content.decode()


def _sheet(client: Client) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(client.get("/gaps/sheet/").content))


def _upload(client: Client, book: openpyxl.Workbook) -> str:
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "计划.xlsx"
    return client.post("/gaps/upload/", {"file": stream}).content.decode()


def test_the_plan_goes_out_to_excel_and_back(browser_of: Signed, county: str) -> None:
    client = browser_of("office")
    book = _sheet(client)
    tab = book["整改计划"]
    assert tab.max_row == Gap.objects.filter(county_code=county).count() + 1
    tab["I2"], tab["J2"], tab["K2"], tab["L2"] = "改造操场", "基建科", "2099年8月31日", "0.045"
    shown = _upload(client, book)
    assert "1 条缺口的计划会改变" in shown
    assert not Gap.objects.filter(measure="改造操场").exists()
    client.post("/gaps/upload/", {"apply": "1"})
    gap = Gap.objects.get(measure="改造操场")
    assert (gap.pk, gap.office, str(gap.due), gap.unit_price) == (
        tab["A2"].value,
        "基建科",
        "2099-08-31",
        0.045,
    )
    assert "没有要改的" in _upload(client, _sheet(client))


def test_every_problem_of_the_plan_sheet_at_once(browser_of: Signed, gap: Gap) -> None:
    client = browser_of("office")
    book = _sheet(client)
    tab = book["整改计划"]
    tab["K2"], tab["L2"], tab["A3"], tab["A4"] = "年底", "两百", "第三条", 999_999
    text = _upload(client, book)
    for sentence in ("第2行“完成时限”：“年底”不是日期", "第2行“单价（万元）”：“两百”不是数", "第3行“编号”：“第三条”", "第4行“编号”：台账里没有编号 999999"):  # fmt: skip
        assert sentence in text
    assert "什么也没有保存" in text
    for content in (b"", b"PK\x03\x04 broken", b"hello"):
        stream = BytesIO(content)
        stream.name = "x.xlsx"
        assert client.post("/gaps/upload/", {"file": stream}).status_code == 200


def test_a_change_in_between_is_not_overwritten(browser_of: Signed, gap: Gap) -> None:
    client = browser_of("office")
    book = _sheet(client)
    book["整改计划"]["I2"] = "甲的措施"
    _upload(client, book)
    pk = book["整改计划"]["A2"].value
    browser_of("leader").post(f"/gaps/{pk}/plan/", {"measure": "乙的措施"})
    answer = client.post("/gaps/upload/", {"apply": "1"}, follow=True)
    assert "核对期间有人改过" in answer.content.decode()
    assert Gap.objects.get(pk=pk).measure == "乙的措施"
