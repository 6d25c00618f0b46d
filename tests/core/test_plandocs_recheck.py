"""复核与比较: what the clerk's page relies on: one list of items, fresh residuals and contradictions, plans side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from junheng.plandocs import Item, added, compare, compile_plan, doubtful_first, items, recheck

PLAN = """青石县教育提升行动计划（2023—2027年）

青石县人民政府
2023年3月1日

一、主要目标
到2025年，小学巩固率达到99%，普惠性幼儿园覆盖率达到88%以上。
二、主要任务
（一）扩大学位。2024年底前，新建幼儿园5所，总数保持在 31。（责任单位：教体局、财政局）
（二）提高质量。到2027年，普惠性幼儿园覆盖率达到95%以上。
"""
LATER = (
    PLAN.replace("88%", "90%").replace("新建幼儿园5所", "新建幼儿园6所").replace("小学巩固率达到99%，", "")
)


def listed(text: str = PLAN) -> list[Item]:
    return items(compile_plan(text.encode(), "例.txt"))


def places() -> list[Path]:
    return sorted(Path(__file__).with_name("test_plandocs_places").glob("*.ann"))


def test_every_finding_becomes_one_item_with_a_key_of_its_own() -> None:
    compiled = compile_plan(PLAN.encode(), "例.txt")
    found = items(compiled)
    lists = ("nodes", "targets", "money", "implicit", "deadlines", "units", "references", "persons")
    count = sum(len(compiled[name]) for name in lists) + sum(len(v) for v in compiled["header"].values())
    assert len(found) == count
    assert len({item.key for item in found}) == count
    assert all(PLAN[item.start : item.end] == item.text for item in found)
    assert [item.start for item in found] == sorted(item.start for item in found)
    target = next(item for item in found if item.fields.get("val") == 88)
    assert (target.fields["ind"], target.fields["by"], target.key) == (
        "普惠性幼儿园覆盖率",
        "2025",
        f"target:{PLAN.index('88%')}-{PLAN.index('88%') + 3}",
    )


def test_nothing_edited_gives_what_the_compiler_gave() -> None:
    for text in (PLAN, LATER, *(path.read_text(encoding="utf-8") for path in places())):
        compiled = compile_plan(text.encode(), "例.txt")
        again = recheck(text, items(compiled))
        assert again.residual == compiled["residual"]
        assert [(w["start"], w["msg"]) for w in again.contradictions if w["code"] == "percent>100"] == [
            (w["start"], w["msg"]) for w in compiled["warnings"] if w["code"] == "percent>100"
        ]
        assert [(t["id"], t["lead"], t["due"]) for t in again.tasks] == [
            (t["id"], t["lead"], t["due"]) for t in compiled["tasks"]
        ]


def test_a_rejected_item_gives_its_number_back_to_the_residual_list() -> None:
    found = listed()
    before = recheck(PLAN, found)
    edited = [replace(i, status="rejected") if i.fields.get("val") == 5 else i for i in found]
    after = recheck(PLAN, edited)
    assert {e["text"] for e in after.residual} - {e["text"] for e in before.residual} == {"5"}
    assert after.open_numerals == before.open_numerals + 1


def test_an_added_item_or_a_mark_as_context_empties_the_residual_list() -> None:
    found = listed()
    place = PLAN.index("31")
    open_texts = [e["text"] for e in recheck(PLAN, found).residual if e["kind"] == "residual"]
    assert open_texts == ["31"]
    mine = added(
        "target",
        PLAN,
        place,
        place + 2,
        kind="count",
        ind="幼儿园总数",
        cmp="eq",
        val=31,
        unit="所",
        by="2024",
    )
    assert (mine.status, mine.conf, mine.doubtful) == ("added", 1.0, False)
    assert recheck(PLAN, [*found, mine]).open_numerals == 0
    assert recheck(PLAN, found, context=[(place, place + 2)]).open_numerals == 0


def test_an_edited_value_brings_a_contradiction_and_a_corrected_one_removes_it() -> None:
    found = listed()
    assert [w for w in recheck(PLAN, found).contradictions if w["code"] == "percent>100"] == []
    wrong = [
        replace(i, status="edited", fields={**i.fields, "val": 199}) if i.fields.get("val") == 99 else i
        for i in found
    ]
    messages = [w["msg"] for w in recheck(PLAN, wrong).contradictions if w["code"] == "percent>100"]
    assert ["199" in message for message in messages] == [True]


def test_tasks_follow_what_the_clerk_edits() -> None:
    found = listed()
    task = next(t for t in recheck(PLAN, found).tasks if t["title"] == "扩大学位")
    assert (task["lead"], task["assist"], task["due"]) == (["教体局"], ["财政局"], "2024-12")
    assert [key.split(":")[0] for key in task["targets"]] == ["target"]
    edited = [
        replace(i, status="edited", fields={**i.fields, "units": ["住建局"]}) if i.kind == "unit" else i
        for i in found
    ]
    assert next(t for t in recheck(PLAN, edited).tasks if t["title"] == "扩大学位")["lead"] == ["住建局"]


def test_a_place_outside_the_text_cannot_be_marked() -> None:
    with pytest.raises(ValueError, match="原文之内"):
        added("target", PLAN, 5, len(PLAN) + 1)


def test_doubtful_items_come_first_and_a_confirmed_one_is_doubtful_no_more() -> None:
    item = listed()[0]
    weak = replace(item, conf=0.4, doubtful=True, why="请核对。")
    sure = replace(item, conf=0.9, doubtful=False, start=0)
    weaker = replace(weak, conf=0.2)
    assert doubtful_first([sure, weak, weaker]) == [weaker, weak, sure]


def test_two_versions_of_a_plan_side_by_side() -> None:
    pairs = compare(compile_plan(PLAN.encode(), "前"), compile_plan(LATER.encode(), "后"))
    told = {(p.indicator, p.year): (p.verdict, p.note) for p in pairs}
    assert told[("普惠性幼儿园覆盖率", "2025")] == ("changed", "普惠性幼儿园覆盖率：≥88% → ≥90%（2025年）。")
    assert told[("普惠性幼儿园覆盖率", "2027")][0] == "same"
    assert told[("小学巩固率", "2025")][0] == "left only"
    assert told[("新建幼儿园", "2024")][1] == "新建幼儿园：5所 → 6所（2024年）。"


def test_a_plan_is_the_same_as_itself_and_stages_are_never_mixed() -> None:
    for path in places():
        compiled = compile_plan(path.read_bytes(), path.name)
        pairs = compare(compiled, compiled)
        assert {p.verdict for p in pairs} <= {"same"}
    left = [i for i in listed(PLAN) if i.kind == "target"]
    right = [
        replace(i, fields={**i.fields, "ind": str(i.fields["ind"]).replace("小学", "初中")}) for i in left
    ]
    verdicts = {p.indicator: p.verdict for p in compare(left, right)}
    assert (verdicts["小学巩固率"], verdicts["初中巩固率"]) == ("left only", "right only")
