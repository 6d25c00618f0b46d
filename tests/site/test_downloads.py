"""制作的文件: a long list is made by the worker for whoever asked, with progress and cancel, and taken only by them."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from shutil import rmtree

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now
from openpyxl import load_workbook

from bureau.log.models import Entry
from bureau.pages import later
from bureau.people.models import User
from bureau.registry.import_models import Import
from bureau.registry.models import Student
from bureau.work import downloads, making, marks, states, tasks
from bureau.work.models import Download
from site_rows import csv_of

BrowserOf = Callable[[str], Client]
pytestmark = pytest.mark.django_db
LIST = "/students/?format=xlsx&columns=person_name&columns=id_number&sort=-person_name"


@pytest.fixture(autouse=True)
def every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "LARGE", 20)
    # Tests roll back to the same numbers; their files would stay.
    rmtree(Path(settings.DATA) / "tmp" / "downloads", ignore_errors=True)


def asked(client: Client, address: str = LIST) -> Download:
    answer = client.get(address)
    row = Download.objects.order_by("-id")[0]
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/downloads/{row.pk}/")
    return row


def made(row: Download) -> Download:
    making.make_download.func(row.pk)
    row.refresh_from_db()
    return row


def page_of(client: Client, row: Download, part: str = "") -> str:
    return client.get(f"/downloads/{row.pk}/{part}").content.decode()


def values(content: bytes) -> list[tuple[object, ...]]:
    return [row for tab in load_workbook(BytesIO(content)) for row in tab.iter_rows(values_only=True)]


def test_the_worker_makes_exactly_what_the_page_would_have_given(
    browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of("leader")
    row = asked(client)
    assert "排队等待制作" in page_of(client, row)
    assert "disabled" in page_of(client, row)
    before = Entry.objects.count()
    row = made(row)
    assert (row.state, row.note, row.rows) == ("ready", "", Student.objects.count())
    entry = Entry.objects.order_by("-seq")[0]
    assert (Entry.objects.count() - before, entry.verb, entry.username, entry.address) == (
        1,
        "export",
        "leader",
        "127.0.0.1",
    )
    assert "文件已做好" in page_of(client, row)
    answer = client.get(f"/downloads/{row.pk}/file/")
    monkeypatch.setattr(later, "LARGE", 10**9)
    at_once = client.get(LIST)
    assert values(answer.content) == values(at_once.content)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")


def test_the_file_is_sealed_on_the_disk(browser_of: BrowserOf) -> None:
    row = made(asked(browser_of("leader")))
    assert not downloads._file(row.pk).read_bytes().startswith(b"PK")
    assert downloads.take(row=row).startswith(b"PK")


def test_a_school_gets_its_own_children_only(browser_of: BrowserOf) -> None:
    client = browser_of("school")
    row = made(asked(client))
    assert row.rows == Student.objects.filter(school_code="2164990001").count()
    names = {line[0] for line in values(client.get(f"/downloads/{row.pk}/file/").content)}
    others = Student.objects.exclude(school_code="2164990001").values_list("person_name", flat=True)
    own = Student.objects.filter(school_code="2164990001").values_list("person_name", flat=True)
    assert not names & (set(others) - set(own))
    assert set(own) <= names


def test_nobody_else_sees_or_takes_it(browser_of: BrowserOf) -> None:
    row = made(asked(browser_of("leader")))
    for part in ("", "progress/", "file/"):
        assert browser_of("office").get(f"/downloads/{row.pk}/{part}").status_code == 404
    assert browser_of("office").post(f"/downloads/{row.pk}/cancel/").status_code == 404
    assert row.title not in browser_of("office").get("/downloads/").content.decode()
    assert row.title in browser_of("leader").get("/downloads/").content.decode()


def test_a_second_click_is_the_same_file_and_another_list_another(browser_of: BrowserOf) -> None:
    client = browser_of("leader")
    assert asked(client) == asked(client)
    assert asked(client, "/students/?format=xlsx") != Download.objects.earliest("id")
    assert Download.objects.count() == 2


def test_an_account_that_lost_its_rights_gets_a_sentence_and_no_file(
    browser_of: BrowserOf, cast: dict[str, User]
) -> None:
    client = browser_of("inspector")
    row = asked(client)
    User.objects.filter(pk=cast["inspector"].pk).update(role="administrator")
    row = made(row)
    assert row.state == "failed"
    assert "权限" in row.note
    assert not downloads._file(row.pk).exists()


def test_cancelled_while_it_waits_or_is_made(browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser_of("leader")
    waiting = asked(client)
    assert (
        "已取消，没有制作文件"
        in client.post(f"/downloads/{waiting.pk}/cancel/", follow=True).content.decode()
    )
    assert made(waiting).state == "cancelled"
    row = asked(client)
    monkeypatch.setattr(marks, "SECONDS_BETWEEN_MARKS", -1)

    def given_up(*args: object) -> tuple[str, bytes]:
        downloads.cancel(row=Download.objects.get(pk=row.pk))
        return making.answer(*args)  # type: ignore[arg-type]

    downloads.make(download_id=row.pk, answer=given_up, at=now)
    row.refresh_from_db()
    assert row.state == "cancelled"
    assert not downloads._file(row.pk).exists()
    with pytest.raises(downloads.RefusedError, match="可以取消"):
        downloads.cancel(row=row)


def test_what_goes_wrong_is_a_sentence(browser_of: BrowserOf) -> None:
    client = browser_of("leader")
    row = asked(client)

    def broken(*args: object) -> tuple[str, bytes]:
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        downloads.make(download_id=row.pk, answer=broken, at=now)
    assert "制作时出了意外" in page_of(client, row)
    assert "请回到名单重新导出" in client.get(f"/downloads/{row.pk}/file/", follow=True).content.decode()


def test_after_a_kill_it_is_made_again(browser_of: BrowserOf) -> None:
    row = asked(browser_of("leader"))
    Download.objects.filter(pk=row.pk).update(state="making")
    assert downloads.recover() == [row.pk]
    assert made(row).state == "ready"


def test_a_day_later_it_is_gone(browser_of: BrowserOf) -> None:
    row = made(asked(browser_of("leader")))
    place = downloads._file(row.pk)
    assert downloads.forget_old(at=now()) == 0
    assert downloads.forget_old(at=now() + timedelta(days=1, minutes=1)) == 1
    assert not place.exists()
    assert not Download.objects.exists()


def test_the_workbook_with_comments_of_a_long_file_is_made_too(browser_of: BrowserOf) -> None:
    client = browser_of("office")
    rows = [{"学校标识码": f"21649800{number:02}", "学校名称": "校", "经度": "九百"} for number in range(30)]
    file = SimpleUploadedFile("学校.csv", csv_of(rows))
    client.post("/imports/new/", {"files": [file], "day": "2026-03-01"})
    of = Import.objects.order_by("-id")[0]
    tasks.stage_import.func(of.pk)
    row = made(asked(client, f"/imports/{of.pk}/problems.xlsx"))
    assert row.state == "ready", row.note
    book = load_workbook(BytesIO(client.get(f"/downloads/{row.pk}/file/").content))
    assert any(cell.comment for tab in book for line in tab.iter_rows() for cell in line)


def test_the_diagram_draws_the_table() -> None:
    words = {label: state for state, label in Download.State.choices}
    lines = [line.strip().split("  ")[0] for line in (states.__doc__ or "").splitlines() if "─►" in line]
    chains = [[words[word] for word in line.split(" ─► ")] for line in lines]
    arrows = {pair for chain in chains for pair in pairwise(chain)}
    assert arrows == {(now, then) for now, following in states.NEXT.items() for then in following}
    assert set(states.NEXT) == set(Download.State.values)
