"""走访表的写入: all rows or none; a row that came before is recognised by its id."""

from django.db import transaction

from bureau.people.rules import Refused
from bureau.phone import actions, casework, sheet
from bureau.phone.arrivals import Answer, Arrival
from bureau.phone.models import Receipt
from bureau.phone.sheet import SheetRow


def receive_sheet(*, content: bytes, arrival: Arrival) -> tuple[list[tuple[SheetRow, Answer]], list[str]]:
    """收走访表. (answers by row, problems): with a problem anywhere nothing is saved. Raises Refused when the server is busy."""
    cases = casework.named_in(sheet.cases_named(content))
    rows, problems = sheet.read_workbook(
        content, cases, casework.ledgers_of(list(cases.values())), arrival.today
    )
    if problems:
        return [], problems
    if not rows:
        return [], ["没有填了走访日期的行；走访过的行请填走访日期和走访情况"]
    with transaction.atomic():
        answers = []
        known = dict(
            Receipt.objects.filter(record__in=[row.record.id for row in rows], user=arrival.by).values_list(
                "record", "state"
            )
        )
        for row in rows:
            if row.record.id in known:
                # Answers are compared with the case as it is now, so a row that was taken reads differently the second time.
                state = known[row.record.id]
                answers.append((row, Answer(str(row.record.id), "already", "", state)))
                continue
            answer = actions.receive_one(record=row.record, arrival=arrival)
            if answer.answer in ("again", "refused"):
                raise Refused(answer.sentence)
            answers.append((row, answer))
    return answers, []
