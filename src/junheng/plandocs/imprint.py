"""落款与版记: signature, date, 抄送, printed by and when, copies, openness, attachments."""

from __future__ import annotations

import re

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Field, Warning_
from junheng.plandocs.lines import Line, date_in, institutions

_OPEN = re.compile(
    r"(此件(?:公开发布|主动公开|依申请公开|不予公开|删减后公开|发至[\u4e00-\u9fff]{1,6})|主动公开|依申请公开|不予公开)"
)
_PRINTED = re.compile(r"(?P<by>[\u4e00-\u9fff（）]{0,30}?)(?P<date>\d{4}年\d{1,2}月\d{1,2}日)(?:印发|印)$")
_COPIES = re.compile(r"(?:[（]?(?:共?印|纸印|印制)?\s*\d+份[^\n]{0,20}[）]?)$")
_COPY_TO = re.compile(r"抄(?:送|报)(?:单位)?：")
_BROKEN_DATE = re.compile(r"(20\d{2})(\d{2,4})")


def signature(
    flat: Flat, lines: list[Line], after: int, plan_line: int
) -> tuple[list[tuple[int, int]], Field | None]:
    """落款: bodies above a date line, below the notice or at the very end; ([], None) when unsigned."""
    best: tuple[list[tuple[int, int]], Field | None] = ([], None)
    for line in lines:
        if line.number < after:
            continue
        found = date_in(line.text)
        if not found:
            continue
        rest = line.text[: found[0]]
        if (
            line.text[found[1] :].strip("。")
            or len(rest) > 60
            or (rest and institutions(flat, line.start, line.start + found[0]) is None)
        ):
            continue
        signed = list(institutions(flat, line.start, line.start + found[0]) or []) if rest else []
        back = line.number - 1
        while back >= after and line.number - back <= 12 and not (rest and signed):
            bodies = institutions(flat, lines[back].start, lines[back].end)
            if bodies is None:
                break
            signed[:0] = bodies
            back -= 1
        start = line.start + found[0]
        date = Field("date", start, line.start + found[1], found[2], "header.signature date")
        near_plan = line.number < plan_line
        at_end = line.number >= len(lines) - 14
        if signed and (near_plan or at_end):
            return signed, date
        if best[1] is None and (near_plan or at_end) and not rest:
            best = ([], date)
    return best


def damaged_date(
    flat: Flat, lines: list[Line], signed: list[tuple[int, int]], reference: Field | None
) -> tuple[Field, Warning_] | None:
    """残缺日期: 2019115 under a signature: the reading nearest before the date of the table, to be confirmed."""
    for line in lines[:40] + lines[-12:]:
        match = _BROKEN_DATE.fullmatch(line.text)
        if not match or line.number == 0:
            continue
        above = lines[line.number - 1]
        bodies = institutions(flat, above.start, above.end)
        if bodies is None:
            continue
        readings = _readings(match[1], match[2])
        if not readings:
            continue
        early = [r for r in readings if reference is None or r <= reference.norm]
        chosen = max(early) if early else readings[0]
        if not signed:
            signed.extend(bodies)
        others = "、".join(readings)
        name = Field("date", line.start, line.end, chosen, "header.signature date.repaired", 0.5)
        return name, Warning_(
            "ambiguous date" if len(readings) > 1 else "date repaired",
            line.start,
            line.end,
            f"落款日期“{line.text}”缺少年月日字样，可读作 {others}，暂取 {chosen}，请与原件核对。",
            chosen,
            repair=True,
        )
    return None


def _readings(year: str, digits: str) -> list[str]:
    out = []
    for cut in (1, 2):
        month, day = digits[:cut], digits[cut:]
        if ((day and day[0] != "0") or len(day) == 2) and (
            month
            and day
            and 1 <= int(month) <= 12
            and 1 <= int(day) <= 31
            and not (month[0] == "0" and cut == 1)
        ):
            out.append(f"{year}-{int(month):02d}-{int(day):02d}")
    return sorted(set(out))


def openness(flat: Flat) -> list[Field]:
    """公开属性: the note in brackets, or a line of its own."""
    for match in _OPEN.finditer(flat.text):
        before, after = flat.text[match.start() - 1 : match.start()], flat.text[match.end() : match.end() + 1]
        if (before in ("（", "\n", "：", "") and after in ("）", "\n", "")) or match.group().startswith(
            "此件"
        ):
            return [
                Field("openness", match.start(), match.end(), flat.words(*match.span()), "header.openness")
            ]
    return []


def imprint(flat: Flat, lines: list[Line]) -> list[Field]:
    """版记: 抄送, 印发机关, 印发日期, 份数."""
    out: list[Field] = []
    for line in lines:
        copy_to = _COPY_TO.match(line.text)
        if copy_to:
            start = line.start + copy_to.end()
            end = line.end
            if flat.text[end - 1] == "。":
                end -= 1
            out.append(Field("cc", start, end, flat.words(start, end), "header.cc"))
            continue
        printed = _PRINTED.search(line.text) if line.number > 3 else None
        if printed and len(line.text) <= 60:
            start = line.start + printed.start("date")
            date = date_in(printed["date"])
            if printed["by"]:
                out.append(
                    Field("printed_by", line.start, start, flat.words(line.start, start), "header.printed by")
                )
            elif line.number and institutions(flat, lines[line.number - 1].start, lines[line.number - 1].end):
                above = lines[line.number - 1]
                out.append(
                    Field(
                        "printed_by",
                        above.start,
                        above.end,
                        flat.words(above.start, above.end),
                        "header.printed by",
                    )
                )
            out.append(
                Field(
                    "printed_date",
                    start,
                    line.start + printed.end("date"),
                    date[2] if date else "",
                    "header.printed date",
                )
            )
        elif line.number >= len(lines) - 6 and len(line.text) <= 40 and _COPIES.fullmatch(line.text):
            out.append(
                Field("copies", line.start, line.end, flat.words(line.start, line.end), "header.copies")
            )
    return out


def attachments(flat: Flat, lines: list[Line]) -> list[Field]:
    """附件: every annex named after 附件：, one field each; the annex pages themselves are not names."""
    out: list[Field] = []
    seen: set[str] = set()

    def add(start: int, end: int) -> None:
        while end > start and flat.text[end - 1] in "。；，":
            end -= 1
        words = flat.words(start, end)
        key = re.sub(r"[\s。.]", "", words)
        if len(words) >= 3 and key not in seen and not re.search(r"下载|点击|链接", words):
            seen.add(key)
            out.append(Field("attachment", start, end, words, "header.attachment"))

    for line in lines:
        match = re.match(r"(?:附件|附)(?:\d{0,2}|[一二三四五六七八九十])：", line.text)
        if not match or len(line.text) > 400:
            continue
        start = line.start + match.end()
        numbered = list(re.finditer(r"(?:^|(?<=\D))(\d{1,2})[.、](?!\d)", flat.text[start : line.end]))
        if numbered and numbered[0].start() == 0:
            for place, item in enumerate(numbered):
                stop = start + numbered[place + 1].start() if place + 1 < len(numbered) else line.end
                add(start + item.end(), stop)
            following = line.number + 1
            while following < len(lines):
                item_match = re.match(r"(\d{1,2})[.、](?!\d)", lines[following].text)
                if (
                    not item_match
                    or re.search("[。；]", lines[following].text.rstrip("。；"))
                    or len(lines[following].text) > 80
                ):
                    break
                add(lines[following].start + item_match.end(), lines[following].end)
                following += 1
        elif start < line.end:
            add(start, line.end)
    return out
