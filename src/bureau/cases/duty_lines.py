"""三包三保的责任人 by rule: each line of duty of a case has its owner as soon as there is one account that it can be; a person may say otherwise."""

from collections import defaultdict
from datetime import date

from bureau.cases import packs
from bureau.cases.change import holding_of
from bureau.cases.models import Case, Holding
from bureau.cases.owning import class_teachers
from bureau.people.models import User
from junheng.policy.ledgers import LIVE, Ledger, OwnerLine

REASON = "按规则分派"


def fill(*, county_code: str, today: date) -> int:
    """分派: the class teacher, the school and the township of a case, where nobody holds the line yet. Answers how many.

    Of two lines of one level the first is by rule, the other is named by hand; so is every line for which there are several accounts.
    """
    made: list[Holding] = []
    teachers = class_teachers(county_code, today)
    schools, townships = _single("school"), _single("township")
    for of in packs.ledgers(county_code):
        lines = _by_rule(of)
        if not lines:
            continue
        cases = Case.objects.filter(county_code=county_code, ledger=of.code, phase__in=LIVE).order_by("pk")
        held = set(
            Holding.objects.filter(of__county_code=county_code, of__ledger=of.code, of__phase__in=LIVE)
            .exclude(line="")
            .values_list("of", "line")
        )
        for case in cases.iterator(chunk_size=2000):
            for line in lines:
                if (case.pk, line.name) in held:
                    continue
                if line.level == "class":
                    user = teachers.get((case.school_code, case.grade, case.class_number or 0))
                elif line.level == "school":
                    user = schools.get(case.school_code)
                else:
                    user = townships.get(case.township_code)
                if user is not None:
                    made.append(
                        holding_of(
                            case,
                            line=line.name,
                            level=line.level,
                            user=user,
                            day=today,
                            by=None,
                            reason=REASON,
                        )
                    )
    Holding.objects.bulk_create(made, batch_size=500)
    return len(made)


def _by_rule(of: Ledger) -> list[OwnerLine]:
    first: dict[str, OwnerLine] = {}
    for line in of.owner_lines:
        first.setdefault(line.level, line)
    return [line for level, line in first.items() if level != "bureau"]


def _single(role: str) -> dict[str, User]:
    """{school or township code: the one account of a role}; where there are several a person chooses."""
    found: dict[str, list[User]] = defaultdict(list)
    for user in User.objects.filter(is_active=True, role=role).select_related("area"):
        code = user.school_code if role == "school" else (user.area.code[:9] if user.area else "")
        if code:
            found[code].append(user)
    return {code: users[0] for code, users in found.items() if len(users) == 1}
