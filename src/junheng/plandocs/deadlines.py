"""时限: dates by which, in which and from which; ranges; what recurs; durations counted from a dated start."""

from __future__ import annotations

import re

from junheng.plandocs.dates import Calendar, partial, plan_years, with_tail, year_of
from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Deadline
from junheng.plandocs.numerals import value_of
from junheng.plandocs.spans import Spans

_Y = r"(?:(?:19|20)\d{2}|二[〇零○][一二三四五六七八九〇零○]{2})"
_M = r"(?:1[0-2]|0?[1-9])月"
_D = r"(?:[12]\d|3[01]|0?[1-9])[日号]"
_TENTH = "[上中下]旬"
# Five-year plans: the n-th ends in 1955 + 5(n-1) + 2 … since the sixth in the years ending with 0 and 5.
_PLAN = r"[“\"]?(十[一二三四五六七八九]?)五[”\"]?"
_LEAD = r"(?:力争|确保|计划|争取|预计)?(?:到|至|截至|截止到?|于|在)?"
_RANGE = re.compile(
    rf"({_Y})年?({_M})?({_D})?(?:-|—{{1,2}}|~|至|到)({_Y})?(?:(年)({_M})?({_D})?|({_M})({_D})?)(年?底|末)?"
)
_RUN_TOGETHER = re.compile(rf"({_Y})年({_M})({_Y})年({_M})")
_MONTHS = re.compile(
    rf"(?:({_Y})年)?(?<!\d)(1[0-2]|0?[1-9])月?({_D})?(?:-|—{{1,2}}|~|至|到)(1[0-2]|0?[1-9])月({_D})?"
)
_BARE_RANGE = re.compile(rf"(?<=[（])({_Y})(?:-|—{{1,2}}|~)({_Y})(?=[）])")
_TITLE_YEARS = re.compile(r"(?<=计划|规划|方案|纲要|行动|意见)（(?:19|20)\d{2}[^（）\n]{0,14}）")
_FROM = re.compile(
    rf"(?:从|自|由|于)?({_Y})年({_M})?({_D})?(?:春季|秋季)?(?:学年|学期)?(?:起|开始|以来)(?!草)"
)
_BY = re.compile(
    rf"(?P<lead>{_LEAD})(?P<y>{_Y})年(?P<m>{_M})?(?P<d>{_D}|{_TENTH})?"
    r"(?P<tail>年?底|年?末|上半年|下半年|第?[一二三四]季度|[春秋]季学期|[春秋]季)?(?P<before>[之以]?前)?"
)
_MONTH = re.compile(
    rf"(?P<lead>(?:力争|确保|计划|争取)?(?:到|至|于|在)?)(?<!\d)(?P<m>{_M})(?P<d>{_D}|{_TENTH}|(?:份|月)?底|末)(?P<before>[之以]?前)?"
)
_YEAR_END = re.compile(r"(?:力争|确保|到|在|于)?(?:(?P<year>今|本|当|明|次)年|(?<![\d月])年)年?底[之以]?前")
_FIVE = re.compile(
    rf"(?P<lead>(?:力争|确保|计划)?(?:到|在|至)?){_PLAN}(?P<tail>末期?|期末|时期末|期间末|时期|期间|以来|(?=[、和与][“\"]?十[一二三四五六七八九]?五[”\"]?(?:期间|时期)))"
)
_PERIOD_END = re.compile("(?:力争|确保|计划)?(?:到|至|在)?规划期?末期?(?!的)")
_RECUR = re.compile(
    r"每(?P<n>[两二三四五六七八九十半]|\d{1,2})?(?:个)?(?P<u>学年度?|年度?|学期|季度|月份?|周|半年)(?!级|限|代|薪|人均?\d|生|龄|轻|内)"
)
_TIMES = re.compile(
    r"(?P<n>[一二两三四五六七八九十]{1,2}|\d{1,2})(?:至[一二三四五六七八九十\d]+|-\d+)?(?:次|场次|场|轮|周期|遍|届)"
)
_DURATION = re.compile(
    r"(?P<lead>力争|确保|计划|争取|用)?(?P<n>[一二两三四五六七八九十]{1,2}|\d{1,2})"
    r"(?:-(?:[一二两三四五六七八九十]{1,2}|\d{1,2}))?(?:个)?"
    r"(?P<u>年|个?月|个?工作日|日|天)(?P<tail>左右的?时间|的?时间|之?内|以内|过渡期|为期)"
)
_FREQ = {
    "年": "y",
    "年度": "y",
    "学年": "sy",
    "学年度": "sy",
    "学期": "sem",
    "季度": "q",
    "月": "m",
    "月份": "m",
    "周": "w",
}
_VAGUE = re.compile("定期(?:或?不定期)?(?!交流|轮岗|流动|体检)|不定期")
# A date after these words is a baseline or a title, not a promise.
_BASELINE = re.compile(rf"(?:比|较|相比于?|对比|同比|按|以|相当于)(?:{_Y}年[^，。；]{{0,4}})?$")


