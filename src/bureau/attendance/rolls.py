"""成批点名的名单: the roll of each class on each day, read once for each state of the register."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from bureau.attendance.queries import on_the_roll
from bureau.attendance.shapes import ClassRef, RollCall
from bureau.registry.queries import days_with_data


class Rolls:
    """名单 of the schools and days that the roll calls speak of. The register only changes on its data days."""

    def __init__(self, calls: Sequence[RollCall]) -> None:
        self.county_code = calls[0].ref.county_code
        schools = {call.ref.school_code for call in calls}
        self.school = schools.pop() if len(schools) == 1 else ""
        self.marks = sorted(days_with_data(self.county_code, "students"))
        self.known: dict[int, dict[ClassRef, dict[str, str]]] = {}

    def of(self, ref: ClassRef, day: date) -> Mapping[str, str]:
        """{student key: name} of one class."""
        place = bisect_right(self.marks, day)
        if place not in self.known:
            self.known[place] = self._read(day)
        return self.known[place].get(ref, {})

    def _read(self, day: date) -> dict[ClassRef, dict[str, str]]:
        found: dict[ClassRef, dict[str, str]] = defaultdict(dict)
        rows = on_the_roll(self.county_code, day, self.school).order_by("pinyin", "pk")
        for school, grade, number, key, name in rows.values_list(
            "school_code", "grade", "class_number", "key", "person_name"
        ):
            found[ClassRef(self.county_code, school, grade, number)][key] = name or ""
        return found
