"""What people did in the demo: plans confirmed and published, progress, supervision, bulletins and assessments of three years.

Each story goes through the same actions as the pages. It runs after the registers are there, beside the server.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime, time, timedelta

from django.utils import timezone

import town
from bureau.links import actions as links
from bureau.links.models import OutsideRegister
from bureau.people import actions as people
from bureau.people.models import User
from bureau.people.organisations import load_organisations
from bureau.plans.models import Plan
from bureau.work import link_tasks
from town import plan_story
from town.aid_story import aid_story
from town.attendance_story import attendance_story
from town.bulletin_story import bulletin_story
from town.cases_story import cases_story
from town.graduates_story import graduates_story
from town.links_story import links_story
from town.nutrition_story import nutrition_story
from town.payments_story import payments_story
from town.performance_story import performance_story
from town.plan_progress import progress_story
from town.supervision_story import supervision_story

# In this order: each builds on what those before it have told.
BEFORE_AID: tuple[tuple[str, Callable[..., object]], ...] = (
    ("考勤已登记 / attendance entered", attendance_story),
    ("营养餐已记账 / meals accounted", nutrition_story),
    ("毕业去向已填 / destinations told", graduates_story),
)
# Aid is judged by what registers and destinations say: whatever changes that has been told by then.
FROM_AID_ON: tuple[tuple[str, Callable[..., object]], ...] = (
    ("三个学期的资助已判断 / three terms of aid judged", aid_story),
    ("评审、公示、发放、审计已填 / awards and payments told", payments_story),
    ("个案台账已填 / cases told", cases_story),
)


def tell(counties: list[str], say: Callable[[str], None], beside: Executor) -> None:
    """Five plans by the reader's own path, then what followed in the counties whose registers are here.

    `beside` is a process of its own with Django set up, for what takes long and can go on meanwhile.
    """
    today = timezone.localdate()
    started = timezone.make_aware(datetime.combine(today - timedelta(days=200), time(9)))
    others = [county for county in town.COUNTIES if county not in counties]
    people.load_areas(counties=others, at=started)
    clerk = User.objects.filter(username__startswith="region").order_by("id")[0]
    for county in town.COUNTIES:
        load_organisations(county_code=county, rows=town.organisations(county), by=None, at=started)
        if Plan.objects.filter(county_code=county, state=Plan.State.PUBLISHED).exists():
            continue
        begun = list(Plan.objects.filter(county_code=county, state=Plan.State.IN_REVIEW))
        for plan in begun or plan_story.upload(county, by=clerk, at=started):
            published = plan_story.confirm_as_a_clerk(plan, clerk, started, today=today)
            say(f"{county} 计划已核对发布 / plan published：{published.title}")
    for county in counties:
        progress_story(county, today=today)
        supervision_story(county, today=today)
        bulletin_story(county, at=timezone.now())
        performance_story(county, at=timezone.now())
        say(f"{county} 任务、目标、督办已填 / progress and supervision told")
    for county in counties:
        going_on: list[tuple[int, Future[None]]] = []

        def go_on_beside(number: int, jobs: list[tuple[int, Future[None]]] = going_on) -> None:
            jobs.append((number, beside.submit(compare, number)))

        links_story(county, today=today, large=go_on_beside)
        going_on += [(number, beside.submit(measure, number)) for number, _job in going_on]
        say(f"{county} 外部名册已比对 / registers of other offices matched")
        for words, tell_it in BEFORE_AID:
            tell_it(county, today=today)
            say(f"{county} {words}")
        for _number, job in going_on:
            job.result()
        say(f"{county} 户籍名册已比对 / household register matched")
        for words, tell_it in FROM_AID_ON:
            tell_it(county, today=today)
            say(f"{county} {words}")


def compare(number: int) -> None:
    """In the process beside: a register that takes half a minute."""
    links.run(register=OutsideRegister.objects.get(pk=number), at=timezone.now())


def measure(number: int) -> None:
    """In the process beside, after it and once the other registers are there: the rates that rest on it."""
    link_tasks.measure_again(OutsideRegister.objects.get(pk=number))
