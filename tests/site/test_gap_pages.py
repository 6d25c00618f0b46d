"""缺口台账的页面: filters, plans in bulk and by Excel, claims in red words, and the case behind each line."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from bureau.cases.models import Case, Event
from bureau.people.models import User

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]


@pytest.fixture
def gap(county: str) -> Case:
    found = Case.objects.filter(county_code=county, ledger="gaps", state="open").order_by("pk").first()
    assert found is not None
    return found


def gaps(county: str, **more: object) -> int:
    return Case.objects.filter(county_code=county, ledger="gaps", **more).count()


def move(client: Client, gap: Case, name: str, **more: str) -> str:
    form = {"move": name, **{key if key == "text" else f"{name}-{key}": value for key, value in more.items()}}
    return client.post(f"/cases/{gap.pk}/move/", form, follow=True).content.decode()


def test_the_ledger_follows_the_import(browser_of: Signed, gap: Case, county: str) -> None:
    text = browser_of("office").get("/gaps/").content.decode()
    assert f"共 {gaps(county)} 条缺口" in text
    assert gap.school in text


@pytest.mark.parametrize("view", ["open", "contradiction", "overdue", "unplanned", "solved", "closed", "all", "nonsense"])  # fmt: skip
def test_every_view_opens(browser_of: Signed, gap: Case, view: str) -> None:
    assert browser_of("leader").get("/gaps/", {"view": view}).status_code == 200


def test_filters_live_in_the_address(browser_of: Signed, gap: Case, county: str) -> None:
    code = gap.evidence["指标代码"]
    text = browser_of("office").get("/gaps/", {"code": code, "standing": "open"}).content.decode()
    assert f"共 {gaps(county, evidence__指标代码=code, state='open')} 条缺口" in text
    none = browser_of("office").get("/gaps/", {"office": ""}).content.decode()
    assert f"共 {gaps(county)} 条缺口" in none
    found = browser_of("office").get("/gaps/", {"q": gap.school}).content.decode()
    assert f"共 {gaps(county, school=gap.school)} 条缺口" in found


def test_a_line_is_a_case_with_its_amount_cost_and_reason(browser_of: Signed, gap: Case) -> None:
    client = browser_of("office")
    answer = client.get(f"/gaps/{gap.pk}/")
    assert answer.headers["Location"] == f"/cases/{gap.pk}/"
    text = client.get(f"/cases/{gap.pk}/").content.decode()
    for words in (gap.evidence["指标"], "立账时的缺口", "估算费用", "/why/", "填整改计划", "数据说明"):
        assert words in text


def test_plan_one(browser_of: Signed, gap: Case) -> None:
    form = {"measure": "新聘教师", "office": "人事科", "until": "2099-08-31", "unit_price": "9.6"}
    assert "新聘教师" in move(browser_of("office"), gap, "plan", **form)
    gap.refresh_from_db()
    assert (gap.state, gap.fields["office"], gap.fields["unit_price"]) == ("under_way", "人事科", "9.6")
    bad = move(browser_of("office"), gap, "plan", until="明年", unit_price="很贵")
    assert "“明年”不是日期" in bad
    assert "“很贵”不是数" in bad


def school_of(gap: Case, cast: dict[str, User]) -> None:
    """The school's account is that of the school of this line."""
    User.objects.filter(pk=cast["school"].pk).update(school_code=gap.subject_key)


def test_a_school_is_shown_what_the_bureau_decides(
    browser_of: Signed, cast: dict[str, User], gap: Case
) -> None:
    school_of(gap, cast)
    text = browser_of("school").get(f"/cases/{gap.pk}/").content.decode()
    assert "“责任科室”由教育局填写" in text
    assert 'name="plan-measure"' in text
    assert 'name="plan-office"' not in text
    assert "填整改计划" in browser_of("school").get("/gaps/").content.decode()


def test_plan_many_with_nothing_saved_when_the_form_is_wrong(browser_of: Signed, county: str) -> None:
    ids = [
        str(pk)
        for pk in Case.objects.filter(county_code=county, ledger="gaps").values_list("pk", flat=True)[:3]
    ]
    office = browser_of("office")
    form = office.post("/gaps/selected/plan/", {"ids": ids}).content.decode()
    assert "将作用于下面 3 条缺口" in form
    refused = office.post(
        "/gaps/selected/plan/", {"ids": ids, "do": "1", "f-until": "2001-01-01", "f-unit_price": "贵"}
    )
    assert refused.status_code == 422
    for words in ("已经过去", "“贵”不是数字", "2001-01-01"):
        assert words in refused.content.decode()
    nothing = office.post("/gaps/selected/plan/", {"ids": ids, "do": "1"}).content.decode()
    assert "什么也没有填" in nothing
    assert not Case.objects.filter(ledger="gaps", state="under_way").exists()
    done = office.post(
        "/gaps/selected/plan/",
        {"ids": ids, "do": "1", "f-office": "基建科", "f-until": "2099-01-01"},
        follow=True,
    )
    assert "已保存 3 条" in done.content.decode()
    assert gaps(county, fields__office="基建科", state="under_way") == 3


