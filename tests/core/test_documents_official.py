"""Official documents as Word and PDF: what stands on the paper, its layout, and that no character is ever an empty box."""

import ctypes
import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.documents.official import (
    ASSUMED_LAYOUT,
    Attachment,
    Chart,
    Column,
    Form,
    FormCell,
    Heading,
    Layout,
    NoChineseFont,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    Series,
    Source,
    Table,
    amount_in_words,
    document_number,
    flaws,
    font_report,
    missing_glyphs,
    official_document,
    official_pdf,
    why_not_number,
)
from junheng.documents.official import fonts as font_finding
from junheng.documents.official.arranging import numeral, shown
from junheng.documents.official.charts import scale, specification
from junheng.documents.official.places import title_lines

NOTICE = OfficialDocument(
    "关于第三季度任务完成情况的通报",
    head="云岭县教育体育局文件",
    number="云教发〔2026〕12号",
    recipients=("各乡镇人民政府", "县直有关部门"),
    body=(
        Paragraph(("全县巩固率为", Run("97.3%", ref="GGL-1"), "。")),
        Heading(1, "总体情况"),
        Heading(2, "目标进展", ("达到9项", Run("，落后3项", bold=True), "。")),
        Heading(3, "床位不足"),
        Heading(4, "第一中学", ("缺", Run("58", ref="CW-5"), "张。")),
        Heading(4, "第二中学", "缺40张。"),
        Heading(2, "主要问题"),
        Heading(1, "下一步要求"),
        Table((Column("单位"), Column("任务", align="right")), (("财政局", "12"), ("民政局", "7")), title="任务数"),
        Form(((FormCell("编号", "督〔2026〕1号"), FormCell("时限", "15个工作日")), (FormCell("批示", lines=3),))),
        Chart("bar", "两镇低于目标", ("东镇", "西镇"), (Series("巩固率", (95.9, None)),), unit="%", threshold=98),
    ),
    attachments=(
        Attachment("排名", (Paragraph("附件正文"),)),
        Attachment("清单", (Table((Column("事项"), Column("时限")), (("建宿舍", "2026年12月"),), wide=True),)),
    ),
    signatures=("云岭县教育体育局",),
    date=date(2026, 9, 3),
    note="此件公开发布",
    copies=("县委办公室", "县人大常委会办公室"),
    printed_by="云岭县教育体育局办公室",
    printed_on=date(2026, 9, 4),
    sources=(
        Source("CW-5", "缺床位", "58 张"),
        Source("GGL-1", "巩固率", "97.3%", "9,412 人", "9,673 人", "第6条", "2026年8月31日"),
    ),
    marked="演示数据",
)  # fmt: skip
WORDS = [
    "云岭县教育体育局文件", "云教发〔2026〕12号", "各乡镇人民政府、县直有关部门：", "一、总体情况", "（一）目标进展。达到9项，落后3项。", "1.床位不足",
    "（1）第一中学。缺58[2]张。", "（2）第二中学。缺40张。", "（二）主要问题", "二、下一步要求", "97.3%[1]", "任务数", "财政局",
    "15个工作日", "1. 排名", "2. 清单", "附件1", "附件2", "建宿舍", "2026年9月3日", "（此件公开发布）",
    "抄送：县委办公室、县人大常委会办公室。", "2026年9月4日印发", "数据出处", "9,412 人 ÷ 9,673 人", "未报", "演示数据",
]  # fmt: skip


def text_of_pdf(data):
    with pypdfium2.PdfDocument(data) as paper:
        return [page.get_textpage().get_text_range() for page in paper]


def text_of_docx(data):
    word = docx.Document(BytesIO(data))
    parts = [word.sections[0].header._element, word.element.body]
    return "\n".join(
        "".join(t.text or "" for t in p.iter(qn("w:t"))) for part in parts for p in part.iter(qn("w:p"))
    )


def squeezed(text):
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def pdf():
    return official_pdf(NOTICE)


@pytest.fixture(scope="module")
def word():
    return official_document(NOTICE)


def test_both_files_say_the_same_words(pdf, word):
    on_paper, in_word = squeezed("".join(text_of_pdf(pdf))), squeezed(text_of_docx(word))
    for words in WORDS:
        assert squeezed(words) in on_paper, words
        assert squeezed(words) in in_word, words


def test_the_same_content_gives_the_same_bytes(pdf, word):
    assert official_pdf(NOTICE) == pdf
    assert official_document(NOTICE) == word


