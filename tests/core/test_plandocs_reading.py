"""读入: every kind of file, and every kind of bad file, gives text or a sentence."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from junheng.plandocs import UnreadableDocument, compile_plan, oldword, read

PLAN = "青石县托育服务行动计划\n\n一、目标\n到2027年，全县托位数达到3200个。\n"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def docx(body: str, head: str = "", extra: dict[str, bytes] | None = None, space: str = WORD) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{head}<w:document xmlns:w="{space}" xmlns:mc="http://schemas.openxmlformats.org/'
            f'markup-compatibility/2006"><w:body>{body}</w:body></w:document>',
        )
        for name, data in (extra or {}).items():
            package.writestr(name, data)
    return out.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "gbk"]
)
def test_the_encoding_is_found(encoding: str) -> None:
    assert read(PLAN.encode(encoding), "计划.txt").text == PLAN


def test_a_stray_byte_is_shown_and_not_fatal() -> None:
    document = read((PLAN * 60).encode()[:-1] + b"\xe4\n", "计划.txt")
    assert document.text.count("\ufffd") == 1
    assert "1 个字" in document.notes[0]


def test_word_paragraphs_become_lines_and_deleted_words_stay_out() -> None:
    body = (
        paragraph("一、目标")
        + f"<w:p><w:del><w:r><w:delText>旧稿</w:delText></w:r></w:del>{paragraph('到2027年完成。')[5:]}"
    )
    body += "<w:tbl><w:tr><w:tc>" + paragraph("牵头单位") + "</w:tc></w:tr></w:tbl>"
    document = read(docx(body), "计划.docx")
    assert document.text == "一、目标\n到2027年完成。\n牵头单位"
    assert any("修订" in note for note in document.notes)


def test_tables_of_a_word_file_give_bodies_and_dates() -> None:
    rows = [
        ("序号", "重点任务", "牵头单位", "配合单位", "完成时限"),
        ("1", "新建幼儿园5所", "教育局", "财政局、住建局", "2025年底前"),
        ("2", "培训教师300人次", "人社局", "教育局", "2026年6月"),
    ]
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    result = compile_plan(docx(paragraph("青石县重点任务分工表") + f"<w:tbl>{cells}</w:tbl>"), "表.docx")
    assert [(t["val"], t["by"]) for t in result["targets"]] == [(5, "2025-12"), (300, "2026-06")]
    assert [(u["kind"], u["units"]) for u in result["units"]][:2] == [
        ("lead", ["教育局"]),
        ("assist", ["财政局", "住建局"]),
    ]
    assert result["header"]["title"][0]["norm"] == "青石县重点任务分工表"


NUMBERS = f"""<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""
STYLES = f"""<w:styles xmlns:w="{WORD}"><w:style w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style></w:styles>"""


