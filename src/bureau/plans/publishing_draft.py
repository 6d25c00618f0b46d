"""发布预览: the tasks and targets that will arise from a plan as people left it; nothing is written here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bureau.people.models import Organisation
from bureau.plans.confirming_words import describe
from bureau.plans.document_dates import last_day
from bureau.plans.document_queries import EXPLICIT, reading_openings
from bureau.plans.document_rules import Openings
from bureau.plans.models import Item, Node, Plan, Task
from bureau.plans.reading import checked
from bureau.plans.target_models import Target
from bureau.plans.unit_names import meanings

TO_PLAN_END = "按计划期末"
PROMISES = ("target", "count")
_DATED = ("by", "in", "range")
# Of several periods in one task the shortest is the one that must be kept track of.
_PERIODS = ("1w", "1m", "1q", "1sem", "6m", "1sy", "1y", "2y", "3y", "5y")
_BLANKS = re.compile(r"[ \t\u3000]*\n\s*")


@dataclass
class TaskDraft:
    """一项将要产生的任务: the unsaved row, its units and its targets."""

    task: Task
    leads: list[Organisation] = field(default_factory=list)
    supports: list[Organisation] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    assumed_lead: bool = False  # nobody is named; the publisher's choice


@dataclass
class Draft:
    """将要产生的任务和目标, in the order of the text; `loose` are targets outside any task."""

    tasks: list[TaskDraft] = field(default_factory=list)
    loose: list[Target] = field(default_factory=list)
    words_only: list[str] = field(default_factory=list)  # relations that no figure can follow

    @property
    def targets(self) -> list[Target]:
        """All targets, numbered."""
        return sorted(
            (*self.loose, *(one for task in self.tasks for one in task.targets)), key=lambda one: one.number
        )


@dataclass
class _Text:
    """What drafting looks up again and again."""

    plan: Plan
    nodes: dict[str, Node]
    order: list[Node]
    items: dict[str, list[Item]]  # by node
    units: Mapping[str, list[Organisation]]

    def above(self, node: Node) -> list[Node]:
        """The headings above, nearest first."""
        found: list[Node] = []
        while node.parent_key in self.nodes and len(found) < 20:
            node = self.nodes[node.parent_key]
            found.append(node)
        return found

    def in_node(self, key: str, kind: str) -> list[Item]:
        return [row for row in self.items.get(key, ()) if row.kind == kind]


def draft(plan: Plan, default_lead: Organisation | None = None) -> Draft:
    """预览: built from the confirmed items; `default_lead` leads the tasks for which the text names nobody."""
    result, rows = checked(plan)
    live = [row for row in rows.values() if row.status != Item.Status.REJECTED]
    by_node: dict[str, list[Item]] = {}
    for row in live:
        by_node.setdefault(row.node_key, []).append(row)
    nodes = list(plan.nodes.all())
    text = _Text(plan, {node.key: node for node in nodes}, nodes, by_node, meanings(plan))
    found, used = Draft(), set[int]()
    for number, entry in enumerate(result.tasks, 1):
        several = sum(one["node"] == entry["node"] for one in result.tasks) > 1
        found.tasks.append(_task(text, number, entry, rows, default_lead, used, several=several))
    for row in sorted(live, key=lambda row: row.start):
        if row.pk not in used and (made := _target(text, row, None)) is not None:
            found.loose.append(made)
    _without_repetition(found)
    found.words_only = [
        describe(row.kind, row.fields) for row in live if row.kind == "implicit" and row.fields.get("kind") not in ("cover", "zero")
    ]  # fmt: skip
    return found


def openings(plan: Plan, found: Draft) -> Openings:
    """没办完的事, with those that only the draft shows."""
    leaderless = sum(not one.leads for one in found.tasks)
    return replace(reading_openings(plan), leaderless=leaderless, tasks=len(found.tasks))


def _task(
    text: _Text,
    number: int,
    entry: Mapping[str, Any],
    rows: Mapping[str, Item],
    default_lead: Organisation | None,
    used: set[int],
    *,
    several: bool,
) -> TaskDraft:
    node = text.nodes[entry["node"]]
    leads, supports = _units(text, node, entry)
    dated = [rows[key] for key in entry["deadlines"] if key in rows]
    due, due_text = _due(text, node, entry["due"], dated)
    title = f"{node.title}（{entry['due']}）" if several and entry["due"] else node.title
    made = TaskDraft(
        Task(
            plan=text.plan,
            number=number,
            section=" / ".join(f"{one.label}{one.title}" for one in reversed(text.above(node)))[:200],
            title=title[:200],
            measures=_measures(text, node),
            due=due,
            due_text=due_text[:120],
            frequency=_frequency(entry["recurrence"]),
            node_key=node.key,
            start=node.start,
            end=_own_end(text, node),
        ),
        leads or ([default_lead] if default_lead else []),
        supports,
        assumed_lead=not leads,
    )
    promised = [rows[key] for key in entry["targets"] if key in rows]
    first = entry["id"] in (node.key, f"{node.key}.1")
    promised += text.in_node(node.key, "implicit") if first else []
    for row in promised:
        if row.pk in used:
            continue
        used.add(row.pk)
        target = _target(text, row, due)
        if target is not None:
            made.targets.append(target)
    made.task.goal = "；".join(
        describe(row.kind, row.fields) for row in promised if row.kind == "implicit" or row.fields.get("kind") in PROMISES
    )  # fmt: skip
    return made


def _units(
    text: _Text, node: Node, entry: Mapping[str, Any]
) -> tuple[list[Organisation], list[Organisation]]:
    """(leading, supporting): of the unit lists; where there is none, those who act in the text."""
    leads = _meant(text, entry["lead"])
    supports = _meant(text, entry["assist"])
    if not leads and not supports:
        acting = [name for row in text.in_node(node.key, "unit") for name in row.fields.get("units") or ()]
        supports = _meant(text, acting)
    if not leads:
        leads, supports = supports[:1], supports[1:]
    return leads, [one for one in supports if one not in leads]


def _meant(text: _Text, names: Iterable[str]) -> list[Organisation]:
    return list(dict.fromkeys(one for name in names for one in text.units.get(name, ())))


def _due(text: _Text, node: Node, partial: str | None, dated: Sequence[Item]) -> tuple[date | None, str]:
    """(day, the words it comes from): own deadline, else that of a heading above, else the end of the plan."""
    day = last_day(partial)
    if day is not None:
        return day, "、".join(dict.fromkeys(" ".join(row.text.split()) for row in dated))
    for above in text.above(node):
        found = [
            (day, row)
            for row in text.in_node(above.key, "deadline")
            if row.fields.get("kind") in _DATED and (day := last_day(row.fields.get("t_end"))) is not None
        ]
        if found:
            latest, row = max(found, key=lambda one: one[0])
            return latest, f"{' '.join(row.text.split())}（{above.title}）"
    return text.plan.ends, TO_PLAN_END if text.plan.ends else ""


def _frequency(recurrence: Sequence[Mapping[str, Any]]) -> str:
    known = [one for one in recurrence if one.get("freq") in _PERIODS]
    if not known:
        return ""
    one = min(known, key=lambda one: _PERIODS.index(one["freq"]))
    times = one.get("n")
    return (
        f"{one['freq']}*{int(times)}"
        if isinstance(times, int | float) and 1 < times < 100
        else str(one["freq"])
    )


def _own_end(text: _Text, node: Node) -> int:
    """Where the task's own text ends: its section, unless tasks of their own begin below it."""
    below = [one for one in text.order if node.start < one.start < node.section_end and one.is_task]
    return below[0].start if below else max(node.section_end, node.end)


