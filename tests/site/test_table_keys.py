"""表格记住的次序: the rows of a filtered or sorted register are the same with its first keys remembered as when asked each time."""

from typing import Any

import pytest
from django.http import HttpRequest, QueryDict

from bureau.pages import table as tables
from bureau.pages.table import Column, Table
from bureau.registry import finding
from bureau.registry.models import Student

pytestmark = pytest.mark.django_db
COLUMNS = (
    Column("person_name", "姓名", sort="pinyin"),
    Column("stage", "学段", "code", choices={"小学": "小学", "初中": "初中"}),
    Column("left_behind", "留守", "flag", choices={"1": "是", "0": "否", "": "未报"}),
    Column("class_number", "班号", "number"),
)


def shown(address: str, version: str) -> tuple[int, list[dict[str, Any]]]:
    request = HttpRequest()
    request.GET = QueryDict(address)
    made = Table(
        request, "twin", COLUMNS, Student.objects.all(), search=finding.students, order="pinyin", version=version
    )  # fmt: skip
    rows = made.fetch(made.first - 1 if made.count else 0, made.last)
    return made.count, [{name: row[name] for name in row if name != "pk"} for row in rows]


@pytest.mark.parametrize("few", [3, 60, 10_000])
@pytest.mark.parametrize(
    "address",
    [
        "", "left_behind=1", "stage=初中&sort=class_number", "sort=-class_number", "sort=-class_number&page=2", "q=马", "q=没有这个人",
        "left_behind=&page=99", "stage=小学&stage=初中&left_behind=0&page=3",
    ],
)  # fmt: skip
def test_the_same_rows_and_count(
    monkeypatch: pytest.MonkeyPatch, county: str, address: str, few: int
) -> None:
    monkeypatch.setattr(tables, "FEW", few)
    plain = shown(address, "")
    assert shown(address, "v1") == plain
    assert shown(address, "v1") == plain  # now from memory
