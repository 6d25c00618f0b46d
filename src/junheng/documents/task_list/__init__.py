"""任务清单、责任清单 (task and responsibility lists): out as Excel and on paper, and back from Excel."""

from junheng.documents.task_list.model import TASK_STATES, Change, ListKind, TaskListReading, TaskRow
from junheng.documents.task_list.reading import read_task_list
from junheng.documents.task_list.writing import task_list_document, task_list_workbook

__all__ = [
    "TASK_STATES",
    "Change",
    "ListKind",
    "TaskListReading",
    "TaskRow",
    "read_task_list",
    "task_list_document",
    "task_list_workbook",
]
