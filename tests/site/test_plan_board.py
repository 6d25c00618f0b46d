"""看板、任务清单、应办的页面: every role, filters, files out and back, changes by others meanwhile."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans import duty_actions, task_actions, task_sheet
from bureau.plans.duty_models import Duty, DutyEvent
from bureau.plans.models import Plan, Task, TaskEvent
from plan_rows import published_plan, unit
from site_rows import NOW, TODAY

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]
SEEING = ("leader", "office", "inspector", "auditor", "unit", "township", "school")


@pytest.fixture
def plan(cast: dict[str, User]) -> Plan:
    return published_plan(cast["office"])


@pytest.mark.parametrize("role", SEEING)
def test_every_page_opens_for_who_sees_plans(plan: Plan, browser_of: Signed, role: str) -> None:
    client = browser_of(role)
    task, duty = Task.objects.all()[0], Duty.objects.all()[0]
    for address in ("/board/", "/board/?by=unit", "/board/?by=due", "/board/?by=table", "/duties/", "/duties/?whose=every",
                    f"/plans/{plan.pk}/tasks/", f"/tasks/{task.pk}/", f"/duties/{duty.pk}/", "/targets/", "/desk/"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.content.decode().count("<h1>") == 1, address


def test_who_does_not_see_plans_opens_none(plan: Plan, browser_of: Signed) -> None:
    for address in ("/board/", "/duties/", f"/plans/{plan.pk}/tasks/", "/targets/"):
        assert browser_of("administrator").get(address).status_code == 403


def test_another_countys_plan_is_not_there(cast: dict[str, User], browser_of: Signed) -> None:
    other = published_plan(cast["leader"], title="别县的计划", county="640106")
    task = Task.objects.filter(plan=other)[0]
    duty = Duty.objects.filter(task=task)[0]
    for role in ("inspector", "auditor", "unit", "township", "school"):
        client = browser_of(role)
        for address in (f"/plans/{other.pk}/tasks/", f"/plans/{other.pk}/tasks/list.xlsx", f"/tasks/{task.pk}/", f"/duties/{duty.pk}/"):  # fmt: skip
            assert client.get(address).status_code == 404, (role, address)
        assert "别县的计划" not in client.get("/board/").content.decode()


def test_a_draft_is_no_board(plan: Plan, browser_of: Signed) -> None:
    Plan.objects.update(state="in_review")
    assert "提高普及水平" not in browser_of("leader").get("/board/").content.decode()
    assert browser_of("unit").get(f"/plans/{plan.pk}/tasks/").status_code == 404


def test_the_board_filters_by_unit_plan_and_state(plan: Plan, browser_of: Signed) -> None:
    leader = browser_of("leader")

    def shown(**query: object) -> str:
        return str(leader.get("/board/", query).content.decode())

    assert "加强队伍建设</a>" in shown()
    assert "加强队伍建设</a>" not in shown(unit=unit("财政局").pk)
    assert "保障经费</a>" in shown(unit=unit("财政局").pk)
    assert "没有符合条件的任务" in shown(state="closed")
    assert "加强队伍建设</a>" in shown(plan=plan.pk, by="due")
    assert "2027年到期" in shown(by="due")
    assert "没有符合条件的任务" in shown(plan=0)
    assert "共 2 项" in shown(by="table", unit=unit("财政局").pk)


def test_the_desk_of_a_unit_says_why(plan: Plan, cast: dict[str, User], browser_of: Signed) -> None:
    client = browser_of("unit")
    Duty.objects.filter(task__number=3).update(due=date(2020, 1, 1))
    text = client.get("/duties/").content.decode()
    assert "您代表：财政局" in text
    assert "已超期" in text
    assert "加强队伍建设" not in text
    assert "提高普及水平" in client.get("/duties/", {"whose": "supports"}).content.decode()
    assert "待我复核" not in text
    assert "项本单位应办已超期" in client.get("/desk/").content.decode()
    book = client.get("/duties/", {"format": "xlsx"})
    cells = [cell for row in openpyxl.load_workbook(BytesIO(book.content)).worksheets[0].values for cell in row]  # fmt: skip
    assert "保障经费" in cells
    assert "加强队伍建设" not in cells


def test_a_unit_signs_in_to_its_desk(plan: Plan, browser_of: Signed) -> None:
    answer = browser_of("unit").get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/duties/"


def test_report_and_claim_and_check_by_pages(plan: Plan, cast: dict[str, User], browser_of: Signed) -> None:
    duty = Duty.objects.filter(task__number=3)[0]
    finance, inspector = browser_of("unit"), browser_of("inspector")

    def post(client: Client, action: str, **form: object) -> str:
        answer = client.post(f"/duties/{duty.pk}/{action}/", form, follow=True)
        assert answer.status_code == 200
        return str(answer.content.decode())

    assert "不是 0 到 100 的整数" in post(finance, "report", text="拨了", percent="一半")
    assert "已保存" in post(finance, "report", text="拨付一半", percent="50%")
    proof = SimpleUploadedFile("凭证.pdf", b"%PDF-1.7")
    assert "凭证.pdf" in post(finance, "claim", text="", files=proof)
    assert "复核销号" in post(inspector, "close", text="属实")
    duty.refresh_from_db()
    assert duty.state == "closed"
    file = DutyEvent.objects.get(duty=duty, what="claim").files.get()
    assert inspector.get(f"/duties/files/{file.pk}/").content == b"%PDF-1.7"
    assert Entry.objects.filter(kind="duty_file", verb="view").count() == 1
    assert inspector.post(f"/duties/{duty.pk}/explode/").status_code == 404


def test_bulk_shows_first_and_then_does_all_or_none(plan: Plan, browser_of: Signed) -> None:
    ids = [str(pk) for pk in Duty.objects.filter(task__number=3).values_list("pk", flat=True)]
    finance = browser_of("unit")
    form = finance.post("/duties/selected/claim/", {"ids": ids}).content.decode()
    assert "将作用于下面 2 项" in form
    assert not Duty.objects.filter(state="claimed").exists()
    finance.post("/duties/selected/claim/", {"ids": ids, "do": "1", "text": "两季资金均已拨付"})
    assert Duty.objects.filter(state="claimed").count() == 2
    refused = finance.post("/duties/selected/close/", {"ids": ids})
    assert "不能复核任务完成" in refused.content.decode()
    browser_of("inspector").post("/duties/selected/close/", {"ids": ids, "do": "1"})
    assert Duty.objects.filter(state="closed").count() == 2


def test_a_task_is_changed_with_who_when_and_why(
    plan: Plan, cast: dict[str, User], browser_of: Signed
) -> None:
    task, office = Task.objects.get(number=2), browser_of("office")
    form = {"leads": [unit("人事科").pk], "supports": [unit("财政局").pk], "person": "演示·科长", "due": "2026-12-31", "frequency": ""}  # fmt: skip
    text = office.post(f"/tasks/{task.pk}/change/", form, follow=True).content.decode()
    assert "请写明为什么改" in text
    assert not TaskEvent.objects.exists()
    text = office.post(
        f"/tasks/{task.pk}/change/", {**form, "reason": "分工调整"}, follow=True
    ).content.decode()
    assert "分工调整" in text
    assert "教育体育局" in text
    task.refresh_from_db()
    assert task.due == date(2026, 12, 31)
    assert Duty.objects.get(task=task).due == date(2026, 12, 31)
    event = TaskEvent.objects.get()
    assert event.changes["leads"] == ["教育体育局", "人事科"]
    both = {**form, "supports": form["leads"], "reason": "错"}
    assert "既是牵头又是配合" in office.post(f"/tasks/{task.pk}/change/", both, follow=True).content.decode()
    refused = browser_of("unit").post(f"/tasks/{task.pk}/change/", {**form, "reason": "越权"}, follow=True)
    assert "不能上传和核对计划文件" in refused.content.decode()


def test_a_new_frequency_opens_new_periods(plan: Plan, cast: dict[str, User]) -> None:
    task = Task.objects.get(number=2)
    task_actions.change(
        changes={task.pk: {"frequency": "1y"}}, reason="文件要求每年", by=cast["office"], at=NOW, today=TODAY
    )
    assert sorted(Duty.objects.filter(task=task).values_list("period", flat=True)) == ["2026年", "2027年"]


def edited(content: bytes, changes: dict[tuple[int, str], str]) -> bytes:
    """The workbook with cells of (row of the list, heading) changed."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    headings = {cell.value: cell.column for cell in sheet[3]}
    for (number, heading), value in changes.items():
        sheet.cell(3 + number, headings[heading]).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_list_goes_out_and_comes_back(plan: Plan, cast: dict[str, User], browser_of: Signed) -> None:
    office = browser_of("office")
    content = office.get(f"/plans/{plan.pk}/tasks/list.xlsx").content
    assert office.get(f"/plans/{plan.pk}/tasks/list.docx", {"kind": "责任清单"}).content[:2] == b"PK"
    same = task_sheet.review(plan, content, "清单.xlsx")
    assert (same.differences, same.problems) == ((), ())
    changed = edited(content, {(1, "责任人"): "演示·局长", (2, "牵头单位"): "人社局", (3, "完成时限"): "2027-11-30", (1, "进展"): "已化解两个班"})  # fmt: skip
    found = task_sheet.review(plan, changed, "清单.xlsx")
    assert not found.problems
    assert {(one.number, one.heading) for one in found.differences} == {(1, "责任人"), (2, "牵头单位"), (3, "完成时限"), (1, "进展")}  # fmt: skip
    before = Entry.objects.count()
    address = f"/plans/{plan.pk}/tasks/upload/"
    page = office.post(address, {"file": SimpleUploadedFile("清单.xlsx", changed)}).content.decode()
    assert "表中有 4 处改动" in page
    assert Task.objects.get(number=1).person == ""
    office.post(address, {"apply": "1", "reason": "分工会议"}, follow=True)
    assert Task.objects.get(number=1).person == "演示·局长"
    assert [one.name for one in Task.objects.get(number=2).leads.all()] == ["人力资源和社会保障局"]
    assert Task.objects.get(number=3).due == date(2027, 11, 30)
    assert Duty.objects.get(task__number=1).progress == "已化解两个班"
    assert Entry.objects.count() == before + 1


