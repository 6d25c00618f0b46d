"""A few journeys as each role walks them, in real Chromium on the small county."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conftest import Site

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]


def upload(page: Page, path: Path, day: str) -> None:
    page.goto("/imports/new/")
    page.set_input_files("#files", str(path))
    page.fill("#day", day)
    page.get_by_role("button", name="上传并检查").click()


def exercise(site: Site, number: int) -> Path:
    return next((site.data / "exercises").glob(f"{number}-*"))


def results(page: Page, of: str = "") -> int:
    """How many runs the list shows as done, of a day."""
    rows = page.locator("main tbody tr").filter(has_text="完成").filter(has_text=of)
    return rows.count()


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again and again, as somebody does who waits for the worker."""
    for _ in range(240):
        if holds():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


def test_a_clerk_sees_every_mistake_in_its_cell(signed_in: Enter, site: Site) -> None:
    page = signed_in("basic")
    upload(page, exercise(site, 2), "2025-10-15")
    page.get_by_role("link", name="逐行查看问题").click()
    expect(page.get_by_text("校验码").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Traceback")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载带批注的工作簿").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")


def test_a_clerk_corrects_commits_sees_the_verdict_change_and_undoes(signed_in: Enter, site: Site) -> None:
    page = signed_in("basic")
    upload(page, exercise(site, 1), "2025-10-15")
    page.get_by_role("button", name="提交到登记册").click()
    expect(page.get_by_text("登记册已更新")).to_be_visible()
    page.goto("/runs/")
    until(page, lambda: results(page, "2025-10-15") > 0 and page.locator(".progress").count() == 0)
    page.goto("/?on=2025-10-15")
    changed = page.locator("main").inner_text()
    page.goto("/?on=2025-09-20")
    assert page.locator("main").inner_text() != changed
    page.goto("/imports/")
    page.get_by_role("link", name="1-正确的更新").first.click()
    page.get_by_role("button", name="撤销这次导入").click()
    page.fill("#undo-reason", "练习结束")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("登记册已恢复到这次导入之前")).to_be_visible()


def test_a_broken_file_is_refused_in_a_sentence(signed_in: Enter, site: Site) -> None:
    page = signed_in("basic")
    for number in (4, 5):
        upload(page, exercise(site, number), "2025-10-15")
        expect(page.locator(".alert-danger, .alert-warning").first).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Error")


def test_a_leader_asks_a_figure_why(signed_in: Enter) -> None:
    page = signed_in("leader")
    page.goto("/indicators/")
    page.locator("main a[hx-get]").first.click()
    panel = page.locator(".offcanvas.show, [aria-label*=为什么], #why").first
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("教督〔2017〕6号")


def test_a_clerk_asks_for_a_run_and_the_worker_makes_it(signed_in: Enter) -> None:
    page = signed_in("basic")
    page.goto("/runs/")
    until(page, lambda: page.locator(".progress").count() == 0)
    before = results(page)
    page.get_by_role("button", name="发起测算").click()
    expect(page.get_by_text("已排队测算")).to_be_visible()
    until(page, lambda: results(page) > before)


def test_what_if_follows_without_saving(signed_in: Enter) -> None:
    page = signed_in("leader")
    page.goto("/what-if/")
    cell = page.locator("main input[type=text], main input[type=number], main input[inputmode]").nth(2)
    with page.expect_response(lambda answer: "what-if/compute" in answer.url) as waiting:
        cell.fill("99999")
        cell.press("Tab")
    assert waiting.value.ok


def test_a_school_sees_itself_and_nobody_else(signed_in: Enter) -> None:
    page = signed_in("primary")
    page.goto("/schools/2164990001/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("甲小学")
    answer = page.goto("/schools/2164990002/")
    assert answer is not None
    assert answer.status in (403, 404)
    page.goto("/students/")
    expect(page.locator("main")).not_to_contain_text("乙小学")


def test_the_administrator_sees_no_children(signed_in: Enter) -> None:
    page = signed_in("administrator")
    answer = page.goto("/students/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("link", name="学生")).to_have_count(0)
