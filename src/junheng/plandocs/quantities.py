"""量化目标: numbers with units that are results to reach, things to make, or conditions of a rule."""

from __future__ import annotations

import re
from dataclasses import replace

from junheng.plandocs.amounts import Amount, amounts_in
from junheng.plandocs.binding import Binding
from junheng.plandocs.clauses import CLAUSE, PART, SENTENCE, start_of
from junheng.plandocs.comparators import compare
from junheng.plandocs.flat import Flat
from junheng.plandocs.indicators import MADE, MAKES, RATE, clean, indicator, scope_of
from junheng.plandocs.items import Target
from junheng.plandocs.money import earned
from junheng.plandocs.relevance import TIMELIKE, kind_of, quoted, wanted
from junheng.plandocs.series import by_years, carried, distributed, each_year, list_suffixes, several
from junheng.plandocs.spans import Spans

_PAST = re.compile("现有|目前|已有|已建成|已经|截至|截止|去年|上年|原有|现状|共有|累计建成|同比|以来")
_RISE = re.compile(
    r"^[^，。；]{0,12}?(?:提高|增加|提升|增长|扩大|下降|降低|减少|上升|缩短|压减|压缩|发展)?(?:到|至)"
)
# 增产1.2%: a change without a subject of its own is a change of what was named before.
_CHANGE = re.compile(
    "(?:年均|累计|分别|平均)?(?:增产|增长|提高|下降|增加|减少|降低|提升|上升|增幅|降幅|缩短|扩大)"
)
_PARTS = (
    "各?(?:县（市、区）|县（市）|城市|农村|城镇|城区|市区|县城|乡村|乡镇|镇区|[省市县区乡镇村州旗]|牧区|山区|川区|东部|中部|西部|"
    "小学|初中|高中|普通高中|中职|幼儿园|公办园|民办园|省级|市级|县级|国家级|男|女|其他|其余)(?:地区|学校)?"
)
_PART_ONLY = re.compile(_PARTS)
_PART_ONLY_HEAD = re.compile(f"^(?:全[国省市县区]的?|{_PARTS})")
_PART_ONLY_TAIL = re.compile(f"(?<=.{{2}}){_PARTS}$")
_JOINED = re.compile(r"(?:以上|以下|以内|左右)?(?:[、和及与或]|，)?")


def find_targets(flat: Flat, taken: Spans, binding: Binding) -> list[Target]:
    """量化目标: in the order of the text; `taken` holds dates, titles, numbers of documents and money."""
    text = flat.text
    amounts = [
        a for a in amounts_in(text) if not taken.touches(a.start, a.end) and (not a.money or earned(text, a))
    ]
    found: list[Target] = []
    used_to = -1
    for place, amount in enumerate(amounts):
        following = amounts[place + 1] if place + 1 < len(amounts) else None
        last = found[-1] if found else None
        made = _target(text, taken, binding, amount, following, last, used_to)
        if made:
            found.extend(made)
            # The noun behind a condition (30户以上的自然村) may itself be what the next number measures.
            used_to = amount.stop if made[-1].kind == "norm" else max(made[-1].end, amount.stop)
    found = each_year(text, by_years(text, list_suffixes(text, distributed(text, found))))
    return _named_by_total(text, found)


def _named_by_total(text: str, targets: list[Target]) -> list[Target]:
    """新建公办园45所，其中2023年新建12所: a bare verb counts what the total of its sentence counts."""
    out: list[Target] = []
    for target in targets:
        if MAKES.fullmatch(target.ind):
            floor = start_of(text, target.value_start, SENTENCE)
            total = next(
                (
                    t
                    for t in reversed(out[-12:])
                    if t.value_start >= floor and t.unit == target.unit and len(t.ind) > len(target.ind) + 1
                ),
                None,
            )
            target = replace(target, ind=total.ind, inherited=True) if total else target
        out.append(target)
    return out


