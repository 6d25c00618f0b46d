"""Aid through real pages: from the list of the missed to a child's file and letter, a county clause by version, and a household's card."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]


def test_from_the_list_to_the_childs_letter(signed_in: Enter) -> None:
    """A child on the list opens to its file: clause, reason, source, and the letter as a file."""
    page = signed_in("aid")
    page.goto("/aid/?list=all")
    page.locator("table.sheet tbody a[href*='/aid/children/']").first.click()
    expect(page.locator("h1")).to_contain_text("的资助档案")
    expect(page.get_by_text("什么会改变").first).to_be_visible()
    with page.expect_download() as letter:
        page.get_by_role("link", name="决定告知书（Word）").click()
    assert letter.value.suggested_filename.startswith("资助决定告知书-")


def test_a_version_says_what_it_changes_for_whom(signed_in: Enter) -> None:
    page = signed_in("leader")
    page.goto("/aid/clauses/versions/")
    page.get_by_role("link", name="第 2 版").first.click()
    expect(page.get_by_text("检查通过")).to_be_visible()
    expect(page.get_by_role("heading", name="与第 1 版相比")).to_be_visible()
    page.get_by_label("与哪一版比较").select_option("0")
    page.get_by_role("button", name="比较").click()
    expect(page.get_by_role("heading", name="与随系统发布的条款相比")).to_be_visible()


def test_a_printed_card_opens_for_those_allowed_only(signed_in: Enter) -> None:
    """Cards of one class come as a file; the code on one leads the office to the child and a stranger to nothing."""
    page = signed_in("primary")
    page.goto("/aid/cards/")
    with page.expect_download() as sheet:
        page.get_by_role("button", name="生成卡片（PDF）").click()
    assert sheet.value.suggested_filename.endswith(".pdf")
    stranger = signed_in("auditor")
    stranger.goto("/phone/c/ABCDEFGHJKMNPQRS/")
    expect(stranger.get_by_text("这里不显示任何学生信息")).to_be_visible()
