"""Money as its people move it: a list is judged, published and read without an account; a batch is approved by another and answered by the bank.

The two halves are of two rounds: a publication lasts its working days and the served site has only today, so the way from a publication
that is over to a batch (`keep_up`) is proven by the tests of the site's actions; here the batch takes what an earlier publication cleared.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, Page, expect

from conftest import Site

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
FUND = "学生资助专项资金"


def test_a_list_is_judged_twice_and_published_to_everybody(
    chromium: Browser, site: Site, signed_in: Enter
) -> None:
    office = signed_in("aid")
    office.goto("/awards/new/")
    office.fill("#term", "2026春")
    office.select_option("#clause", "cn.boarder")
    office.fill("#title", "演示·寄宿生补助公示")
    office.select_option("#fund", label=FUND)
    office.get_by_role("button", name="新开").click()
    office.get_by_role("button", name="从应助名单列入").click()
    passed = office.get_by_role("button", name=re.compile("待学校评审的 .* 人全部通过"))
    expect(passed).to_be_visible()
    everybody = office.locator(".figures .value").first.inner_text()
    expect(office.get_by_role("button", name="公示", exact=True)).to_be_disabled()
    address = office.url
    # The children's own school judges first, then the bureau; before that nothing can be published.
    school = signed_in("s3164990007")
    school.goto(address)
    school.get_by_role("button", name=re.compile("全部通过")).click()
    expect(school.get_by_text("待科室评审").first).to_be_visible()
    office.reload()
    office.get_by_role("button", name=re.compile("待科室评审的 .* 人全部通过")).click()
    office.get_by_role("button", name=re.compile("公示 .* 个工作日")).click()
    expect(office.locator("main")).to_contain_text("公示到这一天")

    stranger = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", base_url=site.url
    ).new_page()
    stranger.goto("/public/awards/")
    stranger.get_by_role("link", name="演示·寄宿生补助公示").click()
    expect(stranger.locator("main")).to_contain_text(f"共 {everybody} 人")
    # Names, schools and classes only: no amount and no number of anybody.
    expect(stranger.locator("thead")).to_have_text("姓名学校年级班级")
    assert not re.search(r"\d{6}|元", stranger.locator("tbody").inner_text())
    stranger.fill("#q", "没有这个人")
    stranger.get_by_role("button", name="查找").click()
    expect(stranger.locator("main")).to_contain_text("名单里没有符合的人")
    stranger.context.close()


def held(page: Page) -> tuple[float, float]:
    """元 that the fund's page says are paid and left."""
    page.goto("/funds/")
    page.get_by_role("link", name=FUND).first.click()
    cells = page.locator("section").filter(has_text="结余").first.locator("tr", has_text="合计").locator("td")
    *_, paid, left = (float(words.replace(",", "")) for words in cells.all_inner_texts())
    return paid, left


def answered(bank: bytes, day: str, told: int) -> bytes:
    """What the bank says of so many lines of its file: the first failed, the others were paid."""
    headings, *lines = load_workbook(BytesIO(bank)).active.iter_rows(values_only=True)
    made = Workbook()
    made.active.append(["批次号", "序号", "账号", "金额", "结果", "失败原因", "到账日期"])
    for number, line in enumerate(lines[:told]):
        row = dict(zip(headings, line, strict=True))
        outcome = ["失败", "账户已销户", ""] if number == 0 else ["成功", "", day]
        made.active.append([row[name] for name in ("批次号", "序号", "账号", "金额")] + outcome)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_batch_goes_to_the_bank_after_a_second_person_and_one_payment_fails(
    signed_in: Enter, tmp_path: Path
) -> None:
    office = signed_in("basic")
    paid_before, left_before = held(office)
    office.goto("/batches/new/")
    groups = office.locator("tbody tr").filter(has_text=FUND)
    for box in groups.get_by_role("checkbox").all():
        box.check()
    office.fill("#title", "演示·更正账户后重发")
    office.get_by_role("button", name="制批次").click()
    lines, total = (
        float(words.replace(",", "")) for words in office.locator(".figures .value").all_inner_texts()[:2]
    )
    assert lines >= 2
    office.get_by_role("button", name="报审").click()
    # Who drew it up may not approve it; nor may who judged the list; a third person may.
    expect(office.get_by_role("button", name="审批通过")).to_be_disabled()
    expect(office.locator("main")).to_contain_text("不能审批自己制的批次")
    address = office.url
    judge = signed_in("aid")
    judge.goto(address)
    expect(judge.get_by_role("button", name="审批通过")).to_be_disabled()
    expect(judge.locator("main")).to_contain_text("评审过这些资助的人不能审批发放")
    leader = signed_in("leader")
    leader.goto(address)
    leader.get_by_role("button", name="审批通过").click()
    expect(leader.locator("main")).to_contain_text("已审批")

    office.reload()
    with office.expect_download() as download:
        office.get_by_role("link", name="导出代发文件").click()
    bank = download.value.path().read_bytes()
    office.get_by_role("button", name="登记已送银行").click()
    office.get_by_role("link", name="导入银行回盘").click()
    answer = tmp_path / "回盘.xlsx"
    day = datetime.now(UTC).date().isoformat()
    # An answer that lacks a payment is refused as a whole, with what is wrong.
    for lines_told in (int(lines) - 1, int(lines)):
        answer.write_bytes(answered(bank, day, lines_told))
        office.set_input_files("#file", str(answer))
        office.get_by_role("button", name="上传").click()
        if lines_told < lines:
            expect(office.locator("main")).to_contain_text("什么也没有入库")
            expect(office.locator(".problem-list")).to_contain_text("对不上")
            office.get_by_role("link", name="改好重新上传").click()
    expect(office.locator("main")).to_contain_text("失败 1 笔")
    office.get_by_role("button", name="确认入库").click()
    office.goto(address)
    failed = office.locator("tbody tr[data-address]").filter(has_text="账户已销户")
    expect(failed).to_have_count(1)
    expect(office.locator(".figures")).to_contain_text("发放失败")
    expect(office.get_by_role("link", name="回单 PDF")).to_be_visible()
    # The fund has paid the others, and nothing for the one that failed.
    gone = total - float(failed.locator("td.number").last.inner_text().replace(",", ""))
    paid, left = held(office)
    assert (round(paid - paid_before, 2), round(left_before - left, 2)) == (gone, gone)