def test_claims_looks_and_closes_of_many(browser_of: Signed, county: str) -> None:
    ids = list(
        Case.objects.filter(county_code=county, ledger="gaps").order_by("pk").values_list("pk", flat=True)[:2]
    )
    office, leader = browser_of("office"), browser_of("leader")
    office.post("/gaps/selected/claim/", {"ids": ids, "do": "1", "f-result": "好了"})
    assert gaps(county, pk__in=ids, state="claimed") == 2
    Case.objects.filter(pk__in=ids).update(state="solved", phase="solved", evidence_gone_on="2026-09-01")
    missing = office.post("/gaps/selected/verify/", {"ids": ids, "do": "1"})
    assert "要写明情况" in missing.content.decode()
    office.post("/gaps/selected/verify/", {"ids": ids, "do": "1", "text": "到校看过"})
    own = office.post("/gaps/selected/close/", {"ids": ids, "do": "1"}, follow=True).content.decode()
    assert "最后办理的人不能自己销号" in own
    leader.post("/gaps/selected/close/", {"ids": ids, "do": "1"})
    assert gaps(county, pk__in=ids, state="closed") == 2
    assert office.post("/gaps/selected/withdraw/", {"ids": ids}).status_code == 404


def test_a_claim_against_the_data_is_shown_in_red_words(browser_of: Signed, gap: Case) -> None:
    move(browser_of("office"), gap, "claim", result="已完成")
    text = browser_of("inspector").get(f"/cases/{gap.pk}/").content.decode()
    assert "alert-danger" in text
    assert "已报完成，但" in text
    assert "不能销号" in text
    listed = browser_of("leader").get("/gaps/", {"view": "contradiction"}).content.decode()
    assert gap.school in listed
    assert "与数据矛盾" in listed


def test_closing_needs_the_data_and_another_person(browser_of: Signed, gap: Case) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    move(office, gap, "claim", result="已完成")
    assert "才能复核销号" in move(leader, gap, "close")
    Case.objects.filter(pk=gap.pk).update(state="solved", phase="solved", evidence_gone_on="2026-09-01")
    assert "不能自己销号" in move(office, gap, "close")
    move(leader, gap, "close", text="核对无误")
    gap.refresh_from_db()
    assert (gap.phase, gap.closed_by and gap.closed_by.role) == ("closed", "leader")
    assert Event.objects.filter(of=gap, text="核对无误").exists()


@pytest.mark.parametrize("role", ["township", "auditor", "inspector"])
def test_who_may_not_plan_is_told_why(browser_of: Signed, role: str, gap: Case) -> None:
    client = browser_of(role)
    told = client.get("/gaps/").content.decode()
    assert "不能办理个案" in told or "由学校、教育局办理" in told
    move(client, gap, "plan", measure="x")
    client.post("/gaps/selected/plan/", {"ids": [gap.pk], "do": "1", "f-measure": "x"})
    gap.refresh_from_db()
    assert "measure" not in gap.fields


def test_a_school_sees_only_its_own(browser_of: Signed, cast: dict[str, User], county: str) -> None:
    own = cast["school"].school_code
    other = Case.objects.filter(county_code=county, ledger="gaps").exclude(school_code=own).first()
    assert other
    school = browser_of("school")
    assert school.get(f"/gaps/{other.pk}/", follow=True).status_code == 404
    assert school.post(f"/cases/{other.pk}/move/", {"move": "claim"}).status_code == 404
    outside = school.post("/gaps/selected/claim/", {"ids": [other.pk], "do": "1", "f-result": "x"})
    assert "不在您的辖区内" in outside.content.decode()
    assert other.school not in school.get("/gaps/").content.decode()


def _sheet(client: Client, **query: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(client.get("/gaps/sheet/", query).content))


def _upload(client: Client, book: openpyxl.Workbook) -> str:
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "计划.xlsx"
    where = client.get("/gaps/upload/").headers["Location"]
    return client.post(where, {"file": stream}).content.decode()


