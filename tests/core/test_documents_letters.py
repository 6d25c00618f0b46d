"""Slips, notices, agreements, decisions and bulletins: what a reader must find in them, and that each figure can be traced."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest

from core.test_documents_official import squeezed, text_of_docx, text_of_pdf
from junheng.documents.letters import (
    Bulletin,
    DecisionItem,
    DecisionLetter,
    Duty,
    Fact,
    Finding,
    PerformanceRow,
    PerformanceTable,
    RectificationNotice,
    ResponsibilityLetter,
    ScoredIndicator,
    SlipEvent,
    SupervisionSlip,
    TargetLine,
    TaskLine,
    UnitLine,
    bulletin,
    decision_letter,
    performance_table,
    rectification_notice,
    responsibility_letter,
    supervision_slip,
    why_not_performance_table,
)
from junheng.documents.official import Run, Source, Table, flaws, official_document, official_pdf
from word_checks import flaws_of

DAY = date(2026, 9, 30)
RATE = Source("GGL", "九年义务教育巩固率", "97.3%", "9,412 人", "9,673 人", "第6条", "2026年8月31日")
SLIP = SupervisionSlip(
    "督〔2026〕8号", "云岭县教育督导室", "补齐寄宿学校床位", "教育体育局", DAY, date(2026, 10, 28), plan="《教育发展规划》", clause="二、（三）",
    target="床位满足率100%", requirement="10月28日前完成整改并报送验收材料", supporting=("财政局", "住房和城乡建设局"), person="马某", working_days=15,
    current=("满足率", Run("97.3%", ref="GGL"), "，缺126张"), level="县级督办", contact="督导室　电话见内网",
    events=(SlipEvent(date(2026, 10, 9), "催办", "督导室", "已电话提醒"), SlipEvent(date(2026, 10, 1), "签收", "教育体育局")),
    sources=(RATE,), marked="演示数据",
)  # fmt: skip
NOTICE = RectificationNotice(
    "云岭县教育督导室", "云督〔2026〕5号", ("县第一中学",), "《教育督导条例》", "2026年9月20日对你校进行了督导检查",
    (
        Finding("大班额没有化解", "调整编班，控制在标准以内", date(2026, 11, 30), ("七年级3个班超过", Run("50人", ref="GGL")), "办学标准", "教务处"),
        Finding("食堂留样不全", "每餐留样并记录。", date(2026, 10, 15)),
    ),
    date(2026, 12, 10), DAY, contact="督导室", sources=(RATE,),
)  # fmt: skip
AGREEMENT = ResponsibilityLetter(
    "2026年教育工作目标责任状", "2026年1月1日至12月31日", "云岭县人民政府", "东镇人民政府",
    (
        Duty("控辍保学", "零辍学", "辍学人数", Run("3人", ref="GGL"), "每学期末", Decimal("40")),
        Duty("改善办学条件", "床位满足率100%", "床位满足率", "92%", "2026年12月31日", Decimal("60")),
    ),
    ("按季度报告进展。", "年底由县政府组织考核。"), "《教育发展规划》", date(2026, 1, 5), (RATE,),
)  # fmt: skip
DECISION = DecisionLetter(
    "云资助〔2026〕1001号", "云岭县学生资助管理中心", "马某家长", "马小某", "东镇中心小学", "五年级", "2026年秋季学期",
    (
        DecisionItem("家庭经济困难寄宿生生活补助", True, "寄宿，属于低保家庭", "第十四条", "云党发〔2018〕1号", "小学每生每年1000元", Decimal("500"),
            "2026年秋季学期", (Fact("寄宿", "是", "学籍", "2026年9月1日"), Fact("低保", "是", "民政低保名册", "2026年9月5日")), "不再寄宿时停发"),
        DecisionItem("营养改善计划", True, "在计划实施学校就读", "", "国办发〔2011〕54号", facts=(Fact("寄宿", "是", "学籍", "2026年9月1日"),)),
        DecisionItem("孤儿资助", False, "名册中没有孤儿认定", "第十五条", "云党发〔2018〕1号", facts=(Fact("孤儿", "否", "民政名册"),),
            would_change="经民政部门认定为孤儿后，从认定当月起享受"),
    ),
    "可在收到本告知书之日起书面向学校或资助中心提出", DAY, "资助中心",
)  # fmt: skip
RESULTS = PerformanceTable(
    "2026年度绩效考核结果", "2026年", "乡镇人民政府", (ScoredIndicator("控辍保学", Decimal("40")), ScoredIndicator("办学条件", Decimal("60.0"))),
    (PerformanceRow(1, "东镇", ("39.5", Run("58.0", ref="GGL")), "97.5", "优秀"), PerformanceRow(2, "西镇", ("36.0", "55.0"), "91.0", "良好", "申诉后调整")),
    "云岭县教育督导室", DAY, "有异议的，请于10月15日前书面提出", (RATE,),
)  # fmt: skip
REPORT = Bulletin(
    "季度分析通报", "2026年第三季度", "教育发展规划", "云岭县教育体育局", date(2026, 8, 31), DAY,
    targets=(
        TargetLine("GGL", "九年义务教育巩固率", "97.3%", "98%", "落后", "95.0%", "2026年底", "97.6%", "教育体育局", "东镇、西镇流失较多", 97.3, 98),
        TargetLine("RXL", "小学入学率", "100%", "100%", "达到", value=100, goal=100),
        TargetLine("WL", "宽带网络覆盖率", "99%", "100%", "按进度", value=99, goal=100),
        TargetLine("TJ", "体质健康优良率", "未报", "50%", "无数据", lead="教育体育局"),
    ),
    tasks=(
        TaskLine("1", "新建宿舍", "教育体育局", "2026年6月30日", "推进中", 62, "主体封顶"), TaskLine("2", "建立台账", "民政局", "2026年12月31日", "已完成"),
        TaskLine("3", "配齐教师", "", "2026年8月1日", "未启动", 30),
    ),
    units=(UnitLine(1, "民政局", 1, 1, 0, "100"), UnitLine(2, "教育体育局", 2, 0, 2, "60", "约谈1次")),
    rectifications=("县第一中学大班额整改，时限2026年11月30日。",), advice=("逾期单位在10月15日前报送原因和新的时限。",), ranking="按期完成率，其次逾期天数",
    head="云岭县教育体育局文件", number="云教发〔2026〕12号", recipients=("各乡镇人民政府",), sources=(RATE,), marked="演示数据",
)  # fmt: skip
ALL = {
    "slip": supervision_slip(SLIP), "notice": rectification_notice(NOTICE), "agreement": responsibility_letter(AGREEMENT),
    "decision": decision_letter(DECISION), "results": performance_table(RESULTS), "bulletin": bulletin(REPORT),
}  # fmt: skip
WORDS = {
    "slip": ("督〔2026〕8号", "2026年10月28日（15个工作日）", "复核人（非承办人）", "97.3%[1]，缺126张", "办理经过", "已电话提醒", "县级督办"),
    "notice": ("发现2个问题", "（一）大班额没有化解", "事实：七年级3个班超过50人[1]。", "整改要求：每餐留样并记录。", "2026年12月10日前报送", "最早的整改时限为2026年10月15日"),
    "agreement": ("云岭县人民政府与东镇人民政府签订", "零辍学", "40%", "1. 按季度报告进展。", "3人[1]"),
    "decision": ("合计500元（人民币伍佰元整）", "理由：寄宿，属于低保家庭。", "依据：云党发〔2018〕1号“第十四条”：“小学每生每年1000元”。", "不发现金", "（一）孤儿资助",
                 "什么情况会改变这一结果：经民政部门认定为孤儿后", "民政低保名册", "云资助〔2026〕1001号"),
    "results": ("办学条件（60%）", "58.0[1]", "优秀", "考核对象：乡镇人民政府；考核期：2026年；有异议的"),
    "bulletin": ("关于2026年第三季度《教育发展规划》落实情况的季度分析通报", "共确定4个量化目标", "落后的1[3]个", "逾期2[5]项", "没有数据不等于完成", "未定牵头单位1项", "排名规则：按期完成率",
                 "约谈1次", "照此速度预计97.6%", "九年义务教育巩固率"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(ALL))
def test_everything_needed_stands_in_both_files(name):
    document = ALL[name]
    paper = squeezed("".join(text_of_pdf(official_pdf(document))))
    word = squeezed(text_of_docx(official_document(document)))
    for words in WORDS[name]:
        assert squeezed(words) in paper, words
        assert squeezed(words) in word, words
    assert flaws(document) == ()


def test_the_course_of_a_slip_is_in_order():
    course = ALL["slip"].body[1]
    assert [row[1] for row in course.rows] == ["签收", "催办"]


def test_a_bare_slip_leaves_out_what_is_unknown():
    bare = supervision_slip(SupervisionSlip("1", "督导室", "事", "单位", DAY, DAY))
    labels = [cell.label for row in bare.body[0].rows for cell in row]
    assert "目标要求" not in labels
    assert "复核意见" in labels


def test_a_fact_used_twice_is_listed_once():
    table = next(block for block in reversed(ALL["decision"].body) if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["寄宿", "低保", "孤儿"]


def test_a_decision_without_any_aid_says_so_and_writes_no_sum():
    refused = decision_letter(replace(DECISION, items=DECISION.items[2:]))
    paper = squeezed("".join(text_of_pdf(official_pdf(refused))))
    assert "暂不符合" in paper
    assert "人民币" not in paper


def test_each_count_of_a_bulletin_names_what_was_counted():
    counted = {source.name: source for source in ALL["bulletin"].sources}
    assert counted["落后的目标"].numerator == "1项（九年义务教育巩固率）"
    assert counted["落后的目标"].denominator == "4项"
    assert counted["逾期的任务"].value == "2项"


def test_verdicts_add_up():
    counted = [source for source in ALL["bulletin"].sources if source.name.endswith("目标")]
    assert sum(int(source.value.removesuffix("项")) for source in counted) == len(REPORT.targets)


def test_an_empty_bulletin_says_that_nothing_is_registered():
    empty = bulletin(Bulletin("年度报告", "2026年", "规划", "教育局", DAY, DAY))
    assert "没有登记目标和任务" in "".join(text_of_pdf(official_pdf(empty)))


def test_a_good_quarter_is_said_plainly():
    fine = bulletin(replace(REPORT, targets=REPORT.targets[1:2], tasks=REPORT.tasks[1:2]))
    paper = squeezed("".join(text_of_pdf(official_pdf(fine))))
    assert "没有落后于进度的目标" in paper
    assert "各项任务没有逾期" in paper


def test_results_that_do_not_add_up_are_refused_in_one_sentence():
    wrong = replace(
        RESULTS,
        indicators=(ScoredIndicator("甲", Decimal("50")), ScoredIndicator("乙", Decimal("-10"))),
        rows=(PerformanceRow(1, "东镇", ("1",), "1"), PerformanceRow(2, "东镇", ("1", "2"), "3")),
    )
    why = why_not_performance_table(wrong)
    for words in ("权重之和是40%", "“乙”的权重", "东镇的得分项数", "列了不止一次"):
        assert words in why
    with pytest.raises(ValueError, match="权重之和"):
        performance_table(wrong)
    assert why_not_performance_table(RESULTS) is None


@pytest.mark.parametrize("name", list(ALL))
def test_a_word_processor_finds_nothing_to_stumble_over(name):
    assert flaws_of(official_document(ALL[name])) == []


def test_the_checks_of_word_files_find_what_is_wrong():
    whole = official_document(ALL["notice"])

    def without(name):
        held = BytesIO()
        with ZipFile(BytesIO(whole)) as old, ZipFile(held, "w") as new:
            for part in old.namelist():
                if part != name:
                    new.writestr(part, old.read(part))
        return flaws_of(held.getvalue())

    def with_words(old, new):
        held = BytesIO()
        with ZipFile(BytesIO(whole)) as parts, ZipFile(held, "w") as made:
            for part in parts.namelist():
                made.writestr(part, parts.read(part).replace(old.encode(), new.encode()))
        return flaws_of(held.getvalue())

    assert any("is not there" in flaw for flaw in without("word/styles.xml"))
    assert with_words("每餐留样", "{要求}") == ["a mark is left: {要求}"]
    assert any(
        "is set in Comic" in flaw for flaw in with_words('w:eastAsia="仿宋_GB2312"', 'w:eastAsia="Comic"')
    )
    assert any("not A4" in flaw for flaw in with_words('w:h="16838"', 'w:h="15840"'))
    assert any("is not defined" in flaw for flaw in with_words('<w:pStyle w:val="', '<w:pStyle w:val="x'))
    assert with_words("</w:body>", "") != []
