"""后台进程: `python -m bureau.manage worker` takes up what was cut off, runs queued work, and starts the nightly run."""

import threading
import time
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from bureau.registry import moving
from bureau.registry.import_models import Import
from bureau.runs.models import Run
from bureau.work import downloads, making, tasks

NIGHTLY_HOUR = 2


class Command(BaseCommand):
    """Runs until stopped; `--batch` ends when the queue is empty."""

    help = "Run background work: imports, assessments and the nightly run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true")

    def handle(self, *args: object, batch: bool = False, **options: object) -> None:
        take_up()
        if not batch:
            threading.Thread(target=_each_night, daemon=True).start()
        call_command("db_worker", batch=batch, interval=0.3, startup_delay=False, verbosity=1)


def take_up() -> None:
    """What a killed process left in the middle starts again."""
    moving.recover()
    for of in Import.objects.filter(state="received"):
        tasks.stage_import.enqueue(of.pk)
    for identity in downloads.recover():
        making.make_download.enqueue(identity)
    Run.objects.filter(state="running").update(state="queued")
    for run in Run.objects.filter(state="queued"):
        tasks.assess.enqueue(run.pk)


def _each_night() -> None:
    last = timezone.localdate()
    while True:
        time.sleep(60)
        now = timezone.localtime()
        if now.date() > last and now.hour >= NIGHTLY_HOUR:
            last = now.date()
            tasks.nightly.enqueue()
            connection.close()
