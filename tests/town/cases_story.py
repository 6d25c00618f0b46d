"""个案的故事: two months of nightly comparisons and what people did in between, so that every ledger has cases in every state.

Everything goes through the actions of the pages. All of it is invented and says 演示; the earlier comparisons see a few children,
lines and schools that are no longer so today, which is how the data shows something solved.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from bureau.attendance import queries as attendance
from bureau.cases import actions, escalating, owning, packs, rules, sweeping, tables
from bureau.cases.models import Case
from bureau.cases.seeing import visible
from bureau.cases.tables import County
from bureau.people import clearances
from bureau.people.kept import Upload
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused
from bureau.registry import queries as registered
from bureau.work import case_tasks
from bureau.workdays import actions as workdays
from bureau.workdays.models import SpecialDay
from junheng.policy.ledgers import LIVE, Column, Ledger, Move

PROOF = Upload("演示证明.pdf", b"%PDF-1.4\n% demo\n")
EARLY, MIDDLE = 28, 12  # days before today of the first comparison and of the one people worked from
AWAY = 12  # pupils away in the middle of the story who have come back
EXTRA = 3  # of each kind that the first comparison sees and the last does not
DUTY = "演示：按台账办理"


def cases_story(county_code: str, *, today: date) -> dict[str, int]:
    """Cases of every ledger; answers how many each has. Does nothing when the county has cases already, but for gaps, which its results opened."""
    others = Case.objects.filter(county_code=county_code).exclude(ledger="gaps")
    if others.exists() or not registered.days_with_data(county_code):
        return {}
    people = _people(county_code)
    for year in {today.year - 1, today.year}:
        if not SpecialDay.objects.filter(day__year=year).exists():
            workdays.load_published(year=year, by=None, at=_at(today - timedelta(days=300)))
    _clear(people, today - timedelta(days=EARLY))
    now = tables.gather(county_code, today=today)
    beside = case_tasks.beside(county_code)
    early = today - timedelta(days=EARLY)
    _compare(county_code, _earlier(now, people), beside, early)
    # What people open themselves, and what they do with the first of each.
    _by_hand(county_code, people, early + timedelta(days=2))
    middle = today - timedelta(days=MIDDLE)
    _compare(county_code, _called(now, county_code, middle, people), beside, middle, only="suspected")
    _spread(county_code, people, middle + timedelta(days=1))
    now.tables["cases"] = tables.cases_table(county_code)
    _compare(county_code, now, beside, today - timedelta(days=1))
    _finish(county_code, people, today)
    now.tables["cases"] = tables.cases_table(county_code)
    _compare(county_code, now, beside, today, only="returned")
    _spread(county_code, people, today, only={"returned"})
    escalating.escalate(county_code=county_code, at=_at(today), today=today)
    codes = Case.objects.filter(county_code=county_code).values_list("ledger", flat=True)
    return {code: list(codes).count(code) for code in sorted(set(codes))}


def _people(county_code: str) -> dict[str, User]:
    suffix = "" if county_code == "640324" else f"-{county_code}"
    names = ("leader", "basic", "aid", "nine", "primary", "teacher", "township", "administrator")
    found = {}
    for name in names:
        user = User.objects.filter(username=f"{name}{suffix}", is_active=True).first()
        if user is not None:
            found[name] = user
    return found


def _clear(people: Mapping[str, User], day: date) -> None:
    """The bureau's office and one school may see what is restricted."""
    for name, kind in (
        ("basic", "assessment"),
        ("leader", "assessment"),
        ("basic", "screening"),
        ("leader", "screening"),
        ("nine", "screening"),
    ):
        user, by = people.get(name), people.get("administrator")
        if user is not None and by is not None and kind not in clearances.cleared(user):
            clearances.grant(
                user=user, kind=kind, reason="演示：分工文件", again=str(user), by=by, at=_at(day)
            )


def _compare(
    county_code: str, county: County, beside: Mapping[str, Any], day: date, *, only: str = ""
) -> None:
    sweeping.sweep(county_code=county_code, county=county, more=beside, at=_at(day, 4), today=day, only=only)


