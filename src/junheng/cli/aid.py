"""junheng aid: 学生表 → who may receive what on a day, by which clause, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from junheng.aid import Answer, Children, ChildRow, Finding, assess, county_code, read_children, term_day
from junheng.aid.model import GRANTED, STATE_TITLES, UNCONFIRMED, UNKNOWN_STATE
from junheng.policy import PackError
from junheng.policy.clauses import KINDS, PUPIL_STAGES, Book, Clause, load_book

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, FINDINGS, USAGE = 0, 1, 2
STAGE_FACT = "学段"
_PERIODS = {"year": "每年", "once": "一次性"}


def add_parser(subparsers: Subparsers) -> None:
    """资助判断命令: registers `aid` with its options and the function that runs it."""
    parser = subparsers.add_parser("aid", help="资助判断：每名学生在某日应享受什么、依据哪一条、为什么")
    parser.add_argument(
        "file", metavar="FILE", help="学生表（.csv .xlsx .xls）：学号、学段、年级、县区和是/否各列"
    )
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument("--on", metavar="DATE", help="按哪一天的规定判断，如 2018-10-01")
    when.add_argument("--term", metavar="TERM", help="按哪个学期的规定判断，如 2018秋")
    parser.add_argument(
        "--county", metavar="CODE", default="", help="表中未写县区时所用的县区（6位代码或名称）"
    )
    parser.add_argument(
        "--pack", action="append", metavar="PACK", help="条款包编号或文件，可多次；缺省为随附的全部条款包"
    )
    parser.add_argument("--all", action="store_true", help="其他县区的条款也列出")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """资助判断: 0 done, 1 when the file has findings (listed), 2 for wrong use."""
    try:
        on = date.fromisoformat(arguments.on.strip()) if arguments.on else _term(arguments.term)
    except ValueError:
        return _usage("日期应写成 2018-10-01 的样子，学期应写成 2018秋 或 2019春，请改正。")
    try:
        book = load_book(arguments.pack)
    except PackError as error:
        return _usage("\n".join(error.problems))
    county = county_code(book, arguments.county) if arguments.county.strip() else ""
    if arguments.county.strip() and not county:
        return _usage(f"不认得县区“{arguments.county}”，请写6位代码（如 640106）或名称（如 金凤区）。")
    try:
        data = Path(arguments.file).read_bytes()
    except OSError:
        return _usage(f"找不到或打不开“{arguments.file}”，请检查文件名。")
    children = read_children(Path(arguments.file).name, data, book, on, county)
    judged = [row.child for row in children.rows if row.child is not None]
    answers = iter(assess(book, judged, on, everywhere=arguments.all))
    paired = [(row, next(answers) if row.child is not None else None) for row in children.rows]
    if arguments.json:
        _write(sys.stdout, book, on, children, paired)
    else:
        _print(book, on, children, paired)
    for problem in children.problems:
        print(problem.sentence(), file=sys.stderr)
    if not county and "county" not in children.columns:
        print(
            "表中没有“县区”列，也没有写 --county：各县区自己的条款无法判断，列为情况不明。", file=sys.stderr
        )
    if children.unread:
        print(f"没有用到的列：{'、'.join(dict.fromkeys(children.unread))}", file=sys.stderr)
    if children.rows and children.passed:
        print(f"没有“学段”和“年级”列、没有读取的工作表：{'、'.join(children.passed)}", file=sys.stderr)
    return FINDINGS if children.problems else DONE


def _usage(message: str) -> int:
    print(message, file=sys.stderr)
    return USAGE


def _term(text: str) -> date:
    bare = text.strip().removesuffix("季学期").removesuffix("季")
    return term_day(int(bare[:-1].removesuffix("年")), bare[-1:])


def _write(
    out: TextIO, book: Book, on: date, children: Children, paired: list[tuple[Any, Answer | None]]
) -> None:
    """The answer as JSON, child by child: fifty thousand children are hundreds of megabytes of reasons."""
    sums: dict[str, Counter[tuple[str, str]]] = {"paid": Counter(), "waiting": Counter()}
    made: dict[int, str] = {}
    before = {
        "on": on.isoformat(),
        "unit": "元",
        "packs": [{"id": pack.id, "title": pack.title} for pack in book.packs],
        "version": book.version,
        "absent_facts": [fact for fact in book.asked_of(PUPIL_STAGES) if fact not in children.present],
    }
    out.write(f'{_json(before)[:-1]}, "children": [')
    for place, (row, answer) in enumerate(paired):
        if answer is not None:
            sums["paid"].update(answer.totals.paid)
            sums["waiting"].update(answer.totals.waiting)
        out.write((", " if place else "") + _child(book, on, row, answer, made))
    after = {
        "totals": _sums(sums["paid"]),
        "unconfirmed": _sums(sums["waiting"]),
        "problems": [
            {
                "tab": p.sheet,
                "row": p.row,
                "column": p.column,
                "found": p.found,
                "message": p.message,
                "code": p.code,
            }
            for p in children.problems
        ],
    }
    out.write(f"], {_json(after)[1:]}\n")


def _child(book: Book, on: date, row: ChildRow, answer: Answer | None, made: dict[int, str]) -> str:
    """What is said of one child, as JSON; `made` keeps each finding's text, which many children share."""
    child = row.child
    entry: dict[str, Any] = {"id": row.id, "row": row.row, "tab": row.tab, "stage": None}
    if child is None or answer is None:
        none = _sums(Counter())
        return _json({**entry, "clauses": [], "totals": none, "unconfirmed": none, "unknown": [STAGE_FACT]})
    entry |= {
        "stage": child.stage,
        "grade": child.grade or None,
        "county": child.county or None,
        "county_name": book.areas.get(child.county),
    }
    for finding in answer.findings:
        if id(finding) not in made:
            made[id(finding)] = _json(_entry(finding, on))
    clauses = ", ".join([made[id(finding)] for finding in answer.findings])
    unknown = dict.fromkeys(fact for finding in answer.findings for fact in finding.missing)
    rest = {
        "totals": _sums(answer.totals.paid),
        "unconfirmed": _sums(answer.totals.waiting),
        "unknown": list(unknown),
    }
    return f'{_json(entry)[:-1]}, "clauses": [{clauses}], {_json(rest)[1:]}'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _entry(finding: Finding, on: date) -> dict[str, Any]:
    clause, outcome = finding.clause, finding.outcome
    rate = clause.on(on)
    entry: dict[str, Any] = {
        "clause": clause.id,
        "name": clause.name,
        "state": outcome.state,
        "state_name": STATE_TITLES[outcome.state],
        "amount": _amount(clause, on, outcome.state, outcome.fen, outcome.due),
        "period": ("once" if rate.per == "once" else "year") if rate else None,
        "kind": clause.kind,
        "why": finding.why,
        "cite": finding.cite,
    }
    if rate is not None and rate.high and outcome.state in (*GRANTED, UNCONFIRMED, UNKNOWN_STATE):
        entry["range"] = [_yuan(rate.low), _yuan(rate.high)]
    if finding.missing:
        entry["missing"] = list(finding.missing)
    return entry


