"""计划文件: from the upload to tasks and targets, with versions, withdrawal, comparison, and files of every bad kind."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import town
from bureau.log.models import Entry
from bureau.people.kept import Upload
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused
from bureau.plans import confirming, document_actions, publishing
from bureau.plans.document_queries import sentence_at, visible_plans
from bureau.plans.duty_models import Duty
from bureau.plans.models import Item, Plan, Task
from bureau.plans.target_models import Target
from bureau.plans.unit_names import choose
from bureau.work import plan_tasks
from site_rows import COUNTY, NOW, TODAY
from town import plan_story

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]

FIRST = """同心县教育提升行动方案（2026-2028年）

同教发〔2026〕3号

一、主要任务
1.加强教师队伍建设。到2027年，招聘教师120名，骨干教师占比达到20%以上。每学期组织两次培训。（责任单位：教育体育局、财政局、各乡镇）
2.改善办学条件。到2028年，小学六年巩固率达到98%以上，消除大班额。（责任单位：发改局、教育体育局）
3.强化督导。定期开展督导检查。

同心县教育体育局
2026年1月20日
"""
SECOND = FIRST.replace("招聘教师120名", "招聘教师150名").replace(
    "3.强化督导。定期开展督导检查。",
    "3.建设智慧校园。到2028年，网络多媒体教室覆盖率达到100%。（责任单位：项目办）",
)


def receive(text: str | bytes, by: User, name: str = "方案.txt", previous: Plan | None = None) -> Plan:
    content = text.encode() if isinstance(text, str) else text
    plan = document_actions.receive(
        county_code=COUNTY, upload=Upload(name, content), previous=previous, by=by, at=NOW
    )
    return document_actions.read(plan=plan)


@pytest.fixture
def published(county: str, cast: dict[str, User]) -> Plan:
    return plan_story.confirm_as_a_clerk(receive(FIRST, cast["office"]), cast["office"], NOW, today=TODAY)


def test_a_clerk_uploads_and_the_worker_reads(browser_of: Signed, county: str) -> None:
    office = browser_of("office")
    file = SimpleUploadedFile("方案.txt", FIRST.encode())
    answer = office.post("/plans/new/", {"file": file}, follow=True)
    plan = Plan.objects.get()
    assert "正在读取计划文件" in answer.content.decode()
    assert office.get(f"/plans/{plan.pk}/read/").status_code == 302
    plan_tasks.read_plan.func(plan.pk)
    plan_tasks.read_plan.func(plan.pk)  # a second delivery changes nothing
    plan.refresh_from_db()
    assert (plan.state, plan.document_number, plan.dated) == ("in_review", "同教发〔2026〕3号", "2026-01-20")
    assert (plan.starts, plan.ends) == (date(2026, 1, 1), date(2028, 12, 31))
    assert office.get(f"/plans/{plan.pk}/progress/").headers["HX-Refresh"] == "true"
    assert Entry.objects.filter(kind="plan", key=str(plan.pk), verb="create").count() == 1


def test_the_same_file_twice_leads_to_the_first(browser_of: Signed, published: Plan) -> None:
    office = browser_of("office")
    answer = office.post("/plans/new/", {"file": SimpleUploadedFile("另名.txt", FIRST.encode())}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/plans/{published.pk}/"
    assert "已经上传过" in answer.content.decode()
    assert Plan.objects.count() == 1


def test_pasted_text_is_a_plan_like_a_file(browser_of: Signed, county: str) -> None:
    browser_of("office").post("/plans/new/", {"text": FIRST.replace("\n", "\r\n")})
    plan = Plan.objects.get()
    plan_tasks.read_plan.func(plan.pk)
    assert plan.items.filter(kind="target").count() >= 3
    assert plan.file_name == "粘贴的文字.txt"


def test_cancelling_while_it_is_read(browser_of: Signed, cast: dict[str, User], county: str) -> None:
    plan = document_actions.receive(
        county_code=COUNTY, upload=Upload("a.txt", FIRST.encode()), by=cast["office"], at=NOW
    )
    browser_of("office").post(f"/plans/{plan.pk}/cancel/")
    plan_tasks.read_plan.func(plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.source) == ("withdrawn", "")
    # Set aside, it is no obstacle to uploading the same file again.
    assert receive(FIRST, cast["office"]).state == "in_review"


def test_cancelling_in_the_middle_keeps_nothing(cast: dict[str, User], county: str) -> None:
    plan = document_actions.receive(
        county_code=COUNTY, upload=Upload("a.txt", FIRST.encode()), by=cast["office"], at=NOW
    )

    def stop(_share: float) -> None:
        raise document_actions.CancelledError

    with pytest.raises(document_actions.CancelledError):
        document_actions.read(plan=plan, progress=stop)
    assert not plan.items.exists()


def docx(**parts: str) -> bytes:
    body = parts.pop("body", "<w:p><w:r><w:t>一、任务</w:t></w:r></w:p>")
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def bomb() -> bytes:
    """A small file that unpacks to 70 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(70):
                part.write(b"a" * 1_000_000)
    return made.getvalue()


BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty text": ("空.txt", lambda: b"\n \n"),
    "not a text": ("图.txt", lambda: b"\x89PNG\x00\x00\x01" * 40),
    "pdf that is none": ("坏.pdf", lambda: b"%PDF-1.7 nothing"),
    "old word": ("旧.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000),
    "zip without a document": ("空.docx", lambda: docx()[:60]),
    "zip bomb": ("炸弹.docx", bomb),
    "entity bomb": ("实体.docx", lambda: docx(body='</w:body></w:document><!DOCTYPE x [<!ENTITY a "aaaa">]>')),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_read_is_answered_by_a_sentence(
    browser_of: Signed, cast: dict[str, User], county: str, what: str
) -> None:
    name, content = BAD[what]
    plan = receive(content(), cast["office"], name)
    assert plan.state == "failed"
    assert any("\u4e00" <= one <= "\u9fff" for one in plan.note)
    assert "Traceback" not in plan.note
    page = browser_of("office").get(f"/plans/{plan.pk}/").content.decode()
    assert "没有读进来" in page
    assert browser_of("office").get(f"/plans/{plan.pk}/read/").status_code == 302


ODD: dict[str, tuple[str, str | bytes]] = {
    "english": ("en.txt", "The county shall raise retention to 95% by 2027. " * 40),
    "flat": ("flat.txt", FIRST.replace("\n", "")),
    "table only": ("table.txt", "\n".join(f"学校{n}\t{n * 3}\t{n}人" for n in range(60))),
    "names": ("names.txt", "关于任免的通知\n" + "\n".join(f"任命某某{n}为学校校长" for n in range(30))),
    "one line": ("x.txt", "完成任务" * 20_000),
    "marks": ("m.txt", "（一）（二）（三）1.2.3.4.5.6.%%%%。。。。" * 200),
    "scripts": ("p.html", "<html><head><script>alert('x')</script></head><body onload=alert(1)><h1>方案</h1><p>一、任务</p>"
                "<p>1.工作。到2027年，巩固率达到98%以上。</p><img src=x onerror=alert(1)></body></html>"),
    "macro and links": ("m.docx", docx(**{
        "body": "<w:p><w:r><w:t>一、任务</w:t></w:r></w:p><w:p><w:r><w:t>巩固率达到98%以上。</w:t></w:r></w:p>",
        "word/vbaProject.bin": "Sub AutoOpen()",
        "word/_rels/document.xml.rels": '<Relationships><Relationship TargetMode="External" Target="http://127.0.0.1:9/x"/></Relationships>',
    })),
    "odd characters": ("u.txt", "一、任务\n巩固率\u200b达到９８％以上。\ufeff\u202e\x07\x00"[:-1]),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_odd_documents_open_in_the_reader_or_say_why_not(
    browser_of: Signed, cast: dict[str, User], county: str, what: str
) -> None:
    name, content = ODD[what]
    plan = receive(content, cast["office"], name)
    office = browser_of("office")
    if plan.state == "failed":
        assert plan.note
        return
    for path in (
        "",
        "read/",
        "read/?tab=outline",
        "read/?tab=units",
        "read/?tab=details",
        "text/",
        "publish/",
    ):
        page = office.get(f"/plans/{plan.pk}/{path}")
        assert page.status_code == 200, path
        assert "<script>alert" not in page.content.decode()
        assert "onerror=alert" not in page.content.decode().replace("&lt;img src=x onerror=alert", "")
    if (
        plan.items.filter(status="auto", doubt="")
        .exclude(kind__in=("repair", "warning", "residual"))
        .exists()
    ):
        confirming.confirm_sure(plan=plan, by=cast["office"], at=NOW)


def test_a_paste_that_is_too_long_is_refused_with_a_sentence(browser_of: Signed, county: str) -> None:
    answer = browser_of("office").post("/plans/new/", {"text": "计" * 3_400_000})
    assert answer.status_code == 422
    assert "超过 10 MB" in answer.content.decode()
    assert (
        "请选择文件，或粘贴计划全文"
        in browser_of("office").post("/plans/new/", {"text": " "}).content.decode()
    )
    wrong = SimpleUploadedFile("病毒.exe", b"MZ")
    assert "不是可以读取的类型" in browser_of("office").post("/plans/new/", {"file": wrong}).content.decode()


# --- publication ------------------------------------------------------------------------------------------------


def test_nothing_is_published_with_open_ends_and_all_are_named(
    browser_of: Signed, cast: dict[str, User], county: str
) -> None:
    plan = receive(FIRST.replace("财政局、", "财政局、飞天办、"), cast["office"])
    page = browser_of("office").get(f"/plans/{plan.pk}/publish/").content.decode()
    for words in ("无疑义的条目没有确认", "飞天办", "项任务没有写明责任单位"):
        assert words in page
    browser_of("office").post(f"/plans/{plan.pk}/publish/")
    plan.refresh_from_db()
    assert plan.state == "in_review"
    assert not Task.objects.filter(plan=plan).exists()


def test_tasks_and_targets_are_those_of_the_preview(
    browser_of: Signed, cast: dict[str, User], county: str
) -> None:
    by = cast["office"]
    plan = receive(FIRST, by)
    preview = browser_of("office").get(f"/plans/{plan.pk}/publish/").content.decode()
    for words in ("加强教师队伍建设", "每学期2次", "2027-12-31", "招聘教师", "没有写明", "按计划期末"):
        assert words in preview, words
    plan_story.confirm_as_a_clerk(plan, by, NOW, today=TODAY)
    first, second, third = plan.tasks.all()
    assert (first.title, first.due, first.frequency) == ("加强教师队伍建设", date(2027, 12, 31), "1sem*2")
    assert [one.name for one in first.leads.all()] == ["教育体育局"]
    supports = [one.name for one in first.supports.all()]
    assert supports[0] == "财政局"
    assert len(supports) == 1 + Organisation.objects.filter(county_code=COUNTY, kind="township").count()
    assert "责任单位" not in first.measures
    assert first.measures.startswith("到2027年，招聘教师120名")
    assert "招聘教师 ＝120名（2027）" in first.goal
    assert [one.name for one in second.leads.all()] == ["发展和改革局"]
    assert (third.due, third.due_text) == (date(2028, 12, 31), "按计划期末")
    assert [one.name for one in third.leads.all()] == ["教育体育局"]
    kept = {(one.indicator, one.comparator, one.value, one.unit) for one in plan.targets.all()}
    assert ("招聘教师", "eq", 120, "名") in kept
    assert any(name == "小学六年巩固率" and value == 98 for name, _cmp, value, _unit in kept)
    assert any(
        "大班额" in name and comparator == "le" and value == 0 for name, comparator, value, _unit in kept
    )
    assert all(one.due for one in plan.targets.all())
    assert Duty.objects.filter(task=third).count() == 1
    entry = Entry.objects.filter(kind="plan", verb="submit").latest("seq")
    assert (entry.detail["tasks"], entry.detail["targets"]) == (3, plan.targets.count())


def test_a_plan_is_published_once(published: Plan, cast: dict[str, User]) -> None:
    with pytest.raises(Refused, match="已发布"):
        publishing.publish(plan=published, by=cast["office"], at=NOW, today=TODAY)


def test_a_new_version_carries_over_what_did_not_change(
    browser_of: Signed, published: Plan, cast: dict[str, User]
) -> None:
    office = cast["office"]
    row = published.items.get(kind="target", fields__val=98)
    old = published.tasks.get(number=2)
    Duty.objects.filter(task=old).update(progress="已开工", percent=40)
    with pytest.raises(Refused, match="不重复入库"):
        receive(FIRST, office, "方案二.txt", previous=published)
    plan = receive(SECOND, office, "方案二.txt", previous=published)
    assert (plan.version, plan.previous) == (2, published)
    again = plan.items.get(kind="target", fields__val=98)
    assert (again.status, again.by, again.at, again.carried) == (row.status, row.by, row.at, True)
    assert plan.items.get(kind="target", fields__val=150).status == "auto"
    assert "沿用上一版" in browser_of("office").get(f"/plans/{plan.pk}/read/").content.decode()
    with pytest.raises(Refused, match="已经有一个新版本"):
        receive(SECOND + "。", office, "三.txt", previous=published)
    compared = (
        browser_of("leader").get("/plans/compare/", {"left": published.pk, "right": plan.pk}).content.decode()
    )
    assert "150" in compared
    assert "正文改动 2 处" in compared
    plan_story.confirm_as_a_clerk(plan, office, NOW, today=TODAY)
    published.refresh_from_db()
    assert published.state == "replaced"
    new = plan.tasks.get(title=old.title)
    assert Duty.objects.filter(task=new, progress="已开工", percent=40).exists()
    assert set(published.tasks.values_list("dropped", flat=True)) == {
        "已转入新版计划",
        "新版计划没有这一任务",
    }
    assert not Duty.objects.filter(task__plan=published, state__in=["pending", "under_way"]).exists()


def test_an_added_item_and_a_choice_of_unit_are_carried_over(cast: dict[str, User], county: str) -> None:
    office = cast["office"]
    plan = receive(FIRST.replace("项办", "飞天办"), office)
    start = plan.source.index("开展督导检查")
    confirming.add(
        plan=plan, kind="deadline", start=start, end=start + 6, posted={"kind": "recur", "freq": "1y"}, by=office, at=NOW
    )  # fmt: skip
    edited = plan.items.get(kind="target", fields__val=120)
    posted = {"ind": "新招教师", "kind": "count", "cmp": "ge", "val": "120", "unit": "名", "by": "2027"}
    confirming.edit(plan=plan, item=edited, posted=posted, by=office, at=NOW)
    plan_story.confirm_as_a_clerk(plan, office, NOW, today=TODAY)
    after = receive(FIRST.replace("发改局、", "住建局、"), office, "新.txt", previous=plan)
    added = after.items.get(status="added")
    assert (added.text, added.fields["freq"], added.carried) == ("开展督导检查", "1y", True)
    again = after.items.get(kind="target", fields__ind="新招教师")
    assert (again.status, again.read["ind"]) == ("edited", "招聘教师")


def test_withdrawing_needs_a_reason_and_ends_open_duties(browser_of: Signed, published: Plan) -> None:
    leader = browser_of("leader")
    leader.post(f"/plans/{published.pk}/withdraw/", {"reason": " "})
    published.refresh_from_db()
    assert published.state == "published"
    leader.post(f"/plans/{published.pk}/withdraw/", {"reason": "上级文件废止"})
    published.refresh_from_db()
    assert published.state == "withdrawn"
    assert not Duty.objects.filter(task__plan=published).exclude(state="dropped").exists()
    assert "上级文件废止" in leader.get(f"/plans/{published.pk}/").content.decode()


def test_details_are_corrected_with_all_mistakes_at_once(
    browser_of: Signed, cast: dict[str, User], county: str
) -> None:
    plan = receive(FIRST, cast["office"])
    office = browser_of("office")
    bad = {"title": " ", "dated": "去年", "starts": "2028-01-01", "ends": "2026-01-01"}
    text = office.post(f"/plans/{plan.pk}/details/", bad, follow=True).content.decode()
    for words in ("请填写计划标题", "“去年”不是日期", "早于开始日期"):
        assert words in text
    office.post(
        f"/plans/{plan.pk}/details/", {"title": "新标题", "dated": "2026", "starts": "2026-01-01", "ends": ""}
    )
    plan.refresh_from_db()
    assert (plan.title, plan.dated, plan.ends) == ("新标题", "2026", None)
    assert "没有填写计划期的结束日期" in office.get(f"/plans/{plan.pk}/").content.decode()


# --- who sees what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["leader", "office", "inspector", "auditor", "township", "school", "unit"])
def test_a_published_plan_is_seen_by_all_of_the_county(
    browser_of: Signed, published: Plan, role: str
) -> None:
    client = browser_of(role)
    page = client.get("/plans/").content.decode()
    assert published.title in page
    assert "共 1 份计划" in page
    for path in ("", "read/", "text/"):
        assert client.get(f"/plans/{published.pk}/{path}").status_code == 200


@pytest.mark.parametrize("role", ["inspector", "auditor", "township", "school", "unit"])
def test_drafts_and_other_counties_are_not_there(
    browser_of: Signed, cast: dict[str, User], published: Plan, role: str
) -> None:
    draft = receive(SECOND, cast["office"])
    Plan.objects.filter(pk=published.pk).update(county_code="640221")
    client = browser_of(role)
    assert "共 0 份计划" in client.get("/plans/").content.decode()
    for plan in (draft, published):
        assert client.get(f"/plans/{plan.pk}/").status_code == 404
        assert client.get(f"/plans/{plan.pk}/file/").status_code == 404
    assert not visible_plans(cast[role], "640221").exists()


def test_the_administrator_sees_no_plan(browser_of: Signed, cast: dict[str, User], published: Plan) -> None:
    assert browser_of("administrator").get("/plans/").status_code == 403
    assert not visible_plans(cast["administrator"], COUNTY).exists()


def test_the_original_comes_back_as_it_was_and_is_logged(browser_of: Signed, published: Plan) -> None:
    answer = browser_of("inspector").get(f"/plans/{published.pk}/file/")
    assert answer.content == FIRST.encode()
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.kind, entry.key, entry.username) == (
        "export",
        "plan",
        str(published.pk),
        "inspector",
    )


def test_the_list_goes_to_excel(browser_of: Signed, published: Plan) -> None:
    answer = browser_of("office").get("/plans/?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert published.title in cells
    assert "同教发〔2026〕3号" in cells


# --- the five plans ---------------------------------------------------------------------------------------------


def test_the_plan_of_the_demo_reaches_publication(cast: dict[str, User], county: str) -> None:
    (plan,) = plan_story.upload(COUNTY, by=cast["office"], at=NOW)
    plan = plan_story.confirm_as_a_clerk(plan, cast["office"], NOW, today=TODAY)
    assert plan.state == "published"
    assert plan.tasks.count() >= 26
    assert not Item.objects.filter(plan=plan, status="auto").exists()
    assert not Item.objects.filter(plan=plan, by=None).exists()
    assert Target.objects.filter(plan=plan, indicator__contains="巩固率").count() == 2
    assert not plan.tasks.filter(leads=None).exists()


@pytest.mark.parametrize("code", town.COUNTIES)
def test_plan_files_hold_no_names_of_persons(code: str) -> None:
    ((_name, content),) = town.plan_files(code)
    text = content.decode()
    for name in ("组长", "副组长"):
        for line in text.splitlines():
            if line.startswith((f"{name}:", f"{name}：")):
                assert "某" in line or "领导" in line


def test_the_sentence_around_a_place() -> None:
    source = "前一句。到2027年，巩固率达到98%以上；后一句。"
    at = source.index("98%")
    assert sentence_at(source, at, at + 3) == ("到2027年，巩固率达到", "98%", "以上；")
    assert sentence_at("没有句号", 0, 2) == ("", "没有", "句号")


def test_a_name_is_chosen_only_from_the_county(cast: dict[str, User], county: str) -> None:
    plan = receive(FIRST.replace("发改局", "飞天办"), cast["office"])
    stranger = Organisation.objects.create(county_code="640221", name="别县的局", kind="government")
    with pytest.raises(Refused, match="本县"):
        choose(plan=plan, name="飞天办", units=[stranger], by=cast["office"], at=NOW)
    with pytest.raises(Refused, match="请刷新页面"):
        choose(plan=plan, name="没有的名称", nobody=True, by=cast["office"], at=NOW)
