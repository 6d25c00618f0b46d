"""Packs: every problem at once, versions, dated values, county overrides, differences."""

from datetime import date
from pathlib import Path

import pytest

from junheng.policy import Pack, PackError, differences, load, parse, shipped

DAY = date(2026, 1, 1)
COUNTY = """
kind: standard
id: county-2025
title: 某县改定
extends: balanced-2017
responsible: 张三
entered_by: 张三
documents: [{key: 县文, number: 某政发〔2025〕1号, title: 某县标准}]
standards:
  R1: {value: {小学: 4.5, 初中: 5.5}, since: 2025-09-01, document: 县文, item: 第一条, status: V}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        parse(text)
    return caught.value.problems


@pytest.mark.parametrize("name", shipped())
def test_shipped_packs_are_complete_and_cite_everything(name: str) -> None:
    pack = load(name)
    assert pack.id == name
    for standard in pack.standards.values():
        for entry in standard.entries:
            assert pack.documents[entry.document].name
            assert entry.item
            assert entry.status in ("V", "V3", "D", "assumed")
            assert "http" not in entry.quote + entry.note


def test_no_school_pass_line_is_shipped_for_2012() -> None:
    rules = load("basic-2012").on(DAY)
    assert not any(rules.has(resource.code) for resource in rules.pack.resources)


def test_the_31_indicators_veto_and_recognition_are_all_there() -> None:
    pack = load("balanced-2017")
    codes = [resource.code for resource in pack.resources] + [line.code for line in pack.lines]
    wanted = [
        *(f"R{n}" for n in range(1, 8)),
        *(f"G{n}" for n in range(1, 16)),
        *(f"Q{n}" for n in range(1, 10)),
    ]
    assert codes == [*wanted, *(f"V{n}" for n in range(1, 7)), "S1"]


def test_values_by_date() -> None:
    pack = parse(COUNTY)
    assert pack.on(date(2025, 9, 1)).by_stage("R1") == {"小学": 4.5, "初中": 5.5}
    with pytest.raises(PackError, match=r"2025-08-31.*R1"):
        pack.on(date(2025, 8, 31)).number("R1")
    several = COUNTY.replace(
        "value: {小学: 4.5, 初中: 5.5}, since: 2025-09-01,",
        "values: [{since: 2017-05-23, value: {小学: 4.2, 初中: 5.3}}, {since: 2025-09-01, value: {小学: 4.5, 初中: 5.5}}],",
    )
    pack = parse(several)
    assert pack.on(date(2025, 8, 31)).by_stage("R1")["小学"] == 4.2
    assert pack.on(date(2025, 9, 1)).by_stage("R1")["小学"] == 4.5


def test_a_county_overrides_by_name_and_the_clause_says_so() -> None:
    pack = parse(COUNTY)
    assert (pack.extends, pack.responsible) == ("balanced-2017", "张三")
    assert pack.on(DAY).clause("R1") == "某政发〔2025〕1号第一条［张三 改定］"
    assert pack.on(DAY).by_stage("R2") == {"小学": 1.0, "初中": 1.0}
    found = differences(load("balanced-2017"), pack)
    assert [(one.name, one.change, one.after) for one in found] == [
        ("R1", "取值不同", "小学 4.5、初中 5.5 人/百生（2025-09-01起）")
    ]


def test_every_problem_at_once() -> None:
    found = problems(
        COUNTY.replace("responsible: 张三\n", "")
        .replace("entered_by: 张三", "colour: 红")
        .replace("{小学: 4.5, 初中: 5.5}", "{小学: 4.5}")
        .replace("status: V", "status: M")
        + "  R99: {value: 1, document: 无此文, item: '', status: V}\n"
    )
    text = "\n".join(found)
    for part in (
        "不认识的项目“colour”",
        "responsible",
        "“R1”：status 应为 V、V3、D、assumed 之一，发现“M”",
        "“R1”：缺少 entered_by",
        "“R99”：document“无此文”不在文件列表中",
        "“R99”：缺少 item",
        "“R99”：所改定的标准包没有这一项",
    ):
        assert part in text
    assert "类别一致" in "\n".join(problems(COUNTY.replace("{小学: 4.5, 初中: 5.5}", "{小学: 4.5}")))
    assert "形式与原值不同" in "\n".join(problems(COUNTY.replace("{小学: 4.5, 初中: 5.5}", "4.5")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "不是有效的 YAML"),
        ("- 1", "标准包应为"),
        ("kind: aid\nid: x\ntitle: y", "kind 应为 standard"),
        ("kind: standard", "缺少 id"),
        ("kind: standard\nid: x\ntitle: y\nentered_by: z", "没有资源配置指标"),
        ("kind: standard\nid: x\ntitle: y\nentered_by: z\nlines: 3", "lines 应为列表"),
        ("kind: standard\nid: x\ntitle: y\nextends: nowhere\nresponsible: z", "没有标准包“nowhere”"),
    ],
)
def test_sentences(text: str, said: str) -> None:
    assert said in "\n".join(problems(text))


def test_versions_follow_content() -> None:
    first, again = parse(COUNTY), parse(COUNTY)
    changed = parse(COUNTY.replace("初中: 5.5", "初中: 5.6"))
    assert first.version == again.version != changed.version
    assert len(first.version) == 12


def test_packs_in_folders_and_files(tmp_path: Path) -> None:
    (tmp_path / "county-2025.yaml").write_text(COUNTY, encoding="utf-8")
    by_folder: Pack = load("county-2025", (tmp_path,))
    assert by_folder.version == load(str(tmp_path / "county-2025.yaml")).version
    with pytest.raises(PackError, match=r"没有标准包“nothing”，现有：.*balanced-2017"):
        load("nothing")
    with pytest.raises(PackError, match="没有找到标准包文件"):
        load(str(tmp_path / "nothing.yaml"))
