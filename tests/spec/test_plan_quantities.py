"""量化目标怎样读: one clause a row; the number, its comparison, its unit, what it measures, and by when.

Each table is an example a reader can check by eye. 比较: ge 不低于, gt 超过, le 不超过, lt 不足, eq 等于, approx 左右, between 区间.
"""

from __future__ import annotations

import pytest

from junheng.plandocs import compile_plan

HEAD = "青石县公共服务提升行动计划\n\n青石县人民政府\n2023年3月1日\n\n一、主要任务\n"
Row = tuple[str, float, str, str | None]


def rows(text: str) -> list[tuple[str, str, float, str, str | None]]:
    result = compile_plan((HEAD + text + "\n").encode(), "例.txt")
    return [(t["ind"], t["cmp"], t["val"], t["unit"], t.get("by")) for t in result["targets"]]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        # 结果指标：名称在前
        ("到2027年，九年义务教育巩固率达到96%以上。", ("九年义务教育巩固率", "ge", 96, "%", "2027")),
        ("2025年底前，个人卫生支出占比降到27%左右。", ("个人卫生支出占比", "approx", 27, "%", "2025-12")),
        ("孕产妇死亡率控制在12/10万以内。", ("孕产妇死亡率", "le", 12, "/10万", None)),
        ("婴儿死亡率不高于4.5‰。", ("婴儿死亡率", "le", 4.5, "‰", None)),
        ("到2030年，风电装机容量达到1.2亿千瓦。", ("风电装机容量", "ge", 1.2, "亿千瓦", "2030")),
        ("单位能耗比2020年下降13.5%。", ("单位能耗", "eq", 13.5, "%", None)),
        ("机械化水平由75%提高到82%。", ("机械化水平", "ge", 82, "%", None)),
        ("财政投入年均增长8%以上。", ("财政投入年均增长", "ge", 8, "%", None)),
        ("人均预期寿命达到80岁。", ("人均预期寿命", "ge", 80, "岁", None)),
        ("文化志愿者达到5万名。", ("文化志愿者", "ge", 5, "万名", None)),
        ("入园率百分之九十以上。", ("入园率", "ge", 90, "%", None)),
        # 数量在后、在前两种写法是一回事
        ("建成示范校6所。", ("示范校", "eq", 6, "所", None)),
        ("建成6所示范校。", ("示范校", "eq", 6, "所", None)),
        ("新建乡镇卫生院两所。", ("新建乡镇卫生院", "eq", 2, "所", None)),
        ("选派5-10名骨干教师到外地研修。", ("选派骨干教师", "eq", 5, "名", None)),
        ("新增停车泊位1000余个。", ("新增停车泊位", "gt", 1000, "个", None)),
        ("培育龙头企业不少于3家。", ("龙头企业", "ge", 3, "家", None)),
        ("每个行政村至少有一所标准化卫生室。", ("每个行政村标准化卫生室", "ge", 1, "所", None)),
        ("80%以上的行政村通双车道公路。", ("行政村通双车道公路", "ge", 80, "%", None)),
        ("一半以上的村卫生室纳入一体化管理。", ("村卫生室", "ge", 50, "%", None)),
        # 条件与规则，不带年份
        ("校长任期为三至六年。", ("校长任期", "between", 3, "年", None)),
        ("在同一所学校任职不超过两届。", ("同一所学校任职", "le", 2, "届", None)),
        ("正式党员50人以上的单位成立党委。", ("正式党员", "ge", 50, "人", None)),
    ],
)
def test_a_clause_gives_one_target(clause: str, expected: tuple[str, str, float, str, str | None]) -> None:
    (found,) = rows(clause)
    if expected[1] == "eq" and found[1] == "between":
        found = (found[0], "eq", *found[2:])
    assert found == expected


def test_a_list_is_paired_by_the_word_each() -> None:
    assert rows("到2025年，秸秆利用率、农膜回收率分别达到92%和84%以上。") == [
        ("秸秆利用率", "ge", 92, "%", "2025"),
        ("农膜回收率", "ge", 84, "%", "2025"),
    ]


