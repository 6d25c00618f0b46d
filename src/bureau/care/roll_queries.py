"""读取适龄台账: what an account may see of it, how many stand where, and how that went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet, Sum

from bureau.care.models import RollChild, RollDay, RollRun
from bureau.people.models import User
from bureau.people.scope import Reach, scope_of

OUT = ("dropped", "absent", "suspected")
OPEN = (*OUT, "left", "check")


def seen(user: User) -> Q:
    """Condition: a township sees who lives there, a school its own pupils."""
    scope = scope_of(user)
    return Q(pk__in=[]) if user.role == "teacher" else scope.schools()


def children(user: User, county_code: str) -> QuerySet[RollChild]:
    """适龄儿童 that an account may see."""
    return RollChild.objects.filter(seen(user), county_code=county_code)


def last_run(county_code: str) -> RollRun | None:
    """最近一次更新."""
    return RollRun.objects.filter(county_code=county_code).first()


@dataclass(frozen=True, slots=True)
class Place:
    """一个乡镇的数: children by state, and their sum."""

    code: str
    by_state: Mapping[str, int]

    @property
    def children(self) -> int:
        """适龄人数."""
        return sum(self.by_state.values())

    @property
    def out(self) -> int:
        """不在校: dropped out, suspected, not enrolled."""
        return sum(self.by_state.get(name, 0) for name in OUT)


def by_township(user: User, county_code: str) -> list[Place]:
    """各乡镇的数 as they stand."""
    rows = _counted(user, county_code)
    found: dict[str, dict[str, int]] = {}
    for code, state, number in rows:
        found.setdefault(code, {})[state] = number
    return [
        Place(code, states) for code, states in sorted(found.items(), key=lambda one: (not one[0], one[0]))
    ]


def _counted(user: User, county_code: str) -> Iterable[tuple[str, str, int]]:
    """(township, state, children): as counted when the roll was last brought up to date; a school's own are counted now."""
    scope, run = scope_of(user), last_run(county_code)
    if scope.reach is Reach.SCHOOL or run is None:
        own = children(user, county_code).order_by().values_list("township_code", "state")
        return own.annotate(n=Count("pk"))
    newest = RollDay.objects.filter(county_code=county_code).aggregate(day=Max("day"))["day"]
    kept = RollDay.objects.filter(scope.schools(), county_code=county_code, day=newest)
    return kept.values_list("township_code", "state", "children")


def trend(user: User, county_code: str, *, most: int = 40) -> list[tuple[date, int]]:
    """不在校的人数 by day, oldest first; of the whole county or of one township; nothing for a school, whose past is not kept apart."""
    scope = scope_of(user)
    if scope.reach not in (Reach.EVERYTHING, Reach.COUNTY, Reach.TOWNSHIP):
        return []
    rows = RollDay.objects.filter(county_code=county_code)
    if scope.reach is Reach.TOWNSHIP:
        rows = rows.filter(township_code=scope.code)
    days = sorted(rows.values_list("day", flat=True).distinct())[-most:]
    out = rows.filter(state__in=OUT, day__in=days).values_list("day").annotate(n=Sum("children")).order_by()
    counts = dict(out)
    return [(day, counts.get(day, 0)) for day in days]
