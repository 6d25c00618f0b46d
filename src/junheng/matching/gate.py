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
TWO_VALID = _levels(
    ID, "one_digit_valid", "same_date_valid", "other_date_valid", "lost_differs", "tail_same", "sibling"
)
_NO_NUMBER, _SURE_NAMES = _levels(ID, "unknown", "placeholder", "lost_14", "lost_some"), 2
_DATE_SLIP = _levels(BORN, "equal", "lunar", "one_digit", "swapped", "year_off")
_HOUSEHOLD = _levels(HOUSE, "id", "two_names")
_KNOWN_HOME = _levels(HOUSE, "name_phone", "name_rare", "phone")
SUPPORT = _levels(HOUSE, "id", "two_names", "name_phone", "name_rare", "name_common", "sound", "phone")
_NEAR = _levels(PLACE, "village", "township")
_RENAMED = _levels(PLACE, "village_strange", "strange")


def unsupported(compared: Compared, name_step: int) -> NDArray[np.bool_]:
    """无旁证的矛盾: two numbers that cannot be one child's, in two counties and without a household in common, or with the look of twins; or two counties
    and two families, and no number that agrees. Where a register's names hardly ever go wrong (`name_step` of `dirt`), two given names of one home and day without
    a number are twins too.

    In a county such pairs are few. Among millions of children namesakes of one birthday are everywhere, and no county's registers
    can teach how many.
    """
    contrary = np.isin(compared.id, TWO_VALID)
    stranger = ~np.isin(compared.house, SUPPORT) & (compared.place == PLACE.index("elsewhere"))
    twins = (compared.id == ID.index("same_date_valid")) & ~np.isin(compared.name, ONE_NAME)
    families = stranger & (compared.house == HOUSE.index("conflict")) & ~np.isin(compared.id, _REPAIRABLE)
    born = (compared.born == BORN.index("equal")) & np.isin(compared.house, SUPPORT)
    two = born & (compared.name == NAME.index("surname_only")) & np.isin(compared.id, _NO_NUMBER)
    return np.asarray(contrary & (stranger | twins) | families | two & (name_step <= _SURE_NAMES))


def gate(compared: Compared, explained: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """自动关口: what may be linked without a clerk, however probable it is. `explained`: the number is another child's, who has a line of its own.

    Either the number is equal or repairable and the name agrees by ear or cannot be read (with the household behind it also a
    slip of the brush will do, with household or township also another surname); or the name agrees in every character, and the birth date does
    with the household or the township behind it, or the guardian's own number with nothing against it. Two valid numbers that differ pass only
    with the whole name, the household, the township and a birth date one slip apart (or told by a sister's number alone, if she is there herself),
    or where they are one but for the county: twins and cousins are otherwise exactly that alike.
    """
    exact = compared.name == NAME.index("exact")
    equal = compared.id == ID.index("equal")
    dated = compared.born == BORN.index("equal")
    house, near = np.isin(compared.house, _HOUSEHOLD), np.isin(compared.place, _NEAR)
    guardian = compared.house == HOUSE.index("id")
    number = np.isin(compared.id, _REPAIRABLE) & np.isin(compared.name, _READ)
    number &= equal | (compared.name != NAME.index("unreadable"))
    number |= equal & house & np.isin(compared.name, _SLIP)
    number |= equal & (house | near) & (compared.name == NAME.index("surname_differs"))
    contrary, sister = np.isin(compared.id, TWO_VALID), compared.id == ID.index("sibling")
    whole = dated & (np.isin(compared.house, SUPPORT) | near) & ~contrary
    at_home = house & near | guardian & np.isin(compared.place, _RENAMED)
    at_home |= near & ~contrary & np.isin(compared.house, _KNOWN_HOME)
    # Two valid numbers of one day are twins', even under one name: the wrong twin's name may have been typed.
    at_home &= compared.id != ID.index("same_date_valid")
    slip = np.isin(compared.born, [*_DATE_SLIP, BORN.index("unknown")])
    slip |= (compared.born == BORN.index("by_number")) & sister & explained
    moved = dated & near & (compared.id == ID.index("tail_same"))
    other_sex = (compared.sex == SEX.index("differs")) & ~(equal & exact)
    return np.asarray((number | exact & (whole | at_home & slip | moved)) & ~other_sex)
