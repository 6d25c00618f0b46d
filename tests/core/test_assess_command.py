"""`junheng assess`: the JSON other programs read, and what odd input does to it."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from junheng.cli import main

HEAD = (
    "县区,学校名称,学段,在校生数,高于规定学历教师数,县级以上骨干教师数,体育艺术专任教师数,"
    "教学及辅助用房面积,体育运动场馆面积,教学仪器设备值,网络多媒体教室数"
)
GOOD = "甲县,一小,小学,1000,42,10,9,4500,7500,200,23"


def facts(tmp_path: Path, *lines: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path = tmp_path / "校表.csv"
    path.write_bytes("\n".join([head, *lines]).encode(encoding))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    code = main(["assess", *map(str, arguments), "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def test_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(capsys, "--facts", facts(tmp_path, GOOD), "--day", "2026-03-01")
    assert code == 0
    assert found["pack"] == "balanced-2017"
    assert found["problems"] == []
    [school] = found["schools"]
    assert (school["county"], school["school"], school["stage"], school["students"]) == (
        "甲县",
        "一小",
        "小学",
        1000,
    )
    assert (school["passes"], school["verdict"]) == (7, "达标")
    assert list(school["indicators"]) == [f"R{n}" for n in range(1, 8)]
    equipment = school["indicators"]["R6"]
    assert (equipment["numerator"], equipment["value"], equipment["threshold"]) == (200.0, 2000.0, 2000.0)
    assert (equipment["gap"], equipment["gap_unit"], equipment["verdict"]) == (0.0, "万元", "达标")
    assert {row["indicator"] for row in found["coefficients"]} == {f"R{n}" for n in range(1, 8)}
    for row in found["coefficients"]:
        assert {"county", "stage", "mean", "cv", "limit", "verdict", "schools", "students"} <= set(row)
    assert found["composite"][0]["cv"] == 0


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-8"])
def test_encodings_widths_orders_and_synonyms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    head = "学 段,教学仪器设备值（万元）,学校名称 ,在校生数"
    path = facts(tmp_path, "小学,２００,一小,１０００", head=head, encoding=encoding)
    _, found = run(capsys, "--facts", path)
    [school] = found["schools"]
    assert school["students"] == 1000
    assert school["indicators"]["R6"]["value"] == 2000.0
    assert school["indicators"]["R1"]["verdict"] == "未报"
    assert school["county"] == ""


def test_a_blank_is_not_reported_and_zero_is_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = facts(tmp_path, "甲县,一小,小学,100,,0,1,450,750,20,3")
    code, found = run(capsys, "--facts", path)
    indicators = found["schools"][0]["indicators"]
    assert (indicators["R1"]["value"], indicators["R1"]["verdict"], indicators["R1"]["gap"]) == (
        None,
        "未报",
        None,
    )
    assert (indicators["R2"]["value"], indicators["R2"]["verdict"], indicators["R2"]["gap"]) == (
        0.0,
        "未达标",
        1.0,
    )
    assert code == 0


def test_what_cannot_be_counted_is_told_and_the_rest_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = facts(
        tmp_path,
        GOOD,
        GOOD,
        "甲县,零人校,小学,0,1,1,1,1,1,1,1",
        "甲县,负数校,小学,100,-5,1,1,450,750,20,3",
        "甲县,文字校,小学,100,5,1,1,九百,750,20,3",
        "甲县,何处校,大学,100,5,1,1,450,750,20,3",
        "甲县,,小学,100,5,1,1,450,750,20,3",
    )
    code, found = run(capsys, "--facts", path)
    assert code == 1
    schools = {school["school"]: school for school in found["schools"]}
    assert set(schools) == {"一小", "零人校", "负数校", "文字校"}
    assert schools["一小"]["verdict"] == "达标"
    assert schools["负数校"]["indicators"]["R1"]["verdict"] == "未报"
    assert schools["文字校"]["indicators"]["R4"]["verdict"] == "未报"
    assert schools["文字校"]["indicators"]["R5"]["verdict"] == "达标"
    assert {problem["row"] for problem in found["problems"]} >= {3, 4, 5, 6, 7, 8}
    for problem in found["problems"]:
        assert problem["place"].startswith("校表")
        assert problem["message"]
        assert "fix" in problem
    [coefficient] = [row for row in found["coefficients"] if row["indicator"] == "R7"]
    assert (coefficient["schools"], coefficient["students"]) == (3, 1200)


def test_counties_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = facts(tmp_path, GOOD, "乙县,一小,小学,1000,84,10,9,4500,7500,200,23")
    _, found = run(capsys, "--facts", path)
    first = [(row["county"], row["mean"]) for row in found["coefficients"] if row["indicator"] == "R1"]
    assert sorted(first) == [("乙县", 8.4), ("甲县", 4.2)]


def test_an_empty_file_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "空.csv"
    path.write_bytes(b"")
    code, found = run(capsys, "--facts", path)
    assert (code, found["schools"]) == (1, [])
    assert found["problems"]
    code, found = run(capsys, path)
    assert (code, found["schools"]) == (1, [])


def test_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = facts(tmp_path, GOOD)
    assert main(["assess", str(tmp_path / "没有.xlsx")]) == 2
    assert main(["assess"]) == 2
    assert main(["assess", str(path), "--facts", str(path)]) == 2
    assert main(["assess", "--facts", str(path), "--pack", "没有"]) == 2
    assert main(["assess", "--facts", str(path), "--out", str(tmp_path / "没有" / "x.xlsx")]) == 2
    assert "没有找到文件" in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        main(["assess", "--facts", str(path), "--day", "昨天"])
    assert caught.value.code == 2


def test_the_summary_names_verdicts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "--facts", str(facts(tmp_path, GOOD))]) == 0
    shown = capsys.readouterr().out
    assert "达标 1" in shown
    assert "R1 差异系数 0.000（≤0.5） 达标" in shown


def test_2012_is_tested_on_the_composite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = facts(tmp_path, GOOD, "甲县,二小,小学,1000,4,10,9,4500,7500,20,23")
    _, found = run(capsys, "--facts", path, "--pack", "basic-2012")
    assert found["schools"][0]["verdict"] == "不适用"
    composite = found["composite"][0]
    assert (composite["limit"], composite["verdict"], composite["expected"]) == (0.65, "未报", 8)


def test_the_workbook_has_no_live_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = facts(tmp_path, GOOD.replace("一小", "=1+1"), GOOD.replace("一小", "@SUM(A1)"))
    out = tmp_path / "评估.xlsx"
    main(["assess", "--facts", str(path), "--out", str(out)])
    capsys.readouterr()
    book = openpyxl.load_workbook(BytesIO(out.read_bytes()))
    assert book.sheetnames == ["学校指标", "差异系数", "县级指标", "班额", "问题"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert book["学校指标"]["C2"].value in ("=1+1", "@SUM(A1)")
    first = out.read_bytes()
    main(["assess", "--facts", str(path), "--out", str(out)])
    assert out.read_bytes() == first


def test_registers_in_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schools = tmp_path / "学校.csv"
    schools.write_text(
        "学校标识码,学校名称,办学类型,举办者类型,城乡类型,乡镇\n2164000101,一小,小学,县级教育部门,村庄,某镇\n",
        encoding="utf-8",
    )
    classes = tmp_path / "班级.csv"
    classes.write_text(
        "学校标识码,学段,年级,班号,班级学生数\n2164000101,小学,一年级,1,46\n2164000101,小学,一年级,1,46\n",
        encoding="utf-8",
    )
    code, found = run(capsys, schools, classes, "--county", "甲县")
    assert code == 1
    [school] = found["schools"]
    assert (school["county"], school["students"], school["verdict"]) == ("甲县", 46, "未报")
    assert [row["over"] for row in found["classes"]] == [1]
    lines = {line["code"]: line for line in found["county_indicators"]}
    assert len(lines) == 31
    assert lines["G5"]["verdict"] == "未达标"
    assert lines["G6"]["missing"]
