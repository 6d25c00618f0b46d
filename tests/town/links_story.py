"""名册比对的故事: the lists of seven other offices and of recognised difficulty, uploaded and compared, some pairs decided by two persons, a sample
reviewed, the rest waiting.

Everything goes through the same actions as on the pages. What the clerk of the story answers is what the makers of the lists know.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from bureau.entitlements.terms import term_of, terms_of
from bureau.links import actions, decisions, receiving
from bureau.links.models import Link, OutsideRegister
from bureau.links.pupils import Pupils, load
from bureau.links.queries import desk
from bureau.people.kept import Upload
from bureau.people.models import Area, User
from bureau.people.rules import Refused
from bureau.registry import queries as registered
from bureau.registry.models import Student
from bureau.work import link_tasks
from town.hardship_registers import Term, hardship_books
from town.outside_registers import Book, Days, Listed, books
from town.register_people import Child

_REGIONS = {"640324": 41, "640106": 42, "640221": 43, "640422": 44, "640424": 45}
LARGE = 20_000
# Of the pairs of each list: decided by one, looked at by a second person, reviewed of the sample.
DECIDED, SECONDED, SAMPLED = 9, 4, 15
MARCH, FIRST_WEEKS = timedelta(days=14), timedelta(days=20)


def links_story(
    county_code: str, *, today: date, large: Callable[[int], object] = link_tasks.read_register.enqueue
) -> None:
    """Seven registers, 低保 in two yearly versions, 困难认定 by term. Does nothing when the county has registers already.

    `large` is given the number of a register that takes half a minute, before the others are compared; by default the worker's queue.
    """
    day = registered.latest_day(county_code)
    if day is None or OutsideRegister.objects.filter(county_code=county_code).exists():
        return
    suffix = "" if county_code == "640324" else f"-{county_code}"
    clerk, other = (User.objects.get(username=f"{name}{suffix}") for name in ("aid", "basic"))
    pupils = load(county_code, day)
    children = listed(pupils)
    name = Area.objects.get(code=county_code).name
    judged = [state.term for state in terms_of(county_code, today) if state.why_not is None][:3] or [term_of(today)]  # fmt: skip
    days = Days(day - timedelta(days=10), judged[-1].first + MARCH, judged[0].first + MARCH)
    coming: list[tuple[Book, date | None]] = [
        (book, None) for book in books(children, county=name, region=_REGIONS.get(county_code, 46), days=days)
    ]
    # What the schools recognised for the newest term holds until the term of today is over.
    ends = [max(term_of(today).last, judged[0].last), *(term.last for term in judged[1:])]
    wanted = [Term(term.first + FIRST_WEEKS, end) for term, end in zip(judged, ends, strict=True)]
    recognised = hardship_books(children, county_code=county_code, county=name, terms=wanted[::-1])
    coming[-1:-1] = [(book, term.until) for term, book in recognised]
    coming.sort(key=lambda one: len(one[0].truth) <= LARGE)
    for book, until in coming:
        at = datetime.combine(book.day + timedelta(days=3), time(2), UTC)
        register = receiving.receive(
            county_code=county_code, source=book.source, day=book.day, uploads=[Upload(book.name, book.content)], by=clerk, at=at,
            today=max(today, book.day), until=until,
        )  # fmt: skip
        if len(book.truth) > LARGE:
            large(register.pk)
            continue
        register = actions.run(register=register, at=at, pupils=pupils)
        if register.state == OutsideRegister.State.HELD:
            actions.accept(register=register, reason="已电话核对，确为本县名册", by=clerk, at=at)
        _settle(register, book, clerk, other, at + timedelta(days=1))


def listed(pupils: Pupils) -> list[Listed]:
    """The pupils as the other offices know them."""
    columns = pupils.columns
    flags = {
        key: rest
        for key, *rest in Student._default_manager.filter(
            county_code=pupils.county_code, replaced_by=None, valid_to=None
        ).values_list(
            "key",
            "registered_household",
            "minimum_living",
            "destitute",
            "orphan",
            "disability",
            "household_kind",
        )
    }
    found = []
    for row, key in enumerate(pupils.keys):
        if (
            key not in flags
            or "（" in pupils.described[row]
            or not columns["id"][row]
            or not columns["born"][row]
        ):
            continue
        registered_, minimum, destitute, orphan, disability, household = flags[key]
        people = (columns["guardians"][row] or "").split("；")
        number = columns["guardian_ids"][row] or ""
        phones = (columns["phone"][row] or "").split("；")
        child = Child(
            columns["name"][row] or "", "男" if columns["sex"][row] == "1" else "女", date.fromisoformat(columns["born"][row] or ""),
            columns["id"][row] or "", columns["county"][row] or "", columns["township"][row] or "", columns["village"][row] or "",
            (people[0], people[1] if len(people) > 1 else people[0]), (number, number), (phones[0], phones[-1]),
        )  # fmt: skip
        kind = "" if disability in (None, "无") else str(disability)
        found.append(
            Listed(
                key,
                child,
                bool(registered_),
                bool(minimum),
                bool(destitute),
                bool(orphan),
                kind,
                household != "居民户口",
            )
        )
    return found


def _settle(register: OutsideRegister, book: Book, clerk: User, other: User, at: datetime) -> None:
    """A clerk goes through the first pairs, a colleague through some of those that need two, and both through part of the sample."""
    links = Link.objects.filter(of=register).select_related("line", "of", "decision")
    waiting = list(desk(links, "check", user=clerk))
    for number, link in enumerate(waiting[: min(DECIDED, len(waiting) * 2 // 3)]):
        truth = book.truth[link.line.number - 1]
        verdict = "same" if truth == link.student_key else "different"
        verdict = "visit" if verdict == "different" and number % 4 == 0 else verdict
        reason = "查户口簿，同一人，号码登记有误" if link.two_numbers else ""
        _try(link, verdict, clerk, at + timedelta(minutes=number), reason)
    second = list(desk(links, "second", user=other))
    for number, link in enumerate(second[: min(SECONDED, len(second) // 2)]):
        decisions.second(link=link, agrees=True, by=other, at=at + timedelta(hours=3, minutes=number))
    sample = list(desk(links, "sample", user=other))
    for number, link in enumerate(sample[: min(SAMPLED, len(sample) * 3 // 4)]):
        verdict = "same" if book.truth[link.line.number - 1] == link.student_key else "different"
        _try(link, verdict, other, at + timedelta(hours=4, minutes=number), "抽查")


def _try(link: Link, verdict: str, by: User, at: datetime, reason: str) -> None:
    try:
        decisions.decide(link=link, verdict=verdict, by=by, at=at, reason=reason)
    except Refused:
        return
