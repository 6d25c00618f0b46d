"""许多个案、许多人: five thousand cases change hands at once, and two officials act on one case at the same time."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from cases_help import COUNTY, PDF, START, at, know_holidays, move
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate, localtime

from bureau.cases import actions, change, counting
from bureau.cases.models import Bulk, Case, Event, Holding, Stay
from bureau.log.models import Entry
from bureau.log.queries import check_chain
from bureau.people.models import Area, User
from bureau.registry.models import School
from bureau.work.case_tasks import do_bulk

pytestmark = pytest.mark.django_db
Cast = dict[str, User]
BrowserOf = Callable[[str], Client]
MANY = 5_000
FAR = "640399"
WAYS = ("township", "school", "")


def many(count: int, *, by: User, day: date) -> list[Case]:
    """Hazards of all schools of the county: one is opened, the others are its copies elsewhere, each with its stay and its desk."""
    places = list(School.objects.filter(county_code=COUNTY, valid_to=None).order_by("school_code"))
    key = places[0].school_code
    first = actions.open_case(
        county_code=COUNTY, ledger="hazards", subject_key=key, item="演示 0", by=by, at=at(day), today=day
    )
    kept = {field.attname: getattr(first, field.attname) for field in Case._meta.concrete_fields}
    del kept["id"]
    copies = []
    for number in range(1, count):
        place = places[number % len(places)]
        here = {
            "subject_key": place.school_code,
            "school_code": place.school_code,
            "school": place.school_name,
        }
        copies.append(Case(**kept | here | {"township_code": place.township_code, "item": f"演示 {number}"}))
    made = Case.objects.bulk_create(copies)
    Stay.objects.bulk_create(change.stay_of(case, "opened", day) for case in made)
    desk = {"line": "", "level": first.level, "user": None, "day": day, "by": by, "reason": ""}
    Holding.objects.bulk_create(change.holding_of(case, **desk) for case in made)
    return [first, *made]


def test_five_thousand_cases_change_hands_at_once(cast: Cast, areas: Area, browser_of: BrowserOf) -> None:
    know_holidays()
    today = localdate()
    before = today - timedelta(days=1)
    office, to = cast["office"], cast["leader"]
    for one in (office, to):
        User.objects.filter(pk=one.pk).update(area=areas)
        one.refresh_from_db()
    cases = many(MANY + 2, by=office, day=before)
    closed, away = cases[17], cases[4_321]
    Case.objects.filter(pk=closed.pk).update(
        phase="closed", state="closed", done_by=to, closed_by=office, closed_on=before
    )
    Stay.objects.filter(of=closed).update(phase="closed")

    browser = browser_of("office")
    given = {
        "do": "1",
        "every": "1",
        "level": "bureau",
        "to": str(to.pk),
        "reason": "演示：由县教育局统一办理",
    }
    answer = browser.post("/cases/selected/assign/?ledger=hazards&view=all", given)
    job = Bulk.objects.get()
    assert answer.headers["Location"] == f"/cases/bulk/{job.pk}/"
    assert (job.total, job.state) == (MANY + 2, Bulk.State.QUEUED)
    # Before the worker comes to it, one of them is another county's.
    far = {"county_code": FAR, "township_code": f"{FAR}100", "school_code": f"{FAR}9999"}
    Case.objects.filter(pk=away.pk).update(**far)
    Stay.objects.filter(of=away).update(**far)
    told = {by: counting.stand(office, "hazards", before, by=by) for by in WAYS}
    here = [case for case in cases if case not in (closed, away)]
    assert told["township"] == Counter(case.township_code for case in here)
    assert told["school"] == Counter(case.school_code for case in here)
    events, lines = Event.objects.count(), Entry.objects.count()
    do_bulk.func(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.refused_count) == (Bulk.State.DONE, MANY + 2, 2)
    assert {pk: sentence for pk, _label, sentence in job.refused} == {
        closed.pk: "这件个案已经结束，不用移交",
        away.pk: "这件个案不在您的辖区内",
    }
    page = browser.get(f"/cases/bulk/{job.pk}/").content.decode()
    assert f"成功 {MANY:,} 件" in page
    assert "这件个案已经结束，不用移交" in page
    assert "这件个案不在您的辖区内" in page

    mine = Case.objects.filter(owner=to, level="bureau", phase="open")
    assert mine.count() == MANY
    assert set(mine.values_list("revision", flat=True)) == {cases[0].revision + 1}
    assert f"{MANY:,}" in browser_of("leader").get("/my-cases/").content.decode()
    # Who had each one before is kept, until when, and each file says what happened; the log has a line a part, not one a case.
    ended = Holding.objects.filter(of__in=mine, line="", level="school", user=None, until=today)
    running = Holding.objects.filter(of__in=mine, line="", level="bureau", user=to, until=None)
    assert (ended.count(), running.count()) == (MANY, MANY)
    said = Event.objects.filter(of__in=mine, what="assigned", by=office, day=today)
    assert (said.count(), Event.objects.count()) == (MANY, events + MANY)
    assert set(said.values_list("text", flat=True)) == {f"学校待办 → {to}。演示：由县教育局统一办理"}
    assert Entry.objects.filter(pk__gt=lines, verb="hand_over").count() == 11
    assert check_chain().bad is None

    # Each day has the counts of its day: yesterday all lay at the schools, today at the bureau; where they are has not changed.
    assert counting.stand(office, "hazards", before, by="level") == {"school": MANY}
    assert counting.stand(office, "hazards", today, by="level") == {"bureau": MANY}
    assert {by: counting.stand(office, "hazards", today, by=by) for by in WAYS} == told
    moves = counting.movement(office, "hazards", before, today, by="township")
    assert {town: one.after for town, one in moves.items() if one.after} == told["township"]
    assert all(one.checks and not one.opened and not one.closed for one in moves.values())
    school, township = cast["school"], cast["township"]
    assert counting.stand(school, "hazards", today, by="")[""] == told["school"][school.school_code]
    assert counting.stand(township, "hazards", today, by="")[""] == told["township"][township.area.code]


def claimed(cast: Cast, day: date) -> Case:
    """A hazard of the school that says it has been mended."""
    school = cast["school"]
    case = actions.open_case(
        county_code=COUNTY, ledger="hazards", subject_key=school.school_code, item="演示", by=school, at=at(day), today=day,
    )  # fmt: skip
    fields = {"site": "演示", "kind": "消防", "grade": "一般", "measure": "演示", "person": "演示"}
    move(case, "plan", school, day, **fields)
    move(case, "report", school, day, files=[PDF])
    return Case.objects.get(pk=case.pk)


def shown_revision(browser: Client, case: Case) -> str:
    """What the page's forms say they were filled in over."""
    text = browser.get(f"/cases/{case.pk}/").content.decode()
    found = set(re.findall(r'name="based_on" value="(\d+)"', text))
    assert len(found) == 1, found
    return found.pop()