def _put(tab: openpyxl.worksheet.worksheet.Worksheet, row: int, **cells: object) -> None:
    heads = {cell.value: cell.column for cell in tab[1]}
    for head, value in cells.items():
        tab.cell(row, heads["单价（万元）" if head == "单价" else head], value)


def test_the_plan_goes_out_to_excel_and_back(browser_of: Signed, county: str) -> None:
    client = browser_of("office")
    book = _sheet(client)
    tab = book.worksheets[0]
    heads = [cell.value for cell in tab[1]]
    assert {"指标", "缺口", "单位", "整改措施", "责任科室", "完成时限", "单价（万元）"} <= set(heads)
    assert tab.max_row == gaps(county) + 1
    _put(tab, 2, 整改措施="改造操场", 责任科室="基建科", 完成时限="2099年8月31日", 单价="0.045")
    shown = _upload(client, book)
    assert "改造操场" in shown
    assert not Case.objects.filter(fields__measure="改造操场").exists()
    client.post("/ledgers/gaps/upload/", {"apply": "1"})
    gap = Case.objects.get(fields__measure="改造操场")
    assert (gap.pk, gap.state, str(gap.due)) == (tab["A2"].value, "under_way", "2099-08-31")
    assert gap.fields == {
        "measure": "改造操场",
        "office": "基建科",
        "until": "2099-08-31",
        "unit_price": "0.045",
    }


def test_the_sheet_holds_what_the_list_shows(browser_of: Signed, gap: Case, county: str) -> None:
    code = gap.evidence["指标代码"]
    tab = _sheet(browser_of("office"), code=code).worksheets[0]
    assert tab.max_row == gaps(county, evidence__指标代码=code) + 1


def test_every_problem_of_the_plan_sheet_at_once(browser_of: Signed, gap: Case) -> None:
    client = browser_of("office")
    book = _sheet(client)
    tab = book.worksheets[0]
    _put(tab, 2, 完成时限="年底", 单价="两百")
    tab["A3"], tab["A4"] = "第三条", 999_999
    text = _upload(client, book)
    for words in (
        "第2行“完成时限”",
        "“年底”不是日期",
        "第2行“单价（万元）”",
        "“两百”不是数字",
        "第3行",
        "第4行",
    ):
        assert words in text
    for content in (b"", b"PK\x03\x04 broken", b"hello"):
        stream = BytesIO(content)
        stream.name = "x.xlsx"
        assert client.post("/ledgers/gaps/upload/", {"file": stream}).status_code == 422


def test_a_school_changes_only_its_measures_in_the_sheet(
    browser_of: Signed, cast: dict[str, User], gap: Case
) -> None:
    school_of(gap, cast)
    client = browser_of("school")
    book = _sheet(client)
    _put(book.worksheets[0], 2, 责任科室="人事科")
    assert "由教育局填写，请恢复原来的内容" in _upload(client, book)


def test_a_change_in_between_is_not_overwritten(browser_of: Signed, gap: Case) -> None:
    client = browser_of("office")
    book = _sheet(client)
    _put(book.worksheets[0], 2, 整改措施="甲的措施")
    _upload(client, book)
    other = Case.objects.get(pk=book.worksheets[0]["A2"].value)
    move(browser_of("leader"), other, "plan", measure="乙的措施")
    answer = client.post("/ledgers/gaps/upload/", {"apply": "1"}, follow=True)
    assert "已被他人修改" in answer.content.decode()
    other.refresh_from_db()
    assert other.fields["measure"] == "乙的措施"


def test_the_ledger_is_one_of_all_and_not_filled_by_hand(browser_of: Signed, gap: Case) -> None:
    office = browser_of("office")
    assert "缺口台账" in office.get("/ledgers/").content.decode()
    listed = office.get("/ledgers/gaps/").content.decode()
    assert "缺多少、要多少钱" in listed
    assert "手工立案" not in listed
    assert "缺口台账" not in office.get("/cases/new/").content.decode().split("<main")[1]


def test_the_other_pages_show_it(browser_of: Signed, gap: Case) -> None:
    assert "缺口台账" in browser_of("leader").get("/").content.decode()
    assert gap.evidence["指标"] in browser_of("office").get(f"/schools/{gap.subject_key}/").content.decode()
    assert "还没有整改计划" in browser_of("office").get("/desk/").content.decode()
    assert "本校的缺口台账" in browser_of("school").get("/").content.decode()
