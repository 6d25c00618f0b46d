"""点名: one class on one day. Only those who are away are named; a correction keeps what stood before."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.attendance import actions, queries, rules
from bureau.attendance.models import ClassDay
from bureau.attendance.shapes import Named
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.attendance_place import MAY_SEE, Place, asked_day, beside, class_page, place_of
from bureau.pages.context import show
from bureau.pages.sign_in import client_address
from bureau.people.rules import Refused

# The marks in the order of the buttons; the digit beside each is its key.
MARKS = tuple((kind, words, number) for number, (kind, words) in enumerate(rules.KINDS.items(), 1))
PHONES = ("Mobile", "Android", "iPhone")


@page(roles=MAY_SEE)
def roll_call(request: SignedIn, school_code: str, grade: str, number: int) -> HttpResponseBase:
    """The roll of a class on a day, to be marked; looking is logged."""
    place = place_of(request, school_code, grade, number)
    known = queries.school_calendar(place.ref.county_code)
    today = localdate()
    day = asked_day(request, known, today=today)
    if request.method == "POST":
        refusal = _save(request, place, day, today)
        if refusal is None:
            return HttpResponseRedirect(_after(request, place, day))
        messages.error(request, refusal)
    roll = queries.roll(place.ref, day)
    entry = queries.entry(place.ref, day)
    read_access(
        by=request.user,
        verb=Verb.VIEW,
        obj=("roll_call", f"{school_code} {grade}-{number} {day}"),
        detail={"rows": len(roll)},
        at=now(),
        address=client_address(request),
    )
    before, after = beside(known, day, today=today)
    return show(
        request,
        "attendance/class.html",
        title=_("%(name)s点名") % {"name": place.name},
        crumbs=_crumbs(request, place, day),
        place=place,
        day=day,
        today=today,
        pupils=_pupils(request, roll, entry, queries.roll_pinyin(place.ref, day)),
        marks=MARKS,
        parts=rules.PARTS.items(),
        entry=entry,
        versions=_versions(place, day, roll),
        teacher=queries.homeroom_of(place.ref, day),
        why_not=_why_not(request, place, day, today, len(roll)),
        doubts=known.doubts(day, day),
        before=class_page(place.ref, before) if before else "",
        after=class_page(place.ref, after) if after else "",
        matrix=class_page(place.ref, name="attendance-matrix"),
        reason=request.POST.get("reason", ""),
        expected=request.POST.get("expected", entry.pk if entry else ""),
        status=422 if request.method == "POST" else 200,
    )


def _crumbs(request: SignedIn, place: Place, day: date) -> list[tuple[str, str]]:
    crumbs = [(_("考勤"), f"{reverse('attendance')}?day={day:%Y-%m-%d}")]
    if request.user.role not in ("teacher", "school"):
        crumbs.append((place.school, f"{crumbs[0][1]}&school={place.ref.school_code}"))
    return crumbs


def _why_not(request: SignedIn, place: Place, day: date, today: date, roll: int) -> str | None:
    known = queries.school_calendar(place.ref.county_code)
    return rules.why_not_enter(
        role=request.user.role,
        in_area=True,
        own_class=place.own,
        day=day,
        today=today,
        school_day=known.is_school_day(day),
        back=known.count(day, today) if day < today else 0,
        reach=queries.reach(place.ref.county_code),
        roll=roll,
    )


def _pupils(
    request: SignedIn, roll: dict[str, str], entry: ClassDay | None, pinyin: dict[str, str]
) -> list[dict[str, Any]]:
    """The roll with the marks that were typed, else those that stand; `find` is what a name is found by."""
    standing = {one.student_key: one for one in entry.absences.all()} if entry else {}
    rows = []
    for key, name in roll.items():
        one = standing.get(key)
        kind, part, reason = (one.kind, one.part, one.reason) if one else ("", "day", "")
        if request.method == "POST":
            kind, part, reason = _typed(request, key)
        find = f"{name} {pinyin.get(key, '')}"
        rows.append({"key": key, "name": name, "find": find, "kind": kind, "part": part, "reason": reason})
    return rows


def _typed(request: SignedIn, key: str) -> tuple[str, str, str]:
    posted = request.POST
    return posted.get(f"kind-{key}", ""), posted.get(f"part-{key}", "day"), posted.get(f"reason-{key}", "").strip()  # fmt: skip


def _save(request: SignedIn, place: Place, day: date, today: date) -> str | None:
    """Store what was marked; answers the refusal."""
    keys = [name.removeprefix("kind-") for name, value in request.POST.items() if name.startswith("kind-") and value]  # fmt: skip
    expected = request.POST.get("expected", "")
    agent = request.headers.get("User-Agent", "")
    before = queries.entry(place.ref, day)
    try:
        saved = actions.enter(
            ref=place.ref,
            day=day,
            absences=[Named(key, *_typed(request, key)) for key in keys],
            by=request.user,
            at=now(),
            today=today,
            source="phone" if any(word in agent for word in PHONES) else "desk",
            reason=request.POST.get("reason", "").strip(),
            expected=int(expected) if expected.isdigit() and len(expected) < 15 else None,
            address=client_address(request),
        )
    except Refused as refusal:
        return str(refusal)
    if before and before.pk == saved.pk:
        messages.info(request, _("没有改动，什么也没有保存"))
    else:
        words = _("%(name)s %(day)s已登记：应到 %(roll)s 人，缺勤 %(absent)s 人，迟到早退 %(late)s 人")
        messages.success(
            request,
            words % {"name": place.name, "day": f"{day:%m-%d}", "roll": saved.roll, "absent": saved.absent, "late": saved.late},
        )  # fmt: skip
    return None


def _after(request: SignedIn, place: Place, day: date) -> str:
    """To the day's list, where the next class waits."""
    address = f"{reverse('attendance')}?day={day:%Y-%m-%d}"
    bureau = request.user.role not in ("teacher", "school")
    return f"{address}&school={place.ref.school_code}" if bureau else address


def _versions(place: Place, day: date, roll: dict[str, str]) -> list[dict[str, Any]]:
    """Every version of the roll call in words, newest first."""
    found = []
    for one in queries.versions(place.ref, day):
        named = [
            f"{roll.get(row.student_key, _('已离班学生'))} {row.get_kind_display()}"
            + (f"（{row.get_part_display()}）" if row.halves == 1 else "")
            for row in one.absences.all()
        ]
        found.append({"row": one, "words": "、".join(named) or _("全员到校")})
    return found
