"""计划文件的后台任务: reading a plan document, with its progress in the row and a stop when somebody cancels."""

from django_tasks import task

from bureau.plans import document_actions
from bureau.plans.models import Plan
from bureau.work.marks import Marks


@task()
def read_plan(plan_id: int) -> None:
    """读取一份计划文件. A second delivery finds it read and does nothing."""
    plan = Plan.objects.get(pk=plan_id)
    if plan.state != Plan.State.READING:
        return
    going_on = Plan.objects.filter(pk=plan_id, cancel_asked=False)
    marks = Marks(going_on, document_actions.CancelledError)
    try:
        document_actions.read(plan=plan, progress=marks)
    except document_actions.CancelledError:
        return
    except Exception:
        document_actions.fail(plan=plan)
        raise
