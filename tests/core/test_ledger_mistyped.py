"""打错的台账定义: what a clerk's keyboard makes of a pack is said in Chinese beside its line, several at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.policy.ledgers import parse, problems_of, shipped

TEXT = shipped()["hazards"]
LINES = TEXT.splitlines()


def line_of(words: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if words in line)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("title: 学校安全隐患台账", "title：学校安全隐患台账", "冒号是全角的"),
        ("title: 学校安全隐患台账", "title:学校安全隐患台账", "后面缺一个空格"),
        ("title: 学校安全隐患台账", "title: 台账: 安全", "用英文双引号括起来"),
        ("title: 学校安全隐患台账", "title: “学校安全隐患台账”", "中文引号"),
        ("title: 部位, kind", "title: 部位，kind", "逗号是全角的"),
        ("title: 部位, kind", "title: 部位 kind", "“kind”前面缺一个逗号"),
        ("title: 部位, kind", "title: @部位, kind", "不能以“@”开头"),
        ("[一般, 较大, 重大]", "[一般，较大，重大]", "几个词会当成一个"),
        ("[一般, 较大, 重大]", "【一般, 较大】", "是全角的"),
        ("[一般, 较大, 重大]", "[一般, , 重大]", "没有内容"),
        ("[一般, 较大, 重大]", "[一般, ~, 重大]", "空项"),
        ("[一般, 较大, 重大]", "[甲, yes]", "真假请写 true 或 false"),
        ("  - {name: site", "\t- {name: site", "制表符"),
        ("  - {name: site", "\u3000\u3000- {name: site", "全角空格"),
        ("{days: 10, unit: working}}", "{days: 10, unit: working}", "括号不成对"),
        ("{days: 10, unit: working}}", "{days: 010, unit: working}}", "另一个数"),
        ("{days: 10, unit: working}}", "{days: 10天, unit: working}}", "例如 10"),
        ("level: bureau, deadline", "level: 教育局, deadline", "“教育局”请写成 bureau"),
        ("photos: true", "photos: 是", "true 或 false"),
        ("- 经排查，", "- {学校}经排查，", "以“{学校}”开头的文字"),
        ("- 整改措施：", "- 整改措施: ", "这一条里有“: ”"),
        ("{整改措施}。", "｛整改措施｝。", "花括号“｛｝”是全角的"),
        ("{整改措施}。", "{整改措施:>999999}。", "只写名称"),
        ("部位", "部\x00位", "控制字符"),
    ],
)
def test_what_was_mistyped_is_said_beside_its_line(before: str, after: str, words: str) -> None:
    assert before in TEXT
    found = problems_of(TEXT.replace(before, after, 1))
    assert [one.line for one in found if words in one.message] == [line_of(before)], found


def test_several_at_once_even_where_the_reader_stops() -> None:
    text = TEXT.replace("title: 学校", "title：学校").replace("[一般, 较大, 重大]", "[一般, , 重大]")
    assert [one.line for one in problems_of(text)] == [3, line_of("[一般, 较大, 重大]")]


def test_a_close_that_nobody_could_make_is_said_where_the_pack_is_saved() -> None:
    text = TEXT.replace("to: closed, by: [bureau]", "to: closed, by: [school, bureau]")
    assert ["不能销号" in one.message for one in problems_of(text)] == [True]
    assert parse(text).move("close").by == ("school", "bureau")
    dropout = shipped()["dropout"]
    (problem,) = problems_of(dropout.replace("from: [solved], to: same", "from: [said], to: same"))
    assert "登记核实" in problem.message
    assert dropout.splitlines()[problem.line - 1].lstrip().startswith("- {name: solved")


def test_a_phrase_with_a_comma_of_its_own_is_one_choice() -> None:
    text = TEXT.replace("[一般, 较大, 重大]", "[一般, 属实，已追回]")
    assert problems_of(text) == ()
    assert parse(text).column("grade").choices == ("一般", "属实，已追回")


@settings(max_examples=25)
@given(st.integers(0, len(TEXT)), st.sampled_from("：，“”【】｛｝\t\u3000{}[]:,\"'-#&*!|>%@`\x00\ud7ff"))
def test_no_sign_anywhere_ends_in_anything_but_sentences(place: int, sign: str) -> None:
    for one in problems_of(TEXT[:place] + sign + TEXT[place:]):
        assert 1 <= one.line <= len(LINES) + 1
        assert any("一" <= letter <= "鿿" for letter in one.message)