def test_what_changed_meanwhile_is_told_apart(plan: Plan, cast: dict[str, User], browser_of: Signed) -> None:
    office = browser_of("office")
    content = office.get(f"/plans/{plan.pk}/tasks/list.xlsx").content
    first, second = Task.objects.get(number=1), Task.objects.get(number=2)
    task_actions.change(
        changes={first.pk: {"person": "演示·别人"}, second.pk: {"person": "演示·别人"}}, reason="会议", by=cast["leader"],
        at=NOW, today=TODAY,
    )  # fmt: skip
    changed = edited(content, {(1, "责任人"): "演示·局长", (3, "责任人"): "演示·科员"})
    found = {one.number: one for one in task_sheet.review(plan, changed, "清单.xlsx").differences}
    assert (found[1].meanwhile, found[1].stale, found[1].now) == (True, False, "演示·别人")
    assert (found[2].meanwhile, found[2].stale) == (True, True)
    assert (found[3].meanwhile, found[3].stale) == (False, False)
    address = f"/plans/{plan.pk}/tasks/upload/"
    office.post(address, {"file": SimpleUploadedFile("清单.xlsx", changed)})
    office.post(address, {"apply": "1"})
    people = dict(Task.objects.values_list("number", "person"))
    assert people == {1: "演示·别人", 2: "演示·别人", 3: "演示·科员"}
    office.post(address, {"file": SimpleUploadedFile("清单.xlsx", changed)})
    office.post(address, {"apply": "1", "take": f"{first.pk}.person"})
    assert Task.objects.get(number=1).person == "演示·局长"


