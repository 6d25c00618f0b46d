"""发现规则为什么不行: what is wrong with the SQL of a ledger's detectors, beside the problems of its other parts."""

from datetime import date

import duckdb

from junheng.detecting.running import DetectorError, Workbench, columns_of
from junheng.detecting.tables import TABLES
from junheng.detecting.wording import in_chinese
from junheng.policy.ledgers import Detector, Ledger, LedgerError, LedgerProblem, parse
from junheng.policy.ledgers import problems_of as structure_of

A_DAY = date(2026, 3, 2)  # any day
_A_VALUE: dict[str, object] = {"VARCHAR": "1", "BIGINT": 1, "DOUBLE": 1.0, "DATE": A_DAY, "BOOLEAN": True}
SUBJECT, ITEM = "subject_key", "item"


def problems_of(text: str) -> tuple[LedgerProblem, ...]:
    """台账定义的全部问题: structure, and each detector tried on tables of one row."""
    found = list(structure_of(text))
    if found:
        return tuple(found)
    try:
        ledger = parse(text)
    except LedgerError as error:
        return error.problems
    with Workbench(A_DAY) as bench:
        for name, table in TABLES.items():
            # One row each: a word that is no date is only found where there is something to compare it with.
            bench.put(name, {column: [_A_VALUE[field.type]] for column, field in table.columns.items()})
        for detector in ledger.detectors:
            start = _line(text, detector.name)
            for message, line in _wrong(detector, ledger, bench):
                at = start if line is None else _line_of_query(text, start, line)
                found.append(LedgerProblem(at, f"发现规则“{detector.title}”", message))
    return tuple(found)


def _wrong(detector: Detector, ledger: Ledger, bench: Workbench) -> list[tuple[str, int | None]]:
    """What is wrong, each with the line of the query where one is known."""
    settings = {setting.name: setting.value for setting in ledger.settings}
    try:
        columns = columns_of(bench, detector.sql, settings)
    except DetectorError as error:
        return [(str(error), error.line)]
    except duckdb.Error as error:
        said = in_chinese(error)
        return [(f"查询不能运行：{said.words}", said.line)]
    wrong = []
    if SUBJECT not in columns:
        wrong.append(f"结果里没有 {SUBJECT}（对象键），请写成 SELECT … AS {SUBJECT}")
    if ITEM in columns and not ledger.many:
        wrong.append("结果里有 item（同一对象的第几件），但台账没有写 many: true")
    known = {name for name, _ in detector.evidence}
    wrong += [f"依据“{name}”不在查询结果的栏目中" for name, _ in detector.evidence if name not in columns]
    wrong += [
        f"查询结果的“{name}”没有写进依据，请补上它的中文标题"
        for name in columns
        if name not in known | {SUBJECT, ITEM}
    ]
    return [(message, None) for message in wrong]


def _line(text: str, name: str) -> int:
    """The line on which a detector's name stands below the word `detectors`."""
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("detectors")), 0)
    for number in range(start, len(lines)):
        if "name:" in lines[number] and name in lines[number]:
            return number + 1
    return start + 1


def _line_of_query(text: str, start: int, line: int) -> int:
    """The line of the pack on which a line of a detector's query stands; a query not written below “|” stands on one line."""
    lines = text.splitlines()
    for number in range(start - 1, len(lines)):
        if "sql:" in lines[number]:
            return number + 1 + (line if lines[number].rstrip().endswith("|") else 0)
    return start


def tables_in_words() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """(table, what a row is, [(column, type, meaning)]) for the help page."""
    return [
        (name, table.words, [(column, field.type, field.words) for column, field in table.columns.items()])
        for name, table in TABLES.items()
    ]
