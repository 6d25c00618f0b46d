"""应发与实发对账: the lines of an evaluation's lists, and what the payments of its term make of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation, Profile
from bureau.entitlements.evaluation_profiles import (
    CLAUSE,
    DUE,
    FEN,
    MISSING,
    STATE,
    Finding,
    term_amount,
)
from bureau.entitlements.evaluation_rules import (
    ABSENT,
    GRANTED,
    REFUSED,
    UNCONFIRMED,
    UNKNOWN,
    WAITING,
    only_by_list,
    standing_of,
)
from bureau.entitlements.lists_tally import tallied
from bureau.entitlements.paid_models import PaidLine
from bureau.entitlements.queries import county_book
from bureau.registry.bulk import chunks, insert, update_by_id
from bureau.registry.queries import raw
from junheng.policy.clauses import Book

# Payments are made to each child; what is waived, cooked or lent is compared only where somebody has brought a list of it.
ALWAYS = "cash"
KEPT_STATES = (*GRANTED, UNCONFIRMED, UNKNOWN)
PART = 10_000
NAMES = (
    "evaluation", "student_key", "person_name", "pinyin", "school_code", "township_code", "stage", "grade",
    "class_number", "clause", "state", "standing", "due_fen", "paid_fen", "missing",
)  # fmt: skip
Pair = tuple[str, str]


@dataclass(slots=True)
class Sum_:
    """What one child got by one clause in the term, and how the list names the child."""

    fen: int = 0
    name: str = ""
    school: str = ""


def paid_pairs(evaluation: Evaluation) -> dict[Pair, Sum_]:
    """{(student, clause): what was paid}; a line of somebody whom no register knows stands for itself."""
    rows = PaidLine.objects.filter(
        list__state="in_force", list__county_code=evaluation.county_code, list__term=evaluation.term
    ).order_by("pk")
    found: dict[Pair, Sum_] = {}
    for pk, key, clause, fen, name, school in rows.values_list(
        "pk", "student_key", "clause", "fen", "person_name", "school_code"
    ):
        one = found.setdefault((key or f"line:{pk}", clause), Sum_())
        one.fen += fen
        one.name, one.school = name or one.name, school or one.school
    return found


def compared(evaluation: Evaluation, book: Book) -> set[str]:
    """The clauses whose payments are compared child by child in this term."""
    listed = PaidLine.objects.filter(
        list__state="in_force", list__county_code=evaluation.county_code, list__term=evaluation.term
    )
    cash = {clause.id for clause in book.clauses if clause.kind == ALWAYS}
    return cash | set(listed.order_by().values_list("clause", flat=True).distinct())


def add_claims(
    evaluation: Evaluation,
    book: Book,
    season: str,
    clauses: Collection[str],
    progress: Callable[[float], None],
    *,
    is_open: bool,
) -> None:
    """Lines for these clauses: where they grant, wait or cannot be told. Nothing is paid yet as far as they know."""
    in_payment = {clause for _key, clause in paid_pairs(evaluation)}
    listed = book.by_list
    wanted: dict[int, list[tuple[str, str, int, str]]] = {}
    amounts: dict[tuple[str, int], int] = {}

    def amount(clause: str, fen: int) -> int:
        if (clause, fen) not in amounts:
            amounts[clause, fen] = term_amount(book, clause, evaluation.rules_day, fen, season)
        return amounts[clause, fen]

    for number, findings in Profile.objects.filter(evaluation=evaluation).values_list("number", "findings"):
        lines = []
        for one in findings:
            line = _line(one, clauses, amount)
            if line:
                lines.append(line)
        if lines:
            wanted[number] = lines
    children = EvaluatedChild.objects.filter(evaluation=evaluation).order_by("pk")
    total, done = evaluation.children or children.count(), 0

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal done
        for *who, profile in raw(children.values_list(*NAMES[1:9], "profile")):
            done += 1
            for clause, state, due, missing in wanted.get(profile, ()):
                standing = standing_of(
                    state=state,
                    due=due,
                    paid=0,
                    in_payment=not is_open or clause in in_payment,
                    by_list=only_by_list(missing, listed),
                )
                yield (evaluation.pk, *who, clause, state, standing, due, 0, missing)

    for part in chunks(rows(), PART):
        with transaction.atomic():
            insert(Claim, NAMES, part)
        progress(done / max(1, total))


def _line(
    finding: Finding, clauses: Collection[str], amount: Callable[[str, int], int]
) -> tuple[str, str, int, str] | None:
    clause, state = str(finding[CLAUSE]), str(finding[STATE])
    if clause not in clauses or state not in KEPT_STATES:
        return None
    due = amount(clause, int(str(finding[FEN if state in GRANTED else DUE])))
    if state in GRANTED and not due and int(str(finding[FEN])):
        return None  # given once, in the other term
    missing = finding[MISSING]
    return clause, state, due, "、".join(missing)[:200] if isinstance(missing, list) else ""


def settle(
    evaluation: Evaluation, *, at: datetime, is_open: bool, in_hand: Mapping[Pair, str] | None = None
) -> None:
    """对账: each line gets what was paid and its standing; what was paid without being due gets a line. Inside a transaction.

    `in_hand`: {(student, clause): waiting or refused}. Who is being reviewed or published, or stands in a batch, waits in the open
    term; later they were missed all the same. Whom a reviewer refused was not forgotten, in any term.
    """
    decided = in_hand or {}
    book = county_book(evaluation.county_code)
    season = evaluation.term[-1]
    paid = {pair: one for pair, one in paid_pairs(evaluation).items() if one.fen > 0}
    in_payment = {clause for _key, clause in paid}
    rows = Claim.objects.filter(evaluation=evaluation)
    extra = _other_kinds(evaluation, book, season, in_payment, is_open=is_open)
    changed: dict[tuple[str, int], list[int]] = defaultdict(list)
    gone: list[int] = []
    for pk, key, clause, state, due, before, standing, missing in rows.values_list(
        "pk", "student_key", "clause", "state", "due_fen", "paid_fen", "standing", "missing"
    ).iterator(chunk_size=PART):
        one = paid.pop((key, clause), None)
        fen = one.fen if one else 0
        if not fen and state not in KEPT_STATES:
            gone.append(pk)
            continue
        now = standing_of(
            state=state,
            due=due,
            paid=fen,
            in_payment=not is_open or clause in in_payment or clause in extra,
            in_hand=is_open and decided.get((key, clause)) == WAITING,
            refused=decided.get((key, clause)) == REFUSED,
            by_list=only_by_list(missing, book.by_list),
        )
        if (now, fen) != (standing, before):
            changed[now, fen].append(pk)
    for (now, fen), ids in changed.items():
        update_by_id(Claim, ids, standing=now, paid_fen=fen)
    for part in chunks(gone, 5000):
        rows.filter(pk__in=part).delete()
    _add_undue(evaluation, paid)
    evaluation.counts = tallied(rows)
    evaluation.settled_at = at
    evaluation.save(update_fields=["counts", "settled_at"])


def _other_kinds(
    evaluation: Evaluation, book: Book, season: str, in_payment: set[str], *, is_open: bool
) -> set[str]:
    """Lines of waivers, meals and loans come and go with the lists that speak of them; answers those that are there."""
    kinds = {clause.id: clause.kind for clause in book.clauses}
    lines = Claim.objects.filter(evaluation=evaluation)
    there = {
        clause
        for clause in lines.order_by().values_list("clause", flat=True).distinct()
        if kinds.get(clause) != ALWAYS
    }
    wanted = {clause for clause in in_payment if kinds.get(clause) not in (None, ALWAYS)}
    if there - wanted:
        lines.filter(clause__in=there - wanted).delete()
    if wanted - there:
        add_claims(evaluation, book, season, wanted - there, lambda share: None, is_open=is_open)
    return wanted


def _add_undue(evaluation: Evaluation, paid: dict[Pair, Sum_]) -> None:
    """已发不应享受: with what was found of the clause for the child, or ABSENT where the child was not judged."""
    keys = list({key for key, _clause in paid})
    children: dict[str, tuple[object, ...]] = {}
    for part in chunks(keys, 5000):
        rows = EvaluatedChild.objects.filter(evaluation=evaluation, student_key__in=part)
        children |= {str(row[0]): row for row in rows.values_list(*NAMES[1:9], "profile")}
    findings: dict[object, dict[str, str]] = {}
    for numbers in chunks({row[-1] for row in children.values()}):
        profiles = Profile.objects.filter(evaluation=evaluation, number__in=numbers)
        for number, found in profiles.values_list("number", "findings"):
            findings[number] = {str(one[CLAUSE]): str(one[STATE]) for one in found}

    def lines() -> Iterator[tuple[object, ...]]:
        for (key, clause), one in paid.items():
            child = children.get(key)
            if child is None:
                who: tuple[object, ...] = (key, one.name, "", one.school, "", "", None, None)
                state = ABSENT
            else:
                *known, profile = child
                who = tuple(known)
                state = findings.get(profile, {}).get(clause, ABSENT)
            yield (evaluation.pk, *who, clause, state, "undue", 0, one.fen, "")

    for part in chunks(lines(), PART):
        insert(Claim, NAMES, part)
