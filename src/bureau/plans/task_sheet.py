"""任务清单与责任清单: a plan's list as Excel and on paper, and an edited Excel compared with the list three ways.

The hidden 行标识 says which task a line is and at which point of its history it was handed out, so that what somebody else
changed meanwhile is told apart from what the sheet changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Max

from bureau.people.models import Organisation
from bureau.plans import duty_queries
from bureau.plans.duty_models import Duty, DutyEvent
from bureau.plans.duty_states import WORDS, State
from bureau.plans.models import Plan, TaskEvent
from bureau.plans.task_actions import Changes
from bureau.plans.task_queries import current_duty, tasks
from junheng.documents.official import official_document
from junheng.documents.task_list import (
    ListKind,
    TaskRow,
    read_task_list,
    task_list_document,
    task_list_workbook,
)

STATES = tuple(WORDS[one] for one in (*(s for s in State if s is not State.CLOSED), State.CLOSED))
TAKEN: Mapping[str, str] = {
    "重点任务": "title",
    "具体措施": "measures",
    "目标": "goal",
    "牵头单位": "leads",
    "配合单位": "supports",
    "责任人": "person",
    "完成时限": "due",
    "进展": "progress",
}
LARGEST = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Difference:
    """一处不同: what the list says now and what the sheet says. `meanwhile`: somebody changed it after the sheet was handed out.

    `value` is what would be written. A difference that only comes from the sheet being old is not one to apply.
    """

    task: int
    number: int
    title: str
    field: str
    heading: str
    base: str
    now: str
    new: str
    value: Any
    meanwhile: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class Review:
    """核对: all differences, every problem, and what the sheet says that is not taken from it."""

    differences: tuple[Difference, ...]
    problems: tuple[str, ...]
    left_out: tuple[str, ...]


def list_rows(plan: Plan) -> list[TaskRow]:
    """The rows of a plan's list, as they are handed out."""
    found = list(tasks(Plan.objects.filter(pk=plan.pk)).filter(dropped=""))
    of_task = dict(
        TaskEvent.objects.filter(task__plan=plan).order_by().values_list("task").annotate(last=Max("pk"))
    )
    of_duty = dict(
        DutyEvent.objects.filter(duty__task__plan=plan)
        .order_by()
        .values_list("duty__task")
        .annotate(last=Max("pk"))
    )
    proofs = duty_queries.proofs([task.pk for task in found])
    rows = []
    for task in found:
        duty = current_duty(task)
        rows.append(
            TaskRow(
                row_id=f"{task.pk}.{of_task.get(task.pk, 0)}.{of_duty.get(task.pk, 0)}",
                number=str(task.number),
                task=task.title,
                measure=task.measures,
                target=task.goal,
                lead="、".join(one.name for one in task.leads.all()),
                supporting=tuple(one.name for one in task.supports.all()),
                person=task.person,
                due=task.due_text if task.due is None else "",
                due_on=task.due,
                progress=_progress(duty),
                state=WORDS[State(duty.state)] if duty else "",
                evidence="、".join(proofs.get(task.pk, ())),
                source=f"{plan.document_number} {task.section}".strip(),
            )
        )
    return rows


def workbook(plan: Plan, kind: ListKind, *, marked: str) -> bytes:
    """清单 as Excel, to be filled in and uploaded again."""
    rows = list_rows(plan)
    single = all("、" not in row.lead for row in rows)
    return task_list_workbook(
        rows,
        kind=kind,
        title=f"{plan.title}{kind}",
        source=plan.document_number,
        marked=marked,
        states=STATES,
        # A drop-down admits one unit a cell; a list with joint leads goes out without it.
        units=unit_names(plan.county_code) if single else (),
    )


def paper(plan: Plan, kind: ListKind, *, marked: str) -> bytes:
    """清单 as Word, in the layout of official documents."""
    made = task_list_document(
        list_rows(plan), kind=kind, title=f"{plan.title}{kind}", note=f"依据{plan.document_number}" if plan.document_number else "", marked=marked
    )  # fmt: skip
    return official_document(made)


def unit_names(county_code: str) -> list[str]:
    """责任单位 of a county that are in use, by name."""
    found = Organisation.objects.filter(county_code=county_code, active=True)
    return list(found.values_list("name", flat=True))


def review(plan: Plan, content: bytes, name: str) -> Review:
    """核对上传的清单: nothing is written."""
    if len(content) > LARGEST:
        size = len(content) / 1024 / 1024
        return Review((), (f"文件有 {size:.0f} MB，任务清单不该这么大，请检查是否选错文件",), ())
    current = {row.row_id.partition(".")[0]: row for row in list_rows(plan)}
    first = read_task_list(content, name, states=STATES)
    handed = {row.row_id.partition(".")[0]: row.row_id for row in first.rows if row.row_id}
    before = [replace(row, row_id=handed.get(pk, row.row_id)) for pk, row in current.items()]
    reading = read_task_list(content, name, before=before, states=STATES)
    problems = [one.sentence() for one in reading.errors]
    new_rows = [row for row in reading.rows if not row.row_id]
    problems += [
        f"“{row.task[:30] or '空行'}”没有行标识，清单里没有这项任务；新增任务请在计划文件中补充后发布新版，这一行请删去"
        for row in new_rows
    ]
    left_out = [
        one.sentence()
        for one in reading.problems
        if one.severity != "error" and one.code not in ("row_new", "no_evidence")
    ]
    sheet = {row.row_id: row for row in reading.rows if row.row_id}
    units = _Units(plan.county_code)
    differences: list[Difference] = []
    for change in reading.changes:
        field = TAKEN.get(change.column)
        if field is None:
            left_out.append(
                f"第 {change.number} 项的“{change.column}”由系统按办理情况填写，表中的改动没有采用"
            )
            continue
        found = _difference(sheet[change.row_id], current[change.row_id.partition(".")[0]], field, units)
        if isinstance(found, str):
            problems.append(f"第 {change.number} 项“{change.column}”：{found}")
        elif found is not None:
            differences.append(found)
    return Review(tuple(differences), tuple(problems), tuple(left_out))


