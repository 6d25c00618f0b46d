"""后台任务: what runs unasked or long. Each task finds its row again, so that a second delivery does no harm."""

from datetime import date

from django.utils import timezone
from django_tasks import task

from bureau.people.models import User
from bureau.registry import actions as registry
from bureau.registry import bulk, commit_actions
from bureau.registry import queries as registered
from bureau.registry.import_models import Import
from bureau.registry.moving import RefusedError, move
from bureau.registry.staging import CancelledError
from bureau.runs import actions as runs
from bureau.runs.models import Run
from bureau.runs.queries import DEFAULT_PACK
from bureau.supervision import escalation
from bureau.supervision import queries as slips
from bureau.work import (
    aid_tasks,
    care_tasks,
    case_tasks,
    downloads,
    gap_tasks,
    graduates_tasks,
    link_tasks,
    nutrition_tasks,
    payment_tasks,
    plan_nightly,
    upkeep,
)
from bureau.work.marks import Marks
from bureau.work.memory import without_circles


def _marks(import_id: int) -> Marks:
    return Marks(Import.objects.filter(pk=import_id, cancel_asked=False), CancelledError)


@task()
@without_circles
def stage_import(import_id: int) -> None:
    """读取并比对一次导入."""
    of = Import.objects.get(pk=import_id)
    try:
        registry.stage(of=of, today=timezone.localdate(), progress=_marks(import_id))
    except (CancelledError, RefusedError):
        return
    except Exception:
        _could_not_read(import_id)
        raise


@task()
@without_circles
def compare_import(import_id: int) -> None:
    """重新比对一次导入."""
    of = Import.objects.get(pk=import_id)
    try:
        registry.compare_again(of=of, progress=_marks(import_id))
    except (CancelledError, RefusedError):
        return
    except Exception:
        _could_not_read(import_id)
        raise


def _could_not_read(import_id: int) -> None:
    sentence = "读取时出了意外，文件没有导入。请把文件和时间告诉系统管理员。"
    move(import_id, Import.State.REFUSED, since=Import.State.READING, note=sentence)


@task()
@without_circles
def commit_import(
    import_id: int, user_id: int, accept_low_match: bool, accept_rejected: bool, address: str
) -> None:
    """提交一次导入, then ask for new results of every day it touches."""
    of = Import.objects.get(pk=import_id)
    try:
        of = commit_actions.commit(
            of=of,
            by=User.objects.get(pk=user_id),
            at=timezone.now(),
            accept_low_match=accept_low_match,
            accept_rejected=accept_rejected,
            address=address,
        )
    except RefusedError:
        return
    ask_for_results(of.county_code, of.day, user_id)


@task()
@without_circles
def undo_import(import_id: int, user_id: int, reason: str, address: str) -> None:
    """撤销一次导入, then ask for new results of every day it touched."""
    of = Import.objects.get(pk=import_id)
    try:
        of = commit_actions.undo(
            of=of, by=User.objects.get(pk=user_id), reason=reason, at=timezone.now(), address=address
        )
    except RefusedError:
        return
    ask_for_results(of.county_code, of.day, user_id)


def ask_for_results(county_code: str, since: date, user_id: int | None) -> None:
    """Queue new results for each data day from `since` on."""
    by = User.objects.filter(pk=user_id).first() if user_id else None
    days = registered.days_with_data(county_code)
    for day in sorted(day for day in days if day >= since) or ([since] if days else []):
        for pack in runs.packs():
            run = runs.ask(county_code=county_code, day=day, pack=pack, by=by, at=timezone.now())
            assess.enqueue(run.pk)


@task()
@without_circles
def assess(run_id: int) -> None:
    """测算, and bring the gap ledger up to the newest results."""
    run = runs.compute(run_id=run_id, at=timezone.now)
    if run is None or run.state != Run.State.DONE:
        return
    later = Run.objects.filter(county_code=run.county_code, pack=run.pack, state="done", day__gt=run.day)
    if run.pack == DEFAULT_PACK and not later.exists():
        gap_tasks.follow(run.county_code, at=timezone.now(), today=timezone.localdate())
    plan_nightly.after_run(run, today=timezone.localdate())


@task()
def nightly() -> None:
    """每晚: results whose registers have changed since are made anew, and files nobody needs any more are removed."""
    downloads.forget_old(at=timezone.now())
    for county in registered.counties():
        day = registered.latest_day(county)
        if day is not None:
            ask_for_results(county, day, None)
            link_tasks.ask_to_compare(county)
    plan_nightly.keep_up(today=timezone.localdate(), at=timezone.now())
    upkeep.keep_up(timezone.now())
    graduates_tasks.nightly(today=timezone.localdate(), at=timezone.now())
    aid_tasks.nightly(today=timezone.localdate(), at=timezone.now())
    payment_tasks.nightly(today=timezone.localdate(), at=timezone.now())
    nutrition_tasks.nightly(today=timezone.localdate())
    # After everything they read: the detectors look at aid, payments and destinations too.
    case_tasks.nightly()
    care_tasks.nightly(today=timezone.localdate(), at=timezone.now())
    for county in slips.counties():
        escalation.begin_steps(county_code=county, at=timezone.now())
        escalation.follow(county_code=county, today=timezone.localdate(), at=timezone.now())
    bulk.weigh()
