"""A clerk's table of children: what is understood, what is not known, what is listed as a problem."""

import json
from datetime import date

import pytest
import xlsxwriter

from junheng.aid import county_code, read_children
from junheng.aid.stages import to_child_stage
from junheng.cli import main
from junheng.policy.clauses import load_book

BOOK = load_book()
ON = date(2018, 10, 1)


def read(text, encoding="utf-8", county=""):
    return read_children("学生.csv", text.encode(encoding), BOOK, ON, county)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_order_of_headings(encoding):
    found = read("姓名,孤儿,年级,困难,学段,学号,县（区）\n某某,否,３,是,小学,S1,银川市金凤区\n", encoding)
    assert not found.problems
    assert found.unread == ["姓名"]
    child = found.rows[0].child
    assert (found.rows[0].id, found.rows[0].row) == ("S1", 2)
    assert (child.stage, child.grade, child.county) == ("小学", 3, "640106")
    assert child.facts == {"孤儿": False, "困难": True}


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("低保", "是", True), ("低保", "√", True), ("低保", "Y", True), ("低保", "１", True), ("低保", "有", True),
        ("低保", "否", False), ("低保", "无", False), ("低保", "n", False), ("低保", "×", False), ("低保", "0", False),
        ("低保", "1.0", True), ("低保", "0.0", False), ("低保", "v", True), ("低保", "■", True), ("低保", "☐", False), ("低保", "错", False),
        ("低保", "", None), ("低保", "未知", None), ("低保", "低保户", True), ("低保", "非低保", False),
        ("是否低保户", "是", True), ("寄宿", "住校", True), ("寄宿", "走读", False), ("就读方式", "走读", False),
        ("残疾", "肢体三级", True), ("残疾", "无残疾", False), ("农村", "城镇", False), ("农村", "农村", True),
        ("建档立卡贫困户", "脱贫户", True), ("户口性质", "非农业户口", False), ("户口性质", "农业户口", True),
        ("是否为孤儿", "true", True), ("建档立卡（是/否）", "否", False),
    ],
)  # fmt: skip
def test_flags(column, text, value):
    found = read(f"学号,学段,年级,{column}\nS1,小学,3,{text}\n")
    assert not found.problems
    assert list(found.rows[0].child.facts.values()) == [value]


def test_an_unreadable_flag_is_not_known_and_listed():
    found = read("学号,学段,年级,低保\nS1,小学,3,大概\n")
    assert found.rows[0].child.facts == {"低保": None}
    assert "第2行“低保”" in found.problems[0].sentence()


@pytest.mark.parametrize(
    ("stage", "grade", "expected"),
    [
        ("小学", "三年级", ("小学", 3)), ("小学", "小学三年级", ("小学", 3)), ("", "初二", ("初中", 2)),
        ("初中", "8", ("初中", 2)), ("初中", "七年级", ("初中", 1)), ("普通高中", "高一", ("普高", 1)),
        ("高中", "11", ("普高", 2)), ("幼儿园", "大班", ("学前", 3)), ("学前教育", "中班", ("学前", 2)),
        ("大专", "大二", ("专科", 2)), ("高职（专科）", "1", ("专科", 1)), ("本科", "2017级", ("本科", 2)),
        ("职高", "高二", ("中职", 2)), ("义务教育", "9", ("初中", 3)), ("特殊教育", "4", ("小学", 4)),
        ("小学", "六（3）班", ("小学", 6)), ("小学", "三年级2班", ("小学", 3)), ("小学", "3(1)", ("小学", 3)), ("小学", "六一班", ("小学", 6)),
        ("小学", "2016级3班", ("小学", 3)), ("初中", "初二(5)班", ("初中", 2)), ("高中", "高三12班", ("普高", 3)),
        ("幼儿园", "大一班", ("学前", 3)), ("幼儿园", "中(2)班", ("学前", 2)), ("高职", "大专一年级", ("专科", 1)),
        ("", "本科二年级", ("本科", 2)), ("民族预科", "", ("本科", 1)),
        ("民族预科", "预科", ("本科", 1)), ("小学", "", ("小学", 0)), ("中职", "第一学年", ("中职", 1)),
    ],
)  # fmt: skip
def test_stages_and_grades(stage, grade, expected):
    found = read(f"学号,学段,年级,困难\nS1,{stage},{grade},是\n")
    assert not found.problems
    assert (found.rows[0].child.stage, found.rows[0].child.grade) == expected


