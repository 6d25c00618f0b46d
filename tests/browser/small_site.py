"""The small county in a DATA folder of its own, for the browser tests: `python small_site.py` fills it, then the test serves it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from bureau.people.models import User


def tell_the_plan(by: "User") -> None:
    """The county's plan, published by the clerk's own path, what its units did, and what the bureau asked of them."""
    from datetime import timedelta

    from django.utils import timezone

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

    today = timezone.localdate()
    started = timezone.now() - timedelta(days=200)
    for plan in plan_story.upload("640324", by=by, at=started):
        plan_story.confirm_as_a_clerk(plan, by, started, today=today)
    progress_story("640324", today=today)
    supervision_story("640324", today=today)
    bulletin_story("640324", at=timezone.now())
    performance_story("640324", at=timezone.now())
    # Whatever changes what is known of children comes before aid is judged.
    for story in (links_story, attendance_story, nutrition_story, graduates_story):
        story("640324", today=today)
    for story in (aid_story, payments_story, cases_story):
        story("640324", today=today)


def main() -> None:
    here = Path(__file__).resolve().parent.parent
    sys.path[:0] = [str(here), str(here / "site")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "bureau.settings"
    django.setup()
    import json
    from datetime import date

    from django.core.management import call_command
    from django.utils import timezone

    import town
    from bureau.people import actions as people
    from bureau.people.models import User
    from bureau.people.organisations import load_organisations
    from bureau.registry import actions as registry
    from bureau.registry import commit_actions
    from bureau.runs.models import Run
    from bureau.work.tasks import ask_for_results, assess

    data = Path(os.environ["DATA"])
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    people.load_areas(counties=["640324"], at=timezone.now())
    small = town.small()
    first_school = str(next(small.latest.tables["schools"].dicts())["school_code"])
    cast = [
        account | ({"school_code": first_school} if account["username"] == "primary" else {})
        for account in town.cast("640324")
    ]
    load_organisations(county_code="640324", rows=town.organisations(), by=None, at=timezone.now())
    people.create_demo_accounts(cast=cast, at=timezone.now())
    (data / "geo").mkdir(exist_ok=True)
    (data / "geo" / "640324.json").write_text(json.dumps(town.outlines("640324"), ensure_ascii=False))
    by = User.objects.get(username="basic")
    for book in town.write(small, data):
        of = registry.receive(
            by=by,
            files=[(book.path.name, book.path.read_bytes())],
            day=book.day,
            county_code="640324",
            complete=True,
            at=timezone.now(),
        )
        of = registry.stage(of=of, today=timezone.localdate(), progress=lambda share: None)
        commit_actions.commit(of=of, by=by, at=timezone.now())
    town.write_exercises(small, data / "exercises")
    ask_for_results("640324", date(2000, 1, 1), None)
    for run in Run.objects.filter(state="queued").order_by("id"):
        assess.func(run.pk)
    tell_the_plan(by)


if __name__ == "__main__":
    main()
