"""junheng template, check and verify-log: what a clerk types and what comes back."""

import json
from io import BytesIO

import openpyxl
import pytest

from core.intake_files import SCHOOL_ROW, table, workbook
from core.test_intake_chain import log
from junheng.cli import main


def run(capsys, *arguments):
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stopped:
        code = stopped.code
    out, err = capsys.readouterr()
    return code, out, err


def test_template(capsys, tmp_path):
    path = tmp_path / "学校.xlsx"
    code, out, _ = run(capsys, "template", "学校", "--out", path)
    assert code == 0
    assert "含学校" in out
    assert openpyxl.load_workbook(path).sheetnames[0] == "学校"


def test_template_of_everything_as_json(capsys, tmp_path):
    code, out, _ = run(capsys, "template", "全部", "--out", tmp_path / "全部.xlsx", "--json")
    assert code == 0
    told = json.loads(out)
    assert [sheet["title"] for sheet in told["sheets"]][:3] == ["学校", "校舍与设备", "班级"]
    assert told["sheets"][0]["columns"][0] == {
        "name": "school_code",
        "heading": "学校标识码",
        "required": True,
        "kind": "school_code",
        "unit": "",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("template", "学效", "--out", "x.xlsx"),
        ("template", "学校", "--out", "no/such/folder/x.xlsx"),
        ("template", "学校"),
        ("check", "没有这个文件.xlsx"),
        ("check",),
        ("check", "x.xlsx", "--wrong"),
        ("verify-log", "没有这个文件"),
        ("nothing",),
        (),
    ],
)
def test_usage_is_explained_in_chinese(capsys, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert any("\u4e00" <= letter <= "\u9fff" for letter in err)
    assert "error" not in err


def test_check_lists_every_problem(capsys, tmp_path):
    path = tmp_path / "学校.xlsx"
    path.write_bytes(
        workbook({"学校": table([SCHOOL_ROW | {"核定公用经费人数": "九百", "办学类型": "小学店"}])})
    )
    code, out, _ = run(capsys, "check", path)
    assert code == 1
    assert "错误　学校 第2行“核定公用经费人数”：“九百”不是整数，请改成数字，例如 900" in out
    assert "共 2 个错误，0 个提醒" in out
    code, out, _ = run(capsys, "check", path, "--json", "--out", tmp_path / "批注.xlsx")
    assert code == 1
    told = json.loads(out)
    assert told["errors"] == 2
    assert told["sheets"] == [
        {
            "name": "schools",
            "title": "学校",
            "rows": 1,
            "rejected": 1,
            "columns": [
                "school_code", "school_name", "school_kind", "organizer", "locale", "township", "funded_pupils",
            ],
        }
    ]  # fmt: skip
    assert told["problems"][1] == {
        "file": "学校.xlsx",
        "tab": "学校",
        "sheet": "学校",
        "row": 2,
        "column": "核定公用经费人数",
        "cell": "G2",
        "found": "九百",
        "message": "“九百”不是整数，请改成数字，例如 900",
        "sentence": "学校 第2行“核定公用经费人数”：“九百”不是整数，请改成数字，例如 900",
        "severity": "error",
        "code": "not_number",
    }
    book = openpyxl.load_workbook(BytesIO((tmp_path / "批注.xlsx").read_bytes()))
    assert book["学校"]["G2"].comment is not None


def test_check_of_good_files(capsys, tmp_path):
    path = tmp_path / "学校.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in table([SCHOOL_ROW])), encoding="gb18030")
    code, out, _ = run(capsys, "check", path)
    assert code == 0
    assert "共 0 个错误，0 个提醒" in out


def test_verify_log(capsys, tmp_path):
    path = tmp_path / "log.jsonl"
    lines = log()
    path.write_text("\n".join(lines), encoding="utf-8")
    code, out, _ = run(capsys, "verify-log", path)
    assert code == 0
    assert "4 条首尾相接" in out
    code, out, _ = run(capsys, "verify-log", path, "--json")
    assert json.loads(out) == {
        "file": str(path),
        "lines": 4,
        "holds": True,
        "first_bad_line": None,
        "reason": "",
        "last_hash": json.loads(lines[-1])["hash"],
    }
    path.write_text("\n".join(lines).replace("127.0.0.1", "127.0.0.2", 1), encoding="utf-8")
    code, out, _ = run(capsys, "verify-log", path)
    assert code == 1
    assert out.startswith("第1行：")
    code, out, _ = run(capsys, "verify-log", path, "--json")
    assert (code, json.loads(out)["first_bad_line"]) == (1, 1)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'{"seq": 1'])
def test_verify_log_of_what_is_no_log(capsys, tmp_path, content):
    path = tmp_path / "log.jsonl"
    path.write_bytes(content)
    assert run(capsys, "verify-log", path)[0] == 1
