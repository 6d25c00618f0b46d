"""残缺文本怎样修: every repair is visible, says what stood there, and waits to be confirmed."""

from __future__ import annotations

from typing import Any

from junheng.plandocs import compile_plan

HEAD = "青石县公共服务提升行动计划\n\n一、主要任务\n"


def compiled(text: str) -> dict[str, Any]:
    return compile_plan((HEAD + text + "\n").encode(), "例.txt")


def repairs(text: str) -> list[str]:
    return [w["suggest"] for w in compiled(text)["repairs"]]


def test_lost_brackets_in_document_numbers() -> None:
    text = "根据《评估办法》（教督〔20176号）、《认定通知》（国教督办函〔201742号）和《布局规划》（青政发201646号）精神推进。"
    assert repairs(text) == ["教督〔2017〕6号", "国教督办函〔2017〕42号", "青政发〔2016〕46号"]


def test_values_run_together() -> None:
    result = compiled("小学六年、初中三年巩固率分别达到97%96%以上。")
    assert [(t["ind"], t["val"], t["cmp"]) for t in result["targets"]] == [
        ("小学六年巩固率", 97, "ge"),
        ("初中三年巩固率", 96, "ge"),
    ]
    assert [w["suggest"] for w in result["repairs"]] == ["97%、96%"]


def test_a_range_that_lost_its_dash() -> None:
    assert repairs("（一）创建阶段（2018年10月2019年12月）。全面创建。") == ["2018-10—2019-12"]


def test_a_heading_that_lost_its_dot() -> None:
    result = compiled("（一）提升质量\n1提升教学质量\n抓好课堂。\n2深化改革创新\n抓好试点。")
    assert [n["label"] for n in result["nodes"]] == ["一、", "（一）", "1", "2"]
    assert len(result["repairs"]) == 2


def test_a_broken_date_under_the_signature() -> None:
    text = "关于印发《青石县托育方案》的通知\n\n各乡镇：\n\n请认真执行。\n\n青石县人民政府\n\n2019115\n\n青石县托育方案\n\n一、目标\n建成托育园3所。\n"
    result = compile_plan(text.encode(), "例.txt")
    assert result["header"]["date"][0]["norm"] in ("2019-01-15", "2019-11-05")
    assert any("2019-01-15、2019-11-05" in w["msg"] for w in result["repairs"])


def test_lost_names_in_front_of_duty_lines_are_guessed_from_the_members() -> None:
    text = (
        "成立领导小组，名单如下：\n　长：李明　县长\n　员：教育局、财政局、编办、各乡镇主要负责人。\n职责分工如下：\n"
        "教育局：负责组织实施和日常管理工作。\n财政局：负责落实资金并加强监管工作。\n　：加强机构编制管理工作，督促落实编制的执行情况。\n各乡镇：负责宣传动员和摸底工作。"
    )
    result = compiled(text)
    assert [w["suggest"] for w in result["warnings"] if w["code"] == "lost unit name"] == ["编办"]
    assert [p["role"] for p in result["persons"]] == ["组长", "成员"]


def test_a_page_break_inside_a_sentence_leaves_the_words_whole() -> None:
    result = compiled(
        "根据安排，进一步优化全县学校的布局和资源配置，从 2024\n\n年起，全县新建幼儿园 5\n\n所，推进公平。"
    )
    assert [(t["text"], t["by"]) for t in result["targets"]] == [("全县新建幼儿园 5\n\n所", "2024")]


def test_contradictions_are_flagged_not_solved() -> None:
    result = compiled(
        "（一）总量。新增面积57819平方米（小学379892、幼儿园30650）。\n（二）质量。小学巩固率达到112%。\n（三）全面。义务教育社会认可度达到85%，义务教育社会认可度达到90%。"
    )
    codes = [w["code"] for w in result["warnings"]]
    assert codes.count("sum mismatch") == 2
    assert "percent>100" in codes
    assert result["targets"][0]["val"] == 57819


def test_an_annex_that_is_named_but_missing() -> None:
    result = compiled("加强领导。\n\n附件：任务清单")
    assert any("任务清单" in w["msg"] and "没有找到" in w["msg"] for w in result["warnings"])
