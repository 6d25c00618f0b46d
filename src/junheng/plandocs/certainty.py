"""可信度: how sure each finding is, and in a Chinese sentence why a person should look at it first.

The shares were measured on the annotated documents (benchmarks/plans.py): what is rarely wrong is not held up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from junheng.plandocs.binding import Binding
from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Deadline, Field, Implicit, Money, Person, Reference, Target, Units
from junheng.plandocs.vocabulary import MEASURE

BASE = 0.96
LONGEST_NAME = 22
Doubt = tuple[float, str]
_CUT_HEAD = re.compile(
    "^(?:的|了|和|与|及|并|等|或|内|至|将|把|由|按|以|其|该|为|例|中(?![小学职层试心等央国医高青])|到(?![校位基])|对(?!口|外|接县)|在(?![校园岗编读建册]))"
)
_LOOSE = re.compile(
    r"(?:19|20)\d{2}年|\d天|，|。|进行|给予|落实|执行|发放(?!率)|推进$|每生|按照?每|^(?:建立|加强|完善|推进|提高|确保)$"
)
_NOUN = re.compile("[\u4e00-\u9fffA-Za-z]")
_MOVES = re.compile("增|降|提|减|占|比|幅|升|压|缩|翻|退|改善|左右|为$")
_KNOWN_UNIT = re.compile(rf"(?:[万亿]*(?:{MEASURE}|元|人)(?:/.{{1,4}})?|[%‰]|个?百分点|/.{{1,3}}|番|倍|项)")
_YEAR = re.compile(r"(?:19|20)\d{2}年|[“\"]?十[一二三四五六七八九]?五[”\"]?(?=期间|时期|末)")
_BY_RULE = {
    "deadline.range.repaired": (0.5, "两个日期之间的连接号是补上的，请核对。"),
    "deadline.month": (0.7, "只写了月份，年份是从上文推得的，请核对。"),
    "deadline.year end": (0.7, "只写了年底，年份是从上文推得的，请核对。"),
    "deadline.months": (0.8, "月份的年份是从上文推得的，请核对。"),
    "header.signature date.repaired": (0.4, "落款日期残缺，读法不止一种，请与原件核对。"),
    "header.number.run on": (0.5, "文号是从连排的文字中截取的，请核对起止。"),
    "header.date below title": (0.8, "日期取自标题下的括注，请核对。"),
    "header.title issuer": (0.8, "没有落款，发文机关取自标题，请核对。"),
    "persons.glued": (0.5, "姓名与职务之间没有空格，请核对断开的位置。"),
    "persons.in text": (0.8, "从正文叙述中识别的人员，请核对。"),
    "persons.post": (0.8, "只有职务没有姓名，请核对。"),
    "units.assist in text": (0.7, "配合单位取自正文叙述，请核对。"),
    "units.bracket assist": (0.8, "括号中没有写明是配合单位，请核对。"),
    "implicit.only up": (0.7, "只增不减之类的要求没有数值，请确认是否列为目标。"),
    "reference.unclosed": (0.5, "书名号不完整，请核对文件名。"),
    "quantity.bracket part": (0.72, "括号内的数字借用了前面的单位，请核对。"),
}
Plain = TypeVar("Plain", Field, Deadline, Units, Reference, Person, Implicit)


def rated(found: Iterable[Plain]) -> list[Plain]:
    """按规则评定: findings whose rule says how sure they are."""
    out = []
    for item in found:
        sure, why = _BY_RULE.get(item.rule, (BASE, ""))
        out.append(replace(item, confidence=sure, why=why))
    return out


def rated_targets(flat: Flat, binding: Binding, targets: list[Target]) -> list[Target]:
    """量化目标评定: every doubt lowers the confidence; the gravest ones are told."""
    return [_settled(t, [*_name(t.ind), *_target(flat, binding, t)]) for t in targets]


def rated_money(money: list[Money]) -> list[Money]:
    """资金评定: by the name of what is paid, and by what was inherited from the amount before."""
    out = []
    for m in money:
        doubts = _name(m.ind)
        if m.kind == "standard" and m.per is None:
            doubts.append((0.75, "没有写明按人、按年还是一次性，请补充。"))
        sure, why = _weighed(doubts)
        out.append(replace(m, confidence=sure, why=why))
    return out


def _weighed(doubts: list[Doubt]) -> tuple[float, str]:
    sure = BASE
    for share, _ in doubts:
        sure *= share
    told = [why for _, why in sorted(doubts, key=lambda doubt: doubt[0])[:2]]
    return round(max(0.1, sure), 2), "".join(told)


def _settled(target: Target, doubts: list[Doubt]) -> Target:
    ruled = _BY_RULE.get(target.rule)
    sure, why = _weighed([*doubts, ruled] if ruled else doubts)
    if target.kind == "context":
        # A background number is confirmed at a glance; only a wrong reading of its kind matters.
        sure, why = max(sure, 0.8), ""
    return replace(target, confidence=sure, why=why)


def _name(name: str) -> list[Doubt]:
    if len(_NOUN.findall(name)) < 2:
        return [(0.4, "没有找到指标名称，请补上。")]
    out: list[Doubt] = []
    if _CUT_HEAD.search(name) or re.fullmatch("(?:新建|改建|新增|建设|投资|项目|总投资)", name):
        out.append((0.6, f"名称“{name[:12]}”可能不完整，请核对。"))
    if _LOOSE.search(name):
        out.append((0.7, f"名称“{name[:12]}”可能夹带了别的词，请核对。"))
    if len(name) > LONGEST_NAME:
        out.append((0.72, "名称较长，可能多取了字，请核对。"))
    return out


def _target(flat: Flat, binding: Binding, t: Target) -> list[Doubt]:
    out: list[Doubt] = []
    text = flat.text
    if t.inherited:
        out.append((0.72, "句中没有写明指标，名称沿用了前一个数字的，请核对。"))
    if not _KNOWN_UNIT.fullmatch(t.unit):
        out.append((0.7, f"“{t.unit or '空'}”不是常见的计量单位，请核对。"))
    if t.unit == "%" and t.val > 100:
        out.append((0.6, "百分比超过100，请与原件核对。"))
    if (
        t.unit == "%"
        and t.cmp == "eq"
        and t.kind == "target"
        and not _MOVES.search(text[max(0, t.value_start - 14) : t.value_start])
    ):
        out.append((0.8, "没有写明“达到”或“不低于”，暂按等于读取，请核对。"))
    start, end = binding.sentence(t.value_start)
    years = set(_YEAR.findall(text[start:end]))
    if (
        t.kind in ("target", "count")
        and len(years) > 1
        and t.rule not in ("quantity.by years", "quantity.table")
    ):
        near = _YEAR.findall(text[max(start, t.value_start - 30) : t.value_start])
        out.append((0.95 if near else 0.85, "同一句里有几个年份，请核对取的是哪一个。"))
    if t.by_source in ("paragraph", "stage"):
        out.append((0.9, "年份取自段首或阶段标题，请核对。"))
    if t.rule in ("quantity.distributed", "quantity.each year", "quantity.shared"):
        out.append((0.9, "几个名称与几个数值按先后对应，请核对。"))
    return out
