"""Plans as people walk through them: from a document to a published plan by keyboard; a unit reports, another person closes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
TEXT = """清河县人民政府办公室关于印发《清河县义务教育提升行动方案（2026—2028年）》的通知
清政办发〔2026〕15号
各乡镇人民政府，县直有关部门：
《清河县义务教育提升行动方案（2026—2028年）》已经县政府同意，现印发给你们，请认真贯彻落实。
清河县人民政府办公室
2026年3月5日
清河县义务教育提升行动方案（2026—2028年）
一、工作目标
到2028年，全县九年义务教育巩固率达到97%以上，小学大班额比例控制在2%以内，骨干教师占比达到20%以上。
二、重点任务
（一）消除大班额
1.扩大城镇学位供给。2027年底前新建小学2所，新增学位3600个，投资8500万元。
（责任单位：教育体育局、发展和改革局、财政局）
2.规范招生秩序。每年8月底前公布招生范围，每学期督查两次。
（责任单位：教育体育局）
"""


def test_a_clerk_reads_confirms_and_publishes_a_plan_by_keyboard(signed_in: Enter, tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(TEXT, encoding="utf-8")
    page = signed_in("basic")
    page.goto("/plans/new/")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="上传").first.click()
    page.get_by_role("link", name="核对条目").first.click()
    expect(page.get_by_text("已核对 0 /")).to_be_visible()
    page.get_by_role("button", name="确认全部无疑义项").click()
    expect(page.get_by_role("button", name="确认全部无疑义项")).to_have_count(0)
    for _ in range(200):
        if page.get_by_text("全部条目已核对").count():
            break
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_timeout(400)
    expect(page.get_by_text("全部条目已核对")).to_be_visible()
    page.get_by_role("link", name="预览并发布").click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布").first).to_be_visible()
    page.goto("/board/")
    expect(page.get_by_text("扩大城镇学位供给").first).to_be_visible()


def test_a_unit_signs_and_answers_a_slip_and_an_inspector_closes_it(signed_in: Enter) -> None:
    office = signed_in("basic")
    office.goto("/slips/new/")
    office.select_option("#organisation", label="财政局")
    office.fill("#title", "拨付教育基金")
    office.fill("#requirement", "月底前足额注入")
    office.get_by_role("button", name="存为拟稿").click()
    office.get_by_role("button", name="发出").click()
    expect(office.get_by_text("已发出，待签收").first).to_be_visible()
    address = office.url
    finance = signed_in("finance", 390, 844)
    finance.goto(address)
    finance.get_by_role("button", name="签收").click()
    finance.fill("#answer", "已拨付")
    finance.get_by_role("button", name="反馈").click()
    expect(finance.get_by_text("已反馈，待复核").first).to_be_visible()
    inspector = signed_in("inspector")
    inspector.goto(address)
    inspector.get_by_role("button", name="复核销号").click()
    expect(inspector.get_by_text("已销号").first).to_be_visible()


def test_a_target_opens_to_its_source(signed_in: Enter) -> None:
    page = signed_in("leader")
    page.goto("/targets/2/")
    expect(page.get_by_text("文件原文")).to_be_visible()
    page.get_by_role("link", name="看原文").click()
    expect(page.locator("main")).to_contain_text("巩固率")
