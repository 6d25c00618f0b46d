"""责任单位: lists after 责任单位：, （某部门牵头，某部门配合）, and lines that open with a body and its duty."""

from __future__ import annotations

import re

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Units, Warning_
from junheng.plandocs.spans import Spans
from junheng.plandocs.unitnames import split_units

_ROLES = (
    (
        "lead",
        r"牵头(?:责任)?(?:单位|部门|科室|股室|处室|负责单位)?|主办单位|主责单位|主要责任单位|第一责任单位",
    ),
    ("assist", r"(?:配合|协办|协同|协助|参与|参加|责任配合|会办|支持)(?:责任)?(?:单位|部门|科室|股室|处室)"),
    (
        "resp",
        r"(?:责任|承办|落实|实施|完成|负责|责任主体|执行|组织实施)(?:单位|部门|科室|股室|处室|主体|机构)(?:及责任人)?|责任单位及分工",
    ),
)
_HEAD = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ROLES))
_LIST = re.compile(rf"(?:{_HEAD.pattern})(?:：|为)")
_BRACKET = re.compile(r"（(?P<inside>[^（）\n]{2,400}(?:（[^（）\n]{1,30}）[^（）\n]{0,300}){0,6}?)）")
_HELPS = re.compile(
    r"^(?P<names>.+?)(?:等)?(?:有关|相关|各)?(?:部门|单位)?(?:按照?(?:各自)?职[责能](?:分工)?)?(?:协同|参与|密切)?(?:配合|参与|参加|协助|协同|支持)(?:落实|推进|实施)?$"
)
_ANSWERS = re.compile(
    r"^(?P<names>.+?)(?:等)?(?:有关|相关)?(?:部门|单位)?(?:共同|依|根据|按照?)?(?:各自)?(?:职[责能])?(?:分工)?(?:分别|具体)?(?:负责|落实|组织实施)(?:落实|实施|推进)?$"
)
_BODY_END = (
    "部|委|办|局|厅|署|院|会|社|行|所|室|站|团|队|校|园|中心|政府|党委|党工委|单位|部门|办公室|公司|集团|乡镇|街道|镇|乡|区|县|市|州|盟|旗|组|处|科|股|台|馆|法院|"
    "检察院|学校|企业|银行|大队|支队|总队|工委|联社|机构|机关|协会|职中|中学|小学|大学|学院|残联|妇联|工商联|科协|文联|侨联|总工会|团县委|团市委|团省委|团区委|团委|党组|医院|幼儿园|省份|组织|主体|基地|管委会|人大|政协|纪委|监委|县市|各地|专班|指挥部|领导小组|人民法院|人民检察院|开发区|园区|新区|农场|林场"
)
LOOKS_LIKE_BODY = re.compile(
    rf"[\u4e00-\u9fffA-Za-z0-9（）()·“”]{{1,40}}?(?:{_BODY_END})(?:（[^（）]{{1,24}}）)?"
)


def _plausible(names: tuple[str, ...]) -> bool:
    good = [name for name in names if LOOKS_LIKE_BODY.fullmatch(name) or name.startswith("各")]
    return bool(names) and len(good) * 2 > len(names) and all(len(name) <= 40 for name in names)


def _labelled(flat: Flat) -> list[Units]:
    text = flat.text
    found: list[Units] = []
    for m in _LIST.finditer(text):
        kind = next(name for name, value in m.groupdict().items() if value)
        stop = m.end()
        depth = 0
        limit = min(len(text), m.end() + 500)
        while stop < limit:
            c = text[stop]
            if c == "（":
                depth += 1
            elif c == "）":
                if depth == 0:
                    break
                depth -= 1
            elif (c in "。；\n〕" and depth == 0) or (
                depth == 0 and stop > m.end() and _LIST.match(text, stop)
            ):
                break
            stop += 1
        end = stop
        while end > m.end() and text[end - 1] in "，、；。":
            end -= 1
        listed = _with_gaps(flat, m.end(), end)
        listed = re.split(r"(?:完成时限|完成时间|时限|责任人|责任领导|分管领导)[:：]?", listed)[0]
        names = split_units(listed)
        if names and all(len(n) <= 60 for n in names):
            found.append(Units(kind, m.start(), end, names, f"units.{kind}"))
    return found


def _with_gaps(flat: Flat, start: int, end: int) -> str:
    """The original words with a blank where the source had one between two names."""
    apart = set(flat.gaps_in(start, end))
    return "".join((" " if place in apart else "") + flat.kept[place] for place in range(start, end))


