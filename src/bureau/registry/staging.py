"""暂存: read an upload, check it, compare it with the register and write down what it would change."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from bureau.people.models import Area
from bureau.people.secret import seal
from bureau.registry import problem_file, queries
from bureau.registry.bulk import insert
from bureau.registry.columns import compared_values, is_sealed, shown
from bureau.registry.compare import Change, Difference, differences
from bureau.registry.import_models import Import, ImportChange, ImportProblem
from bureau.registry.staged_file import StagedSheet
from junheng.intake import Problem, Reading, read_files
from junheng.tables import SHEETS, Column, Sheet

PROBLEMS_KEPT = 20_000
Progress = Callable[[float], None]


class CancelledError(Exception):
    """The clerk asked to stop."""


def read(
    files: Sequence[tuple[str, bytes]], *, day: date, county_code: str, today: date, progress: Progress
) -> Reading:
    """Read the files against the schools of the register on the day, and check what only the register can."""
    reading = read_files(
        files, known_schools=queries.known_schools(day, county_code), today=today, progress=progress
    )
    schools = reading.sheets.get("schools")
    if schools is not None:
        known = {area.name for area in Area.objects.filter(kind="township", parent__code=county_code)}
        _reject(
            reading,
            "schools",
            list(_unknown_townships(schools.columns["township"], schools.row_numbers, known)),
        )
    return reading


def _unknown_townships(
    names: Sequence[object], rows: Sequence[int], known: set[str]
) -> Iterator[tuple[int, Problem]]:
    for position, name in enumerate(names):
        if name is not None and name not in known:
            near = [candidate for candidate in sorted(known) if candidate[:2] == str(name)[:2]]
            hint = f"是不是“{near[0]}”？" if near else "请填写本县乡镇（街道）的规范名称。"
            yield (
                position,
                Problem(
                    "学校",
                    rows[position],
                    "乡镇",
                    str(name),
                    f"“{name}”不是本县的乡镇，{hint}",
                    "error",
                    "township_unknown",
                ),
            )


def only_own_school(reading: Reading, school_code: str) -> None:
    """A school may send in its own rows only; every other row is an error."""
    for name, rows in reading.sheets.items():
        found = [
            (
                position,
                Problem(
                    rows.sheet.title,
                    rows.row_numbers[position],
                    "学校标识码",
                    str(code),
                    f"“{code}”不是本校的标识码（{school_code}），学校账号只能导入本校的行，请删去这一行",
                    "error",
                    "other_school",
                ),
            )
            for position, code in enumerate(rows.columns.get("school_code", []))
            if code is not None and code != school_code
        ]
        _reject(reading, name, found)


def _reject(reading: Reading, sheet: str, found: Sequence[tuple[int, Problem]]) -> None:
    rows = reading.sheets[sheet]
    rows.rejected = rows.rejected | {position for position, _ in found}
    reading.problems += [problem for _, problem in found]


def staged_sheets(reading: Reading) -> list[StagedSheet]:
    """What is kept of a reading: the columns present in the file that the register stores."""
    staged = []
    for name in SHEETS:
        rows = reading.sheets.get(name)
        if rows is None or not len(rows):
            continue
        present = [column for column in rows.sheet.stored if column.name in rows.present]
        columns: dict[str, list[object]] = {
            column.name: list(rows.columns[column.name]) for column in present
        }
        compared = {
            column.name: compared_values(column, columns[column.name])
            for column in present
            if is_sealed(column) or column.kind == "areas"
        }
        staged.append(
            StagedSheet(rows.sheet, columns, compared, rows.row_numbers, rows.row_ids, rows.rejected)
        )
    return staged


def keys(sheet: Sheet, staged: StagedSheet, county_code: str) -> list[str]:
    """The register's key of each row; a person's key is the keyed hash of the number that names them."""
    if sheet.personal:
        return [str(value or "") for value in staged.compared[sheet.key[0]]]
    parts = [[county_code] * len(staged)] if sheet.name == "county" else []
    parts += [["" if value is None else str(value) for value in staged.columns[name]] for name in sheet.key]
    return ["|".join(part) for part in zip(*parts, strict=True)]


def present_columns(staged: StagedSheet) -> list[Column]:
    """The columns of the file, in the sheet's order."""
    return [column for column in staged.sheet.stored if column.name in staged.columns]


def compare(of: Import, staged: StagedSheet, *, school_code: str = "") -> list[Difference]:
    """Compare one staged sheet with the register in force on the import's day; unchanged rows included."""
    columns = present_columns(staged)
    held = staged.columns | staged.compared
    mine = list(zip(*(held[column.name] for column in columns), strict=True))
    names = keys(staged.sheet, staged, of.county_code)
    current = queries.stream_compared(staged.sheet.name, of.day, of.county_code, columns, school_code)
    return list(
        differences(
            names,
            mine,
            current,
            bases=_bases(staged, names, columns),
            skip=staged.rejected,
            complete=of.complete and staged.sheet.name not in ("county", "reliefs"),
        )
    )


