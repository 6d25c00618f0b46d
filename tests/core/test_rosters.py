"""名册的各种排法: the shapes in which offices really send their lists, each told apart by headings, groups, merged cells and birth years."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.intake.delimited import read_delimited
from junheng.intake.identity import check_digit
from junheng.intake.raw import Tab, open_tabs
from junheng.matching.roster import Roster, read_roster
from junheng.matching.sheet import ROLL

Rows = list[list[Any]]


def number(born: str, order: int) -> str:
    """An impossible ID number (area 640399) with a right check digit."""
    head = f"640399{born}{order:03d}"
    return head + check_digit(head)


NAMES = ("马小兰", "杨文军", "金思明", "丁梅", "哈秀霞", "买子强")
CHILDREN = [(name, number(f"201{at}0308", at * 2 + 1)) for at, name in enumerate(NAMES)]
PARENTS = [(name[0] + "国花", number(f"198{at}0611", at * 2 + 101)) for at, name in enumerate(NAMES)]
HOMES = list(zip(CHILDREN, PARENTS, strict=True))


def workbook(rows: Rows, merges: Sequence[str] = (), hidden: Sequence[int] = (), name: str = "名单", more: dict[str, Rows] | None = None) -> bytes:  # fmt: skip
    """An .xlsx; `merges` as Excel writes them, `hidden` rows as Excel numbers them; "=…" is a formula that was never worked out."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for title, lines in {name: rows, **(more or {})}.items():
        tab = book.add_worksheet(title)
        for at, line in enumerate(lines):
            for place, value in enumerate(line):
                if isinstance(value, str) and value.startswith("="):
                    tab.write_formula(at, place, value, None, "#N/A")
                elif value is not None:
                    tab.write(at, place, value)
            if title == name and at + 1 in hidden:
                tab.set_row(at, None, None, {"hidden": True})
        for one in merges if title == name else ():
            tab.merge_range(one, "")
            first = one.split(":")[0]
            place, at = ord(first[0]) - 65, int(first[1:]) - 1
            if lines[at][place] is not None:
                tab.write(at, place, lines[at][place])
    book.close()
    return buffer.getvalue()


def read(content: bytes, day_year: int = 0) -> Roster:
    return read_roster(ROLL, open_tabs("名册.xlsx", content), day_year=day_year)


def under(heads: Rows, lines: Iterable[list[Any]]) -> Rows:
    return [*heads, *lines]


def people(roster: Roster) -> list[tuple[str, str]]:
    return [(entry.texts.get("name", ""), entry.texts.get("id", "")) for part in roster.parts for entry in part.entries]  # fmt: skip


def kin(roster: Roster) -> list[tuple[str, str]]:
    """Who of the home is known of each line, by whatever heading."""
    names, numbers = ("guardians", "head", "father"), ("guardian_ids", "head_id", "father_id")
    return [
        tuple(
            next((text for name in side if (text := entry.texts.get(name))), "") for side in (names, numbers)
        )  # type: ignore[misc]
        for part in roster.parts
        for entry in part.entries
    ]


