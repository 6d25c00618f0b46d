"""下载表格修改后上传: the rows of a list with their marks, and the way back."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from bureau.log.models import Entry
from bureau.pages.people_columns import opened
from bureau.registry.import_models import Import
from bureau.registry.models import School, Student
from bureau.work import tasks

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def rows_of(content: bytes, tab: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content))[tab].iter_rows()]


def test_a_sheet_carries_row_marks_and_only_the_filtered_rows(browser_of: BrowserOf) -> None:
    answer = browser_of("office").post("/sheets/schools/?school_kind=312")
    rows = rows_of(answer.content, "学校")
    assert rows[0][0] == "行标识"
    marks = {str(row[0]) for row in rows[1:] if row[0]}
    assert marks == {str(pk) for pk in School.objects.filter(school_kind="312").values_list("pk", flat=True)}
    assert Entry.objects.order_by("-seq")[0].verb == "export"


def test_numbers_of_children_need_a_reason_and_are_logged(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    address = "/sheets/students/?school_code=2164990001"
    refused = client.post(address)
    assert refused.status_code == 422
    assert "请选择或填写下载明文的事由" in refused.content.decode()
    answer = client.post(address, {"reason": "更新名册"})
    rows = rows_of(answer.content, "学生")
    children = Student.objects.filter(school_code="2164990001")
    place = rows[0].index("全国学籍号")
    assert {row[place] for row in rows[1:] if row[0]} == {
        opened(child.enrolment_number) for child in children
    }
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.reason) == ("reveal", "更新名册")
    assert entry.detail["rows"] == children.count()


def test_the_downloaded_sheet_comes_back_as_no_change(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    content = client.post("/sheets/students/?school_code=2164990001", {"reason": "更新名册"}).content
    client.post("/imports/new/", {"files": [SimpleUploadedFile("学生.xlsx", content)], "day": "2026-03-01"})
    of = Import.objects.order_by("-id")[0]
    tasks.stage_import.func(of.pk)
    of.refresh_from_db()
    assert of.state == "in_review", of.note
    count = of.counts["students"]
    assert count["unchanged"] + count["rejected"] == count["rows"]
    assert count["new"] == 0


def test_a_school_cannot_take_the_bureaus_sheets(browser_of: BrowserOf) -> None:
    assert browser_of("school").get("/sheets/county/").status_code == 404
    assert browser_of("inspector").get("/sheets/schools/").status_code == 403
    assert browser_of("office").get("/sheets/nothing/").status_code == 404
