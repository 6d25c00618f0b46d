"""条目的栏目: what each kind of item says, in Chinese: the fields to edit and their choices. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


def N(words: str) -> str:
    """Marks words for the English catalogue; whoever shows them translates them."""
    return words


KINDS: Mapping[str, str] = {
    "header": N("版头"),
    "target": N("指标"),
    "money": N("资金"),
    "implicit": N("隐含目标"),
    "deadline": N("时限"),
    "unit": N("责任单位"),
    "reference": N("引用文件"),
    "person": N("人员"),
    "repair": N("修复"),
    "warning": N("矛盾缺漏"),
    "residual": N("余数"),
}
# What a person may add from the text; repairs, contradictions and residual numerals come from the compiler only.
ADDABLE = ("target", "money", "implicit", "deadline", "unit", "reference", "person", "header")
CHECKS = ("repair", "warning", "residual")

COMPARISONS = {
    "ge": N("≥ 不低于"), "gt": N("＞ 超过"), "le": N("≤ 不超过"), "lt": N("＜ 低于"),
    "eq": N("＝ 等于"), "approx": N("≈ 左右"), "between": N("区间"),
}  # fmt: skip
SIGNS = {"ge": "≥", "gt": "＞", "le": "≤", "lt": "＜", "eq": "＝", "approx": "≈", "between": ""}
TARGET_KINDS = {
    "target": N("目标（要达到的结果）"),
    "count": N("任务量（要办的件数）"),
    "norm": N("标准（规定的条件）"),
    "context": N("背景（只是情况）"),
}
MONEY_KINDS = {"standard": N("补助标准"), "fund": N("专项资金"), "invest": N("投资")}
IMPLICIT_KINDS = {
    "cover": N("全覆盖"),
    "zero": N("清零"),
    "ratio": N("比例"),
    "rel": N("不低于某水平"),
    "mono": N("只增不减"),
}
DEADLINE_KINDS = {
    "by": N("到某时为止"), "in": N("在某时"), "from": N("从某时起"), "range": N("起止"),
    "recur": N("定期"), "duration": N("历时"), "vague": N("没有确切时间"), "context": N("背景"),
}  # fmt: skip
FREQUENCIES = {
    "": N("不是定期"), "1y": N("每年"), "2y": N("每两年"), "3y": N("每三年"), "5y": N("每五年"), "6m": N("每半年"),
    "1q": N("每季度"), "1m": N("每月"), "1w": N("每周"), "1sy": N("每学年"), "1sem": N("每学期"),
}  # fmt: skip
UNIT_KINDS = {
    "resp": N("责任单位"), "lead": N("牵头单位"), "assist": N("配合单位"),
    "duty": N("单位职责"), "agent": N("文中承担者"), "office": N("办公室所在"),
}  # fmt: skip
REFERENCE_KINDS = {"ref": N("引用"), "self": N("本文件"), "abbr": N("简称")}
HEADER_FIELDS = {
    "title": N("标题"), "plan_title": N("计划标题"), "doc_no": N("文号"), "issuer": N("发文机关"),
    "signature": N("落款"), "date": N("成文日期"), "date_signed": N("落款日期"), "date_generated": N("生成日期"),
    "date_published": N("公布日期"), "recipients": N("主送"), "cc": N("抄送"), "printed_by": N("印发机关"),
    "printed_date": N("印发日期"), "copies": N("份数"), "index_no": N("索引号"), "topic": N("主题"),
    "keywords": N("主题词"), "openness": N("公开方式"), "validity": N("有效性"), "resp_dept": N("责任部门"),
    "red_head": N("红头"), "attachment": N("附件"),
}  # fmt: skip
CONTEXT_REASONS = (
    N("背景数字"), N("序号"), N("年份或日期"), N("固定说法"), N("名称的一部分"), N("电话或文号"), N("不是要求"),
)  # fmt: skip
FACTORS = {"元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}


@dataclass(frozen=True, slots=True)
class FieldOf:
    """一栏. `list` is words one a line; `choice` one of `choices`; `partial` a date that may lack day and month."""

    name: str
    label: str
    kind: Literal["text", "number", "choice", "partial", "list"] = "text"
    choices: Mapping[str, str] | None = None
    needed: bool = False
    wide: bool = False
    hint: str = ""


FIELDS: Mapping[str, tuple[FieldOf, ...]] = {
    "target": (
        FieldOf("ind", N("指标"), needed=True, wide=True),
        FieldOf("kind", N("性质"), "choice", TARGET_KINDS, needed=True),
        FieldOf("cmp", N("比较"), "choice", COMPARISONS, needed=True),
        FieldOf("val", N("数值"), "number", needed=True),
        FieldOf("val2", N("上限"), "number", hint=N("只在“区间”时填")),
        FieldOf("unit", N("单位"), hint=N("%、所、人、平方米……")),
        FieldOf("per", N("每（分母）"), hint=N("例如 学生、乡镇")),
        FieldOf("scope", N("范围")),
        FieldOf("by", N("年限"), "partial", hint=N("2027、2027-06 或 2027-06-30")),
    ),
    "money": (
        FieldOf("ind", N("用途"), needed=True, wide=True),
        FieldOf("kind", N("性质"), "choice", MONEY_KINDS, needed=True),
        FieldOf("cmp", N("比较"), "choice", COMPARISONS, needed=True),
        FieldOf("val", N("数额"), "number", needed=True),
        FieldOf("val2", N("上限"), "number", hint=N("只在“区间”时填")),
        FieldOf("unit", N("单位"), "choice", {name: name for name in FACTORS}, needed=True),
        FieldOf("per", N("每（分母）"), hint=N("例如 生学年、人年、年")),
        FieldOf("payer", N("出资单位")),
    ),
    "implicit": (
        FieldOf("ind", N("指标"), needed=True, wide=True),
        FieldOf("kind", N("性质"), "choice", IMPLICIT_KINDS, needed=True),
        FieldOf("val", N("数值")),
        FieldOf("ref", N("参照"), wide=True),
        FieldOf("by", N("年限"), "partial", hint=N("2027、2027-06 或 2027-06-30")),
    ),
    "deadline": (
        FieldOf("kind", N("性质"), "choice", DEADLINE_KINDS, needed=True),
        FieldOf("t_start", N("开始"), "partial"),
        FieldOf("t_end", N("截止"), "partial"),
        FieldOf("freq", N("周期"), "choice", FREQUENCIES),
        FieldOf("n", N("次数或时长"), "number"),
        FieldOf("unit", N("时长单位"), "choice", {"": "", "年": N("年"), "日": N("日")}),
    ),
    "unit": (
        FieldOf("kind", N("性质"), "choice", UNIT_KINDS, needed=True),
        FieldOf("units", N("单位（每行一个）"), "list", needed=True, wide=True),
    ),
    "reference": (
        FieldOf("title", N("文件名"), needed=True, wide=True),
        FieldOf("kind", N("性质"), "choice", REFERENCE_KINDS, needed=True),
        FieldOf("no", N("文号（原文）")),
        FieldOf("no_fixed", N("文号（更正后）")),
    ),
    "person": (FieldOf("role", N("职责")), FieldOf("name", N("姓名")), FieldOf("post", N("职务"), wide=True)),
    "header": (
        FieldOf("field", N("要素"), "choice", HEADER_FIELDS, needed=True),
        FieldOf("norm", N("内容"), needed=True, wide=True),
    ),
    "repair": (
        FieldOf("suggest", N("更正为"), needed=True, wide=True),
        FieldOf("note", N("说明"), wide=True),
    ),
    "warning": (FieldOf("note", N("处理说明"), needed=True, wide=True),),
    "residual": (FieldOf("reason", N("背景数字的理由"), needed=True, wide=True),),
}
