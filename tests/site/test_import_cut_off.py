"""A commit that is cut off leaves nothing half-done: the process killed, the disk full. On a SQLite file of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
sys.path[:0] = [{tests!r}, {site!r}]
import django
django.setup()
from datetime import date
from django.core.management import call_command
from django.db import connection
from bureau.people.models import User
from bureau.registry import actions, bulk, commit_actions, moving
from bureau.registry.import_models import Import
from bureau.registry.models import School
from site_rows import COUNTY, NOW, TODAY, csv_of
from town import accounts
step = sys.argv[1]
if step == "prepare":
    call_command("migrate", verbosity=0)
    people = accounts.hire(accounts.load_county())
    rows = [
        {{"学校标识码": f"21649{{n:05}}", "学校名称": f"演示第{{n}}小学", "办学类型": "小学", "举办者类型": "县级教育部门",
          "城乡类型": "村庄", "乡镇": "豫海镇", "地址": "演" * 60}}
        for n in range(3000)
    ]
    of = actions.receive(by=people["office"], files=[("学校.csv", csv_of(rows))], day=date(2025, 9, 1),
                         county_code=COUNTY, complete=False, at=NOW)
    actions.stage(of=of, today=TODAY, progress=lambda share: None)
elif step == "hang":
    Import.objects.update(state="committing")
    whole = bulk.Waiting.write
    def write(rows):
        whole(rows)
        print("written", flush=True)
        import time
        time.sleep(600)
    bulk.Waiting.write = write
    commit_actions.commit(of=Import.objects.get(), by=User.objects.get(role="office"), at=NOW)
elif step == "full":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {{cursor.fetchone()[0] + 20}}")
    try:
        commit_actions.commit(of=Import.objects.get(), by=User.objects.get(role="office"), at=NOW)
    except moving.RefusedError as refused:
        print(refused)
elif step == "again":
    moving.recover()
    commit_actions.commit(of=Import.objects.get(), by=User.objects.get(role="office"), at=NOW)
"""


@pytest.fixture(autouse=True)
def sqlite_only() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own promise; this is about the embedded file")


class Office:
    """A DATA folder with one import in review, and steps run in processes of their own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.program = PROGRAM.format(tests=str(ROOT / "tests"), site=str(ROOT / "tests" / "site"))
        self.environment = os.environ | {
            "DATA": str(data),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "bureau.settings",
        }
        self.run("prepare")

    def start(self, step: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", self.program, step]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def run(self, step: str) -> str:
        process = self.start(step)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return said

    def state(self) -> tuple[str, int, int]:
        """The import's state, the schools in the register, the log lines of commits."""
        with sqlite3.connect(self.data / "junheng.sqlite3") as file:
            (state,) = file.execute("SELECT state FROM registry_import").fetchone()
            (schools,) = file.execute("SELECT count(*) FROM registry_school").fetchone()
            (lines,) = file.execute("SELECT count(*) FROM log_entry WHERE verb = 'commit_import'").fetchone()
        return state, schools, lines


def test_a_killed_commit_leaves_nothing_and_can_be_done_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    process = office.start("hang")
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=120)
    process.stdout.close()
    assert office.state() == ("committing", 0, 0)
    time.sleep(0.1)
    office.run("again")
    assert office.state() == ("committed", 3000, 1)


def test_a_full_disk_is_a_sentence_and_writes_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    assert "磁盘空间不足" in office.run("full")
    assert office.state() == ("in_review", 0, 0)
    office.run("again")
    assert office.state() == ("committed", 3000, 1)
