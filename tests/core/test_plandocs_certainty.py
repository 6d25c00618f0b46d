"""可信度: doubtful items are few, each says why, and odd readings are among them."""

from __future__ import annotations

import pytest

from core.test_plandocs_places import PATHS, gold_of
from junheng.plandocs import compile_plan, items

HEAD = "青石县公共服务提升行动计划\n\n青石县人民政府\n2023年3月1日\n\n一、主要任务\n"


def test_few_items_are_doubtful_and_each_says_why() -> None:
    doubtful = total = 0
    for path in PATHS:
        found = items(compile_plan(gold_of(path)[0].encode(), path.stem))
        total += len(found)
        doubtful += sum(item.doubtful for item in found)
        assert all(item.why.endswith("。") for item in found if item.doubtful)
        assert all(item.why == "" for item in found if not item.doubtful)
    assert doubtful <= total * 0.08


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("小学巩固率达到112%。", "超过100"),
        ("新建办公用房达到3坨。", "计量单位"),
        ("新增用地5000平方米（小学3000、幼儿园2000）。", "借用了前面的单位"),
        ("建设阶段（2024年10月2025年12月）。", "连接号"),
        ("12月底前完成评估。", "年份"),
        ("根据《评估办法（国发〔2012〕48号）和《布局规划》推进。", "书名号"),
    ],
)
def test_an_odd_reading_is_doubtful_and_says_so(text: str, says: str) -> None:
    found = items(compile_plan((HEAD + text + "\n").encode(), "例.txt"))
    assert any(says in item.why for item in found if item.doubtful)


def test_a_plain_reading_is_not_doubtful() -> None:
    text = "到2027年，全县小学巩固率达到99%以上，新建幼儿园5所。（责任单位：教育局、财政局）"
    assert not any(item.doubtful for item in items(compile_plan((HEAD + text + "\n").encode(), "例.txt")))
