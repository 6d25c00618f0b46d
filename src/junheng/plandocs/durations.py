"""N年内: durations counted from a dated start, and ranges that lost their dash."""

from __future__ import annotations

from dataclasses import replace

from junheng.plandocs.dates import Calendar
from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Deadline, Node, Warning_
from junheng.plandocs.spans import Spans


def dated_durations(deadlines: list[Deadline], nodes: tuple[Node, ...], calendar: Calendar) -> list[Deadline]:
    """N年内: a duration in years gets its end: from a dated start before it, the stages' span, or the year of writing."""
    titles = Spans((node.start, node.end) for node in nodes)
    stages = [
        (d.t_start, d.t_end)
        for d in deadlines
        if d.kind == "range" and d.t_start and d.t_end and titles.touches(d.start, d.end)
    ]
    out: list[Deadline] = []
    for place, d in enumerate(deadlines):
        if d.kind != "duration" or d.unit != "年" or not d.n or d.rule.endswith("transition"):
            out.append(d)
            continue
        years = int(d.n)
        starts = [x for x in deadlines[:place] if x.kind == "from" and x.t_start and d.start - x.start < 120]
        end: str | None = None
        if starts and starts[-1].t_start:
            end = str(int(starts[-1].t_start[:4]) + years - 1)
        elif (
            calendar.period_start
            and calendar.period_end
            and calendar.period_end - calendar.period_start + 1 == years
        ):
            end = str(calendar.period_end)
        elif stages and int(max(s[1] for s in stages)[:4]) - int(min(s[0] for s in stages)[:4]) + 1 == years:
            end = max(s[1] for s in stages)[:4]
        elif calendar.written:
            end = str(int(calendar.written[:4]) + years)
        out.append(replace(d, t_end=end))
    return out


def range_repairs(flat: Flat, deadlines: list[Deadline]) -> list[Warning_]:
    """丢失连接号: 2018年10月2019年12月 is read as a range, to be confirmed."""
    return [
        Warning_(
            "date repaired",
            d.start,
            d.end,
            f"“{flat.words(d.start, d.end)}”两个日期之间缺少连接号，已按起止时间 {d.t_start} 至 {d.t_end} 读取，请核对。",
            f"{d.t_start}—{d.t_end}",
            repair=True,
        )
        for d in deadlines
        if d.rule == "deadline.range.repaired"
    ]
