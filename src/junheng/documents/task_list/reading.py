"""清单的读回: an uploaded task list → rows, what was changed, and every problem at once. The reading itself is the intake's."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Literal

from junheng.documents.task_list.model import SHEET, TASK_STATES, Change, TaskListReading, TaskRow
from junheng.intake import Problem, SheetRows, read_files
from junheng.intake.cells import Flaw
from junheng.intake.dates import to_date

_COMPARED = tuple(column.name for column in SHEET.columns if column.name != "number")
_SEPARATORS = re.compile(r"[、，,；;/\n]+|\s{2,}")
_MOST_LISTED = 10


def read_task_list(
    data: bytes,
    name: str = "任务清单.xlsx",
    *,
    before: Sequence[TaskRow] = (),
    states: Sequence[str] = TASK_STATES,
    units: Sequence[str] = (),
) -> TaskListReading:
    """读回清单. `before` is the list as it was handed out: then 行标识 are checked against it and changes are listed; a column that the
    file lacks is left as it was. `units` are the known units; empty: any name is taken. The last of `states` means done.

    Nothing is raised for bad content. A row with an error is not in `rows`; its record stays as it is.
    """
    reading = read_files([(name, data)], [SHEET])
    found = reading.sheets.get(SHEET.name)
    problems = reading.problems
    if found is None:
        return TaskListReading((), (), tuple(problems))
    checker = _Checker(found, {row.row_id: row for row in before}, tuple(states), tuple(units))
    rows = checker.rows()
    ranked = sorted(
        (*problems, *checker.problems),
        key=lambda one: (one.file, one.tab, one.row, len(one.letter), one.letter),
    )
    return TaskListReading(tuple(rows), tuple(checker.changes), tuple(ranked))


@dataclass(slots=True)
class _Checker:
    """Checks the rows of one file against each other and against the list handed out."""

    found: SheetRows
    before: Mapping[str, TaskRow]
    states: tuple[str, ...]
    units: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    def rows(self) -> list[TaskRow]:
        """The rows that may be taken over; fills `problems` and `changes`."""
        ids = [(value or "").strip() for value in self.found.row_ids]
        self._check_ids(ids)
        taken = []
        for place, values in enumerate(self.found.rows(rejected=True)):
            row = self._row(
                ids[place], place, {key: str(value or "").strip() for key, value in values.items()}
            )
            self._check(place, row)
            if place not in self.refused and place not in self.found.rejected:
                taken.append(row)
                self._compare(row)
        self._check_missing(ids)
        return taken

    def say(
        self,
        place: int,
        column: str,
        code: str,
        message: str,
        found: str,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        """A problem of one row, in the column called `column` ("": of the row)."""
        origin = self.found.origin(place)
        heading = SHEET.by_name[column].heading if column else ""
        self.problems.append(
            Problem(SHEET.title, self.found.row_numbers[place], heading, found[:200], message, severity, code, origin.file,
                origin.tab, origin.letters.get(column, ""))
        )  # fmt: skip
        if severity == "error":
            self.refused.add(place)

    def _row(self, row_id: str, place: int, values: dict[str, str]) -> TaskRow:
        old = self.before.get(row_id)
        if old:
            # A column that the file does not have says nothing about the record.
            values = {
                name: value if name in self.found.present else old.shown(name)
                for name, value in values.items()
            }
        supporting = tuple(
            part.strip() for part in _SEPARATORS.split(values.pop("supporting")) if part.strip()
        )
        due = values.pop("due")
        due_on = old.due_on if old and due == old.shown("due") else day_in(due)
        return TaskRow(row_id=row_id, supporting=supporting, due=due, due_on=due_on, **values)

    def _check_ids(self, ids: list[str]) -> None:
        times = Counter(row_id for row_id in ids if row_id)
        for place, row_id in enumerate(ids):
            number = self.found.row_numbers[place]
            if times[row_id] > 1 and row_id:
                twins = [
                    self.found.row_numbers[other]
                    for other, same in enumerate(ids)
                    if same == row_id and other != place
                ]
                listed = "、".join(f"第{twin}行" for twin in twins[:_MOST_LISTED])
                message = (
                    f"行标识与{listed}相同，不知道以哪一行为准；请删去多余的行，新增的任务请清空隐藏的A列"
                )
                self.say(place, "", "row_id_repeated", message, row_id)
            elif row_id and self.before and row_id not in self.before:
                message = (
                    "行标识不在导出的清单里，可能来自另一份清单；请重新导出后填写，新增的任务请清空隐藏的A列"
                )
                self.say(place, "", "row_id_unknown", message, row_id)
            elif not row_id and self.before:
                message = (
                    f"第{number}行没有行标识，将作为新增的任务；如果是原有任务，请从导出的清单里复制整行"
                )
                self.say(place, "", "row_new", message, "", "warning")

    def _check(self, place: int, row: TaskRow) -> None:
        if row.state and row.state not in self.states:
            choices = "、".join(self.states)
            self.say(
                place,
                "state",
                "unknown_state",
                f"“{row.state}”不在可选的状态里，请从{choices}中选择",
                row.state,
            )
        if row.state == self.states[-1] and not row.evidence:
            message = f"状态是“{row.state}”，但没有佐证；请写明佐证材料，否则不能销号"
            self.say(place, "evidence", "no_evidence", message, "", "warning")
        if not row.lead:
            self.say(place, "lead", "no_lead", "没有牵头单位，任务没有落到单位；请填写", "", "warning")
        for column, names in (("lead", (row.lead,)), ("supporting", row.supporting)):
            for name in names:
                if name and self.units and name not in self.units:
                    self.say(place, column, "unknown_unit", self._unknown_unit(name), name)
        if row.lead and row.lead in row.supporting:
            message = f"“{row.lead}”已是牵头单位，不必再列为配合单位；请删去一处"
            self.say(place, "supporting", "lead_repeated", message, row.lead, "warning")
        if len(set(row.supporting)) < len(row.supporting):
            twice = next(name for name, times in Counter(row.supporting).items() if times > 1)
            self.say(
                place, "supporting", "unit_repeated", f"“{twice}”写了不止一次，请删去多余的", twice, "warning"
            )
        if row.due and row.due_on is None and re.search(r"\d", row.due):
            message = (
                f"“{row.due}”不是完整的日期，按文字保存，不会自动提醒；要按日提醒请改成 2026-12-31 的样子"
            )
            self.say(place, "due", "due_in_words", message, row.due, "warning")

    def _unknown_unit(self, name: str) -> str:
        near = get_close_matches(name, self.units, n=1, cutoff=0.5)
        hint = f"，是否应为“{near[0]}”" if near else ""
        return f"“{name}”不在单位名册里{hint}；请改成名册里的名称，或先在名册中登记"

    def _compare(self, row: TaskRow) -> None:
        old = self.before.get(row.row_id)
        if old is None:
            return
        for name in _COMPARED:
            was, now = old.shown(name), row.shown(name)
            if "".join(was.split()) != "".join(now.split()) and not (
                name == "due" and row.due_on and row.due_on == old.due_on
            ):
                self.changes.append(Change(row.row_id, old.number, SHEET.by_name[name].heading, was, now))

    def _check_missing(self, ids: list[str]) -> None:
        left = [row for row_id, row in self.before.items() if row_id not in set(ids)]
        if not left:
            return
        named = "、".join(f"“{row.task[:20]}”" for row in left[:_MOST_LISTED]) + (
            "等" if len(left) > _MOST_LISTED else ""
        )
        origin = self.found.origins[0]
        message = f"清单里少了 {len(left)} 项任务（{named}）；这些任务保持原样；要删除请在任务页面操作"
        self.problems.append(
            Problem(
                SHEET.title,
                0,
                "",
                str(len(left)),
                message,
                "warning",
                "rows_missing",
                origin.file,
                origin.tab,
            )
        )


def day_in(text: str) -> date | None:
    """The day that a text is, None when it is none (长期坚持, 2020年底前)."""
    if not text:
        return None
    found = to_date(SHEET.by_name["due"], text)
    return found if isinstance(found, date) and not isinstance(found, Flaw) else None
