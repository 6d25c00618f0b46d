"""矛盾提示: sums that do not add up, one target with two values, percentages over 100, annexes named but missing."""

from __future__ import annotations

import re
from collections import defaultdict

from junheng.plandocs.flat import Flat
from junheng.plandocs.header import Header
from junheng.plandocs.items import Target, Units, Warning_

# Gross rates and growth may pass one hundred; whether a rate may is for the reader to say.
_MAY_EXCEED = re.compile(
    "毛入|增长|增幅|增速|提高|提升|完成率|利用率|达产|比上年|覆盖倍数|同比|产销率|偿付|拨备"
)


def find_contradictions(
    flat: Flat, header: Header, targets: list[Target], units: list[Units]
) -> list[Warning_]:
    """矛盾提示: each says where, what was found and what to check."""
    annexes = [(f.start, f.end) for f in header.fields if f.name == "attachment"]
    return contradictions_of(flat, targets, annexes, [(u.start, u.end) for u in units])


def contradictions_of(
    flat: Flat, targets: list[Target], annexes: list[tuple[int, int]], units: list[tuple[int, int]]
) -> list[Warning_]:
    """矛盾提示: of findings as they stand now; `annexes` and `units` are places in the flat text."""
    targets = sorted(targets, key=lambda t: (t.value_start, t.start))
    return [
        *_over_hundred(targets),
        *_sums(flat, targets),
        *_twice(targets),
        *_annexes(flat, annexes),
        *_empty_lists(flat, units),
    ]


def _over_hundred(targets: list[Target]) -> list[Warning_]:
    out = []
    for t in targets:
        if t.unit == "%" and t.val > 100 and not re.search("增长|增幅|增速|同比", t.ind):
            gross = (
                "毛入学（园）率可以超过100%，请确认口径。"
                if _MAY_EXCEED.search(t.ind)
                else "请与原件核对数字或口径。"
            )
            out.append(
                Warning_(
                    "percent>100", t.value_start, t.value_end, f"“{t.ind}”写作 {t.val}%，超过100%，{gross}"
                )
            )
    return out


def _sums(flat: Flat, targets: list[Target]) -> list[Warning_]:
    """A total against the parts named after 其中 or in brackets behind it."""
    out = []
    for place, total in enumerate(targets):
        if total.unit in ("%", "‰", "年", "岁") or total.val2 is not None or total.kind == "norm":
            continue
        bridge = flat.text[total.value_end : total.value_end + 8]
        opened = re.match(r"[。，；]?(?:其中|包括)：?", bridge)
        bracket = bridge.startswith("（")
        if not opened and not bracket:
            continue
        stop = flat.text.find("）" if bracket else "。", total.value_end + (opened.end() if opened else 1))
        inner = flat.text.find("；", total.value_end)
        if opened and 0 <= inner < stop:
            stop = inner
        parts = [
            t
            for t in targets[place + 1 : place + 16]
            if t.value_end <= stop and t.unit == total.unit and t.kind != "norm"
        ]
        parts = [t for n, t in enumerate(parts) if n == 0 or t.value_start != parts[n - 1].value_start]
        if len(parts) < 2:
            continue
        added = sum(t.val for t in parts)
        if abs(added - total.val) > 1e-6 * max(1, abs(total.val)):
            listed = "＋".join(f"{t.val}" for t in parts)
            out.append(
                Warning_(
                    "sum mismatch",
                    total.value_start,
                    total.value_end,
                    f"“{total.ind}”合计写作 {total.val}{total.unit}，后列各项 {listed}＝{added}，两者不符，请与原件核对。",
                )
            )
    return out


def _twice(targets: list[Target]) -> list[Warning_]:
    groups: dict[tuple[str, str], list[Target]] = defaultdict(list)
    for t in targets:
        if t.kind == "target" and t.unit == "%":
            groups[(re.sub(r"^(?:全[国省市县区]|本县|我县)|[^\u4e00-\u9fff]", "", t.ind), t.unit)].append(t)
    out = []
    for (name, _), same in groups.items():
        values = {(t.cmp, t.val, t.val2) for t in same}
        years = {t.by for t in same}
        if len(values) < 2 or len(name) < 4:
            continue
        listed = "、".join(f"{t.val}{t.unit}（{t.by or '未写年份'}）" for t in same)
        note = "年份不同，请确认是分阶段目标。" if len(years) == len(values) else "请确认以哪一处为准。"
        for t in same[1:]:
            out.append(
                Warning_(
                    "sum mismatch", t.value_start, t.value_end, f"“{t.ind}”前后写了不同的值：{listed}，{note}"
                )
            )
    return out


def _bare(words: str) -> str:
    return re.sub(r"[\s“”《》\"]", "", words)


def _annexes(flat: Flat, annexes: list[tuple[int, int]]) -> list[Warning_]:
    """An annex named once and nowhere else is missing."""
    out = []
    whole = _bare(flat.text)
    for start, end in annexes[:200]:
        if whole.count(_bare(flat.text[start:end])) < 2:
            out.append(
                Warning_(
                    "text not covered",
                    start,
                    end,
                    f"文中列有附件“{flat.words(start, end)[:30]}”，但没有找到附件正文，请补充上传。",
                )
            )
    return out


def _empty_lists(flat: Flat, units: list[tuple[int, int]]) -> list[Warning_]:
    out = []
    starts = {start for start, _ in units}
    for m in re.finditer(r"(?:责任|牵头|配合)(?:单位|部门)：(?=[）。\n])", flat.text):
        if m.start() not in starts:
            out.append(
                Warning_(
                    "unit list empty",
                    m.start(),
                    m.end(),
                    f"“{m.group()}”后面没有单位名称，请与原件核对后补上。",
                )
            )
    return out
