"""通报的页面 as their users use them: drafting, writing with a live look, checking, issuing, reading, documents, ranking, letters."""

import io
import zipfile
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bureau.bulletins.models import Bulletin, DutyWeight, Figure, RankingRule, Section
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.plans import target_actions
from bureau.plans.models import Plan, Task
from bureau.plans.target_models import Target
from plan_rows import published_plan, unit
from site_rows import NOW

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def plan(cast: dict[str, User]) -> Plan:
    plan = published_plan(cast["office"])
    target_actions.bind_suggested(targets=list(Target.objects.all()), by=cast["office"], at=NOW)
    return plan


@pytest.fixture
def bulletin(plan: Plan, browser_of: SignIn) -> Bulletin:
    today = localdate()
    typed = {
        "period": f"quarterly-{(today.month - 1) // 3 + 1}",
        "year": str(today.year),
        "plan": "",
        "as_of": today.isoformat(),
    }
    answer = browser_of("office").post(reverse("bulletin-new"), typed)
    assert answer.status_code == 302, answer.content.decode()
    return Bulletin.objects.get()


def page(client: Client, one: Bulletin) -> str:
    answer = client.get(reverse("bulletin", args=[one.pk]))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def step(client: Client, one: Bulletin, action: str, **posted: str) -> str:
    answer = client.post(reverse("bulletin-change", args=[one.pk, action]), posted, follow=True)
    return unescape(answer.content.decode())


def test_from_the_draft_to_the_issued_paper(bulletin: Bulletin, browser_of: SignIn) -> None:
    office, leader, finance = browser_of("office"), browser_of("leader"), browser_of("unit")
    assert (
        finance.get(reverse("bulletin", args=[bulletin.pk])).status_code == 404
    )  # drafts are the bureau's own
    text = page(office, bulletin)
    assert "文中的数都与出处一致" in text
    assert text.count("<textarea") >= 5
    assert "请另一人签发" in step(office, bulletin, "submit")
    assert "起草或送签的人不能自己签发" in page(office, bulletin)
    assert "六角括号" in step(leader, bulletin, "issue", number="同教发[2026]1号")
    assert "已签发" in step(leader, bulletin, "issue", number="同教发〔2026〕1号")
    text = page(finance, bulletin)
    assert "同教发〔2026〕1号" in text
    assert "<textarea" not in text
    assert "撤回须写明原因" in step(leader, bulletin, "withdraw", text="")
    assert "已撤回" in step(leader, bulletin, "withdraw", text="数据有误")


