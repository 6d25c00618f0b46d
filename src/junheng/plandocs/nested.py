"""括号分项与连写数值: bare numbers in a bracket share the unit before it; 97%96% is two values run together."""

from __future__ import annotations

import itertools
import re

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Target, Warning_
from junheng.plandocs.numerals import tidy, value_of
from junheng.plandocs.spans import Spans

_PART = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,14}?)(?P<value>\d+(?:\.\d+)?)(?=[、，；）和])")


def bracket_parts(flat: Flat, targets: list[Target], taken: Spans) -> list[Target]:
    """括号分项: 面积426992平方米（中小学379892、幼儿园47100） gives the parts the unit of the total."""
    text = flat.text
    out = list(targets)
    known = Spans((t.value_start, t.value_end) for t in targets)
    for total in targets:
        if not text.startswith("（", total.value_end):
            continue
        stop = text.find("）", total.value_end, total.value_end + 160)
        if stop < 0:
            continue
        for m in _PART.finditer(text, total.value_end + 1, stop + 1):
            start, end = m.span("value")
            value = value_of(m["value"])
            if value is None or known.touches(start, end) or taken.touches(start, end):
                continue
            known.add(start, end)
            out.append(
                Target(
                    kind=total.kind if total.kind != "norm" else "context",
                    start=m.start(),
                    end=end,
                    value_start=start,
                    value_end=end,
                    ind=m["name"] + total.ind,
                    cmp="eq",
                    val=tidy(value),
                    unit=total.unit,
                    rule="quantity.bracket part",
                    by=total.by,
                    by_source=total.by_source,
                    confidence=0.8,
                )
            )
    return sorted(out, key=lambda t: (t.value_start, t.start))


def run_together(flat: Flat, targets: list[Target]) -> list[Warning_]:
    """连写数值: two percentages with nothing between them have lost a 、; each such place is to be confirmed."""
    out: list[Warning_] = []
    for before, after in itertools.pairwise(targets):
        if before.value_end == after.value_start and before.unit == after.unit == "%":
            words = flat.words(before.value_start, after.value_end)
            out.append(
                Warning_(
                    "text not covered",
                    before.value_start,
                    after.value_end,
                    f"“{words}”两个数值连在一起，已分读为 {before.val}%（{before.ind}）和 {after.val}%（{after.ind}），请核对。",
                    f"{before.val}%、{after.val}%",
                    repair=True,
                )
            )
    return out