SHAPES: dict[str, tuple[Rows, Sequence[str]]] = {
    "groups, the guardian first": (
        under(
            [
                ["孤儿花名册"],
                ["序号", "监护人基本情况", None, "儿童基本情况", None],
                [None, "姓名", "身份证号码", "姓名", "身份证号码"],
            ],
            [[at, *parent, *child] for at, (child, parent) in enumerate(HOMES)],
        ),
        ["A1:E1", "A2:A3", "B2:C2", "D2:E2"],
    ),
    "groups without merged cells": (
        under(
            [["户主信息", None, "家庭成员信息", None], ["姓名", "身份证号", "姓名", "身份证号"]],
            [[*parent, *child] for child, parent in HOMES],
        ),
        [],
    ),
    "a bare number behind each name": (
        under(
            [["监护人", "身份证号", "儿童姓名", "身份证号"]], [[*parent, *child] for child, parent in HOMES]
        ),
        [],
    ),
    "whose it is in brackets": (
        under(
            [["姓名（户主）", "身份证号（户主）", "姓名（成员）", "身份证号（成员）"]],
            [[*parent, *child] for child, parent in HOMES],
        ),
        [],
    ),
    "the parent's columns say nothing": (
        under(
            [["姓名", "身份证号", "子女姓名", "子女身份证号"]], [[*parent, *child] for child, parent in HOMES]
        ),
        [],
    ),
    "the same headings twice, told by the birth years": (
        under([["姓名", "身份证号", "姓名", "身份证号"]], [[*parent, *child] for child, parent in HOMES]),
        [],
    ),
    "three rows of headings": (
        under(
            [
                ["基本情况", None, None, "家庭情况", None],
                ["姓名", "证件", None, "户主", None],
                [None, "类型", "号码", "姓名", "身份证号"],
            ],
            [[child[0], "身份证", child[1], *parent] for child, parent in HOMES],
        ),
        ["A1:C1", "D1:E1", "A2:A3", "B2:C2", "D2:E2"],
    ),
    "one number, the child's, behind the guardian": (
        under(
            [["供养对象姓名", "监护人姓名", "身份证号"]],
            [[child[0], parent[0], child[1]] for child, parent in HOMES],
        ),
        [],
    ),
    "a pupil and the members of the home": (
        under(
            [
                ["学生信息", None, "家庭主要成员", None, None],
                ["姓名", "身份证号", "姓名", "关系", "身份证号"],
            ],
            [[*child, parent[0], "父亲", parent[1]] for child, parent in HOMES],
        ),
        ["A1:B1", "C1:E1"],
    ),
    "who is assisted and the members of the home": (
        under(
            [["低保对象姓名", "身份证号", "家庭成员姓名", "身份证号"]],
            [[*parent, *child] for child, parent in HOMES],
        ),
        [],
    ),
    "the child's number behind the head's": (
        under(
            [["学生姓名", "户主姓名", "户主身份证号", "身份证号"]],
            [[child[0], *parent, child[1]] for child, parent in HOMES],
        ),
        [],
    ),
    "head, spouse and child": (
        under(
            [["户主姓名", "身份证号", "配偶姓名", "身份证号", "子女姓名", "身份证号"]],
            [[*parent, "丁秀兰", number("19811111", 201), *child] for child, parent in HOMES],
        ),
        [],
    ),
    "name and number in one cell": (
        under(
            [["姓名", "监护人姓名"]], [[f"{child[0]}（{child[1]}）", parent[0]] for child, parent in HOMES]
        ),
        [],
    ),
    "a card that holds the number": (
        under(
            [["残疾人证号", "残疾人姓名", "身份证号", "监护人姓名", "照料人姓名", "身份证号"]],
            [["办理中", *child, parent[0], "赵某某", number("19700101", 9)] for child, parent in HOMES],
        ),
        [],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_child_is_the_child_and_the_parent_the_parent(shape: str) -> None:
    rows, merges = SHAPES[shape]
    roster = read(workbook(rows, merges), day_year=2024)
    assert people(roster) == CHILDREN
    assert [name for name, _ in kin(roster)] == [name for name, _ in PARENTS]
    assert all(found in ("", own) for (_, found), (_, own) in zip(kin(roster), PARENTS, strict=True))
    assert not roster.problems


def test_a_number_behind_the_guardian_that_is_an_adults_is_the_guardians() -> None:
    rows: Rows = [["姓名", "监护人姓名", "身份证号"]] + [[child[0], *parent] for child, parent in HOMES]
    roster = read(workbook(rows), day_year=2024)
    assert people(roster) == [(name, "") for name, _ in CHILDREN]
    assert kin(roster) == PARENTS
    assert "当作监护人的号码" in roster.notes[0]
    assert "不对请改选" in roster.notes[0]


def test_the_head_of_household_is_written_once_for_the_members_below() -> None:
    rows: Rows = [["序号", "户主姓名", "身份证号", "家庭成员姓名", "身份证号", "与户主关系"]]
    for at in range(0, 6, 2):
        rows += [[at, *PARENTS[at], *CHILDREN[at], "长女"], [None, None, None, *CHILDREN[at + 1], "长子"]]
    for merges in ([], [f"{column}{row}:{column}{row + 1}" for row in (2, 4, 6) for column in "ABC"]):
        roster = read(workbook(rows, merges))
        assert people(roster) == CHILDREN
        assert kin(roster) == [PARENTS[at - at % 2] for at in range(6)]


def test_people_side_by_side_and_members_one_after_another_are_all_read() -> None:
    halves: Rows = [[*one, None, *two] for one, two in zip(CHILDREN[:3], CHILDREN[3:], strict=True)]
    printed = read(workbook([["姓名", "身份证号", None, "姓名", "身份证号"], *halves]))
    assert sorted(people(printed)) == sorted(CHILDREN)
    assert [part.where(entry) for part in printed.parts for entry in part.entries][:2] == ["2（A列）", "3（A列）"]  # fmt: skip
    wide: Rows = [["户主姓名", "身份证号", "成员1姓名", "身份证号", "成员2姓名", "身份证号"]]
    wide += [[*PARENTS[at], *CHILDREN[at], *CHILDREN[at + 1]] for at in range(0, 6, 2)]
    household = read(workbook(wide))
    assert sorted(people(household)) == sorted(CHILDREN)
    assert sorted(set(kin(household))) == sorted(PARENTS[::2])
    one_cell: Rows = [
        ["户主姓名", "家庭成员姓名", "身份证号"],
        ["马国花", "马小兰、杨文军", f"{CHILDREN[0][1]}、{CHILDREN[1][1]}"],
    ]
    assert people(read(workbook(one_cell))) == CHILDREN[:2]


def test_totals_signatures_examples_and_headings_repeated_are_nobody() -> None:
    heading = ["序号", "姓名", "身份证号", "监护人姓名", "金额"]
    rows: Rows = [
        ["低保花名册"],
        heading,
        ["甲", "1", "2", "3", "4"],
        [None, "（示例）张三", number("20100101", 1), "张大", 100],
        ["河草沟村"],
    ]
    rows += [[at, *child, parent[0], 330] for at, (child, parent) in enumerate(HOMES[:3])]
    rows += [
        [None, "小  计", None, None, 990],
        [None, "本页合计：3人", None, None, 990],
        ["第 1 页，共 2 页"],
        ["低保花名册"],
        heading,
    ]
    rows += [[at, *child, parent[0], 330] for at, (child, parent) in enumerate(HOMES[3:])]
    rows += [
        ["河草沟村合计", None, None, None, 1980],
        [None, "填表人：李某", None, "审核人：王某"],
        [None, None, "同心县民政局（章）", "2024年9月"],
    ]
    rows += [[at] for at in range(7, 40)]
    roster = read(workbook(rows, ["A1:E1", "A5:E5"]))
    assert people(roster) == CHILDREN
    told = " ".join(roster.notes)
    for sentence in (
        "第9、10、17行是小计、合计",
        "第3、4行是填写示例或栏号",
        "第12、13行是重复的标题",
        "第5行只有村名",
        "第11、18、19行是签名、说明",
    ):
        assert sentence in told


def test_worksheets_that_are_no_register_are_named_and_left_out() -> None:
    register: Rows = [["姓名", "身份证号", "监护人姓名"], *([*child, parent[0]] for child, parent in HOMES)]
    more: dict[str, Rows] = {
        "统计表": [["乡镇", "户数"], ["丁塘镇", 3]],
        "字典": [["字段", "示例"], ["姓名", "张三"]],
        "停发人员": register,
    }
    roster = read(workbook(register, hidden=[3, 4], more=more))
    assert people(roster) == CHILDREN
    told = " ".join(roster.notes)
    for sentence in (
        "工作表“统计表”没有“姓名”列",
        "“字典”有姓名，但没有身份证号",
        "“停发人员”看名称是停发、退出的人",
        "有 2 行在 Excel 中是隐藏的",
    ):
        assert sentence in told


def test_what_cannot_be_read_says_what_to_do() -> None:
    heads: Rows = [["户主姓名", "户主身份证号", "保障人口"], *([*parent, 3] for parent in PARENTS)]
    assert "请向原单位要家庭成员花名册" in read(workbook(heads)).problems[0]
    bank: Rows = [["批次号", "户名", "账号", "金额"], ["1", "马国花", "6229", 500]]
    assert "“户名”" in read(workbook(bank)).problems[0]
    lost: Rows = [["姓名", "身份证号"], *(["=A1", child[1]] for child in CHILDREN)]
    broken = read(workbook(lost))
    assert all(
        "公式出错" in said for part in broken.parts for entry in part.entries for _, said in entry.wrong
    )
    assert [name for name, _ in people(broken)] == [""] * 6


def test_two_names_of_which_nothing_says_whose_are_a_guess() -> None:
    rows: Rows = [["姓名", "村", "姓名"]] + [[child[0], "河草沟村", parent[0]] for child, parent in HOMES]
    roster = read(workbook(rows))
    assert roster.parts[0].columns.guessed
    assert not read(workbook([["姓名", "监护人姓名"], ["马小兰", "马国花"]])).parts[0].columns.guessed


def test_a_persons_choice_goes_before_everything() -> None:
    rows: Rows = [["姓名", "监护人姓名", "身份证号"]] + [[child[0], *parent] for child, parent in HOMES]
    chosen = {"名单": {0: "guardians", 1: "name", 2: "id"}}
    roster = read_roster(ROLL, open_tabs("名册.xlsx", workbook(rows)), chosen)
    assert people(roster) == PARENTS
    assert [column["name"] for column in roster.seen[0]["columns"]] == ["guardians", "name", "id"]


def test_a_mark_of_gb18030_hides_no_quotation_mark() -> None:
    content = b"\x84\x31\x95\x33" + '"姓名","身份证号"\r\n"马小兰","1"'.encode("gb18030")
    assert read_delimited(content) == [["姓名", "身份证号"], ["马小兰", "1"]]


def test_the_year_of_a_serial_birth_date_is_near_enough_to_tell_a_child_from_a_parent() -> None:
    serial = (date(2012, 5, 6) - date(1899, 12, 30)).days
    rows: Rows = [["姓名", "出生日期", "监护人姓名", "身份证号"]] + [
        [child[0], serial, *parent] for child, parent in HOMES
    ]
    assert kin(read(workbook(rows))) == PARENTS


CELLS = st.sampled_from(
    ["", "", "姓名", "身份证号", "户主信息", "监护人姓名", "成员1姓名", "成员2姓名", "序号", "关系", "合计", "（盖章）", "#N/A", "马小兰", "马小兰、丁梅", "(", "父",
     CHILDREN[0][1], PARENTS[0][1], 6.4039920100308e17, 41000, True, date(2012, 3, 4)]
)  # fmt: skip
MERGED = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 3), st.integers(0, 3))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=7), st.lists(MERGED, max_size=3), st.integers(0, 2))
def test_whatever_stands_in_the_cells_is_read_or_told(
    rows: Rows, merged: list[tuple[int, int, int, int]], first: int
) -> None:
    merges = [((top, left), (top + down, left + across)) for top, left, down, across in merged]
    tab = Tab("表", lambda: iter(rows), len(rows), first_column=first, merges=lambda: merges)
    roster = read_roster(ROLL, [tab])
    for part in roster.parts:
        assert "name" in part.columns.places
        for entry in part.entries:
            assert set(entry.texts.values()) - {""} or entry.wrong
    assert roster.parts or roster.problems or not any(str(cell).strip() for row in rows for cell in row)
