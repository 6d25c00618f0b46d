"""参照（家与生日）: the comparisons of births, guardians and places for one pair at a time, in the plainest words; see `reference`."""

from datetime import date

from junheng.matching.births import lunar_days
from junheng.matching.compare_births import CLOSE, NO_SISTER
from junheng.matching.compare_houses import COMMON, GENERATION
from junheng.matching.numbers import ADULT
from junheng.matching.registers import Register

Day = tuple[int, int, int]


def born_level(one: Day, two: Day) -> str:
    """出生日期, each as (year, month, day), 0 where not known."""
    if not one[0] or not two[0]:
        return "unknown"
    whole = all(one) and all(two)
    if whole:
        if one == two:
            return "equal"
        if _lunar(one) == two or _lunar(two) == one:
            return "lunar"
        if one[0] == two[0] and one[1] == two[2] and one[2] == two[1]:
            return "swapped"
        if sum(x != y for x, y in zip(_eight(one), _eight(two), strict=True)) == 1:
            return "one_digit"
        if one[1:] == two[1:] and abs(one[0] - two[0]) <= 3:
            return "year_off"
    if one[0] == two[0]:
        if not one[1] or not two[1] or (whole and (1, 1) in (one[1:], two[1:])):
            return "year_only"
        if one[1] == two[1]:
            return "month_only" if one[2] <= 1 or two[2] <= 1 else "month_same"
    apart = abs(_ordinal(one) - _ordinal(two)) if whole else NO_SISTER + 1
    if apart <= NO_SISTER:
        return "close" if apart <= CLOSE else "months"
    if one[0] == two[0]:
        return "year_same"
    return "near" if abs(one[0] - two[0]) == 1 else "far"


def _ordinal(day: Day) -> int:
    # A day that the month does not have (a typing slip) counts on into the next.
    return date(day[0], day[1], 1).toordinal() + day[2] - 1


def _eight(day: Day) -> str:
    return f"{day[0]:04d}{day[1]:02d}{day[2]:02d}"


def _lunar(day: Day) -> Day | None:
    if not 1985 <= day[0] <= 2040:
        return None
    # A day that the month does not have (a typing slip) counts on into the next, as everywhere else.
    place = (date(day[0], day[1], 1) - date(1985, 1, 1)).days + day[2] - 1
    table = lunar_days()
    number = int(table[min(place, len(table) - 1)])
    return number // 10_000, number // 100 % 100, number % 100


def births_level(left: Register, right: Register, row: int, other: int) -> str:
    """出生日期 of two lines: what only a number tells is no contradiction of its own."""
    level = born_level(_day(right, row), _day(left, other))
    told = not (right.birth.given[row] and left.birth.given[other])
    return "by_number" if told and level in ("year_same", "near", "far") else level


def _day(side: Register, row: int) -> Day:
    return int(side.birth.year[row]), int(side.birth.month[row]), int(side.birth.day[row])


def house_level(left: Register, right: Register, row: int, other: int) -> str:
    """监护人."""
    names = left.names
    g1 = [int(one) for one in right.guardians[row] if one >= 0]
    g2 = [int(one) for one in left.guardians[other] if one >= 0]
    i1, i2 = (
        ({int(one) for one in ids} - {0}) for ids in (right.guardian_ids[row], left.guardian_ids[other])
    )
    p1, p2 = (({int(one) for one in phones} - {0}) for phones in (right.phones[row], left.phones[other]))
    a, b = int(right.number.key[row]), int(left.number.key[other])
    adult_a, adult_b = right.number.kind[row] == ADULT, left.number.kind[other] == ADULT
    if i1 & i2 or (adult_a and a in i2) or (adult_b and b in i1) or (adult_a and adult_b and a == b):
        return "id"
    shared = [one for one in g1 if one in g2]
    if len(shared) >= 2:
        return "two_names"
    sounds = {int(names.whole[one]) for one in g1} & {int(names.whole[one]) for one in g2} - {0}
    if (shared or sounds) and p1 & p2:
        return "name_phone"
    if (shared or sounds) and right.guardian_ids[row][0] and left.guardian_ids[other][0]:
        return "namesake"
    if shared:
        return "name_rare" if left.guardian_bearers[max(shared)] <= COMMON else "name_common"
    if sounds:
        return "sound"
    if p1 & p2:
        return "phone"
    surnames = {int(names.surname[one]) for one in g1} & {int(names.surname[one]) for one in g2} - {0}
    known_ids = bool(right.guardian_ids[row][0] and left.guardian_ids[other][0])
    if (len(g1) > 1 and len(g2) > 1) or (known_ids and any(_one_role(x, y) for x in i1 for y in i2)):
        return "conflict"
    if known_ids and not surnames:
        return "differ_id"
    if g1 and g2 and surnames:
        return "surname"
    if (g1 and g2) or known_ids:
        return "differ"
    return "phone_differs" if right.phones[row][0] and left.phones[other][0] else "unknown"


def _one_role(one: int, two: int) -> bool:
    """Of one sex and generation, by the digits from which each key was made."""
    a, b = ([(key - 1) // 11**place % 11 for place in range(17, -1, -1)] for key in (one, two))
    years = [int("".join(map(str, digits[6:10]))) for digits in (a, b)]
    return a[16] % 2 == b[16] % 2 and abs(years[0] - years[1]) <= GENERATION


def is_home(left: Register, one: int, two: int) -> bool:
    """Whether two children of the left register live in one home."""
    house = house_level(left, left, one, two)
    names = left.names.surname
    near = left.village[one] == left.village[two] != 0 and names[left.name[one]] == names[left.name[two]]
    maybe = ("unknown", "name_rare", "name_common", "sound", "phone", "phone_differs")
    return house in ("id", "two_names", "name_phone") or bool(near and house in maybe)


def _is_strange(left: Register, right: Register, township: int) -> bool:
    """On the left it stands nowhere, and the list as a whole is not another county's."""
    townships, villages = set(left.township.tolist()), set(left.village.tolist()) - {0}
    afar = [
        int(t) not in townships | {0} and int(v) not in villages
        for t, v in zip(right.township, right.village, strict=True)
    ]
    return township not in townships and sum(afar) <= 0.3 * len(afar)


def place_level(left: Register, right: Register, row: int, other: int) -> str:
    """住址."""
    (v1, t1, c1), (v2, t2, c2) = (
        (int(side.village[at]), int(side.township[at]), int(side.county[at]))
        for side, at in ((right, row), (left, other))
    )
    another_county = bool(c1 and c2 and c1 != c2)
    if v1 and v1 == v2 and (t1 == t2 or not t1 or not t2) and not another_county:
        return "village"
    if t1 and t1 == t2 and not another_county:
        return "township"
    if another_county:
        return "elsewhere"
    if t1 and t2:
        if _is_strange(left, right, t1):
            return "village_strange" if v1 and v1 == v2 else "strange"
        return "county"
    return "township_unknown" if c1 and c2 else "unknown"
