"""比对一个名册的版本: its lines with the student register of the day → one result a line, with the earlier decisions that still hold."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bureau.links import enrolled, rules, sampling, states
from bureau.links.ages import school_years_of_age
from bureau.links.models import Decision, Line, Link, OutsideRegister
from bureau.links.pupils import Pupils
from bureau.links.storing import fingerprint
from bureau.people.secret import unseal
from junheng.matching import AUTOMATIC, REVIEW, Matches, match, reasons
from junheng.matching.findings import warnings
from junheng.matching.levels import BORN, HOUSE, ID, NAME
from junheng.matching.weights import load_weights

_STATES = {AUTOMATIC: "automatic", REVIEW: "to_check"}
_TWO_NUMBERS = {
    ID.index(word) for word in ("one_digit_valid", "same_date_valid", "other_date_valid", "sibling")
}
_BROTHERLY = {NAME.index(word) for word in ("given_first", "given_last", "surname_only")}
_AT_HOME = {HOUSE.index(word) for word in ("id", "two_names", "name_phone", "name_rare")}
_COMPULSORY = range(7, 15)  # children of these ages are in school somewhere, mostly here
_FEW = 20
_FIELDS = ("id_number", "guardian_ids", "phone")


COLUMNS = (
    "line_id", "of_id", "state", "student_key", "near_key", "probability", "reason", "machine", "machine_key", "two_numbers", "twin_like", "bearers",
    "around", "urgency", "sampled", "school_code", "decision_id", "contradiction",
)  # fmt: skip


@dataclass(slots=True)
class Compared:
    """What one comparison says: a link for each line, counts and sentences for the whole."""

    links: list[Link]
    counts: dict[str, Any]
    notes: list[str]


def compare(
    register: OutsideRegister,
    lines: Sequence[Line],
    pupils: Pupils,
    decisions: Sequence[Decision],
    *,
    ages: tuple[int, int],
    progress: Callable[[float], None],
) -> Compared:
    """比对. Writes nothing. `decisions` are the standing ones of the county and source."""
    children = [line for line in lines if not line.grown]
    links = {line.pk: Link(line=line, of=register, state="outside", machine="unmatched") for line in lines}
    notes, expected = [], {}
    named = enrolled.find(children, pupils) if register.source == "hardship" else {}
    for at, one in named.items():
        _name(links[children[at].pk], children[at], one, pupils, ages)
    unnamed = [line for at, line in enumerate(children) if at not in named]
    columns = _columns(unnamed)
    progress(0.1)
    if unnamed and len(pupils):
        left = pupils.columns | {"line": [str(row) for row in range(len(pupils))]}
        found = match(left, columns | {"line": [line.place for line in unnamed]})
        progress(0.75)
        texts = reasons(found, left, columns)
        for at, line in enumerate(unnamed):
            _fill(links[line.pk], line, found, at, texts[at], pupils, ages)
        # What is said of a handful of lines that no 学号 named would be taken for the whole list.
        notes = warnings(found) if 2 * len(unnamed) > len(children) else []
        expected = {
            "expected_wrong": round(float((1 - found.probability[found.handling == AUTOMATIC]).sum()), 2),
            "doubled": sum(one != at for at, one in enumerate(found.same_right.tolist())),
        }
    elif unnamed:
        for line in unnamed:
            links[line.pk].state = "unmatched"
            links[line.pk].reason = "学籍名册中还没有学生，请先导入学生名册"
    progress(0.85)
    made = [links[line.pk] for line in lines]
    _draw(register, made)
    carried = _carry(made, decisions, pupils, ages)
    share = _share(children, links, register)
    counts: dict[str, Any] = expected | {
        "share": share,
        "automatic": sum(link.machine == "automatic" for link in made),
        "carried": carried,
        "contradicted": sum(bool(link.contradiction) for link in made),
        "states": dict(Counter(link.state for link in made)),
        "sampled": sum(link.sampled for link in made),
    }
    return Compared(made, counts, notes)


def row_of(link: Link) -> list[object]:
    """The link as `registry.bulk.insert` takes it, in the order of COLUMNS."""
    return [json.dumps(link.around) if name == "around" else getattr(link, name) for name in COLUMNS]


def model_version() -> str:
    """The weights' version."""
    return str(load_weights().version)[:40]


def _columns(lines: Sequence[Line]) -> dict[str, list[str | None]]:
    """The lines as columns of texts; identifiers in clear only here."""
    columns: dict[str, list[str | None]] = {
        name: [getattr(line, name) or None for line in lines]
        for name in ("name", "sex", "born", "county", "township", "village", "guardians")
    }
    for name in _FIELDS:
        columns["id" if name == "id_number" else name] = [
            unseal(getattr(line, name)) or None for line in lines
        ]
    return columns


def _name(link: Link, line: Line, found: enrolled.Found, pupils: Pupils, ages: tuple[int, int]) -> None:
    """A line on which a school names its pupil itself."""
    link.state = link.machine = found.state
    link.probability, link.reason = found.probability, found.reason
    link.student_key = link.machine_key = pupils.keys[found.row]
    link.school_code = pupils.schools[found.row]
    if found.state != "automatic":
        link.around = {"pupils": [pupils.keys[one] for one in pupils.household(found.row)], "rivals": 0}
    link.urgency = _urgency(link, line, ages)


