"""资金: standards, funds and investments, in yuan, per whom and how often, and who pays."""

from __future__ import annotations

import re

from junheng.plandocs.amounts import Amount, amounts_in, yuan_of
from junheng.plandocs.clauses import CLAUSE, PART, end_of, start_of
from junheng.plandocs.comparators import compare, word_before
from junheng.plandocs.flat import Flat
from junheng.plandocs.indicators import behind, clean
from junheng.plandocs.items import Money
from junheng.plandocs.spans import Spans

# In this order: the first that stands nearest before the number wins.
_PER: tuple[tuple[str, str], ...] = (
    (r"每[生名]?学?生?每学年|每生每学年|/生[/·.]?学年", "生学年"),
    (
        r"每生每?年|生均[\u4e00-\u9fff]{0,12}(?:定额|标准|经费|拨款)|生均(?=\d|不|达|$)|每名?学生每年|/生[/·.、]?年|年生均|每生(?!每)",
        "生年",
    ),
    (r"每[人名][\u4e00-\u9fff]{0,4}每年|每人年均|/人[/·.、]?年|人均[\u4e00-\u9fff]{0,10}标准", "人年"),
    (r"每[人名生户][\u4e00-\u9fff]{0,4}每?月|每月|/人[/·.、]?月|月人均|/月", "月"),
    (r"月(?:平均|基本)?(?:工资|收入|薪酬?|补贴|补助|津贴)", "月"),
    (r"年薪", "年"),
    (r"每学年", "生学年"),
    (r"第[一二三四]学年度?|一次性", "人次"),
    (r"每人次|/人次", "人次"),
    (r"每次|/次", "次"),
    (r"每年|每财年|/年|年均", "年"),
    (r"每[人名户亩]", "人次"),
)
_BEHIND_PER = re.compile(
    r"^(?:标准)?[/／每](?:(生|人|户|亩)[/／·.、•・]?(?:每)?(学年|年|月)|(年|月|次|人次|人|户|亩|平方米))|^(?:的)?(?:标准)?(?:给予|发放|进行)?(一次性)"
)
_INVEST = re.compile("投资|总投入|投入资金|计划投入|估算|概算|匡算|总造价|需投入|投入")
_FUND = re.compile("基金|安排|设立|注入|专项资金|经费|预算|筹措|列支|奖补资金")
_STANDARD = re.compile(
    "标准|每[生人名户亩]|补助|补贴|资助|奖励|助学金|减免|免除|给予|发放|救助|生均|安家费|奖金"
)
_PAYER = re.compile(
    r"((?:中央|国家|自治区|省|市|县|区|各级|州|旗|镇|乡镇)?(?:级)?财政|(?:县|市|省|区)政府|用人单位)"
)


_PAID_BY = re.compile(
    r"^(?:所需[^，]{0,6})?(?:由)?(?:中央|自治区|省|市|县|区|各级|州|旗|镇|乡)?(?:、[省市县区])?级?财政(?:部门)?"
)
_DOING = re.compile(
    r"(?:每[生人名户][\u4e00-\u9fff]{0,3}每?(?:学年|年|月)|每学年|每年|每月|按照?|给予|一次性|标准为|最高|提高到|(?:19|20)\d{2}(?:[-—至](?:19|20)\d{2})?年)+"
)


def _per_of(text: str, begin: int, sentence: int, amount: Amount) -> tuple[str | None, str]:
    """每生每年 and the like: behind the number, before it in the clause, then back through the list it continues."""
    tail = _BEHIND_PER.match(text[amount.stop : amount.stop + 14])
    if tail:
        who, when, alone, once = tail.groups()
        if once:
            return "人次", "behind"
        if who:
            return (
                "生学年" if when == "学年" else "月" if when == "月" else "生年" if who == "生" else "人年"
            ), "behind"
        return ({"年": "年", "月": "月", "次": "次"}.get(alone, "人次")), "behind"
    clause = text[begin : amount.start]
    near = _last_per(clause)
    return (near, "clause") if near else (None, "")


def _last_per(stretch: str) -> str | None:
    best: tuple[int, int, str] | None = None
    for order, (pattern, per) in enumerate(_PER):
        for match in re.finditer(pattern, stretch):
            key = (match.end(), -order, per)
            if best is None or key[:2] > best[:2]:
                best = key
    return best[2] if best else None


# Turnover, output and income are results to reach; nobody pays them out.
_EARNED = re.compile(
    "设备值|产值|增加值|营业收入|营收|销售收入|销售额|交易额|零售额|进出口|出口额|生产总值|可支配收入|人均收入|消费额|总规模|产业规模|经济规模|主营业务收入|利润|成交额|旅游收入|税收|外资|市值|纯收入|总收入|综合收入"
)


def earned(text: str, amount: Amount) -> bool:
    """产出指标: 产业营业收入达到800亿元 is a target in yuan, as long as no one is paid per head of it."""
    clause = text[start_of(text, amount.start, CLAUSE) : amount.start]
    return _EARNED.search(clause) is not None and not re.search(
        "每[生人户名]|补助|奖励|给予|财政|投资|按", clause
    )


