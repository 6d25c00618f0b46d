"""From the wording of plans to measures: the five seeds, what other counties write, damaged text, and what must not be bound."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.measures import catalogue, suggest_bindings
from junheng.measures.bindings import MINIMUM
from junheng.measures.catalogue import parse_catalogue
from junheng.policy import PackError, load

# Indicator, unit, value, and the best suggestion (code, stage) as five real plans word it.
PLANS = [
    ("全县学前三年毛入园率", "%", 85, "enrolment.gross", "学前"),
    ("小学六年巩固率", "%", 96, "retention.adjusted", "小学"),
    ("初中三年巩固率", "%", 95, "retention.adjusted", "初中"),
    ("高中阶段毛入学率", "%", 95, "enrolment.gross", "高中阶段"),
    ("三类残疾少年儿童入学率", "%", 95, "disabled.three_kinds", "义务教育"),
    ("三类适龄残疾儿童少年接受九年义务教育的比例", "%", 95, "disabled.three_kinds", "义务教育"),
    ("残疾儿童入学率", "%", 95, "disabled.all_kinds", "义务教育"),
    ("县级以上骨干教师", "%", 15, "teacher.backbone_share", ""),
    ("全县学校", "所", 167, "school.count", ""),
    ("职业技术学校", "所", 1, "school.count.vocational", ""),
    ("初级中学", "所", 12, "school.count.junior", ""),
    ("九年一贯制学校", "所", 3, "school.count.nine_year", ""),
    ("九年制学校", "所", 2, "school.count.nine_year", ""),
    ("特殊教育学校", "所", 1, "school.count.special", ""),
    ("小学", "所", 111, "school.count.primary", ""),
    ("教学点", "所", 36, "school.count.point", ""),
    ("后金凤区中小学", "所", 33, "school.count", ""),
    ("自治区级智慧校园示范校", "所", 6, "school.demonstration", ""),
    ("名师网络工作室", "个", 3, "teacher.famous", ""),
    ("义务教育均衡发展社会认可度", "%", 85, "S1", "义务教育"),
    ("县域义务教育优质均衡发展评估三大类指标全部达标", "项", 31, "county.met_count", "义务教育"),
    ("每所学校每百名学生拥有网络多媒体教室小学", "间", 2.3, "R7.mean", "小学"),
    ("义务教育阶段中小学校标准化率", "%", 100, "premises.standardised", "义务教育"),
    ("县财政对城市教育费附加的统筹比例", "%", 100, "money.share", ""),
    ("学前三年教育毛入园率", "%", 120, "enrolment.gross", "学前"),
    ("小学适龄人口按时入学率", "%", 100, "enrolment.net", "小学"),
    ("初中适龄人口按时入学率", "%", 99, "enrolment.net", "初中"),
    ("小学巩固率", "%", 112, "retention.unadjusted", "小学"),
    ("初中毕业升学率", "%", 97, "promotion.junior", "初中"),
    ("县级骨干教师", "名", 100, "teacher.backbone_county", ""),
    ("市级骨干教师", "名", 70, "teacher.backbone_city", ""),
    ("自治区骨干教师", "名", 30, "teacher.backbone_province", ""),
    ("自治区教学名师", "名", 7, "teacher.famous", ""),
    ("超大班额", "", 0, "class.huge_share", "义务教育"),
    ("大校额", "", 0, "school.large_count", "义务教育"),
    ("义务教育学校大班额", "", 0, "class.large_share", "义务教育"),
    ("教师的平均工资", "", None, "teacher.pay_ratio", "义务教育"),
    ("教育专网实现各级各类学校", "", 100, "network.coverage", ""),
]

# Wordings of our own, in the manner of other counties.
ELSEWHERE = [
    ("九年义务教育巩固率", "%", 97, "retention.adjusted", "义务教育"),
    ("普惠性幼儿园覆盖率", "%", 90, "kindergarten.inclusive_share", "学前"),
    ("公办园在园幼儿占比", "%", 55, "kindergarten.public_share", "学前"),
    ("小学净入学率", "%", 100, "enrolment.net", "小学"),
    ("适龄儿童入学率", "%", 99.9, "enrolment.net", "义务教育"),
    ("义务教育阶段辍学率", "%", 0.1, "dropout.rate", "义务教育"),
    ("初中辍学率", "%", 1, "dropout.rate", "初中"),
    ("56人以上大班额比例", "%", 3, "class.large_share", "义务教育"),
    ("小学超大班额占比", "%", 1, "class.huge_share", "小学"),
    ("普通高中大班额比例", "%", 5, "class.large_share", "高中"),
    ("标准班额比例", "%", 98, "class.standard_share", "义务教育"),
    ("小学专任教师本科以上学历比例", "%", 80, "teacher.bachelor_share", "小学"),
    ("高中教师研究生学历占比", "%", 15, "teacher.postgraduate_share", "高中"),
    ("高于规定学历教师比例", "%", 95, "teacher.qualified_share", "义务教育"),
    ("专任教师持证上岗率", "%", 100, "teacher.certificate_share", ""),
    ("教师交流轮岗比例", "%", 10, "teacher.rotation_share", "义务教育"),
    ("骨干教师交流轮岗比例", "%", 20, "teacher.rotation_backbone", "义务教育"),
    ("教师五年360学时培训完成率", "%", 100, "teacher.training_share", "义务教育"),
    ("初中生师比", "", 13.5, "teacher.pupils_per_teacher", "初中"),
    ("随迁子女在公办学校就读比例", "%", 90, "migrant.public_share", "义务教育"),
    ("小学就近划片入学比例", "%", 100, "G13", "小学"),
    ("优质高中招生名额分配比例", "%", 60, "G14", "高中"),
    ("优质均衡达标学校比例", "%", 100, "school.met_share", "义务教育"),
    ("群众满意度", "%", 90, "S1", "义务教育"),
    ("中职在校生占高中阶段比例", "%", 45, "vocational.share", "高中阶段"),
    ("学生体质健康优良率", "%", 50, "pupil.fitness", ""),
    ("小学生近视率", "%", 38, "pupil.sight", "小学"),
    ("课后服务覆盖率", "%", 100, "pupil.after_school", "义务教育"),
    ("中小学宽带网络接入率", "%", 100, "network.coverage", ""),
    ("生均教学及辅助用房面积", "平方米", 4.5, "R4.mean", "义务教育"),
    ("初中生均教学仪器设备值", "元", 2500, "R6.mean", "初中"),
    ("生均图书", "册", 30, "premises.books", ""),
    ("每百名学生拥有体育、艺术专任教师", "人", 0.9, "R3.mean", "义务教育"),
    ("在校学生规模", "人", 52000, "student.count", ""),
    ("专任教师总数", "人", 5000, "teacher.count", ""),
    ("幼儿园总数", "所", 68, "school.count.kindergarten", ""),
]

NOTHING = [
    ("正式党员", "人"),
    ("校长任期", "年"),
    ("年龄在", "岁"),
    ("新增占地面积", "平方米"),
    ("新建初级中学", "所"),
    ("贫困村幼儿园", "所"),
    ("扩建小学", "所"),
    ("示范课", "堂"),
    ("中小学建设高水平艺术团队", "个"),
    ("完全小学每校配备专职保安", "名"),
    ("森林覆盖率", "%"),
    ("地区生产总值", "亿元"),
    ("", ""),
    ("。，；", "%"),
]


@pytest.mark.parametrize(("text", "unit", "value", "code", "stage"), PLANS + ELSEWHERE)
def test_the_best_suggestion(text: str, unit: str, value: float | None, code: str, stage: str) -> None:
    best, *_ = suggest_bindings(text, unit, value=value)
    assert (best.code, best.stage) == (code, stage)
    assert MINIMUM <= best.confidence <= 1
    assert best.reason
    assert not best.reason.isascii()


@pytest.mark.parametrize(("text", "unit"), NOTHING)
def test_nothing_is_invented(text: str, unit: str) -> None:
    assert suggest_bindings(text, unit) == []


def test_both_formulas_of_retention_are_offered_and_the_choice_is_left_open() -> None:
    codes = [one.code for one in suggest_bindings("初中三年巩固率", "%")]
    assert {"retention.adjusted", "retention.unadjusted", "Q1"} <= set(codes)
    assert "请确认" in suggest_bindings("初中三年巩固率", "%")[0].reason
    named = {one.code: one for one in suggest_bindings("调整后的初中三年巩固率", "%")}
    assert named["retention.adjusted"].confidence > 0.2 + named["retention.unadjusted"].confidence
    assert "写明" in named["retention.adjusted"].reason
    above = suggest_bindings("初中三年巩固率", "%", value=103)
    assert [one.code for one in above] == ["retention.unadjusted"]
    assert "超过100%" in above[0].reason


def test_scope_stage_and_context() -> None:
    best = suggest_bindings("城镇义务教育学校大班额")[0]
    assert best.scope.locales == ("城区", "镇区")
    assert suggest_bindings("农村小学生师比")[0].scope.locales == ("乡村",)
    assert suggest_bindings("民办幼儿园数", "所")[0].scope.organizers == ("民办",)
    assert suggest_bindings("公办园在园幼儿占比", "%")[0].scope.organizers == ()
    assert suggest_bindings("入学率", "%", "初中")[0].stage == "初中"
    told = suggest_bindings("幼儿教师", context="基本实现幼儿教师全员持证上岗")[0]
    assert (told.code, told.stage) == ("teacher.certificate_share", "学前")
    assert "上下文" in told.reason
    assert suggest_bindings("幼儿教师") == []


def test_a_unit_that_contradicts_rules_a_measure_out() -> None:
    assert {one.code for one in suggest_bindings("县级以上骨干教师", "名")} == {"teacher.backbone_count"}
    assert "teacher.backbone_count" not in {one.code for one in suggest_bindings("县级以上骨干教师", "%")}
    assert suggest_bindings("小学六年巩固率", "人") == []


@given(st.sampled_from(PLANS + ELSEWHERE), st.integers(0, 10**6))
@settings(max_examples=120)
def test_damage_does_not_change_the_best(case: tuple[str, str, float | None, str, str], seed: int) -> None:
    text, unit, value, code, stage = case
    chance = random.Random(seed)
    traditional = str.maketrans("学师园级龄残额课", "學師園級齡殘額課")
    damaged = text.translate(traditional) if chance.random() < 0.5 else text
    for mark in chance.sample([" ", "\n", "**", "“", "\u3000", "_"], 3):
        place = chance.randint(0, len(damaged))
        damaged = damaged[:place] + mark + damaged[place:]
    if unit == "%":
        unit = chance.choice(["%", "％"])
    best, *_ = suggest_bindings(damaged, unit, value=value)
    assert (best.code, best.stage) == (code, stage)


@given(st.text(max_size=200), st.sampled_from(["", "%", "所", "人", "\x00"]))
@settings(max_examples=100)
def test_any_text_is_answered_in_order(text: str, unit: str) -> None:
    found = suggest_bindings(text, unit, text[:9], value=1e9, context=text)
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    assert all(one.code in catalogue() and one.stage in catalogue()[one.code].stages for one in found)


def test_every_measure_says_where_it_comes_from() -> None:
    for measure in catalogue():
        assert measure.clause, measure.code
        assert measure.formula, measure.code
        assert measure.source != "reported" or measure.note, measure.code
        assert measure.words, measure.code
    assert sum(len(found) for found in catalogue().groups().values()) == len(list(catalogue()))


def test_a_wrong_catalogue_says_everything_at_once() -> None:
    text = """
kind: measures
documents: [{key: 文, number: 某文}]
measures:
  - {code: a, title: 甲, group: 组, unit: "%", direction: up, formula: 式, document: 文, item: 项, status: V}
  - {code: b, title: 乙, group: 组, unit: "%", direction: ge, formula: 式, document: 无, item: 项, status: V, by: reported}
  - {code: c, group: 组, unit: "%", direction: ge, formula: 式, document: 文, item: 项, status: V, colour: red}
resources: [{code: R99, words: [x]}]
"""
    with pytest.raises(PackError) as told:
        parse_catalogue(text, load("balanced-2017"))
    whole = "；".join(told.value.problems)
    for part in ("“a”", "note", "文件 document", "“colour”", "缺少 title", "R99"):
        assert part in whole
    for bad in ("[", "kind: standard", "- 1"):
        with pytest.raises(PackError):
            parse_catalogue(bad, load("balanced-2017"))
