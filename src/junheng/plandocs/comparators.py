"""比较词: 达到, 不低于, 控制在…以内 and the rest → ge, gt, le, lt, eq, approx, between."""

from __future__ import annotations

import re

from junheng.plandocs.amounts import Amount

# Longest first, so that 不超过 is never read as 超过.
_WORDS: tuple[tuple[str, str], ...] = (
    ("不低于", "ge"),
    ("不少于", "ge"),
    ("不小于", "ge"),
    ("不得低于", "ge"),
    ("不得少于", "ge"),
    ("不能低于", "ge"),
    ("不能少于", "ge"),
    ("原则上不少于", "ge"),
    ("至少", "ge"),
    ("最少", "ge"),
    ("不超过", "le"),
    ("不得超过", "le"),
    ("不能超过", "le"),
    ("不超", "le"),
    ("不高于", "le"),
    ("不得高于", "le"),
    ("不大于", "le"),
    ("不多于", "le"),
    ("不突破", "le"),
    ("控制在", "le"),
    ("控制到", "le"),
    ("限制在", "le"),
    ("压减到", "le"),
    ("压减至", "le"),
    ("压缩到", "le"),
    ("压缩至", "le"),
    ("下降到", "le"),
    ("下降至", "le"),
    ("降低到", "le"),
    ("降低至", "le"),
    ("减少到", "le"),
    ("减少至", "le"),
    ("缩短到", "le"),
    ("缩短至", "le"),
    ("缩小到", "le"),
    ("降到", "le"),
    ("降至", "le"),
    ("最多", "le"),
    ("至多", "le"),
    ("最高", "le"),
    ("超过", "gt"),
    ("突破", "gt"),
    ("大于", "gt"),
    ("高于", "gt"),
    ("多于", "gt"),
    ("超", "gt"),
    ("不足", "lt"),
    ("不满", "lt"),
    ("不到", "lt"),
    ("低于", "lt"),
    ("少于", "lt"),
    ("小于", "lt"),
    ("大约", "approx"),
    ("约为", "approx"),
    ("约", "approx"),
    ("接近", "approx"),
    ("近", "approx"),
    ("达到", "ge"),
    ("达至", "ge"),
    ("达成", "ge"),
    ("提高到", "ge"),
    ("提高至", "ge"),
    ("提升到", "ge"),
    ("提升至", "ge"),
    ("增加到", "ge"),
    ("增加至", "ge"),
    ("增长到", "ge"),
    ("增长至", "ge"),
    ("增至", "ge"),
    ("增到", "ge"),
    ("扩大到", "ge"),
    ("扩大至", "ge"),
    ("扩充到", "ge"),
    ("扩展到", "ge"),
    ("发展到", "ge"),
    ("拓展到", "ge"),
    ("拓展至", "ge"),
    ("延伸到", "ge"),
    ("延伸至", "ge"),
    ("壮大到", "ge"),
    ("扩增到", "ge"),
    ("做到", "ge"),
    ("上升到", "ge"),
    ("上升至", "ge"),
    ("提到", "ge"),
    ("升至", "ge"),
    ("恢复到", "ge"),
    ("保持在", "ge"),
    ("稳定在", "ge"),
    ("维持在", "ge"),
    ("巩固在", "ge"),
    ("保持", "ge"),
    ("稳定", "ge"),
    ("达", "ge"),
    *(("≥", "ge"), ("≧", "ge"), (">", "gt"), ("＞", "gt")),
    *(("≤", "le"), ("≦", "le"), ("<", "lt"), ("＜", "lt")),
    ("分别为", "eq"),
    ("一般为", "eq"),
    ("调整到", "eq"),
    ("调整为", "eq"),
    ("均为", "eq"),
    ("为", "eq"),
)
_PATTERN = re.compile("|".join(re.escape(word) for word, _ in sorted(_WORDS, key=lambda pair: -len(pair[0]))))
_MEANING = dict(_WORDS)
# Words that may stand between a comparator and its number.
_BETWEEN = re.compile(
    r"(?:[有为到在了]|建[有成设立]|[设配拥]有|配备|设[置立]|办好|每[\u4e00-\u9fff]{1,6}|平均|全国|全省|全市|全县|国家|[\u4e00-\u9fff]{0,12}的)?"
)
_SUFFIX = {
    "以上": "ge",
    "以下": "le",
    "以内": "le",
    "之内": "le",
    "以里": "le",
    "左右": "approx",
    "上下": "approx",
}
REACH = re.compile(
    "[≥≧>＞≤≦<＜]$|达到?$|[到至]$|保持在?$|稳定在?$|维持在?$|不低于|不少于|不超过|至少|控制在|超过|突破"
)


def word_before(before: str) -> tuple[int, str, str] | None:
    """前置比较词: where it stands in `before`, the word and its meaning; None when none binds the number."""
    last: re.Match[str] | None = None
    for match in _PATTERN.finditer(before):
        last = match
    if last is None:
        return None
    between = before[last.end() :]
    word = last.group()
    if word in ("为", "近", "约", "超", "达", "保持", "稳定", "最高", "最低", "突破") and between:
        return None
    if word == "为" and re.search("作$|成$|因$|称$|变$|认$|即$", before[: last.start()]):
        return None
    if word in ("近", "约") and re.search("[附最靠邻接节制契大预]$", before[: last.start()]):
        return None
    if word == "达" and re.search("[发到表传]$", before[: last.start()]):
        return None
    if between and not _BETWEEN.fullmatch(between):
        # 达到示范园1所: a short noun between 达到 and its number.
        noun = word in ("达到", "不少于", "不低于", "至少") and re.fullmatch(r"[\u4e00-\u9fff]{1,8}", between)
        if not noun or re.search("[新改扩迁]?建|培|创|并|的|平", between):
            return None
    return last.start(), word, _MEANING[word]


def compare(amount: Amount, before: str) -> str:
    """比较关系: of one amount, from the words right behind it first, then the word before it; bare means eq."""
    if amount.ranged:
        return "between"
    for word, meaning in _SUFFIX.items():
        if amount.suffix.endswith(word):
            return meaning
    if amount.more:
        return "gt"
    found = word_before(before)
    return found[2] if found else "eq"
