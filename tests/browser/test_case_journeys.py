"""Cases as people work them: a school mends a hazard, the bureau looks, another person closes; a ledger's definition is changed by two."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HAZARD = "演示：东围墙松动"


def counts(page: Page) -> tuple[int, int]:
    """How many hazards the ledger's page says are open, and closed."""
    page.goto("/ledgers/hazards/")
    words = page.locator(".tabs").inner_text()
    told = {view: int(n.replace(",", "")) for view, n in re.findall(r"(未销号|已销号)\s*([\d,]+)", words)}
    return told["未销号"], told["已销号"]


def step(page: Page, title: str) -> Locator:
    """The form of a move that may be made now, open."""
    form = page.locator("details.step-form").filter(has=page.locator("summary", has_text=title))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    return form


def refused(page: Page, title: str) -> Locator:
    """The line of a greyed move: its button, and why not."""
    button = page.get_by_role("button", name=title, exact=True)
    expect(page.locator(".refused li").filter(has=button).locator("button")).to_be_disabled()
    return page.locator(".refused li").filter(has=button)


def test_a_school_mends_a_hazard_and_a_second_person_of_the_bureau_closes_it(
    signed_in: Enter, tmp_path: Path
) -> None:
    proof = tmp_path / "整改验收单.pdf"
    proof.write_bytes(PDF)
    leader = signed_in("leader")
    live, closed = counts(leader)

    school = signed_in("primary")
    school.goto("/my-cases/")
    school.get_by_role("link", name="手工立案").click()
    school.get_by_role("link", name="学校安全隐患台账").click()
    school.fill("#q", "小学")
    school.get_by_role("button", name="查找").click()
    school.locator("form .plain-list a").first.click()
    school.fill("#item", HAZARD)
    school.fill("#text", "演示：值周老师巡查发现")
    school.get_by_role("button", name="立案").click()
    expect(school.locator("h1")).to_contain_text(HAZARD)
    address = school.url
    school.goto("/my-cases/")
    # On the school's desk, with the reason why.
    school.locator("tbody tr").filter(
        has=school.locator(f"a[href='{address[address.index('/cases/') :]}']")
    ).locator("a").first.click()

    # What the next state needs is said at once, and what was typed stays.
    plan = step(school, "定级、定措施")
    plan.get_by_label("部位").fill("东围墙")
    plan.get_by_role("button", name="定级、定措施").click()
    for title in ("种类", "等级", "整改措施", "整改责任人"):
        expect(school.get_by_role("alert")).to_contain_text(title)
    plan = step(school, "定级、定措施")
    expect(plan.get_by_label("部位")).to_have_value("东围墙")
    plan.get_by_label("种类").select_option("校舍")
    plan.get_by_label("等级").select_option("较大")
    plan.get_by_label("整改措施").fill("演示：拉警戒线，三日内拆除重砌")
    plan.get_by_label("整改责任人").fill("演示总务主任")
    plan.get_by_role("button", name="定级、定措施").click()
    expect(school.locator(".timeline")).to_contain_text("已发现 → 整改中")

    report = step(school, "报整改完成")
    report.get_by_label("情况说明").fill("演示：已重砌，监理验收")
    report.get_by_label("证明材料").set_input_files(str(proof))
    report.get_by_role("button", name="报整改完成").click()
    first = school.locator(".timeline li").filter(has_text="报整改完成")
    expect(first).to_contain_text("已重砌")
    expect(first.get_by_role("link", name="整改验收单.pdf")).to_be_visible()
    expect(refused(school, "复查销号")).to_contain_text("“学校”不能复核个案销号")
    assert counts(leader) == (live + 1, closed)

    # Who looked last may not close; another may.
    office = signed_in("basic")
    office.goto(address)
    look = step(office, "登记复查")
    look.get_by_label("复查日期").fill(datetime.now(UTC).date().isoformat())
    look.get_by_label("情况说明").fill("演示：到校看过，墙体牢固")
    look.get_by_role("button", name="登记复查").click()
    expect(refused(office, "复查销号")).to_contain_text("请另一人复核")
    leader.goto(address)
    step(leader, "复查销号").get_by_role("button", name="复查销号").click()
    expect(leader.locator("main")).to_contain_text("复核销号。")
    expect(leader.locator(".timeline")).to_contain_text("已报整改，待复查 → 已销号")
    assert counts(leader) == (live, closed + 1)


def test_a_ledgers_definition_says_every_problem_is_drawn_and_needs_a_second_person(signed_in: Enter) -> None:
    author = signed_in("basic")
    author.goto("/ledger-packs/drills/")
    author.get_by_role("link", name="修改").click()
    text = author.locator("#text")
    right = text.input_value()
    names = re.search(r"\n  - \{name: (\w+), title: ([^,]+), from: \[(\w+)[^\n]*\n", right)
    assert names is not None
    # Two problems in two places: both are said, each with its line, and nothing is saved.
    text.fill(
        right.replace(f"from: [{names[3]}", "from: [nowhere", 1).replace("proof: person", "proof: nobody", 1)
    )
    author.get_by_role("button", name="检查", exact=True).click()
    problems = author.locator("#problems li")
    expect(problems.filter(has_text="nowhere")).to_have_count(1)
    expect(problems.filter(has_text="nobody")).to_have_count(1)
    line = right[: names.start() + 1].count("\n") + 1
    expect(problems.filter(has_text="nowhere")).to_contain_text(f"第{line}行")
    expect(author.locator(".drawing svg")).to_have_count(0)
    text.fill("states: [一\n  - 没有关上")
    author.get_by_role("button", name="检查", exact=True).click()
    expect(author.locator("#problems li").first).to_contain_text("行")

    text.fill(right.replace(names[2], f"{names[2]}（演示）"))
    author.get_by_role("button", name="检查", exact=True).click()
    expect(author.locator(".drawing svg .box")).not_to_have_count(0)
    expect(author.locator(".drawing svg")).to_contain_text(f"{names[2]}（演示）")
    author.fill("#reason", "演示：名称改得明白些")
    author.get_by_role("button", name="检查并存为待核对").click()
    expect(author.get_by_role("button", name="核对通过")).to_be_disabled()

    second = signed_in("leader")
    second.goto("/ledger-packs/drills/")
    expect(second.locator(".difference")).to_contain_text(f"{names[2]}（演示）")
    second.get_by_role("button", name="核对通过，生效").click()
    expect(second.locator(".difference")).to_have_count(0)
    expect(second.locator("section").filter(has_text="历次修改").last).to_contain_text("演示：名称改得明白些")
    second.goto("/ledger-packs/drills/edit/")
    expect(second.locator("#text")).to_contain_text(f"{names[2]}（演示）")
