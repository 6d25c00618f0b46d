"""Meals and roll calls through real pages: a stranger's complaint and its answer; a class called on a phone in a few touches."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def test_a_parent_complains_the_school_answers_the_bureau_settles(
    chromium: Browser, signed_in: Callable[..., Page]
) -> None:
    office = signed_in("aid")
    base = office.url.split("/", 3)
    stranger = chromium.new_context(
        viewport={"width": 390, "height": 844}, base_url="/".join(base[:3])
    ).new_page()
    stranger.goto("/account/login/")
    stranger.click("text=反映学生用餐的问题")
    stranger.select_option("#school", index=1)
    stranger.select_option("#topic", "quality")
    stranger.fill("#text", "演示：周三午餐的米饭夹生，已有两次")
    stranger.click("form:has(#text) button")
    number = stranger.inner_text(".sums strong")

    office.goto(f"/nutrition/complaints/?q={number.replace(' ', '')}")
    address = office.get_attribute("tbody tr[data-address]", "data-address")
    assert address
    office.goto(address)
    office.fill("#answer", "演示：已更换蒸箱，班主任陪餐一周")
    office.click("button:has-text('答复')")
    expect(office.locator("body")).to_contain_text("已更换蒸箱")
    other = signed_in("leader")
    other.goto(office.url)
    other.click("button:has-text('办结')")
    expect(other.locator("body")).to_contain_text("已办结")

    stranger.goto("/public/meals/")
    stranger.fill("#number", number)
    stranger.click("form:has(#number) button")
    expect(stranger.locator("#found")).to_contain_text("已更换蒸箱")
    stranger.context.close()


def test_only_the_absent_are_named_on_a_phone(signed_in: Callable[..., Page]) -> None:
    page = signed_in("primary", 390, 844)
    page.goto("/attendance/")
    address = page.evaluate(
        "[...document.querySelectorAll('a')].map(a => a.getAttribute('href')).find(h => /^.attendance.\\d{10}./.test(h || ''))"
    )
    page.goto(address)
    second = page.locator(".pupil").nth(1)
    # One line each until touched.
    expect(page.locator("#roll.quick")).to_be_visible()
    expect(second.get_by_text("病假")).to_be_hidden()
    second.locator("legend").click()
    second.get_by_text("病假").click()
    expect(page.locator("#count")).to_contain_text("缺勤 1 人")
    last = page.locator(".pupil legend").last.inner_text()
    page.fill("#find", last)
    expect(page.locator(".pupil:visible")).to_have_count(page.locator(f".pupil[data-find^='{last}']").count())
    page.keyboard.press("Enter")
    page.keyboard.press("5")
    expect(page.locator("#count")).to_contain_text("迟到早退 1 人")
    if page.locator("#correction").count():
        page.fill("#correction", "演示：补登")
    page.click(".roll-bar button")
    expect(page.locator("body")).to_contain_text("缺勤 1 人，迟到早退 1 人")
