"""最小必要: every piece of a child's data that may leave for a phone, and why. What is not here stays in the building."""

from collections.abc import Iterable
from datetime import date

from bureau.cases.models import Case
from bureau.people.secret import unseal
from bureau.registry.queries import rows_on

# Field of the student register → why a visitor needs it. No ID number, no enrolment number, no second guardian.
CARRIED = {
    "sex": "见面核对本人",
    "grade": "见面核对本人",
    "home_township": "找到住处",
    "home_village": "找到住处",
    "home_address": "找到住处",
    "guardian_name": "与监护人谈话",
    "guardian_relation": "与监护人谈话",
    "guardian_phone": "约定时间；没有信号时问路",
}
SEALED = ("guardian_phone",)


def of_students(cases: Iterable[Case], today: date) -> dict[tuple[str, str], dict[str, str]]:
    """{(county, student key): {field: text}} of the register in force, for the cases about students; one query a county."""
    wanted: dict[str, set[str]] = {}
    for case in cases:
        if case.subject == "student":
            wanted.setdefault(case.county_code, set()).add(case.subject_key)
    found = {}
    for county, keys in wanted.items():
        for row in rows_on("students", today, county).filter(key__in=keys).values("key", *CARRIED):
            fields = {name: unseal(row[name] or b"") if name in SEALED else row[name] for name in CARRIED}
            found[county, row["key"]] = {name: str(value) for name, value in fields.items() if value}
    return found
