"""任务清单的行与列: what a task or responsibility list holds, and under which headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.documents.official.arranging import in_words
from junheng.intake import Problem
from junheng.tables import Column, Sheet

ListKind = Literal["任务清单", "责任清单"]
TASK_STATES = ("未启动", "推进中", "已完成")

# `number` stands in the sheet only so that its heading is known; it is given anew at each export.
SHEET = Sheet(
    name="task_list",
    title="任务清单",
    meaning="规划的任务、责任单位与进展",
    # One task may stand on several lines; only a line that says the same throughout is a duplicate.
    key=("task", "number", "measure", "lead", "due"),
    synonyms=("责任清单", "任务台账", "任务分解表", "责任分解表"),
    columns=(
        Column("number", "序号", "text", "在清单中的顺序", synonyms=("编号",)),
        Column("task", "重点任务", "text", "任务名称", required=True, synonyms=("任务", "工作任务", "任务名称")),
        Column("measure", "具体措施", "text", "怎样完成", synonyms=("措施", "工作措施", "主要措施")),
        Column("target", "目标", "text", "要达到什么", synonyms=("量化目标", "工作目标", "任务目标")),
        Column("lead", "牵头单位", "text", "负总责的单位", synonyms=("责任单位", "牵头责任单位", "承办单位")),
        Column("supporting", "配合单位", "text", "配合的单位，用顿号隔开", synonyms=("协办单位", "配合责任单位")),
        Column("person", "责任人", "text", "单位内的责任人", synonyms=("负责人", "联系人")),
        Column("due", "完成时限", "text", "日期，或文件的原话", synonyms=("办结时限", "时限", "完成时间", "时间节点")),
        Column("state", "状态", "text", "从列表中选择", synonyms=("完成状态", "办理状态")),
        Column("progress", "进展", "text", "到目前做了什么", synonyms=("进展情况", "工作进展")),
        Column("evidence", "佐证", "text", "材料名称或编号", synonyms=("佐证材料", "证明材料")),
        Column("source", "出处", "text", "文件及条款", synonyms=("任务来源", "依据")),
    ),
)  # fmt: skip
_ORDER = {
    "任务清单": ("number", "task", "measure", "target", "lead", "supporting", "person", "due", "state", "progress",
        "evidence", "source"),
    "责任清单": ("number", "lead", "task", "measure", "target", "supporting", "person", "due", "state", "progress",
        "evidence", "source"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskRow:
    """任务清单的一行. `row_id` ties it to its record ("": a new row); `due` is the document's wording, `due_on` the day it means."""

    row_id: str
    number: str
    task: str
    measure: str = ""
    target: str = ""
    lead: str = ""
    supporting: tuple[str, ...] = ()
    person: str = ""
    due: str = ""
    due_on: date | None = None
    progress: str = ""
    state: str = ""
    evidence: str = ""
    source: str = ""

    def shown(self, name: str) -> str:
        """What stands in the column called `name`."""
        if name == "supporting":
            return "、".join(self.supporting)
        if name == "due":
            return self.due or in_words(self.due_on)
        return str(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Change:
    """清单的一处改动: `column` is the heading; old and new as shown."""

    row_id: str
    number: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TaskListReading:
    """读回的清单: the rows without an error, what differs from the list handed out, and every problem."""

    rows: tuple[TaskRow, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a row from being taken over."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def columns_of(kind: ListKind) -> tuple[Column, ...]:
    """The columns of a list in their order; 责任清单 begins with the unit."""
    return tuple(SHEET.by_name[name] for name in _ORDER[kind])


def in_order(rows: Sequence[TaskRow], kind: ListKind) -> list[TaskRow]:
    """任务清单 as given; 责任清单 by lead unit, units in the order of their first task."""
    if kind == "任务清单":
        return list(rows)
    units = {row.lead: place for place, row in reversed(list(enumerate(rows)))}
    return sorted(rows, key=lambda row: units[row.lead])
