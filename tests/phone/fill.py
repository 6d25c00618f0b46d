"""Adds to a served small county what the phone's journeys need: a ledger, a visiting teacher and cases: `DATA=… python fill.py [count]`."""

import os
import sys
from pathlib import Path

import django

WALKER, COLLEAGUE = "walker", "walker2"


def main(count: int = 4) -> None:
    here = Path(__file__).resolve().parent.parent
    sys.path[:0] = [str(here), str(here / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")
    django.setup()
    from django.utils import timezone

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


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