def test_the_pdf_is_archival_and_tagged(pdf):
    assert b"pdfaid:part>2" in pdf
    assert b"/StructTreeRoot" in pdf


def lines_of(page):
    """{baseline from the top in points, rounded: characters from left to right} of a page."""
    text, high, found = page.get_textpage(), page.get_height(), {}
    x, y = ctypes.c_double(), ctypes.c_double()
    for place in range(text.count_chars()):
        pypdfium2.raw.FPDFText_GetCharOrigin(text.raw, place, x, y)
        letter = text.get_text_range(place, 1)
        if letter.strip():
            line = next((top for top in found if abs(top - (high - y.value)) < 1), high - y.value)
            found.setdefault(line, []).append((x.value, letter))
    return found


def test_the_grid_of_22_lines_and_28_characters():
    body = tuple(Paragraph("字" * 28 * 11, plain=True) for _ in range(6))
    page = pypdfium2.PdfDocument(official_pdf(OfficialDocument("题", body=body)))[1]
    lines = {y: letters for y, letters in lines_of(page).items() if len(letters) > 5}
    assert [len(letters) for letters in lines.values()] == [28] * 22
    tops = sorted(lines)
    assert all(abs(low - high - 29) < 0.2 for high, low in pairwise(tops))
    lefts = [min(x for x, _ in letters) for letters in lines.values()]
    assert max(abs(left - 28 / 25.4 * 72) for left in lefts) < 1.5
    assert page.get_size() == pytest.approx((595.28, 841.89), abs=0.1)


def test_page_numbers_stand_outside(pdf):
    pages = list(pypdfium2.PdfDocument(pdf))
    for number, page in enumerate(pages, start=1):
        line = next(
            letters for letters in lines_of(page).values() if "".join(x for _, x in letters) == f"—{number}—"
        )
        assert (line[0][0] > page.get_width() / 2) == (number % 2 == 1)


def test_wide_tables_turn_the_paper_in_both(pdf, word):
    across = [page.get_width() > page.get_height() for page in pypdfium2.PdfDocument(pdf)]
    assert sum(across) == 1
    sections = docx.Document(BytesIO(word)).sections
    assert [section.page_width > section.page_height for section in sections] == [False, True, False]


def test_word_has_the_layout_of_official_documents(word):
    opened = docx.Document(BytesIO(word))
    page = opened.sections[0]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    paragraphs = {p.text: p for p in opened.paragraphs}
    heading = paragraphs["一、总体情况"]
    assert heading.style.name == "Heading 1"
    assert heading.runs[0].font.name == "黑体"
    assert heading.runs[0].font.size.pt == 16
    assert paragraphs["（二）主要问题"].runs[0].font.name == "楷体_GB2312"
    body = paragraphs["全县巩固率为97.3%[1]。"]
    assert body.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert body.paragraph_format.line_spacing.pt == 29
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert body.runs[2].font.superscript
    title = paragraphs["关于第三季度任务完成情况的通报"].runs[0]
    assert (title.font.name, title.font.size.pt) == ("方正小标宋简体", 22)
    assert opened.settings.odd_and_even_pages_header_footer
    picture = next(opened.element.body.iter(qn("wp:docPr")))
    assert "东镇95.9、西镇未报" in picture.get("descr")


def test_nothing_in_the_word_file_points_outside(word):
    with ZipFile(BytesIO(word)) as parts:
        for name in parts.namelist():
            assert b'TargetMode="External"' not in parts.read(name)


def test_words_are_never_markup():
    attack = '#panic("x") *粗* $x^2$ <w:p/> & \\u{41} {{字段}} @ref [链接](x) #read("/etc/passwd")'
    document = OfficialDocument(
        attack, body=(Heading(1, attack, attack), Paragraph(attack)), signatures=(attack,)
    )
    paper, opened = official_pdf(document), text_of_docx(official_document(document))
    assert squeezed("".join(text_of_pdf(paper))).count(squeezed(attack)) == 5
    assert opened.count(attack) == 5


def test_rare_characters_are_marked_and_named():
    rare = "\U0002a6a5"  # no free font at hand draws it
    document = OfficialDocument("通知", body=(Paragraph(f"学生马{rare}、㛃、喆"),))
    lacking = missing_glyphs(document)
    text = "".join(text_of_pdf(official_pdf(document)))
    assert "喆" in text
    for letter in f"{rare}㛃":
        assert (letter in lacking) != (letter in text)
    assert text.count("〓") == len(lacking)
    assert rare in text_of_docx(official_document(document))


