"""名册行的表: every line of the registers in force and whose it is, without identifiers in clear, for the detectors of ledgers."""

from datetime import date
from typing import Any

from bureau.links.ages import school_years_of_age
from bureau.links.models import Link
from bureau.links.queries import lines_in_force, registers_in_force


def line_table(county_code: str, day: date) -> dict[str, list[Any]]:
    """供查找的表: equal columns, one entry a line."""
    standing = registers_in_force(county_code, day)
    registers = {register.pk: register for register in standing}
    names = (
        "line", "line_key", "register", "student_key", "state", "born", "sex", "township", "township_code", "village", "category", "level", "since",
        "until", "probability", "near_key", "reason",
    )  # fmt: skip
    rows = Link.objects.filter(lines_in_force(standing)).values_list(
        "line", "line__key", "of", "student_key", "state", "line__birth_date", "line__sex", "line__township", "line__township_code", "line__village",
        "line__category", "line__level", "line__since", "line__until", "probability", "near_key", "reason",
    )  # fmt: skip
    held = [list(part) for part in zip(*rows, strict=True)] or [[] for _ in names]
    lines: dict[str, list[Any]] = dict(zip(names, held, strict=True))
    lines["source"] = [registers[of].source for of in lines["register"]]
    lines["day"] = [registers[of].day for of in lines["register"]]
    lines["age"] = [school_years_of_age(born, day) for born in lines["born"]]
    return lines
