"""个案的故事: months of nightly comparisons and what people did in between, so that every ledger has cases in every state.

Everything goes through the actions of the pages. All of it is invented and says 演示; the earlier comparisons see a few children,
lines and schools that are no longer so today, which is how the data shows something solved.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bureau.cases import actions, duty_lines, escalating, owning, packs, sweeping, tables
from bureau.cases.models import Case
from bureau.cases.tables import County
from bureau.payments.finding_rules import LEDGERS
from bureau.people.models import Organisation
from bureau.people.rules import Refused
from bureau.registry import queries as registered
from bureau.work import case_tasks
from junheng.policy.ledgers import LIVE, Ledger
from town import cases_earlier as before
from town.care_story import care_story
from town.cases_people import Cast, at, cast_of
from town.cases_returned import tell_returned
from town.cases_walk import Story, way_to
from town.cases_words import BY_HAND
from town.holidays import fill_holidays

EARLY, MIDDLE = 28, 12  # days before today of the first comparison and of the one people worked from
# Whose business each of these is, in their order; the rest goes to the township with an account.
WHOSE: Mapping[str, tuple[str, ...]] = {
    "four_checks": ("项目办", "资助中心", "基教科", "人事科", "项目办", "", "安全科", "项目办", "项目办"),
}


def cases_story(county_code: str, *, today: date) -> dict[str, int]:
    """Cases of every ledger; answers how many each has. Does nothing when the county has cases already, but for those its results and the audit opened."""
    others = Case.objects.filter(county_code=county_code).exclude(ledger__in=["gaps", *LEDGERS.values()])
    if others.exists() or not registered.days_with_data(county_code):
        return {}
    fill_holidays(today=today)
    cast = cast_of(county_code, today - timedelta(days=130))
    story = Story(county_code, cast)
    read = sweeping.tables_read(county_code, today=today)
    now = tables.gather(county_code, today=today, wanted=read)
    beside = case_tasks.beside(county_code)
    tell_returned(story, now, today)
    early = today - timedelta(days=EARLY)
    then = before.earlier(now, county_code, early, cast.own)
    then.tables["cases"] = tables.cases_table(county_code)
    _compare(county_code, then, before.earlier_beside(beside, now, cast.own), early)
    _by_hand(story, early + timedelta(days=2))
    middle = today - timedelta(days=MIDDLE)
    _compare(county_code, before.called(now, county_code, middle, cast.own), beside, middle, only="suspected")
    _spread(story, middle + timedelta(days=1))
    now.tables["cases"] = tables.cases_table(county_code)
    _compare(county_code, now, beside, today - timedelta(days=1))
    _finish(story, today)
    now.tables["cases"] = tables.cases_table(county_code)
    _compare(county_code, now, beside, today, only="returned")
    _by_hand(story, today, most=1)
    story.complete(today)
    _hand_over(county_code, cast, today)
    escalating.escalate(county_code=county_code, at=at(today), today=today)
    duty_lines.fill(county_code=county_code, today=today)
    care_story(county_code, cast, today=today)
    codes = Counter(Case.objects.filter(county_code=county_code).values_list("ledger", flat=True))
    return dict(sorted(codes.items()))


def _compare(
    county_code: str, county: County, beside: Mapping[str, Any], day: date, *, only: str = ""
) -> None:
    sweeping.sweep(county_code=county_code, county=county, more=beside, at=at(day, 4), today=day, only=only)


def _by_hand(story: Story, day: date, *, most: int = 99) -> None:
    """Open what no data shows, and bring most of it on its way; with `most`, the last of each, which stays as it was found."""
    subjects, late = _subjects(story), most < 99
    for code, titles in BY_HAND.items():
        of = packs.ledger(story.county_code, code)
        known = subjects[
            code
            if code in subjects
            else "township"
            if "township" in of.ladder.levels and of.subject == "organisation"
            else of.subject
        ]
        first = len(titles) - most if late else 0
        for number, title in list(enumerate(titles))[first : None if late else -1]:
            if not known:
                break
            try:
                actions.open_case(
                    county_code=story.county_code,
                    ledger=code,
                    subject_key=_whose(story, code, number) or known[number % len(known)],
                    item=f"演示：{title}" if of.many else "",
                    text="演示：登记",
                    by=story.cast.named["basic"],
                    at=at(day),
                    today=day,
                )
            except Refused:
                continue
    if not late:
        story.spread(day + timedelta(days=1), only=set(BY_HAND))


def _whose(story: Story, code: str, number: int) -> str:
    """The unit whose business it is; "" where nobody is named."""
    names = WHOSE.get(code, ())
    rows = Organisation.objects.filter(
        county_code=story.county_code, name=names[number] if number < len(names) else ""
    )
    found = rows.values_list("pk", flat=True).first()
    return str(found) if found else ""


def _subjects(story: Story) -> dict[str, Sequence[str]]:
    """Whom a case opened by hand may concern: schools, units, those of the township with an account, pupils."""
    own = story.cast.own
    named = story.cast.named
    area = named["township"].area if "township" in named else None
    rows = list(Organisation.objects.filter(county_code=story.county_code).values_list("pk", "area"))
    units = [str(pk) for pk, _ in rows]
    near = [str(pk) for pk, where in rows if area is not None and where == area.pk] or units
    day = registered.latest_day(story.county_code)
    pupils: list[str] = []
    if day is not None:
        found = registered.rows_on("students", day, story.county_code).filter(
            school_code=own[0] if own else "", stage__in=["小学", "初中"], enrolment_status="在读"
        )
        pupils = list(found.order_by("key").values_list("key", flat=True)[40:70])
    staff: list[str] = []
    if day is not None:
        teachers = registered.rows_on("teachers", day, story.county_code).filter(school_code__in=own[:1])
        staff = list(teachers.order_by("key").values_list("key", flat=True)[:8])
    trades: list[str] = []
    if day is not None:
        rows_of = registered.rows_on("schools", day, story.county_code).filter(school_kind__startswith="36")
        trades = list(rows_of.order_by("school_code").values_list("school_code", flat=True))
    return {
        "school": own,
        "teacher": staff,
        "organisation": units,
        "township": near,
        "student": pupils,
        "vocational": trades or own,
        "screening": own[:1],  # of the two schools, the one whose head is cleared
    }


def _spread(story: Story, day: date) -> None:
    found = {of.code for of in packs.ledgers(story.county_code) if of.detectors} - {
        "dropout",
        "returned",
        "gaps",
    }
    story.spread(day, only=found)
    suspected = packs.ledger(story.county_code, "suspected")
    # Enough of them become dropout cases for that ledger's own states.
    found_out = story.fresh(suspected, 12)
    for case in [*found_out[:6], *found_out[:5:-1][:6]]:
        story.walk(case, suspected, way_to(suspected, "passed"), day)
    dropout = packs.ledger(story.county_code, "dropout")
    for case in story.fresh(dropout, 4)[:3]:
        story.walk(case, dropout, way_to(dropout, "said"), day + timedelta(days=1))
    story.spread(day + timedelta(days=1), only={"dropout"}, each=1)


def _finish(story: Story, today: date) -> None:
    """What the data now shows solved is looked at by one person and, for some of it, closed by another."""
    for of in packs.ledgers(story.county_code):
        verify = next((move for move in of.moves if move.name == "verify"), None)
        solved = Case.objects.filter(county_code=story.county_code, ledger=of.code, phase="solved")
        for number, case in enumerate(list(solved.order_by("pk")[:12])):
            if verify is None or number % 3 == 1:
                continue
            last = story.walk(case, of, [verify], today)
            if number % 3 == 0 and last is not None:
                _close(story, case, of, today)


def _close(story: Story, case: Case, of: Ledger, today: date) -> None:
    case.refresh_from_db()
    for move in of.moves_from(case.state):
        if move.target and of.state(move.target).phase == "closed":
            story.walk(case, of, [move], today, last=case.done_by)
            return


def _hand_over(county_code: str, cast: Cast, today: date) -> None:
    """The heads of the two named schools take what lies on their school's desk."""
    held = Case.objects.filter(county_code=county_code, owner=None, level="school", phase__in=LIVE)
    for name in ("nine", "primary"):
        user = cast.named.get(name)
        if user is None:
            continue
        ids = list(held.filter(school_code=user.school_code).values_list("pk", flat=True)[:20])
        if ids:
            owning.hand_over(
                case_ids=ids, to=user, level="school", reason="演示：学校分工", by=cast.named["basic"], at=at(today), today=today
            )  # fmt: skip
