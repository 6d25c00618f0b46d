"""两版比较: which situations change, by how much, for how many children here, and what it costs a year by clause."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bureau.entitlements.clause_children import Children, children_of
from bureau.entitlements.queries import with_confirmations
from bureau.pages.context import Page
from bureau.pages.remember import remembered
from junheng.aid.compare import Change, changes
from junheng.aid.plan import compile_plan
from junheng.aid.whatif import Bill, bill
from junheng.policy.clauses import Book

MOST = 60


@dataclass(frozen=True)
class Effect:
    """影响: `changes` of whole situations, `lines` by clause: heads and 元 before and after; `children` None: none known."""

    changes: list[dict[str, Any]]
    more: int
    children: Children | None
    touched: int
    lines: list[dict[str, Any]]
    before: float
    after: float

    @property
    def difference(self) -> float:
        """元 a year more (or, below zero, less) than before, loans apart."""
        return self.after - self.before


def compared(here: Page, before: Book, after: Book, day: date) -> Effect:
    """The two books on a day, for this county, each with what two persons confirmed; remembered for the same two books."""
    old, new = (with_confirmations(book, here.county_code) for book in (before, after))
    children = children_of(here.county_code, here.on)
    version = children.version if children else "none"
    return remembered(
        f"clauses:{old.version}:{new.version}:{version}",
        f"{here.county_code} {day}",
        lambda: _effect(here.county_code, old, new, day, children),
    )


def _effect(county: str, old: Book, new: Book, day: date, children: Children | None) -> Effect:
    found = changes(old, new, day, cube=children.cube if children else None, county=county)
    names = {clause.id: clause.name for book in (old, new) for clause in book.clauses}
    found.sort(key=lambda one: (-one.children, -abs(one.delta), one.stage))
    lines: list[dict[str, Any]] = []
    totals = [0.0, 0.0]
    if children:
        bills = [bill(children.cube, compile_plan(book, day)) for book in (old, new)]
        lines, totals = bill_lines(*bills)
    return Effect(
        [_row(one, names) for one in found[:MOST]],
        max(0, len(found) - MOST),
        children,
        sum(one.children for one in found),
        [line for line in lines if line["before"] != line["after"] or line["heads_before"] != line["heads"]],
        *totals,
    )


def bill_lines(before: Bill, after: Bill) -> tuple[list[dict[str, Any]], list[float]]:
    """(by clause: heads and 元 a year before and after; the two sums without loans)."""
    parts = [one.by_clause() for one in (before, after)]
    clauses = {clause.id: clause for one in (before, after) for clause in one.plan.clauses}
    lines = []
    for name, clause in clauses.items():
        (old, old_heads), (new, new_heads) = (part.get(name, (0, 0)) for part in parts)
        lines.append(
            {
                "id": name,
                "name": clause.name,
                "kind": clause.kind,
                "heads_before": old_heads,
                "heads": new_heads,
                "before": old / 100,
                "after": new / 100,
                "difference": (new - old) / 100,
            }
        )
    return lines, [sum(one.by_stage().values()) / 100 for one in (before, after)]


def _row(one: Change, names: dict[str, str]) -> dict[str, Any]:
    grades = one.grades
    span = f"{grades[0]}" if len(grades) == 1 else f"{grades[0]}—{grades[-1]}"
    return {
        "stage": one.stage,
        "grades": span,
        "example": one.example,
        "delta": one.delta / 100,
        "waits": one.waits / 100,
        "children": one.children,
        "sum": one.fen / 100,
        "profiles": one.profiles,
        "clauses": [names.get(name, name) for name in one.clauses],
    }
