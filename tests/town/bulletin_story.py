"""通报的故事: last quarter's bulletin issued, last half's hearing report issued, and a draft for this quarter that somebody is still writing.

Everything goes through the same actions as on the pages; the figures are those of the county's own registers.
"""

from datetime import UTC, date, datetime, timedelta

from bureau.bulletins import actions, queries, section_actions
from bureau.bulletins.models import Bulletin
from bureau.bulletins.rules import period
from bureau.pages.bulletin_slips import slips_of_period
from bureau.people.models import Area, User

WRITER, ISSUER = "basic", "leader"
REMARK = "各乡镇、各部门对数据有异议的，请于通报印发后书面提出。"


def bulletin_story(county: str, *, at: datetime) -> int:
    """Three bulletins of one county as on the day of `at`; answers how many there are then. Doing it twice changes nothing."""
    if Bulletin.objects.filter(county_code=county).exists():
        return 0
    suffix = "" if county == "640324" else f"-{county}"
    people = {name: User.objects.get(username=f"{name}{suffix}") for name in (WRITER, ISSUER)}
    today = at.date()
    quarter = (today.month - 1) // 3 + 1
    year, last = (today.year, quarter - 1) if quarter > 1 else (today.year - 1, 4)
    half_year, half = (today.year, 1) if today.month > 6 else (today.year - 1, 2)
    _issued(county, "half_yearly", half_year, half, 1, people)
    _issued(county, "quarterly", year, last, 2, people)
    draft = _draft(county, "quarterly", today.year, quarter, today, people[WRITER], at)
    first = queries.sections(draft)[-1]
    section_actions.save_section(
        part=first, heading=first.heading, text=f"{first.text}\n{REMARK}", by=people[WRITER], at=at
    )
    return Bulletin.objects.filter(county_code=county).count()


def _issued(county: str, kind: str, year: int, part: int, serial: int, people: dict[str, User]) -> None:
    """Drafted on the last day of its period, sent on two days later and issued by the leader on the third."""
    as_of = period(kind, year, part)[1]
    one = _draft(county, kind, year, part, as_of, people[WRITER], _at(as_of))
    number = f"演教通〔{as_of.year}〕{serial}号"
    one = actions.set_details(
        bulletin=one, title=one.title, number=number, recipients=one.recipients, by=people[WRITER], at=_at(as_of, 2)
    )  # fmt: skip
    for checked in queries.check(one):
        for words in checked.open:
            source = "演示：已与责任单位核对"
            section_actions.acknowledge(
                part=checked.section, words=words, source=source, by=people[WRITER], at=_at(as_of, 2)
            )
    one = actions.submit(bulletin=one, by=people[WRITER], at=_at(as_of, 2))
    actions.issue(bulletin=one, by=people[ISSUER], at=_at(as_of, 3))


def _draft(county: str, kind: str, year: int, part: int, as_of: date, by: User, at: datetime) -> Bulletin:
    slips = slips_of_period(by, county, kind=kind, year=year, part=part, as_of=as_of, plan=None)
    name = Area.objects.get(code=county).name
    return actions.draft(
        county_code=county, county_name=name, plan=None, kind=kind, year=year, part=part, as_of=as_of, slips=slips,
        by=by, at=at, today=at.date(),
    )  # fmt: skip


def _at(day: date, later: int = 0) -> datetime:
    moved = day + timedelta(days=later)
    return datetime(moved.year, moved.month, moved.day, 2, tzinfo=UTC)
