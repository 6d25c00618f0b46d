"""`make demo`: the made-up county, written as workbooks, imported like any user's, and served.

DATA (folder), PORT, COUNTIES (codes joined by commas, or `all`) and RESET come from the environment. A second start on
the same folder takes seconds.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from multiprocessing.queues import Queue

from demo_fill import Book, Writing, collect, fill
from demo_setting import DATA, PORT, beside, say, unhurried

READY = DATA / "demo" / "ready"
TOLD = DATA / "demo" / "told"
SERVER = [
    sys.executable, "-m", "granian", "--interface", "wsgi", "bureau.wsgi:application", "--host", "127.0.0.1",
    "--port", str(PORT), "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
]  # fmt: skip


def main() -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            raise SystemExit(f"端口 {PORT} 已被占用，请换一个：make demo PORT=8123 / port {PORT} is in use")
    if os.environ.get("RESET") == "1" and (READY.exists() or (DATA / "demo").exists()):
        shutil.rmtree(DATA)
    DATA.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "DATA": str(DATA),
        "DEMO": "1",
        "SQLITE_CACHE_MB": "256",
        "DJANGO_SETTINGS_MODULE": "bureau.settings",
    }
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        if READY.exists():
            prepare()
            collect()
            say(f"使用已有的演示数据 {DATA} / using the data that is there")
            server = stack.enter_context(Service(SERVER))
        else:
            counties = chosen()
            books: Queue[Book | None] = get_context("spawn").Queue()
            stack.enter_context(Writing(counties, books))
            prepare()
            concluding = fill(counties, books, stack)
            # Starting takes seconds; a visitor who comes before the last results reads that they are being worked out.
            server = stack.enter_context(Service(SERVER))
            for one in concluding:
                one.result()
            READY.write_text("\n".join(counties))
        announce(server)
        if not TOLD.exists():
            stories(READY.read_text().split())
        worker = stack.enter_context(Service([sys.executable, "-m", "bureau.manage", "worker"]))
        attend(server, worker)


def chosen() -> list[str]:
    """The counties that COUNTIES names."""
    import town

    named = os.environ.get("COUNTIES") or "640324"
    return list(town.COUNTIES) if named == "all" else named.split(",")


def prepare() -> None:
    """Django and the database."""
    say("准备数据库 / preparing the database")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    unhurried()


class Service:
    """A process that runs until the demo ends."""

    def __init__(self, command: list[str]) -> None:
        self.command = command

    def __enter__(self) -> "subprocess.Popen[bytes]":
        # The large cache was for filling the registers; each of the server's connections would take as much.
        environment = {name: value for name, value in os.environ.items() if name != "SQLITE_CACHE_MB"}
        self.process = subprocess.Popen(self.command, env=environment)
        return self.process

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


def stories(counties: list[str]) -> None:
    """What people did: plans published, progress, supervision; told while the first pages are already being looked at."""
    import demo_stories

    say("正在核对发布五份计划，并填写落实经过 / publishing five plans and telling what followed")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=beside) as pool:
        demo_stories.tell(counties, say, pool)
    TOLD.write_text("")
    say("落实经过已填好 / all is told")


def announce(server: "subprocess.Popen[bytes]") -> None:
    """Say where to go once the server answers."""
    while not _answers() and server.poll() is None:
        time.sleep(0.1)
    say(f"请打开 / open  http://127.0.0.1:{PORT}   （Ctrl+C 结束 / to stop）")


def attend(*services: "subprocess.Popen[bytes]") -> None:
    """Stay until a service ends or the user stops."""
    try:
        while all(one.poll() is None for one in services):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass


def _answers() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


if __name__ == "__main__":
    main()
