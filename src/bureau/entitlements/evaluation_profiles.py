"""判断的情形: pupils sorted into distinct situations, each judged once, with its sentences. No database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bureau.entitlements.evaluation_facts import Pupil
from junheng.aid import Child, assess
from junheng.aid.totals import term_fen
from junheng.policy.clauses import PUPIL_STAGES, Book

Finding = list[object]
# Places in a finding as it is stored.
CLAUSE, STATE, FEN, DUE, BY, SENTENCE, MISSING = range(7)
JUDGED_AT_ONCE = 400


@dataclass(slots=True)
class Situation:
    """一种情形 and what follows: `findings` are [clause, state, fen, due, by, sentence number, missing facts]."""

    number: int
    child: Child
    findings: list[Finding] = field(default_factory=list)
    children: int = 0


@dataclass(slots=True)
class Sorted:
    """分好的情形: {situation's key: situation}, the sentences in the order of their numbers, and the number of each pupil's situation."""

    situations: list[Situation]
    sentences: list[str]
    of_pupil: list[int]


def sort(
    pupils: Iterable[Pupil], book: Book, county_code: str, on: date, progress: Callable[[float], None]
) -> Sorted:
    """Each pupil's situation, judged by the book on the day. `progress` gets the share done and may raise to stop."""
    asked = {stage: book.asked_of((stage,)) for stage in PUPIL_STAGES}
    places: dict[tuple[object, ...], int] = {}
    situations: list[Situation] = []
    of_pupil: list[int] = []
    for pupil in pupils:
        names = asked[pupil.stage]
        values = tuple(map(pupil.facts.get, names))
        key = (pupil.stage, pupil.grade, values)
        place = places.get(key)
        if place is None:
            place = places[key] = len(situations)
            facts = dict(zip(names, values, strict=True))
            situations.append(Situation(place, Child(pupil.stage, pupil.grade, county_code, facts)))
        situations[place].children += 1
        of_pupil.append(place)
    numbers: dict[str, int] = {}
    for start in range(0, len(situations), JUDGED_AT_ONCE):
        _judge(situations[start : start + JUDGED_AT_ONCE], book, on, numbers)
        progress((start + JUDGED_AT_ONCE) / len(situations))
    return Sorted(situations, list(numbers), of_pupil)


def _judge(part: Sequence[Situation], book: Book, on: date, numbers: dict[str, int]) -> None:
    for one, answer in zip(part, assess(book, [one.child for one in part], on), strict=True):
        for found in answer.findings:
            outcome = found.outcome
            sentence = numbers.setdefault(found.why, len(numbers))
            one.findings.append(
                [
                    outcome.clause,
                    outcome.state,
                    outcome.fen,
                    outcome.due,
                    outcome.by,
                    sentence,
                    list(found.missing),
                ]
            )


def term_amount(book: Book, clause: str, on: date, fen_a_year: int, season: str) -> int:
    """一学期应发 of a clause that grants `fen_a_year` on the day; 0 when it has no rate then."""
    found = next((one for one in book.clauses if one.id == clause), None)
    rate = found.on(on) if found else None
    return term_fen(rate, fen_a_year, season) if rate else 0
