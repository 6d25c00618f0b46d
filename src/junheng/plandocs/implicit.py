"""隐含目标: 全覆盖, 清零, 全部达标, 大体相当, 不低于当地公务员 — promises that hold without a number."""

from __future__ import annotations

import re

from junheng.plandocs.binding import Binding
from junheng.plandocs.clauses import CLAUSE, end_of, start_of
from junheng.plandocs.flat import Flat
from junheng.plandocs.indicators import clean
from junheng.plandocs.items import Implicit
from junheng.plandocs.spans import Spans

_RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "cover",
        "implicit.cover",
        re.compile(
            r"(?P<ind>[^，。；：\n]{2,36}?)(?:的)?(?:实现)?(?:全覆盖|全员持证上岗|全部(?:达标|达到[^，。；\n]{0,20}标准|投入使用|消除在萌芽))"
        ),
    ),
    ("cover", "implicit.cover", re.compile(r"(?:覆盖|惠及)(?:所有|全部|全体)(?P<ind>[^，。；：\n]{2,20})")),
    ("cover", "implicit.all", re.compile(r"(?P<ind>[^，。；：\n]{2,24}?)全部(?:用于|纳入)[^，。；\n]{2,14}")),
    ("cover", "implicit.should", re.compile(r"(?:应\w尽\w)")),
    (
        "zero",
        "implicit.all gone",
        re.compile(
            r"(?P<ind>[^，。；：\n]{2,24}?)(?:全部(?:消除|清零|淘汰|关停|拆除|退出|取缔|销号|化解)|(?:全面|基本|彻底)(?:消除|化解)(?=[，。；、\n]))"
        ),
    ),
    (
        "zero",
        "implicit.zero",
        re.compile(
            r"(?:全面|基本|彻底)?(?:(?<!有效)化解|消除)(?:县城|城镇|城区|义务教育)?(?P<ind>[^，。；：\n]{0,24}?(?:大班额|大校额|[盲空]白[点村区]?|危房|黑臭水体|户|现象|短板|天气|水体|零就业家庭))(?P<more>、大班额)?"
        ),
    ),
    (
        "zero",
        "implicit.clear",
        re.compile(r"(?P<ind>[^，。；：\n]{2,24}?)(?:动态清零|见底清零|全面清零|清零)(?=[，。；\n])"),
    ),
    (
        "zero",
        "implicit.nought",
        re.compile(r"(?P<ind>[^，。；：\n]{2,20}(?:率|班额|校额|事故))(?:为|保持|实现)(?:零|0(?![\d.]))"),
    ),
    (
        "zero",
        "implicit.none at all",
        re.compile(r"(?P<ind>[^，。；：\n]{2,24}?)[“”]?零(?:拒绝|辍学|失学|流失|事故)[“”]?"),
    ),
    ("zero", "implicit.no one", re.compile(r"不让(?:任何)?一[个名户][^，。；：\n]{2,24}")),
    ("ratio", "implicit.ratio", re.compile(r"(?P<ind>[^，。；：\n]{4,30}?)(?:大体相当|大致相当|基本相当)")),
    (
        "rel",
        "implicit.not below",
        re.compile(
            r"(?P<ind>[^，。；：\n]{3,40}?)不(?:得)?低于(?P<ref>(?:当地|全国|全省|全区|全市|本地|上年|城镇|同期|国家)[^，。；：\n\d]{2,24})(?=[，。；\n])"
        ),
    ),
    ("mono", "implicit.only up", re.compile(r"(?P<ind>[^，。；：\n]{2,24}?)(?:逐年)?只[增升]不[减降]")),
)

_TRIGGER = re.compile(
    "零[拒辍失流事]|覆盖|惠及|全员|全部|应.尽|化解|消除|清零|不让|相当|低于|只[增升]|[率额故](?:为|保持|实现)(?:零|0)"
)
_VALUES: dict[str, int | str] = {"cover": 100, "zero": 0, "ratio": "1:1"}


def find_implicit(flat: Flat, taken: Spans, binding: Binding) -> list[Implicit]:
    """隐含目标: one item a wording; numbers inside it stay targets of their own."""
    text = flat.text
    used = Spans()
    found: list[Implicit] = []
    # Only clauses that hold one of the words are read by the rules: most of a document holds none.
    clauses = {
        start_of(text, m.start(), CLAUSE): end_of(text, m.start(), CLAUSE) for m in _TRIGGER.finditer(text)
    }
    for kind, rule, pattern in _RULES:
        for start, end in clauses.items():
            for m in pattern.finditer(text, start, min(len(text), end + 1)):
                if (
                    used.touches(*m.span())
                    or taken.touches(m.end() - 2, m.end())
                    or _unmeant(rule, m.group())
                ):
                    continue
                groups = m.groupdict()
                name = clean(groups.get("ind") or m.group())
                used.add(*m.span())
                by, _ = binding.by(m.end() - 1)
                found.append(Implicit(kind, *m.span(), name, rule, _VALUES.get(kind), groups.get("ref"), by))
    return sorted(found, key=lambda item: item.start)


def _unmeant(rule: str, words: str) -> bool:
    """A slogan, or a quantity of its own: 47所…全部投入使用 is a count."""
    if "两个只增" in words:
        return True
    plain = re.sub(r"\d{4}年|^[\d加]*[”]?", "", words)
    return rule == "implicit.cover" and re.search(r"\d|全方位|全视角|建立健全", plain) is not None
