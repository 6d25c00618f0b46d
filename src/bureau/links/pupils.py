"""学籍一方: the student register of a day as columns of text for matching, and what a card shows of one pupil.

Identifiers are in clear only here, in the worker's memory, while one matching runs.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bureau.links.storing import fingerprint
from bureau.people.models import Area
from bureau.people.secret import unseal_many
from bureau.registry import queries as registered
from bureau.registry.models import Student
from junheng.tables import codes

FIELDS = (
    "key", "person_name", "sex", "birth_date", "home_township", "home_village", "guardian_name", "guardian2_name", "school_code", "grade",
    "enrolment_status", "id_number_lookup", "class_number", "id_number", "guardian_id", "guardian_phone", "guardian2_phone",
)  # fmt: skip
_SEALED = {
    name: FIELDS.index(name) for name in ("id_number", "guardian_id", "guardian_phone", "guardian2_phone")
}
STUDYING = frozenset(("在读", "休学"))


@dataclass(slots=True)
class Pupils:
    """学籍: row n of every list is one pupil. `columns` are those of `junheng.matching`."""

    county_code: str
    day: date
    version: int
    keys: list[str] = field(default_factory=list)
    columns: dict[str, list[str | None]] = field(default_factory=dict)
    described: list[str] = field(default_factory=list)
    fingerprints: list[str] = field(default_factory=list)
    schools: list[str] = field(default_factory=list)
    grades: list[str] = field(default_factory=list)
    rooms: list[int | None] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)  # hashes of the ID numbers, "" where there is none
    row_of: dict[str, int] = field(default_factory=dict)
    _homes: dict[str, list[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    def household(self, row: int) -> list[int]:
        """The other pupils of the same household: a guardian's number or telephone in common."""
        shared = {
            other
            for name in ("guardian_ids", "phone")
            for other in self._homes.get(self._home(name, row), ())
        }
        return sorted(shared - {row})[:8]

    def index_homes(self) -> None:
        """To be called once all rows are there."""
        homes: dict[str, list[int]] = defaultdict(list)
        for name in ("guardian_ids", "phone"):
            for row in range(len(self.keys)):
                if home := self._home(name, row):
                    homes[home].append(row)
        self._homes = {home: rows for home, rows in homes.items() if 1 < len(rows) <= 12}

    def _home(self, name: str, row: int) -> str:
        text = self.columns[name][row]
        return f"{name}|{text.split('；')[0]}" if text else ""


def load(
    county_code: str, day: date, *, also: date | None = None, progress: Callable[[float], None] = lambda share: None
) -> Pupils:  # fmt: skip
    """学籍 of a county on a day, and whoever stood in it on the day `also` and has left since."""
    version = registered.versions(county_code, ("students",))["students"]
    pupils = Pupils(county_code, day, version)
    names = dict(registered.rows_on("schools", day, county_code).values_list("school_code", "school_name"))
    county = Area.objects.filter(code=county_code).values_list("name", flat=True).first() or ""
    grades = codes("grade")
    found = [_raw(county_code, day)]
    if also is not None and also != day:
        found.append(_raw(county_code, also))
    total = sum(map(len, found)) or 1
    columns: dict[str, list[str | None]] = {
        name: [] for name in ("name", "id", "sex", "born", "county", "township", "village", "guardians", "guardian_ids", "phone")
    }  # fmt: skip
    done = 0
    for rows in found:
        new = [row for row in rows if row[0] not in pupils.row_of]
        sealed = {name: unseal_many(row[place] or b"" for row in new) for name, place in _SEALED.items()}
        for at, row in enumerate(new):
            done += 1
            if done % 5_000 == 0:
                progress(done / total)
            key, name, sex, born, township, village, one, two, school, grade, status, look, room, *_sealed = (
                row
            )
            pupils.row_of[key] = len(pupils.keys)
            pupils.keys.append(key)
            pupils.schools.append(school)
            pupils.grades.append(grade or "")
            pupils.rooms.append(room)
            pupils.numbers.append(look or "")
            pupils.described.append(
                f"{names.get(school) or school}{grades.get(grade, '')}{name or ''}"
                + ("" if status in STUDYING else f"（{status}）")
            )
            pupils.fingerprints.append(fingerprint(name or "", look or "", str(born or ""), one or ""))
            columns["name"].append(name)
            columns["sex"].append(sex)
            columns["born"].append(str(born) if born else None)
            columns["county"].append(county)
            columns["township"].append(township)
            columns["village"].append(village)
            columns["guardians"].append("；".join(part for part in (one, two) if part) or None)
            columns["id"].append(sealed["id_number"][at] or None)
            columns["guardian_ids"].append(sealed["guardian_id"][at] or None)
            phones = [text for name in ("guardian_phone", "guardian2_phone") if (text := sealed[name][at])]
            columns["phone"].append("；".join(phones) or None)
    pupils.columns = columns
    pupils.index_homes()
    return pupils


def _raw(county_code: str, day: date) -> list[tuple[Any, ...]]:
    rows = registered.rows_on("students", day, county_code).order_by("key")
    return list(registered.raw(rows.values_list(*FIELDS)))


def newest(county_code: str, keys: set[str]) -> dict[str, Student]:
    """{student key: the newest version that counts}, for cards and lists of a few pupils."""
    found: dict[str, Student] = {}
    # By key alone: with the county in the condition the database walks through all its pupils instead of looking up a few.
    for student in Student._default_manager.filter(key__in=keys, replaced_by=None).order_by("valid_from"):
        if student.county_code == county_code:
            found[student.key] = student
    return found
