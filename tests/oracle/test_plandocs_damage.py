"""残缺与改写: a text damaged the way real ones are keeps its findings, its offsets and its numerals."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.plandocs import compile_plan

TEXT = """青石县人民政府办公室文件

青政办发〔2022〕9号

关于印发《青石县托育服务发展三年行动计划（2022—2024年）》的通知

各乡镇人民政府，县直各部门：

《青石县托育服务发展三年行动计划（2022—2024年）》已经县政府同意，现印发给你们，请认真贯彻执行。

青石县人民政府办公室
2022年4月6日

青石县托育服务发展三年行动计划（2022—2024年）

为推动托育服务健康发展，根据《省政府办公厅关于促进托育服务发展的意见》（省政办发〔2021〕18号）精神，结合我县实际，制定本计划。

一、总体目标

到2024年，全县每千人口托位数达到4.5个，普惠托位占比达到60%以上，从业人员持证上岗率不低于95%。

二、主要任务

（一）扩大服务供给。2023年，新建公办托育园5所，改建社区托育点12个，新增托位800个。县财政每年安排300万元，对普惠托育机构按每生每年1200元给予补助。（责任单位：卫健局、财政局，各乡镇）

（二）提升服务质量。每年组织2次培训，到2024年底培养骨干保育员100名。（牵头单位：卫健局；配合单位：人社局、教育局）

三、保障措施

（一）加强领导。县卫健局要每季度召开一次调度会，各乡镇要落实属地责任。

（二）强化考核。将托育服务纳入年度考核。
"""
KEPT = ("nodes", "targets", "money", "deadlines", "units")


def findings(text: str) -> dict[str, list[tuple[object, ...]]]:
    result = compile_plan(text.encode(), "例.txt")
    return {
        "nodes": [(n["level"], re.sub(r"[（）()]", "", n["label"])) for n in result["nodes"]],
        "targets": [(t["cmp"], t["val"], t["unit"], t.get("by")) for t in result["targets"]],
        "money": [(m["yuan"], m.get("per")) for m in result["money"]],
        "deadlines": [(d["kind"], d.get("t_end"), d.get("freq")) for d in result["deadlines"]],
        "units": [(u["kind"], *u["units"]) for u in result["units"] if u["kind"] != "agent"],
    }


WHOLE = findings(TEXT)

HALF = str.maketrans("（）：，；０１２％", "():,;012%")
FULL = str.maketrans("0123456789%", "０１２３４５６７８９％")


def test_the_undamaged_text_is_what_the_examples_say() -> None:
    assert len(WHOLE["nodes"]) == 7
    assert len(WHOLE["targets"]) == 7
    assert WHOLE["money"] == [(3000000, "年"), (1200, "生年")]


@pytest.mark.parametrize(
    "damaged",
    [
        TEXT.translate(HALF),
        TEXT.translate(FULL),
        TEXT.replace("“", "").replace("”", "").replace("《", "").replace("》", ""),
        TEXT.replace("\n\n", "\n"),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\n\n\n"),
        re.sub(r"(\d+)", r" \1 ", TEXT),
        "\ufeff" + TEXT,
        TEXT.replace("一、总体", "　　一、总体").replace("（一）", "　　（一）"),
        TEXT.replace("（一）扩大服务供给。", "**（一）扩大服务供给。**"),
        TEXT.replace("〔", "[").replace("〕", "]"),
        "[bookmark: _GoBack]" + TEXT,
    ],
    ids=lambda text: f"{len(text)} characters",
)
def test_damage_of_form_changes_no_finding(damaged: str) -> None:
    assert findings(damaged) == WHOLE


def test_lost_line_breaks_keep_outline_and_findings() -> None:
    body = TEXT[TEXT.index("为推动") :]
    filler = "各乡镇要按照职责分工抓好落实，确保各项任务落到实处取得实效。" * 60
    flat = (body + filler).replace("\n", "")
    found, whole = findings(flat), findings(body)
    assert found["nodes"] == whole["nodes"]
    assert found["targets"] == whole["targets"]
    assert found["units"] == whole["units"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(min_value=0, max_value=len(TEXT)), max_size=12))
def test_blanks_anywhere_outside_numbers_change_no_number(places: list[int]) -> None:
    damaged = TEXT
    for place in sorted(places, reverse=True):
        if (
            not re.match(r"[\d\n.〔〕]", damaged[max(0, place - 1) : place + 1] or "x")
            and damaged[place : place + 1] not in "\n"
        ):
            damaged = damaged[:place] + " " + damaged[place:]
    assert findings(damaged)["targets"] == WHOLE["targets"]


def invariants(result: dict[str, Any], text: str) -> None:
    assert result["source"] == text
    for key in (
        "targets",
        "money",
        "implicit",
        "deadlines",
        "units",
        "references",
        "persons",
        "nodes",
        "residual",
    ):
        for item in result[key]:
            assert 0 <= item["start"] <= item["end"] <= len(text)
            assert text[item["start"] : item["end"]] == item["text"]
            if "value_start" in item:
                assert item["start"] <= item["value_start"] < item["value_end"] <= item["end"]
    place = 0
    for part in result["cover"]:
        assert part["start"] == place
        place = part["end"]
    assert place == len(text)
    ids = {node["id"] for node in result["nodes"]}
    assert all(node["parent"] is None or node["parent"] in ids for node in result["nodes"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["cut", "double", "insert", "swap"]),
            st.integers(min_value=0, max_value=len(TEXT) - 1),
            st.sampled_from("，。；：、（）《》“”\n 　一1二2%第年月日号—〔〕・X"),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_damage_leaves_offsets_exact_and_every_character_in_a_node(
    edits: list[tuple[str, int, str]],
) -> None:
    text = TEXT
    for kind, place, char in edits:
        place = min(place, len(text) - 1)
        if kind == "cut":
            text = text[:place] + text[place + 1 :]
        elif kind == "double":
            text = text[:place] + text[place] + text[place:]
        elif kind == "insert":
            text = text[:place] + char + text[place:]
        else:
            text = text[:place] + char + text[place + 1 :]
    invariants(compile_plan(text.encode(), "例.txt"), text)


@settings(max_examples=60)
@given(
    st.text(
        alphabet="一二三、。，（）《》“”：；0123456789.%年月日县局所个达到不低于以上责任单位\n 　abc〔〕号第条章",
        max_size=200,
    )
)
def test_any_text_at_all_gives_a_result_or_a_sentence(text: str) -> None:
    if text.strip():
        invariants(compile_plan(text.encode(), "例.txt"), text)


@settings(max_examples=25)
@given(
    st.integers(min_value=2, max_value=9999), st.sampled_from(["所", "个", "名", "万亩", "%", "公里", "张"])
)
def test_every_numeral_is_claimed_or_listed(number: int, unit: str) -> None:
    text = TEXT.replace(
        "各乡镇要落实属地责任。", f"各乡镇要落实属地责任，保留{number}{unit}。另{number}待查。"
    )
    result = compile_plan(text.encode(), "例.txt")
    claimed: set[int] = set()
    for key in ("targets", "money", "deadlines", "references", "persons", "residual", "implicit"):
        for item in result[key]:
            claimed.update(range(item["start"], item["end"]))
    for fields in result["header"].values():
        for field in fields:
            claimed.update(range(field["start"], field["end"]))
    missing = [m.group() for m in re.finditer(r"\d+", text) if not set(range(*m.span())) & claimed]
    assert missing == []
