"""督办的页面 as their users use them: drafting, issuing, signing, answering, checking, late and postponed, and the calendar."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bureau.people.models import Organisation, User
from bureau.plans.duty_models import Duty
from bureau.plans.target_models import Target
from bureau.supervision.models import Inspection, Slip
from bureau.workdays.models import SpecialDay
from plan_rows import published_plan
from site_rows import COUNTY

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def unit(name: str) -> str:
    return str(Organisation.objects.get(county_code=COUNTY, name=name).pk)


def typed(**changes: object) -> dict[str, object]:
    whole = {
        "kind": "supervision", "level": "urgent", "title": "拨付教育基金", "requirement": "月底前足额注入",
        "organisation": unit("财政局"), "working_days": "5", "supports": [unit("妇联")], "basis": "", "finding": "",
    }  # fmt: skip
    return whole | changes


def drafted(office: Client, **changes: object) -> Slip:
    answer = office.post(reverse("slip-new"), typed(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return Slip.objects.latest("id")


def step(client: Client, slip: Slip, action: str, **posted: object) -> str:
    answer = client.post(reverse("slip-change", args=[slip.pk, action]), posted, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_slip_from_the_bureau_to_the_unit_and_back(county: str, browser_of: SignIn) -> None:
    office, finance, inspector = browser_of("office"), browser_of("unit"), browser_of("inspector")
    slip = drafted(office)
    assert finance.get(reverse("slip", args=[slip.pk])).status_code == 404  # a draft is the bureau's own
    assert "已发出" in step(office, slip, "issue")
    page = finance.get(reverse("slip", args=[slip.pk])).content.decode()
    assert "签收" in page
    assert "假定" in page  # nobody has confirmed the calendar
    assert "已签收" in step(finance, slip, "receive")
    file = SimpleUploadedFile("凭证.pdf", b"%PDF-1.4")
    assert "请另一人复核" in step(finance, slip, "answer", text="已拨付 1000 万元", files=file)
    page = inspector.get(reverse("slip", args=[slip.pk])).content.decode()
    assert "凭证.pdf" in page
    assert "已销号" in step(inspector, slip, "confirm", text="凭证属实")
    slip.refresh_from_db()
    assert slip.state == "closed"
    listed = office.get(reverse("slips"), {"view": "closed"}).content.decode()
    assert "拨付教育基金" in listed


def test_all_that_is_missing_is_said_and_what_was_typed_stays(county: str, browser_of: SignIn) -> None:
    answer = browser_of("office").post(reverse("slip-new"), typed(organisation="", working_days="五天"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择承办单位" in page
    assert "1 到 250 个工作日" in page
    assert "月底前足额注入" in page
    assert not Slip.objects.exists()


def test_a_file_of_an_answer_opens_for_those_who_see_the_slip(county: str, browser_of: SignIn) -> None:
    office, finance = browser_of("office"), browser_of("unit")
    slip = drafted(office)
    step(office, slip, "issue")
    step(finance, slip, "receive")
    step(finance, slip, "answer", text="已拨付", files=SimpleUploadedFile("凭证.pdf", b"%PDF-1.4 x"))
    one = slip.events.get(what="answer").files.get()
    address = reverse("slip-file", args=[slip.pk, one.pk])
    assert finance.get(address).content == b"%PDF-1.4 x"
    assert browser_of("school").get(address).status_code == 404


def test_an_extension_is_asked_and_decided_on_the_page(county: str, browser_of: SignIn) -> None:
    office, finance = browser_of("office"), browser_of("unit")
    slip = drafted(office)
    step(office, slip, "issue")
    step(finance, slip, "receive")
    later = localdate() + timedelta(days=40)
    assert "等待答复" in step(finance, slip, "extend", text="资金在途", new_due=later.isoformat())
    assert "不同意须写明原因" in step(office, slip, "deny", text="")
    assert "已同意延期" in step(office, slip, "grant", text="")
    slip.refresh_from_db()
    assert slip.due == later


def test_an_inspection_with_two_findings_is_reported_at_once(county: str, browser_of: SignIn) -> None:
    inspector = browser_of("inspector")
    today = localdate().isoformat()
    whole = {"title": "秋季督查", "basis": "", "starts": today, "ends": today, "team": "甲、乙"}
    assert inspector.post(reverse("inspections"), whole | {"team": ""}).status_code == 422
    inspector.post(reverse("inspections"), whole)
    visit = Inspection.objects.get()
    address = reverse("inspection", args=[visit.pk])
    lines = {
        "organisation": [unit("财政局"), unit("妇联"), ""],
        "title": ["基金", "关爱", ""],
        "problem": ["未按时拨付", "", ""],
        "requirement": ["月底前拨付", "月底前到位", ""],
        "working_days": ["10", "10", "15"],
    }
    answer = inspector.post(address, lines)
    assert answer.status_code == 422
    assert "第 2 个问题：整改通知书须写明发现的问题" in answer.content.decode()
    assert "未按时拨付" in answer.content.decode()
    inspector.post(address, lines | {"problem": ["未按时拨付", "没有台账", ""]})
    page = inspector.post(reverse("inspection-report", args=[visit.pk]), follow=True).content.decode()
    assert "发出整改通知书 2 份" in page
    assert f"整〔{localdate().year}〕2号" in page


def test_the_calendar_is_entered_loaded_exported_changed_in_excel_and_confirmed(
    county: str, browser_of: SignIn
) -> None:
    office = browser_of("office")
    page = reverse("workdays")

    def post(action: str, **posted: object) -> str:
        return str(
            office.post(reverse("workdays-change", args=[2026, action]), posted, follow=True).content.decode()
        )

    assert "本来就休息" in post("set", day="2026-10-03", working="0", name="国庆", source="通知")
    assert "工作日历已保存" in post("load")
    book = openpyxl.load_workbook(BytesIO(office.get(page, {"year": 2026, "format": "xlsx"}).content))
    sheet = book.active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["2026-10-01", "休息", "国庆节", "随包数据，待确认"] in rows
    sheet.append(["2026-11-20", "休息", "演示假日", "演示通知"])
    sheet.append(["2026-11-20", "放假", "演示假日", "演示通知"])
    changed = BytesIO()
    book.save(changed)
    said = post("upload", file=SimpleUploadedFile("日历.xlsx", changed.getvalue()))
    assert "重复" in said
    assert "应为“上班”或“休息”" in said
    sheet.delete_rows(sheet.max_row)
    changed = BytesIO()
    book.save(changed)
    assert "改动 1 天" in post("upload", file=SimpleUploadedFile("日历.xlsx", changed.getvalue()))
    assert SpecialDay.objects.get(day=date(2026, 11, 20)).name == "演示假日"
    assert "请填写放假通知" in post("confirm", notice="")
    assert "依据“演示通知”确认" in post("confirm", notice="演示通知")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html></html>", "姓名\n甲".encode()])
def test_a_file_that_is_no_calendar_is_refused_in_words(
    county: str, browser_of: SignIn, content: bytes
) -> None:
    answer = browser_of("office").post(
        reverse("workdays-change", args=[2026, "upload"]),
        {"file": SimpleUploadedFile("x.xlsx", content)},
        follow=True,
    )
    assert answer.status_code == 200
    assert "alert-danger" in answer.content.decode()
    assert not SpecialDay.objects.exists()


def test_escalation_is_assumed_until_saved(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    assert "假定" in office.get(reverse("escalation")).content.decode()
    rules = {"title1": "提醒", "days1": "2", "automatic1": "on", "title2": "约谈", "days2": "2"}
    said = office.post(reverse("escalation"), rules, follow=True).content.decode()
    assert "应大于上一级" in said
    said = office.post(reverse("escalation"), rules | {"days2": "9"}, follow=True).content.decode()
    assert "假定" not in said
    assert browser_of("unit").post(reverse("escalation"), rules).status_code == 403


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK"), ("pdf", b"%PDF")])
@pytest.mark.parametrize("kind", ["supervision", "rectification"])
def test_a_slip_as_a_document_once_it_is_issued(
    county: str, browser_of: SignIn, kind: str, form: str, begins: bytes
) -> None:
    office = browser_of("office")
    slip = drafted(office, kind=kind, finding="账目不清")
    address = reverse("slip-document", args=[slip.pk, form])
    assert office.get(address).status_code == 404
    step(office, slip, "issue")
    answer = browser_of("unit").get(address)
    assert answer.content.startswith(begins)
    assert browser_of("school").get(address).status_code == 404


@pytest.mark.parametrize("role", ["school", "township", "auditor", "unit", "inspector"])
@pytest.mark.parametrize("view", ["open", "late", "answered", "all"])
def test_everybody_who_sees_plans_may_open_the_list(
    county: str, browser_of: SignIn, role: str, view: str
) -> None:
    assert browser_of(role).get(reverse("slips"), {"view": view}).status_code == 200


def test_what_a_unit_owes_and_what_waits_for_a_check_are_on_the_desk(county: str, browser_of: SignIn) -> None:
    office, finance, inspector = browser_of("office"), browser_of("unit"), browser_of("inspector")
    slip = drafted(office)
    step(office, slip, "issue")
    assert "拨付教育基金" in finance.get(reverse("duties")).content.decode()
    step(finance, slip, "receive")
    step(finance, slip, "answer", text="已拨付")
    assert "张督办单待我复核" in inspector.get(reverse("home")).content.decode()
    assert "张督办单" not in browser_of("school").get(reverse("home")).content.decode()


def test_a_slip_drafted_from_a_late_duty_and_from_a_target_names_them(
    county: str, browser_of: SignIn, cast: dict[str, User]
) -> None:
    plan = published_plan(cast["office"])
    duty, target = Duty.objects.filter(task__plan=plan)[0], Target.objects.filter(plan=plan)[0]
    office = browser_of("office")
    page = office.get(reverse("slip-new"), {"duty": duty.pk}).content.decode()
    assert duty.task.title in page
    slip = drafted(office, duty=str(duty.pk))
    step(office, slip, "issue")
    page = office.get(reverse("duty", args=[duty.pk])).content.decode()
    assert f"督〔{localdate().year}〕1号" in page
    page = office.get(reverse("slip-new"), {"target": target.pk}).content.decode()
    assert target.indicator in page
