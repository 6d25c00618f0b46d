"""辖区范围: the single place that says which schools, and whose children, an account may see.

A page, a count, an export and an action all filter by a `Scope`, in the database query. A school row carries
`school_code`, `township_code` and `county_code`; other rows carry `school_code` and are reached through schools.

    leader, office, inspector, auditor   their county or township; without an area, every county
    township                             the schools of its township
    unit                                 its county's plans; no school data and no children
    school, teacher                      itself; a teacher has no lists of children beyond own class and own cases
    administrator                        no school data and no children; names of schools only
    anyone inactive, anyone signed out   nothing
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from bureau.people.models import User


class Reach(StrEnum):
    """范围."""

    EVERYTHING = "everything"
    COUNTY = "county"
    TOWNSHIP = "township"
    SCHOOL = "school"
    NONE = "none"


NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Scope:
    """One account's reach. `code` is the county's, the township's or the school's; `names_only` is for the administrator."""

    reach: Reach
    code: str = ""
    names_only: bool = False

    def schools(
        self, *, school: str = "school_code", township: str = "township_code", county: str = "county_code"
    ) -> Q:
        """Condition on rows that carry all three codes; the names of the fields may be given, with a prefix."""
        match self.reach:
            case Reach.EVERYTHING:
                return Q()
            case Reach.COUNTY:
                return Q(**{county: self.code})
            case Reach.TOWNSHIP:
                return Q(**{township: self.code})
            case Reach.SCHOOL:
                return Q(**{school: self.code})
            case _:
                return NOTHING

    def rows(self, schools: QuerySet[Any], *, school: str = "school_code") -> Q:
        """Condition on rows that carry only a school code (classes, students, teachers, results, gaps).

        `schools` is all schools as of the day asked for; it becomes a subquery, never a list of codes.
        """
        match self.reach:
            case Reach.EVERYTHING:
                return Q()
            case Reach.SCHOOL:
                return Q(**{school: self.code})
            case Reach.NONE:
                return NOTHING
            case _:
                return Q(**{f"{school}__in": schools.filter(self.schools()).values("school_code")})

    def county_rows(self, *, county: str = "county_code") -> Q:
        """Condition on figures of a whole county: a township and a school see those of their own county."""
        match self.reach:
            case Reach.EVERYTHING:
                return Q()
            case Reach.COUNTY:
                return Q(**{county: self.code})
            case Reach.TOWNSHIP:
                return Q(**{county: self.code[:6]})
            case _:
                # A school code holds no county; a school sees its own verdict, not the county's figures.
                return NOTHING

    def school_names(self, **fields: str) -> Q:
        """Condition for naming schools (choosing one in a form): the administrator may, beyond `schools`."""
        return Q() if self.names_only else self.schools(**fields)

    def covers(self, *, school_code: str = "", township_code: str = "", county_code: str = "") -> bool:
        """The same answer for one row at hand, without a query."""
        match self.reach:
            case Reach.EVERYTHING:
                return True
            case Reach.COUNTY:
                return county_code == self.code
            case Reach.TOWNSHIP:
                return township_code == self.code
            case Reach.SCHOOL:
                return school_code == self.code
            case _:
                return False


def scope_of(user: User | AnonymousUser) -> Scope:
    """辖区范围 of an account; a wrongly set-up account sees nothing rather than everything."""
    if not isinstance(user, User) or not user.is_active:
        return Scope(Reach.NONE)
    match user.role:
        case User.Role.ADMINISTRATOR:
            return Scope(Reach.NONE, names_only=True)
        case User.Role.SCHOOL | User.Role.TEACHER:
            return Scope(Reach.SCHOOL, user.school_code) if user.school_code else Scope(Reach.NONE)
        case User.Role.TOWNSHIP:
            township = _township(user)
            return Scope(Reach.TOWNSHIP, township) if township else Scope(Reach.NONE)
        case User.Role.UNIT:
            return Scope(Reach.NONE)
        case User.Role.LEADER | User.Role.OFFICE | User.Role.INSPECTOR | User.Role.AUDITOR:
            if user.area is None:
                return Scope(Reach.EVERYTHING)
            township = _township(user)
            return Scope(Reach.TOWNSHIP, township) if township else Scope(Reach.COUNTY, user.area.path)
        case _:
            return Scope(Reach.NONE)


def _township(user: User) -> str:
    """The township in the account's area, the one of its village, or "" for a county."""
    return user.area.path.split("/")[1] if user.area and "/" in user.area.path else ""


def why_not_county(user: User | AnonymousUser, county_code: str) -> str | None:
    """为什么不能办这个县的事: None when the county lies in the account's area."""
    return None if scope_of(user).covers(county_code=county_code) else "这个县不在您的辖区内"
