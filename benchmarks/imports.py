"""Import of one county's students (70,000 × 40) into a filled register, beside what a user would use instead, on the same file.

ours            read, check, compare with the register (every row changed), review written down; then commit
row by row      openpyxl and one `save()` a row, for the first 5,000 rows of it; its ratio is by row
import-export   django-import-export with its bulk mode

Each case has a process, a DATA folder and a database (SQLite) of its own; the register holds the year before.
`seconds` is one run after the register is filled; `peak_mb` is the process's peak resident memory.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZE, BY_ROW = 70_000, 5_000
CASES = ("ours", "row by row", "import-export")
FIRST, SECOND = date(2024, 9, 20), date(2025, 9, 20)


def prepare(folder: Path, size: int) -> None:
    """Two workbooks of the same children, a year apart: every one of them in the next class."""
    sys.path.insert(0, str(ROOT))
    from benchmarks.intake import made_up_students

    from junheng.documents.templates import template
    from junheng.tables import STUDENTS

    rows = list(made_up_students(size))
    for name, add in (("first", 0), ("second", 1)):
        moved = [row | {"class_number": int(str(row["class_number"])) + add} for row in rows]
        (folder / f"{name}.xlsx").write_bytes(template([STUDENTS], {"students": moved}))


def site() -> Any:
    """A fresh database with the county's areas and one account."""
    from django.core.management import call_command
    from django.utils import timezone

    from bureau.people import actions
    from bureau.people.models import User

    call_command("migrate", verbosity=0)
    actions.load_areas(counties=["640324"], at=timezone.now())
    return User.objects.create(username="office", role="office", display_name="office")


def brought(by: Any, path: Path, day: date) -> Any:
    """One workbook, staged."""
    from django.utils import timezone

    from bureau.registry import actions

    of = actions.receive(
        by=by,
        files=[(path.name, path.read_bytes())],
        day=day,
        county_code="640324",
        complete=False,
        at=timezone.now(),
    )
    return actions.stage(of=of, today=date(2026, 3, 1), progress=lambda share: None)


def register_schools(by: Any, path: Path) -> None:
    """The schools that the children's rows name."""
    import openpyxl
    from django.utils import timezone

    from bureau.registry.import_models import Import
    from bureau.registry.models import School

    of = Import.objects.create(
        by=by, at=timezone.now(), county_code="640324", day=FIRST, file_name="", sha256="", size=0
    )
    sheet = openpyxl.load_workbook(path, read_only=True)["学生"]
    rows = sheet.iter_rows(values_only=True)
    for heading in rows:
        if "学校标识码" in heading:
            break
    place, name = heading.index("学校标识码"), heading.index("学校名称")
    schools = {row[place]: row[name] for row in rows if row[place]}
    School.objects.bulk_create(
        School(
            key=code,
            school_code=code,
            school_name=title,
            county_code="640324",
            valid_from=FIRST,
            created_by=of,
        )
        for code, title in schools.items()
    )


def ours(folder: Path) -> dict[str, float]:
    """Staged and committed twice; the second time is measured."""
    from django.utils import timezone

    from bureau.registry import commit_actions

    by = site()
    register_schools(by, folder / "first.xlsx")
    first = brought(by, folder / "first.xlsx", FIRST)
    commit_actions.commit(of=first, by=by, at=timezone.now(), accept_low_match=True)
    started = time.perf_counter()
    second = brought(by, folder / "second.xlsx", SECOND)
    staged = time.perf_counter()
    assert second.counts["students"]["changed"] == second.counts["students"]["rows"], second.counts
    commit_actions.commit(of=second, by=by, at=timezone.now())
    return {"stage": staged - started, "seconds": time.perf_counter() - started}


def _rows(path: Path) -> tuple[list[str], Any]:
    import openpyxl

    from junheng.tables import STUDENTS

    heading_of = {column.heading: column.name for column in STUDENTS.stored}
    rows = openpyxl.load_workbook(path, read_only=True)["学生"].iter_rows(values_only=True)
    for heading in rows:
        if "学校标识码" in heading:
            return [heading_of.get(str(text).rstrip("*"), "") for text in heading], rows
    raise SystemExit("no heading")