def test_control_characters_do_no_harm():
    document = OfficialDocument("通\x00知", body=(Paragraph("甲\x0b\ud800\ufffe\u202e乙\r\n丙"),))
    assert "甲乙" in "".join(text_of_pdf(official_pdf(document)))
    assert "甲乙" in text_of_docx(official_document(document))


def test_a_machine_without_chinese_fonts_says_so(monkeypatch):
    monkeypatch.setattr(font_finding, "_shows", lambda *_: False)
    with pytest.raises(NoChineseFont, match="没有中文字体"):
        official_pdf(NOTICE)
    assert "东镇" in text_of_docx(official_document(NOTICE))
    only_drawn = OfficialDocument(
        "图", body=(Chart("bar", "图", ("东镇",), (Series("值", (1.5,)),), with_table=False),)
    )
    assert "东镇" in text_of_docx(official_document(only_drawn))


def test_fonts_of_this_machine_are_reported():
    assert [use.role[:2] for use in font_report()] == ["正文", "一级", "二级", "标题", "页码"]
    wanted = Layout(body_fonts=("DejaVu Sans",))
    assert font_report(layout=wanted)[0].standard is (font_report(layout=wanted)[0].found == "DejaVu Sans")


def test_what_no_source_lays_down_is_named():
    named = {name for name, _, _ in ASSUMED_LAYOUT}
    assert "red_line_gap_mm" in named
    assert not named & {"top_mm", "bottom_mm", "left_mm", "right_mm", "lines", "chars", "body_pt", "title_pt"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("云教发[2026]12号", "六角括号"),
        ("云教发（2026）12号", "六角括号"),
        ("云教发〔26〕12号", "写全四位"),
        ("云教发〔2026〕第12号", "“第”字"),
        ("云教发〔2026〕012号", "虚位"),
        ("云教发〔2026〕12", "末尾"),
        ("〔2026〕12号", "代字"),
        ("12", "代字"),
        ("", "代字"),
    ],
)
def test_a_wrong_document_number(text, words):
    assert words in why_not_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "同党发〔2018〕122号",
        "平政办发〔2019〕7号",
        "西教体函发〔2021〕512号",
        document_number("宁教发", 2021, 113),
    ],
)
def test_a_right_document_number(text):
    assert why_not_number(text) is None


def test_all_flaws_at_once():
    document = OfficialDocument(
        "关于开会的通知。",
        head="某局文件",
        number="某发[26]第01号",
        body=(Heading(3, "先来一个三级"), Paragraph(Run("5", ref="X-1"))),
        attachments=(Attachment("名单；"),),
        date=date(2026, 9, 2),
        printed_on=date(2026, 9, 1),
        sources=(Source("A", "甲"), Source("A", "乙")),
    )
    found = "\n".join(flaws(document))
    for words in (
        "标题末尾",
        "六角括号",
        "没有署名",
        "上一级标题",
        "X-1",
        "末尾不加标点",
        "只有名称",
        "“A”列了2次",
        "早于成文",
    ):
        assert words in found
    assert flaws(NOTICE) == ()


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("1.05", "壹元零伍分"), ("10", "壹拾元整"), ("1250", "壹仟贰佰伍拾元整"),
        ("1005", "壹仟零伍元整"), ("100000", "壹拾万元整"), ("100500", "壹拾万零伍佰元整"), ("20004000.30", "贰仟万肆仟元叁角整"),
        ("100000001", "壹亿零壹元整"), ("1000000000000", "壹兆元整"),
    ],
)  # fmt: skip
def test_amounts_in_words(amount, words):
    assert amount_in_words(Decimal(amount)) == f"人民币{words}"


@pytest.mark.parametrize("amount", ["-1", "0.001", "10000000000000000"])
def test_no_words_for_such_an_amount(amount):
    with pytest.raises(ValueError):
        amount_in_words(Decimal(amount))


def value_of_words(text):
    """The slow twin: what an amount in words says, read digit by digit."""
    digits, units = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    total = group = last = 0
    for letter in text.removeprefix("人民币"):
        if letter in digits:
            last = digits.index(letter)
        elif letter in units:
            group += last * units[letter]
            last = 0
        elif letter in "万亿兆":
            total += (group + last) * {"万": 10**4, "亿": 10**8, "兆": 10**12}[letter] * 100
            group = last = 0
        elif letter == "元":
            total += (group + last) * 100
            group = last = 0
        elif letter in "角分":
            total += last * (10 if letter == "角" else 1)
            last = 0
    return total


