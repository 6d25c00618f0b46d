"""计数: how many cases stood where on a day, and what moved between two days; opened, closed and the rest explain the difference."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet
from django.utils.timezone import localdate

from bureau.cases.models import Stay, Sweep
from bureau.people.models import User
from bureau.people.scope import scope_of
from junheng.policy.ledgers import LIVE

ENDED = ("closed", "passed")
ALL = ""
FIELDS = {
    "school": "school_code",
    "township": "township_code",
    "state": "state",
    "phase": "phase",
    "level": "level",
}


@dataclass(slots=True)
class Movement:
    """变动 of one group between the evenings of two days. `returned` counts what the data shows solved, and still stands."""

    before: int = 0
    opened: int = 0
    reopened: int = 0
    moved_in: int = 0
    closed: int = 0
    passed: int = 0
    moved_out: int = 0
    after: int = 0
    returned: int = 0

    @property
    def checks(self) -> bool:
        """Whether the movements explain the difference of the two stands."""
        more = self.opened + self.reopened + self.moved_in
        return self.before + more - self.closed - self.passed - self.moved_out == self.after


class Row(NamedTuple):
    """停留的一行: what counting looks at. Thousands are read for one table, and a model object is dear."""

    pk: int
    of_id: int
    phase: str
    state: str
    level: str
    school_code: str
    township_code: str
    birth_date: date | None
    since: date
    until: date | None


Key = Callable[[Row], str]


def stand(user: User, ledger: str, day: date, by: str = "state", *, county: str = "") -> dict[str, int]:
    """在册数 of a day: {group: live cases}. `by`: state, phase, level, school, township, age, or "" for one number.

    `county` keeps an account that reaches several to one of them.
    """
    rows = standing(user, ledger, day, county)
    if by == "age":
        return dict(
            Counter(age_of(born, day) for born in rows.order_by().values_list("birth_date", flat=True))
        )
    if by not in FIELDS:
        count = rows.count()
        return {ALL: count} if count else {}
    counted = rows.order_by().values(FIELDS[by]).annotate(n=Count("pk"))
    return {row[FIELDS[by]]: row["n"] for row in counted}


def standing(user: User, ledger: str, day: date, county: str = "") -> QuerySet[Stay]:
    """在册的停留 on the evening of a day, one for each live case."""
    return _scoped(user, ledger, county).filter(
        Q(until=None) | Q(until__gt=day), since__lte=day, phase__in=LIVE
    )


def movement(
    user: User, ledger: str, since: date, until: date, by: str = ALL, *, county: str = ""
) -> dict[str, Movement]:
    """变动 from the evening of `since` to the evening of `until`, by group; `county` as of `stand`."""
    key = key_of(by, until)
    mine = _scoped(user, ledger, county).order_by()
    here = set(mine.values_list("pk", flat=True))
    found_rows = Stay.objects.filter(ledger=ledger, of__in=mine.values("of")).order_by("of_id", "id")
    rows = map(Row._make, found_rows.values_list(*Row._fields))
    found: dict[str, Movement] = defaultdict(Movement)
    for stays in _chains(rows, until):
        last: Row | None = None
        for one in stays:
            if one.since > since:
                _count(found, last, one, key, here)
            last = one
        for day, name in ((since, "before"), (until, "after")):
            at = _at(stays, day)
            if at is not None and _live(at, here):
                group = found[key(at)]
                setattr(group, name, getattr(group, name) + 1)
    return dict(found)


def schools_townships(county_code: str, ledger: str) -> dict[str, str]:
    """{学校: 乡镇} where the cases of a ledger stand or stood, the newest last: a table of schools stands beside that of townships."""
    rows = Stay.objects.filter(county_code=county_code, ledger=ledger).order_by("id")
    return dict(rows.values_list("school_code", "township_code"))


def kept_since(county_code: str, *ledgers: str) -> date | None:
    """从哪天起有这些台账: the first case or the first comparison that was not refused; None when there was neither, and 0 says nothing."""
    first = Stay.objects.filter(county_code=county_code, ledger__in=ledgers).aggregate(day=Min("since"))
    looked = Sweep.objects.filter(county_code=county_code, ledger__in=ledgers, error="").aggregate(
        at=Min("at")
    )
    days = [first["day"], looked["at"] and localdate(looked["at"])]
    return min((day for day in days if day is not None), default=None)


def ended_in(ends: QuerySet[Stay], key: Key, group: str) -> set[int]:
    """个案: those whose last live stay before one of these ends was in a group, as `movement` counts them."""
    wanted = dict(ends.order_by("id").values_list("pk", "of"))
    chains = (
        Stay.objects.filter(of__in=set(wanted.values())).order_by("of_id", "id").values_list(*Row._fields)
    )
    found: set[int] = set()
    last: Row | None = None
    for row in map(Row._make, chains):
        before = last if last is not None and last.of_id == row.of_id else None
        if row.pk in wanted and before is not None and key(before) == group:
            found.add(row.of_id)
        last = row
    return found


def _live(row: Row | None, here: Collection[int]) -> bool:
    """Whether a stay is of a live case that lies in the area looked at."""
    return row is not None and row.phase in LIVE and row.pk in here


def _count(found: dict[str, Movement], last: Row | None, new: Row, key: Key, here: Collection[int]) -> None:
    was, now = _live(last, here), _live(new, here)
    if now and last is None:
        found[key(new)].opened += 1
    elif now and last is not None and not was:
        if last.phase in LIVE:
            found[key(new)].moved_in += 1
        else:
            found[key(new)].reopened += 1
    elif was and last is not None and not now:
        group = found[key(last)]
        if new.phase in LIVE:
            group.moved_out += 1
        elif new.phase == "passed":
            group.passed += 1
        else:
            group.closed += 1
    elif was and last is not None and key(last) != key(new):
        found[key(last)].moved_out += 1
        found[key(new)].moved_in += 1
    if now and new.phase == "solved" and (last is None or last.phase != "solved"):
        found[key(new)].returned += 1


def _at(stays: list[Row], day: date) -> Row | None:
    found = None
    for one in stays:
        if one.since <= day and (one.until is None or one.until > day):
            found = one
    return found


def _chains(rows: Iterable[Row], until: date) -> Iterable[list[Row]]:
    """The stays of each case that began by `until`, oldest first."""
    chains: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.since <= until:
            chains[row.of_id].append(row)
    return chains.values()


def _scoped(user: User, ledger: str, county: str) -> QuerySet[Stay]:
    found = Stay.objects.filter(scope_of(user).schools(), ledger=ledger).order_by("of_id", "id")
    return found.filter(county_code=county) if county else found


def key_of(by: str, day: date) -> Key:
    """分组 of a stay: school, township, state, phase, level, age on the day, or all in one."""
    if by == "age":
        return lambda row: age_of(row.birth_date, day)
    if by in FIELDS:
        return lambda row: str(getattr(row, FIELDS[by]))
    return lambda row: ALL


def age_of(born: date | None, day: date) -> str:
    """周岁 on a day, 未知 without a date of birth."""
    if born is None:
        return "未知"
    return str(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))