def _called(now: County, county_code: str, day: date, people: Mapping[str, User]) -> County:
    """The same registers with the roll calls as they stood on an earlier day; some pupils away then have come back since."""
    since = day - timedelta(days=tables.ATTENDANCE_DAYS)
    called = attendance.tables(county_code, since, day)
    away = set(now.tables["streaks"]["student_key"])
    pupils = now.tables["students"]
    for at in [at for at in _plain(pupils, people) if pupils["student_key"][at] not in away][-AWAY:]:
        row = {name: pupils[name][at] for name in ("student_key", "school_code", "grade", "class_number")}
        row |= {"days": 6, "since": day - timedelta(days=8), "last": day, "unexcused": 6, "unknown": 0}
        for name, values in called["streaks"].items():
            values.append(row[name])
    return replace(
        now,
        tables={
            **now.tables,
            **called,
            "cases": tables.cases_table(county_code),
        },
        days={**now.days, **dict.fromkeys(("absences", "class_days", "streaks"), day)},
    )


def _earlier(now: County, people: Mapping[str, User]) -> County:
    """The tables of four weeks ago: a few children, lines and schools differ from today's; no roll calls yet."""
    pupils = {name: list(values) for name, values in now.tables["students"].items()}
    before = {name: list(values) for name, values in now.tables["students_before"].items()}
    schools = {name: list(values) for name, values in now.tables["schools"].items()}
    plain = _plain(pupils, people)
    own = {user.school_code for user in people.values() if user.school_code}
    for n, (name, value) in enumerate((("left_behind", True), ("disability", "听力"), ("migrant", True))):
        for at in plain[n * EXTRA : (n + 1) * EXTRA]:
            pupils[name][at] = value
    arrived = {pupils["student_key"][at] for at in plain[2 * EXTRA : 3 * EXTRA]}
    kept = [at for at, key in enumerate(before.get("student_key", ())) if key not in arrived]
    before = {name: [values[at] for at in kept] for name, values in before.items()}
    small = [at for at, pupils_there in enumerate(schools["pupils"]) if 20 <= pupils_there < 100]
    for at in sorted(small, key=lambda at: schools["school_code"][at] not in own)[:EXTRA]:
        schools["pupils"][at] = 120
    changed = {"students": pupils, "students_before": before, "schools": schools}
    changed["outside_missing"] = _more_missing(now)
    return County(
        {**now.tables, **changed, **{name: {} for name in ("absences", "class_days", "streaks")}},
        now.days,
        now.dates,
    )


def _plain(pupils: Mapping[str, list[Any]], people: Mapping[str, User]) -> list[int]:
    """Where in the table the pupils of the schools with accounts stand that no ledger knows."""
    own = {user.school_code for user in people.values() if user.school_code}
    return [
        at
        for at, school in enumerate(pupils["school_code"])
        if school in own
        and pupils["enrolment_status"][at] == "在读"
        and pupils["stage"][at] in ("小学", "初中")
        and not pupils["left_behind"][at]
        and not pupils["migrant"][at]
        and pupils["disability"][at] in (None, "无")
    ]


def _more_missing(now: County) -> dict[str, list[Any]]:
    """Lines that were not yet recognised as pupils four weeks ago."""
    missing = {name: list(values) for name, values in now.tables.get("outside_missing", {}).items()}
    lines = now.tables.get("outside_lines", {})
    linked = [
        at
        for at, state in enumerate(lines.get("state", ()))
        if state == "automatic" and lines["source"][at] == "户籍" and 7 <= (lines["age"][at] or 0) <= 14
    ]
    for at in linked[:EXTRA]:
        row = {
            "line_key": lines["line_key"][at],
            "source": "户籍",
            "age": lines["age"][at],
            "state": "unmatched",
        }
        row |= {"township": lines["township"][at], "village": lines["village"][at], "probability": 0.2}
        for name, values in missing.items():
            values.append(row.get(name, None if name != "pupil_status" else ""))
    return missing


