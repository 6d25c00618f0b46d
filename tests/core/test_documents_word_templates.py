"""Counties' own Word templates: filled where Word has cut the marks, refused where they could act, every reason at once."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from core.test_documents_official import text_of_docx
from junheng.documents.word_templates import (
    TemplateRefused,
    check_template,
    letter_from_template,
    opening,
    template_fields,
)

FIELDS = {"姓名": "马小某", "学校": "东镇中心小学", "金额": "500", "日期": "2026年9月1日"}


def made(*paragraphs, change=None):
    word = docx.Document()
    for pieces in paragraphs:
        paragraph = word.add_paragraph()
        for number, piece in enumerate([pieces] if isinstance(pieces, str) else pieces):
            paragraph.add_run(piece).bold = number == 0
    if change:
        change(word)
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def with_parts(data, changes):
    """The file with parts replaced (a function of the old bytes) or added: {path: change}."""
    with ZipFile(BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for path, content in changes.items():
        parts[path] = content(parts.get(path, b"")) if callable(content) else content
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for path, content in parts.items():
            new.writestr(path, content)
    return stream.getvalue()


def codes_of(data, known=FIELDS):
    return [problem.code for problem in check_template(data, known)]


PLAIN = made("{{姓名}}同学：", "经审核，发放{{金额}}元。")


def test_marks_are_filled_wherever_word_has_cut_them():
    def everywhere(word):
        word.add_table(1, 1).cell(0, 0).text = "表中{{学校}}"
        word.sections[0].header.paragraphs[0].text = "页眉{{日期}}"
        word.sections[0].footer.paragraphs[0].text = "页脚{{姓名}}"

    data = made(["{", "{姓", "名}", "}同学"], "｛｛ 学校 ｝｝", "{{金额}}和{{金额}}", change=everywhere)
    assert template_fields(data) == ("姓名", "学校", "金额", "日期")
    letter = letter_from_template(data, FIELDS)
    text = text_of_docx(letter)
    for words in ("马小某同学", "500和500", "表中东镇中心小学", "页眉2026年9月1日"):
        assert words in text
    word = docx.Document(BytesIO(letter))
    assert "页脚马小某" in word.sections[0].footer.paragraphs[0].text
    assert "{" not in text
    assert word.paragraphs[0].runs[0].bold


def test_a_text_box_is_filled():
    def box(word):
        run = word.add_paragraph("外{{姓名}}").runs[0]._r
        content = OxmlElement("w:txbxContent")
        inner, inner_run, words = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:t")
        words.text = "内{{学校}}"
        inner_run.append(words)
        inner.append(inner_run)
        content.append(inner)
        run.append(content)

    text = text_of_docx(letter_from_template(made(change=box), FIELDS))
    assert "外马小某" in text
    assert "内东镇中心小学" in text


def test_values_are_text_and_nothing_else():
    values = {"姓名": "{{金额}}<w:p/>&amp;\x00\ud800", "金额": "一行\n二行"}
    letter = letter_from_template(PLAIN, values)
    word = docx.Document(BytesIO(letter))
    assert word.paragraphs[0].text == "{{金额}}<w:p/>&amp;同学："
    assert word.paragraphs[1].text == "经审核，发放一行\n二行元。"
    assert letter_from_template(PLAIN, values) == letter


def test_all_wrong_marks_at_once():
    data = made("{{姓明}}", "{{电话}}与{{学校}}", "{{半个", "两个}}")
    found = check_template(data, FIELDS, "告知书.docx")
    assert [problem.code for problem in found] == [
        "unknown_field",
        "unknown_field",
        "broken_mark",
        "broken_mark",
    ]
    assert "是否应为“姓名”" in found[0].message
    assert "正文第1段" in found[0].message
    assert found[0].file == "告知书.docx"
    with pytest.raises(TemplateRefused) as caught:
        letter_from_template(data, FIELDS)
    assert len(caught.value.problems) == 4
    assert "电话" in str(caught.value)


def test_a_template_without_marks_is_pointed_out():
    assert codes_of(made("没有标记")) == ["no_marks"]
    assert codes_of(PLAIN) == []


RELATIONSHIP = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s" TargetMode="External"/></Relationships>'


def linked(kind, target=b"http://evil.example/x"):
    return lambda old: old.replace(b"</Relationships>", RELATIONSHIP % (kind, target))


@pytest.mark.parametrize("kind", [b"image", b"oleObject", b"frame", b"subDocument", b"aFChunk"])
def test_outside_content_is_refused(kind):
    data = with_parts(PLAIN, {"word/_rels/document.xml.rels": linked(kind)})
    assert codes_of(data) == ["external"]
    with pytest.raises(TemplateRefused):
        letter_from_template(data, FIELDS)


def test_links_are_taken_out_and_their_words_stay():
    def link(old):
        new = (
            '<w:p><w:hyperlink r:id="rId99"><w:r><w:t>点{{学校}}这里</w:t></w:r></w:hyperlink></w:p><w:sectPr'
        )
        return old.decode().replace("<w:sectPr", new, 1).encode()

    data = with_parts(
        PLAIN, {"word/_rels/document.xml.rels": linked(b"hyperlink"), "word/document.xml": link}
    )
    assert codes_of(data) == []
    letter = letter_from_template(data, FIELDS)
    assert "点东镇中心小学这里" in text_of_docx(letter)
    with ZipFile(BytesIO(letter)) as parts:
        assert all(b"evil.example" not in parts.read(name) for name in parts.namelist())


def test_the_path_of_the_clerks_own_template_is_taken_out():
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

    def attach(old):
        return re.sub(
            r"(<w:settings[^>]*>)", rf'\1<w:attachedTemplate {space} r:id="rId99"/>', old.decode(), count=1
        ).encode()

    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    data = with_parts(
        PLAIN,
        {
            "word/settings.xml": attach,
            "word/_rels/settings.xml.rels": linked(b"attachedTemplate", b"file:///C:/Users/a/Own.dotm")(rels),
        },
    )
    letter = letter_from_template(data, FIELDS)
    with ZipFile(BytesIO(letter)) as parts:
        assert all(b"Own.dotm" not in parts.read(name) for name in parts.namelist())
        assert b"attachedTemplate" not in parts.read("word/settings.xml")
    docx.Document(BytesIO(letter))


def test_macros_controls_and_objects_are_refused_together():
    data = with_parts(
        PLAIN,
        {
            "word/vbaProject.bin": b"x",
            "word/activeX/activeX1.xml": b"<a/>",
            "word/embeddings/oleObject1.bin": b"x",
        },
    )
    found = check_template(data, FIELDS)
    text = "".join(problem.message for problem in found)
    assert {problem.code for problem in found} == {"active"}
    for words in ("宏", "ActiveX", "嵌入的对象"):
        assert words in text


@pytest.mark.parametrize(
    "code",
    [
        "DDEAUTO c:\\\\x",
        'INCLUDEPICTURE "http://x"',
        "INCLUDETEXT a",
        'HYPERLINK "http://x"',
        "MACROBUTTON x",
    ],
)
def test_fields_that_fetch_or_run_are_refused(code):
    def split(word):
        for part in (code[:3], code[3:]):
            node = OxmlElement("w:instrText")
            node.text = part
            word.add_paragraph().add_run()._r.append(node)

    assert codes_of(made("{{姓名}}", change=split)) == ["field_code"]


def test_page_numbers_and_contents_are_allowed():
    def harmless(word):
        for code in ("PAGE", 'TOC \\o "1-3"', 'HYPERLINK \\l "_Toc1"', "DATE"):
            node = OxmlElement("w:instrText")
            node.text = code
            word.add_paragraph().add_run()._r.append(node)

    assert codes_of(made("{{姓名}}", change=harmless)) == []


def test_own_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"x" * 100 + b'">]><a>&b;</a>'
    assert codes_of(with_parts(PLAIN, {"word/document.xml": bomb})) == ["bad_xml"]
    wide = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'.encode("utf-16")
    assert codes_of(with_parts(PLAIN, {"word/document.xml": wide})) == ["bad_xml"]
    assert codes_of(with_parts(PLAIN, {"word/document.xml": b"<a>" * 5000 + b"</a>" * 5000})) == ["bad_xml"]


def test_a_zip_bomb_is_refused_without_unpacking_it(monkeypatch):
    monkeypatch.setattr(opening, "MOST_UNPACKED", 2 << 20)
    data = with_parts(PLAIN, {"word/media/image1.png": b"\0" * (3 << 20)})
    assert len(data) < 1 << 16
    assert codes_of(data) == ["zip_bomb"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 cut", "corrupt"),
        (b"%PDF-1.7", "corrupt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"0" * (21 << 20), "too_large"),
    ],
)
def test_what_is_no_template_gets_a_sentence(data, code):
    found = check_template(data, FIELDS)
    assert [problem.code for problem in found] == [code]
    assert not found[0].message.isascii()


def test_a_workbook_is_no_template():
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    assert codes_of(stream.getvalue()) == ["not_word"]


@given(st.integers(0, len(PLAIN) - 1), st.integers(1, 255))
@settings(max_examples=60)
def test_a_damaged_file_never_raises_anything_else(place, change):
    data = bytearray(PLAIN)
    data[place] ^= change
    found = check_template(bytes(data), FIELDS)
    assert all(problem.message for problem in found)


@given(st.lists(st.text(st.sampled_from("ab甲乙{}"), max_size=5), min_size=1, max_size=8))
@settings(max_examples=15)
def test_filling_in_pieces_is_as_filling_the_whole(pieces):
    """The slow twin: the same paragraph in one piece, replaced as text."""
    whole = "".join(pieces)
    data = made([*pieces, "{{", "姓", "名}}"])
    rest = re.sub(r"\{\{\s*[^{}]+?\s*\}\}", "", whole + "{{姓名}}")
    if "{{" in rest or "}}" in rest or set(template_fields(data)) != {"姓名"}:
        with pytest.raises(TemplateRefused):
            letter_from_template(data, {"姓名": "马"})
        return
    assert docx.Document(BytesIO(letter_from_template(data, {"姓名": "马"}))).paragraphs[0].text == (
        whole + "{{姓名}}"
    ).replace("{{姓名}}", "马")


def test_what_is_filled_keeps_every_other_part(tmp_path):
    letter = letter_from_template(PLAIN, FIELDS)
    with ZipFile(BytesIO(PLAIN)) as old, ZipFile(BytesIO(letter)) as new:
        assert new.namelist() == old.namelist()
        assert new.read("word/styles.xml") == old.read("word/styles.xml")
    assert docx.Document(BytesIO(letter)).element.body.find(qn("w:sectPr")) is not None
