"""名册比对的后台任务: reading and comparing a register, comparing again when the student register has moved on; then the enrolment rates follow."""

from collections.abc import Callable

from django.utils import timezone
from django_tasks import task

from bureau.links import actions
from bureau.links.models import OutsideRegister
from bureau.links.queries import registers_in_force
from bureau.people.rules import Refused
from bureau.registry import queries as registered
from bureau.runs.models import Run
from bureau.work.marks import Marks
from bureau.work.memory import without_circles
from bureau.work.plan_nightly import after_run

State = OutsideRegister.State


@task()
@without_circles
def read_register(register_id: int) -> None:
    """读取并比对一份名册. A second delivery begins what was cut off again, and does nothing to what is done."""
    register = OutsideRegister.objects.get(pk=register_id)
    if register.state in (State.RECEIVED, State.READING, State.MATCHING):
        _do(register, lambda marks: actions.run(register=register, at=timezone.now(), progress=marks))


@task()
@without_circles
def compare_register(register_id: int) -> None:
    """重新比对一份名册."""
    register = OutsideRegister.objects.get(pk=register_id)
    if register.state == State.MATCHING:
        _do(register, lambda marks: actions.compare(register=register, at=timezone.now(), progress=marks))


def _do(register: OutsideRegister, work: Callable[[Marks], OutsideRegister]) -> None:
    going_on = OutsideRegister.objects.filter(pk=register.pk, cancel_asked=False).exclude(state=State.MATCHED)
    try:
        done = work(Marks(going_on, actions.CancelledError))
    except actions.CancelledError:
        return
    except Exception:
        actions.fail(register=register)
        raise
    if done.source in ("household", "disabled") and done.state == State.MATCHED:
        measure_again(done)


def measure_again(register: OutsideRegister) -> None:
    """净入学率等 of every data day from the register's own on are worked out anew."""
    rows = Run.objects.filter(county_code=register.county_code, state="done", day__gte=register.day)
    newest: dict[tuple[object, str], Run] = {}
    for run in rows.order_by("id"):
        newest[run.day, run.pack] = run
    for run in newest.values():
        after_run(run, today=timezone.localdate())


def ask_to_compare(county_code: str) -> int:
    """每晚: registers in force that were compared with an older student register are queued again; answers how many."""
    day = registered.latest_day(county_code)
    version = registered.versions(county_code, ("students",))["students"]
    asked = 0
    for register in registers_in_force(county_code, day):
        if register.state == State.MATCHED and register.matched_version != version:
            try:
                actions.ask_compare_again(register=register, by=None, at=timezone.now())
            except Refused:
                continue
            compare_register.enqueue(register.pk)
            asked += 1
    return asked
