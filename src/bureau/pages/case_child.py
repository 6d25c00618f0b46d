"""学生页里的个案和考勤: what concerns one child, each block only for those who may see it."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate

from bureau.attendance import queries as attendance
from bureau.attendance.rules import KINDS, PARTS
from bureau.care import pairing
from bureau.care.models import Pairing
from bureau.cases import packs, queries
from bureau.pages.attendance_place import class_page
from bureau.pages.case_parts import LISTS, case_page, phase_badge, state_title
from bureau.pages.context import Page
from bureau.people.rules import Permission, may
from junheng.policy.ledgers import LIVE

DAYS = 180
MOST = 12


def blocks(here: Page, county_code: str, key: str) -> dict[str, Any]:
    """{cases, tutors, attendance}: a block that the account may not see is None."""
    sees = may(here.user.role, Permission.SEE_CASES)
    return {
        "cases": _cases(here, county_code, key) if sees else None,
        "tutors": _tutors(here, county_code, key) if sees else None,
        "attendance": _attendance(county_code, key),
        "new_case": f"{reverse('case-new')}?q=" if may(here.user.role, Permission.WORK_CASES) else "",
    }


def _cases(here: Page, county_code: str, key: str) -> list[dict[str, Any]]:
    """Cases of ledgers the account may see; those of restricted ledgers do not even show that they exist."""
    rows = []
    for one in queries.child_cases(here.user, county_code, key)[:50]:
        ledger = packs.ledger(county_code, one.ledger)
        rows.append(
            {
                "address": case_page(one.pk),
                "ledger": ledger.title,
                "badge": phase_badge(
                    state_title(ledger, one.state), one.phase, contradiction=one.contradiction
                ),
                "live": one.phase in LIVE,
                "owner": one.owner,
                "opened_on": one.opened_on,
                "due": one.due if one.phase in LIVE else None,
                "closed_on": one.closed_on,
            }
        )
    return rows


def _tutors(here: Page, county_code: str, key: str) -> list[dict[str, Any]]:
    """结对教师, standing ones first."""
    kinds = dict(Pairing.Kind.choices)
    lists, own = here.user.role in LISTS, here.user.school_code
    return [
        {
            "name": one.teacher_name,
            "kind": kinds[Pairing.Kind(one.kind)],
            "since": one.since,
            "until": one.until,
            "reason": one.ended_reason,
            "address": f"{reverse('tutors-school', args=[one.school_code])}?kind={one.kind}"
            if lists and one.until is None and own in ("", one.school_code)
            else "",
        }
        for one in pairing.tutor_of(county_code, key)[:MOST]
    ]


def _attendance(county_code: str, key: str) -> dict[str, Any] | None:
    """考勤 of the last half year; None where nobody has called the roll."""
    today = localdate()
    found = attendance.child(county_code, key, today - timedelta(days=DAYS), today)
    if not found.entered_days:
        return None
    return {
        "entered": found.entered_days,
        "absent": found.absent_halves / 2,
        "rate": found.rate,
        "streak": found.streak,
        "days": DAYS,
        "rows": [
            {
                "day": one.day,
                "words": f"{KINDS[one.kind]}（{PARTS[one.part]}）" if one.halves else KINDS[one.kind],
                "reason": one.reason,
                "address": class_page(attendance.ClassRef(county_code, *one[2:5]), one.day),
            }
            for one in found.rows[-MOST:][::-1]
        ],
        "more": max(len(found.rows) - MOST, 0),
    }
