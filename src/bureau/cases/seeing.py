"""谁看得到哪件个案: one condition for lists, counts, actions and the phone; in the database, never in Python."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from bureau.cases.models import Case, Holding
from bureau.cases.rules import CLEARED
from bureau.people.clearances import cleared
from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.people.scope import NOTHING, scope_of


def visible(user: User, known: Collection[str] | None = None) -> QuerySet[Case]:
    """看得到的个案: those of the account's area; a teacher's own ones; of restricted ledgers only with a clearance.

    `known` are the account's clearances, when whoever asks has just looked.
    """
    return Case.objects.filter(condition(user, known))


def condition(user: User, known: Collection[str] | None = None) -> Q:
    """The condition of `visible`."""
    if not user.is_active or not (
        may(user.role, Permission.SEE_CASES) or may(user.role, Permission.WORK_CASES)
    ):
        return NOTHING
    if user.role == User.Role.TEACHER:
        held = Holding.objects.filter(user=user, until=None).values("of")
        reach = Q(school_code=user.school_code) & (Q(owner=user) | Q(pk__in=held))
    else:
        reach = scope_of(user).schools()
    may_see = cleared(user) if known is None else known
    hidden = [access for access in CLEARED if access not in may_see]
    return reach & ~Q(access__in=hidden) if hidden else reach


def covers(user: User, case: Case) -> bool:
    """Whether the case lies where an account acts: for choosing who takes it over."""
    return scope_of(user).covers(
        school_code=case.school_code, township_code=case.township_code, county_code=case.county_code
    )
