"""前些日子的登记册: what the comparisons of earlier days saw, where a few children, lines, schools and findings differ from today's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bureau.attendance import queries as attendance
from bureau.cases import tables
from bureau.cases.tables import County
from bureau.links.models import Line, Link
from bureau.links.queries import registers_in_force

EXTRA = 3  # of each kind that the first comparison sees and the last does not
AWAY = 12  # pupils away in the middle of the story who have come back
Beside = dict[str, dict[str, list[Any]]]


def plain(pupils: Mapping[str, list[Any]], schools: Sequence[str]) -> list[int]:
    """Where in the table the pupils of some schools stand that no ledger knows."""
    own = set(schools)
    return [
        row
        for row, school in enumerate(pupils["school_code"])
        if school in own
        and pupils["enrolment_status"][row] == "在读"
        and pupils["stage"][row] in ("小学", "初中")
        and not pupils["left_behind"][row]
        and not pupils["orphan"][row]
        and not pupils["migrant"][row]
        and pupils["disability"][row] in (None, "无")
    ]


def called(now: County, county_code: str, day: date, schools: Sequence[str]) -> County:
    """The same registers with the roll calls as they stood on an earlier day; some pupils away then have come back since."""
    rolls = attendance.tables(county_code, day - timedelta(days=tables.ATTENDANCE_DAYS), day)
    away = set(now.tables["streaks"]["student_key"])
    pupils = now.tables["students"]
    rows = [row for row in plain(pupils, schools) if pupils["student_key"][row] not in away]
    streaks = {name: list(values) for name, values in rolls["streaks"].items()}
    for row in rows[-AWAY:]:
        add(streaks, away_row(pupils, row, day))
    return replace(
        now,
        tables={**now.tables, **rolls, "streaks": streaks, "cases": tables.cases_table(county_code)},
        days={**now.days, **dict.fromkeys(("absences", "class_days", "streaks"), day)},
    )


def away_row(pupils: Mapping[str, list[Any]], row: int, day: date) -> dict[str, Any]:
    """Six school days away without a reason."""
    found = {name: pupils[name][row] for name in ("student_key", "school_code", "grade", "class_number")}
    return found | {"days": 6, "since": day - timedelta(days=8), "last": day, "unexcused": 6, "unknown": 0}


def add(table: dict[str, list[Any]], row: Mapping[str, Any]) -> None:
    """One more row; what it does not say is blank."""
    for name, values in table.items():
        values.append(row.get(name))


def earlier(now: County, county_code: str, day: date, schools: Sequence[str]) -> County:
    """The tables of four weeks ago: a few children, lines and schools differ from today's; no roll calls yet."""
    pupils = {name: list(values) for name, values in now.tables["students"].items()}
    before = {name: list(values) for name, values in now.tables["students_before"].items()}
    places = {name: list(values) for name, values in now.tables["schools"].items()}
    rows = plain(pupils, schools)
    for n, (name, value) in enumerate((("left_behind", True), ("disability", "听力"), ("migrant", True))):
        for row in rows[n * EXTRA : (n + 1) * EXTRA]:
            pupils[name][row] = value
    arrived = {pupils["student_key"][row] for row in rows[2 * EXTRA : 3 * EXTRA]}
    kept = [row for row, key in enumerate(before.get("student_key", ())) if key not in arrived]
    before = {name: [values[row] for row in kept] for name, values in before.items()}
    # Kindergartens that were listed as schools, and schools that have no pupils any more.
    listed = [row for row, kind in enumerate(places["school_kind"]) if kind == "111"]
    for row in listed[:EXTRA]:
        places["school_kind"][row] = "211"
    changed = {"students": pupils, "students_before": before, "schools": places}
    changed["outside_missing"] = _more_missing(now, county_code, day)
    none = {name: dict[str, list[Any]]() for name in ("absences", "class_days", "streaks")}
    return County({**now.tables, **changed, **none}, now.days, now.dates)


def _more_missing(now: County, county_code: str, day: date) -> dict[str, list[Any]]:
    """Lines that were not yet recognised as pupils four weeks ago."""
    missing = {name: list(values) for name, values in now.tables.get("outside_missing", {}).items()}
    registers = [one.pk for one in registers_in_force(county_code, day) if one.source == "household"]
    links = Link.objects.filter(of__in=registers, state="automatic").order_by("pk")
    keys = list(links.values_list("line", flat=True)[: EXTRA * 200 : 200])
    for line in Line.objects.filter(pk__in=keys):
        row = {"line_key": line.key, "source": "户籍", "age": 9, "state": "unmatched", "pupil_status": ""}
        add(missing, row | {"township": line.township, "village": line.village, "probability": 0.2})
    return missing


def earlier_beside(beside: Beside, now: County, schools: Sequence[str]) -> Beside:
    """What other rooms said four weeks ago: destinations not yet entered, findings not yet settled."""
    graduates = {name: list(values) for name, values in beside["graduates"].items()}
    settled = [
        row
        for row, kind in enumerate(graduates.get("destination", ()))
        if kind == "就业" and graduates["registered"][row]
    ]
    newest = max(graduates.get("year", [0]), default=0)
    for row in [row for row in settled if graduates["year"][row] == newest][: 2 * EXTRA]:
        graduates["destination"][row] = None
    findings = {name: list(values) for name, values in beside["payment_findings"].items()}
    pupils = now.tables["students"]
    for number, row in enumerate(plain(pupils, schools)[-EXTRA:] if "finding_key" in findings else ()):
        one = {
            "finding_key": f"{9_000_001 + number}",
            "kind": "同一账户收多名受助人的钱",
            "title": "演示：一个账户收了多人的钱",
        }
        one |= {"person_kind": "student", "person_key": pupils["student_key"][row]}
        add(
            findings,
            one
            | {
                "school_code": pupils["school_code"][row],
                "amount": 625.0,
                "found_on": now.days.get("students"),
            },
        )
    return {**beside, "graduates": graduates, "payment_findings": findings}