_BY_HAND = {
    "hazards": 9,
    "drills": 6,
    "pairing": 6,
    "after_school": 5,
    "four_checks": 8,
    "training": 7,
    "vocational": 6,
    "drowning": 8,
    "mental_health": 11,
}


def _by_hand(county_code: str, people: Mapping[str, User], day: date) -> None:
    bureau = people["basic"]
    schools = [user.school_code for user in people.values() if user.school_code] or [""]
    units, own = _units(county_code, people)
    pupils = _pupils(county_code, schools)
    number = count(1)
    for code, many in _BY_HAND.items():
        of = packs.ledger(county_code, code)
        subjects: Sequence[str] = {"school": schools, "organisation": units, "student": pupils}[of.subject]
        if "township" in of.ladder.levels and of.subject == "organisation":
            subjects = own
        for n in range(min(many, many if of.many else len(subjects))):
            if not subjects:
                break
            try:
                actions.open_case(
                    county_code=county_code,
                    ledger=code,
                    subject_key=subjects[n % len(subjects)],
                    item=f"演示 {next(number)}" if of.many else "",
                    text="演示：登记",
                    by=bureau,
                    at=_at(day),
                    today=day,
                )
            except Refused:
                continue
    _spread(county_code, people, day + timedelta(days=1), only=set(_BY_HAND))


def _units(county_code: str, people: Mapping[str, User]) -> tuple[list[str], list[str]]:
    """All units, and the government of the township that has an account, so that its own people act."""
    area = people["township"].area if "township" in people else None
    rows = list(Organisation.objects.filter(county_code=county_code).values_list("pk", "area"))
    units = [str(pk) for pk, _ in rows]
    return units, [str(pk) for pk, where in rows if area is not None and where == area.pk] or units


def _pupils(county_code: str, schools: Sequence[str]) -> list[str]:
    day = registered.latest_day(county_code)
    if day is None:
        return []
    rows = registered.rows_on("students", day, county_code).filter(
        school_code__in=schools, stage__in=["小学", "初中"], enrolment_status="在读"
    )
    return list(rows.order_by("key").values_list("key", flat=True)[40:60])


def _spread(county_code: str, people: Mapping[str, User], day: date, *, only: set[str] | None = None) -> None:
    """Move a few cases of each ledger to each of its states, as far as people can; the last of each is left as it was found."""
    for of in packs.ledgers(county_code):
        if of.code == "gaps" or (only is not None and of.code not in only):
            continue
        fresh = deque(_fresh(county_code, of, people))
        for state in of.states[1:]:
            way = _way(of, state.name)
            for _ in range(2 if state.phase == "open" else 1):
                if way and fresh:
                    _walk(fresh.popleft(), of, way, people, day)
        if of.code == "suspected":
            # Enough of them become dropout cases for that ledger's own states.
            way = _way(of, "passed")
            for number in range(10):
                if way and fresh:
                    _walk(fresh.popleft() if number % 2 else fresh.pop(), of, way, people, day)
            dropouts = packs.ledger(county_code, "dropout")
            _spread_dropouts(county_code, dropouts, people, day + timedelta(days=1))


def _spread_dropouts(county_code: str, of: Ledger, people: Mapping[str, User], day: date) -> None:
    fresh = deque(_fresh(county_code, of, people))
    for name in ("notice", "order", "justice", "said", "said"):
        if fresh:
            _walk(fresh.popleft(), of, _way(of, name), people, day)


def _fresh(county_code: str, of: Ledger, people: Mapping[str, User]) -> list[Case]:
    """Cases as they were found, those of the schools that have an account first, so that their own people act."""
    own = {user.school_code for user in people.values() if user.school_code}
    found = Case.objects.filter(county_code=county_code, ledger=of.code, state=of.initial.name)
    nearest = list(found.filter(school_code__in=own).order_by("pk")[:30])
    more = found.exclude(school_code__in=own).order_by("pk")[:30]
    return [*nearest[1:], *more]


