"""junheng plan: exit codes, one JSON a document, sentences on the error stream."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from junheng.cli.plan import add_parser

PLAN = "青石县托育服务行动计划\n\n青石县人民政府\n2023年3月1日\n\n一、目标\n到2027年，全县新增托位3200个。\n"


def command(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["plan", *arguments])
    code: int = parsed.run(parsed)
    return code


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "托育计划.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_a_clean_plan_is_printed_as_json(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(str(plan)) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["schema"] == "junheng.plan/1"
    assert result["targets"][0]["val"] == 3200


def test_each_document_becomes_a_file_of_its_stem(plan: Path, tmp_path: Path) -> None:
    assert command(str(plan), "--out", str(tmp_path / "结果")) == 0
    written = json.loads((tmp_path / "结果" / "托育计划.json").read_text(encoding="utf-8"))
    assert written["file"] == "托育计划.txt"


def test_doubts_give_one_and_say_where(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.write_text(PLAN + "根据《办法》（教督〔20176号）推进。\n", encoding="utf-8")
    assert command(str(plan)) == 1
    assert "教督〔2017〕6号" in capsys.readouterr().err


def test_a_bad_file_gives_a_sentence_and_the_others_are_still_read(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "空.txt"
    empty.write_bytes(b"")
    assert command(str(empty), str(plan), "--json") == 1
    captured = capsys.readouterr()
    assert "空的" in captured.err
    assert json.loads(captured.out)["file"] == "托育计划.txt"


def test_a_missing_file_and_two_of_one_stem_are_wrong_use(plan: Path, tmp_path: Path) -> None:
    assert command(str(tmp_path / "没有.txt")) == 2
    twin = tmp_path / "另" / plan.name
    twin.parent.mkdir()
    twin.write_text(PLAN, encoding="utf-8")
    assert command(str(plan), str(twin), "--out", str(tmp_path / "结果")) == 2
