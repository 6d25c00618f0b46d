"""谁看得到哪件个案: one condition for lists, counts, actions and the phone; in the database, never in Python."""

from django.db.models import Q, QuerySet

from bureau.cases.models import Case, Holding
from bureau.cases.rules import CLEARED
from bureau.people.clearances import cleared
from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.people.scope import NOTHING, scope_of


def visible(user: User) -> QuerySet[Case]:
    """看得到的个案: those of the account's area; a teacher's own ones; of restricted ledgers only with a clearance."""
    return Case.objects.filter(condition(user))


def condition(user: User) -> Q:
    """The condition of `visible`."""
    reach = within(user)
    if reach == NOTHING:
        return reach
    may_see = cleared(user)
    hidden = [access for access in CLEARED if access not in may_see]
    return reach & ~Q(access__in=hidden) if hidden else reach


def within(user: User) -> Q:
    """The condition of `visible` without that of the clearances: for whoever looks at the access of each case himself."""
    if not user.is_active or not (
        may(user.role, Permission.SEE_CASES) or may(user.role, Permission.WORK_CASES)
    ):
        return NOTHING
    if user.role == User.Role.TEACHER:
        held = Holding.objects.filter(user=user, until=None).values("of")
        return Q(school_code=user.school_code) & (Q(owner=user) | Q(pk__in=held))
    return scope_of(user).schools()


def locked(user: User) -> frozenset[str]:
    """The access classes of ledgers whose cases are kept from an account: for them an empty list is no zero."""
    return frozenset(CLEARED) - cleared(user)


def covers(user: User, case: Case) -> bool:
    """Whether the case lies where an account acts: for choosing who takes it over."""
    return scope_of(user).covers(
        school_code=case.school_code, township_code=case.township_code, county_code=case.county_code
    )