def _measures(text: _Text, node: Node) -> str:
    """具体措施: the section without its list of responsible units."""
    start, end = node.end, _own_end(text, node)
    words, at = [], start
    for row in sorted(text.in_node(node.key, "unit"), key=lambda row: row.start):
        if (
            row.fields.get("kind") in EXPLICIT
            and row.fields.get("kind") != "duty"
            and at <= row.start < row.end <= end
        ):
            words.append(re.sub(r"[（(【\[]\s*$", "", text.plan.source[at : row.start]))
            at = (
                row.end + len(match[0])
                if (match := re.match(r"\s*[）)】\]]?", text.plan.source[row.end : end]))
                else row.end
            )
    words.append(text.plan.source[at:end])
    return _BLANKS.sub("\n", "".join(words)).strip().lstrip("。．.:：，,")


def _target(text: _Text, row: Item, task_due: date | None) -> Target | None:
    """A figure to follow; None for norms, background and relations."""
    fields = row.fields
    if row.kind == "target" and fields.get("kind") in PROMISES:
        words = {"indicator": fields["ind"], "comparator": fields["cmp"], "value": fields["val"]}
        words |= {
            "value2": fields.get("val2"),
            "unit": fields.get("unit") or "",
            "scope": fields.get("scope") or "",
        }
    elif row.kind == "implicit" and fields.get("kind") == "cover":
        words = {"indicator": f"{fields['ind']}覆盖率", "comparator": "ge", "value": 100, "unit": "%"}
    elif row.kind == "implicit" and fields.get("kind") == "zero":
        words = {"indicator": fields["ind"], "comparator": "le", "value": 0}
    else:
        return None
    own = last_day(fields.get("by"))
    words["indicator"] = str(words["indicator"])[:120]
    words["unit"], words["scope"] = str(words.get("unit", ""))[:20], str(words.get("scope", ""))[:60]
    source = str(fields.get("by_source") or "sentence") if own else "task" if task_due else "plan_period"
    due = own or task_due or text.plan.ends
    return Target(plan=text.plan, item=row, number=row.start + 1, due=due, due_source=source[:20], **words)


def _without_repetition(found: Draft) -> None:
    """The same promise in two places is one target, in its first place; numbers run through the text."""
    seen: set[tuple[object, ...]] = set()
    for target in found.targets:
        name = (
            target.indicator,
            target.comparator,
            target.value,
            target.value2,
            target.unit,
            target.scope,
            target.due,
        )
        if name in seen:
            for task in found.tasks:
                task.targets = [one for one in task.targets if one is not target]
            found.loose = [one for one in found.loose if one is not target]
        seen.add(name)
    for number, target in enumerate(found.targets, 1):
        target.number = number
