"""指标绑定建议: the wording of a plan → the measures it may mean, best first, each with the reason. Nothing is bound by itself.

A measure fits when all parts of one of its wordings occur in the text and none of its excluding ones. Confidence starts
from how much of the text the wording explains; unit, stage and formula then raise or lower it. Every step that lowered
it stands in the reason, because the person who confirms has to know what was guessed.
"""

import re
import unicodedata
from dataclasses import dataclass

from junheng.measures.catalogue import STAGE_GROUPS, Measure, catalogue
from junheng.measures.rates_model import WHOLE, Scope

MINIMUM = 0.4
"""Below this nothing is suggested."""
_ENOUGH = 0.7

_NOISE = re.compile(r"[\s*_#`“”‘’\"'「」『』《》〈〉·]+")
_TO_SIMPLE = dict(
    zip(
        "學師園級齡殘額課體鄉鎮縣區數總達標準專業職網絡覆蓋設備點後歲畢與無義務兒",
        "学师园级龄残额课体乡镇县区数总达标准专业职网络覆盖设备点后岁毕与无义务儿",
        strict=True,
    )
)

_STAGES: tuple[tuple[str, str], ...] = (
    ("学前", "学前|幼儿|入园|在园|师幼"),
    ("义务教育", "义务教育|九年(?!一贯|制)|中小学|小学、初中|小学和初中|城乡学校"),
    ("小学", "小学"),
    ("初中", "初中|初级中学"),
    ("高中阶段", "高中阶段"),
    ("高中", "高中(?!阶段)|普高"),
    ("中职", "中职|中等职业|职业学校|职业高中|职校"),
    ("特教", "特殊教育学校|特教学校"),
)
_FILLERS = re.compile(
    "^后?(?!自治)..[县区市旗]|全县|全区|全市|县域内|县域|辖区|全部|所有|各级各类|每所学校|达到|提高到|力争|确保|实现|基本|全面|拥有|儿童少年|少年儿童"
    "|农村|乡村|县城|城镇|城区|公办|民办|公建|学前三年|学前|小学六年|小学|初中三年|初中|高中阶段|义务教育阶段|义务教育|九年|普通|中小学|教育|适龄|的|以上|不低于|总数$|数$"
)
_LOCALES = {"城区": "城区|城市|县城", "镇区": "镇区|乡镇学校", "乡村": "农村|乡村|村小"}
_UNITS = {
    "%": "%", "％": "%", "百分点": "%", "个百分点": "%",
    "人": "人", "名": "人", "位": "人",
    "所": "所", "个": "所", "家": "所", "园": "所", "校": "所", "班": "所",
    "项": "项", "间": "间", "元": "元", "倍": "倍", "平方米": "㎡", "㎡": "㎡", "册": "册", "台": "台",
}  # fmt: skip
_PROJECT = re.compile(
    r"新建|扩建|改建|迁建|新增|新改|新\(|选派|选择|培训|遴选|评选|选聘|招聘|引进|补充|撤并|每年"
)
_COUNTED = re.compile("数|总量|总数|规模|达到|保留|保持|全县|中小学|一贯制|九年制")
_HEAD = re.compile("(?:总数|总量|数量|数)$")
_EACH = re.compile("每(?:个|所|校|县|乡|镇|村|园|班)")
_ADJUSTED = re.compile("调整|扣除|剔除|转入转出")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """绑定建议: a measure, the stage and scope, how sure (0–1), and why in a Chinese sentence."""

    code: str
    stage: str
    confidence: float
    reason: str
    scope: Scope = WHOLE


def suggest_bindings(
    indicator: str, unit: str = "", scope: str = "", *, value: float | None = None, context: str = ""
) -> list[Suggestion]:
    """绑定建议 for a target's indicator text, best first; [] when no measure of the catalogue fits.

    `scope` is the scope that the plan states, `value` the figure to reach (more than 100 % tells the formula), `context`
    the sentence around it, looked at only when the indicator itself says too little; what it adds is less certain.
    """
    where = _plain(scope)
    found = _suggest(_plain(indicator), unit, where, value, lowered=0.0, because="")
    if context and not any(one.confidence >= _ENOUGH for one in found):
        known = {one.code for one in found}
        more = _suggest(_plain(context), unit, where, value, lowered=0.15, because="据上下文的句子")
        found += [one for one in more if one.code not in known]
    return sorted(found, key=lambda one: -one.confidence)


def _suggest(
    text: str, unit: str, scope: str, value: float | None, *, lowered: float, because: str
) -> list[Suggestion]:
    answer: list[tuple[float, int, Suggestion]] = []
    for place, measure in enumerate(catalogue()):
        wording = _wording(measure, text)
        if wording is None:
            continue
        judged = _judge(measure, wording, text, unit, value)
        if judged is None:
            continue
        confidence, reasons = judged
        stage, effect, reason = _stage(measure, scope + text)
        confidence = round(min(0.99, confidence + effect - lowered), 2)
        if confidence < MINIMUM:
            continue
        words = "；".join(one for one in (because, *reasons, reason) if one)
        made = Suggestion(measure.code, stage, confidence, words, _scope(measure, wording, scope + text))
        answer.append((-confidence, place, made))
    return [made for _, _, made in sorted(answer, key=lambda one: one[:2])]


