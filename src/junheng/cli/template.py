"""`junheng template`: 模板 for one sheet, several, or 全部, as an .xlsx to fill in.

Exit code: 0 done, 2 usage. `--json` prints {"file": path, "sheets": [{"name", "title", "columns": [{"name", "heading",
"required", "kind", "unit"}]}]}.
"""

import argparse
import json
import sys
from pathlib import Path

from junheng.cli.refusals import why
from junheng.documents.templates import template
from junheng.tables import BY_TITLE, SHEETS, Sheet

EVERYTHING = "全部"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("template", help="生成填报模板：学校、学生等任一张表，或全部")
    parser.add_argument("sheets", nargs="+", metavar="表名", help=f"{'、'.join(BY_TITLE)}，或“{EVERYTHING}”")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx", help="写到哪个文件")
    parser.add_argument("--json", action="store_true", help="用 JSON 说明写了哪些表和列")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Carry out the command; returns the exit code."""
    wanted, unknown = _wanted(arguments.sheets)
    if unknown:
        allowed = "、".join((*BY_TITLE, EVERYTHING))
        print(f"没有叫“{'、'.join(unknown)}”的表，可以是：{allowed}", file=sys.stderr)
        return 2
    try:
        arguments.out.write_bytes(template(wanted))
    except OSError as error:
        print(f"无法写入“{arguments.out}”（{why(error)}），请换一个位置", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(_described(arguments.out, wanted), ensure_ascii=False, indent=1))
    else:
        print(f"已写好模板“{arguments.out}”，含{'、'.join(sheet.title for sheet in wanted)}")
    return 0


def _wanted(titles: list[str]) -> tuple[list[Sheet], list[str]]:
    """The sheets meant, each once, and the titles that mean none."""
    sheets: dict[str, Sheet] = {}
    unknown = []
    for title in titles:
        if title == EVERYTHING:
            sheets |= SHEETS
        elif sheet := BY_TITLE.get(title) or SHEETS.get(title):
            sheets[sheet.name] = sheet
        else:
            unknown.append(title)
    return list(sheets.values()), unknown


def _described(out: Path, sheets: list[Sheet]) -> dict[str, object]:
    return {
        "file": str(out),
        "sheets": [
            {
                "name": sheet.name,
                "title": sheet.title,
                "columns": [
                    {
                        "name": column.name,
                        "heading": column.heading,
                        "required": column.required,
                        "kind": column.kind,
                        "unit": column.unit,
                    }
                    for column in sheet.columns
                ],
            }
            for sheet in sheets
        ],
    }