def _bases(
    staged: StagedSheet, names: Sequence[str], columns: Sequence[Column]
) -> dict[int, tuple[object, ...]]:
    """By position: what the clerk saw, for rows downloaded earlier. A mark that names another row is ignored."""
    marks = {int(mark): position for position, mark in enumerate(staged.row_ids) if mark and mark.isdigit()}
    seen = queries.base_values(staged.sheet.name, list(marks), columns)
    return {marks[mark]: values for mark, (key, values) in seen.items() if names[marks[mark]] == key}


def count(found: Sequence[Difference], staged: StagedSheet) -> dict[str, int]:
    """How many rows of each kind."""
    kinds = Counter(difference.kind for difference in found)
    return {
        "rows": len(staged),
        **{kind: kinds.get(kind, 0) for kind in ("new", "changed", "unchanged", "missing", "conflict")},
        "rejected": len(staged.rejected),
    }


def match_share(counts: dict[str, dict[str, int]], registered: dict[str, int]) -> float | None:
    """The share of rows found in registers that already had rows; None when all were empty."""
    rows = found = 0
    for sheet, numbers in counts.items():
        if registered.get(sheet):
            rows += numbers["rows"] - numbers["rejected"]
            found += numbers["changed"] + numbers["unchanged"] + numbers["conflict"]
    return found / rows if rows else None


def write_problems(of: Import, problems: Sequence[Problem]) -> None:
    """Keep the problems, at most 20,000; found values of people are sealed."""
    problem_file.keep(of.pk, problems)
    ImportProblem.objects.filter(of=of).delete()
    insert(
        ImportProblem,
        ("of", "sheet", "row", "column", "found", "message", "severity"),
        (
            (
                of.pk,
                (p.sheet or p.file)[:40],
                p.row,
                p.column[:60],
                seal(p.found[:400]),
                p.message,
                p.severity,
            )
            for p in sorted(problems[: PROBLEMS_KEPT * 5], key=lambda p: p.severity)[:PROBLEMS_KEPT]
        ),
    )


def write_changes(of: Import, staged: StagedSheet, found: Sequence[Difference]) -> None:
    """Keep what would change, field by field and masked; new rows without their fields."""
    columns = present_columns(staged)
    labels = _Labels(staged, found)
    insert(
        ImportChange,
        ("of", "sheet", "row", "key", "label", "school_code", "kind", "fields", "keep_mine"),
        (
            (
                of.pk,
                staged.sheet.name,
                staged.row_numbers[difference.index] if difference.index is not None else None,
                difference.key,
                labels.of(difference)[:120],
                labels.school(difference),
                difference.kind,
                labels.json(columns, difference),
                False,
            )
            for difference in found
            if difference.kind != "unchanged"
        ),
    )


class _Labels:
    """What a change is called on the review page, and its fields as the clerk reads them."""

    def __init__(self, staged: StagedSheet, found: Sequence[Difference]) -> None:
        self.staged = staged
        name = {"schools": "school_name", "students": "person_name", "teachers": "person_name"}.get(
            staged.sheet.name
        )
        self.wanted = (name,) if name and name in staged.columns else staged.sheet.key
        self.fragments: dict[tuple[object, ...], str] = {}
        self.missing: dict[str, tuple[str, str]] = {}
        gone = [one.current for one in found if one.kind == "missing" and one.current is not None]
        fields = ("key", name or "key", "school_code" if staged.sheet.name != "county" else "key")
        self.missing = {
            key: (label or "", code or "")
            for key, label, code in queries.rows_of(staged.sheet.name, gone, fields)
        }

    def of(self, difference: Difference) -> str:
        if difference.index is None:
            return self.missing[difference.key][0]
        staged, index = self.staged, difference.index
        return "·".join(
            [shown(staged.sheet.by_name[name], staged.columns[name][index]) for name in self.wanted]
        )

    def school(self, difference: Difference) -> str:
        if difference.index is None:
            return self.missing[difference.key][1][:10]
        codes = self.staged.columns.get("school_code")
        return str(codes[difference.index] or "") if codes else ""

    def json(self, columns: Sequence[Column], difference: Difference) -> str:
        """The changed fields as JSON. Of seventy thousand pupils moving up, few changes differ: each is put into words once."""
        parts = []
        for change in difference.fields:
            column = columns[change.column]
            sealed = is_sealed(column)
            value = self.staged.columns[column.name][difference.index or 0] if sealed else change.after
            part = self.fragments.get((*change[:2], value, change.now))
            if part is None:
                part = json.dumps(_in_words(column, change, value), ensure_ascii=False)
                self.fragments[*change[:2], value, change.now] = part
            parts.append(part)
        return f"[{', '.join(parts)}]"


def _in_words(column: Column, change: Change, after: object) -> list[str | None]:
    """[heading, before, after, meanwhile or None]; of a sealed value only the new one can be shown, masked."""
    if is_sealed(column):
        before, now = "（已加密）" if change.before else "（空白）", "（已加密）"
    else:
        before, now = shown(column, change.before), shown(column, change.now)
    return [column.heading, before, shown(column, after), now if change.contested else None]


def township_codes(county_code: str) -> dict[str, str]:
    """{township name: division code} of a county."""
    return dict(Area.objects.filter(kind="township", parent__code=county_code).values_list("name", "code"))