def test_a_bad_list_is_told_everything_at_once(plan: Plan, cast: dict[str, User], browser_of: Signed) -> None:
    office = browser_of("office")
    content = office.get(f"/plans/{plan.pk}/tasks/list.xlsx").content
    changed = edited(content, {(1, "牵头单位"): "不存在局", (2, "完成时限"): "2027年底前后", (3, "状态"): "差不多"})  # fmt: skip
    problems = task_sheet.review(plan, changed, "清单.xlsx").problems
    assert any("不存在局" in one for one in problems)
    assert any("不是完整的日期" in one for one in problems)
    assert any("差不多" in one for one in problems)
    address = f"/plans/{plan.pk}/tasks/upload/"
    for junk in (b"", b"not a workbook", b"PK\x03\x04 broken", content[:500]):
        answer = office.post(address, {"file": SimpleUploadedFile("清单.xlsx", junk)})
        assert answer.status_code == 200
    assert "没有选择文件" in office.post(address).content.decode()
    assert "没有待保存的改动" in office.post(address, {"apply": "1"}, follow=True).content.decode()
    assert browser_of("unit").get(address).status_code == 403


def test_changes_of_many_tasks_are_all_or_none(plan: Plan, cast: dict[str, User]) -> None:
    first, second = Task.objects.get(number=1), Task.objects.get(number=2)
    with pytest.raises(Refused, match="第 2 项"):
        task_actions.change(
            changes={first.pk: {"person": "演示"}, second.pk: {"title": " "}}, reason="试", by=cast["office"], at=NOW, today=TODAY
        )  # fmt: skip
    assert not Task.objects.exclude(person="").exists()


def test_the_cockpit_shows_targets_and_late_units(plan: Plan, browser_of: Signed) -> None:
    Duty.objects.filter(task__number=3).update(due=date(2020, 1, 1))
    text = browser_of("leader").get("/").content.decode()
    assert "计划落实" in text
    assert "目标已达到" in text
    assert "财政局" in text


def test_a_duty_of_a_withdrawn_plan_is_not_owed(plan: Plan, cast: dict[str, User]) -> None:
    duty_actions.drop_open(plan=plan, reason="计划已撤下", by=cast["leader"], at=NOW)
    assert set(Duty.objects.values_list("state", flat=True)) == {"dropped"}
    Plan.objects.update(state="withdrawn")
    with pytest.raises(Refused):
        duty_actions.resume(duty_ids=[Duty.objects.all()[0].pk], by=cast["leader"], at=NOW)
