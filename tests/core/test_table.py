"""The one table: what the address says and what it means, on rows in memory."""

from typing import Any

from django.http import HttpRequest, QueryDict

from bureau.pages.cells import number
from bureau.pages.table import Column, Table

COLUMNS = (
    Column("name", "学校"),
    Column("students", "在校生", kind="number", unit="人", total=True),
    Column("kind", "办学类型", choices={"211": "小学", "311": "初级中学"}),
    Column("ratio", "师生比", kind="number", hidden=True),
)
ROWS: list[dict[str, Any]] = [
    {"id": 1, "name": "甲", "students": 0, "kind": "211", "ratio": 1.25},
    {"id": 2, "name": "乙", "students": None, "kind": "311", "ratio": None},
    {"id": 3, "name": "丙", "students": 1200, "kind": "211", "ratio": "不适用"},
]


def table(query: str = "", **given: Any) -> Table:
    request = HttpRequest()
    request.path = "/schools/"
    request.GET = QueryDict(query)
    request.session = {}  # type: ignore[assignment]
    return Table(request, "schools", COLUMNS, ROWS, search=("name",), **given)


def names(one: Table) -> list[str]:
    return [line.cells[0].text for line in one.lines]


def test_zero_is_zero_and_a_blank_is_not_reported() -> None:
    cells = [line.cells[1] for line in table().lines]
    assert [(cell.text, cell.state) for cell in cells] == [("0", ""), ("未报", "blank"), ("1,200", "")]


def test_not_applicable_is_a_dash() -> None:
    cell = table("columns=name&columns=ratio").lines[2].cells[1]
    assert (cell.text, cell.state) == ("–", "none")


def test_blanks_stay_at_the_end_in_both_directions() -> None:
    assert names(table("sort=students")) == ["甲", "丙", "乙"]
    assert names(table("sort=-students")) == ["丙", "甲", "乙"]


def test_an_unknown_order_filter_or_page_is_ignored() -> None:
    assert names(table("sort=password&kind=999&page=77")) == ["甲", "乙", "丙"]


def test_filters_add_up_and_say_so() -> None:
    one = table("kind=211&q=丙")
    assert names(one) == ["丙"]
    assert one.describe == "搜索“丙”；办学类型：小学"
    assert one.clear_address == "/schools/"


def test_totals_are_over_all_pages_and_leave_blanks_out() -> None:
    one = table("", page_size=1)
    assert one.pages == 3
    assert one.totals[1].text == "1,200"


def test_sorting_starts_paging_again_and_keeps_the_filter() -> None:
    heading = table("page=2&kind=211").headings[1]
    assert heading.sort_address == "/schools/?kind=211&sort=-students"


def test_chosen_columns_are_remembered() -> None:
    one = table("columns=name")
    assert [column.field for column in one.shown] == ["name"]
    again = Table(one.request, "schools", COLUMNS, ROWS)
    again.request.GET = QueryDict("")
    assert [column.field for column in again.shown] == ["name"]


def test_two_tables_on_a_page_do_not_disturb_each_other() -> None:
    assert names(table("sort=-students", prefix="a-")) == ["甲", "乙", "丙"]
    assert names(table("a-sort=-students", prefix="a-")) == ["丙", "甲", "乙"]


def test_numbers_are_shown_as_the_office_writes_them() -> None:
    assert [number(1234.5), number(0.0), number(12), number(1 / 3, digits=4)] == [
        "1,234.5",
        "0",
        "12",
        "0.3333",
    ]
    assert number(0.9531, percent=True) == "95.3%"
