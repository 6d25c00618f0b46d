"""匹配的算例: each line of matching_examples.yaml against the child, among the children of a small county."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from junheng.matching import HANDLING, match, reasons
from town.identity import check_digit
from town.register_damage import truth_line
from town.register_people import households

EXAMPLES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "matching_examples.yaml").read_text("utf-8")
)
CHILD = {
    "name": "马小龙", "id": "64039920090304123?", "sex": "男", "born": "2009-03-04", "county": "同心县", "township": "丁塘镇", "village": "河草沟村",
    "guardians": "马国强", "guardian_ids": "64039919800304121?", "phone": "10012345678",
}  # fmt: skip
OTHERS = [truth_line(child) for home in households(2, 400, 77) for child in home.children]


def line(changes: dict[str, Any]) -> dict[str, str]:
    """`…?` becomes the right check digit; `…?0` a wrong one."""
    made = CHILD | {name: str(value) for name, value in changes.items()}
    for name in ("id", "guardian_ids"):
        if found := re.fullmatch(r"(\d{16,17})\?(0?)", made[name]):
            digit = check_digit("64039920090304123") if found[2] else check_digit(found[1])
            made[name] = found[1] + digit
    return made


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["name"] for example in EXAMPLES])
def test_example(example: dict[str, Any]) -> None:
    left = [*OTHERS[:200], line(example.get("school", {})), *OTHERS[200:]]
    right = [line(example["list"])]
    a, b = ({name: [one[name] or None for one in side] for name in CHILD} for side in (left, right))
    found = match(a, b)
    text = reasons(found, a, b)[0]
    assert HANDLING[int(found.handling[0])] == example["handling"], (text, found.probability[0])
    assert int(found.other[0]) == (-1 if example["handling"] == "未匹配" else 200), text
    for words in example["says"]:
        assert words in text
