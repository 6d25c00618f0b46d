"""数量: every number with its unit, comparator and range, before anyone asks what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from junheng.plandocs.numerals import ARABIC, CHINESE, RANGE, tidy, value_of
from junheng.plandocs.vocabulary import MEASURE

# 千瓦, 千米 and 千克 are units of their own: 2.8亿千瓦 is 2.8 of 亿千瓦.
_SCALE = r"(?:[十百万亿]|千(?![瓦米克伏卡赫])){0,2}"
_UNIT = rf"(?:(?:万|亿)?人口(?=以|的|$|，)|个?百分点|[%‰]|/(?:10|100|十|百|千)?万|(?:万|亿)?(?:{MEASURE})(?:/(?:{MEASURE}|人|户|生|元))?|元|美元|指标)"
_SUFFIX = r"(?:(?:或|及|和|含)?以上|及其以上|以下|以内|之内|以里|左右|上下)"
_ARABIC = re.compile(
    rf"(?<![\d.A-Za-z〔])(?P<a>{ARABIC})(?P<am>{_SCALE})(?P<au>%|‰|元(?={RANGE}\d)|(?:{MEASURE})(?={RANGE}\d))?"
    rf"(?:(?P<dash>{RANGE})(?P<b>{ARABIC}))?(?P<more>[余多])?(?P<scale>{_SCALE})(?P<more2>[余多])?"
    rf"(?P<unit>{_UNIT})(?P<suffix>{_SUFFIX})?"
)
_CHINESE_UNITS = "(?:%|个百分点|人次|平方米|小时|个工作日|个|所|名|位|人|户|家|项|件|座|处|间|辆|台|套|条|张|床|次|堂|节|门|本|篇|届|年|岁|支|倍|番|亩|公里|类|场|对|只|头|层(?=以))"
_CHINESE = re.compile(
    rf"(?<![第一二两三四五六七八九十百千万零〇几数\d])(?P<a>{CHINESE})(?:(?P<dash>[至到\-—~])(?P<b>{CHINESE}))?"
    rf"(?P<more>[余多])?(?P<scale>[万亿]{{0,2}})(?P<more2>[余多])?(?P<unit>{_CHINESE_UNITS})(?P<suffix>{_SUFFIX})?"
)
_FRACTION = re.compile(
    rf"(?:百分之(?P<percent>{CHINESE}(?:点{CHINESE})?|{ARABIC})|千分之(?P<mille>{CHINESE})|(?P<under>{CHINESE}|\d{{1,4}})分之(?P<over>{CHINESE}|\d{{1,4}})"
    rf"|(?P<half>一半|半数)|(?<![一二三四五六七八九十百赞完生达组构建])(?P<tenths>[一二三四五六七八九])成(?![为立效果本功熟就长员绩品型份群都倍]))(?P<suffix>{_SUFFIX})?"
)
# A measure word no list knows, where nothing but the end of the clause follows it.
_RARE = re.compile(
    rf"(?<![\d.A-Za-z〔第])(?P<a>{ARABIC})(?P<scale>[万亿]{{0,2}})(?P<unit>[\u4e00-\u9fff]{{1,2}}?)(?=(?P<suffix>{_SUFFIX})?[，。；、）\n])"
)
# Levels of achievement in the monitoring reports are written in Roman figures.
_ROMAN = re.compile("([ⅠⅡⅢⅣⅤ])级(以上|以下)?")
_TIMES = re.compile(r"(?P<fold>成倍|(?:实现|数量|规模)倍增|翻[一两二三四]番|翻番)")


@dataclass(frozen=True)
class Amount:
    """数量: value span, value, second value of a range, unit, and the words of comparison right behind it."""

    start: int
    end: int
    value: float | int
    upper: float | int | None
    unit: str
    suffix: str
    stop: int
    more: bool
    arabic: bool
    money: bool = False
    rare: bool = False

    @property
    def ranged(self) -> bool:
        return self.upper is not None


def _plain(word: str, scale: str) -> tuple[Decimal, str] | None:
    """Value of digits with 十, 百, 千 multiplied in; 万 and 亿 stay with the unit, as the documents write them."""
    value = value_of(word)
    if value is None:
        return None
    keep = ""
    for mark in scale:
        if mark in "万亿":
            keep += mark
        else:
            value *= {"十": 10, "百": 100, "千": 1000}[mark]
    return value, keep


def _amount(m: re.Match[str], arabic: bool) -> Amount | None:
    scale = (m["am"] if arabic else "") or ""
    first = _plain(m["a"], scale)
    if first is None:
        return None
    low, keep = first
    high: Decimal | None = None
    behind = m["scale"] or ""
    if m["b"]:
        second = _plain(m["b"], behind)
        if second is None:
            return None
        high, keep_high = second
        if arabic and not scale:
            low = low * (high / (value_of(m["b"]) or Decimal(1)) if value_of(m["b"]) else 1)
        keep = keep_high or keep
    elif behind:
        scaled = _plain("1", behind)
        if scaled:
            low, keep = low * scaled[0], keep + scaled[1]
    elif arabic and m["au"]:
        return None
    unit = m["unit"]
    if unit[0] in "万亿" and keep:
        return None
    if arabic and m["au"] and high is not None and m["au"] != unit and not unit.endswith(m["au"]):
        return None
    money = unit in ("元", "美元")
    if unit == "指标":
        unit = "项"
    unit = unit.removesuffix("口") if unit.endswith("人口") else unit
    return Amount(
        start=m.start(),
        end=m.start("suffix") if m["suffix"] else m.end(),
        value=tidy(low),
        upper=None if high is None else tidy(high),
        unit=keep + unit,
        suffix=m["suffix"] or "",
        stop=m.end(),
        more=bool(m["more"] or m["more2"]),
        arabic=arabic,
        money=money,
    )


def _fraction(m: re.Match[str]) -> Amount | None:
    value: Decimal | None
    unit = "%"
    if m["percent"]:
        whole, _, part = m["percent"].partition("点")
        value = value_of(whole)
        if value is not None and part:
            value += Decimal("0." + "".join(str(value_of(c)) for c in part))
    elif m["mille"]:
        value, unit = value_of(m["mille"]), "‰"
    elif m["under"]:
        under, over = value_of(m["under"]), value_of(m["over"])
        if not under or over is None:
            return None
        value = (over * 100 / under).quantize(Decimal("0.01"))
    elif m["half"]:
        value = Decimal(50)
    else:
        value = (value_of(m["tenths"]) or Decimal(0)) * 10
    if value is None:
        return None
    end = m.start("suffix") if m["suffix"] else m.end()
    return Amount(m.start(), end, tidy(value), None, unit, m["suffix"] or "", m.end(), False, True)


def amounts_in(text: str) -> Iterator[Amount]:
    """数量: all of them, in the order of the text, none overlapping another."""
    found: list[Amount] = []
    for m in _FRACTION.finditer(text):
        if fraction := _fraction(m):
            found.append(fraction)
    for m in _TIMES.finditer(text):
        fold = m["fold"]
        if fold.endswith(("成倍", "倍增")):
            found.append(Amount(m.end() - 2, m.end(), 2, None, "倍", "", m.end(), False, True))
        else:
            value = 1 if fold == "翻番" else int(value_of(fold[1]) or 1)
            found.append(Amount(m.start() + 1, m.end(), value, None, "番", "", m.end(), False, True))
    for pattern, arabic in ((_ARABIC, True), (_CHINESE, False)):
        for m in pattern.finditer(text):
            if amount := _amount(m, arabic):
                found.append(amount)
    for m in _RARE.finditer(text):
        plain = value_of(m["a"])
        if plain is not None:
            suffix = m["suffix"] or ""
            stop = m.end("unit") + len(suffix)
            unit = m["scale"] + m["unit"]
            found.append(
                Amount(m.start(), m.end(), tidy(plain), None, unit, suffix, stop, False, True, rare=True)
            )
    for m in _ROMAN.finditer(text):
        level = "ⅠⅡⅢⅣⅤ".index(m[1]) + 1
        found.append(Amount(m.start(), m.start() + 2, level, None, "级", m[2] or "", m.end(), False, True))
    found.sort(key=lambda item: (item.start, item.rare, -item.stop))
    last: Amount | None = None
    for amount in found:
        if last is None or amount.start >= last.stop:
            if last is not None and _closes(last, amount):
                last = replace(
                    last, end=amount.end, upper=_in_unit(amount, last.unit), suffix="", stop=amount.stop
                )
                continue
            if last is not None:
                yield last
            last = amount
    if last is not None:
        yield last


def _closes(low: Amount, high: Amount) -> bool:
    """1000元以上1万元以下: two bounds written without anything between them are one range."""
    touching = low.stop == high.start and low.suffix == "以上" and high.suffix in ("以下", "以内")
    return (
        touching
        and not low.ranged
        and not high.ranged
        and low.unit.lstrip("万亿") == high.unit.lstrip("万亿")
    )


def _in_unit(amount: Amount, unit: str) -> float | int:
    """The value of one amount in another's unit: 1万元 is 10000 of 元."""
    return tidy(Decimal(str(yuan_of(amount.value, amount.unit))) / Decimal(str(yuan_of(1, unit))))


def yuan_of(value: float | int, unit: str) -> float | int:
    """折合元: value × 万, 亿, exact in decimal."""
    factor = Decimal(1)
    for mark in unit:
        factor *= {"万": 10**4, "亿": 10**8}.get(mark, 1)
    return tidy(Decimal(str(value)) * factor)