def _amount(clause: Clause, on: date, state: str, fen: int, due: int) -> int | float | None:
    """元: what is paid, or would be paid once confirmed; 0 where nothing is; None where no document fixes it."""
    if state not in (*GRANTED, UNCONFIRMED):
        return 0
    rate = clause.on(on)
    if rate is None or rate.form in ("actual", "range"):
        return None
    return _yuan(fen if state in GRANTED else due)


def _yuan(fen: int) -> int | float:
    return fen // 100 if fen % 100 == 0 else fen / 100


def _sums(found: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int | float]]:
    return {kind: {period: _yuan(found.get((kind, period), 0)) for period in _PERIODS} for kind in KINDS}


def _print(book: Book, on: date, children: Children, paired: list[tuple[Any, Answer | None]]) -> None:
    """The same for reading: what each child receives, what waits, what is not known."""
    all_paid: Counter[tuple[str, str]] = Counter()
    for row, answer in paired:
        if row.child is None or answer is None:
            print(f"{row.id}（第{row.row}行）：学段不明，无法判断")
            continue
        child = row.child
        place = book.areas.get(child.county, child.county) or "县区不明"
        grade = f"{child.grade}年级" if child.grade else "年级不明"
        print(f"{row.id}（第{row.row}行，{place}，{child.stage}{grade}）")
        all_paid.update(answer.totals.paid)
        for finding in answer.findings:
            if finding.outcome.state in (*GRANTED, UNCONFIRMED, UNKNOWN_STATE):
                print(f"  {finding.clause.name}：{finding.why}")
    print(f"按 {on} 的规定，共 {len(paired)} 名学生")
    for (kind, period), fen in sorted(all_paid.items()):
        print(f"  {KINDS[kind]}（{_PERIODS[period]}）合计 {_yuan(fen)} 元")
