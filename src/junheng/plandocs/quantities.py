"""量化目标: numbers with units that are results to reach, things to make, or conditions of a rule."""

from __future__ import annotations

import re
from dataclasses import replace

from junheng.plandocs.amounts import Amount, amounts_in
from junheng.plandocs.binding import Binding
from junheng.plandocs.comparators import compare, word_before
from junheng.plandocs.flat import Flat
from junheng.plandocs.indicators import _MAKING, clean, indicator, scope_of, shared_head
from junheng.plandocs.items import Target
from junheng.plandocs.spans import Spans

_CLAUSE = "，。；：\n？！"
_TIMELIKE = ("年", "岁", "周岁", "届", "天", "日", "周", "个月", "月", "秒钟")
_TENURE = re.compile(
    "连续|任教|从教|工作|服务|任期|期限|年限|年龄|满|签订|聘期|有效期|任职|从业|周期|学制|累计|缴费|工龄|教龄|保存|周岁|龄"
)
_PAST = re.compile("现有|目前|已有|已建成|已经|截至|截止|去年|上年|原有|现状|共有|累计建成|同比|以来")
_PAST_NODE = re.compile("现状|基础|背景|形势|回顾|成效|成就|问题|情况|概况")
_BASELINE = re.compile(r"(?:由|从)[^，。；]{0,24}$")
_RISE = re.compile(
    r"^[^，。；]{0,12}?(?:提高|增加|提升|增长|扩大|下降|降低|减少|上升|缩短|压减|压缩|发展)?(?:到|至)"
)
_FIXED = re.compile(
    r"(?:小时|分钟)(?:[\u4e00-\u9fff]{0,6}(?:圈|服务|热线|值班|通达|达|不间断|监测|在线))|个一[批律]|个方面|个不|年级|年制|年一贯|个代表|天候|个字|条例|类人|个维护|点钟|年期"
)
_SLOGAN_BEFORE = re.compile(r"[“《〈]$")
_INSIDE = re.compile("其中|分别是|包括")


