"""`make demo`: the made-up county, written as workbooks, imported like any user's, and served.

DATA (folder), PORT, COUNTIES (codes joined by commas, or `all`) and RESET come from the environment. A second start on
the same folder takes seconds.
"""

import gc
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
DATA = Path(os.environ.get("DATA") or "data").resolve()
PORT = int(os.environ.get("PORT") or "8000")
READY = DATA / "demo" / "ready"
TOLD = DATA / "demo" / "told"
READERS = 2
READ_AHEAD = 4
MEASURES = {
    "R1": ("新招聘教师向该校倾斜", "人事科"),
    "R2": ("骨干教师交流轮岗到该校，纳入培养名单", "人事科"),
    "R3": ("补充体育、艺术教师，先以走教解决", "人事科"),
    "R4": ("改扩建教学用房", "项目办"),
    "R5": ("扩建运动场地", "项目办"),
    "R6": ("补充教学仪器设备", "项目办"),
    "R7": ("建设网络多媒体教室", "项目办"),
}
STARTED = float(os.environ.setdefault("DEMO_STARTED", str(time.monotonic())))


def say(sentence: str) -> None:
    """One line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {sentence}", flush=True)


class Book(NamedTuple):
    """One workbook as the writing process names it."""

    county: str
    path: str
    day: date
    title: str

    @property
    def names_schools(self) -> bool:
        """Whether the books after it name schools that this one brings."""
        return "学校" in self.title


def generate(counties: list[str], folder: Path, books: "Queue[Book | None]") -> None:
    """In a process of its own: write each county's workbooks and name them as they are finished."""
    aside()
    import town

    for county in counties:
        place = folder / county
        place.mkdir(parents=True, exist_ok=True)
        for book in town.stream(county, place, exercises=place / "练习"):
            books.put(Book(county, str(book.path), book.day, book.title))
    books.put(None)


def aside() -> None:
    """What runs beside the commits gives way to them: they wait for one another and decide how long all of it takes."""
    os.nice(5)
    unhurried()


def unhurried() -> None:
    """Millions of cells are held at once and nothing in them is circular: Python need not look for circles so often."""
    gc.set_threshold(200_000, 50, 100)


def beside() -> None:
    """A reading or assessing process begins."""
    aside()
    import django

    django.setup()


def collect() -> None:
    """In a reading process, while there is nothing to read yet: the static files."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def read_ahead(import_id: int) -> None:
    """In a reading process: read one upload while another is being committed."""
    from django.utils import timezone

    from bureau.registry import actions as registry
    from bureau.registry.import_models import Import

    registry.read(
        of=Import.objects.get(pk=import_id), today=timezone.localdate(), progress=lambda share: None
    )


def conclude(county: str, day: date) -> None:
    """In the assessing process, year by year: the results of one year, and what people did about its gaps."""
    from django.utils import timezone

    from bureau.runs import actions as runs
    from bureau.work import gap_tasks, plan_nightly

    for run_id, pack in ask_for_results(county, day):
        run = runs.compute(run_id=run_id, at=timezone.now)
        if run is not None and run.state == "done":
            # Followed as it was then, so that what people did about the gaps comes after their being found.
            gap_tasks.follow(county, at=noon(day, 10), today=day + timedelta(days=10))
            plan_nightly.after_run(run, today=timezone.localdate())
        say(f"{county} {day} {pack} 测算完成 / assessed")
    keep_the_ledger(county, day)


def ask_for_results(county: str, day: date) -> list[tuple[int, str]]:
    """The queued runs of one year, one for each standard; until they are done the pages say that they are under way."""
    from django.utils import timezone

    from bureau.runs import actions as runs

    return [
        (runs.ask(county_code=county, day=day, pack=pack, by=None, at=timezone.now()).pk, pack)
        for pack in runs.packs()
    ]


def people(counties: list[str]) -> Any:
    """Areas, organisations, outlines and the demo accounts; returns the account that imports."""
    from django.utils import timezone

    import town
    from bureau.people import actions
    from bureau.people.models import User
    from bureau.people.organisations import load_organisations

    actions.load_areas(counties=counties, at=timezone.now())
    cast = [account for county in counties for account in town.cast(county)]
    for county in counties:
        load_organisations(county_code=county, rows=town.organisations(county), by=None, at=timezone.now())
    actions.create_demo_accounts(cast=cast, at=timezone.now())
    (DATA / "geo").mkdir(parents=True, exist_ok=True)
    for county in counties:
        (DATA / "geo" / f"{county}.json").write_text(json.dumps(town.outlines(county), ensure_ascii=False))
    return User.objects.get(username="basic")


def receive(book: Book, by: Any) -> int:
    """Upload one workbook; returns the import's number."""
    from django.utils import timezone

    from bureau.registry import actions as registry

    path = Path(book.path)
    of = registry.receive(
        by=by, files=[(path.name, path.read_bytes())], day=book.day, county_code=book.county, complete=True, at=timezone.now()
    )  # fmt: skip
    return of.pk