def test_a_form_says_all_that_is_missing_and_keeps_what_was_typed(plan: Plan, browser_of: SignIn) -> None:
    typed = {"period": "quarterly-9", "year": "20x6", "plan": "", "as_of": "昨天"}
    answer = browser_of("office").post(reverse("bulletin-new"), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("年份应是", "请选择季度", "请填写数据截止日期", "20x6"):
        assert words in text
    assert not Bulletin.objects.exists()


def test_a_part_is_looked_at_while_typed_and_saved_without_losing_words(
    bulletin: Bulletin, browser_of: SignIn
) -> None:
    office = browser_of("office")
    part = Section.objects.get(bulletin=bulletin, kind="overall")
    typed = part.text.replace("3个〔F1〕", "5个[f1]") + "<b>表彰教师15人</b>。"
    look = office.post(
        reverse("bulletin-preview", args=[bulletin.pk, part.pk]), {"text": typed}
    ).content.decode()
    assert "F1 应为 3个，文中是" in look
    assert "<b>" not in look
    part.refresh_from_db()
    assert "5个" not in part.text
    saved = office.post(
        reverse("bulletin-save", args=[bulletin.pk, part.pk]),
        {"heading": part.heading, "text": typed},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "已保存" in saved
    assert 'id="checks" hx-swap-oob="true"' in saved
    part.refresh_from_db()
    assert "5个〔F1〕" in part.text
    words = "<b>表彰教师15人</b>"
    assert words in part.text
    address = reverse("bulletin-part-change", args=[bulletin.pk, part.pk, "acknowledge"])
    assert "请写明" in unescape(
        office.post(address, {"words": words, "source": ""}, follow=True).content.decode()
    )
    answer = office.post(address, {"words": words, "source": "表彰文件"}, follow=True)
    assert "来自表彰文件" in unescape(answer.content.decode())


def test_two_people_do_not_overwrite_one_another_unawares(bulletin: Bulletin, browser_of: SignIn) -> None:
    part = Section.objects.get(bulletin=bulletin, kind="next")
    address = reverse("bulletin-save", args=[bulletin.pk, part.pk])
    text = browser_of("office").get(reverse("bulletin", args=[bulletin.pk])).content.decode()
    seen = text.split(f'action="{address}"')[1].split('name="seen" value="')[1][:16]

    def save(role: str, words: str, seen: str) -> str:
        posted = {"heading": "下一步", "text": words, "seen": seen}
        answer = browser_of(role).post(address, posted, headers={"HX-Request": "true"})
        return str(answer.content.decode())

    save("leader", "局长写的", seen)
    refused = save("office", "科员写的", seen)
    assert "被别人改过" in refused
    assert "科员写的</textarea>" in refused
    part.refresh_from_db()
    assert part.text == "局长写的"
    again = refused.split('name="seen" value="')[1][:16]
    assert "已保存" in save("office", "科员写的", again)


def test_each_figure_opens_to_what_was_counted(bulletin: Bulletin, browser_of: SignIn) -> None:
    office = browser_of("office")
    for figure in Figure.objects.filter(bulletin=bulletin):
        answer = office.get(reverse("bulletin-figure", args=[bulletin.pk, figure.code]))
        text = unescape(answer.content.decode())
        assert answer.status_code == 200
        assert figure.value in text
        if 'class="btn btn-outline-primary btn-sm" href="' in text:
            address = text.split('class="btn btn-outline-primary btn-sm" href="')[1].split('"')[0]
            assert office.get(address).status_code == 200, address
    assert office.get(reverse("bulletin-figure", args=[bulletin.pk, "F999"])).status_code == 404


def test_word_and_pdf_carry_the_text_and_are_logged(bulletin: Bulletin, browser_of: SignIn) -> None:
    office = browser_of("office")
    before = Entry.objects.filter(verb="export").count()
    word = office.get(reverse("bulletin-document", args=[bulletin.pk, "docx"]))
    with zipfile.ZipFile(io.BytesIO(word.content)) as file:
        xml = file.read("word/document.xml").decode()
    assert "总体情况" in xml
    assert "数据出处" in xml
    assert "拟稿" in "".join(
        zipfile.ZipFile(io.BytesIO(word.content)).read(name).decode(errors="ignore")
        for name in zipfile.ZipFile(io.BytesIO(word.content)).namelist()
    )
    pdf = office.get(reverse("bulletin-document", args=[bulletin.pk, "pdf"]))
    assert pdf.status_code == 302 or pdf.content.startswith(b"%PDF")
    assert Entry.objects.filter(verb="export").count() >= before + 1
    assert office.get(reverse("bulletin-document", args=[bulletin.pk, "exe"])).status_code == 404


def test_ranking_rules_are_tried_saved_and_kept(plan: Plan, browser_of: SignIn) -> None:
    office, address = browser_of("office"), reverse("bulletin-ranking")
    text = office.get(address).content.decode()
    assert "以下为假定" in text
    typed = {}
    for code, each, cap in (
        ("late", "4", "30"), ("late_days", "0.1", "10"), ("closed_late", "2", "10"), ("returned", "3", "15"),
        ("contradiction", "5", "15"), ("behind", "3", "15"), ("slips", "3", "15"),
    ):  # fmt: skip
        typed |= {f"each-{code}": each, f"cap-{code}": cap}
    tried = office.post(address, typed | {"try": "1"}).content.decode()
    assert "试算结果（没有保存）" in tried
    assert not RankingRule.objects.exists()
    bad = office.post(address, typed | {"each-late": "很多", "cap-slips": ""})
    assert bad.status_code == 422
    assert "“逾期未完成的任务”的每项扣分“很多”不是数" in bad.content.decode()
    assert "“逾期未反馈的督办单”的最多扣分“”不是数" in bad.content.decode()
    assert "原因" in office.post(address, typed).content.decode()
    saved = office.post(address, typed | {"reason": "局长办公会"}, follow=True).content.decode()
    assert "排名规则已保存并确认" in saved
    assert RankingRule.objects.get().criteria["late"] == ["4", "30"]
    assert "以下为假定" not in saved
    assert browser_of("unit").post(address, typed).status_code == 403


def test_a_letter_for_each_unit_and_all_in_one_file(plan: Plan, browser_of: SignIn) -> None:
    office, bureau = browser_of("office"), unit("教育体育局")
    text = office.get(reverse("letters")).content.decode()
    assert "财政局" in text
    address = reverse("letter", args=[bureau.pk])
    one, two = Task.objects.filter(leads=bureau).order_by("number")
    assert "大班额占比" in office.get(address).content.decode()
    wrong = office.post(address, {f"weight-{one.pk}": "60", f"weight-{two.pk}": "30"})
    assert wrong.status_code == 422
    assert "权重之和是 90，应为 100" in wrong.content.decode()
    assert (
        "不是数"
        in office.post(address, {f"weight-{one.pk}": "六十", f"weight-{two.pk}": ""}).content.decode()
    )
    office.post(address, {f"weight-{one.pk}": "60", f"weight-{two.pk}": "40"})
    assert DutyWeight.objects.filter(organisation=bureau).count() == 2
    word = office.get(reverse("letter-document", args=[bureau.pk, "docx"])).content
    with zipfile.ZipFile(io.BytesIO(word)) as file:
        xml = file.read("word/document.xml").decode()
    assert "60%" in xml
    assert "人民政府" in xml  # the bureau does not sign with itself
    packed = office.get(reverse("letters-all", args=["docx"])).content
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert len(file.namelist()) == 2
    assert office.get(reverse("letter", args=[unit("妇联").pk])).status_code == 404


def test_a_list_without_plans_says_what_to_do(county: str, browser_of: SignIn) -> None:
    office = browser_of("office")
    assert "还没有通报和报告" in office.get(reverse("bulletins")).content.decode()
    assert "还没有牵头单位" in office.get(reverse("letters")).content.decode()
    assert "还没有牵头任务的单位" in office.get(reverse("bulletin-ranking")).content.decode()
    assert office.get(reverse("letters-all", args=["docx"])).status_code == 404
