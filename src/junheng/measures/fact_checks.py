"""校表核对: what would spoil an assessment, found in the flat facts; the cell or row is set aside and the rest still counts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from junheng.measures.fact_table import STAGES
from junheng.measures.model import Problem
from junheng.tables import FACTS

Columns = dict[str, list[Any]]
_AMOUNTS = (
    "qualified_teachers", "backbone_teachers", "arts_sports_teachers", "teaching_area", "sports_area",
    "equipment_value", "multimedia_rooms",
)  # fmt: skip


def checked_facts(
    columns: Mapping[str, Sequence[Any]],
    row_numbers: Sequence[int],
    told: Collection[tuple[int, str]] = (),
) -> tuple[Columns, list[Problem]]:
    """校表 → what can be counted, and the problems with Excel row numbers.

    Set aside are whole rows without a school or a known stage, and repeated rows after the first; single cells that are
    negative, and pupils that are not positive. `told` are (row, heading) already reported by the reading: no second
    sentence for them.
    """
    filled = {c.name: list(columns.get(c.name) or [None] * len(row_numbers)) for c in FACTS.columns}
    counties = any(filled["county"])
    answer: Columns = {name: [] for name in filled}
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str], int] = {}
    for position, number in enumerate(row_numbers):
        row = {name: values[position] for name, values in filled.items()}
        found = _row_problems(row, number, seen)
        if not found:
            found_cells = _cell_problems(row, number, counties=counties)
            for name, value in row.items():
                answer[name].append(value)
            found = found_cells
        problems.extend(p for p in found if (p.row or 0, p.column) not in told)
    return answer, problems


def _row_problems(row: dict[str, Any], number: int, seen: dict[tuple[str, str, str], int]) -> list[Problem]:
    if not row["school"]:
        return [_problem(number, "school", "", "没有学校名称，本行未计算，请补填")]
    if row["stage"] not in STAGES:
        found = f"学段“{row['stage']}”无法识别" if row["stage"] else "没有填写学段"
        return [_problem(number, "stage", row["stage"], f"{found}，本行未计算，请填小学或初中")]
    key = (row["county"] or "", row["school"], row["stage"])
    if key in seen:
        message = f"与第{seen[key]}行重复（同一学校同一学段），只计算第{seen[key]}行，请删除多余的一行"
        return [_problem(number, "school", row["school"], message)]
    seen[key] = number
    return []


def _cell_problems(row: dict[str, Any], number: int, *, counties: bool) -> list[Problem]:
    found = []
    students = row["students"]
    if students is not None and students <= 0:
        message = f"在校生数为{students}，无法计算生均指标，按未报处理，请核对后填写正整数"
        found.append(_problem(number, "students", students, message))
        row["students"] = None
    for name in _AMOUNTS:
        if row[name] is not None and row[name] < 0:
            heading = FACTS.by_name[name].heading
            message = f"{heading}为{row[name]}，不能是负数，按未报处理，请核对后填写"
            found.append(_problem(number, name, row[name], message))
            row[name] = None
    if counties and not row["county"]:
        message = "其他行填了县区而本行空白，本行单独汇总，请补填县区"
        found.append(_problem(number, "county", "", message, warning=True))
    return found


def _problem(number: int, name: str, found: Any, message: str, *, warning: bool = False) -> Problem:
    heading = FACTS.by_name[name].heading
    text = "" if found is None else str(found)
    return Problem(FACTS.title, number, heading, text, message, "warning" if warning else "error")
