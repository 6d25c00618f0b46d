"""个案故事里的人: the demo accounts by what they can do, and one account for the head of every school."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from bureau.cases import rules
from bureau.cases.models import Case
from bureau.people import actions, clearances
from bureau.people.models import User
from bureau.registry import queries as registered
from junheng.policy.ledgers import Ledger, Move

NAMED = ("leader", "basic", "aid", "nine", "primary", "teacher", "township", "administrator")


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day in the county's own time."""
    return datetime.combine(day, time(hour - 8 if hour >= 8 else hour), UTC)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: those with names, heads by school, officers by township."""

    named: dict[str, User]
    heads: dict[str, User]
    officers: dict[str, User]

    @property
    def own(self) -> list[str]:
        """The schools of the named accounts, so that their desks are full."""
        return [self.named[name].school_code for name in ("nine", "primary") if name in self.named]

    def able(self, case: Case, move: Move, of: Ledger, *, but: User | None = None) -> User | None:
        """Whoever may make a step on a case: those nearest to the child first."""
        for user in self._near(case):
            if user == but or rules.level_of(user.role) not in move.by:
                continue
            restricted = {of.column(name).access for name in move.fields} - {"child", "staff"}
            if not restricted | ({of.access} - {"child"}) or user in (
                self.named["basic"],
                self.named["leader"],
                self.named.get("nine"),
            ):
                return user
        return None

    def _near(self, case: Case) -> Iterator[User]:
        for user in (self.heads.get(case.school_code), self.officers.get(case.township_code)):
            if user is not None:
                yield user
        yield self.named["basic"]
        yield self.named["leader"]


def cast_of(county_code: str, day: date) -> Cast:
    """The accounts; heads of schools that have none are hired, and the restricted ledgers get their cleared few."""
    suffix = "" if county_code == "640324" else f"-{county_code}"
    known = {user.username: user for user in User.objects.filter(is_active=True).select_related("area")}
    named = {name: known[name + suffix] for name in NAMED if name + suffix in known}
    taken = {user.school_code for user in known.values() if user.role == "school"}
    latest = registered.latest_day(county_code) or day
    schools = registered.rows_on("schools", latest, county_code).order_by("school_code")
    rows = [
        {"username": f"s{code}", "display_name": f"{name} 校长", "role": "school", "office": "", "area_code": "", "school_code": code}
        for code, name in schools.values_list("school_code", "school_name")
        if code not in taken
    ]  # fmt: skip
    actions.create_demo_accounts(cast=rows, at=at(day))
    heads = {user.school_code: user for user in User.objects.filter(is_active=True, role="school")}
    heads |= {named[name].school_code: named[name] for name in ("nine", "primary") if name in named}
    officers = {user.area.code: user for user in named.values() if user.role == "township" and user.area}
    _clear(named, day)
    return Cast(named, heads, officers)


def _clear(named: dict[str, User], day: date) -> None:
    """The bureau's office and one school may see what is restricted."""
    for name, kind in (
        ("basic", "assessment"),
        ("leader", "assessment"),
        ("nine", "assessment"),
        ("basic", "screening"),
        ("leader", "screening"),
        ("nine", "screening"),
    ):
        user, by = named.get(name), named.get("administrator")
        if user is not None and by is not None and kind not in clearances.cleared(user):
            clearances.grant(
                user=user, kind=kind, reason="演示：分工文件", again=str(user), by=by, at=at(day)
            )
