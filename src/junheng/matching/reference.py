"""参照: the comparisons for one pair at a time, in the plainest words. Slow and obvious: the twin that tests hold the fast ones against."""

from itertools import combinations, permutations

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
from junheng.matching.reference_homes import births_level, house_level, is_home, place_level
from junheng.matching.registers import Register

_OWN = (VALID, BAD_CHECK, BAD_DATE, PARTIAL, WRONG_LENGTH)


def levels(left: Register, right: Register, row: int, other: int) -> dict[str, str]:
    """比较一对: the level of each field, in the words of `levels`."""
    return {
        "id": "sibling" if _is_sisters(left, right, row, other) else id_level(left, right, row, other),
        "born": births_level(left, right, row, other),
        "name": name_level(left, right, int(right.name[row]), int(left.name[other])),
        "house": house_level(left, right, row, other),
        "place": place_level(left, right, row, other),
        "sex": _sex(int(right.sex[row]), int(left.sex[other])),
    }


def _is_sisters(left: Register, right: Register, row: int, other: int) -> bool:
    """The number is borne on the left by one child alone, who lives with this one."""
    if id_level(left, right, row, other) != "other_date_valid":
        return False
    valid, key = left.number.kind.tolist(), int(right.number.key[row])
    owners = [at for at, one in enumerate(left.number.key.tolist()) if one == key and valid[at] == VALID]
    return len(owners) == 1 and owners[0] != other and is_home(left, owners[0], other)


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
        if len(known) >= 15 or (len(known) >= 12 and {14, 15, 16, 17} <= set(known)):
            return "lost_15"
        return "lost_14" if len(known) >= 11 else "lost_some"
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


def name_level(left: Register, right: Register, one: int, two: int) -> str:
    """姓名, as rows of the names both registers share."""
    names = left.names
    del right
    a, b = _signs(left, one), _signs(left, two)
    if not a or not b:
        return "unreadable"
    # Position by position: is it the same sign, the same sound, nearly the same sound, nearly the same shape, or unreadable?
    same, heard, loose, shape, half, wild = [], [], [], [], [], []
    for x, y in zip(a, b, strict=False):
        same.append(x[0] == y[0] and x[0] > 1)
        heard.append(same[-1] or bool(set(x[1]) & set(y[1])))
        loose.append(heard[-1] or bool(set(x[2]) & set(y[2])))
        shape.append(bool(x[3] and y[3]) and sum(p != q for p, q in zip(x[3], y[3], strict=True)) <= 1)
        half.append(
            bool(x[3] and y[3])
            and any(x[3][i] == y[3][i] and x[3][j] == y[3][j] and x[3][i] + x[3][j] for i, j in _SIDES)
        )
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
    if (
        equal
        and count >= 2
        and any(same)
        and all(g or s or h for g, s, h in zip(agree, shape, half, strict=True))
    ):
        return "part"
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


_SIDES = ((1, 3), (0, 2), (0, 1), (2, 3))  # right, left, upper, lower
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