def _quoted(text: str, start: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    opening = text.rfind("“", max(line, start - 40), start)
    return opening > text.rfind("”", max(line, start - 40), start)


def _wanted(text: str, amount: Amount, begin: int) -> bool:
    """Whether this number is a quantity at all; slogans, ordinals, classes and fixed phrases are not."""
    before = text[begin : amount.start]
    unit = amount.unit
    behind = text[amount.end : amount.end + 14]
    if amount.money or unit in ("%", "‰") or unit.endswith("百分点"):
        return not amount.money
    if _quoted(text, amount.start):
        return False
    if before.endswith("第") or _FIXED.match(unit[-2:] + behind) or _FIXED.match(unit[-1:] + behind):
        return False
    comparison = word_before(before)
    bound = comparison is not None or bool(amount.suffix) or amount.ranged
    if unit in _TIMELIKE:
        if unit in ("日", "月", "周") or (unit in ("年", "天") and not amount.arabic and not bound):
            return False
        if unit == "年" and amount.arabic and amount.value > 1900:
            return False
        return bound or _TENURE.search(before[-12:]) is not None or unit in ("岁", "周岁", "届")
    if not amount.arabic:
        if unit in ("次", "场") and not bound:
            return False
        if amount.value == 1:
            return bound and (comparison is None or comparison[1] != "为" or amount.ranged)
        if unit in (
            "个",
            "项",
            "件",
            "类",
            "条",
            "支",
            "家",
            "对",
            "门",
            "本",
            "节",
            "位",
            "人",
            "户",
            "倍",
            "场",
            "点",
            "头",
        ):
            return bound or (
                _MAKING.search(before) is not None
                and not re.match("体系|机制|制度|方面|环节|关键|重点|层面|一|阶段|月|维度", behind)
            )
        return bound or _MAKING.search(before) is not None or unit in ("所", "名", "座")
    if (
        unit
        in (
            "度",
            "级",
            "类",
            "国",
            "省",
            "市",
            "县",
            "乡",
            "镇",
            "村",
            "园",
            "校",
            "部",
            "号",
            "代",
            "步",
            "档",
            "种",
        )
        and not bound
    ):
        return _MAKING.search(before) is not None or (
            unit in ("种", "类", "部", "村", "镇") and len(before) > 3
        )
    return True


def _kind(text: str, amount: Amount, before: str, behind: str, cmp: str) -> str:
    unit = amount.unit
    if unit in _TIMELIKE or (unit in ("学时", "课时", "小时", "分钟") and cmp in ("le", "lt")):
        return "norm"
    comparison = word_before(before)
    if unit in ("%", "‰") or unit.endswith("百分点"):
        return "target"
    conditional = amount.suffix or (
        comparison
        and comparison[1] in ("不足", "不满", "超过", "低于", "少于", "大于", "高于", "小于", "不到")
    )
    if (
        conditional
        and (comparison is None or comparison[2] in ("lt", "gt"))
        and re.match("的?[\u4e00-\u9fff]", behind)
    ) and not _MAKING.search(before):
        return "norm"
    if comparison and comparison[2] in ("ge", "gt", "le", "lt"):
        return "target"
    return "count"


def find_targets(flat: Flat, taken: Spans, binding: Binding) -> list[Target]:
    """量化目标: in the order of the text; `taken` holds dates, titles, numbers of documents and money."""
    text = flat.text
    amounts = [a for a in amounts_in(text) if not taken.touches(a.start, a.end)]
    found: list[Target] = []
    carried: str | None = None
    last: Target | None = None
    last_stop = -1
    for place, amount in enumerate(amounts):
        clause = max(text.rfind(mark, 0, amount.start) for mark in _CLAUSE) + 1
        opening = text.rfind("（", clause, amount.start)
        if opening > text.rfind("）", clause, amount.start):
            clause = opening + 1
        touching = taken.touching(clause, amount.start)
        begin = max(
            clause, last_stop if last_stop <= amount.start else clause, touching[1] if touching else clause
        )
        following = amounts[place + 1].start if place + 1 < len(amounts) else len(text)
        if not _wanted(text, amount, begin):
            continue
        before = text[begin : amount.start].lstrip("、和与及，")
        begin = amount.start - len(before)
        behind = text[amount.stop : min(following, amount.stop + 20)]
        if _baseline(text, clause, amount):
            continue
        cmp = compare(amount, before)
        if cmp == "eq":
            cmp = _carried(text, last, last_stop, begin, before, cmp)
        name, start, stop = indicator(text, begin, amount.start, amount.stop, following, amount.unit)
        if len(name) < 2 and last is not None and not re.search("[。\n]", text[last_stop : amount.start]):
            name = last.ind
        if len(name) < 2:
            name = clean(text[clause : amount.start]) or name
        kind = _kind(text, amount, before, behind, cmp)
        if kind == "count" and _PAST.search(text[clause : amount.start]):
            kind = "context"
        if (
            amount.unit == "年"
            and kind == "norm"
            and cmp == "eq"
            and re.search("连续|满|累计|从教|任教", before)
        ):
            cmp = "ge"
        by, source = (None, None) if kind == "norm" else binding.by(amount.start)
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
        )
        several = _several(text, clause, begin, amount, target)
        found.extend(several or [target])
        last, last_stop = (several or [target])[-1], amount.stop
        carried = cmp
    del carried
    return _list_suffixes(text, _distributed(text, found))


def _baseline(text: str, clause: int, amount: Amount) -> bool:
    """由85%提高到95%: the first number is where it starts from, not a promise."""
    before = text[clause : amount.start]
    return bool(
        re.search(r"(?:由|从)[^，。；]{0,20}$", before)
        and not re.search("由(?:县|市|省|财政|政府)", before)
        and _RISE.match(text[amount.stop : amount.stop + 16])
    )


