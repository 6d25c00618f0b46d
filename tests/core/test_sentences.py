"""English of Chinese sentences: what rules, checks and records say, read by the catalogue; hostile texts cost nothing."""

import re
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bureau.pages.sentences import LONGEST, Pattern, Reader, english
from bureau.pages.sentences_page import in_english
from bureau.people.rules import WORDS, why_not
from junheng.policy import english_titles, load, shipped

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from sentences import pattern, said, sentences  # noqa: E402

ENTRIES = {
    "达标": "Met",
    "未达标": "Not met",
    "名": "people",
    "局领导": "Leader",
    "督学": "Inspector",
    "班额": "Class size",
    "第{1}行没有{2}": "Row {1} has no {2}",
    "缺 {1}": "short by {1}",
    "已报完成，但{1}的数据仍缺 {2}": "Reported, but the data of {1} is short by {2}",
    "“{1}”不能{2}；可以的角色：{3}": "“{1}” may not {2}. Roles: {3}",
    "%(n)s 所中 %(m)s 所达标": "%(m)s of %(n)s met",
    "，{1}所未报": ", {1} not reported",
    "{1}为{2}": "{2} is {1}",
}
SMALL = Reader(ENTRIES)


@pytest.mark.parametrize(
    ("chinese", "reading"),
    [
        ("达标", "Met"),
        ("第12行没有班额", "Row 12 has no Class size"),
        ("第12行没有王小明", "Row 12 has no 王小明"),
        ("班额：未达标，缺 3 名", "Class size: Not met, short by 3 people"),
        (
            "已报完成，但2026年9月1日的数据仍缺 3 名",
            "Reported, but the data of 1 September 2026 is short by 3 people",
        ),
        ("“督学”不能达标；可以的角色：局领导、督学", "“Inspector” may not Met. Roles: Leader, Inspector"),
        ("7 所中 5 所达标，2所未报", "5 of 7 met, 2 not reported"),
        ("2025-09-30 班额", "2025-09-30 Class size"),
        ("教督〔2017〕6号班额", "教督〔2017〕6号 Class size"),
        ("class of 班额 here", "class of Class size here"),
        ("≥ 4.2（达标）", "≥ 4.2 (Met)"),
        ("王小明", "王小明"),
        ("豫海镇第一小学", "豫海镇第一小学"),
        ("2026年13月1日", "2026年13月1日"),
        ("", ""),
        ("abc，def", "abc, def"),
    ],
)
def test_readings(chinese: str, reading: str) -> None:
    assert SMALL.read(chinese) == reading


def test_a_name_is_no_sentence() -> None:
    """Two characters of a pattern in a name or an address do not make it one."""
    reader = Reader({"{1}为{2}": "{2} is {1}", "{1}所": "{1} schools"})
    for name in ("马有为民", "卫生所", "大有为小学", "王为之"):
        assert reader.read(name) == name


def test_the_pattern_that_leaves_least_chinese_wins() -> None:
    reader = Reader(
        {"{1}中{2}达标": "{2} of {1} met", "达标": "Met", "初中三年": "Junior", "{1}：{2}": "{1}: {2}"}
    )
    assert reader.read("初中三年：达标") == "Junior: Met"


