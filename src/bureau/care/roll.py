"""更新适龄台账: the household register, the student register and the dropout cases laid together, child by child; only what changed is written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.care.models import RollChild, RollDay, RollRun
from bureau.care.roll_reading import Pupil, Row, day_of, followed_by, lines, pupils
from bureau.care.roll_rules import GONE_FROM_HOUSEHOLD, Followed, Known, counts_no_more, state_of
from bureau.links.ages import school_years_of_age
from bureau.links.findings import studying_elsewhere
from bureau.links.models import OutsideRegister
from bureau.links.queries import ages_of, registers_in_force
from bureau.links.states import LINKED
from bureau.links.storing import townships_by_stem
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.queries import townships
from bureau.people.rules import Permission, demand, why_not
from bureau.registry import queries as registered
from bureau.registry.bulk import insert
from bureau.registry.names import pinyin_key
from bureau.registry.queries import as_raw
from junheng.tables.place_names import place_stem

BATCH = 500
# Where the township is unknown or in another county; it stands after all others.
OTHER = "999"
Key = tuple[str, str]  # (line key, "") or ("", student key)
_FIELDS = (
    "student_key", "name", "pinyin", "sex", "birth_date", "age", "township_code", "township", "village", "on_register", "state", "school_code",
    "stage", "grade", "class_number", "inclusion", "disability", "case_id", "case_state",
)  # fmt: skip
_SEX = {"1": "男", "2": "女"}


def refresh(
    *, county_code: str, today: date, at: datetime, by: User | None = None, address: str = ""
) -> RollRun:
    """更新: one transaction, one line in the log; without a household register the roll is left as it was and says so."""
    if by is not None:
        demand(why_not(by.role, Permission.EDIT_LEDGERS))
    households = [one for one in registers_in_force(county_code, today) if one.source == "household"]
    days = [day for day in registered.days_with_data(county_code, "students") if day <= today]
    if not households or not days:
        words = "学生名册" if households else "户籍人口名册"
        return RollRun.objects.create(
            county_code=county_code, day=today, at=at, by=by, note=f"没有{words}，适龄台账没有更新；请先上传"
        )
    wanted = _roll(county_code, households, days[0])
    with transaction.atomic():
        run = _write(county_code, wanted, today=today, at=at, by=by)
        run.household_day, run.student_day = max(one.day for one in households), days[0]
        run.save()
        _count(county_code, wanted, today)
        if run.came or run.left or run.changed:
            write(
                by=by,
                verb=Verb.CHANGE,
                obj=("roll", county_code),
                detail={"children": run.children, "came": run.came, "left": run.left, "changed": run.changed},
                at=at,
                address=address,
            )
    return run


def _roll(county_code: str, households: Sequence[OutsideRegister], student_day: date) -> dict[Key, Row]:
    """{key: fields} of every child of school age in the school year of the student register: of a later one nobody could be in it."""
    youngest, oldest = ages_of(county_code)
    by_key = pupils(county_code, student_day)
    cases, deferred = followed_by(county_code)
    towns = dict(townships(county_code).values_list("name", "code"))
    stems = townships_by_stem(towns)
    codes: dict[str, tuple[str, str]] = {}
    other = f"{county_code}{OTHER}"

    def place(words: str) -> tuple[str, str]:
        if words not in codes:
            name = stems.get(place_stem(words), words) if words else ""
            codes[words] = (towns.get(name, other), name)
        return codes[words]

    found: dict[Key, Row] = {}
    seen: set[str] = set()
    rows = lines(households)
    elsewhere = studying_elsewhere(county_code, {row[4] for row in rows if row[4] and row[0] not in LINKED})
    known_pinyin = _pinyin_known(county_code)
    for state, student, key, name, look, sex, born, township, code, village, level in rows:
        age = school_years_of_age(born, student_day)
        if age is None or not youngest <= age <= oldest or any(word in level for word in GONE_FROM_HOUSEHOLD):
            continue
        if (key, "") in found:
            continue
        linked = state in LINKED
        if linked:
            if student in seen:
                continue
            seen.add(student)
        pupil = by_key.get(student) if linked else None
        followed = {**cases.get(key, {}), **(cases.get(student, {}) if linked else {})}
        if counts_no_more(followed):
            continue
        what = state_of(
            Known(
                state, _status(pupil) if linked else None, _stage(pupil), _inclusion(pupil), look in elsewhere
            ),
            followed,
            linked=linked,
            deferred=linked and student in deferred,
        )
        home_code, home = place(township or "")
        spelled = (pupil.pinyin if pupil and pupil.name == name else None) or known_pinyin.get(name) or ""
        if not spelled:
            spelled = known_pinyin[name] = pinyin_key(name, person=True)
        found[key, ""] = _row(
            student if linked else "", name or "（无姓名）", spelled, _SEX.get(sex, sex or ""), born, age, code or home_code, home, village or "",
            True, what, pupil, followed,
        )  # fmt: skip
    for pupil in by_key.values():
        age = school_years_of_age(pupil.born, student_day)
        if (
            pupil.key in seen
            or pupil.status not in ("在读", "休学")
            or age is None
            or not youngest <= age <= oldest
        ):
            continue
        followed = cases.get(pupil.key, {})
        what = state_of(
            Known("", pupil.status, pupil.stage or "", pupil.inclusion or ""),
            followed,
            linked=True,
            deferred=False,
        )
        home_code, home = place(pupil.township or "")
        found["", pupil.key] = _row(
            pupil.key, pupil.name or "（无姓名）", pupil.pinyin or "", _SEX.get(pupil.sex or "", ""), pupil.born, age, home_code, home,
            pupil.village or "", False, what, pupil, followed,
        )  # fmt: skip
    return found


def _row(
    student: str,
    name: str,
    pinyin: str,
    sex: str,
    born: date | None,
    age: int,
    township_code: str,
    township: str,
    village: str,
    on_register: bool,
    state: str,
    pupil: Pupil | None,
    followed: Mapping[str, Followed],
) -> Row:
    here = pupil if pupil is not None and pupil.status in ("在读", "休学") else None
    case = next((followed[name] for name in ("dropout", "suspected", "children") if name in followed and followed[name].live), None)  # fmt: skip
    return (
        student, name[:60], pinyin[:200], sex[:8], born, age, township_code, township[:60], village[:60], on_register, state,
        (here.school_code or "") if here else "", (here.stage or "") if here else "", (here.grade or "") if here else "",
        here.class_number if here else None, (pupil.inclusion or "") if pupil else "", (pupil.disability or "") if pupil else "",
        case.case_id if case else None, case.state[:80] if case else "",
    )  # fmt: skip


def _status(pupil: Pupil | None) -> str | None:
    return None if pupil is None else pupil.status


def _stage(pupil: Pupil | None) -> str:
    return "" if pupil is None else pupil.stage or ""


def _inclusion(pupil: Pupil | None) -> str:
    return "" if pupil is None else pupil.inclusion or ""


def _pinyin_known(county_code: str) -> dict[str, str]:
    """Spellings worked out before; reading them is quicker than spelling anew."""
    rows = RollChild.objects.filter(county_code=county_code).exclude(pinyin="").values_list("name", "pinyin")
    return dict(registered.raw(rows))


def _write(
    county_code: str, wanted: Mapping[Key, Row], *, today: date, at: datetime, by: User | None
) -> RollRun:
    before: dict[Key, tuple[int, date, Row]] = {}
    names = ("id", "line_key", "since", *_FIELDS)
    for row in registered.raw(
        RollChild.objects.filter(county_code=county_code).order_by().values_list(*names)
    ):
        pk, line, since, *fields = row
        fields[4], fields[9] = day_of(fields[4]), bool(fields[9])
        key = (line, "") if line else ("", fields[0])
        before[key] = (pk, day_of(since) or today, tuple(fields))
    changed = [key for key, row in wanted.items() if key in before and before[key][2] != row]
    gone = [key for key in before if key not in wanted]
    _delete([before[key][0] for key in (*changed, *gone)])
    state = _FIELDS.index("state")
    made: list[Sequence[object]] = []
    for key in (*changed, *(key for key in wanted if key not in before)):
        row, old = wanted[key], before.get(key)
        since = old[1] if old is not None and old[2][state] == row[state] else today
        made.append(as_raw((county_code, key[0], since, *row)))
    insert(RollChild, ("county_code", "line_key", "since", *_FIELDS), made)
    came = len(made) - len(changed)
    return RollRun(
        county_code=county_code, day=today, at=at, by=by, children=len(wanted), came=came, left=len(gone), changed=len(changed)
    )  # fmt: skip


def _delete(ids: Iterable[int]) -> None:
    every = list(ids)
    for start in range(0, len(every), BATCH):
        RollChild.objects.filter(pk__in=every[start : start + BATCH])._raw_delete("default")


def _count(county_code: str, wanted: Mapping[Key, Row], today: date) -> None:
    town, state = _FIELDS.index("township_code"), _FIELDS.index("state")
    counts = Counter((row[town], row[state]) for row in wanted.values())
    RollDay.objects.filter(county_code=county_code, day=today).delete()
    RollDay.objects.bulk_create(
        RollDay(county_code=county_code, day=today, township_code=code, state=what, children=number)
        for (code, what), number in sorted(counts.items())
    )