def _stretch(text: str, taken: Spans, amount: Amount, used_to: int) -> tuple[int, int]:
    """Where the clause begins, and where in it the words for this number begin: behind the last number and date."""
    clause = start_of(text, amount.start, CLAUSE)
    opening = text.rfind("（", clause, amount.start)
    if opening > text.rfind("）", clause, amount.start):
        clause = opening + 1
    begin = max(clause, used_to if used_to <= amount.start else clause)
    # A date in the middle of a clause (占比到2025年不低于) leaves the words before it to the indicator; one at its head does not.
    touching = taken.touching(begin, min(begin + 4, amount.start))
    while touching and begin < touching[1] <= amount.start:
        begin = touching[1]
        while begin < amount.start and text[begin] in "、和与":
            begin += 1
        touching = taken.touching(begin, min(begin + 4, amount.start)) if begin < amount.start else None
    touching = taken.touching(begin, amount.start)
    if (
        touching
        and touching[1] <= amount.start
        and (text[touching[0]] == "《" or text[touching[1] - 1] in "号》")
    ):
        begin = touching[1]
    # A bracket with numbers of its own belongs to the quantity before it; so does one that closes unopened.
    for close in re.finditer("）", text[begin : amount.start]):
        opened = text.rfind("（", begin, begin + close.start())
        if opened < 0 or re.search(r"\d", text[opened : begin + close.start()]):
            begin = begin + close.end()
            break
    return clause, begin


def _target(
    text: str,
    taken: Spans,
    binding: Binding,
    amount: Amount,
    following: Amount | None,
    last: Target | None,
    used_to: int,
) -> list[Target]:
    clause, begin = _stretch(text, taken, amount, used_to)
    joined = last is not None and _JOINED.fullmatch(text[last.value_end : amount.start]) is not None
    continues = joined and last is not None and last.unit == amount.unit
    if not wanted(text, amount, begin, continues) or _baseline(text, clause, amount):
        return []
    before = text[begin : amount.start].lstrip("、和与及，")
    begin = amount.start - len(before)
    limit = following.start if following else len(text)
    cmp = compare(amount, before)
    if cmp == "eq":
        cmp = carried(text, last, begin, before, cmp)
    if cmp == "eq" and quoted(text, amount.start) and amount.value == 100:
        cmp = "ge"
    kind = kind_of(amount, before, text[amount.stop : min(limit, amount.stop + 20)], cmp)
    if kind == "count" and following and _sized(amount, text[amount.stop : following.start]):
        kind = "norm"
    if continues and amount.unit in TIMELIKE and last is not None:
        name, start, stop = last.ind, amount.start, amount.stop
    else:
        name, start, stop = indicator(text, begin, amount, following, kind)
    inherited = False
    if _PART_ONLY.fullmatch(name) and cmp != "eq":
        name += _rate_before(text, clause)
    if last is not None and not re.search("[。\n]", text[last.value_end : amount.start]):
        if not name:
            name = _rising(text, max(last.value_end, start_of(text, amount.start, PART)), clause) or last.ind
            inherited = not joined
        elif _CHANGE.fullmatch(name):
            name = last.ind + name
        elif _PART_ONLY.fullmatch(name) and amount.unit == last.unit and cmp != "eq":
            # 入园率市区达到98%，县（市）达到92%: the part is named, the rate was named before it.
            whole = _PART_ONLY_HEAD.sub("", last.ind)
            # 设备值小学≥2000元、初中≥2500元: the part stands behind what is measured.
            behind = _PART_ONLY_TAIL.sub("", whole)
            name = behind + name if behind != whole else name + whole
    if not name:
        name = clean(text[clause : amount.start])
        inherited = True
    if last is not None and last.kind == "norm" and clause <= last.value_start:
        # What is done with them stands before the norm: 撤并50人以下教学点21个.
        done = MADE.search(text[clause : last.value_start])
        name = done["verb"] + name if done else name
    name = _renamed(text, clause, amount, name)
    if cmp in ("gt", "lt") and text[clause - 1] == "（" and text.startswith("）", amount.stop):
        # 大班额（超过40人）比例: the bracket says what the word means.
        kind = "norm"
    if kind == "count" and _PAST.search(text[clause : amount.start]):
        kind = "context"
    if amount.unit == "年" and cmp == "eq" and re.search("连续|满|累计|从教|任教", before):
        cmp = "ge"
    by, source = (None, None) if kind == "norm" else binding.by(amount.start)
    if kind != "norm" and (binding.past(by, source) or binding.background(amount.start)):
        kind = "context"
    target = Target(
        kind=kind,
        start=min(start, amount.start),
        end=max(stop, amount.stop),
        value_start=amount.start,
        value_end=amount.end,
        ind=name,
        cmp=cmp,
        val=amount.value,
        val2=amount.upper,
        unit=amount.unit,
        rule=f"quantity.{kind}",
        scope=scope_of(text[clause : amount.start].lstrip("，")),
        by=by,
        by_source=source,
        per=_per(text[clause : amount.start]),
        inherited=inherited,
    )
    return several(before, target) or [target]


