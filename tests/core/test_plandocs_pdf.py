"""PDF 读入: the same plan set as a PDF gives the findings its text gives; heads, feet and numbers of pages stay out."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import pytest
import typst

from core.test_plandocs_places import PATHS, gold_of
from junheng.plandocs import UnreadableDocument, compile_plan, read

FONTS = [
    name
    for name in ("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "FangSong")
    if name in typst.Fonts().families()
]
pytestmark = pytest.mark.skipif(not FONTS, reason="本机没有中文字体，无法排出 PDF")
HEAD = "青石县教育文件汇编"


@cache
def made(text: str, columns: int = 1) -> bytes:
    """A PDF of a text: one paragraph a line, first lines set in, a running head and page numbers."""
    escaped = "\n\n".join(
        re.sub(r"([\\#*_`$<>@\[\]~\"'=+\-/])", r"\\\1", line.strip())
        for line in text.split("\n")
        if line.strip()
    )
    page = f'#set page(paper: "a4", header: align(right)[{HEAD}], numbering: "— 1 —", columns: {columns})'
    style = f'#set text(font: "{FONTS[0]}", size: 16pt, lang: "zh")\n#set par(first-line-indent: (amount: 2em, all: true))'
    out = typst.compile(f"{page}\n{style}\n{escaped}".encode())
    assert isinstance(out, bytes)
    return out


def findings(result: dict[str, Any]) -> dict[str, list[tuple[object, ...]]]:
    return {
        "nodes": [(n["label"], re.sub(r"\s", "", n["title"])) for n in result["nodes"]],
        "targets": [(t["ind"], t["cmp"], t["val"], t["unit"], t.get("by")) for t in result["targets"]],
        "money": [(m["yuan"], m.get("per")) for m in result["money"]],
        "deadlines": [(d["kind"], d.get("t_end")) for d in result["deadlines"]],
        "recipients": [(re.sub(r"\s", "", h["norm"]),) for h in result["header"].get("recipients", [])],
    }


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("name", ["01_province_plan", "02_city_office", "14_vocational"])
def test_a_plan_set_as_pdf_gives_what_its_text_gives(name: str, columns: int) -> None:
    text, _ = gold_of(next(path for path in PATHS if path.stem == name))
    result = compile_plan(made(text, columns), name + ".pdf")
    assert findings(result) == findings(compile_plan(text.encode(), name + ".txt"))


def test_heads_and_page_numbers_are_set_aside_visibly() -> None:
    text, _ = gold_of(PATHS[0])
    document = read(made(text), "计划.pdf")
    assert HEAD not in document.text
    assert "— 2 —" not in document.text
    assert {(entry.why, entry.text) for entry in document.removed} >= {("页眉", HEAD), ("页码", "— 2 —")}
    assert any("页眉" in note for note in document.notes)
    listed = compile_plan(made(text), "计划.pdf")["removed"]
    assert listed[0].keys() == {"page", "text", "why"}


def test_reading_tells_its_progress() -> None:
    shares: list[float] = []
    compile_plan(
        made("一、目标\n" + "新建学校3所，改善办学条件，提高教育质量。" * 400),
        "长.pdf",
        lambda _s, share: shares.append(share),
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_scan_without_text_names_ocr() -> None:
    blank = typst.compile(
        b'#set page(numbering: "- 1 -")\n#rect(width: 100%, height: 90%)\n#pagebreak()\n#rect()'
    )
    assert isinstance(blank, bytes)
    with pytest.raises(UnreadableDocument, match="OCR"):
        read(blank, "扫描.pdf")


def test_pages_without_text_are_named() -> None:
    source = f'#set text(font: "{FONTS[0]}")\n{"一、目标。新建学校三所，改善办学条件。" * 20}\n#pagebreak()\n#rect(width: 90%, height: 50%)\n'
    out = typst.compile(source.encode())
    assert isinstance(out, bytes)
    assert any("第2页没有文字" in note for note in read(out, "半扫描.pdf").notes)


@pytest.mark.parametrize("cut", [20, 400, -300])
def test_a_broken_pdf_gives_text_or_a_sentence(cut: int) -> None:
    sentence = ""
    try:
        text = read(made("一、目标\n新建学校3所，改善办学条件。")[:cut], "坏.pdf").text
    except UnreadableDocument as refusal:
        text, sentence = "", str(refusal)
    assert text.strip() or sentence.endswith("。")


def test_a_locked_pdf_asks_for_one_without_a_password() -> None:
    # A minimal encryption dictionary is enough for the reader to ask for the password.
    source = made("一、目标")
    trailer = source.rfind(b"startxref")
    assert trailer > 0
    locked = io.BytesIO()
    locked.write(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"3 0 obj<</Filter/Standard/V 1/R 2/O<" + b"00" * 32 + b">/U<" + b"00" * 32 + b">/P -4>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]>>\n%%EOF"
    )
    with pytest.raises(UnreadableDocument, match=r"密码|完好"):
        read(locked.getvalue(), "锁.pdf")
