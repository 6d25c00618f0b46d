"""余数清单: every numeral of the text is extracted, marked as context, or listed here; nothing is lost silently."""

from __future__ import annotations

import re
from dataclasses import dataclass

from junheng.plandocs.flat import Flat
from junheng.plandocs.spans import Spans

_NUMERAL = re.compile(
    r"\d+(?:[.,:]\d+)*%?|(?<![\u4e00-\u9fff])[一二两三四五六七八九十百千万亿]{1,10}(?=[个所名人项件年月次户家座间条])|(?<![一二两三四五六七八九十百千])[一二两三四五六七八九十百千]{1,8}(?:分之[一二三四五六七八九十百]{1,6}|成(?=以上|左右|的))|百分之[一二三四五六七八九十百]{1,6}"
)
_CONTEXT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("电话", re.compile(r"[话机]：?$")),
    ("折算单位", re.compile(r"每$")),
    ("序次", re.compile(r"第$")),
    ("固定说法", re.compile(r"[“《〈+×/A-Za-z]$|互联网$")),
    ("序号", re.compile(r"(?:专栏|附件|附表|表|图)$|\n$")),
    ("比例", re.compile(r"\d[:∶：]$|比[例值]?$")),
    ("基期", re.compile(r"[比较由从]$")),
)
_CONTEXT_BEHIND: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("固定说法", re.compile(r"^(?:[+×A-Za-z”]|小时|分钟|年级|级|代|号|次党代会|届|大|线)")),
    ("比例", re.compile(r"^[:∶：]\d")),
    (
        "基期",
        re.compile(
            "^(?:[万亿]?元|%|[个所名人张]|平方米)?(?:提高|提升|增加|扩大|降低|下降|减少|压缩|调整)(?:到|至|为)"
        ),
    ),
    ("文号", re.compile(r"^〕\d+号")),
    ("年龄段", re.compile(r"^(?:[-~至到—]{1,2}\d{1,2})?周?岁")),
    ("年份", re.compile(r"^年")),
    ("频次", re.compile(r"^次")),
    ("期限", re.compile(r"^(?:个?月|个?工作日|日)[之以]?内")),
    ("序号", re.compile(r"^[.、](?!\d)")),
)


@dataclass(frozen=True)
class Numeral:
    """余数: one numeral no item covers, with the reason it is taken as context, or none when a person must look."""

    start: int
    end: int
    reason: str | None


def residual_numerals(flat: Flat, covered: Spans, labels: Spans, front: int) -> list[Numeral]:
    """余数清单: numerals outside all items; `reason` None means the list is not yet empty for this one."""
    out: list[Numeral] = []
    text = flat.text
    quoted = Spans(m.span() for m in re.finditer(r"“[^”\n]{1,30}”", text))
    for m in _NUMERAL.finditer(text):
        if covered.touches(*m.span()):
            continue
        reason: str | None = None
        before, behind = text[max(0, m.start() - 3) : m.start()], text[m.end() : m.end() + 12]
        if ":" in m.group():
            reason = "比例"
        elif labels.touches(*m.span()):
            reason = "标题序号"
        elif m.end() <= front:
            reason = "版头"
        elif quoted.touches(*m.span()):
            reason = "固定说法"
        else:
            for name, pattern in _CONTEXT:
                if pattern.search(before):
                    reason = name
                    break
            else:
                reason = next((name for name, pattern in _CONTEXT_BEHIND if pattern.match(behind)), None)
        out.append(Numeral(m.start(), m.end(), reason))
    return out