def finish(book: Book, import_id: int, by: Any) -> None:
    """Compare and commit one upload that has been read."""
    from django.utils import timezone

    from bureau.registry import actions as registry
    from bureau.registry import commit_actions
    from bureau.registry.import_models import Import
    from bureau.registry.staged_file import load
    from junheng.tables import SHEETS

    of = Import.objects.get(pk=import_id)
    if of.state != Import.State.READING:
        raise SystemExit(f"{book.county} {book.title}: {of.note}")
    reviewed = registry.review(of=of, staged=load(of.pk), progress=lambda share: None)
    of = commit_actions.commit(of=of, by=by, at=timezone.now(), accept_low_match=True, reviewed=reviewed)
    found = "，".join(f"{SHEETS[name].title} {count['rows']}" for name, count in of.counts.items())
    say(f"{book.county} {book.title}：{found}")


def fill(counties: list[str], books: "Queue[Book | None]", stack: ExitStack) -> list[Future[None]]:
    """Every workbook through the same import as any user's; returns the assessments still under way."""
    context = get_context("spawn")
    readers = ProcessPoolExecutor(READERS, mp_context=context, initializer=beside)
    assessor = ProcessPoolExecutor(1, mp_context=context, initializer=beside)
    for pool in (readers, assessor):
        stack.callback(pool.shutdown, cancel_futures=True)
    collected = readers.submit(collect)
    by = people(counties)
    say("正在生成演示县的工作簿，并逐本导入 / writing the county's workbooks and importing them")
    waiting: deque[tuple[Book, int, Future[None]]] = deque()
    concluding: list[Future[None]] = []
    writing = True
    while writing or waiting:
        if writing and len(waiting) < READ_AHEAD:
            try:
                book = books.get(timeout=0.05 if waiting else 60)
            except Empty:
                pass
            else:
                writing = book is not None
                if book is not None:
                    import_id = receive(book, by)
                    if book.names_schools:
                        read_ahead(import_id)
                        finish(book, import_id, by)
                    else:
                        waiting.append((book, import_id, readers.submit(read_ahead, import_id)))
        if waiting and (waiting[0][2].done() or len(waiting) == READ_AHEAD or not writing):
            book, import_id, read = waiting.popleft()
            read.result()
            finish(book, import_id, by)
            if "学生" in book.title:
                # The last book of a year: its results, made beside the next commit, so that the ledger follows year by year.
                ask_for_results(book.county, book.day)
                concluding.append(assessor.submit(conclude, book.county, book.day))
    collected.result()
    return concluding


def noon(day: date, later: int) -> datetime:
    """Noon, so many days after a data day."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC) + timedelta(days=later)


def keep_the_ledger(county: str, day: date) -> None:
    """What people did about the gaps that year: plans, reports of completion (some too early), a look at the place and a second person's check."""
    from bureau.cases import actions
    from bureau.cases.models import Case
    from bureau.people.models import User
    from bureau.people.rules import Refused
    from junheng.policy.ledgers import LIVE

    suffix = "" if county == "640324" else f"-{county}"
    projects = User.objects.get(username=f"projects{suffix}")
    inspector = User.objects.get(username=f"inspector{suffix}")
    gaps = list(Case.objects.filter(county_code=county, ledger="gaps", phase__in=LIVE).order_by("id"))

    def step(case: Case, move: str, later: int, by: User, **more: Any) -> None:
        with suppress(Refused):
            actions.move(
                case_id=case.pk,
                move=move,
                by=by,
                at=noon(day, later),
                today=day + timedelta(days=later),
                **more,
            )

    solved = [gap for gap in gaps if gap.phase == "solved"]
    for gap in solved[: len(solved) * 2 // 3]:
        step(gap, "verify", 30, projects, text="演示：到校核对，与登记一致")
        step(gap, "close", 40, inspector, text="演示：实地查看，与数据一致")
    for gap in gaps:
        if gap.phase != "open" or gap.pk % 10 >= 7 or gap.fields.get("measure"):
            continue
        measure, office = MEASURES[gap.evidence["指标代码"]]
        until = date(day.year + 1 + gap.pk % 2, 8, 31)
        step(
            gap,
            "plan",
            20,
            projects,
            fields={"measure": measure, "office": office, "until": until.isoformat()},
        )
        if gap.pk % 12 == 1:
            step(gap, "claim", 200, projects, fields={"result": "演示：已安排到位"})


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


class Writing:
    """The writing process; ended with the others when something goes wrong or the user stops."""

    def __init__(self, counties: list[str], books: "Queue[Book | None]") -> None:
        self.process: BaseProcess = get_context("spawn").Process(
            target=generate, args=(counties, DATA / "demo", books)
        )

    def __enter__(self) -> None:
        self.process.start()

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.join()


SERVER = [
    sys.executable, "-m", "granian", "--interface", "wsgi", "bureau.wsgi:application", "--host", "127.0.0.1",
    "--port", str(PORT), "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
]  # fmt: skip


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