@pytest.mark.parametrize(
    ("stage", "grade", "sentence"),
    [
        ("大学", "1", "本科还是专科"), ("高中阶段", "1", "普高还是中职"), ("小学", "7", "请填 1 至 6"),
        ("小学", "初一", "不一致"), ("小学", "十一班", "请填 1 至 6"), ("", "大学二年级", "没有学段"), ("研究生", "1", "不是规定的学段"), ("", "", "没有学段"), ("小学", "某", "请填 1 至 6"),
    ],
)  # fmt: skip
def test_what_is_no_stage_or_grade_is_said(stage, grade, sentence):
    problems = to_child_stage(stage, grade, ON)[2]
    assert sentence in problems[0][1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("640106", "640106"), ("640106000000", "640106"), ("金凤", "640106"), ("金凤区", "640106"), ("同心", "640324"),
        ("吴忠市同心县", "640324"), ("宁夏回族自治区固原市西吉县", "640422"), ("６４０１０６", "640106"), ("银川市", ""), ("649999", ""),
        ("沙坡头", "640502"), ("110101", "110101"), ("某县", ""),
    ],
)  # fmt: skip
def test_counties(text, code):
    assert county_code(BOOK, text) == code


def test_rows_that_are_no_children_and_the_default_county():
    text = (
        "金凤区困难学生名册,,,\n学号,学段,年级,县区\nS1,小学,3,\n,,,\nS2,小学,4,同心县\nS1,初中,1,\nS3,小学,5,火星\n"
        "合计,3人,,\n注：以上属实,,,\n"
    )
    found = read(text, county="640106")
    assert [row.id for row in found.rows] == ["S1", "S2", "S1", "S3"]
    assert [row.child.county for row in found.rows] == ["640106", "640324", "640106", ""]
    assert [problem.code for problem in found.problems] == ["unreadable", "duplicate"]
    assert found.problems[1].row == 6


def test_a_file_without_the_headings_is_said():
    assert "没有找到“学段”或“年级”列" in read("甲,乙\n1,2\n").problems[0].message
    assert read("").problems[0].code == "empty"


def test_a_wrong_stage_does_not_hide_a_wrong_grade():
    assert [problem.column for problem in read("学号,学段,年级\nS1,火箭,99\n").problems] == ["学段", "年级"]


def test_a_table_without_numbers_is_said_once():
    found = read("学段,年级,困难\n小学,3,是\n小学,4,是\n")
    assert [(problem.row, problem.code) for problem in found.problems] == [(1, "no_headings")]
    assert "学号" in found.problems[0].message
    assert len(found.rows) == 2


def test_numbers_that_lost_their_digits_are_not_called_the_same_child():
    found = read("学号,学段,年级\n6.4E+17,小学,3\n6.4E+17,小学,4\n")
    assert [problem.code for problem in found.problems] == ["unreadable", "unreadable"]


CHILDREN = "学号,学段,年级,县区,建档立卡,低保,特困,困难,孤儿,寄宿\nS1,小学,3,金凤区,否,否,否,是,否,是\nS2,小学,3,金凤区,否,否,否,是,是,否\nS3,初中,2,金凤区,否,否,否,,否,否\n"


