"""时限、资金、责任单位怎样读: each table is an example a reader can check by eye."""

from __future__ import annotations

from typing import Any

import pytest

from junheng.plandocs import compile_plan

HEAD = "青石县公共服务提升行动计划\n\n青石县人民政府\n2023年3月1日\n\n一、主要任务\n"


def compiled(text: str) -> dict[str, Any]:
    return compile_plan((HEAD + text + "\n").encode(), "例.txt")


@pytest.mark.parametrize(
    ("clause", "kind", "start", "end"),
    [
        ("到2025年，完成任务。", "by", None, "2025"),
        ("到2025年底，完成任务。", "by", None, "2025-12"),
        ("2025年6月底前，完成任务。", "by", None, "2025-06"),
        ("6月底前，完成任务。", "by", None, "2023-06"),
        ("到十四五末，完成任务。", "by", None, "2025"),
        ("2024年，完成任务。", "in", None, "2024"),
        ("2024年3月15日前，完成任务。", "by", None, "2024-03-15"),
        ("2024年上半年，完成任务。", "in", None, "2024-06"),
        ("从2024年起，实行新办法。", "from", "2024", None),
        ("自2024年9月1日起施行。", "from", "2024-09-01", None),
        ("2023—2025年，分批实施。", "range", "2023", "2025"),
        ("2023年3月至2024年9月，分批实施。", "range", "2023-03", "2024-09"),
        ("“十四五”期间，分批实施。", "range", "2021", "2025"),
        ("力争三年内建成。", "duration", None, "2026"),
    ],
)
def test_a_date_is_read_with_its_sense(clause: str, kind: str, start: str | None, end: str | None) -> None:
    found = [d for d in compiled(clause)["deadlines"] if d["start"] >= len(HEAD)]
    assert [(d["kind"], d.get("t_start"), d.get("t_end")) for d in found] == [(kind, start, end)]


@pytest.mark.parametrize(
    ("clause", "freq", "times"),
    [
        ("每年组织一次评估。", "1y", 1),
        ("每半年至少听取两次汇报。", "6m", 2),
        ("每季度召开调度会。", "1q", None),
        ("每学期至少开展1次家访。", "1sem", 1),
        ("每两年举办一次运动会。", "2y", 1),
        ("每3年调整一次规划。", "3y", 1),
        ("每月通报进展。", "1m", None),
    ],
)
def test_what_recurs_has_a_frequency(clause: str, freq: str, times: int | None) -> None:
    (found,) = compiled(clause)["deadlines"]
    assert (found["kind"], found["freq"], found.get("n")) == ("recur", freq, times)


@pytest.mark.parametrize(
    "clause",
    ["单位能耗比2020年下降一些。", "根据《教育规划（2021—2025年）》推进。", "在2020年基础上提高水平。"],
)
def test_baselines_and_titles_are_no_deadlines(clause: str) -> None:
    assert compiled(clause)["deadlines"] == []


@pytest.mark.parametrize(
    ("clause", "yuan", "cmp", "per"),
    [
        ("对特困学生每生每年资助1500元。", 1500, "eq", "生年"),
        ("生均公用经费标准每生每年不低于800元。", 800, "ge", "生年"),
        ("按每人每月300元发放补贴。", 300, "eq", "月"),
        ("对返聘教师按每人每年2万元标准给予补助。", 20000, "eq", "人年"),
        ("县财政每年安排300万元。", 3000000, "eq", "年"),
        ("一次性给予10万元安家费。", 100000, "eq", "人次"),
        ("每学年给予200-4000元资助。", 200, "between", "生学年"),
        ("项目总投资约1.2亿元。", 120000000, "approx", "总"),
        ("需投入资金1000余万元。", 10000000, "gt", "总"),
    ],
)
def test_money_is_in_yuan_with_its_measure(clause: str, yuan: float, cmp: str, per: str) -> None:
    (found,) = compiled(clause)["money"]
    assert (found["yuan"], found["cmp"], found["per"]) == (yuan, cmp, per)


@pytest.mark.parametrize(
    ("clause", "roles"),
    [
        ("推进试点。（责任单位：教育局、财政局，各乡镇）", [("resp", ["教育局", "财政局", "各乡镇"])]),
        ("推进试点。（责任单位：县委宣传部、统战部）", [("resp", ["县委宣传部", "县委统战部"])]),
        (
            "推进试点。（责任单位：学生资助中心，各学校、幼儿园）",
            [("resp", ["学生资助中心", "各学校", "各幼儿园"])],
        ),
        (
            "推进试点。（牵头单位：教育局；配合单位：财政局、人社局）",
            [("lead", ["教育局"]), ("assist", ["财政局", "人社局"])],
        ),
        (
            "推进试点。（省教育厅牵头，省财政厅、省人力资源社会保障厅等部门配合）",
            [("lead", ["省教育厅"]), ("assist", ["省财政厅", "省人力资源社会保障厅"])],
        ),
        ("推进试点。（教育部、财政部按职责分工负责）", [("resp", ["教育部", "财政部"])]),
        ("推进试点。（市教育局，各区、县级市政府）", [("resp", ["市教育局", "各区政府", "各县级市政府"])]),
        (
            "推进试点。\n牵头单位：教育局\n责任单位：财政局 人社局\n完成时限：2025年",
            [("lead", ["教育局"]), ("resp", ["财政局", "人社局"])],
        ),
    ],
)
def test_bodies_are_listed_one_by_one_with_their_part(
    clause: str, roles: list[tuple[str, list[str]]]
) -> None:
    assert [(u["kind"], u["units"]) for u in compiled(clause)["units"] if u["kind"] != "agent"] == roles


def test_duty_lines_name_the_body_in_front() -> None:
    text = "职责分工如下：\n教育局：负责组织实施和日常管理工作。\n财政局：负责落实资金并加强监管。\n各乡镇：负责宣传动员和摸底工作。"
    assert [u["units"] for u in compiled(text)["units"] if u["kind"] == "duty"] == [
        ["教育局"],
        ["财政局"],
        ["各乡镇"],
    ]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("教育部门要制定年度计划。", ["教育部门"]),
        ("各乡镇、各部门要落实责任。", ["各乡镇", "各部门"]),
        ("县委、政府每年至少召开一次会议。", ["县委", "县政府"]),
        ("教育、财政等部门要向县政府汇报。", ["教育部门", "财政部门"]),
    ],
)
def test_who_is_told_to_act_is_a_body(sentence: str, names: list[str]) -> None:
    assert [u["units"] for u in compiled(sentence)["units"] if u["kind"] == "agent"] == [names]


def test_a_leading_group_in_a_list_and_in_running_text() -> None:
    text = "领导小组名单：\n组　长：韩　正　县长\n副组长：李　明　副县长\n　　　　王小红　教育局局长\n成　员：各乡镇负责人"
    assert [(p["role"], p["name"], p["post"]) for p in compiled(text)["persons"]] == [
        ("组长", "韩正", "县长"),
        ("副组长", "李明", "副县长"),
        ("副组长", "王小红", "教育局局长"),
        ("成员", "", "各乡镇负责人"),
    ]


def test_a_task_gathers_what_its_clause_promises() -> None:
    text = "1.扩大学位。到2025年，新建幼儿园5所。（牵头单位：教育局；配合单位：财政局）"
    (task,) = [t for t in compiled(text)["tasks"] if t["title"] == "扩大学位"]
    assert (task["lead"], task["assist"], task["due"]) == (["教育局"], ["财政局"], "2025")
