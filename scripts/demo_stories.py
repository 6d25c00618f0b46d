"""What people did in the demo: plans confirmed and published, progress, supervision, bulletins and assessments of three years.

Each story goes through the same actions as the pages. It runs after the registers are there, beside the server.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone

import town
from bureau.people import actions as people
from bureau.people.models import User
from bureau.people.organisations import load_organisations
from bureau.plans.models import Plan
from town import plan_story
from town.bulletin_story import bulletin_story
from town.performance_story import performance_story
from town.plan_progress import progress_story
from town.supervision_story import supervision_story


def tell(counties: list[str], say: Callable[[str], None]) -> None:
    """Five plans by the reader's own path, then what followed in the counties whose registers are here."""
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
