"""自动关口: what may be linked without a clerk, and what is doubted although it is probable."""

import numpy as np
from numpy.typing import NDArray

from junheng.matching.comparing import Compared
from junheng.matching.levels import BORN, HOUSE, ID, NAME, PLACE, SEX


def _levels(words: tuple[str, ...], *chosen: str) -> list[int]:
    return [words.index(word) for word in chosen]


_READ = _levels(NAME, "exact", "wildcard", "sound", "fuzzy", "unreadable")
_SLIP = _levels(NAME, "exact", "wildcard", "sound", "fuzzy", "shape", "order")
ONE_NAME = [*_READ, *_levels(NAME, "order", "dropped")]  # not "shape": twins are named alike
_REPAIRABLE = _levels(ID, "equal", "equal_invalid", "one_digit", "swapped", "dropped", "lost_15")
TWO_VALID = _levels(ID, "one_digit_valid", "same_date_valid", "other_date_valid", "lost_differs", "tail_same")
_DATE_SLIP = _levels(BORN, "equal", "lunar", "one_digit", "swapped", "year_off")
_HOUSEHOLD = _levels(HOUSE, "id", "two_names")
_SUPPORT = _levels(HOUSE, "id", "two_names", "name_phone", "name_rare", "name_common", "sound", "phone")
_NEAR = _levels(PLACE, "village", "township")


def unsupported(compared: Compared) -> NDArray[np.bool_]:
    """无旁证的矛盾: two numbers that cannot be one child's, in two counties and without a household in common, or with the look of twins.

    In a county such pairs are few. Among millions of children namesakes of one birthday are everywhere, and no county's registers
    can teach how many.
    """
    contrary = np.isin(compared.id, TWO_VALID)
    stranger = ~np.isin(compared.house, _SUPPORT) & (compared.place == PLACE.index("elsewhere"))
    twins = (compared.id == ID.index("same_date_valid")) & ~np.isin(compared.name, ONE_NAME)
    return np.asarray(contrary & (stranger | twins))


def gate(compared: Compared) -> NDArray[np.bool_]:
    """自动关口: what may be linked without a clerk, however probable it is.

    Either the number is equal or repairable and the name agrees by ear or cannot be read (with the household behind it also a
    slip of the brush will do); or the name agrees in every character, and the birth date does with the household or the township behind
    it, or the guardian's own number with nothing against it. Two valid numbers that differ pass only with the whole name, the
    household, the township and a birth date one slip apart: twins and cousins are otherwise exactly that alike.
    """
    exact = compared.name == NAME.index("exact")
    equal = compared.id == ID.index("equal")
    house, near = np.isin(compared.house, _HOUSEHOLD), np.isin(compared.place, _NEAR)
    number = np.isin(compared.id, _REPAIRABLE) & np.isin(compared.name, _READ)
    number &= equal | (compared.name != NAME.index("unreadable"))
    number |= equal & house & np.isin(compared.name, _SLIP)
    dated = exact & (compared.born == BORN.index("equal")) & (np.isin(compared.house, _SUPPORT) | near)
    at_home = exact & house & near & np.isin(compared.born, [*_DATE_SLIP, BORN.index("unknown")])
    # Two valid numbers of one day are twins', even under one name: the wrong twin's name may have been typed.
    at_home &= compared.id != ID.index("same_date_valid")
    contrary = np.isin(compared.id, TWO_VALID)
    other_sex = (compared.sex == SEX.index("differs")) & ~(equal & exact)
    return np.asarray((number | dated & ~contrary | at_home) & ~other_sex)
