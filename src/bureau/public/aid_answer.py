"""资助自查的回答 (the answer): what a child may receive, what else would matter, and what not, clause by clause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bureau.public.aid_form import Filled
from junheng.aid import Child, Finding, assess
from junheng.aid.model import GRANTED, LOST, UNCONFIRMED, UNKNOWN_STATE
from junheng.aid.reasons import amount, money
from junheng.policy import STATUS_TITLES
from junheng.policy.clauses import KINDS, NO, Book, Clause, Fact, facts_of, judge


@dataclass(frozen=True, slots=True)
class Line:
    """一条: a clause with its answer. `amount` in words; `why` without the citation, which stands apart as
    `source` (document and item), `quote` (the document's own words) and `status` (how far it was checked, "" when seen).
    """

    name: str
    kind: str
    amount: str
    why: str
    source: str
    quote: str
    status: str
    evidence: tuple[str, ...]
    obligation: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageAnswer:
    """一个学段的回答: lines by what follows from them; `sums` are sentences of money."""

    stage: str
    sums: tuple[str, ...]
    granted: tuple[Line, ...]
    open: tuple[Line, ...]
    waiting: tuple[Line, ...]
    replaced: tuple[Line, ...]
    refused: tuple[Line, ...]


def asked(book: Book, children: Sequence[Child], on: date) -> list[Fact]:
    """要问的情况: facts that could change the answer for these children, whatever else is answered."""
    wanted: set[str] = set()
    for child in children:
        known = book.facts_on(child.county, on, {})
        for clause in book.clauses:
            if _concerns(clause, child, on) and judge(clause.condition, known) != NO:
                wanted |= {fact for fact in facts_of(clause.condition) if known.get(fact) is None}
    return [fact for name, fact in book.facts.items() if name in wanted]


def _concerns(clause: Clause, child: Child, on: date) -> bool:
    rate = clause.on(on)
    if rate is None or child.stage not in clause.stages:
        return False
    if child.county and not any(child.county.startswith(area) for area in clause.areas):
        return False
    return child.grade == 0 or rate.takes(child.stage, child.grade)


def answer(book: Book, filled: Filled) -> list[StageAnswer]:
    """回答: one for each stage that is possible, with every clause of the child's area in one of its lists."""
    children = filled.children()
    found = assess(book, children, filled.on)
    return [
        _stage_answer(book, child, one.findings, dict(one.totals.paid), filled.on)
        for child, one in zip(children, found, strict=True)
    ]


def _stage_answer(
    book: Book, child: Child, findings: Sequence[Finding], paid: dict[tuple[str, str], int], on: date
) -> StageAnswer:
    lists: dict[str, list[Line]] = {
        name: [] for name in ("granted", "open", "waiting", "replaced", "refused")
    }
    for finding in findings:
        clause = finding.clause
        if child.stage not in clause.stages or clause.on(on) is None:
            continue
        lists[_list_of(finding.outcome.state)].append(_line(book, finding, on))
    return StageAnswer(
        child.stage,
        tuple(_sums(paid)),
        *(tuple(lists[name]) for name in ("granted", "open", "waiting", "replaced", "refused")),
    )


def _list_of(state: str) -> str:
    if state in GRANTED:
        return "granted"
    return {UNKNOWN_STATE: "open", UNCONFIRMED: "waiting", LOST: "replaced"}.get(state, "refused")


def _line(book: Book, finding: Finding, on: date) -> Line:
    clause, outcome = finding.clause, finding.outcome
    rate = clause.near(on)
    cite = rate.cite
    granted = outcome.fen if outcome.state in GRANTED and outcome.fen else outcome.due
    return Line(
        clause.name,
        KINDS[clause.kind],
        amount(clause, rate, granted),
        finding.why.replace(f"；依据{finding.cite}", ""),
        f"{book.documents[cite.document].name}{cite.item}",
        cite.quote,
        "" if cite.status == "V" else STATUS_TITLES[cite.status],
        clause.evidence,
        clause.obligation,
        finding.missing,
    )


def _sums(paid: dict[tuple[str, str], int]) -> list[str]:
    """每类合计一句; loans are no gift and are left out."""
    words = {"year": "每年", "once": "一次性"}
    return [
        f"{words[period]}{KINDS[kind]}共{money(fen)}"
        for (kind, period), fen in sorted(paid.items())
        if fen and kind != "loan"
    ]


def matters(
    answers: Sequence[StageAnswer], asked_facts: Sequence[Fact]
) -> list[tuple[str, str, tuple[str, ...]]]:
    """弄清哪些情况会改变结果: (what is not known, the register that knows it or "", names of the clauses it decides)."""
    registers = {fact.name: fact.register for fact in asked_facts}
    found: dict[str, dict[str, None]] = {}
    for one in answers:
        for line in one.open:
            for name in line.missing:
                found.setdefault(name, {})[line.name] = None
    ordered = sorted(found.items(), key=lambda item: -len(item[1]))
    return [(name, registers.get(name, ""), tuple(clauses)) for name, clauses in ordered]