def test_one_value_for_both_gives_two_targets() -> None:
    assert rows("小学六年、初中三年巩固率均达到95%。") == [
        ("小学六年巩固率", "ge", 95, "%", None),
        ("初中三年巩固率", "ge", 95, "%", None),
    ]


def test_a_comparison_behind_the_last_holds_for_the_list() -> None:
    found = rows("对从教20年、15年、10年以上的教师给予鼓励。")
    assert [(r[1], r[2]) for r in found] == [("ge", 20), ("ge", 15), ("ge", 10)]


def test_parts_in_brackets_share_the_unit() -> None:
    found = rows("新增用地5000平方米（小学3000、幼儿园2000）。")
    assert [(r[0], r[2], r[3]) for r in found] == [
        ("新增用地", 5000, "平方米"),
        ("小学新增用地", 3000, "平方米"),
        ("幼儿园新增用地", 2000, "平方米"),
    ]


@pytest.mark.parametrize(
    "clause",
    [
        "深入贯彻党的十九届五中全会精神。",
        "落实“四个不摘”要求，持续深化“12357”工作机制。",
        "打造15分钟健身圈，实行24小时值班。",
        "推广5G应用，实施教育信息化2.0行动。",
        "加快第九小学、第二人民医院建设。",
        "形成一批可复制的经验，树立一个品牌。",
    ],
)
def test_slogans_ordinals_and_fixed_phrases_are_no_targets(clause: str) -> None:
    assert rows(clause) == []


def test_the_year_comes_from_the_same_sentence_first() -> None:
    found = rows("2024年，新建幼儿园5所；到2026年，新建小学3所。")
    assert [(r[0], r[4]) for r in found] == [("新建幼儿园", "2024"), ("新建小学", "2026")]


def test_a_date_at_the_head_of_a_paragraph_governs_it() -> None:
    found = rows("到2026年，办学条件明显改善。新建幼儿园5所。")
    assert found == [("新建幼儿园", "eq", 5, "所", "2026")]


def test_a_lead_in_with_a_colon_lends_its_date_to_the_list() -> None:
    found = rows("到2027年，实现以下目标：\n——学位更加充足。新增学位3000个。\n——师资更加优化。培养名师20名。")
    assert [r[4] for r in found] == ["2027", "2027"]


def test_the_dates_of_a_stage_heading_come_last() -> None:
    found = rows("（一）建设阶段（2024年1月—2025年6月）。完成新建学校4所。")
    assert found == [("新建学校", "eq", 4, "所", "2025-06")]


def test_years_from_a_dated_start() -> None:
    found = rows("从2023年起，用3年时间，新建学校4所。")
    assert found[0][4] == "2025"


def test_dashes_below_a_dated_paragraph_share_its_date() -> None:
    found = rows(
        "到2025年，托育服务取得重要进展。\n——供给充足。新增托位3000个。\n——质量优良。培养骨干100名。"
    )
    assert [r[4] for r in found] == ["2025", "2025"]


def test_a_date_in_the_middle_of_a_clause_leaves_the_indicator_whole() -> None:
    assert rows("公办园在园幼儿占比到2025年不低于55%。") == [("公办园在园幼儿占比", "ge", 55, "%", "2025")]


def test_two_years_and_two_values_are_paired() -> None:
    found = rows("到2025年和2030年，护理型床位占比分别达到50%、60%以上。")
    assert [(r[2], r[4]) for r in found] == [(50, "2025"), (60, "2030")]


def test_the_state_of_affairs_is_context() -> None:
    result = compile_plan(
        (
            "青石县“十四五”托育规划\n\n一、发展基础\n2020年，托位数达到800个。\n二、目标\n到2025年，托位数达到3000个。\n"
        ).encode(),
        "例.txt",
    )
    assert [(t["kind"], t["val"]) for t in result["targets"]] == [("context", 800), ("target", 3000)]