def alert(answer: HttpResponse) -> str:
    """The first alert of a page, without its marks."""
    found = re.search(
        r'<div class="alert alert-danger" role="alert">(.*?)</div>', answer.content.decode(), re.DOTALL
    )
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])


def test_two_officials_close_one_case_and_one_of_them_does(cast: Cast, browser_of: BrowserOf) -> None:
    know_holidays()
    case = claimed(cast, START)
    leader, office = browser_of("leader"), browser_of("office")
    seen = {"leader": shown_revision(leader, case), "office": shown_revision(office, case)}
    given = {"move": "close", "close-inspected_on": f"{START}", "text": "演示：现场看过"}
    address = f"/cases/{case.pk}/move/"
    assert leader.post(address, given | {"based_on": seen["leader"]}).status_code == 302
    second = office.post(address, given | {"based_on": seen["office"]})
    assert second.status_code == 422
    # Who did what, and when; and what the second one had written is not lost.
    told = alert(second)
    closed = Event.objects.get(of=case, move="close")
    when = localtime(closed.at)
    assert (
        f"{cast['leader'].display_name}于{when.year}年{when.month}月{when.day}日{when:%H:%M}办理“复查销号”"
        in told
    )
    assert "现在是“已销号”" in told
    assert "演示：现场看过" in told
    # Pressed twice by the same one: said in so many words.
    again = leader.post(address, given | {"based_on": seen["leader"]})
    assert "您自己于" in alert(again)
    case.refresh_from_db()
    assert (case.phase, case.closed_by) == ("closed", cast["leader"])
    assert Entry.objects.filter(verb="close", kind="case", key=str(case.pk)).count() == 1
    assert Stay.objects.filter(of=case, until=None).get().phase == "closed"


def test_a_form_opened_before_the_case_moved_does_nothing_until_it_was_seen(
    cast: Cast, browser_of: BrowserOf
) -> None:
    know_holidays()
    case = claimed(cast, START)
    office = browser_of("office")
    seen = shown_revision(office, case)
    # Sent back and reported again: the state is the one the form was opened in, and yet it is another thing that would be closed.
    move(case, "back", cast["leader"], START, "演示：复查不合格")
    move(case, "report", cast["school"], START, files=[PDF])
    given = {"move": "close", "close-inspected_on": f"{START}"}
    address = f"/cases/{case.pk}/move/"
    stale = office.post(address, given | {"based_on": seen})
    assert stale.status_code == 422
    told = alert(stale)
    assert f"{cast['leader'].display_name}于" in told
    assert "“复查不合格，退回”" in told
    assert "现在是“已报整改，待复查”" in told
    # The page that says so shows the case as it is: pressed there, it counts.
    now_seen = re.findall(r'name="based_on" value="(\d+)"', stale.content.decode())[0]
    assert office.post(address, given | {"based_on": now_seen}).status_code == 302
    case.refresh_from_db()
    assert case.phase == "closed"
    # The night's comparison is nobody: a file opened before it says “系统”.
    other = claimed(cast, START + timedelta(days=1))
    seen = shown_revision(office, other)
    Case.objects.filter(pk=other.pk).update(revision=other.revision + 1)
    Event(of=other, what="escalated", at=at(START), day=START, revision=other.revision + 1).save()
    assert "系统于" in alert(office.post(f"/cases/{other.pk}/move/", given | {"based_on": seen}))
