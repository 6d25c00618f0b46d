"""读入: every kind of file, and every kind of bad file, gives text or a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest

from junheng.plandocs import UnreadableDocument, compile_plan, read

PLAN = "青石县托育服务行动计划\n\n一、目标\n到2027年，全县托位数达到3200个。\n"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, head: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        )
        for name, data in (extra or {}).items():
            package.writestr(name, data)
    return out.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_found(encoding: str) -> None:
    assert read(PLAN.encode(encoding), "计划.txt").text == PLAN


def test_word_paragraphs_become_lines_and_deleted_words_stay_out() -> None:
    body = (
        paragraph("一、目标")
        + f"<w:p><w:del><w:r><w:delText>旧稿</w:delText></w:r></w:del>{paragraph('到2027年完成。')[5:]}"
    )
    body += "<w:tbl><w:tr><w:tc>" + paragraph("牵头单位") + "</w:tc></w:tr></w:tbl>"
    assert read(docx(body), "计划.docx").text == "一、目标\n到2027年完成。\n牵头单位"


def test_macros_and_outside_links_are_never_opened() -> None:
    outside = b'<Relationships><Relationship Target="http://example.invalid/x" TargetMode="External"/></Relationships>'
    data = docx(
        paragraph("正文"), extra={"word/vbaProject.bin": b"\x00", "word/_rels/document.xml.rels": outside}
    )
    assert read(data, "计划.docx").text == "正文"


def test_web_pages_lose_scripts_and_keep_lines() -> None:
    page = "<!DOCTYPE html><html><head><title>x</title><script>alert(1)</script></head><body><p>一、目标</p><style>p{}</style><div>到2027年<b>完成</b>。<br>第二行</div><script>document.write('坏')</script></body></html>"
    text = read(page.encode(), "计划.html").text
    assert text.split() == ["一、目标", "到2027年完成。", "第二行"]


BOMB = docx("<w:p/>" * 3_000_000)
ENTITY = docx(paragraph("&x;"), head='<!DOCTYPE d [<!ENTITY x "y">]>')


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "空.txt", "空的"),
        (b" \n\n", "空白.txt", "空的"),
        (bytes(range(256)), "图.txt", "不是文本文件"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "坏.txt", "不符"),
        (b"\x81\x20\xff\xff", "坏.txt", "GB18030"),
        (b"PK\x03\x04 broken", "坏.docx", "不是完好的 Word"),
        (b"\xd0\xcf\x11\xe0", "旧.doc", "另存为 .docx"),
        (BOMB, "炸弹.docx", "异常大"),
        (ENTITY, "实体.docx", "实体"),
        (docx("<w:p>")[:-40], "截断.docx", "不是完好的 Word"),
        (b"%PDF-1.7", "扫描.pdf", "PDF"),
        (("文" * 3_000_001).encode(), "大.txt", "超过"),
    ],
)
def test_a_bad_file_gets_one_sentence(data: bytes, name: str, says: str) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        compile_plan(data, name)
    assert says in str(refusal.value)
    assert str(refusal.value).endswith("。")


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
