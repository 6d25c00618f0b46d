"""分派和移交: whose desk a case lies on, by rule and by hand; who had it before is kept."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from bureau.attendance import queries as attendance
from bureau.cases import packs, rules
from bureau.cases.change import event_of, hold, new_stay
from bureau.cases.models import Case, Event, Holding
from bureau.cases.seeing import covers, visible
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Permission, demand, why_not
from junheng.policy.ledgers import LEVEL_WORDS, Ledger

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
    ledgers: dict[tuple[str, str], Ledger] = {}
    wanted = list(dict.fromkeys(case_ids))
    with transaction.atomic():
        seen = set(visible(by).filter(pk__in=wanted).values_list("pk", flat=True))
        for case in Case.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
            key = (case.county_code, case.ledger)
            ledger = ledgers.get(key) or ledgers.setdefault(key, packs.ledger(*key))
            refusal = rules.why_not_hand_over(
                case,
                by=by,
                in_scope=case.pk in seen,
                level=level,
                to_role=to.role if to else "",
                to_covers=to is None or (to.is_active and covers(to, case)),
                ledger=ledger,
                line=line,
            )
            if refusal:
                refused.append((case.pk, refusal))
            else:
                assign(case, to, level=level, line=line, reason=reason, by=by, at=at, today=today)
        missing = set(wanted) - set(Case.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        refused += [(pk, "没有这件个案") for pk in sorted(missing)]
        if len(wanted) - len(refused):
            detail = {"count": len(wanted) - len(refused), "to": str(to) if to else "", "level": level}
            ids = ",".join(map(str, wanted[:20]))
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


def assign(
    case: Case,
    to: User | None,
    *,
    level: str,
    line: str,
    reason: str,
    by: User | None,
    at: datetime,
    today: date,
) -> None:
    """Write the new owner of a line of a case: holding, event, the case itself. The rules were asked before."""
    before = str(case.owner) if case.owner else f"{LEVEL_WORDS.get(case.level, '')}待办"
    after = str(to) if to else f"{LEVEL_WORDS[level]}待办"
    hold(case, line=line, level=level, user=to, day=today, by=by, reason=reason)
    if not line:
        moved = case.level != level
        case.owner, case.level = to, level
        case.revision += 1
        case.save(update_fields=["owner", "level", "revision"])
        if moved:
            new_stay(case, "moved", today)
    text = f"{before} → {after}。{reason}" if not line else f"{after}。{reason}"
    event_of(case, Event.What.ASSIGNED, at=at, day=today, by=by, text=text, title=line).save()


def left(*, user: User, by: User, at: datetime, today: date, address: str = "") -> int:
    """责任人离岗: his cases go to the desk of the level above, named; other lines of duty become vacant. Answers how many."""
    demand(why_not(by.role, Permission.MANAGE_ACCOUNTS) and why_not(by.role, Permission.ASSIGN_CASES))
    return release(user=user, reason=f"{user} 已离岗", by=by, at=at, today=today, address=address)


def release(*, user: User, reason: str, by: User | None, at: datetime, today: date, address: str = "") -> int:
    """As `left`, also asked by the nightly run for accounts that were deactivated or moved elsewhere."""
    with transaction.atomic():
        count = 0
        owned = Case.objects.select_for_update().filter(owner=user).exclude(phase__in=["passed", "closed"])
        for case in owned.order_by("pk"):
            ladder = packs.ledger(case.county_code, case.ledger).ladder.levels
            above = next_level(ladder, case.level)
            assign(case, None, level=above, line="", reason=reason, by=by, at=at, today=today)
            count += 1
        for row in Holding.objects.filter(user=user, until=None).exclude(line="").select_related("of"):
            hold(row.of, line=row.line, level=row.level, user=None, day=today, by=by, reason=reason)
            count += 1
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