@given(st.text(alphabet="第行没有12，、；：（）“”〔〕%王达标缺{} \n", max_size=120))
def test_a_reading_does_not_depend_on_what_was_read_before(text: str) -> None:
    SMALL.read(text[: len(text) // 2])
    assert SMALL.read(text) == Reader(ENTRIES).read(text)


@given(
    st.lists(st.text(alphabet="甲乙", max_size=2), min_size=2, max_size=4),
    st.text(alphabet="甲乙丙", max_size=12),
)
def test_matching_agrees_with_the_regular_expression(pieces: list[str], text: str) -> None:
    assume(all(pieces[1:-1]))
    one = Pattern(tuple(pieces), ("1", "2", "3")[: len(pieces) - 1], "")
    found = one.match(text)
    slow = re.fullmatch("(.+?)".join(map(re.escape, pieces)), text, re.S)
    assert (found is None) == (slow is None)
    if found is not None:
        assert all(found)
        made = "".join(piece + value for piece, value in zip(pieces, (*found, ""), strict=True))
        assert made == text


@pytest.mark.parametrize(
    "unit", ["第1行没有", "（“", "，", "缺 ", "已报完成，但", "“督学”不能", "；：", "符合条件1名，交流2名（"]
)
def test_hostile_texts_are_read_in_few_steps(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, tried, match = (unit * 400)[:LONGEST], [], Pattern.match
    monkeypatch.setattr(Pattern, "match", lambda one, part: tried.append(part) or match(one, part))
    english().read(text)
    # One step a character; a way through all partings of the text would take more than there are numbers for.
    assert len(tried) <= len(text)


def test_places_of_the_source() -> None:
    import ast

    code = 'def f(a, b):\n    """说明."""\n    return f"{a}{b}不是{b:.2f}的" if a else "不能为空，请填写" + _("已有")\n'
    assert sorted(said(ast.parse(code))) == ["{1}不是{2}的", "不能为空，请填写"]
    made = ast.parse('f"{a}：{b}"', mode="eval").body
    assert isinstance(made, ast.JoinedStr)
    assert pattern(made) == "{1}：{2}"


def test_every_refusal_of_a_role_is_read_whole() -> None:
    read = english().read
    for role in ("school", "township", "auditor", "inspector", "leader", "administrator"):
        for permission in WORDS:
            sentence = why_not(role, permission)
            if sentence:
                assert not [mark for mark in read(sentence) if "\u3400" <= mark <= "\u9fff"], sentence


def test_every_pattern_reads_itself() -> None:
    """A sentence made from its own pattern is found, whatever other patterns the catalogue has."""
    lost = []
    for chinese in sentences(ROOT / "src"):
        if "{1}" in chinese and chinese in english_patterns():
            made = chinese
            for place in range(1, 9):
                made = made.replace(f"{{{place}}}", str(place * 11))
            if any("\u3400" <= mark <= "\u9fff" for mark in english().read(made)):
                lost.append(chinese)
    # English that names Chinese headings or characters keeps them.
    assert len([one for one in lost if not _names_chinese(one)]) == 0, lost[:10]


@cache
def english_patterns() -> dict[str, str]:
    from test_catalogue import texts

    return {chinese: reading for chinese, reading in texts() if reading}


def _names_chinese(chinese: str) -> bool:
    return any("\u3400" <= mark <= "\u9fff" for mark in english_patterns()[chinese])


def test_titles_of_standards_have_their_english() -> None:
    titles = english_titles()
    for name in shipped():
        pack = load(name)
        rows = [*pack.resources, *pack.lines, *pack.standards.values()]
        assert not [row.title for row in rows if row.title not in titles]
        assert pack.title in titles


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "made"),
    [
        ("<p>达标</p>", "<p>Met</p>"),
        ("<p> 达标 </p>", "<p> Met </p>"),
        ("<td>王小明</td>", '<td><span lang="zh">王小明</span></td>'),
        ('<option value="达标">达标</option>', '<option value="达标">Met</option>'),
        ('<option value="1">甲校</option>', '<option value="1" lang="zh">甲校</option>'),
        ("<title>甲校 · 班额</title>", "<title>甲校 · Class size</title>"),
        ('<a title="第2行没有班额">x</a>', '<a title="Row 2 has no Class size">x</a>'),
        ('<q lang="zh">达标</q> 达标<b>达标</b>', '<q lang="zh">达标</q> Met<b>Met</b>'),
        (
            '<div lang="zh"><div>达标</div>达标</div>达标<i>督学</i>',
            '<div lang="zh"><div>达标</div>达标</div>Met<i>Inspector</i>',
        ),
        ("<textarea name=a>达标</textarea>", "<textarea name=a>达标</textarea>"),
        ("<script>'达标'</script>", "<script>'达标'</script>"),
        ("<p>第1行没有&lt;b&gt;督学</p>", "<p>Row 1 has no &lt;b&gt;Inspector</p>"),
        ("<p>第1行没有&lt;script&gt;王</p>", '<p>Row 1 has no &lt;script&gt;<span lang="zh">王</span></p>'),
        ('<i title="第1行没有&quot;&gt;&lt;x">', '<i title="Row 1 has no &quot;&gt;&lt;x">'),
        ("plain", "plain"),
    ],
)
def test_a_page(html: str, made: str) -> None:
    assert in_english(html, SMALL.read) == made


def test_a_paragraph_of_a_document_stays_whole() -> None:
    paragraph = "一、主要任务。各学校要认真组织教职工学习有关文件，结合实际制定工作方案，明确时间表和责任人；达标，按时报送。"
    assert SMALL.read(paragraph) == paragraph


def test_brackets_within_brackets() -> None:
    made = Reader(
        {
            "是{1}（{2}）": "{1} ({2})",
            "困难": "in need",
            "低保": "allowance",
            "农村": "rural",
            "且{1}": "and {1}",
        }
    )
    assert (
        made.read("是困难（低保，且（农村，且是困难（低保）））")
        == "in need (allowance, and (rural, and in need (allowance)))"
    )
    assert made.read("是困难（低保") == "是困难（低保"


def test_digits_before_a_sentence_belong_to_it() -> None:
    year = Reader({"{1}年还没有确认": "{1} is not confirmed yet"})
    assert year.read("2026年还没有确认.") == "2026 is not confirmed yet."


def test_days_of_the_week_are_no_numbers() -> None:
    week = Reader({"三": "Wed", "日": "Sun", "达标": "Met"})
    assert week.read("三") == "Wed"
    assert week.read("三、达标") == "三、达标"


def test_the_words_of_a_chart_are_read_and_nothing_else_of_it() -> None:
    page = (
        '<div data-chart="c"></div><script id="c" type="application/json">'
        '{"title": {"text": "班额"}, "series": [{"name": "达标", "verdict": "达标", "address": "/x?班额"}], "x": "\\u003C"}'
        '</script><script id="d" type="application/json">{"text": "班额"}</script>'
    )
    made = in_english(page, SMALL.read)
    assert '"text": "Class size"' in made
    assert '"name": "Met"' in made
    assert r'"verdict": "\u8fbe\u6807"' in made
    assert r'"key": "\u8fbe\u6807"' in made  # its colour
    assert r'"x": "\u003C"' in made
    assert made.endswith('{"text": "班额"}</script>')


@given(st.text(alphabet='<>&"/ab达标王 ="\'lang-zh', max_size=80))
def test_any_html_keeps_its_tags(html: str) -> None:
    made = in_english(html, lambda text: text)
    assert made.replace('<span lang="zh">', "").replace("</span>", "").count("<") <= html.count(
        "<"
    ) + made.count("lt;")


def test_a_long_reason_is_read_sentence_by_sentence() -> None:
    """Each with its own patience: the last of them is read as well as the first, and a quotation is not taken apart."""
    reader = Reader(
        {
            "不享受：{1}": "Not entitled: {1}", "{1}为“否”": "{1} is “no”", "{1}为“是”": "{1} is “yes”", "{1}之一为“是”": "one of {1} is “yes”",
            "若{1}，则{2}": "If {1}: {2}", "每年{1}": "{1} a year", "{1}元": "{1} yuan", "或{1}": "or {1}", "{1}且{2}": "{1} and {2}", "低保": "Allowance",
            "建档立卡": "Registered", "残疾": "Disability", "农村": "Rural", "寄宿生生活补助": "living subsidy", "（文号待查）": "(number not found yet)",
            "下达补助经费的通知（公布口径）": "Notice on the subsidies, as announced",
        }
    )  # fmt: skip
    said = reader.read(
        "不享受：建档立卡、残疾、低保为“否”；依据《下达补助经费的通知（公布口径）》（文号待查）寄宿生生活补助“甲；乙”；"
        "若建档立卡、残疾之一为“是”，或农村为“是”且低保为“是”，则每年625元。"
    )
    assert said == (
        "Not entitled: Registered, Disability, Allowance is “no”; on the basis of “Notice on the subsidies, as announced” (number not found yet) "
        "living subsidy “甲；乙”; If one of Registered, Disability is “yes”, or Rural is “yes” and Allowance is “yes”: 625 yuan a year."
    )


def test_a_citation_keeps_its_number_and_its_title_where_nobody_gave_it_in_english() -> None:
    reader = Reader({"寄宿生生活补助": "living subsidy"})
    assert (
        reader.read("依据金教发〔2018〕410号三“寄宿”") == "on the basis of 金教发〔2018〕410号 item 3 “寄宿”"
    )
    assert reader.read("《某通知》寄宿生生活补助") == "《某通知》 living subsidy"
