"""代发文件: a batch in the columns a bank asks for; and the table it is answered with. No text becomes a formula."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO

from bureau.payments import batch_queries as queries
from bureau.payments import money
from bureau.payments.models import Batch, Line
from bureau.people.secret import unseal
from junheng.documents.sheets import book

AT_ONCE = 1000
# A cell that begins so is run as a formula when the CSV is opened in Excel.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def content_of(batch: Batch, *, progress: Callable[[float], None] = lambda share: None) -> tuple[str, bytes]:
    """(ending, bytes) of the file for the bank. The account numbers stand in it in clear: whoever calls logs the export."""
    columns: Sequence[Mapping[str, str]] = batch.template.columns
    headings = [one["heading"] for one in columns]
    rows = _rows(batch, columns, progress)
    if batch.template.form == "csv":
        return "csv", _csv(headings, rows).encode(batch.template.encoding, "replace")
    with book() as made:
        made.table(batch.template.tab, headings, rows, [20] * len(headings))
    return "xlsx", made.content


def _rows(
    batch: Batch, columns: Sequence[Mapping[str, str]], progress: Callable[[float], None]
) -> Iterator[list[object]]:
    number = queries.number_of(batch)
    lines = batch.lines.select_related("account", "award__round").order_by("position")
    for done, line in enumerate(lines.iterator(AT_ONCE), 1):
        if done % AT_ONCE == 0:
            progress(done / max(batch.lines_count, 1))
        yield [_cell(line, batch, number, one) for one in columns]


def _cell(line: Line, batch: Batch, number: str, column: Mapping[str, str]) -> object:
    match column["field"]:
        case "position":
            return line.position
        case "number":
            return number
        case "reference":
            return queries.reference_of(batch, line.position)
        case "holder_name":
            return line.account.holder_name
        case "account":
            return unseal(line.account.number)
        case "bank":
            return line.account.bank
        case "amount":
            return str(line.fen) if column.get("form") == "fen" else money.plain_yuan(line.fen)
        case "person_name":
            return line.award.person_name
        case "relation":
            return line.account.relation
        case "school_name":
            return line.award.school_name
        case "purpose":
            return line.award.round.clause_name
        case _:
            return ""


def _csv(headings: Sequence[str], rows: Iterator[list[object]]) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([_safe(heading) for heading in headings])
    writer.writerows([_safe(value) for value in row] for row in rows)
    return text.getvalue()


def _safe(value: object) -> object:
    """Numbers as text keep their zeros in a bank's program; what Excel would run gets an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