def _bracketed(flat: Flat, taken: list[Units]) -> list[Units]:
    text = flat.text
    found: list[Units] = []
    spans = Spans((u.start, u.end) for u in taken)
    for m in _BRACKET.finditer(text):
        inside = m["inside"]
        if spans.touches(*m.span()):
            continue
        if not re.search("负责|牵头|配合|落实|参与|参加|实施", inside[-40:] + inside[:80]):
            found.extend(_bare_list(flat, m))
            continue
        if re.search("[。：]", inside.rstrip("。")):
            continue
        start = m.start("inside")
        for part in re.finditer(r"[^；;]+", inside):
            found.extend(_shares(flat, start + part.start(), start + part.end()))
    return found


def _bare_list(flat: Flat, m: re.Match[str]) -> list[Units]:
    """（市教育局，各区政府） behind the last full stop of a paragraph: bodies and nothing else."""
    text = flat.text
    behind = text[m.end() : m.end() + 1]
    if text[m.start() - 1 : m.start()] not in "。；" or behind not in ("\n", "", "。"):
        return []
    start, end = m.span("inside")
    names = split_units(flat.words(start, end))
    if names and all(_BARE_BODY.fullmatch(name) for name in names):
        return [Units("resp", start, end, names, "units.bracket bare", 0.8)]
    return []


def _shares(flat: Flat, start: int, end: int) -> list[Units]:
    words = flat.words(start, end)
    plain = flat.text[start:end]
    tail = re.search(
        r"[，,；](?:持续|长期|常态化|\d{4}年[^，]{0,8}?|分年度|分步)?(?:推进|实施|落实|开展|完成|执行|坚持|前完成)(?:。)?$",
        plain,
    )
    if tail and not LOOKS_LIKE_BODY.fullmatch(tail.group().strip("，,；")):
        end = start + tail.start()
        words, plain = words[: tail.start()], plain[: tail.start()]
    lead = re.match(r"^(?P<names>.+?)(?:共同)?牵头(?:负责|落实|组织实施)?", plain)
    out: list[Units] = []
    if lead:
        names = split_units(flat.words(start, start + lead.end("names")))
        if not _plausible(names):
            return []
        out.append(Units("lead", start, start + lead.end(), names, "units.bracket lead"))
        offset = lead.end()
        while offset < len(plain) and plain[offset] in "，、,；":
            offset += 1
        plain, words, start = plain[offset:], words[offset:], start + offset
    answers = re.match(r"^(?P<names>[^，；]+(?:、[^，；]+)*?)负责[，；](?=.*(?:配合|协助|参与|参加)$)", plain)
    if answers and not out:
        names = split_units(words[: answers.end("names")])
        if _plausible(names):
            out.append(Units("resp", start, start + answers.end("names"), names, "units.bracket resp"))
            offset = answers.end()
            plain, words, start = plain[offset:], words[offset:], start + offset
    if not plain:
        return out
    for pattern, kind in ((_HELPS, "assist"), (_ANSWERS, "resp")):
        match = pattern.match(plain)
        if match:
            names = split_units(words[: match.end("names")])
            if _plausible(names):
                out.append(
                    Units(
                        "assist" if out and kind == "resp" else kind,
                        start,
                        start + match.end(),
                        names,
                        f"units.bracket {kind}",
                    )
                )
            break
    else:
        if out:
            names = split_units(words)
            if _plausible(names):
                out.append(Units("assist", start, end, names, "units.bracket assist", 0.8))
    return out


_BARE_BODY = re.compile(
    r"各[\u4e00-\u9fff（）、]{1,14}|[\u4e00-\u9fff（）]{1,18}(?:[部委办局厅署会府院社联]|公司|集团|中心|大队|支队|学校|乡镇|街道|管委会|团委|党校|科室?|股室?)"
)
_NOT_A_DUTY = re.compile(
    "组长|成员|主任|附件|抄送|主送|如下|包括|地点|时间|标准|原则|目标|要求|内容|措施|任务|步骤|阶段|方式|名单|单位$|部门$|情况|联系人|电话|邮箱|来源|机关：|一是|领导小组$"
)
_DUTY_BODY = re.compile(
    r"(?:（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、])?(?P<names>(?:各|[\u4e00-\u9fff]){1,14}(?:（[^（）\n]{1,14}）)?(?:[、和][\u4e00-\u9fff（）]{2,14}){0,8})：(?=[\u4e00-\u9fff“])"
)
_INLINE = re.compile(
    r"(?<=[。；])(?P<names>[\u4e00-\u9fff、（）]{2,30})：(?=负责|牵头|配合|做好|加强|组织|落实|指导|协助|会同|承担|按照|将|把|统筹|协调)"
)
_FIRST_INLINE = re.compile(
    r"(?:^|。)(?P<names>[\u4e00-\u9fff、（）]{2,30})：(?=负责|牵头|配合|做好|加强|组织|落实|指导)"
)
_TITLED = re.compile(
    r"(?:（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、])(?P<names>[\u4e00-\u9fff、（）]{2,30})。(?=负责|牵头|承担|做好|会同|指导|组织|加强|按照|统筹|协调|协助)"
)
_LOST = re.compile(r"：(?=[\u4e00-\u9fff]{4})")


