"""The made-up county's workbooks: written in one process, read in others, committed here like any user's, assessed year by year."""

import json
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from typing import Any, NamedTuple

from demo_ledger import keep_the_ledger, noon
from demo_setting import DATA, aside, beside, say

READERS = 2
READ_AHEAD = 4


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