def _way(of: Ledger, target: str) -> list[Move]:
    """The shortest way of moves from the first state, through what people alone can reach; [] when there is none."""
    came: dict[str, tuple[str, Move]] = {}
    waiting = deque([of.initial.name])
    while waiting:
        at = waiting.popleft()
        for move in of.moves_from(at):
            if move.target and move.target not in came and move.target != of.initial.name:
                came[move.target] = (at, move)
                waiting.append(move.target)
    way: list[Move] = []
    at = target
    while at in came:
        at, move = came[at]
        way.insert(0, move)
    return way


def _walk(case: Case, of: Ledger, way: Sequence[Move], people: Mapping[str, User], day: date) -> None:
    last: User | None = None
    for number, move in enumerate(way):
        by = _actor(case, move, of, people, last)
        if by is None:
            return
        try:
            actions.move(
                case_id=case.pk,
                move=move.name,
                fields=_values(of, move, day, case.pk),
                text=f"{DUTY}（{move.title}）",
                files=[PROOF] if "file" in move.needs else [],
                by=by,
                at=_at(day, 9 + number),
                today=day,
            )
        except Refused:
            return
        last = by


def _actor(case: Case, move: Move, of: Ledger, people: Mapping[str, User], last: User | None) -> User | None:
    for name in ("nine", "primary", "township", "basic", "leader", "aid"):
        user = people.get(name)
        if user is None or (move.second and user == last) or rules.level_of(user.role) not in move.by:
            continue
        if visible(user).filter(pk=case.pk).exists():
            return user
    return None


def _values(of: Ledger, move: Move, day: date, seed: int) -> dict[str, object]:
    """Something fitting for each field, and whatever the state it leads to cannot do without."""
    return {name: _value(of.column(name), day, seed) for name in move.fields}


def _value(column: Column, day: date, seed: int) -> object:
    match column.kind:
        case "choice":
            return column.choices[seed % len(column.choices)]
        case "many":
            return [column.choices[seed % len(column.choices)]]
        case "flag":
            return seed % 2 == 0
        case "date":
            return day.isoformat()
        case "integer":
            return str(1 + seed % 4)
        case "decimal" | "money":
            return str(100 * (1 + seed % 9))
        case _:
            return f"演示：{column.title}"


def _finish(county_code: str, people: Mapping[str, User], today: date) -> None:
    """What the data now shows solved is looked at by one person and, for half of it, closed by another."""
    leader, bureau = people["leader"], people["basic"]
    for of in packs.ledgers(county_code):
        verify = next((move for move in of.moves if move.name == "verify"), None)
        solved = Case.objects.filter(county_code=county_code, ledger=of.code, phase="solved").order_by("pk")
        for number, case in enumerate(list(solved[:12])):
            if verify is None or number % 3 == 2:
                continue
            _walk(case, of, [verify], people, today)
            if number % 3 == 0:
                _close(case, of, (leader, bureau), today)
    held = Case.objects.filter(county_code=county_code, owner=None, level="school", phase__in=LIVE)
    for name in ("nine", "primary"):
        user = people.get(name)
        ids = (
            []
            if user is None
            else list(held.filter(school_code=user.school_code).values_list("pk", flat=True)[:20])
        )
        if user is not None and ids:
            owning.hand_over(
                case_ids=ids,
                to=user,
                level="school",
                reason="演示：学校分工",
                by=bureau,
                at=_at(today),
                today=today,
            )


def _close(case: Case, of: Ledger, by: Sequence[User], today: date) -> None:
    for move in _closing(of):
        for user in by:
            try:
                actions.move(
                    case_id=case.pk,
                    move=move.name,
                    fields=_values(of, move, today, case.pk),
                    text="演示：复核属实",
                    by=user,
                    at=_at(today, 15),
                    today=today,
                )
            except Refused:
                continue
            return


def _closing(of: Ledger) -> Iterator[Move]:
    for move in of.moves:
        if move.target and of.state(move.target).phase == "closed":
            yield move


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour - 8 if hour >= 8 else hour), UTC)
