"""参照: the comparisons for one pair at a time, in the plainest words. Slow and obvious: the twin that tests hold the fast ones against."""

from itertools import combinations, permutations

from junheng.matching.births import lunar_days
from junheng.matching.compare_houses import COMMON
from junheng.matching.levels import BORN, HOUSE, ID, NAME, PLACE, SEX
from junheng.matching.numbers import (
    ADULT,
    BAD_CHECK,
    BAD_DATE,
    PARTIAL,
    PLACEHOLDER,
    UNKNOWN,
    VALID,
    WRONG_LENGTH,
)
from junheng.matching.registers import Register

_OWN = (VALID, BAD_CHECK, BAD_DATE, PARTIAL, WRONG_LENGTH)
Day = tuple[int, int, int]


def levels(left: Register, right: Register, row: int, other: int) -> dict[str, str]:
    """比较一对: the level of each field, in the words of `levels`."""
    return {
        "id": id_level(left, right, row, other),
        "born": born_level(_day(right, row), _day(left, other)),
        "name": name_level(left, right, int(right.name[row]), int(left.name[other])),
        "house": house_level(left, right, row, other),
        "place": place_level(left, right, row, other),
        "sex": _sex(int(right.sex[row]), int(left.sex[other])),
    }


def id_level(left: Register, right: Register, row: int, other: int) -> str:
    """身份证号."""
    a, b = right.number.digits[row].tolist(), left.number.digits[other].tolist()
    kind_a, kind_b = int(right.number.kind[row]), int(left.number.kind[other])
    key_a, key_b = int(right.number.key[row]), int(left.number.key[other])
    if key_a and key_a in left.guardian_ids[other].tolist():
        return "guardian_of_other"
    if kind_a == ADULT:
        return "guardian"
    if key_b and key_b in right.guardian_ids[row].tolist():
        return "guardian_of_other"
    if kind_b == ADULT:
        return "guardian"
    if PLACEHOLDER in (kind_a, kind_b):
        return "placeholder"
    if kind_a not in _OWN or kind_b not in _OWN:
        return "unknown"
    known = [at for at in range(18) if UNKNOWN not in (a[at], b[at])]
    differ = [at for at in known if a[at] != b[at]]
    if PARTIAL in (kind_a, kind_b):
        if differ:
            return "lost_differs"
        return "lost_15" if len(known) >= 15 else "lost_14" if len(known) >= 11 else "lost_some"
    if key_a == key_b:
        if right.shared[row] or left.shared[other]:
            return "equal_shared"
        return "equal" if kind_a == VALID else "equal_invalid"
    sizes = int(right.number.size[row]), int(left.number.size[other])
    if sizes[0] != sizes[1]:
        if _one_left_out(a, b, *sizes):
            return "dropped"
        if not differ and len(known) >= 12:
            return "lost_15" if len(known) >= 15 else "lost_14"
        return "other_date"
    both_valid = kind_a == kind_b == VALID
    if len(differ) == 1:
        return "one_digit_valid" if both_valid else "one_digit"
    if (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and a[differ[0]] == b[differ[1]]
        and a[differ[1]] == b[differ[0]]
    ):
        return "swapped"
    same_date = not any(6 <= at < 14 for at in differ)
    if len(differ) == 2 and not both_valid:
        return "two_digits"
    if not any(8 <= at < 17 for at in differ):
        return "tail_same"
    if same_date:
        return "same_date_valid" if both_valid else "same_date"
    return "other_date_valid" if both_valid else "other_date"


def _one_left_out(a: list[int], b: list[int], size_a: int, size_b: int) -> bool:
    """Leaving one digit out of the longer gives the shorter; of more than eighteen only the first are known."""
    short, long = (a, b) if size_a < size_b else (b, a)
    least, most = min(size_a, size_b), max(size_a, size_b)
    if most - least != 1:
        return False
    short, long = short[: min(least, 18)], long[: min(most, 18)]
    if len(short) == len(long):
        return any(long[:at] + long[at + 1 :] == short[:17] for at in range(18))
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


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
        if one[1] != two[1]:
            return "year_same"
        return "month_only" if one[2] <= 1 or two[2] <= 1 else "month_same"
    return "near" if abs(one[0] - two[0]) == 1 else "far"


def _eight(day: Day) -> str:
    return f"{day[0]:04d}{day[1]:02d}{day[2]:02d}"


def _lunar(day: Day) -> Day | None:
    import datetime as clock

    if not 1985 <= day[0] <= 2040:
        return None
    # A day that the month does not have (a typing slip) counts on into the next, as everywhere else.
    place = (clock.date(day[0], day[1], 1) - clock.date(1985, 1, 1)).days + day[2] - 1
    table = lunar_days()
    number = int(table[min(place, len(table) - 1)])
    return number // 10_000, number // 100 % 100, number % 100


