"""台账流程图: nodes, edges and levels for drawing; layout by how far a state is from the first one."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from junheng.policy.ledgers.model import Ledger
from junheng.policy.ledgers.vocabulary import LEVEL_WORDS

UNIT_WORDS: Mapping[str, str] = {"working": "个工作日", "calendar": "日"}


@dataclass(frozen=True, slots=True)
class Node:
    """状态框. `column` 0… from the left by distance from the first state; `row` 0… counts the boxes above it."""

    name: str
    title: str
    phase: str
    level: str
    column: int
    row: int
    deadline_words: str


@dataclass(frozen=True, slots=True)
class Edge:
    """箭头. `by` names the levels; "数据" for what only the data moves."""

    source: str
    target: str
    title: str
    by: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """流程图."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    levels: tuple[str, ...]


def diagram(ledger: Ledger) -> Diagram:
    """流程图 of a ledger that stands."""
    edges = [
        Edge(source, move.target, move.title, "、".join(LEVEL_WORDS[level] for level in move.by))
        for move in ledger.moves
        if move.target
        for source in move.sources
    ]
    solved = ledger.solved
    if solved is not None and ledger.detectors:
        edges += [
            Edge(state.name, solved.name, "数据不再显示", "数据")
            for state in ledger.states
            if state.phase in ("open", "claimed")
        ]
    column = _distances(ledger.initial.name, edges)
    rows: dict[int, int] = {}
    nodes = []
    for state in ledger.states:
        at = column.get(state.name, 0)
        days = ledger.days_of(state)
        words = f"{days}{UNIT_WORDS[state.unit]}" if days is not None else ""
        titles = {one.name: one.title for one in ledger.columns}
        if state.since:
            words = f"自“{titles.get(state.since, state.since)}”起{words}"
        if state.column:
            words = f"按“{titles.get(state.column, state.column)}”" + (f"，未填时{words}" if words else "")
        nodes.append(
            Node(
                state.name,
                state.title,
                state.phase,
                LEVEL_WORDS.get(state.level, ""),
                at,
                rows.get(at, 0),
                words,
            )
        )
        rows[at] = rows.get(at, 0) + 1
    levels = tuple(LEVEL_WORDS[level] for level in ledger.ladder.levels)
    return Diagram(tuple(nodes), tuple(edges), levels)


def _distances(first: str, edges: list[Edge]) -> dict[str, int]:
    found = {first: 0}
    waiting = deque([first])
    while waiting:
        at = waiting.popleft()
        for edge in edges:
            if edge.source == at and edge.target not in found:
                found[edge.target] = found[at] + 1
                waiting.append(edge.target)
    return found