def _plain(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    keep = ("person_name", "school_code", "stage", "class_number", "home_address", "guardian_name", "remarks")
    return {name: value for name, value in zip(names, row, strict=False) if name in keep}


def row_by_row(folder: Path) -> dict[str, float]:
    """openpyxl, and one `save()` a row: found by key, changed, saved. No checks, no encryption, no history."""
    from bureau.registry.models import Student

    _filled(folder)
    started = time.perf_counter()
    names, rows = _rows(folder / "second.xlsx")
    where = names.index("enrolment_number")
    for row in islice(rows, BY_ROW):
        if row[where]:
            student = Student.objects.get(key=row[where])
            for name, value in _plain(names, row).items():
                setattr(student, name, value)
            student.save()
    return {"seconds": time.perf_counter() - started}


def import_export(folder: Path) -> dict[str, float]:
    """django-import-export in bulk mode on the same rows and the same few fields."""
    import tablib
    from import_export import resources

    from bureau.registry.models import Student

    _filled(folder)

    class StudentResource(resources.ModelResource):  # type: ignore[misc]
        class Meta:
            model = Student
            import_id_fields = ("key",)
            fields = (
                "key",
                "person_name",
                "school_code",
                "stage",
                "class_number",
                "home_address",
                "guardian_name",
                "remarks",
            )
            use_bulk = True
            batch_size = 1000
            skip_unchanged = True
            skip_diff = False

    started = time.perf_counter()
    names, rows = _rows(folder / "second.xlsx")
    where = names.index("enrolment_number")
    fields = [field for field in StudentResource.Meta.fields if field != "key"]
    table = tablib.Dataset(headers=["key", *fields])
    for row in rows:
        if row[where]:
            plain = _plain(names, row)
            table.append([row[where], *(plain.get(field) for field in fields)])
    result = StudentResource().import_data(table, dry_run=False)
    assert not result.has_errors()
    return {"seconds": time.perf_counter() - started}


def _filled(folder: Path) -> None:
    from django.db import connection
    from django.utils import timezone

    from bureau.registry.import_models import Import
    from bureau.registry.models import Student

    by = site()
    of = Import.objects.create(
        by=by, at=timezone.now(), county_code="640324", day=FIRST, file_name="", sha256="", size=0
    )
    with connection.cursor() as cursor:
        # The others look a row up by its key alone; ours never does. They get the index that they need.
        cursor.execute(f"CREATE INDEX by_key ON {Student._meta.db_table} (key)")
    names, rows = _rows(folder / "first.xlsx")
    where = names.index("enrolment_number")
    Student.objects.bulk_create(
        (
            Student(
                key=row[where], county_code="640324", valid_from=FIRST, created_by=of, **_plain(names, row)
            )
            for row in rows
            if row[where]
        ),
        batch_size=1000,
    )


def measured(case: str, folder: Path) -> dict[str, Any]:
    """One case in this process."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bureau.settings"
    django.setup()
    work = {"ours": ours, "row by row": row_by_row, "import-export": import_export}[case]
    figures = work(folder)
    share = min(1.0, BY_ROW / SIZE) if case == "row by row" else 1.0
    return {
        "case": case,
        "share": share,
        **figures,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def run(size: int = SIZE) -> list[dict[str, Any]]:
    """Each case in a process of its own; `ratio` is how many times longer than ours (stage and commit together)."""
    answer: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as books:
        prepare(Path(books), size)
        for case in CASES:
            with tempfile.TemporaryDirectory() as data:
                done = subprocess.run(
                    [sys.executable, __file__, case, books],
                    check=True, stdout=subprocess.PIPE, text=True, env=os.environ | {"DATA": data},
                )  # fmt: skip
            row = json.loads(done.stdout.strip().splitlines()[-1])
            answer.append(
                row
                | {
                    "ratio": row["seconds"]
                    / row["share"]
                    / (answer[0]["seconds"] if answer else row["seconds"])
                }
            )
    return answer


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
    else:
        for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE):
            print(row)
