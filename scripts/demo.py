"""`make demo`: the made-up county, written as workbooks, imported like any user's, and served.

DATA (folder), PORT, COUNTIES (codes joined by commas, or `all`) and RESET come from the environment. A second start on
the same folder takes seconds.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
DATA = Path(os.environ.get("DATA") or "data").resolve()
PORT = int(os.environ.get("PORT") or "8000")
READY = DATA / "demo" / "ready"
READ_AHEAD = 2
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


def generate(counties: list[str], folder: Path, books: "Queue[Any]") -> None:
    """In a process of its own: write each county's workbooks and name them as they are finished."""
    import town

    for county in counties:
        place = folder / county
        place.mkdir(parents=True, exist_ok=True)
        for book in town.stream(county, place):
            books.put((county, str(book.path), book.day, book.title))
    books.put(None)
    for county in counties:
        town.write_exercises(town.build(county), folder / county / "练习")


def read_ahead(import_id: int) -> None:
    """In a process of its own: read one upload while another is being committed."""
    import django

    django.setup()
    from django.utils import timezone

    from bureau.registry import actions as registry
    from bureau.registry.models import Import

    registry.read(
        of=Import.objects.get(pk=import_id), today=timezone.localdate(), progress=lambda share: None
    )


def conclude(county: str, day: date) -> None:
    """In the reading process: the results of one year, and what people did about its gaps."""
    from django.utils import timezone

    from bureau.runs import actions as runs
    from bureau.work.tasks import assess

    for pack in runs.packs():
        run = runs.ask(county_code=county, day=day, pack=pack, by=None, at=timezone.now())
        assess.func(run.pk)
        say(f"{county} {day} {pack} 测算完成 / assessed")
    keep_the_ledger(county, day)


def fill(counties: list[str]) -> None:
    """Accounts, areas, and every workbook through the same import as any user's."""
    from django.utils import timezone

    import town
    from bureau.people import actions as people
    from bureau.people.models import User
    from bureau.people.organisations import load_organisations
    from bureau.registry import actions as registry
    from bureau.registry.models import Import
    from bureau.registry.staged_file import load
    from junheng.tables import SHEETS

    context = get_context("spawn")
    books: Queue[Any] = context.Queue()
    writer = context.Process(target=generate, args=(counties, DATA / "demo", books))
    writer.start()
    reader = ProcessPoolExecutor(1, mp_context=context)
    people.load_areas(counties=counties, at=timezone.now())
    cast = [account for county in counties for account in town.cast(county)]
    for county in counties:
        load_organisations(county_code=county, rows=town.organisations(county), by=None, at=timezone.now())
    people.create_demo_accounts(cast=cast, at=timezone.now())
    (DATA / "geo").mkdir(parents=True, exist_ok=True)
    for county in counties:
        (DATA / "geo" / f"{county}.json").write_text(json.dumps(town.outlines(county), ensure_ascii=False))
    by = User.objects.get(username="basic")
    waiting: list[tuple[Import, str, Future[None]]] = []
    concluding: list[Future[None]] = []

    def finish(place: int = 0) -> None:
        of, title, done = waiting.pop(place)
        done.result()
        of.refresh_from_db()
        if of.state != Import.State.READING:
            raise SystemExit(f"{title}: {of.note}")
        registry.review(of=of, staged=load(of.pk), progress=lambda share: None)
        of = registry.commit(of=of, by=by, at=timezone.now(), accept_low_match=True)
        say(
            f"{title}："
            + "，".join(f"{SHEETS[name].title} {count['rows']}" for name, count in of.counts.items())
        )
        if "students" in of.sheets:
            # The last book of a year: its results, made beside the next commit, so that the ledger follows year by year.
            concluding.append(reader.submit(conclude, of.county_code, of.day))

    say("正在生成演示县的工作簿，并逐本导入 / writing the county's workbooks and importing them")
    while (book := books.get()) is not None:
        county, path, day, title = book
        of = registry.receive(
            by=by, files=[(Path(path).name, Path(path).read_bytes())], day=day, county_code=county,
            complete=True, at=timezone.now(),
        )  # fmt: skip
        waiting.append((of, f"{county} {title}", reader.submit(read_ahead, of.pk)))
        if "学校" in title:
            # What follows names these schools, so they must be there before it is read.
            finish(-1)
        while len(waiting) > READ_AHEAD:
            finish()
    while waiting:
        finish()
    for one in concluding:
        one.result()
    reader.shutdown()
    writer.join()


def keep_the_ledger(county: str, day: date) -> None:
    """What people did about the gaps that year: plans, reports of completion (some too early), a second person's check."""
    from bureau.cases import actions as cases
    from bureau.cases.models import Gap
    from bureau.people.models import User

    suffix = "" if county == "640324" else f"-{county}"
    projects = User.objects.get(username=f"projects{suffix}")
    inspector = User.objects.get(username=f"inspector{suffix}")
    gaps = list(Gap.objects.filter(county_code=county).exclude(state="closed").order_by("id"))
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    solved = [gap.pk for gap in gaps if gap.state == "solved"]
    if solved:
        checked = solved[: len(solved) * 2 // 3]
        cases.close(gap_ids=checked, by=inspector, at=at + timedelta(days=40), remark="实地查看，与数据一致")
    plans: dict[int, cases.Plan] = {}
    for gap in gaps:
        if gap.state in ("open", "under_way") and gap.pk % 10 < 7 and not gap.measure:
            measure, office = MEASURES[gap.code]
            plans[gap.pk] = {
                "measure": measure,
                "office": office,
                "due": date(day.year + 1 + gap.pk % 2, 8, 31),
            }
    if plans:
        cases.plan(changes=plans, by=projects, at=at + timedelta(days=20), today=day)
    early = [pk for pk in plans if pk % 12 == 1]
    if early:
        cases.claim(gap_ids=early, text="已安排到位", by=projects, at=at + timedelta(days=200))


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
    import django
    from django.core.management import call_command

    import town

    chosen = os.environ.get("COUNTIES") or "640324"
    counties = list(town.COUNTIES) if chosen == "all" else chosen.split(",")
    say("准备数据库 / preparing the database")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if READY.exists():
        say(f"使用已有的演示数据 {DATA} / using the data that is there")
    else:
        fill(counties)
        READY.write_text("\n".join(counties))
    serve()


def serve() -> None:
    """The server and the worker, until Ctrl+C."""
    commands = [
        [sys.executable, "-m", "granian", "--interface", "wsgi", "bureau.wsgi:application", "--host", "127.0.0.1",
         "--port", str(PORT), "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"],
        [sys.executable, "-m", "bureau.manage", "worker"],
    ]  # fmt: skip
    # The large cache was for filling the registers; each of the server's connections would take as much.
    environment = {name: value for name, value in os.environ.items() if name != "SQLITE_CACHE_MB"}
    processes = [subprocess.Popen(command, env=environment) for command in commands]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while not _answers() and all(process.poll() is None for process in processes):
            time.sleep(0.1)
        say(f"请打开 / open  http://127.0.0.1:{PORT}   （Ctrl+C 结束 / to stop）")
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=10)


def _answers() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


if __name__ == "__main__":
    main()
