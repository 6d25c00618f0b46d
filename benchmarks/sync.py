"""Sync: submissions a second over the real server, beside a plain Django INSERT on the same database.

Run alone with `python -m benchmarks.sync [submissions]`. One visit a request, as a phone with network sends, and twenty a request,
as a phone sends that comes back from days without. Server, its clients and the database share the machine; `ratio` is how many plain
INSERTs (no server, no log, no case; measured before and after) one whole submission costs in time, `cpu` what the server spent on it.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

SUBMISSIONS, CLIENTS, WORKERS, TOGETHER = 1_500, 8, 2, 20
GOAL_RATE, GOAL_P95 = 60, 0.3
TOKEN = "a" * 32
HERE = Path(__file__).resolve().parent.parent

# Filled by a process of its own, because the settings read DATA once.
FILL = """
import django; django.setup()
import json, time
from uuid import uuid4
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from bureau.cases.models import Case
from phone.rows import LEDGER, ledger, phone_of
from town import accounts
people = accounts.hire(accounts.load_county())
ledger(people["office"])
teacher, today = people["teacher"], timezone.localdate()
Case.objects.bulk_create(Case(
    county_code="640324", ledger=LEDGER, subject="student", subject_key=f"演示{number}", label=f"演示学生{number}",
    school_code=teacher.school_code, state="found", phase="open", state_since=today, level="class", opened_on=today, owner=teacher,
) for number in range(400))
sessions = []
for _ in range(int(__import__("sys").argv[1])):
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(teacher.pk), accounts.BACKEND
    session[HASH_SESSION_KEY] = teacher.get_session_auth_hash()
    session.create()
    sessions.append(session.session_key)
print(json.dumps({"sessions": sessions, "phone": str(phone_of(teacher).number),
    "cases": list(Case.objects.values_list("pk", flat=True))}))
"""

PLAIN = """
import django; django.setup()
import time
from uuid import uuid4
from django.utils import timezone
from bureau.cases.models import Case, Event
first, today = Case.objects.order_by("pk").first(), timezone.localdate()
began = time.perf_counter()
for _ in range(400):
    Event.objects.create(of=first, at=timezone.now(), day=today, what="commented", text="演示", record_id=uuid4())
print((time.perf_counter() - began) / 400)
"""

COUNT = """
import django; django.setup()
from bureau.cases.models import Event
from bureau.phone.models import Receipt
print(Event.objects.filter(form="visit").count(), Receipt.objects.filter(state="accepted").count())
"""


def run(count: int = SUBMISSIONS) -> list[dict[str, Any]]:
    """Every figure as {what, …}."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "static").mkdir()
        environment = _environment(folder)
        filled = json.loads(_python(FILL, environment, str(CLIENTS)).splitlines()[-1])
        port, before, rows = _free_port(), float(_python(PLAIN, environment)), []
        server = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "bureau.wsgi:application", "--host", "127.0.0.1",
             "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "4", "--no-ws", "--log-level", "error"],
            env=environment,
        )  # fmt: skip
        try:
            _wait_for(port)
            _submit(port, filled, 40, 1)
            for together in (1, TOGETHER):
                began, spent = time.perf_counter(), _cpu_of(server.pid)
                taken = sorted(_submit(port, filled, count, together))
                seconds, spent = time.perf_counter() - began, _cpu_of(server.pid) - spent
                rows.append((together, seconds, taken, spent))
        finally:
            server.terminate()
            server.wait(timeout=20)
        events, receipts = map(int, _python(COUNT, environment).split())
        plain = (before + float(_python(PLAIN, environment))) / 2
    assert events == receipts == 2 * count + 40, (events, receipts)
    found: list[dict[str, Any]] = [{"what": "plain Django INSERT", "seconds": plain}]
    for together, seconds, taken, spent in rows:
        kind = f"{together} a request, {CLIENTS} clients"
        found += [
            {"what": "submissions a second", "of": kind, "submissions": count, "rate": count / seconds, "goal": GOAL_RATE},
            {"what": "p95 of a request", "of": kind, "seconds": taken[int(len(taken) * 0.95)], "goal": GOAL_P95 if together == 1 else None},
            {"what": "median of a request", "of": kind, "seconds": taken[len(taken) // 2]},
            {"what": "one submission", "of": kind, "seconds": seconds / count, "ratio": seconds / count / plain, "cpu": spent / count},
        ]  # fmt: skip
    return found


def _cpu_of(pid: int) -> float:
    """Seconds of processor time of a process and its children; nan where the system does not say."""
    ticks = 0
    try:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            name, _, rest = stat.read_text().rpartition(")")
            fields = rest.split()
            if int(name.split()[0]) == pid or int(fields[1]) == pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return float("nan")


def _submit(port: int, filled: dict[str, Any], count: int, together: int) -> list[float]:
    """`count` visits by all clients at once; how long each request took. Every visit must be accepted."""
    taken: list[float] = []
    failures: list[str] = []
    # From one queue: with a share each, whose connections lie with the busier worker would go on alone while the others stand idle.
    turns, turn = iter(range(0, count, together)), threading.Lock()

    def begin() -> int | None:
        with turn:
            return next(turns, None)

    def client(place: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {
            "Cookie": f"sessionid={filled['sessions'][place]}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN,
            "X-Phone": filled["phone"], "Content-Type": "application/x-ndjson",
        }  # fmt: skip
        while (first := begin()) is not None:
            records = [
                {"id": str(uuid4()), "case": filled["cases"][number % len(filled["cases"])], "form": "visit", "revision": 1,
                 "values": {}, "text": f"演示走访{number}", "at": time.strftime("%Y-%m-%dT%H:%M:%S+08:00"), "photos": []}
                for number in range(first, min(first + together, count))
            ]  # fmt: skip
            began = time.perf_counter()
            line.request("POST", "/phone/sync/", "\n".join(map(json.dumps, records)), headers)
            answer = line.getresponse()
            said = answer.read().decode()
            taken.append(time.perf_counter() - began)
            if answer.status != 200 or said.count('"answer": "accepted"') != len(records):
                failures.append(f"{answer.status} {said[:200]}")
        line.close()

    clients = [threading.Thread(target=client, args=(place,)) for place in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    assert not failures, failures[:3]
    return taken


def _environment(folder: str) -> dict[str, str]:
    path = os.pathsep.join(
        [str(HERE / "tests"), str(HERE / "tests" / "site"), os.environ.get("PYTHONPATH", "")]
    )
    more = {
        "DATA": folder,
        "DJANGO_SETTINGS_MODULE": "bureau.settings",
        "PYTHONPATH": path,
        "JUNHENG_TESTING": "",
        "DEMO": "",
    }
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | more


def _python(code: str, environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server does not answer")


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS):
        print(row)
