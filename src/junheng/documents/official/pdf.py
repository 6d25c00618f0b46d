"""公文 PDF: an archival, tagged PDF (PDF/A-2a) set by typst, offline, from the same arrangement as the Word file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from junheng.documents.official.arranged import Arranged, Drawing, Grid, Item
from junheng.documents.official.arranging import SOURCES_TITLE, arranged
from junheng.documents.official.charts import specification
from junheng.documents.official.fonts import MISSING, chosen, compiled, missing
from junheng.documents.official.layout import STANDARD, Layout
from junheng.documents.official.model import Chart, OfficialDocument
from junheng.documents.official.places import head_size, signature_places, title_lines

_CHART_PAGE = b"""#import "charts.typ": chart
#let data = json("data.json")
#set page(width: data.width * 1mm, height: auto, margin: 2mm)
#set text(font: data.fonts, size: 12pt, lang: "zh", region: "cn", cjk-latin-spacing: none, top-edge: 0.88em, bottom-edge: -0.12em)
#chart(data.chart, data.width * 1mm - 4mm)"""


def official_pdf(
    document: OfficialDocument, *, layout: Layout = STANDARD, font_paths: Sequence[str] = ()
) -> bytes:
    """公文 PDF: the same content always gives the same bytes. Characters that no font has are printed as 〓 (`missing_glyphs` names them).

    `font_paths` are folders searched beside the machine's own. NoChineseFont when there is no Chinese font at all.
    """
    data = _data(arranged(document), layout, font_paths)
    text = json.dumps(data, ensure_ascii=False)
    for letter in missing(set(text), font_paths, layout):
        text = text.replace(letter, MISSING)
    parts = {
        "main": _resource("official.typ"),
        "charts.typ": _resource("charts.typ"),
        "data.json": text.encode(),
    }
    return compiled(
        parts, tuple(font_paths), format="pdf", pdf_standards="a-2a", timestamp=946_684_800
    )  # 2000-01-01: the same bytes each time


def missing_glyphs(
    document: OfficialDocument, *, layout: Layout = STANDARD, font_paths: Sequence[str] = ()
) -> tuple[str, ...]:
    """缺字: the characters of the document that no font of this machine has, in order of their code."""
    text = json.dumps(_data(arranged(document), layout, font_paths), ensure_ascii=False)
    return tuple(sorted(missing(set(text), font_paths, layout)))


def chart_png(
    chart: Chart, *, layout: Layout = STANDARD, font_paths: Sequence[str] = (), ppi: float = 200
) -> bytes:
    """图 PNG: the drawing of a chart as wide as the text. NoChineseFont when there is no Chinese font."""
    data = {
        "chart": specification(chart),
        "width": layout.width_mm,
        "fonts": chosen(layout, font_paths)["body"],
    }
    text = json.dumps(data, ensure_ascii=False)
    for letter in missing(set(text), font_paths, layout):
        text = text.replace(letter, MISSING)
    parts = {"main": _CHART_PAGE, "charts.typ": _resource("charts.typ"), "data.json": text.encode()}
    return compiled(parts, tuple(font_paths), format="png", ppi=ppi)


@cache
def _resource(name: str) -> bytes:
    return files("junheng.documents.official").joinpath(name).read_bytes()


def _data(found: Arranged, layout: Layout, font_paths: Sequence[str]) -> dict[str, Any]:
    document = found.document
    fonts = chosen(layout, font_paths)
    rights, date_right = signature_places(found, layout)
    day = document.date
    return {
        "layout": {name: getattr(layout, name) for name in layout.__dataclass_fields__}
        | {"char_pt": layout.char_pt, "width_mm": layout.width_mm},
        "fonts": fonts,
        # A stand-in for 小标宋 is too thin for a title, one for 楷体 not to be told from the text, unless bold.
        "bold_title": fonts["title"][0] not in layout.title_fonts,
        "bold_subheading": fonts["subheading"][0] not in layout.subheading_fonts,
        "author": "、".join(document.signatures) or document.printed_by,
        "day": [day.year, day.month, day.day] if day else None,
        "marked": document.marked,
        "across": document.across,
        "urgency": document.urgency,
        "head": document.head,
        "head_pt": head_size(document.head, layout),
        "number": document.number,
        "signer": document.signer,
        "title": found.title,
        "title_lines": title_lines(found.title, layout),
        "recipients": found.recipients,
        "items": [_item(item) for item in found.items],
        "annex_names": list(found.annex_names),
        "annexes": [
            {
                "label": one.label,
                "title_lines": title_lines(one.title, layout),
                "items": [_item(item) for item in one.items],
            }
            for one in found.annexes
        ],
        "signatures": list(document.signatures),
        "signature_right": rights,
        "date": found.date,
        "date_right": date_right,
        "note": document.note,
        "sources": _item(found.sources) if found.sources else None,
        "sources_title": SOURCES_TITLE,
        "imprint": [list(line) for line in found.imprint],
    }


def _item(item: Item) -> dict[str, Any]:
    if isinstance(item, Drawing):
        return {
            "kind": item.kind,
            "chart": specification(item.chart),
            "note": [asdict(one) for one in item.note],
            "alt": item.alt,
        }
    answer = asdict(item)
    if isinstance(item, Grid):
        answer["groups"] = {str(place): words for place, words in item.groups.items()}
    return answer
