"""身份证号校验码怎样算 (GB 11643, ISO 7064 MOD 11-2): multiply, add, divide by eleven, look up the remainder.

本体码  6  4  0  3  9  9  2  0  1  5  0  3  0  8  0  0  1
加权    7  9 10  5  8  4  2  1  6  3  7  9 10  5  8  4  2
乘积   42 36  0 15 72 36  4  0  6 15  0 27  0 40  0  0  2   和 295 = 26 × 11 + 9

余数    0  1  2  3  4  5  6  7  8  9 10
校验码  1  0  X  9  8  7  6  5  4  3  2                     余 9 → 3
"""

import pytest

from core.intake_files import only, students
from junheng.intake.identity import check_digit


@pytest.mark.parametrize(
    ("first17", "remainder", "check"),
    [
        ("64039920150308001", 9, "3"),
        ("11010519491231002", 2, "X"),  # the example printed in GB 11643-1999
        ("44052418800101001", 8, "4"),  # the second example printed there
    ],
)
def test_worked_examples(first17, remainder, check):
    products = [int(digit) * 2**place for digit, place in zip(first17, range(17, 0, -1), strict=True)]
    assert sum(products) % 11 == remainder
    assert check_digit(first17) == check


def test_one_wrong_digit_is_found():
    good = "64039920150308001" + check_digit("64039920150308001")
    for place in range(17):
        for digit in "0123456789":
            wrong = good[:place] + digit + good[place + 1 :]
            if wrong != good:
                assert check_digit(wrong[:17]) != wrong[17]


def test_two_digits_exchanged_are_found():
    only(students({"身份证件号": "64039920150308010" + check_digit("64039920150308001")}), "id_check_digit")
