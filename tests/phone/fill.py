"""Adds to a served small county what the phone's journeys need: a ledger, visiting teachers, cases, a class of one's own: `DATA=… python fill.py [count]`."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import django

WALKER, COLLEAGUE = "walker", "walker2"


def main(count: int = 4) -> None:
    here = Path(__file__).resolve().parent.parent
    sys.path[:0] = [str(here), str(here / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")
    django.setup()
    from django.utils import timezone

    from bureau.attendance import homeroom_actions as homerooms
    from bureau.attendance import queries as attendance
    from bureau.people import actions as people
    from bureau.people.demo import DEMO_PASSWORD
    from bureau.people.models import User
    from bureau.registry.models import Student
    from phone.rows import ledger, open_cases

    school = (
        Student.objects.filter(valid_to=None).order_by("school_code").values_list("school_code", flat=True)[0]
    )
    made = []
    for name, words in ((WALKER, "演示·走访教师 丙"), (COLLEAGUE, "演示·走访教师 丁")):
        account = people.create_account(
            username=name, display_name=words, role="teacher", password=DEMO_PASSWORD, area=None,
            school_code=school, organisation=None, by=None, at=timezone.now(),
        )  # fmt: skip
        account.must_change_password = False
        account.save(update_fields=["must_change_password"])
        made.append(account)
    by = User.objects.get(username="basic")
    ledger(by)
    open_cases(made[0], by, count)
    today = timezone.localdate()
    own = sorted(attendance.rolls(by.area.code if by.area else "640324", today, school_code=school))[0]
    homerooms.appoint(ref=own, user=made[1], since=today - timedelta(days=120), by=by, at=timezone.now())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
