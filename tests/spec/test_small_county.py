"""The small county, whose answers its author worked out by hand, through workbooks and the command line's own path."""

from datetime import date
from pathlib import Path

import pytest

import town
from junheng.cli.assess import assess_registers
from junheng.policy import load


def test_the_small_county_as_worked_out_by_hand(tmp_path: Path) -> None:
    made = town.small()
    town.write(made, tmp_path)
    found = assess_registers(
        sorted(tmp_path.glob("*.xlsx")), load("balanced-2017"), date(2025, 9, 20), "同心县"
    )
    schools = {(school.school_code, school.stage): school for school in found.schools}
    known = made.known["facts"]
    assert isinstance(known, dict)
    for key, (students, amounts, passes, verdict) in known.items():
        school = schools.pop(key)
        assert (school.students, school.passes, school.verdict) == (students, passes, verdict), key
        numerators = [i.numerator for i in found.indicators if (i.school_code, i.stage) == key]
        yuan = [n * 10_000 if n is not None and code == 5 else n for code, n in enumerate(numerators)]
        assert yuan == pytest.approx(amounts), key
    assert {school.in_scope for school in schools.values()} == {False}
    assert next(line for line in found.county if line.code == "G3").numerator is not None