def _fill(
    link: Link, line: Line, found: Matches, at: int, text: str, pupils: Pupils, ages: tuple[int, int]
) -> None:
    other, near = int(found.other[at]), int(found.near[at])
    row = other if other >= 0 else near
    link.state = link.machine = _STATES.get(int(found.handling[at]), "unmatched")
    link.probability = float(found.probability[at])
    link.student_key = pupils.keys[other] if other >= 0 else ""
    link.near_key = pupils.keys[near] if other < 0 <= near else ""
    link.machine_key = link.student_key or link.near_key
    link.reason = _spoken(text, pupils)
    link.school_code = pupils.schools[row] if row >= 0 else ""
    compared = found.compared
    if row >= 0:
        link.two_numbers = int(compared.id[at]) in _TWO_NUMBERS
        brotherly = int(compared.name[at]) in _BROTHERLY
        born = int(compared.born[at]) == BORN.index("equal")
        home = int(compared.house[at]) in _AT_HOME
        twins = int(compared.id[at]) == ID.index("same_date_valid")
        link.twin_like = link.state != "automatic" and (twins or (brotherly and (born or home)))
        link.bearers = int(compared.bearers[at])
    if link.state != "automatic" and row >= 0:
        link.around = {
            "pupils": [pupils.keys[one] for one in pupils.household(row)],
            "rivals": int(found.rivals[at]),
        }
    link.urgency = _urgency(link, line, ages)


def _urgency(link: Link, line: Line, ages: tuple[int, int]) -> float:
    age = school_years_of_age(line.birth_date, link.of.day)
    return rules.urgency(
        link.probability,
        source=link.of.source,
        school_age=age is None or ages[0] <= age <= ages[1],
        twin_like=link.twin_like,
        two_numbers=link.two_numbers,
        contradicted=bool(link.contradiction),
    )


def _spoken(text: str, pupils: Pupils) -> str:
    """Pupils by school, grade and name instead of by row."""
    return re.sub(r"学籍第(\d+)行", lambda found: f"“{pupils.described[int(found[1])]}”", text)


def _draw(register: OutsideRegister, links: Sequence[Link]) -> None:
    """抽查样本: the same lines for the same version, whoever asks."""
    automatic = [link for link in links if link.state == "automatic"]
    automatic.sort(key=lambda link: fingerprint(str(register.pk), link.line.key))
    for link in automatic[: sampling.sample_size(len(automatic))]:
        link.sampled = True


def _carry(
    links: Sequence[Link], decisions: Sequence[Decision], pupils: Pupils, ages: tuple[int, int]
) -> int:
    """沿用 what people decided before; answers how many decisions were applied."""
    known: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        known[decision.line_key].append(decision)
    applied = 0
    for link in links:
        of_line = known.get(link.line.key)
        if of_line and link.state != "outside":
            applied += _carry_one(link, of_line, pupils)
            link.urgency = _urgency(link, link.line, ages)
    return applied


def _carry_one(link: Link, decisions: list[Decision], pupils: Pupils) -> bool:
    picked = link.student_key or link.near_key
    order = {"same": 0, "visit": 1}
    for decision in sorted(decisions, key=lambda one: (order.get(one.verdict, 2), one.student_key != picked)):
        row = pupils.row_of.get(decision.student_key)
        found = rules.carry(
            verdict=decision.verdict,
            settled=decision.settled,
            same_line=decision.line_fingerprint == link.line.fingerprint,
            same_student=row is not None and pupils.fingerprints[row] == decision.student_fingerprint,
            student_there=row is not None,
            machine=link.machine,
            machine_picks=decision.student_key == picked,
        )
        if not found.applies and not found.contradiction:
            continue
        link.state, link.decision, link.contradiction = found.state, decision, found.contradiction
        if found.applies:
            _apply(link, decision, pupils)
            return True
        return False
    return False


def _apply(link: Link, decision: Decision, pupils: Pupils) -> None:
    """A decision that still holds names the pupil, whatever the machine would say."""
    row = pupils.row_of.get(decision.student_key)
    if decision.audit and link.machine == "automatic" and decision.verdict == "same":
        link.state, link.sampled = "automatic", True
    if decision.verdict == "same":
        link.student_key, link.near_key = decision.student_key, ""
    elif link.state in states.MISSING:
        link.student_key, link.near_key = "", decision.student_key or link.near_key
    if row is not None:
        link.school_code = pupils.schools[row]


def _share(children: Sequence[Line], links: dict[int, Link], register: OutsideRegister) -> float | None:
    """对上的比例 among children of compulsory age; None where there are too few to tell."""
    of_age = [
        links[line.pk]
        for line in children
        if (age := school_years_of_age(line.birth_date, register.day)) is None or age in _COMPULSORY
    ]
    if len(of_age) < _FEW:
        return None
    return round(sum(bool(link.student_key) for link in of_age) / len(of_age), 4)
