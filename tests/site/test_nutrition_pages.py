"""供餐的页面 as their users use them: opening a month, entering by hand and Excel, accepting, signing, closing."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from bureau.nutrition import programme
from bureau.nutrition.models import AccountClass, Complaint, Delivery, Price, Supplier
from site_rows import COUNTY

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
SCHOOL = "2164990001"


def month() -> date:
    """The month before this one that has school days: over, whatever the day of the test."""
    first = localdate().replace(day=1) - timedelta(days=1)
    while not programme.serving_days(COUNTY, first.replace(day=1)):
        first = first.replace(day=1) - timedelta(days=1)
    return first.replace(day=1)


def settings(office: Client, action: str, **posted: object) -> str:
    answer = office.post(reverse("nutrition-settings-change", args=[action]), posted, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def opened(county: str, browser_of: SignIn) -> str:
    office = browser_of("office")
    page = office.get(reverse("nutrition-settings")).content.decode()
    assert "不在实施名单里" in page
    said = settings(
        office, "cover", ids=[SCHOOL, "2164990003"], mode="canteen", since="2024-09-01", source="演示名单"
    )
    assert "已列入 2 所学校" in said
    text = f"{month():%Y-%m}"
    answer = office.post(reverse("nutrition-open"), {"month": text}, follow=True)
    assert "已开账：2 所学校" in answer.content.decode()
    return text


def act(client: Client, month_text: str, action: str, **posted: object) -> tuple[int, str]:
    answer = client.post(
        reverse("nutrition-month-change", args=[SCHOOL, month_text, action]), posted, follow=True
    )
    return answer.status_code, answer.content.decode()


def all_eaten(text: str) -> dict[str, str]:
    found = {}
    for row in AccountClass.objects.filter(account__school_code=SCHOOL).select_related("account"):
        found[f"eaten-{row.pk}"] = found[f"attended-{row.pk}"] = str(row.pupils * row.account.days)
    return found


def test_a_school_month_from_entry_to_closed(opened: str, browser_of: SignIn) -> None:
    school, office, leader = browser_of("school"), browser_of("office"), browser_of("leader")
    landed = school.get(reverse("nutrition"))
    assert landed.headers["Location"] == reverse("nutrition-month", args=[SCHOOL, opened])
    page = school.get(landed.headers["Location"]).content.decode()
    assert "没有登记就餐人次" in page  # the greyed button says why
    typed = all_eaten(opened)
    first = next(iter(typed))
    status, page = act(school, opened, "meals", **(typed | {first: "九百"}))
    assert status == 422
    assert "“九百”应为不小于 0 的整数" in page
    assert 'value="九百"' in page  # what was typed stays
    status, page = act(school, opened, "meals", **(typed | {first: "7"}))
    assert "个班有变化" in page
    assert "就餐比出勤少" in page
    key = first.removeprefix("eaten-")
    assert "请写明差异的原因" in act(school, opened, "explain", ids=[key], text="")[1]
    assert "已说明 1 处差异" in act(school, opened, "explain", ids=[key], text="校外活动，自带午餐")[1]
    assert "等待教育局另一人审核" in act(school, opened, "sign")[1]
    assert "已退回学校" in act(office, opened, "return", text="请核对")[1]
    assert "审核退回" in school.get(reverse("nutrition-month", args=[SCHOOL, opened])).content.decode()
    act(school, opened, "sign")
    assert "已结账" in act(leader, opened, "close")[1]
    assert "不能再改" in act(school, opened, "meals", **typed)[1]
    overview = office.get(reverse("nutrition"), {"month": opened}).content.decode()
    assert "1 / 2" in overview
    assert "✓ 已结账" in office.get(reverse("nutrition"), {"view": "matrix"}).content.decode()


def test_meals_by_excel_all_problems_at_once_then_saved(opened: str, browser_of: SignIn) -> None:
    school = browser_of("school")
    sheet = school.get(reverse("nutrition-meals-sheet"), {"month": opened})
    book = openpyxl.load_workbook(BytesIO(sheet.content))
    rows = book.active
    assert rows is not None
    assert {row[0].value for row in rows.iter_rows(min_row=2)} == {SCHOOL}  # its own only

    def upload() -> tuple[int, str]:
        made = BytesIO()
        book.save(made)
        file = SimpleUploadedFile("登记.xlsx", made.getvalue())
        answer = school.post(reverse("nutrition-meals"), {"month": opened, "file": file}, follow=True)
        return answer.status_code, answer.content.decode()

    rows.cell(2, 7, "很多")
    rows.cell(3, 3, "十三年级")
    rows.cell(4, 7, 999_999)
    rows.cell(5, 8, 5)
    rows.cell(5, 7, 6)
    status, page = upload()
    assert status == 422
    for part in ("第2行“就餐人次”", "第3行“年级”", "各日之和 5"):
        assert part in page, part
    rows.cell(2, 7, 90)
    rows.cell(3, 3, "二年级")
    rows.cell(5, 7).value = None
    status, page = upload()
    assert "第4行 三年级1班" in page
    assert "多写了一位" in page
    rows.cell(4, 7, 91)
    status, page = upload()
    assert "3 个班有变化" in page
    assert AccountClass.objects.get(account__school_code=SCHOOL, grade="4").by_day


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html></html>", "姓名\n甲".encode()])
def test_a_file_that_is_no_such_sheet_is_refused_in_words(
    opened: str, browser_of: SignIn, content: bytes
) -> None:
    for name in ("nutrition-meals", "nutrition-deliveries-upload"):
        answer = browser_of("school").post(
            reverse(name), {"month": opened, "file": SimpleUploadedFile("x.xlsx", content)}
        )
        assert answer.status_code == 422
        assert "什么也没有保存" in answer.content.decode()


def test_daily_entry_goes_on_to_the_next_day(opened: str, browser_of: SignIn) -> None:
    school = browser_of("school")
    address = reverse("nutrition-day", args=[SCHOOL, opened])
    days = programme.serving_days(COUNTY, month(), SCHOOL)
    row = AccountClass.objects.filter(account__school_code=SCHOOL, grade="1").get()
    answer = school.post(address, {"day": days[0].isoformat(), f"eaten-{row.pk}": "9"})
    assert answer.headers["Location"].endswith(f"day={days[1]}")
    row.refresh_from_db()
    assert row.eaten == 9
    assert (
        "应为不小于 0 的整数"
        in school.post(address, {"day": days[0].isoformat(), f"eaten-{row.pk}": "-1"}).content.decode()
    )


def a_supplier(office: Client) -> Supplier:
    office.post(
        reverse("nutrition-supplier-new"),
        {
            "name": "演示配餐",
            "goods": "营养餐",
            "licence": "演示1",
            "licence_until": "2099-01-01",
            "phone": "13912345678",
        },
    )
    return Supplier.objects.get(name="演示配餐")


def test_suppliers_are_entered_completely_and_phones_masked(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    refused = office.post(reverse("nutrition-supplier-new"), {"name": "", "credit_code": "123"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert all(part in page for part in ("单位名称", "许可证有效期", "18 位"))
    one = a_supplier(office)
    page = office.get(reverse("nutrition-supplier", args=[one.pk])).content.decode()
    assert "13912345678" not in page
    assert "139******78" in page
    assert "演示配餐" in office.get(reverse("nutrition-suppliers")).content.decode()
    assert browser_of("school").post(reverse("nutrition-supplier-new"), {"name": "x"}).status_code == 422


def test_a_delivery_is_accepted_by_the_school_and_a_teacher(opened: str, browser_of: SignIn) -> None:
    school, teacher = browser_of("school"), browser_of("teacher")
    of = a_supplier(browser_of("office"))
    day = programme.serving_days(COUNTY, month(), SCHOOL)[0]
    whole = {
        "school": SCHOOL, "supplier": str(of.pk), "day": str(day), "goods": "午餐", "quantity": "60", "unit": "份",
        "yuan": "300.5", "meals": "60", "temperature": "65",
    }  # fmt: skip
    assert (
        school.post(reverse("nutrition-deliveries"), whole | {"yuan": "三百", "goods": ""}).status_code == 422
    )
    school.post(reverse("nutrition-deliveries"), whole)
    one = Delivery.objects.get()
    assert one.fen == 30_050
    address = reverse("nutrition-delivery-change", args=[one.pk, "inspect"])
    school.post(address)
    assert teacher.get(reverse("nutrition-delivery", args=[one.pk])).status_code == 200
    assert (
        "两人已验收"
        in teacher.post(
            reverse("nutrition-delivery-change", args=[one.pk, "accept"]), follow=True
        ).content.decode()
    )
    listed = browser_of("office").get(reverse("nutrition-deliveries")).content.decode()
    assert "午餐" in listed
    assert browser_of("township").get(reverse("nutrition-delivery", args=[one.pk])).status_code in (200, 404)
    assert teacher.get(reverse("nutrition-deliveries")).status_code == 403
    why = school.get(reverse("nutrition-why", args=[SCHOOL, opened, "spent"])).content.decode()
    assert "300.5" in why


def test_deliveries_by_excel(opened: str, browser_of: SignIn) -> None:
    school, office = browser_of("school"), browser_of("office")
    a_supplier(office)
    book = openpyxl.load_workbook(BytesIO(school.get(reverse("nutrition-deliveries-sheet")).content))
    sheet = book["到货登记"]
    day = programme.serving_days(COUNTY, month(), SCHOOL)[0]
    sheet.append(["", str(day), "演示配餐", "鲜奶", 10, "箱", 250, 100, "票1", 4])
    sheet.append(["", "10.8", "没有的单位", "", "十", "箱", 1.005, "", "", ""])

    def upload() -> tuple[int, str]:
        made = BytesIO()
        book.save(made)
        answer = school.post(
            reverse("nutrition-deliveries-upload"),
            {"file": SimpleUploadedFile("到货.xlsx", made.getvalue())},
            follow=True,
        )
        return answer.status_code, answer.content.decode()

    status, page = upload()
    assert status == 422
    for heading in ("日期", "供应单位", "品名", "数量", "金额（元）"):
        assert f"第3行“{heading}”" in page, heading
    assert not Delivery.objects.exists()
    sheet.delete_rows(3)
    assert "已登记 1 批到货" in upload()[1]
    assert Delivery.objects.get().school_code == SCHOOL


def test_a_complaint_from_the_school_to_the_second_person(opened: str, browser_of: SignIn) -> None:
    school, office, leader = browser_of("school"), browser_of("office"), browser_of("leader")
    page = school.post(reverse("nutrition-complaints"), {"school": SCHOOL, "text": ""}).content.decode()
    assert "请填写反映的内容" in page
    school.post(
        reverse("nutrition-complaints"),
        {
            "school": SCHOOL,
            "received_on": str(localdate()),
            "way": "phone",
            "topic": "quality",
            "text": "夹生",
            "person": "张三丰",
        },
    )
    one = Complaint.objects.get()

    def act(client: Client, action: str, text: str = "") -> str:
        answer = client.post(
            reverse("nutrition-complaint-change", args=[one.pk, action]), {"text": text}, follow=True
        )
        return str(answer.content.decode())

    page = office.get(reverse("nutrition-complaint", args=[one.pk])).content.decode()
    assert "张三丰" not in page
    assert "张**" in page
    assert "已答复" in act(office, "answer", "已约谈食堂负责人")
    assert "另一人办结" in act(office, "close")
    assert "已办结" in act(leader, "close")
    assert "夹生" in office.get(reverse("nutrition-complaints")).content.decode()
    assert browser_of("township").get(reverse("nutrition-complaint", args=[one.pk])).status_code in (200, 404)


def test_a_price_of_the_county_waits_for_a_second_person(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    assert "资金来源" in settings(office, "price", yuan="5.5", since="2026-09-01", document="演示文件")
    settings(office, "price", yuan="5.5", since="2026-09-01", source="县级", document="演示文件")
    own = Price.objects.get()
    assert "另一人" in settings(office, "confirm", price=own.pk)
    assert "标准已确认" in settings(browser_of("leader"), "confirm", price=own.pk)
    assert "以内" in settings(office, "days", first="2026-01-01", last="2026-12-31", reason="停课")
    assert "已登记 2 天" in settings(office, "days", first="2026-10-08", last="2026-10-09", reason="停课")


@pytest.mark.parametrize("kind", ["due", "attended", "eaten", "spent", "price"])
def test_every_figure_says_why(opened: str, browser_of: SignIn, kind: str) -> None:
    for school in ("all", SCHOOL):
        answer = browser_of("office").get(reverse("nutrition-why", args=[school, opened, kind]))
        assert answer.status_code == 200
    assert (
        browser_of("school").get(reverse("nutrition-why", args=["2164990003", opened, "due"])).status_code
        == 404
    )


def test_another_schools_account_is_not_there(opened: str, browser_of: SignIn) -> None:
    for address in ("nutrition-month", "nutrition-day"):
        assert browser_of("school").get(reverse(address, args=["2164990003", opened])).status_code == 404
    assert browser_of("office").get(reverse("nutrition-month", args=[SCHOOL, "2026-13"])).status_code == 404


def test_the_month_of_all_schools_needs_few_queries(
    opened: str, browser_of: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    office = browser_of("office")
    with django_assert_max_num_queries(45):
        assert office.get(reverse("nutrition")).status_code == 200
    exported = office.get(reverse("nutrition"), {"month": opened, "format": "xlsx"})
    assert exported.headers["Content-Type"].startswith("application/vnd")
