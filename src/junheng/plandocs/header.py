"""版头与版记: issuer, number, title, recipients, signature, dates, attachments, copies, openness."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from junheng.plandocs.flat import Flat
from junheng.plandocs.imprint import attachments, damaged_date, imprint, openness, signature
from junheng.plandocs.items import Field, Warning_
from junheng.plandocs.lines import Line, date_in, institutions, lines_of
from junheng.plandocs.metadata import entry_date, office_in_full, read_metadata
from junheng.plandocs.references import NUMBER, number_warning, repaired_number
from junheng.plandocs.tables import table_spans
from junheng.plandocs.titles import (
    find_plan_title,
    find_recipients,
    find_title,
    issuer_in_title,
    title_in_run,
)


@dataclass(frozen=True)
class Header:
    """版头: its fields, what had to be repaired, and the spans whose digits are no promises."""

    fields: tuple[Field, ...]
    warnings: tuple[Warning_, ...]
    front_end: int = 0
    lines: tuple[Line, ...] = field(default=())

    def first(self, name: str) -> Field | None:
        """First field of this name, None when the document has none."""
        return next((item for item in self.fields if item.name == name), None)


def _number(flat: Flat, lines: list[Line], limit: int) -> tuple[Field, re.Match[str], Line] | None:
    for line in lines[:limit]:
        match = NUMBER.fullmatch(line.text) or NUMBER.search(line.text)
        if not match or "《" in line.text[: match.start()]:
            continue
        alone = match.end() == len(line.text) or match.start() == 0
        alone = alone or (line.text.startswith("（") and line.text.endswith("号）") and match.start() == 1)
        if not alone and not re.match(r"(?:编号|文号|签发人)", line.text[match.end() :]):
            continue
        if len(line.text) > 160:
            continue
        match = NUMBER.match(flat.text, line.start + match.start())
        if match is None:
            continue
        name = Field("doc_no", match.start(), match.end(), repaired_number(match), "header.number")
        return name, match, line
    return None


def read_header(flat: Flat, first_heading: int) -> Header:
    """版头: fields in the order found. Table above the page wins over signature, signature over red head."""
    lines = lines_of(flat, table_spans(flat))
    fields: list[Field] = []
    warnings: list[Warning_] = []
    entries, used = read_metadata(flat, lines)
    top = next((line.number for line in lines if line.start >= first_heading), len(lines))
    meta: dict[str, Field] = {}
    for entry in entries:
        norm = entry_date(entry.value) if entry.field.startswith("date") else entry.value
        if norm is None or entry.field in meta:
            continue
        start, end = entry.start, entry.end
        if entry.field == "issuer":
            norm = office_in_full(norm)
        if entry.field == "doc_no" and not NUMBER.search(entry.value):
            continue
        if entry.field == "title":
            number = NUMBER.match(flat.text, start)
            if number and number.end() < end:
                start = number.end()
                norm = flat.words(start, end)
        meta[entry.field] = Field(entry.field, start, end, norm, "header.table")
    free = [line for line in lines if line.number not in used]
    numbered = _number(flat, free, 25)
    if "doc_no" not in meta and numbered:
        meta["doc_no"] = numbered[0]
        if not (numbered[1]["open"] and numbered[1]["close"]):
            warnings.append(number_warning(flat, numbered[1], numbered[0].norm))
    number_line = numbered[2].number if numbered else -1
    red = _red_head(flat, free, number_line)
    title = find_title(flat, free, red[1] if red else -1, number_line, top) or title_in_run(flat)
    run = NUMBER.search(flat.text, 0, 200) if numbered is None and title and title.last == 0 else None
    if run and "doc_no" not in meta and "《" not in flat.text[: run.start()]:
        norm = re.sub("^.*(?:文件|文号|字号)", "", repaired_number(run))
        start = run.end() - (len(run.group()) - run.group().find(norm[:2]))
        meta["doc_no"] = Field("doc_no", start, run.end(), norm, "header.number.run on", 0.5)
    if "title" in meta:
        fields.append(meta["title"])
    elif title:
        fields.append(Field("title", title.start, title.end, title.words, "header.title"))
    if red:
        fields.append(red[0])
    if "doc_no" in meta:
        fields.append(meta["doc_no"])
    recipients = find_recipients(flat, lines, title.last if title else -1, top, title.words if title else "")
    fields.extend(recipients)
    words = meta["title"].norm if "title" in meta else title.words if title else ""
    plan = find_plan_title(flat, lines, words, title.last if title else -1, top) if title else None
    if plan:
        fields.append(Field("plan_title", plan.start, plan.end, plan.words, "header.plan title"))
    body_from = (title.last + 1) if title else 0
    signed, date = signature(flat, lines, body_from, plan.first if plan else top)
    if date is None and title:
        date = _date_below(lines, title.last)
    broken = damaged_date(flat, lines, signed, meta.get("date")) if not date else None
    if broken:
        date, repair = broken
        warnings.append(repair)
    fields.extend(_issuers(flat, meta, signed, red, words, title))
    fields.extend(_dates(meta, date, broken is not None))
    for name in (
        "index_no",
        "topic",
        "keywords",
        "validity",
        "resp_dept",
        "date_generated",
        "date_published",
    ):
        if name in meta:
            fields.append(meta[name])
    fields.extend([meta["openness"]] if "openness" in meta else openness(flat))
    fields.extend(imprint(flat, lines))
    fields.extend(attachments(flat, lines))
    return Header(
        tuple(fields), tuple(warnings), plan.end if plan else title.end if title else 0, tuple(lines)
    )


def _date_below(lines: list[Line], title_last: int) -> Field | None:
    """题下日期: (2024年2月18日) in brackets under the title."""
    for line in lines[title_last + 1 : title_last + 3]:
        alone = line.text.startswith("（") and line.text.endswith("）") and len(line.text) <= 60
        found = date_in(line.text) if alone and line.text.count("（") == 1 else None
        if found:
            return Field(
                "date", line.start + found[0], line.start + found[1], found[2], "header.date below title", 0.8
            )
    return None


def _red_head(flat: Flat, lines: list[Line], number_line: int) -> tuple[Field, int] | None:
    """红头: the line ending in 文件 above the number; a bare name of a body directly above the number counts too."""
    for place, line in enumerate(lines[:15]):
        if re.fullmatch(r"[\u4e00-\u9fff、（）]{4,40}文件", line.text):
            return Field(
                "red_head", line.start, line.end, flat.words(line.start, line.end), "header.red head"
            ), line.number
        following = lines[place + 1] if place + 1 < len(lines) else None
        if following and following.number == number_line and institutions(flat, line.start, line.end):
            return Field(
                "red_head", line.start, line.end, flat.words(line.start, line.end), "header.red head"
            ), line.number
    return None


def _issuers(
    flat: Flat,
    meta: dict[str, Field],
    signed: list[tuple[int, int]],
    red: tuple[Field, int] | None,
    words: str,
    title: object,
) -> list[Field]:
    """发文机关: each joint issuer is one field; the signature is kept apart where the table already names it."""
    if "issuer" in meta:
        kept = [Field("signature", a, b, flat.words(a, b), "header.signature") for a, b in signed]
        return [meta["issuer"], *kept]
    if signed:
        return [Field("issuer", a, b, flat.words(a, b), "header.signature") for a, b in signed]
    named = issuer_in_title(words)
    place = flat.text.find(named) if named else -1
    joint = institutions(flat, place, place + len(named)) if named and place >= 0 else None
    if red and not (joint and len(joint) > 1):
        head = red[0]
        stop = head.end - 2 if head.norm.endswith("文件") else head.end
        return [Field("issuer", head.start, stop, flat.words(head.start, stop), "header.red head", 0.8)]
    if named and place >= 0:
        pieces = joint or [(place, place + len(named))]
        return [Field("issuer", a, b, flat.words(a, b), "header.title issuer", 0.7) for a, b in pieces]
    return []


def _dates(meta: dict[str, Field], date: Field | None, broken: bool) -> list[Field]:
    if "date" in meta:
        signed = (
            [Field("date_signed", date.start, date.end, date.norm, date.rule, date.confidence)]
            if date
            else []
        )
        return [meta["date"], *signed]
    return [date] if date else []