class _Units:
    """Names and aliases of a county's units → ids."""

    def __init__(self, county_code: str) -> None:
        self.ids: dict[str, int] = {}
        rows = Organisation.objects.filter(county_code=county_code, active=True)
        for pk, name, aliases in rows.values_list("pk", "name", "aliases"):
            self.ids[name] = pk
            for alias in aliases:
                self.ids.setdefault(alias, pk)

    def read(self, names: Sequence[str]) -> frozenset[int] | str:
        """The ids, or a sentence that names every unknown unit."""
        unknown = [name for name in names if name not in self.ids]
        if unknown:
            return f"“{'、'.join(unknown)}”不在责任单位名册里，请改成名册里的名称，或先在“责任单位”中登记"
        return frozenset(self.ids[name] for name in names)


def _difference(sheet: TaskRow, current: TaskRow, field: str, units: _Units) -> Difference | str | None:
    pk, task_stamp, duty_stamp = (int(part) for part in (*sheet.row_id.split("."), "0", "0")[:3])
    new, now = _words(sheet, field), _words(current, field)
    value: Any = new
    if field in ("leads", "supports"):
        read = units.read([name for name in new.split("、") if name])
        if isinstance(read, str):
            return read
        value = read
    if field == "due":
        if sheet.due and sheet.due_on is None:
            return f"“{sheet.due}”不是完整的日期，请改成 2026-12-31 的样子，或恢复原来的文字"
        value = sheet.due_on
    base = _base(pk, field, now, task_stamp, duty_stamp)
    if field == "progress" and len(new) > 2000:
        return f"有 {len(new):,} 个字，最多 2,000 个，请缩短"
    return Difference(
        task=pk,
        number=int(current.number),
        title=current.task,
        field=field,
        heading=next(heading for heading, name in TAKEN.items() if name == field),
        base=base,
        now=now,
        new=new,
        value=value,
        meanwhile=_squeezed(base) != _squeezed(now),
        stale=_squeezed(base) == _squeezed(new),
    )


def _base(task: int, field: str, now: str, task_stamp: int, duty_stamp: int) -> str:
    """What the list said when the sheet was handed out: the oldest value that a later change replaced, else what it says now."""
    if field == "progress":
        later = DutyEvent.objects.filter(duty__task=task, pk__gt=duty_stamp, what__in=("report", "claim"))
        if not later.exists():
            return now
        earlier = DutyEvent.objects.filter(duty__task=task, pk__lte=duty_stamp, what__in=("report", "claim"))
        last = earlier.exclude(text="").order_by("-pk").first()
        return last.text if last else ""
    for event in TaskEvent.objects.filter(task=task, pk__gt=task_stamp).order_by("pk"):
        if field in event.changes:
            before = str(event.changes[field][0])
            return "" if before == "空" else before
    return now


def _words(row: TaskRow, field: str) -> str:
    """A value as the history of tasks writes it."""
    match field:
        case "leads":
            return "、".join(
                sorted(part.strip() for part in row.lead.replace("，", "、").split("、") if part.strip())
            )
        case "supports":
            return "、".join(sorted(row.supporting))
        case "due":
            return row.due_on.isoformat() if isinstance(row.due_on, date) else row.due
        case _:
            name = {"title": "task", "measures": "measure", "goal": "target"}.get(field, field)
            return str(getattr(row, name))


def _progress(duty: Duty | None) -> str:
    return duty.progress if duty else ""


def _squeezed(text: str) -> str:
    return "".join(text.split())


def restored(plan: Plan, lines: Sequence[Mapping[str, Any]]) -> tuple[dict[int, Changes], list[int]]:
    """What a review kept, as changes; and the numbers of the tasks that somebody has changed since it was shown."""
    current = {row.row_id.partition(".")[0]: row for row in list_rows(plan)}
    changes: dict[int, Changes] = {}
    moved = []
    for line in lines:
        field, value = str(line["field"]), line["value"]
        row = current.get(str(line["task"]))
        if row is None or _words(row, field) != line["now"]:
            moved.append(int(line["number"]))
            continue
        if field in ("leads", "supports"):
            value = frozenset(value)
        elif field == "due":
            value = date.fromisoformat(value) if value else None
        changes.setdefault(int(line["task"]), Changes())[field] = value  # type: ignore[literal-required]
    return changes, list(dict.fromkeys(moved))
