"""junheng match: 学籍与名册 → which line is which student, how probable, and why."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from junheng.matching import Matches, Roll

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, FINDINGS, USAGE = 0, 1, 2
HEADINGS = ("左行号", "右行号", "概率", "处理", "依据")


def add_parser(subparsers: Subparsers) -> None:
    """匹配命令: registers `match` with its options and the function that runs it."""
    parser = subparsers.add_parser(
        "match", help="匹配：名册的每一行是学籍的哪一名学生、有多大把握、依据是什么"
    )
    parser.add_argument("left", metavar="LEFT", help="学籍（.csv .xlsx .xls）：行号、姓名和其他各列")
    parser.add_argument("right", metavar="RIGHT", help="名册：建档立卡、低保、残联、孤儿、户籍……")
    parser.add_argument("--out", metavar="FILE", help="结果写到哪里（CSV）：左行号、右行号、概率、处理、依据")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出汇总；没有 --out 时也列出每一行")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """匹配: 0 done, 1 when a file has findings that must be put right (all listed), 2 for wrong use."""
    # Readings of characters take a second to load; only this command needs them.
    from junheng.matching import match, read_roll, reasons
    from junheng.matching.findings import warnings

    start = perf_counter()
    rolls: list[Roll] = []
    for name in (arguments.left, arguments.right):
        try:
            rolls.append(read_roll(Path(name)))
        except OSError:
            print(f"找不到或打不开“{name}”，请检查文件名。", file=sys.stderr)
            return USAGE
    left, right = rolls
    problems = [problem for roll in rolls for problem in roll.problems]
    if not left.columns.get("name") or not right.columns.get("name"):
        for problem in problems:
            print(problem.sentence(), file=sys.stderr)
        if arguments.json:
            print(json.dumps({"problems": _problems(rolls), "pairs": None}, ensure_ascii=False))
        return FINDINGS
    matches = match(left.columns | {"line": left.lines}, right.columns | {"line": right.lines})
    texts = reasons(matches, left.columns, right.columns)
    said = [note for roll in rolls for note in roll.notes] + warnings(matches)
    if arguments.out:
        try:
            with Path(arguments.out).open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(HEADINGS)
                writer.writerows(_rows(matches, texts))
        except OSError:
            print(f"不能写入“{arguments.out}”，请检查文件夹是否存在、文件是否正被打开。", file=sys.stderr)
            return USAGE
    summary = _summary(matches, rolls, said, perf_counter() - start)
    if arguments.json:
        if not arguments.out:
            summary["pairs"] = [_entry(row, matches, at) for at, row in enumerate(_rows(matches, texts))]
        print(json.dumps(summary, ensure_ascii=False))
    else:
        _print(summary, matches, texts, arguments.out)
    for problem in problems:
        print(problem.sentence(), file=sys.stderr)
    return FINDINGS if problems else DONE


def _rows(matches: Matches, texts: list[str]) -> list[tuple[str, str, str, str, str]]:
    """左行号, 右行号, 概率, 处理, 依据 of each right row."""
    from junheng.matching import HANDLING

    left, right = matches.left.lines, matches.right.lines
    return [
        (str(left[other]) if other >= 0 else "", str(line), f"{chance:.5f}", HANDLING[how], text)
        for other, line, chance, how, text in zip(
            matches.other.tolist(),
            right,
            matches.probability.tolist(),
            matches.handling.tolist(),
            texts,
            strict=True,
        )
    ]


def _entry(row: tuple[str, str, str, str, str], matches: Matches, at: int) -> dict[str, Any]:
    left, line, chance, how, text = row
    near = int(matches.near[at])
    return {
        "left": left or None, "right": line, "probability": float(chance), "handling": how, "reason": text,
        "nearest": str(matches.left.lines[near]) if near >= 0 else None,
    }  # fmt: skip


def _summary(matches: Matches, rolls: list[Roll], said: list[str], seconds: float) -> dict[str, Any]:
    from junheng.matching import HANDLING
    from junheng.matching.weights import load_weights

    handling = matches.handling
    linked = matches.other >= 0
    return {
        "left": {"file": rolls[0].file, "rows": len(matches.left)},
        "right": {"file": rolls[1].file, "rows": len(matches.right)},
        "counts": {word: int((handling == how).sum()) for how, word in HANDLING.items()},
        "expected_wrong": {
            "automatic": round(float((1 - matches.probability[handling == 2]).sum()), 2),
            "review": round(float((1 - matches.probability[handling == 1]).sum()), 2),
            "unmatched_but_there": round(float(matches.probability[~linked].sum()), 2),
        },
        "entered_twice": {
            "left": sum(first != row for row, first in enumerate(matches.same_left.tolist())),
            "right": sum(first != row for row, first in enumerate(matches.same_right.tolist())),
        },
        "candidates": matches.candidates,
        "model": load_weights().version,
        "warnings": said,
        "unread": {
            "left": list(dict.fromkeys(rolls[0].unread)),
            "right": list(dict.fromkeys(rolls[1].unread)),
        },
        "problems": _problems(rolls),
        "seconds": round(seconds, 3),
    }


def _problems(rolls: list[Roll]) -> list[dict[str, Any]]:
    return [
        {
            "file": p.file,
            "row": p.row,
            "column": p.column,
            "found": p.found,
            "message": p.message,
            "code": p.code,
        }
        for roll in rolls
        for p in roll.problems
    ]


def _print(summary: dict[str, Any], matches: Matches, texts: list[str], out: str | None) -> None:
    """The same for reading."""
    counts = summary["counts"]
    print(f"学籍 {summary['left']['rows']} 行，名册 {summary['right']['rows']} 行")
    print("　".join(f"{word} {number}" for word, number in counts.items()))
    expected = summary["expected_wrong"]
    print(
        f"预计：自动匹配中错 {expected['automatic']} 条，待核中错 {expected['review']} 条，未匹配中其实在校 {expected['unmatched_but_there']} 人"
    )
    for text in summary["warnings"]:
        print(f"提示：{text}")
    if out:
        print(f"结果已写入 {out}")
        return
    for left, line, chance, how, text in _rows(matches, texts):
        print(f"名册第{line}行 → {f'学籍第{left}行' if left else '无'}（{how}，{chance}）：{text}")
