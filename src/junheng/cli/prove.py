"""junheng prove: 资助条款包 → what is proved of it, and between two packs what changes for whom."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from junheng.aid import Child, county_code, read_children
from junheng.aid.compare import changes
from junheng.aid.proof import Proof, days_of, prove
from junheng.aid.reasons import money
from junheng.policy import PackError
from junheng.policy.clauses import Book, load_book
from junheng.policy.clauses.quotations import misquoted

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, FINDINGS, USAGE = 0, 1, 2


def add_parser(subparsers: Subparsers) -> None:
    """证明命令: registers `prove` with its options and the function that runs it."""
    parser = subparsers.add_parser(
        "prove", help="证明资助条款包：互斥、上限、只增不减、可达、算例；两个以上的包依次比较"
    )
    parser.add_argument(
        "packs", nargs="*", metavar="PACK", help="条款包编号或文件（连同其扩展的包）；缺省为随附的全部条款包"
    )
    parser.add_argument(
        "--on", metavar="DATE", default="", help="按哪一天比较，如 2024-10-01；缺省为两包中最晚的变动日"
    )
    parser.add_argument("--children", metavar="FILE", default="", help="比较时统计涉及人数和金额的学生表")
    parser.add_argument("--county", metavar="CODE", default="", help="学生表中未写县区时所用的县区")
    parser.add_argument(
        "--texts",
        metavar="FOLDER",
        default="",
        help="所引文件全文（.txt）所在的文件夹，用来核对引文；缺省为条款包所在的文件夹",
    )
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """证明: 0 proved, 1 refuted or a file has findings (all listed), 2 for wrong use."""
    names: list[str | None] = list(arguments.packs) or [None]
    missing = [
        name for name in names if name and name.endswith((".yaml", ".yml")) and not Path(name).is_file()
    ]
    if missing:
        print(f"没有找到文件“{'、'.join(missing)}”，请检查路径。", file=sys.stderr)
        return USAGE
    try:
        on = date.fromisoformat(arguments.on.strip()) if arguments.on else None
        table = Path(arguments.children).read_bytes() if arguments.children else b""
    except ValueError:
        print("日期应写成 2018-10-01 的样子，请改正。", file=sys.stderr)
        return USAGE
    except OSError:
        print(f"找不到或打不开“{arguments.children}”，请检查文件名。", file=sys.stderr)
        return USAGE
    if arguments.texts and not Path(arguments.texts).is_dir():
        print(f"没有找到文件夹“{arguments.texts}”，请检查 --texts。", file=sys.stderr)
        return USAGE
    books: list[Book] = []
    whole: dict[str, Any] = {"packs": []}
    code = DONE
    for name in names:
        start = perf_counter()
        try:
            book = load_book(None if name is None else [name])
        except PackError as error:
            whole["packs"].append({"pack": name, "proved": False, "problems": error.problems})
            code = FINDINGS
            continue
        if arguments.county and not county_code(book, arguments.county):
            print(
                f"不认得县区“{arguments.county}”，请写6位代码（如 640106）或名称（如 金凤区）。",
                file=sys.stderr,
            )
            return USAGE
        proof = prove(book)
        proof = _with_quotations(proof, book, name, arguments.texts)
        books.append(book)
        whole["packs"].append(_described(name, book, proof, perf_counter() - start))
        code = max(code, FINDINGS if proof.problems else DONE)
    findings: list[str] = []
    if len(books) > 1 and len(books) == len(names):
        whole["comparisons"] = [
            _compared(arguments, table, before, after, on, findings) for before, after in pairwise(books)
        ]
    elif arguments.children and len(names) == 1:
        print("只有一个条款包，没有可比较的；--children 没有用到。", file=sys.stderr)
    for sentence in dict.fromkeys(findings):
        print(sentence, file=sys.stderr)
    if arguments.json:
        print(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        _print(whole)
    return FINDINGS if findings else code


def _with_quotations(proof: Proof, book: Book, name: str | None, texts: str) -> Proof:
    """The proof, with the quotations of the pack compared with the documents where their texts are at hand."""
    beside = [Path(name).parent] if name and name.endswith((".yaml", ".yml")) else []
    folders = (*([Path(texts)] if texts else []), *beside)
    if not folders:
        return proof
    problems, notes = misquoted(book, folders)
    return replace(proof, problems=(*proof.problems, *problems), notes=(*proof.notes, *notes))


def _described(name: str | None, book: Book, proof: Proof, seconds: float) -> dict[str, Any]:
    return {
        "pack": name or "随附的全部条款包",
        "packs": [pack.id for pack in book.packs],
        "version": book.version,
        "proved": not proof.problems,
        "problems": list(proof.problems),
        "notes": [*proof.notes, *(text for pack in book.packs for text in pack.warnings)],
        "clauses": len(book.clauses),
        "days": proof.days,
        "cells": proof.cells,
        "profiles": proof.profiles,
        "patterns": proof.patterns,
        "examples": proof.examples,
        "seconds": round(seconds, 3),
    }


def _compared(
    arguments: argparse.Namespace,
    table: bytes,
    before: Book,
    after: Book,
    on: date | None,
    findings: list[str],
) -> dict[str, Any]:
    """What changes from one pack to the next, and for how many children of the table."""
    day = on or max(*days_of(before), *days_of(after))
    children: list[Child] = []
    if arguments.children:
        county = county_code(after, arguments.county) if arguments.county else ""
        read = read_children(Path(arguments.children).name, table, after, day, county)
        children = [row.child for row in read.rows if row.child is not None]
        findings += [problem.sentence() for problem in read.problems]
    return {
        "before": before.packs[-1].id,
        "after": after.packs[-1].id,
        "on": day.isoformat(),
        "changes": [asdict(change) for change in changes(before, after, day, children)],
    }


def _print(whole: dict[str, Any]) -> None:
    for pack in whole["packs"]:
        verdict = "已证明" if pack["proved"] else "未通过"
        print(f"{pack['pack']}：{verdict}")
        for problem in pack["problems"]:
            print(f"  问题：{problem}")
        for note in pack.get("notes", ()):
            print(f"  提示：{note}")
        if "profiles" in pack:
            print(
                f"  {pack['clauses']}条条款，{pack['days']}个时点，{pack['cells']}种学段年级地区，"
                f"{pack['profiles']}种情形，{pack['examples']}个算例，用时{pack['seconds']}秒"
            )
    for pair in whole.get("comparisons", ()):
        print(f"{pair['before']} → {pair['after']}，按 {pair['on']} 的规定：")
        if not pair["changes"]:
            print("  没有变化")
        for change in pair["changes"]:
            print(f"  {_sentence(change)}")


def _sentence(change: dict[str, Any]) -> str:
    grades = "、".join(map(str, change["grades"]))
    sign = "增加" if change["delta"] > 0 else "减少"
    amount = f"{sign}{money(abs(change['delta']))}" if change["delta"] else "应发不变"
    waits = f"，待确认{change['waits'] / 100:+g}元" if change["waits"] else ""
    who = f"，本表{change['children']}人、{change['fen'] / 100:+g}元" if change["children"] else ""
    example = "、".join(change["example"]) or "均为否"
    place = f"{change['area']}{change['stage']}{grades}年级"
    return f"{place}：{amount}{waits}（{change['profiles']}种情形，如：{example}）{who}"