def _all_bodies(names: str) -> bool:
    return not _NOT_A_DUTY.search(names) and all(
        LOOKS_LIKE_BODY.fullmatch(name) or name.startswith("各") for name in re.split("[、和]", names)
    )


def _duties_in(paragraph: str) -> list[tuple[int, str]]:
    """Bodies a paragraph gives duties to: one at its head, or several in a row: 水务局：负责…；财政局：负责…."""
    found: dict[int, str] = {}
    for m in (_DUTY_BODY.match(paragraph), _TITLED.match(paragraph)):
        if m and len(paragraph) > m.end() + 6 and _all_bodies(m["names"]):
            found[m.start("names")] = m["names"]
    inline = [m for m in _INLINE.finditer(paragraph) if _all_bodies(m["names"])]
    first = _FIRST_INLINE.search(paragraph)
    if inline and first and _all_bodies(first["names"]):
        inline.append(first)
    if found or len(inline) >= 2:
        found.update((m.start("names"), m["names"]) for m in inline)
    return sorted(found.items())


def _duty_lines(flat: Flat) -> tuple[list[Units], list[tuple[int, int]]]:
    """职责分工: paragraphs that give bodies their duties, two or more of them near one another."""
    lines: list[tuple[int, int, str]] = []
    lost: list[tuple[int, int]] = []
    start = 0
    for number, paragraph in enumerate(flat.text.split("\n")):
        lines.extend((number, start + place, names) for place, names in _duties_in(paragraph))
        if _LOST.match(paragraph) and len(paragraph) > 20:
            lost.append((start, start + 1))
        start += len(paragraph) + 1
    duties = []
    # 责任股室：教育股 opens a list, and is no body with a duty.
    lines = [line for line in lines if not _HEAD.fullmatch(line[2])]
    for place, (number, begin, names) in enumerate(lines):
        near = [lines[k][0] for k in (place - 1, place + 1) if 0 <= k < len(lines)]
        if any(abs(other - number) <= 3 for other in near):
            end = begin + len(names)
            duties.append(
                Units("duty", begin, end, split_units(flat.words(begin, end)), "units.duty line", 0.9)
            )
    return duties, lost


def find_units(flat: Flat) -> tuple[list[Units], list[Warning_]]:
    """责任单位: lists, brackets and duty lines; empty lists and lost names are reported."""
    labelled = _labelled(flat)
    bracketed = _bracketed(flat, labelled)
    duties, lost = _duty_lines(flat)
    found = sorted([*labelled, *bracketed, *duties], key=lambda item: item.start)
    warnings: list[Warning_] = []
    if len(duties) >= 3:
        for place, (start, end) in enumerate(lost):
            suggestion = _missing_members(flat, duties, len(lost), place)
            hint = f"，按成员单位名单推测是“{suggestion}”" if suggestion else ""
            warnings.append(
                Warning_(
                    "lost unit name",
                    start,
                    end,
                    f"此段以冒号开头，前面的单位名称丢失{hint}，请对照原件补上。",
                    suggestion,
                    repair=bool(suggestion),
                )
            )
    return found, warnings


def _missing_members(flat: Flat, duties: list[Units], lost: int, place: int) -> str:
    """成员单位 named in the group's member line without a duty of their own, in order, when they are as many as lost."""
    match = re.search(r"员：((?:[^。\n]{2,300}))", flat.text)
    if not match:
        return ""
    members = split_units(flat.words(match.start(1), match.end(1)).split("主要负责")[0])
    named = {name for duty in duties for name in duty.units}
    missing = [
        m
        for m in members
        if not any(m.endswith(n) or n.endswith(m) for n in named) and not m.startswith("各")
    ]
    return missing[place] if len(missing) == lost else ""