@given(st.integers(0, 10**18 - 1))
def test_amounts_in_words_mean_what_they_say(fen):
    words = amount_in_words(Decimal(fen) / 100)
    assert value_of_words(words) == fen
    assert "零零" not in words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (12, "十二"), (27, "二十七"), (103, "一百零三"), (110, "一百一十")],
)
def test_ordinals(number, words):
    assert numeral(number) == words


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_an_axis_holds_its_values_in_round_steps(one, other):
    low, high = sorted((one, other))
    first, last, step = scale(low, high)
    slack = step * 1e-6
    assert first <= low + slack
    assert last >= high - slack
    assert last > first
    assert (last - first) / step <= 8
    assert f"{step:.0e}"[0] in "1235"


@given(
    st.lists(st.none() | st.floats(0, 120), min_size=1, max_size=60), st.sampled_from(["bar", "rank", "line"])
)
@settings(max_examples=15)
def test_any_chart_can_be_drawn(values, kind):
    names = tuple(f"第{n}小学" for n in range(len(values)))
    chart = Chart(kind, "题", names, (Series("甲", tuple(values)),), threshold=98)
    assert official_pdf(OfficialDocument("图", body=(chart,)))[:5] == b"%PDF-"
    assert specification(chart)["first"] <= min([v for v in values if v is not None] + [98])


def test_a_chart_without_any_value_is_still_drawn():
    empty = Chart(
        "line", "无数据", ("一季度", "二季度"), (Series("甲", (None, None)), Series("乙", (None, None)))
    )
    assert "未报" in "".join(text_of_pdf(official_pdf(OfficialDocument("图", body=(empty,)))))


def test_values_are_rounded_as_people_do():
    assert [shown(value, 1) for value in (0.25, -0.25, 1234.56, None, -0.01)] == [
        "0.3",
        "-0.3",
        "1,234.6",
        "未报",
        "0.0",
    ]


def test_shapes_that_cannot_be_printed_are_refused():
    with pytest.raises(ValueError):
        Table((Column("甲"),), (("1", "2"),))
    with pytest.raises(ValueError):
        Form(((),))
    with pytest.raises(ValueError):
        Chart("bar", "题", ("甲",), (Series("乙", (1, 2)),))


def test_a_long_table_repeats_its_heading_and_breaks_only_between_rows():
    rows = tuple((f"第{n}项", "内容" * 20) for n in range(80))
    document = OfficialDocument(
        "长表",
        body=(
            Table((Column("事项"), Column("内容", 2)), rows, groups=((0, "甲组"), (40, "乙组"))),
            PageBreak(),
            Paragraph("完"),
        ),
    )
    pages = text_of_pdf(official_pdf(document))
    assert len(pages) > 3
    assert all("事项" in page for page in pages[:-1])
    assert "完" in pages[-1]
    word = docx.Document(BytesIO(official_document(document)))
    assert len(word.tables[0].rows) == 83
    assert word.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("通知", ["通知"]),
        (
            "关于2026年第三季度《教育发展规划》落实情况的通报",
            ["关于2026年第三季度", "《教育发展规划》落实情况的通报"],
        ),
        ("甲" * 45, ["甲" * 15] * 3),
        ("给定\n换行", ["给定", "换行"]),
    ],
)
def test_long_titles_are_balanced(title, lines):
    assert title_lines(title, Layout()) == lines
    assert "".join(lines) == title.replace("\n", "")


ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs autoSpaceDE autoSpaceDN snapToGrid spacing ind jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b i color spacing sz szCs u vertAlign lang",
    "tblPr": "tblStyle tblpPr tblW jc tblBorders tblLayout tblCellMar tblLook",
    "trPr": "cantSplit tblHeader",
    "tcPr": "tcW gridSpan vMerge shd vAlign",
    "sectPr": "type pgSz pgMar cols docGrid",
}


def test_the_parts_of_the_word_file_stand_in_the_order_the_format_asks_for(word):
    """Word calls a file damaged whose properties stand in another order."""
    opened = docx.Document(BytesIO(word))
    section = opened.sections[0]
    trees = [
        opened.element,
        section.header._element,
        section.footer._element,
        section.even_page_footer._element,
    ]
    for tree in trees:
        for parent, order in ORDERS.items():
            ranks = {qn(f"w:{name}"): rank for rank, name in enumerate(order.split())}
            for properties in tree.iter(qn(f"w:{parent}")):
                found = [ranks[child.tag] for child in properties if not child.tag.endswith("Reference")]
                assert found == sorted(found), (parent, [child.tag for child in properties])
                if parent != "sectPr":
                    assert len(found) == len(set(found))
