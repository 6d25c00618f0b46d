"""各列读作什么: told on the register's page, chosen otherwise by a person, read again; and what waits for a person before it counts."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.links import facts
from bureau.links.models import Line, OutsideRegister
from bureau.links.raw_lines import guardians
from bureau.links.reading import read_files
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.work import link_tasks
from junheng.intake.identity import check_digit
from links_rows import DAY, Rows, pupils, row, upload
from site_rows import COUNTY, TODAY, csv_of

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]


def sent(client: Client, rows: Rows, source: str = "minimum") -> OutsideRegister:
    """Uploaded by the form and read by the worker."""
    file = SimpleUploadedFile("名册.csv", csv_of(rows))
    client.post("/registers/new/", {"source": source, "day": str(DAY), "coverage": "county", "files": file})
    register = OutsideRegister.objects.latest("pk")
    link_tasks.read_register.func(register.pk)
    register.refresh_from_db()
    return register


def adult(order: int) -> str:
    head = f"64039919800101{order:03d}"
    return head + check_digit(head)


def test_what_was_assumed_is_told_and_can_be_chosen_otherwise(
    browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    children = pupils(25)
    rows = [
        {"姓名": one.person_name or "", "监护人姓名": one.guardian_name or "", "身份证号": unseal(one.id_number or b"")}
        for one in children
    ]  # fmt: skip
    client = browser_of("office")
    register = sent(client, rows)
    page = client.get(f"/registers/{register.pk}/").content.decode()
    assert "号码中的出生年份是孩子的年纪，当作孩子的号码；不对请改选" in page
    assert "身份证号 ← C" in page
    assert register.state == "matched"

    address = f"/registers/{register.pk}/columns/"
    assert "监护人身份证号" in client.get(address).content.decode()
    refused = client.post(address, {"c0-0": "", "c0-1": "guardians", "c0-2": "guardian_ids"})
    assert "还没有选哪一列是孩子的姓名" in refused.content.decode()
    twice = client.post(address, {"c0-0": "name", "c0-1": "name", "c0-2": "id"})
    assert "每项只能选一列" in twice.content.decode()

    answer = client.post(address, {"c0-0": "name", "c0-1": "guardians", "c0-2": "guardian_ids"})
    assert answer.status_code == 302
    register.refresh_from_db()
    assert register.state == "received"
    assert not facts.registers_in_force(COUNTY, TODAY)
    link_tasks.read_register.func(register.pk)
    register.refresh_from_db()
    first = Line.objects.filter(of=register).order_by("number")[0]
    assert unseal(first.id_number) == ""
    assert unseal(first.guardian_ids) == rows[0]["身份证号"]
    assert "各列按人工改选读取" in register.notes
    entry = Entry.objects.filter(verb="run", kind="outside_register").latest("seq")
    assert entry.detail["columns"]["名册"]["C"] == "监护人身份证号"


def test_a_file_without_a_known_name_can_still_be_read_by_choosing(
    browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    rows = [{"娃娃": one.person_name or "", "身份证号": unseal(one.id_number or b""), "性别": "男"} for one in pupils(25)]  # fmt: skip
    client = browser_of("office")
    register = sent(client, rows)
    assert register.state == "refused"
    assert "“娃娃”" in register.note
    client.post(f"/registers/{register.pk}/columns/", {"c0-0": "name", "c0-1": "id", "c0-2": "sex"})
    link_tasks.read_register.func(register.pk)
    register.refresh_from_db()
    assert (register.state, register.counts["lines"]) == ("matched", 25)


def test_only_the_office_may_choose(browser_of: BrowserOf, cast: dict[str, User], county: str) -> None:
    register = upload([row(one) for one in pupils(25)], cast["office"])
    answer = browser_of("inspector").post(f"/registers/{register.pk}/columns/", {"c0-0": ""})
    assert "”不能" in answer.content.decode()
    register.refresh_from_db()
    assert register.state == "matched"


def test_a_list_of_heads_of_household_waits_for_a_person(
    browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    rows = [{"姓名": f"马国{'花云明芳伟'[at % 5]}", "身份证号": adult(at * 2 + 1), "保障人数": "3"} for at in range(30)]  # fmt: skip
    client = browser_of("office")
    register = sent(client, rows)
    assert register.state == "held"
    page = client.get(f"/registers/{register.pk}/").content.decode()
    assert "像是只列户主的名单" in page
    assert "请向原单位要家庭成员花名册" in page
    assert not facts.facts_of(COUNTY, TODAY)[pupils(1)[0].key].get("低保")


def test_a_townships_list_uploaded_as_the_countys_waits_for_a_person(
    browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    children = pupils(50)
    upload([row(one) for one in children], cast["office"], day=DAY.replace(day=1))
    register = sent(browser_of("office"), [row(one) for one in children[:10]])
    assert register.state == "held"
    assert "上一版（2025-10-01）有 50 行，这一版只有 10 行" in register.note
    assert facts.fact_of(COUNTY, TODAY, children[30].key)["低保"].value is True


def test_one_number_however_it_is_written_is_one_line_key(cast: dict[str, User], county: str) -> None:
    child = pupils(1)[0]
    number = unseal(child.id_number or b"")
    wide = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    keys = set()
    for day, text in enumerate((number, f"{number[:6]} {number[6:14]} {number[14:]}", wide, "'" + number), start=1):  # fmt: skip
        register = upload([row(child, 公民身份号码=text)], cast["office"], day=DAY.replace(day=day))
        line = Line.objects.get(of=register)
        keys.add((line.key, line.id_lookup, line.fingerprint))
    assert len(keys) == 1


def test_kind_and_grade_in_one_cell_are_two() -> None:
    rows = [{"姓名": "马小兰", "残疾证号": adult(1) + "43B1", "残疾类别及等级": "智力三级", "监护人姓名": "马国花"}]  # fmt: skip
    line = read_files("disabled", [("残联.csv", csv_of(rows))]).lines[0]
    assert (line.text("category"), line.text("level"), line.number) == ("智力", "三级", adult(1))
    assert guardians(line) == ("马国花", "")
