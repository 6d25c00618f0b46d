"""导入: from choosing files to undo, as a clerk sees it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from bureau.log.models import Entry
from bureau.people.models import User
from bureau.registry import queries
from bureau.registry.import_models import Import, ImportChange
from bureau.registry.models import School
from bureau.work import tasks
from site_rows import COUNTY, csv_of

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db
DAY = "2026-03-01"


def school(code: str, name: str, **more: str) -> dict[str, str]:
    return {
        "学校标识码": code,
        "学校名称": name,
        "办学类型": "小学",
        "举办者类型": "县级教育部门",
        "城乡类型": "镇中心区",
        "乡镇": "豫海镇",
    } | more


def send(client: Client, rows: list[dict[str, str]], name: str = "学校.csv", **more: str) -> Import:
    """Upload as the form does, and let the worker read it."""
    file = SimpleUploadedFile(name, csv_of(rows))
    answer = client.post("/imports/new/", {"files": [file], "day": DAY, **more})
    assert answer.status_code == 302, answer.content.decode()
    of = Import.objects.order_by("-id")[0]
    assert answer.headers["Location"] == f"/imports/{of.pk}/"
    tasks.stage_import.func(of.pk)
    of.refresh_from_db()
    return of


def commit(client: Client, of: Import, **ticks: str) -> Import:
    client.post(f"/imports/{of.pk}/commit/", ticks)
    of.refresh_from_db()
    if of.state == "committing":
        by = User.objects.get(pk=client.session["_auth_user_id"])
        low, rejected = "accept_low_match" in ticks, "accept_rejected" in ticks
        tasks.commit_import.func(of.pk, by.pk, low, rejected, "")
        of.refresh_from_db()
    return of


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everything_wrong_with_the_choice_is_said_at_once(browser_of: BrowserOf) -> None:
    files = [SimpleUploadedFile("说明.docx", b"x"), SimpleUploadedFile("空.xlsx", b"")]
    answer = browser_of("office").post("/imports/new/", {"files": files, "day": "2999-01-01"})
    text = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("“说明.docx”不是表格文件", "“空.xlsx”是空文件", "不能晚于今天"):
        assert sentence in text
    nothing = browser_of("office").post("/imports/new/", {}).content.decode()
    assert "请选择要导入的文件" in nothing
    assert "请填写数据日期" in nothing


def test_progress_is_polled_until_the_state_changes(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    file = SimpleUploadedFile("学校.csv", csv_of([school("2164980001", "甲校")]))
    client.post("/imports/new/", {"files": [file], "day": DAY})
    of = Import.objects.order_by("-id")[0]
    assert f'hx-get="/imports/{of.pk}/progress/"' in text_of(client, f"/imports/{of.pk}/")
    part = client.get(f"/imports/{of.pk}/progress/")
    assert "排队等待读取" in part.content.decode()
    assert "<html" not in part.content.decode()
    tasks.stage_import.func(of.pk)
    assert client.get(f"/imports/{of.pk}/progress/").headers["HX-Refresh"] == "true"


def test_review_commit_and_undo(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    of = send(client, [school("2164980001", "甲校"), school("2164980002", "乙校")])
    assert of.state == "in_review"
    review = text_of(client, f"/imports/{of.pk}/")
    assert "没有发现问题" in review
    assert f"/imports/{of.pk}/differences/?sheet=schools&amp;kind=new" in review
    assert "甲校" in text_of(client, f"/imports/{of.pk}/differences/")
    assert "只有0%的行在登记册中找得到" in review
    assert "disabled" in review
    panel = text_of(client, f"/imports/{of.pk}/panel/?accept_low_match=1")
    assert "disabled" not in panel
    of = commit(client, of, accept_low_match="1")
    assert of.state == "committed"
    assert School.objects.filter(school_code="2164980001").exists()
    done = text_of(client, f"/imports/{of.pk}/")
    assert "登记册已更新" in done
    assert "看测算结果变化" in done
    refused = client.post(f"/imports/{of.pk}/undo/", {"reason": " "}, follow=True).content.decode()
    assert "请写明撤销的原因" in refused
    asked = client.post(f"/imports/{of.pk}/undo/", {"reason": "选错了日期"}, follow=True).content.decode()
    assert "正在撤销" in asked
    tasks.undo_import.func(of.pk, of.by_id, "选错了日期", "")
    of.refresh_from_db()
    assert (of.state, of.note) == ("undone", "")
    undone = text_of(client, f"/imports/{of.pk}/")
    assert "登记册已恢复到这次导入之前" in undone
    assert "原因：选错了日期" in undone
    assert not School.objects.filter(school_code="2164980001").exists()


def test_the_button_says_why_not(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    of = send(client, [school("2164980001", "甲校")])
    assert commit(client, of).state == "in_review"
    assert "仍要提交" in text_of(client, f"/imports/{of.pk}/")


def test_problems_are_shown_in_their_rows_with_excels_numbers(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    rows = [
        school("2164980001", "甲校"),
        school("2164980002", "乙校", 经度="九百", 城乡类型="天上"),
        school("12", "丙校"),
    ]
    of = send(client, rows)
    text = text_of(client, f"/imports/{of.pk}/problems/")
    assert '<td class="row-number">3</td>' in text
    assert '<td class="row-number">4</td>' in text
    assert '<td class="row-number">2</td>' not in text
    assert "<code>九百</code>" in text
    assert "要改的地方" in text
    assert f'name="replaces" value="{of.pk}"' in text
    book = load_workbook(BytesIO(client.get(f"/imports/{of.pk}/problems.xlsx").content))
    comments = [cell.comment.text for tab in book for row in tab.iter_rows() for cell in row if cell.comment]
    assert any("九百" in comment or "数字" in comment for comment in comments)
    again = send(client, [school("2164980001", "甲校")], replaces=str(of.pk))
    of.refresh_from_db()
    assert (of.state, again.state) == ("cancelled", "in_review")


def test_a_file_that_is_no_table_is_refused_with_a_sentence(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    of = send(client, [{"无关": "x"}], name="别的.csv")
    assert of.state == "refused"
    assert of.note in text_of(client, f"/imports/{of.pk}/")


def test_rejected_rows_need_a_tick_and_a_complete_list_none(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    rows = [school("2164980001", "甲校"), school("12", "丙校")]
    partial = send(client, rows)
    assert "先提交没有错误的行" in text_of(client, f"/imports/{partial.pk}/")
    assert commit(client, partial, accept_low_match="1").state == "in_review"
    complete = send(client, rows, complete="1")
    text = text_of(client, f"/imports/{complete.pk}/")
    assert "按完整名册导入时不能有错误行" in text
    asked = client.post(f"/imports/{complete.pk}/partial/", follow=True).content.decode()
    assert "正在读取、检查并与登记册比对" in asked
    tasks.compare_import.func(complete.pk)
    complete.refresh_from_db()
    assert (complete.complete, complete.state) == (False, "in_review")
    assert commit(client, complete, accept_low_match="1", accept_rejected="1").state == "committed"


def test_a_conflict_is_settled_on_the_page(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    code = "2164990001"
    seen = School.objects.get(school_code=code)
    name = str(seen.school_name)
    commit(client, send(client, [school(code, name + "甲")]))
    theirs = School.objects.filter(school_code=code, valid_to=None, replaced_by=None).values_list(
        "school_name", flat=True
    )[0]
    mine = send(client, [school(code, name + "乙", 行标识=str(seen.pk))])
    assert theirs == name + "甲", mine.note
    assert mine.counts["schools"]["conflict"] == 1
    text = text_of(client, f"/imports/{mine.pk}/differences/?kind=conflict")
    assert "保留我的" in text
    assert "保留对方的" in text
    change = ImportChange.objects.get(of=mine, kind="conflict")
    client.post(f"/imports/{mine.pk}/settle/", {f"keep-{change.pk}": "mine"})
    assert commit(client, mine).state == "committed"
    now = queries.rows_on("schools", mine.day, COUNTY).get(school_code=code)
    assert now.school_name == name + "乙"


def test_a_school_sends_in_and_the_bureau_commits(browser_of: BrowserOf) -> None:
    of = send(browser_of("school"), [{"学校标识码": "2164990001", "学校名称": "新名"}])
    text = text_of(browser_of("school"), f"/imports/{of.pk}/")
    assert "“学校”不能提交导入" in text
    assert browser_of("school").post(f"/imports/{of.pk}/commit/").status_code == 403
    assert f"/imports/{of.pk}/" in text_of(browser_of("office"), "/imports/")
    assert browser_of("school").get(f"/imports/{Import.objects.earliest('pk').pk}/").status_code == 404


def test_who_only_reads_an_import_is_told_why_and_offered_no_tick(browser_of: BrowserOf) -> None:
    of = send(browser_of("office"), [school("2164980001", "甲校")])
    text = text_of(browser_of("township"), f"/imports/{of.pk}/")
    assert "“乡镇”不能提交导入" in text
    assert "accept_low_match" not in text
    assert f"/imports/{of.pk}/panel/" not in text
    assert browser_of("township").get(f"/imports/{of.pk}/panel/").status_code == 403


def test_an_import_can_be_cancelled_before_it_is_committed(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    of = send(client, [school("2164980001", "甲校")])
    answer = client.post(f"/imports/{of.pk}/cancel/", follow=True)
    assert "登记册没有改动" in answer.content.decode()
    assert Entry.objects.order_by("-seq")[0].verb == "discard_import"


def test_templates_hold_the_sheets_asked_for(browser_of: BrowserOf) -> None:
    book = load_workbook(BytesIO(browser_of("office").get("/imports/template/?sheet=students").content))
    assert "学生" in book.sheetnames
    assert "教师" not in book.sheetnames
    everything = load_workbook(BytesIO(browser_of("school").get("/imports/template/").content)).sheetnames
    assert "学校" in everything
    assert "县级数据" not in everything


def test_the_history_names_who_when_and_which_file(browser_of: BrowserOf) -> None:
    text = text_of(
        browser_of("auditor"),
        "/imports/?columns=id&columns=file_name&columns=sha256&columns=by__display_name",
    )
    first = Import.objects.order_by("id")[0]
    for word in (first.file_name, first.sha256, str(first.by)):
        assert word in text
    assert "导入表格</a>" not in text