# 现就做好2024年春季学期工作通知如下 names what the notice is about.
_ABOUT = re.compile("现将[^，。]{0,8}$|现就[^，。]{0,12}$|关于[^，。]{0,10}$")


def _count(word: str | None) -> int | None:
    if not word:
        return None
    value = value_of(word)
    return None if value is None else int(value)


def find_deadlines(flat: Flat, taken: Spans, calendar: Calendar) -> list[Deadline]:
    """时限: in the order of the text; `taken` holds stretches (titles, numbers of documents) that are no promises."""
    text = flat.text
    found: list[Deadline] = []
    # 三年行动计划（2022—2024年）: part of a title even where its marks were lost.
    used = Spans(m.span() for m in _TITLE_YEARS.finditer(text))

    def add(deadline: Deadline) -> None:
        if not taken.touches(deadline.start, deadline.end) and not used.touches(deadline.start, deadline.end):
            used.add(deadline.start, deadline.end)
            found.append(deadline)

    for m in _RUN_TOGETHER.finditer(text):
        add(
            Deadline(
                "range",
                *m.span(),
                "deadline.range.repaired",
                partial(m[1], m[2]),
                partial(m[3], m[4]),
                confidence=0.6,
            )
        )
    for m in _RANGE.finditer(text):
        if deadline := _range(text, m):
            add(deadline)
    for m in _MONTHS.finditer(text):
        year = year_of(m[1]) if m[1] else _context_year(m.start(), found, calendar, text)
        if (
            year
            and int(m[2]) <= int(m[4])
            and (m[1] or text[m.start() - 1 : m.start()] in "（，。；：\n于在")
        ):
            begin = partial(year, m[2], m[3])
            add(
                Deadline(
                    "range", *m.span(), "deadline.months", begin, partial(year, m[4], m[5]), confidence=0.7
                )
            )
    for m in _BARE_RANGE.finditer(text):
        add(Deadline("range", *m.span(), "deadline.range", year_of(m[1]), year_of(m[2])))
    for m in _FROM.finditer(text):
        kind = "context" if m.group().endswith("以来") else "from"
        if kind == "from":
            add(Deadline("from", *m.span(), "deadline.from", partial(m[1], m[2], m[3])))
        else:
            used.add(*m.span())
    for m in _FIVE.finditer(text):
        if deadline := _five(m):
            add(deadline)
    for m in _PERIOD_END.finditer(text):
        if calendar.period_end:
            add(
                Deadline(
                    "by", *m.span(), "deadline.period end", t_end=str(calendar.period_end), confidence=0.8
                )
            )
    for m in _BY.finditer(text):
        if deadline := _point(text, m):
            add(deadline)
    for m in _MONTH.finditer(text):
        if deadline := _month(text, m, calendar, found):
            add(deadline)
    for m in _YEAR_END.finditer(text):
        year = _context_year(m.start(), found, calendar, text)
        if year:
            step = 1 if m["year"] in ("明", "次") else 0
            add(
                Deadline("by", *m.span(), "deadline.year end", t_end=f"{int(year) + step}-12", confidence=0.7)
            )
    for m in _RECUR.finditer(text):
        if deadline := _recur(text, m):
            add(deadline)
    for m in _DURATION.finditer(text):
        if deadline := _duration(text, m):
            add(deadline)
    for m in _VAGUE.finditer(text):
        add(Deadline("vague", *m.span(), "deadline.vague", confidence=0.5))
    return sorted(found, key=lambda item: item.start)


def _range(text: str, m: re.Match[str]) -> Deadline | None:
    first, month, day, second = m[1], m[2], m[3], m[4]
    if second is None and not (m[6] or m[8]):
        return None
    if m[5] is None and m[8] is None:
        return None
    start = partial(first, month, day)
    end = partial(second or first, m[6] or m[8], m[7] or m[9])
    end = with_tail(end, m[10])
    if end < start[: len(end)]:
        return None
    stop = m.end()
    if text.startswith("期间", stop):
        stop += 2
    return Deadline("range", m.start(), stop, "deadline.range", start, end)


def _five(m: re.Match[str]) -> Deadline | None:
    years = plan_years(m[2])
    if years is None or m["tail"] == "以来":
        return None
    if "末" in m["tail"]:
        return Deadline("by", *m.span(), "deadline.five-year plan", t_end=str(years[1]))
    return Deadline(
        "range", *m.span(), "deadline.five-year plan", str(years[0]), str(years[1]), confidence=0.7
    )


