"""资助判断的执行: facts, situations and lines of one evaluation; stored aside first, and put in force in one step."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.entitlements import lists_settle
from bureau.entitlements.evaluation_facts import Elsewhere, Pupil, elsewhere, pupils
from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation, Profile, Sentence
from bureau.entitlements.evaluation_profiles import FEN, STATE, Sorted, sort
from bureau.entitlements.queries import county_book
from bureau.links.facts import Known
from bureau.registry.bulk import chunks, insert
from bureau.registry.queries import versions
from junheng.policy.clauses import Book

DETAILS = (Claim, EvaluatedChild, Profile, Sentence)
PART = 10_000
READ, JUDGED, CHILDREN, CLAIMS = 0.15, 0.4, 0.65, 0.9


class CancelledError(Exception):
    """Somebody does not want this evaluation any more."""


def rests_on(county_code: str) -> dict[str, object]:
    """What the evaluations of every term of a county rest on: registers and clauses."""
    return {
        "registers": versions(county_code, ["schools", "students"]),
        "book": county_book(county_code).version,
    }


def seen(
    county_code: str, sources: Sequence[Sequence[object]], common: Mapping[str, object] | None = None
) -> dict[str, object]:
    """What an evaluation rests on: when any of it differs today, it is to be made anew. `common`: of `rests_on`, asked once for many terms."""
    return {**(common or rests_on(county_code)), "sources": [list(map(str, one)) for one in sources]}


def fill(
    evaluation: Evaluation,
    *,
    outside: Mapping[str, Mapping[str, Known]],
    further: Iterable[Elsewhere],
    season: str,
    is_open: bool,
    progress: Callable[[float], None],
) -> None:
    """判断并存储 aside: children, situations, sentences and lines of the lists. Fields of `evaluation` are set, not saved."""
    county, book = evaluation.county_code, county_book(evaluation.county_code)
    left_out: dict[str, int] = {}
    # Who is known to study elsewhere is newer than the register that still lists the child here.
    away = {one.key: one for one in elsewhere(county, evaluation.facts_day, further) if one.stage}
    found = [one for one in pupils(county, evaluation.register_day, outside, left_out) if one.key not in away]
    found += away.values()
    progress(READ)
    made = sort(
        found, book, county, evaluation.rules_day, lambda share: progress(READ + (JUDGED - READ) * share)
    )
    _store_profiles(evaluation, made)
    _store_children(evaluation, found, made, progress)
    lists_settle.add_claims(
        evaluation,
        book,
        season,
        lists_settle.compared(evaluation, book),
        lambda share: progress(CHILDREN + (CLAIMS - CHILDREN) * share),
        is_open=is_open,
    )
    evaluation.book_version = book.version
    evaluation.children = len(found)
    evaluation.left_out = left_out
    evaluation.profiles = len(made.situations)
    evaluation.conflicts = sum(1 for pupil in found if pupil.conflicts)
    evaluation.clauses = _by_clause(book, made, evaluation.rules_day)


def _store_profiles(evaluation: Evaluation, made: Sorted) -> None:
    Sentence.objects.bulk_create(
        [
            Sentence(evaluation=evaluation, number=number, text=text)
            for number, text in enumerate(made.sentences)
        ],
        batch_size=500,
    )
    Profile.objects.bulk_create(
        [
            Profile(
                evaluation=evaluation,
                number=one.number,
                stage=one.child.stage,
                grade=one.child.grade,
                facts=dict(one.child.facts),
                findings=one.findings,
                children=one.children,
            )
            for one in made.situations
        ],
        batch_size=500,
    )


def _store_children(
    evaluation: Evaluation, found: Sequence[Pupil], made: Sorted, progress: Callable[[float], None]
) -> None:
    names = (
        "evaluation", "student_key", "person_name", "pinyin", "school_code", "township_code", "elsewhere", "stage",
        "grade", "class_number", "profile", "origins", "conflicts",
    )  # fmt: skip
    adapt = EvaluatedChild._meta.get_field("origins").get_db_prep_save
    connection = transaction.get_connection()
    empty = adapt({}, connection)

    def rows() -> Iterator[tuple[object, ...]]:
        for pupil, profile in zip(found, made.of_pupil, strict=True):
            yield (
                evaluation.pk, pupil.key, pupil.name, pupil.pinyin, pupil.school_code, pupil.township_code,
                pupil.elsewhere, pupil.stage, pupil.grade, pupil.class_number, profile,
                adapt(pupil.origins, connection) if pupil.origins else empty, pupil.conflicts,
            )  # fmt: skip

    done = 0
    for part in chunks(rows(), PART):
        with transaction.atomic():
            insert(EvaluatedChild, names, part)
        done += len(part)
        progress(JUDGED + (CHILDREN - JUDGED) * done / max(1, len(found)))


def _by_clause(book: Book, made: Sorted, on: date) -> dict[str, dict[str, object]]:
    """{clause: its name, kind, and how many it grants, leaves open, cannot tell; fen a year granted}."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in made.situations:
        for finding in one.findings:
            state = str(finding[STATE])
            found = counts[str(finding[0])]
            if state in ("paid", "cut"):
                found["granted"] += one.children
                found["fen"] += one.children * int(str(finding[FEN]))
            elif state in ("unconfirmed", "unknown"):
                found[state] += one.children
    return {
        clause.id: {"name": clause.name, "kind": clause.kind, **counts[clause.id]}
        for clause in book.clauses
        if counts.get(clause.id)
    }


# {(student, clause): waiting or refused} of a county and term: on the way to being paid, or refused, as the payments know it.
InHand = Callable[[str, str], Mapping[tuple[str, str], str]]


def nobody(county_code: str, term: str) -> Mapping[tuple[str, str], str]:
    """在办: for whoever has no payments beside the evaluation."""
    return {}


def hold(county_code: str, term: str) -> None:
    """Keep others from putting an evaluation of the term in force, or entering payments of it, until the transaction ends."""
    rows = Evaluation.objects.select_for_update().filter(county_code=county_code, term=term)
    list(rows.order_by("pk").values_list("pk", flat=True))


def put_in_force(evaluation: Evaluation, *, at: datetime, is_open: bool, in_hand: InHand = nobody) -> None:
    """生效: the evaluation replaces the one before; payments are compared with it in the same step."""
    with transaction.atomic():
        hold(evaluation.county_code, evaluation.term)
        Evaluation.objects.filter(
            county_code=evaluation.county_code, term=evaluation.term, current=True
        ).update(current=False)
        evaluation.current = True
        evaluation.state = Evaluation.State.DONE
        evaluation.progress, evaluation.finished_at = 1, at
        evaluation.seconds = (at - evaluation.asked_at).total_seconds()
        evaluation.save()
        # Asked while others are held: who is proposed meanwhile is compared with this evaluation.
        going_on = in_hand(evaluation.county_code, evaluation.term)
        lists_settle.settle(evaluation, at=at, is_open=is_open, in_hand=going_on)


def forget(evaluations: Iterable[int]) -> None:
    """Take away the details of evaluations that no longer count; what they found in sum stays."""
    for pk in evaluations:
        for model in DETAILS:
            while ids := list(
                model._default_manager.filter(evaluation=pk).values_list("pk", flat=True)[:PART]
            ):
                model._default_manager.filter(evaluation=pk, pk__gte=min(ids), pk__lte=max(ids)).delete()


__all__ = ["CancelledError", "InHand", "fill", "forget", "hold", "nobody", "put_in_force", "rests_on", "seen"]