_RISING = re.compile(
    "(?P<what>[\u4e00-\u9fff（）]{2,24}?(?:率|比例|比重|占比|水平|面积|规模|人数|数量|总量|能力|度))(?:逐年|稳步|不断|持续|明显|显著|进一步|大幅|有所)"
)


def _rising(text: str, start: int, clause: int) -> str:
    """优良率逐年提高，到期末达到五成: the clause before says what rises."""
    found = _RISING.search(text, start, clause)
    return clean(found["what"]) if found else ""


def _sized(amount: Amount, between: str) -> bool:
    """撤并50人以下教学点21个: the first number says which are meant, the second how many."""
    small = amount.unit in ("人", "名", "户") and amount.suffix.endswith("以下")
    return small and re.fullmatch("的?[\u4e00-\u9fff]{2,10}", between) is not None


def _rate_before(text: str, clause: int) -> str:
    """学历占比，小学提升至90%: the clause before names the rate and holds no number itself."""
    if not clause or text[clause - 1] != "，":
        return ""
    earlier = text[start_of(text, clause - 1, CLAUSE) : clause - 1]
    return clean(earlier) if RATE.search(earlier) and not re.search(r"\d", earlier) else ""


_SPAN_ONLY = re.compile("每(?:天|日|周|月|年|学期|学年|季度|半年|次|人次)")
_TAKEN = re.compile("(?:提取|计提|安排|列支|足额提取|配套|承担)(?P<what>[\u4e00-\u9fff]{2,12})")


def _renamed(text: str, clause: int, amount: Amount, name: str) -> str:
    """即A占比达到80% explains the rate named before it; 按工资总额的8%提取B says how much B is."""
    if text.startswith(("即", "也就是"), clause) and text[clause - 1] == "，":
        earlier = clean(text[start_of(text, clause - 1, CLAUSE) : clause - 1])
        return earlier if 2 <= len(earlier) <= 24 else name
    if _SPAN_ONLY.fullmatch(name) and clause:
        # 每周5天都要开展课后服务，每天至少2小时: the clause before says of what.
        earlier = clean(text[start_of(text, clause - 1, CLAUSE) : clause - 1])
        return earlier if 2 <= len(earlier) <= 24 else name
    taken = _TAKEN.match(text, amount.stop, amount.stop + 20)
    if taken and amount.unit == "%" and re.search("按照?[^，。]*的$", text[clause : amount.start]):
        return taken["what"]
    if name in ("超过", "不足", "多于", "少于") and text[clause - 1] == "（":
        return clean(text[start_of(text, clause - 1, CLAUSE) : clause - 1]) or name
    return name


def _baseline(text: str, clause: int, amount: Amount) -> bool:
    """由85%提高到95%: the first number is where it starts from, not a promise."""
    before = text[clause : amount.start]
    return bool(
        re.search(r"(?:由|从)[^，。；]{0,20}$", before)
        and not re.search("由(?:县|市|省|财政|政府)|从教|从业", before)
        and _RISE.match(text[amount.stop : amount.stop + 16])
    )


def _per(before: str) -> str | None:
    found = re.search(
        r"每(?!年|半年|学年|学期|季度|[月周天日])(?:个|所|名|位)?([\u4e00-\u9fff、]{1,8}?)(?:至少|不少于|不低于|配备|有|拥有|掌握|达到|建|培育|选派|都)",
        before,
    )
    if found is None:
        return "年" if re.search("每年", before) else None
    return found.group(1) or None
