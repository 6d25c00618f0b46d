"""版头与提纲怎样读: issuer, number, title, recipients, date; headings by their numbers."""

from __future__ import annotations

from typing import Any

import pytest

from junheng.plandocs import compile_plan


def compiled(text: str) -> dict[str, Any]:
    return compile_plan(text.encode(), "例.txt")


def header(text: str) -> dict[str, list[str]]:
    return {name: [item["norm"] for item in items] for name, items in compiled(text)["header"].items()}


NOTICE = """青石县人民政府办公室文件

青政办发〔2022〕9号

青石县人民政府办公室
关于印发《青石县托育服务发展
三年行动计划（2022—2024年）》的通知

各乡镇人民政府、街道办事处，县直各部门：

《青石县托育服务发展三年行动计划（2022—2024年）》已经县政府同意，现印发给你们，请认真贯彻执行。

青石县人民政府办公室
2022年4月6日

（此件公开发布）

青石县托育服务发展
三年行动计划
（2022—2024年）

为推动托育服务发展，制定本计划。

一、目标
新增托位300个。

附件：1.重点任务分工表
2.指标表

抄送：县委办公室，县人大常委会办公室。
青石县人民政府办公室　　　　2022年4月7日印发
"""


def test_a_notice_and_the_plan_it_carries() -> None:
    assert header(NOTICE) == {
        "title": ["青石县人民政府办公室关于印发《青石县托育服务发展三年行动计划（2022—2024年）》的通知"],
        "red_head": ["青石县人民政府办公室文件"],
        "doc_no": ["青政办发〔2022〕9号"],
        "recipients": ["各乡镇人民政府、街道办事处，县直各部门"],
        "plan_title": ["青石县托育服务发展三年行动计划（2022—2024年）"],
        "issuer": ["青石县人民政府办公室"],
        "date": ["2022-04-06"],
        "openness": ["此件公开发布"],
        "cc": ["县委办公室，县人大常委会办公室"],
        "printed_by": ["青石县人民政府办公室"],
        "printed_date": ["2022-04-07"],
        "attachment": ["重点任务分工表", "指标表"],
    }


def test_recipients_without_a_colon_and_without_a_blank_line() -> None:
    text = NOTICE.replace("县直各部门：\n\n", "县直各部门\n　　")
    assert header(text)["recipients"] == ["各乡镇人民政府、街道办事处，县直各部门"]


def test_the_table_of_a_web_page() -> None:
    text = (
        "索 引 号：\t014000/2021-00311\t主题分类：\t教育\n发布机构：\t青石市政府办\t成文日期：\t2021年9月1日\n"
        "标　　题：\t青石市教育发展规划\n文　　号：\t青政发〔2021〕18号\t有 效 性：\t有效\n\n青石市教育发展规划\n\n一、目标\n新增学位300个。\n"
    )
    found = header(text)
    assert found["issuer"] == ["青石市人民政府办公室"]
    assert found["date"] == ["2021-09-01"]
    assert found["doc_no"] == ["青政发〔2021〕18号"]
    assert found["title"] == ["青石市教育发展规划"]
    assert found["index_no"] == ["014000/2021-00311"]


def test_a_table_whose_values_stand_on_the_next_line() -> None:
    text = "发文机关：\n国务院办公厅\n成文日期：\n2022年05月14日\n\n关于促进托育服务发展的意见\n\n一、目标\n建成托育园3所。\n"
    found = header(text)
    assert (found["issuer"], found["date"]) == (["国务院办公厅"], ["2022-05-14"])


def test_joint_issuers_and_a_date_in_chinese_numerals() -> None:
    text = "关于加强托育服务的通知\n\n各乡镇：\n\n请认真执行。\n\n中共青石县委办公室　　青石县人民政府办公室\n二〇二二年四月六日\n"
    found = header(text)
    assert found["issuer"] == ["中共青石县委办公室", "青石县人民政府办公室"]
    assert found["date"] == ["2022-04-06"]


@pytest.mark.parametrize(
    ("number", "norm"),
    [
        ("青政办发〔2022〕9号", "青政办发〔2022〕9号"),
        ("青政办发[2022]9号", "青政办发〔2022〕9号"),
        ("青政办发（2022）9号", "青政办发〔2022〕9号"),
        ("青政办发【2022】9号", "青政办发〔2022〕9号"),
        ("青政办发 〔2022〕 9 号", "青政办发〔2022〕9号"),
        ("青政办发〔2022〕第9号", "青政办发〔2022〕9号"),
    ],
)
def test_document_numbers_of_all_shapes(number: str, norm: str) -> None:
    assert header(NOTICE.replace("青政办发〔2022〕9号", number))["doc_no"] == [norm]


def outline(text: str) -> list[tuple[str, str, str | None]]:
    nodes = compiled("青石县托育计划\n\n" + text + "\n")["nodes"]
    labels = {node["id"]: node["label"] for node in nodes}
    return [(node["label"], node["title"], labels.get(node["parent"])) for node in nodes]


