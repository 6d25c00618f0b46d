"""任务的读取: which plans an account sees, whom it acts for, and the tasks with their units, duties and latest progress."""

from django.db.models import Prefetch, Q, QuerySet

from bureau.people.models import Organisation, User
from bureau.plans.document_queries import in_county, visible_plans
from bureau.plans.duty_models import Duty
from bureau.plans.models import Plan, Task, TaskEvent
from bureau.registry.models import School

# A plan's text is long, and a list of its tasks does not show it.
PLAN_TEXT = ("plan__source", "plan__header")


def seen_plans(user: User, county_code: str = "") -> QuerySet[Plan]:
    """The plans an account may see, of one county or of all its counties; see `visible_plans`."""
    if county_code:
        return visible_plans(user, county_code)
    found = Plan.objects.none()
    for code in Plan.objects.order_by().values_list("county_code", flat=True).distinct():
        found = found | visible_plans(user, code)
    return found


def current_plans(user: User, county_code: str = "") -> QuerySet[Plan]:
    """现行计划: the published ones among them, whose tasks and targets are followed."""
    return seen_plans(user, county_code).filter(state=Plan.State.PUBLISHED)


def acts_for(user: User) -> frozenset[int]:
    """The units an account acts for: its own, the one that is above and those that are parts of it.

    A township's and a school's account also act for the units that documents name together (各乡镇, 各学校).
    """
    wanted = Q(pk__in=[])
    if user.organisation_id:
        wanted |= Q(pk=user.organisation_id) | Q(parent=user.organisation_id) | Q(parts=user.organisation_id)
    if user.role == User.Role.TOWNSHIP and user.area is not None:
        township = user.area.path.split("/")[1] if "/" in user.area.path else ""
        wanted |= Q(area__code=township, kind=Organisation.Kind.TOWNSHIP)
        wanted |= Q(kind=Organisation.Kind.TOWNSHIP, name__startswith="各")
    if user.role == User.Role.SCHOOL:
        names = School.objects.filter(school_code=user.school_code, replaced_by=None).values("school_name")
        wanted |= Q(kind=Organisation.Kind.SCHOOL, name__in=names)
        wanted |= Q(kind=Organisation.Kind.SCHOOL, name__startswith="各")
    units = Organisation.objects.filter(wanted, active=True)
    return frozenset(pk for pk, code in units.values_list("pk", "county_code") if in_county(user, code))


def tasks(plans: QuerySet[Plan]) -> QuerySet[Task]:
    """The tasks of plans with units and duties, two queries more however many there are."""
    return (
        Task.objects.filter(plan__in=plans)
        .select_related("plan")
        .defer(*PLAN_TEXT)
        .prefetch_related("leads", "supports", Prefetch("duties", Duty.objects.order_by("due", "id")))
        .order_by("plan", "number")
    )


def current_duty(task: Task) -> Duty | None:
    """What the task's row shows: the first duty still open, else the last one; needs `duties` fetched."""
    duties = list(task.duties.all())
    still = [one for one in duties if one.state not in (Duty.State.CLOSED, Duty.State.DROPPED)]
    return still[0] if still else duties[-1] if duties else None


def events(task: Task) -> QuerySet[TaskEvent]:
    """任务变动, newest first."""
    return TaskEvent.objects.filter(task=task).select_related("by").order_by("-id")


def responsible_units(plans: QuerySet[Plan]) -> QuerySet[Organisation]:
    """责任单位 that lead a task of these plans."""
    leading = Task.objects.filter(plan__in=plans).values("leads")
    return Organisation.objects.filter(pk__in=leading)