def numbered(list_id: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def test_numbers_that_word_draws_by_itself_are_written_out() -> None:
    body = "".join(
        [
            paragraph("目录项", '<w:pStyle w:val="T1"/>'),
            paragraph("总体要求", '<w:pStyle w:val="H1"/>'),
            paragraph("主要任务", '<w:pStyle w:val="H1"/>'),
            paragraph("扩大学位", '<w:pStyle w:val="H2"/>'),
            paragraph("新建学校3所。", numbered(3, 2)),
            paragraph("改建学校2所。", numbered(3, 2)),
            paragraph("提高质量", '<w:pStyle w:val="H2"/>'),
            paragraph("抓好课堂。", numbered(4)),
            paragraph("保障措施", '<w:pStyle w:val="H1"/>'),
            paragraph("没有编号", '<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
            paragraph("另起一章", numbered(5)),
        ]
    )
    parts = {"word/numbering.xml": NUMBERS.encode(), "word/styles.xml": STYLES.encode()}
    document = read(docx(body, extra=parts), "编号.docx")
    assert document.text.split("\n") == [
        *("一、总体要求", "二、主要任务", "（一）扩大学位", "1.新建学校3所。", "2.改建学校2所。"),
        *("（二）提高质量", "●抓好课堂。", "三、保障措施", "没有编号", "一、另起一章"),
    ]
    assert any("自动编号" in note for note in document.notes)
    nodes = compile_plan(docx(body, extra=parts), "编号.docx")["nodes"]
    assert [(n["level"], n["title"]) for n in nodes][:4] == [
        *((1, "总体要求"), (1, "主要任务"), (2, "扩大学位"), (3, "新建学校3所"))
    ]


def test_text_boxes_hidden_words_contents_and_footnotes_of_a_word_file() -> None:
    box = f"<w:p><w:r><mc:Fallback><w:t>重复</w:t></mc:Fallback><w:txbxContent>{paragraph('文本框')}</w:txbxContent></w:r><w:r><w:t>正文</w:t></w:r></w:p>"
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r><w:r><w:t>明</w:t></w:r></w:p>"
    contents = f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{paragraph("一、目标3")}</w:sdtContent></w:sdt>'
    tabs = '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r></w:p>'
    notes = (
        f'<w:footnotes xmlns:w="{WORD}"><w:footnote>{paragraph("口径见附件。")}</w:footnote></w:footnotes>'
    )
    document = read(
        docx(box + hidden + contents + tabs, extra={"word/footnotes.xml": notes.encode()}), "a.docx"
    )
    assert document.text == "文本框\n正文\n明\n甲\t乙\n\n脚注1：口径见附件。"
    assert next(note for note in document.notes if "隐藏" in note or "脚注" in note).endswith("。")


def test_a_page_laid_out_as_a_table_keeps_its_lines() -> None:
    cell = "".join(paragraph(f"第{n}段，" + "文" * 90 + "。") for n in range(6))
    body = f"<w:tbl><w:tr><w:tc>{cell}</w:tc><w:tc>{paragraph('边栏')}</w:tc></w:tr></w:tbl>"
    assert len(read(docx(body), "a.docx").text.split("\n")) == 7


def test_other_producers_prefixes_and_the_strict_edition_are_read() -> None:
    assert read(docx(paragraph("正文"), space=STRICT), "a.docx").text == "正文"
    plain = docx(paragraph("正文"))
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        body = package.read("word/document.xml").replace(b"w:", b"x:").replace(b"xmlns:w", b"xmlns:x")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", body)
    assert read(out.getvalue(), "a.docx").text == "正文"


def test_macros_and_outside_links_are_never_opened_and_named() -> None:
    outside = b'<Relationships><Relationship Target="http://example.invalid/x" TargetMode="External"/></Relationships>'
    extra = {
        "word/vbaProject.bin": b"\x00",
        "word/_rels/document.xml.rels": outside,
        "word/comments.xml": b"",
    }
    document = read(docx(paragraph("正文"), extra=extra), "计划.docx")
    assert document.text == "正文"
    assert ["宏" in n or "外部" in n or "批注" in n for n in document.notes] == [True, True, True]


PAGE = """<!DOCTYPE html><html><head><meta charset="{0}"><title>x</title><script>alert(1)</script><style>p{{}}</style></head><body>
<div class="nav"><a href="#">首页</a><a href="#">新闻</a></div><ul><li><a>政务</a><li><a>服务</a><li><a>互动</a><li><a>数据</a></ul>
<form><p>青石县托育服务行动计划<p>一、目标<div>到2027年<b>新增</b>托位300个。<br>第二行</div>
<div style="display: none">暗藏9999个</div><table><tr><td>序号<td>任务<td>牵头单位<tr><td>1<td>新建园3所<td>教育局</table>
<script>document.write('坏')</script></form><footer>版权所有 电话12345678</footer></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gbk"), ("gbk", "gb18030"), ("utf-8", "gb18030"), ("no-such", "utf-8")],
)
def test_web_pages_lose_scripts_and_navigation_and_keep_lines(charset: str, encoding: str) -> None:
    document = read(PAGE.format(charset).encode(encoding), "计划.html")
    lines = document.text.split("\n")
    assert lines[:4] == ["青石县托育服务行动计划", "一、目标", "到2027年新增托位300个。", "第二行"]
    assert lines[4:6] == ["序号\t任务\t牵头单位", "1\t新建园3所\t教育局"]
    assert not re.search("alert|9999|首页|政务|版权|坏", document.text)
    assert {entry.text for entry in document.removed} >= {"首页新闻", "版权所有 电话12345678"}
    assert "导航" in document.notes[0]


def test_a_web_page_saved_as_one_file() -> None:
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\nContent-Type: text/html; charset=gbk\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    import base64

    body = base64.b64encode("<html><p>一、目标</p><p>新建学校3所。</p></html>".encode("gbk")).decode()
    document = read((head + body + "\r\n--B--\r\n").encode(), "计划.mht")
    assert document.text == "一、目标\n新建学校3所。\n"


def test_a_page_nested_without_end_is_read_in_time() -> None:
    assert "正文" in read(("<html>" + "<div>行\n" * 20_000 + "正文").encode(), "深.html").text


BOMB = docx("<w:p/>" * 3_000_000)
ENTITY = docx(paragraph("&x;"), head='<!DOCTYPE d [<!ENTITY x "y">]>')


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "空.txt", "空的"),
        (b" \n\n", "空白.txt", "空的"),
        (bytes(range(256)), "图.txt", "不是文本文件"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "坏.txt", "不符"),
        (b"\x81\x20\xff\xff", "坏.txt", "GB18030"),
        (b"\x89PNG\r\n", "图.png", "是图片"),
        (b"PK\x03\x04 broken", "坏.docx", "不是完好的 Word"),
        (zipped("xl/workbook.xml"), "表.docx", "Excel"),
        (zipped("OFD.xml"), "版式.ofd", "OFD"),
        (zipped("content.xml"), "文.odt", "OpenDocument"),
        (zipped("a.txt"), "包.zip", "不是完好的 Word"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密.docx", "打开密码"),
        (b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), "表.xls", "Excel"),
        (BOMB, "炸弹.docx", "异常大"),
        (ENTITY, "实体.docx", "实体"),
        (docx("<w:p>")[:-40], "截断.docx", "不是完好的 Word"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "空.mht", "单一文件网页"),
        (b"%PDF-1.7", "扫描.pdf", "PDF"),
        (("文" * 3_000_001).encode(), "大.txt", "超过"),
        (b"x" * 40_000_001, "大.bin", "MB"),
    ],
)
def test_a_bad_file_gets_one_sentence(data: bytes, name: str, says: str) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        compile_plan(data, name)
    assert says in str(refusal.value)
    assert str(refusal.value).endswith("。")
    assert not re.search("Error|Traceback|None", str(refusal.value))


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0 word", b"{\\rtf1 text}"])
def test_an_old_word_file_without_a_converter_gets_a_sentence(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oldword.shutil, "which", lambda _name: None)
    with pytest.raises(UnreadableDocument, match=r"另存为 \.docx"):
        read(data, "旧.doc")


def test_an_old_word_file_goes_through_the_converter_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        oldword.shutil, "which", lambda name: "/usr/bin/antiword" if name == "antiword" else None
    )
    seen: list[list[str]] = []

    def run(command: list[str], **_options: object) -> object:
        seen.append(command)
        return type("Done", (), {"stdout": PLAN.encode(), "returncode": 0})()

    monkeypatch.setattr(oldword.subprocess, "run", run)
    document = read(b"\xd0\xcf\x11\xe0 word", "旧；rm -rf.doc")
    assert document.text == PLAN
    assert "转换" in document.notes[0]
    assert not any("rm -rf" in word for word in seen[0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("The county will build five schools by 2027. " * 30, "汉字不到五分之一"),
        ("序号\n姓名\n单位\n张三\n县教育局\n李四\n县财政局\n", "只有表格或名单"),
        ("本文只有连续的叙述而没有任何标题，" * 200, "没有找到标题"),
    ],
)
def test_a_text_that_is_no_plan_is_read_with_a_warning(text: str, says: str) -> None:
    result = compile_plan(text.encode(), "别的.txt")
    assert says in result["warnings"][0]["msg"]


def told(run: Callable[[Callable[[str, float], None]], object]) -> list[float]:
    shares: list[float] = []
    run(lambda _step, share: shares.append(share))
    return shares


def test_progress_only_rises_and_ends_at_one() -> None:
    shares = told(lambda tell: compile_plan(PLAN.encode(), "计划.txt", tell))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
