"""问题的收集: problems gathered where they are found, and put in order at the end."""

from collections import Counter

from junheng.intake.model import Origin, Problem, Severity, SheetRows
from junheng.intake.safety import column_number

MAX_ALIKE = 5_000  # one bad column of a large file must not fill the memory; the rest is counted


class Report:
    """问题清单: takes problems in any order; `rejected` holds, for each register, the positions of rows with an error."""

    def __init__(self) -> None:
        self.found: list[tuple[tuple[int, int, int, int], Problem]] = []
        self.rejected: dict[str, set[int]] = {}
        self._alike: Counter[tuple[str, str, str, str]] = Counter()
        self._files: dict[str, int] = {}
        self._tabs: dict[tuple[str, str], int] = {}

    def file(self, file: str, code: str, message: str, severity: Severity = "error") -> None:
        """A problem of a whole file."""
        self._add(Problem("", 0, "", "", message, severity, code, file))

    def tab(
        self,
        file: str,
        tab: str,
        sheet: str,
        code: str,
        message: str,
        severity: Severity = "error",
        *,
        row: int = 0,
        column: str = "",
        letter: str = "",
        found: str = "",
    ) -> None:
        """A problem of a worksheet, or of one place in it that belongs to no row of the register."""
        self._add(Problem(sheet, row, column, found, message, severity, code, file, tab, letter))

    def cell(
        self,
        rows: SheetRows,
        position: int,
        name: str,
        message: str,
        code: str,
        severity: Severity = "error",
        *,
        found: str = "",
        origin: Origin | None = None,
    ) -> None:
        """A problem of the row at `position`, in the column called `name` ("": of the whole row)."""
        if severity == "error":
            self.rejected.setdefault(rows.sheet.name, set()).add(position)
        place = origin or rows.origin(position)
        kind = (place.file, place.tab, name, code)
        self._alike[kind] += 1
        if self._alike[kind] > MAX_ALIKE:
            return
        column = rows.sheet.by_name[name] if name else None
        problem = Problem(
            rows.sheet.title,
            rows.row_numbers[position],
            column.heading if column else "",
            found,
            message,
            severity,
            code,
            place.file,
            place.tab,
            place.letters.get(name, ""),
        )
        self._add(problem)

    def _add(self, problem: Problem) -> None:
        file = self._files.setdefault(problem.file, len(self._files))
        tab = self._tabs.setdefault((problem.file, problem.tab), len(self._tabs)) if problem.tab else -1
        self.found.append(((file, tab, problem.row, column_number(problem.letter)), problem))

    def problems(self) -> list[Problem]:
        """All problems in the order file, sheet, row, column; what was only counted comes as one line a kind."""
        ordered = [problem for _, problem in sorted(self.found, key=lambda entry: entry[0])]
        more = []
        for (file, tab, name, code), number in self._alike.items():
            if number > MAX_ALIKE:
                alike = next(
                    problem
                    for problem in ordered
                    if (problem.file, problem.tab, problem.code) == (file, tab, code)
                )
                column = alike.column if name else ""
                text = f"同样的问题共 {number} 处，上面只列出前 {MAX_ALIKE} 处；请先改正这一类问题"
                more.append(Problem(alike.sheet, 0, column, "", text, alike.severity, code, file, tab))
        return ordered + more
