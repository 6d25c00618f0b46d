"""佐证材料: a conclusion with files, a second person who has looked, and content that shows when it was changed."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from bureau.log.models import Entry
from bureau.people.file_rules import LARGEST_FILE
from bureau.people.models import User
from bureau.runs import evidence_rules as rules
from bureau.runs.evidence_models import Evidence, EvidenceFile
from bureau.runs.models import Run

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]
PDF = b"%PDF-1.4 evidence"
ADDRESS = "/county/G1/evidence/layout_plan"


def pdf(name: str = "规划.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def save(client: Client, **more: object) -> str:
    form = {"conclusion": "达标", "summary": "布局规划已批复", "files": pdf(), **more}
    return client.post(f"{ADDRESS}/save/", form, follow=True).content.decode()


def test_from_draft_to_confirmed_by_another(browser_of: Signed, cast: dict[str, User]) -> None:
    office, inspector = browser_of("office"), browser_of("inspector")
    assert "先填写并保存" in office.get("/county/G1/evidence/").content.decode()
    assert "规划.pdf" in save(office)
    office.post(f"{ADDRESS}/submit/")
    one = Evidence.objects.get(code="G1")
    assert one.state == "submitted"
    assert "填写的人不能自己复核" in office.post(f"{ADDRESS}/confirm/", follow=True).content.decode()
    assert "复核前不能修改" in save(office)
    inspector.post(f"{ADDRESS}/confirm/", {"remark": "原件已看"})
    one.refresh_from_db()
    assert (one.state, one.checked_by) == ("confirmed", cast["inspector"])
    assert Run.objects.filter(state="queued", pack="balanced-2017").count() == 1
    verbs = Entry.objects.filter(kind="evidence").values_list("verb", flat=True)
    assert {"change", "submit", "confirm"} <= set(verbs)


def test_given_back_with_a_reason_and_reopened_with_one(browser_of: Signed) -> None:
    office, leader = browser_of("office"), browser_of("leader")
    save(office)
    office.post(f"{ADDRESS}/submit/")
    assert "退回须写明原因" in leader.post(f"{ADDRESS}/give-back/", follow=True).content.decode()
    leader.post(f"{ADDRESS}/give-back/", {"remark": "缺批复文号"})
    assert "缺批复文号" in office.get("/county/G1/evidence/").content.decode()
    save(office, summary="批复文号已补")
    office.post(f"{ADDRESS}/submit/")
    leader.post(f"{ADDRESS}/confirm/")
    office.post(f"{ADDRESS}/reopen/", {"remark": "规划调整"})
    one = Evidence.objects.get(code="G1")
    assert (one.state, one.checked_by) == ("draft", None)


def test_a_file_is_sealed_and_comes_back_whole(browser_of: Signed) -> None:
    save(browser_of("office"))
    file = EvidenceFile.objects.get()
    place = Path(settings.DATA) / "evidence" / file.sha256[:2] / file.sha256
    assert PDF not in place.read_bytes()
    answer = browser_of("leader").get(f"/evidence/files/{file.pk}/")
    assert answer.content == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Entry.objects.filter(kind="evidence_file", verb="view").exists()
    assert browser_of("school").get(f"/evidence/files/{file.pk}/").status_code == 403
    place.write_bytes(b"\x01" + bytes(40))
    assert browser_of("leader").get(f"/evidence/files/{file.pk}/").status_code == 404
    place.unlink()
    assert browser_of("leader").get(f"/evidence/files/{file.pk}/").status_code == 404


def test_the_same_file_is_kept_once(browser_of: Signed) -> None:
    office = browser_of("office")
    save(office)
    save(office)
    assert EvidenceFile.objects.count() == 1
    office.post(f"/evidence/files/{EvidenceFile.objects.get().pk}/remove/")
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("程序.exe", b"MZ", "不是可以上传的类型"),
        ("规划.pdf", b"MZ not a pdf", "内容与后缀“.pdf”不符"),
        ("空.pdf", b"", "是空文件"),
        ("无后缀", PDF, "不是可以上传的类型"),
    ],
)
def test_files_that_are_not_taken(browser_of: Signed, name: str, content: bytes, why: str) -> None:
    text = save(browser_of("office"), files=pdf(name, content))
    assert why in text or not content
    assert not EvidenceFile.objects.exists()


def test_a_file_that_is_too_large(browser_of: Signed) -> None:
    large = SimpleUploadedFile("大.pdf", BytesIO(PDF + bytes(LARGEST_FILE)).getvalue())
    assert "请压缩或拆分" in save(browser_of("office"), files=large)


def test_what_is_missing_before_submitting_is_said_at_once() -> None:
    class Draft:
        state, conclusion, summary, by_id = "draft", "", " ", 1

    class Person:
        pk, role = 1, "office"

    why = rules.why_not_submit(Draft(), by=Person(), in_area=True, concludes=True, files=0)
    assert why == "还不能提交，请先选择结论、填写简要结论、至少上传一个文件"


@pytest.mark.parametrize("role", ["inspector", "auditor", "township"])
def test_who_may_not_write(browser_of: Signed, role: str) -> None:
    save(browser_of(role))
    assert not Evidence.objects.exists()


def test_the_database_too_refuses_one_person_for_both(browser_of: Signed) -> None:
    save(browser_of("office"))
    one = Evidence.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=one.pk).update(checked_by=one.by, state="confirmed")


def test_an_unknown_item_or_action(browser_of: Signed) -> None:
    office = browser_of("office")
    assert office.post("/county/G1/evidence/none/save/").status_code == 404
    assert office.post(f"{ADDRESS}/burn/").status_code == 404
    assert office.get(f"{ADDRESS}/save/").status_code == 405