def _point(text: str, m: re.Match[str]) -> Deadline | None:
    start, end = m.start("y"), m.end()
    if re.match(r"[版度]|以来|级|期(?!间|末)|出生|第?\d+号", text[end : end + 4]) and not text.startswith(
        "度", end
    ):
        return None
    if _BASELINE.search(text[max(0, m.start() - 4) : m.start()] + m["lead"]) and not m["lead"].endswith(
        ("到", "至")
    ):
        return None
    lead = m["lead"]
    if _ABOUT.search(text[max(0, m.start() - 14) : m.start()]):
        return None
    if lead.startswith("截"):
        return None
    if re.match(r"(?:的)?(?:基础上|水平|同期|基数)|的[\d一二三四五六七八九十]|相比", text[end : end + 4]):
        return None
    date = with_tail(partial(m["y"], m["m"], m["d"]), m["tail"])
    by = (
        bool(m["before"])
        or lead.endswith(("到", "至", "在", "于"))
        or (m["tail"] or "").endswith(("底", "末"))
    )
    if text.startswith("度", end):
        end += 1
    start = m.start() if lead else start
    return Deadline("by" if by else "in", start, end, "deadline.by" if by else "deadline.in", t_end=date)


def _context_year(place: int, found: list[Deadline], calendar: Calendar, text: str) -> str | None:
    """Year of a bare month: the last year named before it in the paragraph, else the year of writing."""
    start = text.rfind("\n", 0, place) + 1
    near = [d for d in found if start <= d.start < place and (d.t_end or d.t_start)]
    if near:
        last = max(near, key=lambda d: d.start)
        return (last.t_end or last.t_start or "")[:4]
    return calendar.written[:4] if calendar.written else None


def _month(text: str, m: re.Match[str], calendar: Calendar, found: list[Deadline]) -> Deadline | None:
    if text[max(0, m.start("m") - 1) : m.start("m")] in ("年", "每", "/", "-", "—", "至", "."):
        return None
    year = _context_year(m.start(), found, calendar, text)
    if not year or (text[m.start("m") - 2 : m.start("m")].endswith("每年")):
        return None
    by = bool(m["before"]) or "底" in m["d"] or bool(m["lead"])
    # 6月30日和12月31日前: what closes the list closes its first date too.
    by = by or re.match(rf"[和、及与]{_M}{_D}[之以]?前", text[m.end() : m.end() + 12]) is not None
    if not by:
        return None
    day = m["d"] if m["d"][0].isdigit() or "旬" in m["d"] else None
    return Deadline("by", *m.span(), "deadline.month", t_end=partial(year, m["m"], day), confidence=0.6)


def _recur(text: str, m: re.Match[str]) -> Deadline | None:
    before = text[max(0, m.start() - 3) : m.start()]
    if re.search("每[生人户校亩班名个床村场]$|[生人户校亩班名]均$", before) or text.startswith(
        "每年级", m.start()
    ):
        return None
    unit = m["u"]
    if m["n"] == "半" or unit == "半年":
        freq = "6m" if unit in ("年", "半年") else "1" + _FREQ[unit]
    else:
        freq = f"{_count(m['n']) or 1}{_FREQ[unit]}"
    end = m.end()
    dated = re.match(r"(?:\d{1,2}月(?:底|末|\d{1,2}日)?|\d{1,2}日|底)前?", text[end : end + 8])
    if dated:
        end += dated.end()
    clause = re.split("[，。；、\n]", text[end : end + 40])[0]
    times = _TIMES.search(clause)
    count = None
    if times:
        count = _count(times["n"])
        # The span takes the count in only when nothing but a verb stands between.
        if times.start() <= 9:
            end += times.end()
    return Deadline("recur", m.start(), end, "deadline.recur", freq=freq, n=count)


def _duration(text: str, m: re.Match[str]) -> Deadline | None:
    before = text[max(0, m.start() - 4) : m.start()]
    if re.search(
        r"第$|每$|[满近后]$|连续$|提前$|任期$|有效期|[教年工学党]龄$|毕业$|任教$|从教$|距[^，]{0,3}$", before
    ):
        return None
    if text.startswith("（", m.end()) and re.match(rf"（{_Y}", text[m.end() : m.end() + 6]):
        return None
    unit = "年" if m["u"] == "年" else "月" if "月" in m["u"] else "日"
    if unit == "月":
        return None
    count = _count(m["n"])
    if unit == "日" or count is None or count > 30:
        return (
            Deadline("duration", *m.span(), "deadline.duration", n=count, unit="日", confidence=0.6)
            if count
            else None
        )
    return Deadline("duration", *m.span(), "deadline.duration", n=count, unit="年", confidence=0.7)
