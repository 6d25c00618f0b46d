"""The same work as a workbook, the desk's pages, and the words of the phone's page."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import bureau.phone
from bureau.cases import actions as cases
from bureau.cases.models import Case, Event
from bureau.people.models import User
from bureau.phone import cards as phone_cards
from bureau.phone.models import Receipt
from bureau.phone.states import State
from bureau.phone.words import WORDS
from junheng.policy.ledgers import parse, shipped
from phone.rows import give, ledger, open_cases
from site_rows import NOW, TODAY

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
VISITED = "2026-03-01"
HAN = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r"“[^”]*”")


@pytest.fixture
def mine(cast: dict[str, User]) -> list[Case]:
    ledger(cast["office"])
    return open_cases(cast["teacher"], cast["office"], 3)


def downloaded(client: Client) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(client.get("/phone/sheet/download/").content))


def upload(client: Client, book: openpyxl.Workbook | bytes) -> str:
    content = BytesIO()
    if isinstance(book, bytes):
        content.write(book)
    else:
        book.save(content)
    answer = client.post("/phone/sheet/", {"file": SimpleUploadedFile("走访表.xlsx", content.getvalue())})
    assert answer.status_code in (200, 422)
    return answer.content.decode()


def columns(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[1]}


def fill(sheet: openpyxl.worksheet.worksheet.Worksheet, row: int, **values: object) -> None:
    places = columns(sheet)
    for heading, value in values.items():
        sheet.cell(row, places[heading]).value = value


def test_rows_of_a_sheet_are_accepted_once(mine: list[Case], browser_of: BrowserOf) -> None:
    client = browser_of("teacher")
    book = downloaded(client)
    sheet = book.worksheets[0]
    assert sheet.max_row == 4
    assert sheet.column_dimensions["A"].hidden
    fill(sheet, 2, 走访日期=VISITED, 走访情况="到家见到孩子", 不在校原因="因病")
    fill(sheet, 3, 走访日期="2026年3月1日", 走访情况="没有见到人")
    page = upload(client, book)
    assert page.count("已收到") == 2
    assert Event.objects.filter(text="到家见到孩子").count() == 1
    assert Case.objects.filter(fields__reason="因病").count() == 1
    again = upload(client, book)
    assert again.count("以前已收到") == 2
    assert Receipt.objects.filter(source="sheet").count() == 2


def test_every_problem_of_a_sheet_at_once_and_nothing_saved(mine: list[Case], browser_of: BrowserOf) -> None:
    client = browser_of("teacher")
    book = downloaded(client)
    sheet = book.worksheets[0]
    fill(sheet, 2, 走访日期="昨天", 走访情况="甲", 通话次数="九")
    fill(sheet, 3, 走访日期="2099-01-01", 走访情况="乙")
    fill(sheet, 4, 不在校原因="因病")
    places = columns(sheet)
    sheet.append([cell.value for cell in sheet[2]])
    sheet.append(["乱", mine[0].pk, 1, sheet.cell(2, 4).value])
    fill(sheet, 6, 走访日期=VISITED, 走访情况="丙")
    page = upload(client, book)
    for words in (
        "第2行“走访日期”",
        "“昨天”不是日期",
        "“九”不是整数",
        "还没有到",
        "却没有填走访日期",
        "第6行“行标识”",
    ):
        assert words in page, words
    assert places["走访情况"]
    assert not Receipt.objects.exists()


def test_what_is_no_sheet_is_refused_in_a_sentence(mine: list[Case], browser_of: BrowserOf) -> None:
    client = browser_of("teacher")
    assert "打不开" in upload(client, b"MZ not a workbook") or "xlsx" in upload(client, b"MZ")
    other = openpyxl.Workbook()
    assert "没有找到走访表的标题行" in upload(client, other)
    assert "没有填了走访日期的行" in upload(client, downloaded(client))
    assert "没有选择文件" in client.post("/phone/sheet/").content.decode()


def test_a_sheet_meets_what_others_wrote(
    mine: list[Case], cast: dict[str, User], browser_of: BrowserOf
) -> None:
    client = browser_of("teacher")
    book = downloaded(client)
    sheet = book.worksheets[0]
    number = int(sheet.cell(2, 2).value)
    cases.change_fields(case_id=number, fields={"reason": "家庭困难"}, by=cast["office"], at=NOW, today=TODAY)
    give([int(sheet.cell(3, 2).value)], None, cast["office"], "school")
    fill(sheet, 2, 走访日期=VISITED, 走访情况="甲", 不在校原因="外出务工")
    fill(sheet, 3, 走访日期=VISITED, 走访情况="乙")
    page = upload(client, book)
    assert "与别人的修改不一致" in page
    assert "转上级处理" in page
    assert Case.objects.get(pk=number).fields["reason"] == "家庭困难"
    desk = browser_of("school").get("/phone/desk/").content.decode()
    assert "（2）" in desk
    held = Receipt.objects.get(state=State.HELD)
    page = browser_of("school").get(f"/phone/desk/{held.pk}/").content.decode()
    assert "采用：以我的名义入账" in page
    assert "不能处理自己" not in page
    mine_page = client.get(f"/phone/desk/{held.pk}/").content.decode()
    assert "可以的角色" in mine_page
    answer = browser_of("school").post(f"/phone/desk/{held.pk}/decline/", {"reason": ""}, follow=True)
    assert "请写明理由" in answer.content.decode()
    browser_of("school").post(f"/phone/desk/{held.pk}/release/", {"reason": "核实"})
    assert Receipt.objects.get(pk=held.pk).state == State.RELEASED
    assert browser_of("township").get(f"/phone/desk/{held.pk}/").status_code in (200, 404)
    assert browser_of("unit").get("/phone/desk/").status_code == 403


def test_pages_without_anything_say_what_to_do(cast: dict[str, User], browser_of: BrowserOf) -> None:
    client = browser_of("teacher")
    for address in ("/phone/sheet/", "/phone/cards/", "/phone/desk/", "/phone/devices/"):
        assert 'class="empty"' in client.get(address).content.decode(), address


def test_cards_name_the_child_and_hold_a_code_only(mine: list[Case], browser_of: BrowserOf) -> None:
    page = browser_of("teacher").get("/phone/cards/").content.decode()
    assert page.count('class="qr"') == 3
    assert mine[0].label in page
    assert mine[0].subject_key not in page


def test_many_cards_are_printed_a_few_sheets_at_a_time(
    mine: list[Case], browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_cards, "A_PART", 2)
    client = browser_of("teacher")
    pages = [client.get("/phone/cards/", {"part": part}).content.decode() for part in ("", "2", "99", "x")]
    assert [page.count('class="qr"') for page in pages] == [2, 1, 1, 2]
    assert "共 3 张卡" in pages[0]
    for one in mine:
        assert (one.label in pages[0]) != (one.label in pages[1])


def test_the_shell_holds_nobody_and_knows_its_parts(mine: list[Case], browser_of: BrowserOf) -> None:
    shell = browser_of("teacher").get("/phone/")
    assert mine[0].label not in shell.content.decode()
    assert "camera=(self)" in shell["Permissions-Policy"]
    worker = Client().get("/phone/worker.js").content.decode()
    for name in ("app.js", "vault.js", "phone.css", "icon-192.png"):
        assert f"/static/phone/{name}" in worker
    manifest = Client().get("/phone/manifest.json")
    assert manifest.json()["scope"] == "/phone/"
    assert "用户" not in manifest.content.decode()


def test_what_a_ledger_says_is_english_on_an_english_phone() -> None:
    english = Client().get("/phone/words.json").json()
    assert english["辍学学生台账"] == "Dropouts"
    dropout = parse(shipped()["dropout"])
    called = {one.title for one in (*dropout.states, *dropout.columns, *dropout.forms)}
    assert not {title for title in called if HAN.search(english.get(title, title))}
    # What has no English stays as it is stored: it is not said to be English. A quoted word is the
    # one that stands in the data, and stands there in Chinese.
    assert not {told for told in english.values() if HAN.search(QUOTED.sub("", told))}


def test_every_text_of_the_scripts_is_in_the_catalogue() -> None:
    folder = Path(bureau.phone.__file__).parent / "static" / "phone"
    used = set()
    for path in folder.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'\bt\("([^"]+)"', text))
        if "const STATES = {" in text:
            block = text.split("const STATES = {")[1].split("};")[0]
            used |= set(re.findall(r'"([^"]+)"', block))
    assert used == set(WORDS)
