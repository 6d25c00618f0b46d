"""层次序数: the forms a heading number takes in official documents, and whether one may start a heading here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from junheng.plandocs.numerals import ordinal

_CN = "[一二三四五六七八九十]"
# Order matters: the first form that matches names the label.
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第(?:{_CN}|百){{1,4}}(?:编|部分|篇)(?=\S)")),
    ("chapter", re.compile(rf"第(?:{_CN}{{1,3}}|\d{{1,2}})章")),
    ("section", re.compile(rf"第(?:{_CN}{{1,3}}|\d{{1,2}})节(?!课)")),
    ("article", re.compile(r"第(?:[一二三四五六七八九十百零]{1,6}|\d{1,3})条(?![款例])")),
    ("cn", re.compile(rf"{_CN}{{1,3}}[、.](?=\S)(?!{_CN}(?:年级|[线类等级本期]))")),
    (
        "cn_paren",
        re.compile(rf"（{_CN}{{1,3}}(?:）[、.]?|(?=[\u4e00-\u9fff]{{4}}))|(?<![（\w]){_CN}{{1,3}}）(?=\S)"),
    ),
    *(
        (
            f"multi {dots}",
            re.compile(
                rf"\d{{1,2}}(?:\.\d{{1,2}}){{{dots}}}[、.]?(?=[\u4e00-\u9fff“《])(?![万亿元倍千百米公吨度个所名])"
            ),
        )
        for dots in (1, 2, 3)
    ),
    (
        "named",
        re.compile(
            rf"(?:重点|专项)?(?:任务|行动|工程|举措|措施|步骤|项目)(?:{_CN}{{1,3}}|\d{{1,2}})(?:[：:、.](?=\S)|(?![个项条经开旦些样定是])(?=[\u4e00-\u9fff]{{4}}))"
        ),
    ),
    ("num", re.compile(r"\d{1,3}(?:[、.](?=[^\d\s.、%])|、(?=(?:19|20)\d{2}年))")),
    ("num_paren", re.compile(r"（\d{1,2}）[、.]?(?=\S)|\d{1,2}）(?=\S)")),
    ("circle", re.compile(r"[①-⑳][、.]?(?=\S)")),
    ("dash", re.compile(r"(?:——?|--)(?=[^—\s-])|[•●■◆▪·](?=[\u4e00-\u9fff])")),
)
_BARE_CN = re.compile(rf"({_CN}{{1,2}})(?=[\u4e00-\u9fff]{{2,12}}$)")
_BARE_NUM = re.compile(r"(\d{1,2})(?=[\u4e00-\u9fff“])")
_RUN_ON = {
    "cn_paren": "(?<=[。；：!！？”）\u4e00-\u9fff])",
    "num": "(?<=[。；：！？）])",
    "cn": "(?<=[。；：！？）])",
}


@dataclass(frozen=True)
class Label:
    """序数: its form, its characters, its number (None for a dash) and where it stands in the flat text."""

    form: str
    text: str
    number: int | None
    start: int
    repaired: bool = False
    run_in: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def label_at(text: str, start: int, end: int) -> Label | None:
    """段首序数: the label at the start of a paragraph text[start:end], None where it is running text."""
    head = text[start : min(end, start + 24)]
    for form, pattern in FORMS:
        match = pattern.match(head)
        if match:
            word = match.group()
            number = (
                None if form == "dash" else _last_number(word) if form.startswith("multi") else ordinal(word)
            )
            repaired = form == "cn_paren" and ("（" not in word or "）" not in word)
            return Label(form, word, number, start, repaired)
    return None


def _last_number(word: str) -> int:
    return int(re.findall(r"\d+", word)[-1])


def bare_label_at(text: str, start: int, end: int, units: re.Pattern[str]) -> Label | None:
    """丢点序数: a number whose dot was lost (1提升教学质量); never a quantity such as 3个."""
    match = _BARE_NUM.match(text, start, end)
    row = re.fullmatch(r"[^，。；：]*\d[^，。；：]*", text[start + 2 : end])
    if match and not units.match(text, match.end()) and end - start > 4 and not row:
        return Label("num", match[1], int(match[1]), start, True)
    match = _BARE_CN.match(text[start:end])
    if match:
        return Label("cn", match[1], ordinal(match[1]), start, True)
    return None


_GLUED = re.compile(
    r"[^，。；：\d]{3,40}(?:，[^，。；：\d]{3,30})?(?<=[\u4e00-\u9fff])(?P<label>(?P<number>\d{1,2})[、.])(?=[\u4e00-\u9fff])"
)


def glued_label(text: str, label: Label, end: int) -> Label | None:
    """连写标题: 一、明确目标1、发展目标。 holds a second heading where the first has no full stop; None elsewhere."""
    if label.form not in ("cn", "cn_paren"):
        return None
    match = _GLUED.match(text, label.end, min(end, label.end + 90))
    return (
        Label("num", match["label"], int(match["number"]), match.start("label"), True, True)
        if match
        else None
    )


def run_on_labels(text: str, start: int, end: int, lost: bool = False) -> list[Label]:
    """断行丢失的序数: labels inside one paragraph, for texts that lost their line breaks; the outline checks order."""
    found: list[Label] = []
    for form, pattern in FORMS:
        behind = _RUN_ON.get(form)
        if lost and form in ("num", "dash"):
            # 落实根本任务1.坚持: a title without a full stop ran into the next heading.
            behind = "(?<=[。；：！？）》”\u4e00-\u9fff])"
        if lost and form in ("part", "chapter", "section", "article"):
            # 依照本办法第四条 names an article; only the start of one follows other words.
            behind = "(?<=[。；：！？）》”\u4e00-\u9fff])(?<![法例定照据反合按依及和与至款、])"
        if behind is None:
            continue
        if lost and form == "cn":
            # 行动计划一、总体要求: the title ran into the first heading.
            behind = "(?<=[。；：！？）》”\u4e00-\u9fff])(?<![第一二三四五六七八九十])(?!.、?[一二三四五六七八九十年线级])"
        for match in re.finditer(behind + "(?:" + pattern.pattern + ")", text[start:end]):
            found.append(
                Label(form, match.group(), ordinal(match.group()), start + match.start(), True, True)
            )
    return sorted(found, key=lambda label: label.start)
