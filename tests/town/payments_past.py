"""两个已过去的学期: every list reviewed, published and paid by one batch each; the bank's failures corrected and issued again.

What the lists of that time paid past the batches is there already (`aid_story`); forty children are forgotten, as happens.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256

from bureau.entitlements import lists, terms
from bureau.payments import award_queries, batch_queries, publication
from bureau.payments.award_actions import Proposal
from bureau.payments.models import AwardRound, BankTemplate, Fund
from bureau.payments.persons import Person, by_keys
from town.payments_office import Office

FORGOTTEN, FAILED_ONE_IN = 40, 400


def scattered(rows: Sequence[lists.Payable]) -> list[lists.Payable]:
    """In an order that knows nothing of schools: children are forgotten, not classes."""
    return sorted(rows, key=lambda row: sha256(f"{row.student_key} {row.clause}".encode()).digest())


def forgotten(count: int) -> int:
    """How many of so many are forgotten."""
    return max(1, FORGOTTEN * min(count, 400) // 400) if count else 0


def past_terms(office: Office, past: Sequence[terms.Term], fund: Fund, template: BankTemplate) -> None:
    """The older first; each from the list of who is due to the bank's second answer."""
    due = {}
    for term in past:
        rows = scattered(lists.payable(office.county, term.text))
        # Who was given too little gets the difference.
        none_yet = [row for row in rows if not row.paid_fen]
        less = [row for row in rows if row.paid_fen]
        due[term] = none_yet[forgotten(len(none_yet)) :] + less[len(less) // 2 :]
    people = by_keys(office.county, "student", {row.student_key for rows in due.values() for row in rows})
    for back, (term, rows) in enumerate(due.items()):
        known = [row for row in rows if row.student_key in people]
        if known:
            day = office.today - timedelta(days=330 - 180 * back)
            _past_term(office, term, known, people, fund, template, day)


def _past_term(
    office: Office, term: terms.Term, rows: Sequence[lists.Payable], people: Mapping[str, Person], fund: Fund, template: BankTemplate, day: date,
) -> None:  # fmt: skip
    proposals: dict[str, list[Proposal]] = defaultdict(list)
    for row in rows:
        proposals[row.clause].append(Proposal(people[row.student_key], row.fen, row.reason))
    rounds = [
        _reviewed(office, term, clause, fund, found, day) for clause, found in sorted(proposals.items())
    ]
    after = max(one.published_until or day for one in rounds) + timedelta(days=1)
    publication.keep_up(county_code=office.county, today=after, at=office.at(after))
    keys = dict.fromkeys(row.student_key for row in rows)
    office.register_accounts([people[key] for key in keys if key not in office.accounts], after)
    batch = office.batch(f"演示·{term.text}学期学生资助", rounds, template, after)
    answered = after + timedelta(days=3)
    office.answer(batch, answered, failed=max(3, min(FAILED_ONE_IN, batch.lines_count // 3)))
    failed = list(batch_queries.failed_lines(office.county).filter(batch=batch).defer("account__number"))
    if not failed:
        return
    office.correct(failed, answered + timedelta(days=2))
    again = office.batch(
        f"演示·{term.text}学期失败重发", rounds, template, answered + timedelta(days=3), only=[line.award_id for line in failed]
    )  # fmt: skip
    office.answer_with_failures_only(again, answered + timedelta(days=6), failed=min(1, len(failed) - 1))


def _reviewed(
    office: Office, term: terms.Term, clause: str, fund: Fund, proposals: list[Proposal], day: date
) -> AwardRound:
    name = award_queries.clause_of(office.county, clause).name
    made = office.round(f"演示·{term.text}{name}", clause, term.text, fund, proposals, day)
    office.review(made, day)
    return publication.publish(round=made, by=office.aid, at=office.at(day), today=day)
