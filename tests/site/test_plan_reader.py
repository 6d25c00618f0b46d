"""核对计划的页面: text and items side by side, every decision saved at once, and what follows redrawn with it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from bureau.log.models import Entry
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.plans import document_actions
from bureau.plans.models import Decision, Item, Plan
from site_rows import COUNTY, NOW
from town import plan_story

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]
SMALL = """同心县教育提升行动方案

同教发〔2026〕3号

一、总体目标
到2027年，小学六年巩固率达到98%以上，全县新建幼儿园5所。
二、主要任务
1.加强教师队伍建设。到2027年，招聘教师120名。每年组织培训一次。（责任单位：教育体育局、财政局、飞天办）
2.改善办学条件。消除大班额，做到3654有保障。（责任单位：教育体育局、发改局）

同心县教育体育局
2026年1月20日
"""


def plan_of(text: str, cast: dict[str, User], name: str = "方案.txt") -> Plan:
    plan = document_actions.receive(
        county_code=COUNTY, upload=Upload(name, text.encode()), by=cast["office"], at=NOW
    )
    return document_actions.read(plan=plan)


@pytest.fixture
def plan(county: str, cast: dict[str, User]) -> Plan:
    return plan_of(SMALL, cast)


def target(plan: Plan, words: str = "巩固率") -> Item:
    return next(row for row in plan.items.filter(kind="target") if words in row.fields["ind"])


def test_the_text_is_there_whole_and_every_item_is_marked_and_listed(browser_of: Signed, plan: Plan) -> None:
    page = browser_of("office").get(f"/plans/{plan.pk}/read/").content.decode()
    shown = re.findall(r'<p id="p\d+" data-s="(\d+)">(.*?)</p>', page, re.S)
    for start, html in shown:
        text = re.sub(r"<[^>]+>", "", html).replace("&quot;", '"')
        assert plan.source[int(start) : int(start) + len(text)] == text
    assert "".join(plan.source.split()) == "".join(
        "".join(re.sub(r"<[^>]+>", "", html) for _s, html in shown).split()
    )
    for row in plan.items.all():
        assert f'id="i{row.pk}"' in page
        assert re.search(rf'data-i="[^"]*\b{row.pk}\b', page)


def test_confirming_redraws_the_row_its_paragraph_and_the_numbers(browser_of: Signed, plan: Plan) -> None:
    row = target(plan)
    answer = browser_of("office").post(f"/plans/{plan.pk}/read/items/{row.pk}/confirm/").content.decode()
    row.refresh_from_db()
    assert (row.status, row.by.username if row.by else "") == ("confirmed", "office")
    assert f'id="i{row.pk}"' in answer
    assert "已确认" in answer
    assert 'id="reader-bar"' in answer
    assert "已核对 1 / " in answer
    assert re.search(rf'<p id="p\d+" data-s="\d+" hx-swap-oob="true">.*{row.pk}', answer)
    assert Entry.objects.order_by("-seq")[0].detail["what"].startswith("确认 指标“小学六年巩固率 ≥98%")


def test_editing_keeps_the_first_reading_and_refuses_all_mistakes_at_once(
    browser_of: Signed, plan: Plan
) -> None:
    row, office = target(plan), browser_of("office")
    address = f"/plans/{plan.pk}/read/items/{row.pk}/edit/"
    form = office.get(f"/plans/{plan.pk}/read/items/{row.pk}/").content.decode()
    assert 'value="98"' in form
    bad = office.post(address, {"ind": "", "kind": "target", "cmp": "ge", "val": "九成", "by": "明年"})
    assert bad.status_code == 422
    for words in ("请填写“指标”", "“九成”不是数", "“明年”不是日期"):
        assert words in bad.content.decode()
    good = {"ind": "小学六年巩固率", "kind": "target", "cmp": "ge", "val": "99", "unit": "%", "by": "2027-06"}
    assert office.post(address, good).status_code == 200
    row.refresh_from_db()
    assert (row.status, row.fields["val"], row.fields["by"]) == ("edited", 99, "2027-06")
    assert row.read is not None
    assert row.read["val"] == 98
    assert "系统原读" in office.get(f"/plans/{plan.pk}/read/").content.decode()


def test_a_rejected_item_gives_its_numeral_back_and_undo_takes_it_away_again(
    browser_of: Signed, plan: Plan
) -> None:
    row, office = target(plan, "教师"), browser_of("office")
    before = set(plan.items.filter(kind="residual").values_list("start", flat=True))
    answer = office.post(f"/plans/{plan.pk}/read/items/{row.pk}/reject/").content.decode()
    (came,) = plan.items.filter(kind="residual").exclude(start__in=before)
    assert came.text == "120"
    assert f'<div hx-swap-oob="afterbegin:#rows"><li id="i{came.pk}"' in answer
    undone = office.post(f"/plans/{plan.pk}/read/do/undo/").content.decode()
    row.refresh_from_db()
    assert (row.status, row.by) == ("auto", None)
    assert f'<li id="i{came.pk}" hx-swap-oob="delete">' in undone
    assert not Item.objects.filter(pk=came.pk).exists()
    assert "没有可以撤销的步骤" in office.post(f"/plans/{plan.pk}/read/do/undo/").content.decode()


def test_nobody_undoes_what_another_has_changed_since(browser_of: Signed, plan: Plan) -> None:
    row = target(plan)
    browser_of("office").post(f"/plans/{plan.pk}/read/items/{row.pk}/confirm/")
    browser_of("leader").post(f"/plans/{plan.pk}/read/items/{row.pk}/reject/")
    answer = browser_of("office").post(f"/plans/{plan.pk}/read/do/undo/")
    assert answer.status_code == 422
    assert "后来被别人改过" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "rejected"


def test_adding_from_selected_words_is_filled_by_the_compiler(browser_of: Signed, plan: Plan) -> None:
    office = browser_of("office")
    start = plan.source.index("招聘教师120名")
    old = target(plan, "教师")
    office.post(f"/plans/{plan.pk}/read/items/{old.pk}/reject/")
    place = {"item_kind": "target", "start": str(start), "end": str(start + 8)}
    form = office.get(f"/plans/{plan.pk}/read/new/", place).content.decode()
    assert 'value="120"' in form
    assert "招聘教师120名" in form
    posted = place | {
        "ind": "招聘教师",
        "kind": "count",
        "cmp": "eq",
        "val": "120",
        "unit": "名",
        "by": "2027",
    }
    assert office.post(f"/plans/{plan.pk}/read/do/add/", posted).status_code == 200
    row = plan.items.get(status="added")
    assert (row.text, row.fields["val"], row.fields["kind"]) == ("招聘教师120名", 120, "count")
    assert not plan.items.filter(kind="residual", text="120").exists()
    office.post(f"/plans/{plan.pk}/read/do/undo/")
    assert not plan.items.filter(status="added").exists()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"item_kind": "target", "start": "5", "end": "5"}, "请先在左边的正文里选中文字"),
        ({"item_kind": "target", "start": "0", "end": "99999999"}, "请先在左边的正文里选中文字"),
        ({"item_kind": "target", "start": "x", "end": "-1"}, "请先在左边的正文里选中文字"),
        ({"item_kind": "warning", "start": "0", "end": "5"}, "请选择要补充的条目种类"),
        ({"item_kind": "<b>", "start": "0", "end": "5"}, "请选择要补充的条目种类"),
    ],
)
def test_a_wrong_selection_is_answered_by_a_sentence(
    browser_of: Signed, plan: Plan, place: dict[str, str], words: str
) -> None:
    office = browser_of("office")
    for answer in (
        office.get(f"/plans/{plan.pk}/read/new/", place),
        office.post(f"/plans/{plan.pk}/read/do/add/", place),
    ):
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_sure_items_are_confirmed_together_and_doubtful_ones_are_not(browser_of: Signed, plan: Plan) -> None:
    office = browser_of("office")
    targets = plan.items.filter(kind="target", doubt="").count()
    office.post(f"/plans/{plan.pk}/read/do/sure/", {"kind": "target"})
    assert plan.items.filter(kind="target", status="confirmed").count() == targets
    assert not plan.items.exclude(kind="target").exclude(status="auto").exists()
    office.post(f"/plans/{plan.pk}/read/do/sure/")
    left = plan.items.filter(status="auto")
    assert all(row.doubt or row.kind in ("residual", "warning", "repair") for row in left)
    assert "没有待确认的无疑义条目" in office.post(f"/plans/{plan.pk}/read/do/sure/").content.decode()
    assert Decision.objects.filter(plan=plan).count() == 2


def test_residual_numerals_become_background_with_a_reason(browser_of: Signed, plan: Plan) -> None:
    office = browser_of("office")
    assert plan.items.filter(kind="residual", text="3654", status="auto").exists()
    one = plan.items.get(kind="residual", text="3654")
    assert "余数不能剔除" in office.post(f"/plans/{plan.pk}/read/items/{one.pk}/reject/").content.decode()
    office.post(f"/plans/{plan.pk}/read/do/context/")
    assert not plan.items.filter(kind="residual", status="auto").exists()
    one.refresh_from_db()
    assert one.fields["reason"] == "背景数字"
    # Another change later does not bring it back.
    office.post(f"/plans/{plan.pk}/read/items/{target(plan).pk}/reject/")
    assert plan.items.filter(kind="residual", text="3654", status="auto").count() == 0


def test_units_are_matched_chosen_registered_or_nobody(browser_of: Signed, plan: Plan) -> None:
    office = browser_of("office")
    page = office.get(f"/plans/{plan.pk}/read/?tab=units").content.decode()
    assert "飞天办" in page
    assert "待选择" in page
    address = f"/plans/{plan.pk}/read/units/"
    wrong = office.post(address, {"name": "飞天办", "unit": "不存在的局", "do": "choose"}, follow=True)
    assert "登记里没有“不存在的局”" in wrong.content.decode()
    office.post(address, {"name": "飞天办", "unit": "项目办", "do": "choose", "remember": "1"})
    name = plan.unit_names.get(name="飞天办")
    assert [one.name for one in name.organisations.all()] == ["项目办"]
    assert "飞天办" in name.organisations.get().aliases
    office.post(address, {"name": "飞天办", "do": "nobody"})
    name.refresh_from_db()
    assert name.nobody
    assert not name.organisations.exists()


def test_the_outline_can_be_corrected(browser_of: Signed, plan: Plan) -> None:
    office = browser_of("office")
    tasks = list(plan.nodes.filter(is_task=True))
    assert [node.title for node in tasks] == ["加强教师队伍建设", "改善办学条件"]
    office.post(f"/plans/{plan.pk}/read/outline/no-task/", {"key": tasks[1].key})
    assert plan.nodes.filter(is_task=True).count() == 1
    office.post(f"/plans/{plan.pk}/read/outline/remove/", {"key": tasks[1].key})
    assert not plan.nodes.filter(key=tasks[1].key).exists()
    assert set(
        plan.items.filter(start__gt=tasks[1].start, kind="unit").values_list("node_key", flat=True)
    ) == {tasks[0].key}
    start = plan.source.index("改善办学条件")
    office.post(
        f"/plans/{plan.pk}/read/outline/add/",
        {"start": str(start), "end": str(start + 6), "level": "3", "is_task": "1"},
    )
    made = plan.nodes.get(title="改善办学条件")
    assert (made.is_task, made.parent_key) == (True, tasks[0].parent_key) or made.parent_key == tasks[0].key
    assert plan.items.filter(node_key=made.key).exists()


@pytest.mark.parametrize("role", ["inspector", "auditor", "township", "school", "unit"])
def test_others_do_not_see_a_draft_and_change_nothing(browser_of: Signed, plan: Plan, role: str) -> None:
    client, row = browser_of(role), target(plan)
    assert client.get(f"/plans/{plan.pk}/read/").status_code == 404
    assert client.post(f"/plans/{plan.pk}/read/items/{row.pk}/confirm/").status_code == 403
    row.refresh_from_db()
    assert row.status == "auto"


def test_after_publication_the_reader_is_read_only(
    browser_of: Signed, plan: Plan, cast: dict[str, User]
) -> None:
    plan_story.confirm_as_a_clerk(plan, cast["office"], NOW)
    row = target(plan)
    page = browser_of("inspector").get(f"/plans/{plan.pk}/read/").content.decode()
    assert 'data-do="' not in page
    answer = browser_of("office").post(f"/plans/{plan.pk}/read/items/{row.pk}/reject/")
    assert answer.status_code == 422
    assert "计划已经发布" in answer.content.decode()


def test_what_a_document_says_is_never_markup(browser_of: Signed, cast: dict[str, User], county: str) -> None:
    plan = plan_of("一、<script>alert(1)</script>任务\n巩固率达到<img src=x onerror=alert(2)>98%。", cast)
    page = browser_of("office").get(f"/plans/{plan.pk}/read/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_long_document_opens_part_by_part(browser_of: Signed, cast: dict[str, User], county: str) -> None:
    clause = "{n}.第{n}项工作。到2027年，新建学校{n}所，巩固率达到{r}%以上，每年检查一次。（责任单位：教育体育局）\n"
    text = "同心县规划\n一、任务\n" + "".join(clause.format(n=n, r=n % 90 + 10) for n in range(1, 901))
    plan = plan_of(text, cast)
    office = browser_of("office")
    page = office.get(f"/plans/{plan.pk}/read/").content.decode()
    assert page.count("part-waiting") >= 1
    assert len(page) < 900_000
    assert "再显示一些" in page
    part = office.get(f"/plans/{plan.pk}/read/part/2/").content.decode()
    assert '<div class="part" id="part2"' in part
    assert office.get(f"/plans/{plan.pk}/read/part/99/").status_code == 404
    last = office.get(f"/plans/{plan.pk}/read/?at={len(text) - 20}").content.decode()
    assert "第900项工作" in last
    rows = office.get(f"/plans/{plan.pk}/read/rows/?from=300").content.decode()
    assert rows.count("<li id=") == 300