def run(tmp_path, capsys, text=CHILDREN, *options):
    path = tmp_path / "学生.csv"
    path.write_text(text, encoding="utf-8")
    code = main(["aid", str(path), *(options or ("--on", "2018-10-01")), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_command_answers_for_every_child_and_clause(tmp_path, capsys):
    code, whole = run(tmp_path, capsys)
    assert code == 0
    first, second, third = whole["children"]
    paid = {entry["clause"]: entry["amount"] for entry in first["clauses"] if entry["state"] == "paid"}
    assert paid == {"jf.primary": 500, "cn.boarder": 1000}
    assert first["totals"]["cash"] == {"year": 1500, "once": 0}
    states = {entry["clause"]: entry["state"] for entry in second["clauses"]}
    assert (states["jf.primary"], states["jf.primary_orphan"]) == ("lost", "paid")
    unknown = next(entry for entry in third["clauses"] if entry["clause"] == "jf.junior")
    assert (unknown["state"], unknown["missing"]) == ("unknown", ["困难"])
    assert "困难" in third["unknown"]
    assert whole["totals"]["cash"] == {"year": 2500, "once": 0}
    for child in whole["children"]:
        assert len(child["clauses"]) == 28
        for entry in child["clauses"]:
            assert {"clause", "state", "amount", "kind", "why", "cite"} <= set(entry)
            assert entry["why"].endswith("。")
            assert entry["cite"] in entry["why"]


def test_command_exit_codes(tmp_path, capsys):
    code, whole = run(tmp_path, capsys, CHILDREN + "S4,大学,1,金凤区,,,,,,\n")
    assert code == 1
    assert whole["problems"][0]["row"] == 5
    assert whole["children"][3]["stage"] is None
    path = str(tmp_path / "学生.csv")
    for options in (
        ["--on", "2018-13-01"],
        ["--on", "2018-10-01", "--county", "火星"],
        ["--on", "2018-10-01", "--pack", "无"],
        ["--term", "去年"],
    ):
        assert main(["aid", path, *options]) == 2
        assert capsys.readouterr().err
    assert main(["aid", str(tmp_path / "no.csv"), "--on", "2018-10-01"]) == 2
    with pytest.raises(SystemExit) as stopped:
        main(["aid", path])
    assert stopped.value.code == 2


def test_a_term_uses_the_rules_of_its_first_day(tmp_path, capsys):
    text = "学号,学段,年级,县区,困难,寄宿\nS1,小学,3,640424,是,是\n"
    for term, yuan in (("2023秋", 1000), ("2024春", 1250), ("2024年春季学期", 1250)):
        _, whole = run(tmp_path, capsys, text, "--term", term)
        assert whole["totals"]["cash"]["year"] == yuan


def test_command_for_reading(tmp_path, capsys):
    path = tmp_path / "学生.csv"
    path.write_text(CHILDREN, encoding="utf-8")
    assert main(["aid", str(path), "--on", "2018-10-01"]) == 0
    text = capsys.readouterr().out
    assert "小学贫困生资助金：享受补助，每年500元：困难为“是”；依据金教发〔2018〕410号二（一）1" in text


def test_prove_command(tmp_path, capsys):
    assert main(["prove", "nation", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["packs"][0]["proved"] is True
    changed = tmp_path / "more.yaml"
    changed.write_text(
        "kind: aid\nid: more\ntitle: 提标\nextends: jinfeng\nresponsible: 某人\nscope: ['640106']\nentered_by: 某人\n"
        "documents: [{key: 新, number: 某发〔2019〕1号}]\n"
        "clauses: [{id: jf.primary, name: 小学贫困生资助金, stage: 小学, when: 家庭经济困难, amount: 600, document: 新, "
        "item: 一, status: V, group: jf.primary}]\n",
        encoding="utf-8",
    )
    table = tmp_path / "学生.csv"
    table.write_text(CHILDREN, encoding="utf-8")
    arguments = [
        "prove",
        "jinfeng",
        str(changed),
        "--on",
        "2018-10-01",
        "--children",
        str(table),
    ]
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["comparisons"][0]["changes"]
    assert [(change["delta"], change["children"]) for change in found if change["delta"] == 100_00] == [
        (100_00, 1)
    ]
    (tmp_path / "bad.yaml").write_text("kind: aid\nid: bad\n", encoding="utf-8")
    assert main(["prove", str(tmp_path / "bad.yaml")]) == 1
    assert main(["prove", str(tmp_path / "no.yaml")]) == 2
    assert main(["prove", "jinfeng", "nation", "--on", "x"]) == 2
    assert main(["prove", "jinfeng", "nation", "--on", "2018-10-01"]) == 0
    assert "jinfeng → nation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "学号,学段,年级,县区\n6.4E+17,小学,3,640324\n",
            "第2行“学号”：“6.4E+17”是科学计数法，后面的数字已经丢失",
        ),
        ("学号,学段,年级,县区\nS1,小学,3,999999\n", "第2行“县区”：“999999”不是认得的县区名称或代码"),
    ],
)
def test_what_excel_made_of_a_number_is_refused(text, sentence):
    problems = [f"第{one.row}行“{one.column}”：{one.message}" for one in read(text).problems]
    assert any(one.startswith(sentence) for one in problems)


def test_a_child_of_two_worksheets_is_named_with_its_worksheet(tmp_path):
    path = tmp_path / "学生.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("一校", "二校"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate((("学号", "学段", "年级"), ("S1", "小学", 3))):
                sheet.write_row(number, 0, row)
    found = read_children(path.name, path.read_bytes(), BOOK, ON)
    assert [problem.message for problem in found.problems] == [
        "学号“S1”与工作表“一校”第2行重复（内容相同），请核对后只留一行"
    ]


def test_a_table_without_counties_is_remarked(tmp_path, capsys):
    path = tmp_path / "学生.csv"
    path.write_text("学号,学段,年级,困难\nS1,小学,3,是\n", encoding="utf-8")
    assert main(["aid", str(path), "--on", "2018-10-01", "--json"]) == 0
    printed = capsys.readouterr()
    assert "没有“县区”列" in printed.err
    assert "县区" in json.loads(printed.out)["children"][0]["unknown"]


OWN = """kind: aid
id: own
title: 试验
extends: ningxia
scope: ["640122"]
entered_by: 某人
documents: [{key: 文, number: 某发〔2020〕1号, text: 某文}]
clauses: [{id: own.a, name: 甲, stage: 小学, when: 低保, amount: 500, document: 文, item: 一, quote: 每人“五百”元, status: V}]
"""


def test_prove_compares_quotations_with_the_text_beside_the_pack(tmp_path, capsys):
    pack = tmp_path / "own.yaml"
    pack.write_bytes(OWN.encode("gb18030"))  # as an editor in a Chinese Windows saves it
    assert main(["prove", str(pack)]) == 0
    assert "引文没有核对" in capsys.readouterr().out
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "某文.txt").write_text('一、每人 "五百" 元。', encoding="utf-8")
    assert main(["prove", str(pack), "--texts", str(texts)]) == 0
    assert "引文" not in capsys.readouterr().out
    (tmp_path / "某文.txt").write_text("一、每人六百元。", encoding="utf-8")
    assert main(["prove", str(pack)]) == 1
    assert "引文“每人“五百”元”不在某发〔2020〕1号的正文中" in capsys.readouterr().out
    assert main(["prove", str(pack), "--texts", str(tmp_path / "none")]) == 2


def test_prove_says_what_it_cannot_use(tmp_path, capsys):
    (tmp_path / "photo.yaml").write_bytes(bytes(range(128, 256)) + b"\xff\xff")
    assert main(["prove", str(tmp_path / "photo.yaml")]) == 1
    assert "不是文本文件" in capsys.readouterr().out
    assert main(["prove", "jinfeng", "nation", "--county", "999999"]) == 2
    table = tmp_path / "学生.csv"
    table.write_text(CHILDREN.replace("S2", "S1"), encoding="utf-8")
    two = ["prove", "jinfeng", "nation", "--children", str(table)]
    assert main(two) == 1
    assert capsys.readouterr().err.count("与第2行重复") == 1


def test_subtotals_signatures_and_the_numbers_of_columns_are_no_children():
    found = read(
        "学号,学段,年级,困难\n1,2,3,4\nS1,小学,3,是\n丁塘镇小计,,,1人\n本页合计：1人,,,\n审核人：某某,,填表人：某某,\n（盖章）,,,2024年9月\n"
    )
    assert [row.id for row in found.rows] == ["S1"]
    assert not found.problems