def _day(side: Register, row: int) -> Day:
    return int(side.birth.year[row]), int(side.birth.month[row]), int(side.birth.day[row])


def name_level(left: Register, right: Register, one: int, two: int) -> str:
    """姓名, as rows of the names both registers share."""
    names = left.names
    del right
    a, b = _signs(left, one), _signs(left, two)
    if not a or not b:
        return "unreadable"
    # Position by position: is it the same sign, the same sound, nearly the same sound, nearly the same shape, or unreadable?
    same, heard, loose, shape, wild = [], [], [], [], []
    for x, y in zip(a, b, strict=False):
        same.append(x[0] == y[0] and x[0] > 1)
        heard.append(same[-1] or bool(set(x[1]) & set(y[1])))
        loose.append(heard[-1] or bool(set(x[2]) & set(y[2])))
        shape.append(bool(x[3] and y[3]) and sum(p != q for p, q in zip(x[3], y[3], strict=True)) <= 1)
        wild.append(any(sign[0] == 1 and not sign[1] for sign in (x, y)))
    count = min(len(a), len(b))
    equal = len(a) == len(b)
    if equal and all(same):
        return "exact"
    if all(wild):
        return "unreadable"
    if equal and any(wild) and all(s or w for s, w in zip(same, wild, strict=True)):
        return "wildcard"
    if equal and all(h or w for h, w in zip(heard, wild, strict=True)):
        return "sound"
    agree = [h or w for h, w in zip(loose, wild, strict=True)]
    if equal and all(agree):
        return "fuzzy"
    if equal and count >= 2 and any(same) and all(g or s for g, s in zip(agree, shape, strict=True)):
        return "shape"
    if equal and names.mixed[one] and names.mixed[one] == names.mixed[two]:
        return "order"
    if not equal and count >= 2 and _stands_in(*sorted((a, b), key=len)):
        return "dropped"
    given = sum(agree[1:])
    if equal and count >= 3 and given == count - 1:
        return "surname_differs"
    if agree[0] and count >= 3 and agree[1]:
        return "given_first"
    last = bool(set(a[-1][2][:1]) & set(b[-1][2][:1])) or (a[-1][0] == b[-1][0] and a[-1][0] > 1)
    if agree[0] and count >= 2 and max(len(a), len(b)) > 2 and last:
        return "given_last"
    if max(len(a), len(b)) >= 4 and sum(same) >= 2:
        return "longer_shared"
    return "surname_only" if agree[0] else "given_part" if given else "nothing"


Sign = tuple[int, list[int], list[int], list[int]]


def _signs(side: Register, name: int) -> list[Sign]:
    names = side.names
    found = []
    for place in range(int(names.length[name])):
        sign = int(names.signs[name][place])
        corners = [int(one) for one in names.characters.corners[sign][:4] if one != 255]
        sound = [int(one) for one in names.sound[name][place] if one]
        found.append((sign, sound, [int(one) for one in names.fuzzy[name][place] if one], corners))
    return found


def _stands_in(short: list[Sign], long: list[Sign]) -> bool:
    """By ear, in order."""
    heard = [sign[2][:1] for sign in short]
    return all(heard) and any(
        [sign[2][:1] for sign in chosen] == heard for chosen in combinations(long, len(short))
    )


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
    if known_ids and not surnames:
        return "differ_id"
    if g1 and g2 and surnames:
        return "surname"
    known = (g1 and g2) or known_ids or (right.phones[row][0] and left.phones[other][0])
    return "differ" if known else "unknown"


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
        return "county"
    return "township_unknown" if c1 and c2 else "unknown"


def _sex(one: int, two: int) -> str:
    return "unknown" if not one or not two else "same" if one == two else "differs"


def best_assignment(worth: dict[tuple[int, int], float]) -> float:
    """一对一分配: the greatest sum over all ways to give each row at most one column, by trying every order."""
    rows = sorted({one for one, _ in worth})
    columns: list[int | None] = [*sorted({two for _, two in worth}), *([None] * len(rows))]
    return max(
        (
            sum(
                max(worth.get((row, column), 0.0), 0.0)
                for row, column in zip(rows, order, strict=True)
                if column is not None
            )
            for order in permutations(columns, len(rows))
        ),
        default=0.0,
    )


WORDS = {"id": ID, "born": BORN, "name": NAME, "house": HOUSE, "place": PLACE, "sex": SEX}
