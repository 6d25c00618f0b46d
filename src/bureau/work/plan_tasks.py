"""计划文件的后台任务: reading a plan document, with its progress in the row and a stop when somebody cancels."""

from time import monotonic

from django_tasks import task

from bureau.plans import document_actions
from bureau.plans.models import Plan

SECONDS_BETWEEN_MARKS = 0.4


class _Marks:
    def __init__(self, plan_id: int) -> None:
        self.plan_id = plan_id
        self.last = 0.0

    def __call__(self, share: float) -> None:
        now = monotonic()
        if now - self.last < SECONDS_BETWEEN_MARKS:
            return
        self.last = now
        if not Plan.objects.filter(pk=self.plan_id, cancel_asked=False).update(progress=share):
            raise document_actions.CancelledError


@task()
def read_plan(plan_id: int) -> None:
    """读取一份计划文件. A second delivery finds it read and does nothing."""
    plan = Plan.objects.get(pk=plan_id)
    if plan.state != Plan.State.READING:
        return
    try:
        document_actions.read(plan=plan, progress=_Marks(plan_id))
    except document_actions.CancelledError:
        return
    except Exception:
        document_actions.fail(plan=plan)
        raise
