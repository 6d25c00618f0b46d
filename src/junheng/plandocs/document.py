"""计划解析: text → everything the document promises, each with its place, its rule and a status a person can change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from junheng.plandocs.agents import find_agents
from junheng.plandocs.binding import Binding
from junheng.plandocs.bodies import find_units
from junheng.plandocs.certainty import rated, rated_money, rated_targets
from junheng.plandocs.contradictions import find_contradictions
from junheng.plandocs.dates import Calendar, plan_years
from junheng.plandocs.deadlines import find_deadlines
from junheng.plandocs.durations import dated_durations, range_repairs
from junheng.plandocs.flat import Flat, flatten
from junheng.plandocs.header import Header, read_header
from junheng.plandocs.implicit import find_implicit
from junheng.plandocs.items import Found, Target, Warning_
from junheng.plandocs.money import find_money
from junheng.plandocs.nested import bracket_parts, run_together
from junheng.plandocs.outline import Outline, outline_of
from junheng.plandocs.persons import find_persons
from junheng.plandocs.quantities import find_targets
from junheng.plandocs.references import find_references, numbers_in
from junheng.plandocs.spans import Spans
from junheng.plandocs.tables import (
    dated_by_row,
    heading_rows,
    row_dates,
    row_persons,
    row_targets,
    row_units,
    rows_of,
)

Progress = Callable[[str, float], None]


def _silent(_step: str, _share: float) -> None:
    return None


def _kind_of(title: str, text: str, nodes: int) -> str:
    if re.search("解读", title):
        return "interpretation"
    if re.search("任免|任职|免职|名单|聘任", title):
        return "personnel"
    if re.search("标准|规范|办法|规定|条例|细则", title[-8:]):
        return "standard"
    if re.search("项目(?:建议书|可行性|实施)|批复", title):
        return "project"
    return "plan"


def _period(words: str) -> tuple[int, int] | None:
    match = re.search(r"((?:19|20)\d{2})年?(?:-|—{1,2}|~|至)((?:19|20)\d{2})", words)
    return (int(match[1]), int(match[2])) if match else None


class Parsed:
    """解析过程: the flat text, header, outline and findings of one document."""

    def __init__(self, flat: Flat, outline: Outline, header: Header, found: Found) -> None:
        self.flat = flat
        self.outline = outline
        self.header = header
        self.found = found


def parse(text: str, progress: Progress = _silent) -> Parsed:
    """解析全文: linear in the length of the text; `progress` is told each step and the share done."""
    progress("压平文本", 0.0)
    flat = flatten(text)
    progress("提纲", 0.2)
    outline = outline_of(flat)
    first = outline.nodes[0].start if outline.nodes else min(len(flat.text), 4000)
    progress("版头", 0.3)
    header = read_header(flat, first)
    titles = tuple(f.norm for f in header.fields if f.name in ("title", "plan_title"))
    titled = Spans((f.start, f.end) for f in header.fields if f.name in ("title", "plan_title"))
    references, reference_warnings = find_references(flat, titles, titled)
    taken = Spans((f.start, f.end) for f in header.fields if f.name not in ("recipients", "cc", "attachment"))
    for r in references:
        taken.add(r.start, r.end)
    for span in numbers_in(flat.text):
        taken.add(*span)
    for match in re.finditer(r"https?：?//[\x21-\x7e]+", flat.text):
        taken.add(*match.span())
    for node in outline.nodes:
        taken.add(node.start, node.start + len(node.label))
    for row in heading_rows(flat):
        taken.add(*row)
    progress("时限", 0.4)
    calendar = _calendar(header, flat)
    deadlines = find_deadlines(flat, taken, calendar)
    deadlines = dated_durations(deadlines, outline.nodes, calendar)
    binding = Binding(flat, outline, deadlines, calendar.written)
    dated = Spans(taken)
    for d in deadlines:
        dated.add(d.start, d.end)
    deadlines = [d for d in deadlines if not binding.history(d)]
    progress("资金", 0.5)
    money = find_money(flat, dated)
    for m in money:
        dated.add(m.value_start, m.value_end)
    progress("量化目标", 0.6)
    rows = rows_of(flat)
    tabled = row_targets(flat, rows, dated, calendar.written)
    for t in tabled:
        dated.add(t.value_start, t.value_end)
    targets = bracket_parts(flat, find_targets(flat, dated, binding), dated)
    targets = dated_by_row([*targets, *tabled], row_dates(rows, deadlines))
    targets.sort(key=lambda t: (t.value_start, t.start))
    kind = _kind_of(titles[-1] if titles else "", flat.text, len(outline.nodes))
    if kind == "standard":
        targets = [replace(t, kind="norm") if t.by is None and t.kind != "context" else t for t in targets]
    progress("责任单位", 0.8)
    units, unit_warnings = find_units(flat)
    units = [*units, *row_units(flat, rows)]
    named, person_warnings = find_persons(flat, header.lines)
    persons = sorted([*named, *row_persons(flat, rows)], key=lambda item: item.start)
    grouped = Spans(taken)
    for p in persons:
        grouped.add(p.start, p.end)
    agents = find_agents(flat, units, grouped, header.front_end)
    implicit = find_implicit(flat, taken, binding)
    progress("核对", 0.9)
    units = sorted([*units, *agents], key=lambda item: item.start)
    warnings = [
        *_unlike_a_plan(flat, outline, targets),
        *header.warnings,
        *outline.warnings,
        *reference_warnings,
        *range_repairs(flat, deadlines),
        *unit_warnings,
        *person_warnings,
        *run_together(flat, targets),
        *find_contradictions(flat, header, targets, units),
    ]
    found = Found(
        kind=kind,
        header=tuple(rated(header.fields)),
        nodes=outline.nodes,
        targets=tuple(rated_targets(flat, binding, targets)),
        money=tuple(rated_money(money)),
        implicit=tuple(rated(implicit)),
        deadlines=tuple(rated(deadlines)),
        units=tuple(rated(units)),
        references=tuple(rated(references)),
        persons=tuple(rated(persons)),
        warnings=tuple(sorted(warnings, key=lambda w: w.start)),
    )
    progress("完成", 1.0)
    return Parsed(flat, outline, header, found)


def _unlike_a_plan(flat: Flat, outline: Outline, targets: list[Target]) -> list[Warning_]:
    """Says in a sentence what kind of text this seems to be when it is no plan; nothing is refused for it."""
    sample = flat.text[:20000]
    chinese = len(re.findall("[\u4e00-\u9fff]", sample))
    end = min(len(flat.text), 40)
    if chinese * 5 < len(sample):
        return [
            Warning_(
                "text not covered",
                0,
                end,
                "文中汉字不到五分之一，可能不是中文计划文件，请确认上传了正确的文件。",
            )
        ]
    rows = [line for line in sample.split("\n") if line]
    if (
        not outline.nodes
        and rows
        and sum(len(line) <= 24 for line in rows) * 10 >= len(rows) * 9
        and len(rows) >= 4
    ):
        return [
            Warning_(
                "text not covered",
                0,
                end,
                "文中几乎都是短行，像是只有表格或名单，没有可解析的正文，请上传计划正文。",
            )
        ]
    if not outline.nodes and len(flat.text) > 2000 and not targets:
        return [
            Warning_(
                "text not covered", 0, end, "没有找到标题和量化目标，请确认这是计划文件，或检查换行是否丢失。"
            )
        ]
    return []


_STATED = re.compile(
    r"(?:规划期|规划期限|实施期|实施期限|规划周期|行动周期)(?:限)?(?:为|是|：)?((?:19|20)\d{2})年?(?:-|—{1,2}|~|至|到)((?:19|20)\d{2})年"
)


def _calendar(header: Header, flat: Flat) -> Calendar:
    dates = [
        f.norm
        for f in header.fields
        if f.name in ("date", "date_signed", "printed_date") and f.norm[:4].isdigit()
    ]
    number = header.first("doc_no")
    written = dates[0] if dates else None
    if written is None and number:
        year = re.search(r"〔(\d{4})〕", number.norm)
        written = year[1] if year else None
    period = next(
        (
            p
            for f in header.fields
            if f.name in ("title", "plan_title")
            if (p := _period(flat.text[f.start : f.end]))
        ),
        None,
    )
    if period is None:
        named = re.search(
            '(十[一二三四五六七八九]?)五[”"]?',
            " ".join(f.norm for f in header.fields if f.name in ("title", "plan_title")),
        )
        period = plan_years(named[1]) if named else None
    if period is None:
        stated = _STATED.search(flat.text, 0, 6000)
        period = (int(stated[1]), int(stated[2])) if stated else None
    if written is None:
        # 2022年度实施计划: the one year a title names.
        years = {
            y
            for f in header.fields
            if f.name in ("title", "plan_title")
            for y in re.findall(r"20\d{2}(?=年)", f.norm)
        }
        written = years.pop() if len(years) == 1 and not period else None
    if written is None and period:
        written = str(period[0])
    return Calendar(written, period[0] if period else None, period[1] if period else None)