def _plain(text: str) -> str:
    """The text for comparison only: half-width, without blanks, marks and quotes, traditional characters simplified."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(_TO_SIMPLE.get(letter, letter) for letter in _NOISE.sub("", folded))


def _wording(measure: Measure, text: str) -> tuple[str, ...] | None:
    """The longest wording of the measure all of whose parts occur in the text; None when none does or one excludes it."""
    if any(all(part in text for part in parts) for parts in measure.without):
        return None
    fitting = [parts for parts in measure.words if all(part in text for part in parts)]
    return max(fitting, key=lambda parts: sum(map(len, parts)), default=None)


def _judge(
    measure: Measure, wording: tuple[str, ...], text: str, unit: str, value: float | None
) -> tuple[float, list[str]] | None:
    """(confidence, reasons) from wording, unit and formula; None when the unit or the kind of number rules it out."""
    reasons = [f"指标中有“{'”“'.join(wording)}”"]
    explained = _explained(text, wording)
    confidence = 0.5 + 0.4 * explained
    wanted, have = _unit(measure.unit), _UNITS.get(unit.strip(), unit.strip())
    if have and wanted != have and not (measure.source == "reported" and {wanted, have} == {"人", "所"}):
        return None
    if measure.how.get("by") == "school_count" and not (
        have and explained >= 0.7 and _HEAD.sub("", text).endswith(wording)
    ):
        # A school is named in many sentences that count something else; only where it is the head is it counted.
        return None
    if have:
        confidence += 0.1
        reasons.append(f"单位“{unit}”相符" if measure.unit else "没有单位")
    if value is not None and value > 100 and measure.unit == "%":
        if not measure.over_100:
            return None
        reasons.append(f"目标值{value:g}%超过100%，只有不扣转入转出的算法才可能达到")
    if measure.whole and measure.source == "registers":
        if _PROJECT.search(text):
            return None
        if not _COUNTED.search(text) and measure.direction == "ge":
            confidence -= 0.2
            reasons.append("只写了名称，也可能是新建或培育的数量，请核对")
    if measure.code.startswith("retention.") and not (value and value > 100):
        confidence += _formula(measure, text, reasons)
    if measure.source == "results" and measure.title.endswith("（县级填报数）"):
        confidence -= 0.28
        reasons.append("取县级数据的填报数，不由学籍逐人计算")
    if measure.source == "reported":
        reasons.append("登记表中没有，须按期填报")
    if _EACH.search(text):
        confidence -= 0.1
        reasons.append("文件按“每一个”要求，除全县数外还要逐校（乡镇）看")
    return confidence, reasons


def _formula(measure: Measure, text: str, reasons: list[str]) -> float:
    """Which of the two retention formulas: as the text says, else the national one first, to be confirmed."""
    adjusted = measure.code == "retention.adjusted"
    if _ADJUSTED.search(text):
        reasons.append("文件写明按转入转出调整")
        return 0.05 if adjusted else -0.3
    reasons.append("文件没有写明是否按转入转出调整，国家督导评估的算法是调整，请确认")
    return -0.12 if adjusted else -0.16


def _explained(text: str, wording: tuple[str, ...]) -> float:
    """The part of the text, without fillers and stage words, that the wording accounts for."""
    rest = text
    for part in sorted(wording, key=len, reverse=True):
        rest = rest.replace(part, "\x00" * len(part), 1)
    core = _FILLERS.sub("", rest)
    return core.count("\x00") / len(core) if core else 1.0


def _stage(measure: Measure, text: str) -> tuple[str, float, str]:
    """(stage, effect on confidence, reason): the stage that the text names, if the measure has it."""
    named = [stage for stage, pattern in _STAGES if re.search(pattern, text)]
    if "小学" in named and "初中" in named:
        named.insert(0, "义务教育")
    for stage in named:
        if stage in measure.stages:
            return stage, 0.0, f"学段为{stage}" if len(measure.stages) > 1 else ""
    for group, members in STAGE_GROUPS.items():
        if group in measure.stages and any(stage in members for stage in named):
            return group, -0.1, f"该指标只按{group}计算"
    usual = measure.stages[0]
    if named and "" not in measure.stages and measure.group != "优质均衡":
        return usual, -0.15, f"该指标没有学段“{named[0]}”，按{usual}"
    if named or len(measure.stages) == 1:
        return usual, 0.0, ""
    return usual, -0.05, f"文件没有写学段，按{usual or '各学段合计'}"


def _scope(measure: Measure, wording: tuple[str, ...], text: str) -> Scope:
    """城乡 and 举办者 that the text names; what belongs to the measure's own wording is no scope."""
    if "school" not in measure.areas and "township" not in measure.areas:
        return WHOLE
    own = "".join(wording)
    locales = tuple(
        name for name, pattern in _LOCALES.items() if re.search(pattern, text) and not re.search(pattern, own)
    )
    if "城镇" in text and "城镇" not in own:
        locales = ("城区", "镇区")
    organizers = tuple(
        name
        for name, pattern in (("公办", "公办|公建"), ("民办", "民办"))
        if re.search(pattern, text) and name not in own
    )
    return Scope(locales, organizers)


def _unit(unit: str) -> str:
    return _UNITS.get(unit.partition("/")[0], unit.partition("/")[0])
