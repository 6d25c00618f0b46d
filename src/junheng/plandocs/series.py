"""并列数值: 均达到, 分别达到X、Y, 20年、15年、10年以上 — what the numbers of one list lend one another."""

from __future__ import annotations

import re
from dataclasses import replace

from junheng.plandocs.clauses import PART, start_of
from junheng.plandocs.comparators import word_before
from junheng.plandocs.indicators import MADE, MAKES, clean, shared_head
from junheng.plandocs.items import Target

_INSIDE = re.compile("其中|分别是|包括")
_LENDS = re.compile("达到|提高到|增加到|扩大到|提升到|发展到|达至|增至|不低于|不少于|至少|不超过|控制在|达")
_EACH = re.compile(
    r"([^，。；：\d%]{2,60}?)(?:分别|依次)(?:要|力争)?(?:达到|为|提高到|不低于|增加到|控制在|达|不超过|不少于|建成|新增|增长|在|提升到|下降到|提高|下降)?$"
)


def carried(text: str, last: Target | None, begin: int, before: str, cmp: str) -> str:
    """达到示范园1所，一类园5所: the second number stands under the first one's 达到 when only a noun parts them."""
    if last is None or last.cmp not in ("ge", "le", "gt"):
        return cmp
    between = text[last.value_end : begin] + before
    if len(between) > 18 or not re.match("[、，和及]", between):
        return cmp
    if _INSIDE.search(between) or re.search("[。；（）：\n]", between) or MADE.search(before):
        return cmp
    # 达到100%，建设试点校3所: a verb of its own opens a promise of its own.
    if MAKES.search(between.lstrip("、，和及")) or re.search("增长|下降|提高|比", between):
        return cmp
    reach = [
        m.group() for m in _LENDS.finditer(text[start_of(text, last.value_start, PART) : last.value_start])
    ]
    return last.cmp if reach else cmp


def several(before: str, target: Target) -> list[Target] | None:
    """A、B均达到X is two targets on one value; A、B分别达到X、Y is paired in `distributed`."""
    comparison = word_before(before)
    subject = before[: comparison[0]] if comparison else before
    if subject.endswith("各"):
        return _apiece(subject, target)
    rise = re.search("(?<!年)(?:均|都)(增长|提高|增加|下降|降低)$", subject)
    if rise:
        # 游客和收入在2024年基础上均增长25%
        subject = re.sub(r"(?:在|比|较)(?:19|20)\d{2}年(?:的?基础上)?", "", subject[: rise.start()]) + "均"
    if not re.search("(?:均|都)$", subject) or "分别" in subject:
        return None
    names = shared_head(clean(subject))
    if not names and rise:
        names = [part for part in re.split("、|和|与|及", clean(subject)) if len(part) > 1]
    if not names:
        return None
    return [replace(target, ind=clean(name), rule="quantity.shared") for name in names]


def _apiece(subject: str, target: Target) -> list[Target] | None:
    """选派规划师、设计师各30名: as many of each, with the verb in front of every one."""
    verb = MAKES.match(subject)
    names = re.split("、|和|与", subject[verb.end() if verb else 0 : -1])
    if len(names) < 2 or not all(re.fullmatch(r"[\u4e00-\u9fff“”]{2,10}", name) for name in names):
        return None
    return [
        replace(target, ind=(verb.group() if verb else "") + name, rule="quantity.shared") for name in names
    ]


def distributed(text: str, targets: list[Target]) -> list[Target]:
    """分别达到X、Y: the i-th value goes to the i-th name; the last 以上 holds for all."""
    out = list(targets)
    for place, target in enumerate(targets):
        head = text[start_of(text, target.value_start, PART) : target.value_start]
        match = _EACH.search(head)
        names = shared_head(clean(re.sub("^以[上下内]、", "", match[1]))) if match else None
        if match and not names:
            # 其中东部、中部、西部分别达到X、Y、Z: the parts are the names.
            parts = clean(re.sub("^以[上下内]、", "", match[1])).split("、")
            names = parts if len(parts) > 1 and all(1 < len(part) <= 12 for part in parts) else None
        if match is None and target.unit in ("%", "‰"):
            # A、B、C率达X、Y、Z: as many names as values, though 分别 is not written.
            names = shared_head(target.ind)
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
            cmp = item.cmp if item.cmp != "eq" else last
            out[place + offset] = replace(item, ind=name, cmp=cmp, rule="quantity.distributed")
    return out


_TWO_YEARS = re.compile(
    r"(?:到|至)?((?:19|20)\d{2})年?(?:底|末)?[、和]((?:19|20)\d{2})年(?:底|末)?[^。；\n]{0,60}?(?:分别|依次)"
)


def by_years(text: str, targets: list[Target]) -> list[Target]:
    """到2025年和2030年分别达到X、Y: the i-th value belongs to the i-th year."""
    out = list(targets)
    for place in range(len(out) - 1):
        here, after = out[place], out[place + 1]
        between = text[here.value_end : after.value_start]
        if not re.fullmatch(r"(?:以上|以下|以内|左右)?[、和及]", between) or here.kind == "norm":
            continue
        years = _TWO_YEARS.search(text[start_of(text, here.value_start, PART) : here.value_start])
        if years:
            cmp = after.cmp if here.cmp == "eq" else here.cmp
            out[place] = replace(here, by=years[1], cmp=cmp, rule="quantity.by years")
            cmp = here.cmp if after.cmp == "eq" else after.cmp
            out[place + 1] = replace(after, by=years[2], ind=here.ind, cmp=cmp, rule="quantity.by years")
    return out


_EACH_YEAR = re.compile(
    r"((?:19|20)\d{2})年(?:底|末)?(?:前)?[、和]((?:19|20)\d{2})年(?:底|末)?(?:前)?[^。；\n，]{0,12}?(?:各|每年)(?P<verb>[\u4e00-\u9fff]{0,12})$"
)


def each_year(text: str, targets: list[Target]) -> list[Target]:
    """2024年、2025年各新增400个 promises 400 twice."""
    out: list[Target] = []
    for target in targets:
        years = _EACH_YEAR.search(text[start_of(text, target.value_start, PART) : target.value_start])
        if years is None or target.kind == "norm":
            out.append(target)
            continue
        name = re.sub("^(?:各|每年)", "", target.ind)
        if name == years["verb"] and out:
            # 新增托位500个，2024年各新增400个: the noun was named before.
            name = out[-1].ind
        out.extend(
            replace(target, ind=name, by=year, by_source="sentence", rule="quantity.each year")
            for year in years.group(1, 2)
        )
    return out


def list_suffixes(text: str, targets: list[Target]) -> list[Target]:
    """20年、15年、10年以上: a comparator behind the last holds for the bare ones before it."""
    out = list(targets)
    for place in range(len(out) - 2, -1, -1):
        here, after = out[place], out[place + 1]
        bare = here.cmp == "eq" and here.unit == after.unit and after.cmp in ("ge", "le")
        if bare and text[here.value_end : after.value_start] == "、":
            out[place] = replace(here, cmp=after.cmp, kind=after.kind, by=after.by, by_source=after.by_source)
    return out