def _carried(text: str, last: Target | None, last_stop: int, begin: int, before: str, cmp: str) -> str:
    """达到示范园1所，一类园5所: the second number stands under the first one's 达到 when only a noun parts them."""
    if last is None or last.cmp not in ("ge", "le", "gt") or last_stop < 0:
        return cmp
    between = text[last_stop:begin] + before
    if (
        len(between) > 18
        or not re.match("[、，和及]", between)
        or _INSIDE.search(between)
        or re.search("[。；（）：\n]", between)
    ):
        return cmp
    if _MAKING.search(before) or re.search("新建|建成|创建|培育|培养|打造|新增|增长|下降|提高|比", between):
        return cmp
    reach = word_before(text[max(0, last.value_start - 40) : last.value_start])
    if reach is None or reach[1] not in (
        "达到",
        "达",
        "提高到",
        "增加到",
        "扩大到",
        "提升到",
        "分别达到",
        "达至",
        "增至",
        "发展到",
    ):
        if reach is not None and reach[1] in ("不低于", "不少于", "至少", "不超过"):
            return last.cmp
        return cmp
    return last.cmp


def _per(before: str) -> str | None:
    found = re.search(
        r"每(?:个|所|名|位|万名|千名|百名|百人|万人|千人)?([\u4e00-\u9fff、]{1,8}?)(?:至少|不少于|不低于|配备|有|拥有|掌握|达到|建|培育|选派|都)",
        before,
    )
    if found is None:
        return "年" if re.search("每年", before) else None
    return found.group(1) or None


def _several(text: str, clause: int, begin: int, amount: Amount, target: Target) -> list[Target] | None:
    """A、B均达到X is two targets on one value; A、B分别达到X、Y is paired in `_distributed`."""
    before = text[begin : amount.start]
    comparison = word_before(before)
    subject = before[: comparison[0]] if comparison else before
    if not re.search("(?:均|都)$", subject) or "分别" in subject:
        return None
    names = shared_head(clean(subject))
    if not names:
        return None
    return [replace(target, ind=clean(name), rule="quantity.shared") for name in names]


def _distributed(text: str, targets: list[Target]) -> list[Target]:
    """分别达到X、Y: the i-th value goes to the i-th name; the last 以上 holds for all."""
    out = list(targets)
    for place, target in enumerate(targets):
        line = max(text.rfind(mark, 0, target.value_start) for mark in "。；\n") + 1
        head = text[line : target.value_start]
        match = re.search(
            r"([^，。；：]{2,60}?)(?:分别|依次)(?:要?(?:达到|为|提高到|不低于|增加到|控制在|达|不超过|不少于|建成|新增|增长))?$",
            head,
        )
        if not match:
            continue
        names = shared_head(clean(match[1]))
        if not names:
            continue
        group = [target]
        for following in targets[place + 1 :]:
            between = text[group[-1].value_end : following.value_start]
            if len(group) == len(names) or not re.fullmatch(
                r"(?:以上|以下|以内|左右)?[、和及，与]?(?:以上)?", between
            ):
                break
            group.append(following)
        if len(group) != len(names):
            continue
        last = group[-1].cmp if group[-1].cmp != "eq" else target.cmp
        for offset, (item, name) in enumerate(zip(group, names, strict=True)):
            cmp = item.cmp if item.cmp not in ("eq",) else last
            out[place + offset] = replace(
                item,
                ind=name,
                cmp=cmp,
                kind=target.kind if cmp == item.cmp else item.kind,
                rule="quantity.distributed",
            )
    return out


def _list_suffixes(text: str, targets: list[Target]) -> list[Target]:
    """20年、15年、10年以上: a comparator behind the last holds for the bare ones before it."""
    out = list(targets)
    for place in range(len(out) - 2, -1, -1):
        here, after = out[place], out[place + 1]
        if (
            here.cmp == "eq"
            and here.unit == after.unit
            and text[here.value_end : after.value_start] == "、"
            and after.cmp in ("ge", "le")
        ):
            out[place] = replace(here, cmp=after.cmp, kind=after.kind, by=after.by, by_source=after.by_source)
    return out
