"""坏名册 through the upload page: everything the other office got wrong is said on the register's page, and nobody is taken for another."""

from collections.abc import Callable
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.links import facts
from bureau.links.models import Line, Link, OutsideRegister
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.work import link_tasks
from junheng.intake.identity import check_digit
from links_rows import Rows, pupils, row
from site_rows import COUNTY, TODAY, csv_of

pytestmark = pytest.mark.django_db
LINES = 3_000  # ten thousand take the same way, and longer
BrowserOf = Callable[[str], Client]


@pytest.fixture
def send(browser_of: BrowserOf) -> Callable[[Rows], tuple[OutsideRegister, str]]:
    """Uploads a file by the form, lets the worker do its part, and opens the register's page."""
    client = browser_of("office")

    def sent(rows: Rows) -> tuple[OutsideRegister, str]:
        file = SimpleUploadedFile("低保名册.csv", csv_of(rows))
        form = {"source": "minimum", "day": "2025-10-08", "coverage": "county", "files": file}
        address = client.post("/registers/new/", form).headers["Location"]
        register = OutsideRegister.objects.latest("pk")
        link_tasks.read_register.func(register.pk)
        register.refresh_from_db()
        return register, client.get(address).content.decode() + client.get(f"{address}problems/").content.decode()  # fmt: skip

    return sent


Send = Callable[[Rows], tuple[OutsideRegister, str]]


def right(register: OutsideRegister, keys: list[str]) -> int:
    """How many lines have their own pupil; none may have another automatically."""
    found = dict(Link.objects.filter(of=register).values_list("line__number", "student_key"))
    automatic = Link.objects.filter(of=register, state="automatic").values_list("line__number", "student_key")
    assert all(keys[number - 1] == key for number, key in automatic)
    return sum(found[number] == key for number, key in enumerate(keys, start=1))


def test_one_number_in_twenty_is_wrong(send: Send, cast: dict[str, User], county: str) -> None:
    children, chance = pupils(80), Random(7)
    rows = [row(one) for one in children]
    for one in rows[::20]:
        at = chance.randrange(6, 17)
        number = one["公民身份号码"]
        one["公民身份号码"] = number[:at] + str((int(number[at]) + 3) % 10) + number[at + 1 :]
    register, page = send(rows)
    assert register.state == "matched"
    assert "校验码不对" in page
    assert right(register, [one.key for one in children]) == 80


def test_the_number_column_was_turned_into_powers_of_ten(
    send: Send, cast: dict[str, User], county: str
) -> None:
    children = pupils(60)
    rows = [
        row(one, 公民身份号码=f"{float(unseal(one.id_number or b'')[:17] + '0'):.1E}") for one in children
    ]
    register, page = send(rows)
    assert "6.4E+17 这样的数字" in page
    assert "设为“文本”后重新导出" in page
    assert right(register, [one.key for one in children]) >= 57


def test_the_fathers_number_stands_for_all_three_children(
    send: Send, cast: dict[str, User], county: str
) -> None:
    children = pupils(30)
    head = "64039919800101001"
    father = head + check_digit(head)
    rows = [row(one, 公民身份号码=father) if at < 3 else row(one) for at, one in enumerate(children)]
    register, page = send(rows)
    assert "像是填了监护人的号码" in page
    assert "姓名不同，却填了同一个号码" in page
    assert father not in page
    assert right(register, [one.key for one in children]) == 30


def test_thousands_of_lines_of_another_county_decide_nothing(
    send: Send, browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    chance = Random(11)
    rows: Rows = []
    for number in range(LINES):
        head = f"6402{chance.randrange(10, 25)}20{chance.randrange(10, 19)}0{chance.randrange(1, 10)}1{chance.randrange(10)}{number % 999:03d}"
        rows.append(
            {
                "家庭成员姓名": "赵钱孙李周吴郑王"[number % 8] + chr(0x4E00 + chance.randrange(900)) + chr(0x5200 + chance.randrange(900)),
                "公民身份号码": head + check_digit(head),
                "县区": "大武口区",
                "乡镇": "星海镇",
                "低保类别": "城市低保",
            }
        )  # fmt: skip
    register, page = send(rows)
    assert (register.state, register.counts["lines"]) == ("held", LINES)
    assert "像是别的县、别的学年或选错了文件" in page
    assert "在您确认之前不会用来认定资助对象和在册不在校" in page
    assert not any(known.get("低保") for known in facts.facts_of(COUNTY, TODAY).values())
    assert "还没有名册" in browser_of("office").get("/registers/missing/").content.decode()


def test_two_lines_of_one_child_with_two_categories(
    send: Send, browser_of: BrowserOf, cast: dict[str, User], county: str
) -> None:
    children = pupils(25)
    register, page = send([*(row(one) for one in children), row(children[0], 低保类别="城市低保")])
    assert "是同一个孩子，但低保类别“农村低保”和“城市低保”不一致，请原单位确认以哪一条为准" in page
    found = browser_of("office").get("/registers/findings/").content.decode()
    assert "类别却不同" in found
    assert facts.fact_of(COUNTY, TODAY, children[0].key)["低保"].value is True
    assert register.state == "matched"


def test_a_home_kept_in_one_cell_is_taken_apart(send: Send, cast: dict[str, User], county: str) -> None:
    rows = [
        {name: text for name, text in row(one).items() if name not in ("乡镇", "村（居）")}
        | {"户籍地址": "宁夏同心县豫海镇新庄村一组"}
        for one in pupils(25)
    ]
    register, page = send(rows)
    assert "没有用到的列" not in page
    homes = Line.objects.filter(of=register).values_list("county", "township", "village")
    assert set(homes) == {("同心县", "豫海镇", "新庄村")}


def test_a_category_heading_with_a_unit_of_money_is_not_read(
    send: Send, cast: dict[str, User], county: str
) -> None:
    rows = [row(one) for one in pupils(25)]
    rows = [
        {("档次（万元）" if name == "档次" else name): value for name, value in one.items()} for one in rows
    ]
    register, page = send(rows)
    assert "标题“档次（万元）”的单位是“万元”" in page
    assert not register.lines.exclude(level="").exists()