_RISE = re.compile("(?:标准)?(?:提高|提升|增加|扩大|降低|下降|减少|压缩|调整)(?:到|至|为)")


def _baseline(text: str, amount: Amount) -> bool:
    """由每生每年1000元提高到1200元: the first amount is where it starts from."""
    clause = text[start_of(text, amount.start, CLAUSE) : amount.start]
    return (
        _RISE.match(text, amount.stop) is not None and re.search("[由从][^，。；]{0,16}$", clause) is not None
    )


def find_money(flat: Flat, taken: Spans) -> list[Money]:
    """资金: every amount in yuan, in the order of the text."""
    text = flat.text
    amounts = [
        a
        for a in amounts_in(text)
        if a.money and not taken.touches(a.start, a.end) and not earned(text, a) and not _baseline(text, a)
    ]
    found: list[Money] = []
    per_last: str | None = None
    last_stop = -1
    for place, amount in enumerate(amounts):
        clause = start_of(text, amount.start, CLAUSE)
        sentence = start_of(text, amount.start, PART)
        begin = max(clause, last_stop) if last_stop <= amount.start else clause
        following = amounts[place + 1].start if place + 1 < len(amounts) else len(text)
        before = text[begin : amount.start]
        per, _ = _per_of(text, begin, sentence, amount)
        if per == "年" and (each := re.search("生均|人均", text[clause : amount.start])):
            per = "生年" if each.group() == "生均" else "人年"
        if per is None and last_stop > sentence:
            bridge = text[last_stop : amount.start]
            per = None if re.search("[。；\n每]|贷款|额度|基金|投资|安排", bridge) else per_last
        if per is None:
            per = _last_per(re.split(r"\d", text[sentence : amount.start])[-1])
        if per is None:
            end = end_of(text, amount.stop, PART)
            ahead = text[amount.stop : min(end, amount.stop + 40)]
            per = "人次" if re.search("一次性", ahead) else None
        subject = text[sentence : amount.start]
        kind = _kind(before, subject, per, text[amount.stop : amount.stop + 12])
        if per is None and kind == "invest" and not re.search("[亩户校人]均|每", subject):
            per = "总"
        listed = found and text[found[-1].value_end : amount.start] in ("、", "和", "及", "，")
        name = found[-1].ind if listed else _name(text, sentence, begin, amount, following)
        if not name:
            name = found[-1].ind if last_stop > sentence else clean(text[sentence : amount.start])[-24:]
        payer = _PAYER.search(text[sentence : amount.start])
        found.append(
            Money(
                kind=kind,
                start=begin + (len(before) - len(before.lstrip("、，"))),
                end=amount.stop,
                value_start=amount.start,
                value_end=amount.end,
                ind=name,
                cmp=compare(amount, before),
                val=amount.value,
                val2=amount.upper,
                unit=amount.unit,
                yuan=yuan_of(amount.value, amount.unit),
                yuan2=None if amount.upper is None else yuan_of(amount.upper, amount.unit),
                per=per,
                payer=payer[1] if payer else None,
                rule=f"money.{kind}",
            )
        )
        per_last, last_stop = per, amount.stop
    return found


def _name(text: str, sentence: int, begin: int, amount: Amount, following: int) -> str:
    """What the money is for: the words before it, the noun behind it, or the clause it goes on from."""
    before = text[begin : amount.start]
    comparison = word_before(before)
    raw = before[: comparison[0]] if comparison else before
    if "）" in raw and raw.count("（") < raw.count("）"):
        # 本科（含一本，包括预科生）6000元: the clause began inside a bracket.
        opening = text.rfind("（", sentence, amount.start)
        if opening >= 0:
            raw = text[start_of(text, opening, CLAUSE) : opening]
    name = _DOING.sub("", clean(_PAID_BY.sub("", raw)))
    after = re.sub("^(?:的|标准)?(?:给予|发放|进行)?(?:一次性)?", "", behind(text, amount.stop, following))
    after = after or re.sub(
        "^标准(?:给予|发放)?", "", re.split("[，。；、（）！？\\n]", text[amount.stop : amount.stop + 20])[0]
    )
    joined = name + ("" if name.endswith(after) else after)
    if len(joined) >= 6 or (after and len(joined) >= 4):
        return joined
    for clause in re.split("[，：]", text[sentence:begin])[:-3:-1]:
        earlier = clean(clause)
        if 4 <= len(earlier) <= 24 and not re.search(r"[\d（）]", earlier):
            return earlier + joined
    return joined if len(joined) >= 2 else ""


def _kind(before: str, subject: str, per: str | None, behind_words: str) -> str:
    if per in ("生年", "人年", "生学年", "人次", "月", "次") and not _INVEST.search(before):
        return "standard"
    if _INVEST.search(before):
        return "invest"
    if per == "年" and _FUND.search(before + behind_words):
        return "fund"
    if _STANDARD.search(before):
        return "standard"
    if _FUND.search(subject):
        return "fund"
    return "invest" if _INVEST.search(subject) else "fund"
