"""junheng match: what it writes, what it says of the files, and its exit codes."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from junheng.cli import main
from junheng.matching import reading
from junheng.matching.addresses import places_in
from town.register_pairs import HEADINGS, Pairs, registers, write

SCHOOL = [
    ("行号", "姓名", "身份证号", "性别", "出生日期", "县区", "乡镇", "村", "监护人姓名", "监护人身份证号", "联系电话"),
    ("1", "马小龙", "640399200903041238", "男", "2009-03-04", "同心县", "丁塘镇", "河草沟村", "马国强", "", "10012345678"),
    ("2", "买玉兰", "640399201005062226", "女", "2010-05-06", "同心县", "丁塘镇", "河草沟村", "买志刚；马梅", "", ""),
    ("3", "单伟", "", "男", "2011-01-02", "同心县", "下流水乡", "新庄村", "单强", "", ""),
]  # fmt: skip


def save(path: Path, rows: list[tuple[str, ...]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made() -> Pairs:
    return registers("civil", "dirty", 6, pupils=1_500, listed=400)


@pytest.fixture(scope="module")
def folder(made: Pairs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    answer = tmp_path_factory.mktemp("registers")
    write(made, answer)
    return answer


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    code = main(["match", *arguments, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def test_every_right_line_once_in_order(
    made: Pairs, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "pairs.csv"
    code, summary, complaints = run(
        capsys, str(folder / "学籍.csv"), str(folder / "名册.csv"), "--out", str(out)
    )
    assert (code, complaints) == (0, "")
    rows = read(out)
    assert list(rows[0]) == ["左行号", "右行号", "概率", "处理", "依据"]
    assert [row["右行号"] for row in rows] == [str(at + 1) for at in range(len(made.right))]
    for row in rows:
        assert row["处理"] in ("自动", "待核", "未匹配")
        assert bool(row["左行号"]) == (row["处理"] != "未匹配")
        assert 0 <= float(row["概率"]) <= 1
        assert row["依据"]
        if row["左行号"]:
            assert float(row["概率"]) >= 0.5
    assert sum(summary["counts"].values()) == len(rows)
    right = sum(
        row["左行号"] == (str(place + 1) if place >= 0 else "")
        for row, place in zip(rows, made.truth, strict=True)
    )
    assert right > 0.99 * len(rows)


def test_both_ways_of_reading_a_csv_agree(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("学籍.csv", "名册.csv"):
        monkeypatch.setattr(reading, "LARGE", 1 << 40)
        slow = reading.read_roll(folder / name)
        monkeypatch.setattr(reading, "LARGE", 0)
        fast = reading.read_roll(folder / name)
        text = (folder / name).read_text("utf-8")
        (tmp_path / name).write_text(text, encoding="gb18030")
        chinese = reading.read_roll(tmp_path / name)
        assert fast.lines == slow.lines == chinese.lines
        assert fast.columns == slow.columns == chinese.columns


def test_only_line_and_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = save(tmp_path / "a.csv", [row[:2] for row in SCHOOL])
    right = save(tmp_path / "b.csv", [("行号", "姓名"), ("甲", "马小龙"), ("乙", "赵无人")])
    code, summary, _ = run(capsys, str(left), str(right))
    assert code == 0
    assert [pair["right"] for pair in summary["pairs"]] == ["甲", "乙"]
    assert summary["pairs"][0]["handling"] != "自动"
    assert summary["pairs"][1]["left"] is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_offices_own_words(tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]) -> None:
    left = save(tmp_path / "学籍.csv", SCHOOL, encoding)
    right = save(
        tmp_path / "低保.csv",
        [
            ("某县低保家庭学生花名册", "", "", "", "", ""),
            ("序号", "成员姓名", "公民身份号码", "乡（镇）", "父亲姓名", "母亲姓名"),
            ("1", "马晓龙", "640399200903041238", "丁塘", "马国强", "李梅"),
            ("2", "买玉蘭", "", "丁塘", "", "马梅"),
            ("合计", "2人", "", "", "", ""),
            ("注：以上为九月数据", "", "", "", "", ""),
        ],
        encoding,
    )
    code, summary, complaints = run(capsys, str(left), str(right))
    assert code == 0, complaints
    assert [(pair["left"], pair["right"]) for pair in summary["pairs"]] == [("1", "3"), ("2", "4")]
    assert "没有“行号”列" in summary["warnings"][0]
    assert "序号" in summary["unread"]["right"]


def test_a_workbook_with_numbers_and_several_worksheets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = save(tmp_path / "学籍.csv", SCHOOL)
    right = tmp_path / "名册.xlsx"
    with xlsxwriter.Workbook(str(right)) as book:
        for tab, name, number in (("丁塘镇", "马小龙", 640399200903041000), ("下流水乡", "单伟", 2)):
            sheet = book.add_worksheet(tab)
            sheet.write_row(0, 0, ["丁塘镇建档立卡学生名册"])
            sheet.write_row(1, 0, ["姓名", "身份证号码", "出生年月", "监护人"])
            sheet.write_row(
                2,
                0,
                [
                    name,
                    number,
                    39876 if name == "马小龙" else "2011-01-02",
                    "马国强" if name == "马小龙" else "单强",
                ],
            )
        book.add_worksheet("说明").write(0, 0, "填表说明")
    code, summary, _ = run(capsys, str(left), str(right))
    assert code == 0
    assert [pair["right"] for pair in summary["pairs"]] == ["丁塘镇!3", "下流水乡!3"]
    assert [pair["left"] for pair in summary["pairs"]] == ["1", "3"]
    assert "后几位在表格中丢失" in summary["pairs"][0]["reason"]
    assert any("“说明”" in text for text in summary["warnings"])


def test_wrong_use_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = save(tmp_path / "a.csv", SCHOOL)
    assert main(["match", str(left), str(tmp_path / "nothing.csv")]) == 2
    assert "找不到或打不开" in capsys.readouterr().err
    assert main(["match", str(left), str(left), "--out", str(tmp_path / "no" / "folder.csv")]) == 2
    assert "不能写入" in capsys.readouterr().err
    with pytest.raises(SystemExit) as error:
        main(["match", str(left)])
    assert error.value.code == 2


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "文件是空的"),
        ("行号,身份证号\n1,640399200903041238\n".encode(), "没有找到“姓名”列"),
        ("行号,姓名\n".encode(), "没有数据行"),
        (b"%PDF-1.7 ...", "不是 Excel 工作簿"),
        (b"PK\x03\x04broken", "已损坏"),
        ("行号,姓名\n1,马小龙\n1,买玉兰\n,单伟\n".encode(), "重复"),
        ('行号,姓名\n1,"马小龙\n'.encode() + "2,买玉兰\n".encode() * 50_000, "引号不成对"),
    ],
)
def test_a_file_to_be_put_right_is_1(
    tmp_path: Path, content: bytes, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    left = save(tmp_path / "a.csv", SCHOOL)
    (tmp_path / "b.csv").write_bytes(content)
    code, summary, complaints = run(capsys, str(left), str(tmp_path / "b.csv"))
    assert code == 1
    assert found in complaints
    assert found in " ".join(problem["message"] for problem in summary["problems"])
    assert "Traceback" not in complaints


def test_for_reading_without_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = save(tmp_path / "a.csv", SCHOOL)
    assert main(["match", str(left), str(left)]) == 0
    said = capsys.readouterr().out
    assert "名册第1行 → 学籍第1行（自动" in said
    assert "预计" in said


def test_headings_of_the_generator_are_the_agreed_ones() -> None:
    assert tuple(reading.HEADINGS.values()) == HEADINGS


@pytest.mark.parametrize(
    ("address", "places"),
    [
        ("宁夏回族自治区吴忠市同心县丁塘镇 河草沟村一组12号", ("同心县", "丁塘镇", "河草沟村")),
        ("丁塘镇河草沟村", ("", "丁塘镇", "河草沟村")),
        ("银川市金凤区北京中路街道阳光小区3号楼", ("金凤区", "北京中路街道", "")),
        ("西夏区镇北堡镇昊苑村", ("西夏区", "镇北堡镇", "昊苑村")),
        ("甘肃省会宁县新庄乡", ("会宁县", "新庄乡", "")),
        ("阳光小区3-2-501", ("", "", "")),
        ("河草沟村", ("", "", "河草沟村")),
    ],
)
def test_a_home_in_one_cell(address: str, places: tuple[str, str, str]) -> None:
    assert places_in(address) == places


@pytest.mark.parametrize("large", [1 << 40, 0])
def test_homes_in_one_cell_weigh_as_homes_in_three(
    large: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", large)
    school = save(tmp_path / "学籍.csv", SCHOOL)
    split = [
        ("行号", "姓名", "出生日期", "县区", "乡镇", "村"),
        ("1", "单伟", "2011-01-02", "同心县", "下流水乡", "新庄村"),
    ]
    whole = [
        ("行号", "姓名", "出生日期", "户籍地址"),
        ("1", "单伟", "2011-01-02", "宁夏同心县下流水乡新庄村二组"),
    ]
    said = []
    for rows in (split, whole):
        assert main(["match", str(school), str(save(tmp_path / "名册.csv", rows)), "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert not answer["unread"]["right"]
        said.append(answer["pairs"])
    assert said[0] == said[1]
    assert "同村" in said[0][0]["reason"]


def test_a_number_that_stands_twice_is_named_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = save(tmp_path / "学籍.csv", [("某县学籍",), *SCHOOL, SCHOOL[1]])
    code, summary, complaints = run(capsys, str(left), str(save(tmp_path / "名册.csv", SCHOOL)))
    assert code == 1
    assert [problem["row"] for problem in summary["problems"]] == [6]
    assert "行号“1”与第3行重复" in complaints
    right = tmp_path / "名册.xlsx"
    with xlsxwriter.Workbook(str(right)) as book:
        for tab in ("一乡", "二乡"):
            sheet = book.add_worksheet(tab)
            sheet.write_row(0, 0, ["行号", "姓名"])
            sheet.write_row(1, 0, ["7", "单伟"])
    assert run(capsys, str(save(tmp_path / "学籍.csv", SCHOOL)), str(right))[0] == 1
    assert main(["match", str(left), str(right)]) == 1
    assert "名册.xlsx 二乡 第2行“行号”：行号“7”与工作表“一乡”第2行重复" in capsys.readouterr().err
