"""junheng plan: 计划文件 → JSON, one a document; a sentence for every file that cannot be read."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.plandocs import UnreadableDocument, compile_plan

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, FINDINGS, USAGE = 0, 1, 2


def add_parser(subparsers: Subparsers) -> None:
    """计划解析命令: registers `plan` with its options and the function that runs it."""
    parser = subparsers.add_parser("plan", help="解析计划文件：提纲、目标、资金、时限、责任单位")
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="计划文件（.docx .txt .html .mht，带文字的 .pdf；装有转换程序时也读 .doc .rtf）",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--json", action="store_true", help="把结果写到标准输出（缺省），一个文件一行")
    where.add_argument("--out", metavar="DIR", help="把结果写进目录，每个文件一个同名 .json")
    parser.add_argument("--quiet", action="store_true", help="不显示进度和待确认事项")
    parser.set_defaults(run=run)


def _progress(name: str, quiet: bool) -> Callable[[str, float], None] | None:
    if quiet or not sys.stderr.isatty():
        return None

    def show(step: str, share: float) -> None:
        filled = int(share * 20)
        end = "\n" if share >= 1 else ""
        print(
            f"\r{name} [{'#' * filled}{'.' * (20 - filled)}] {step}　　", end=end, file=sys.stderr, flush=True
        )

    return show


def _targets_of(files: list[str], out: Path | None) -> str | None:
    """Why the files cannot all be written, or None: two of one stem would overwrite each other."""
    stems: dict[str, str] = {}
    for name in files:
        stem = Path(name).stem
        if out is not None and stem in stems:
            return f"“{stems[stem]}”和“{name}”会写成同一个 {stem}.json，请改名或分开解析。"
        stems[stem] = name
    return None


def run(arguments: argparse.Namespace) -> int:
    """计划解析: 0 when all is read, 1 when a file could not be read or holds doubts, 2 for wrong use."""
    out = Path(arguments.out) if arguments.out else None
    clash = _targets_of(arguments.files, out)
    if clash:
        print(clash, file=sys.stderr)
        return USAGE
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError:
            print(f"无法建立目录“{out}”，请换一个可写的目录。", file=sys.stderr)
            return USAGE
    code = DONE
    for name in arguments.files:
        path = Path(name)
        try:
            data = path.read_bytes()
        except OSError:
            print(f"找不到或打不开“{name}”，请检查文件名。", file=sys.stderr)
            code = USAGE
            continue
        try:
            result = compile_plan(data, path.name, _progress(path.name, arguments.quiet))
        except UnreadableDocument as refusal:
            print(str(refusal), file=sys.stderr)
            code = max(code, FINDINGS)
            continue
        if out is not None:
            (out / f"{path.stem}.json").write_text(
                json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
        else:
            print(json.dumps(result, ensure_ascii=False))
        code = max(code, _report(path.name, result, arguments.quiet))
    return code


def _report(name: str, result: dict[str, Any], quiet: bool) -> int:
    warnings = result["warnings"]
    residual = result["residual"]
    open_numerals = [item for item in residual if item["kind"] == "residual"]
    if not quiet:
        for note in result["notes"]:
            print(f"{name}：{note}", file=sys.stderr)
        for warning in warnings:
            print(f"{name} 第{warning['start'] + 1}字：{warning['msg']}", file=sys.stderr)
        if open_numerals:
            print(
                f"{name}：还有 {len(open_numerals)} 个数字没有归属，见 residual，发布前请逐个确认。",
                file=sys.stderr,
            )
    return FINDINGS if warnings or open_numerals else DONE