def test_four_levels_with_run_in_headings() -> None:
    text = "一、主要任务\n（一）扩大供给。新建托育园。\n1.公办托育。每镇一所。\n（1）选址。就近选址。\n2.民办托育。给予补助。\n（二）提升质量。加强培训。\n二、保障措施\n加强领导。"
    assert outline(text) == [
        ("一、", "主要任务", None),
        ("（一）", "扩大供给", "一、"),
        ("1.", "公办托育", "（一）"),
        ("（1）", "选址", "1."),
        ("2.", "民办托育", "（一）"),
        ("（二）", "提升质量", "一、"),
        ("二、", "保障措施", None),
    ]


def test_numbers_that_run_through_the_sections() -> None:
    text = "一、任务\n（一）供给\n1.新建。新建托育园。\n2.改建。改建托育园。\n（二）质量\n3.培训。加强培训。"
    assert [(label, parent) for label, _, parent in outline(text)][2:] == [
        ("1.", "（一）"),
        ("2.", "（一）"),
        ("（二）", "一、"),
        ("3.", "（二）"),
    ]


def test_chapters_and_articles() -> None:
    text = "第一章　总则\n第一条　为规范托育服务，制定本办法。\n第二条　本办法适用于全县。\n第二章　管理\n第三条　下列机构应当备案：\n（一）公办机构；\n（二）民办机构。"
    assert [(label, parent) for label, _, parent in outline(text)] == [
        ("第一章", None),
        ("第一条", "第一章"),
        ("第二条", "第一章"),
        ("第二章", None),
        ("第三条", "第二章"),
        ("（一）", "第三条"),
        ("（二）", "第三条"),
    ]


def test_dashes_are_items_of_the_heading_above() -> None:
    assert outline("一、原则\n——政府主导。加强统筹。\n——社会参与。鼓励投入。\n二、任务\n抓好落实。") == [
        ("一、", "原则", None),
        ("——", "政府主导", "一、"),
        ("——", "社会参与", "一、"),
        ("二、", "任务", None),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "2025年，全县新建托育园。",
        "3个乡镇先行试点。",
        "1.5亿元用于建设。",
        "一二三产业融合发展。",
        "10所托育园开工。",
    ],
)
def test_a_paragraph_that_opens_with_a_number_is_no_heading(line: str) -> None:
    assert [label for label, _, _ in outline("一、任务\n" + line)] == ["一、"]


def test_a_text_without_line_breaks_keeps_its_outline() -> None:
    filler = "各乡镇要按照职责分工抓好落实，确保各项任务落到实处。" * 20
    text = f"青石县托育计划一、总体要求{filler}二、主要任务（一）扩大供给。{filler}1.新建。{filler}2.改建。{filler}（二）提升质量。{filler}三、保障措施{filler}"
    assert [node["label"] for node in compiled(text)["nodes"]] == [
        "一、",
        "二、",
        "（一）",
        "1.",
        "2.",
        "（二）",
        "三、",
    ]


def test_a_table_of_contents_is_no_outline() -> None:
    text = "目　录\n一、发展基础\n二、主要目标\n\n一、发展基础\n成效明显，群众满意度持续提高。\n二、主要目标\n到2025年，建成托育园3所。"
    assert [label for label, _, _ in outline(text)] == ["一、", "二、"]


def test_a_date_in_brackets_below_the_title() -> None:
    text = "中共青石县委　青石县人民政府\n关于加强托育服务工作的实施意见\n（2024年2月18日）\n\n为加强托育服务，提出如下意见。\n\n一、目标\n新建托育园3所。\n"
    found = header(text)
    assert found["issuer"] == ["中共青石县委", "青石县人民政府"]
    assert found["date"] == ["2024-02-18"]


def test_a_page_that_repeats_its_title_in_short() -> None:
    text = (
        "首页>政府文件\n青政办发[2020]35号青石县推进托育服务实施细则的通知\n时间：2020-09-29 来源：\n\n"
        "青石县人民政府办公室关于印发青石县推进\n托育服务\n实施细则的通知\n\n各乡镇人民政府，县政府有关部门、单位\n\n"
        "经县政府同意，现将细则印发给你们，请认真贯彻实施。\n\n青石县人民政府办公室\n2020年9月28日\n\n青石县推进托育服务\n实施细则\n\n一、目标\n新建托育园3所。\n"
    )
    found = header(text)
    assert found["title"] == ["青石县人民政府办公室关于印发青石县推进托育服务实施细则的通知"]
    assert found["doc_no"] == ["青政办发〔2020〕35号"]
    assert found["plan_title"] == ["青石县推进托育服务实施细则"]
    assert found["recipients"] == ["各乡镇人民政府，县政府有关部门、单位"]
