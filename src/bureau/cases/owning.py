"""分派和移交: whose desk a case lies on, by rule and by hand; who had it before is kept."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects

from bureau.attendance import queries as attendance
from bureau.cases import rules
from bureau.cases.assigning import assign, hold_all
from bureau.cases.models import Case, Holding
from bureau.cases.seeing import covers
from bureau.cases.sitting import Sitting
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Permission, demand, why_not
from bureau.people.scope import Reach, Scope
from junheng.policy.ledgers import LIVE

NOWHERE = Scope(Reach.NONE)
ClassOf = tuple[str, str, int]
Teachers = Mapping[ClassOf, User]


def class_teachers(county_code: str, day: date) -> dict[ClassOf, User]:
    """{(school, grade, class number): account} of the class teachers who have one."""
    return {
        (ref.school_code, ref.grade, ref.class_number): room.user
        for ref, room in attendance.homerooms(county_code, day).items()
        if room.user is not None and room.user.is_active
    }


def owner_by_rule(case: Case, teachers: Teachers) -> User | None:
    """责任人 by rule: the class teacher at the level of the class; elsewhere the desk of the level."""
    if case.level != "class" or case.class_number is None:
        return None
    return teachers.get((case.school_code, case.grade, case.class_number))


def holders(case: Case, level: str) -> QuerySet[User]:
    """可接手的账号 of a level, whose area the case lies in."""
    roles = rules.FIT_FOR_LEVEL.get(level, ())
    found = User.objects.filter(is_active=True, role__in=roles)
    if level in ("class", "school"):
        return found.filter(school_code=case.school_code)
    able = [user.pk for user in found.select_related("area") if covers(user, case)]
    return found.filter(pk__in=able)


def hand_over(
    *,
    case_ids: Iterable[int],
    to: User | None,
    level: str,
    line: str = "",
    reason: str,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> list[tuple[int, str]]:
    """移交 to a person or (None) to the desk of a level; answers (id, sentence) of those refused, and hands over the others.

    `line` "" is the owner in charge; else one of the ledger's owner lines. Raises Refused when none may be handed over at all.
    """
    demand(why_not(by.role, Permission.ASSIGN_CASES) or (None if reason.strip() else "移交须写明理由"))
    refused: list[tuple[int, str]] = []
    wanted = list(dict.fromkeys(case_ids))
    with transaction.atomic():
        sitting = Sitting(by)
        sitting.fetch(wanted)
        taken: list[Case] = []
        for pk in wanted:
            case = sitting.case(pk)
            refusal = (
                "没有这件个案"
                if case is None
                else rules.why_not_hand_over(
                    case,
                    by=by,
                    in_scope=sitting.reaches(case),
                    level=level,
                    to_role=to.role if to else "",
                    to_covers=to is None or (to.is_active and covers(to, case)),
                    ledger=sitting.ledger(case.county_code, case.ledger),
                    line=line,
                )
            )
            if refusal:
                refused.append((pk, refusal))
            elif case is not None:
                taken.append(case)
        prefetch_related_objects(taken, "owner")
        assign(taken, to, level=level, line=line, reason=reason, by=by, at=at, today=today)
        if taken:
            detail = {"count": len(taken), "to": str(to) if to else "", "level": level, "line": line}
            ids = ",".join(str(case.pk) for case in taken[:20])
            write(
                by=by,
                verb=Verb.HAND_OVER,
                obj=("case", ids),
                detail=detail,
                reason=reason,
                at=at,
                address=address,
            )
    return refused


def left(*, user: User, by: User, at: datetime, today: date, address: str = "") -> int:
    """责任人离岗: his cases go to the desk of the level above, named; other lines of duty become vacant. Answers how many."""
    demand(why_not(by.role, Permission.MANAGE_ACCOUNTS) and why_not(by.role, Permission.ASSIGN_CASES))
    return release(user=user, reason=f"{user} 已离岗", by=by, at=at, today=today, address=address)


def release(
    *,
    user: User,
    reason: str,
    by: User | None,
    at: datetime,
    today: date,
    address: str = "",
    keeps: Scope = NOWHERE,
) -> int:
    """As `left`, also asked by the nightly run for accounts that were deactivated or moved elsewhere; these keep what lies in `keeps`."""
    if keeps.reach == Reach.EVERYTHING:
        return 0
    with transaction.atomic():
        owned = Case.objects.select_for_update(of=("self",)).filter(owner=user, phase__in=LIVE)
        owned = owned.exclude(keeps.schools())
        above: dict[str, list[Case]] = {}
        ledgers = Sitting(user)
        for case in owned.select_related("owner").order_by("pk"):
            ladder = ledgers.ledger(case.county_code, case.ledger).ladder.levels
            above.setdefault(next_level(ladder, case.level), []).append(case)
        for level, cases in above.items():
            assign(cases, None, level=level, line="", reason=reason, by=by, at=at, today=today)
        others = Holding.objects.filter(user=user, until=None).exclude(line="").select_related("of")
        others = others.exclude(
            keeps.schools(school="of__school_code", township="of__township_code", county="of__county_code")
        )
        vacant: dict[tuple[str, str], list[Case]] = {}
        for row in others:
            vacant.setdefault((row.line, row.level), []).append(row.of)
        for (line, level), cases in vacant.items():
            hold_all(cases, None, level=level, line=line, reason=reason, by=by, today=today)
        count = sum(map(len, above.values())) + sum(map(len, vacant.values()))
        if count:
            detail = {"count": count, "from": user.username}
            write(
                by=by,
                verb=Verb.HAND_OVER,
                obj=("account", user.username),
                detail=detail,
                reason=reason,
                at=at,
                address=address,
            )
    return count


def next_level(ladder: tuple[str, ...], level: str) -> str:
    """上一级, or the same at the top."""
    if level not in ladder:
        return ladder[0]
    return ladder[min(ladder.index(level) + 1, len(ladder) - 1)]
