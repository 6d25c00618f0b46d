"""合成适龄台账要读的: lines of the household registers, pupils, and dropout cases of one county."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bureau.care.roll_rules import Followed
from bureau.cases import packs
from bureau.cases.models import Case
from bureau.links.models import Link, OutsideRegister
from bureau.links.queries import lines_in_force
from bureau.links.states import LINKED
from bureau.registry import queries as registered
from junheng.policy.ledgers import LIVE

LEDGERS = ("children", "suspected", "dropout")
_PUPIL = (
    "key", "enrolment_status", "school_code", "stage", "grade", "class_number", "inclusion", "disability", "person_name", "pinyin", "sex",
    "birth_date", "home_township", "home_village",
)  # fmt: skip
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Pupil:
    """学籍的一行."""

    key: str
    status: str | None
    school_code: str | None
    stage: str | None
    grade: str | None
    class_number: int | None
    inclusion: str | None
    disability: str | None
    name: str | None
    pinyin: str | None
    sex: str | None
    born: date | None
    township: str | None
    village: str | None


def lines(households: Sequence[OutsideRegister]) -> list[Row]:
    rows = Link.objects.filter(lines_in_force(households)).values_list(
        "state", "student_key", "line__key", "line__name", "line__id_lookup", "line__sex", "line__birth_date", "line__township", "line__township_code",
        "line__village", "line__level",
    )  # fmt: skip
    # Two lines of one child: the one that is linked counts.
    found = [(*row[:6], day_of(row[6]), *row[7:]) for row in registered.raw(rows)]
    return sorted(found, key=lambda row: row[0] not in LINKED)


def pupils(county_code: str, day: date) -> dict[str, Pupil]:
    rows = registered.raw(registered.rows_on("students", day, county_code).values_list(*_PUPIL))
    return {row[0]: _pupil(row) for row in rows}


def day_of(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def followed_by(county_code: str) -> tuple[dict[str, dict[str, Followed]], set[str]]:
    """({subject key: {ledger: case}}, keys of children whose entry was put off by the expert committee)."""
    titles = {of.code: of for of in packs.ledgers(county_code) if of.code in LEDGERS}
    found: dict[str, dict[str, Followed]] = defaultdict(dict)
    rows = Case.objects.filter(county_code=county_code, ledger__in=LEDGERS).order_by("id")
    for ledger, key, pk, state, phase, fields in rows.values_list(
        "ledger", "subject_key", "id", "state", "phase", "fields"
    ):
        live = phase in LIVE
        before = found[key].get(ledger)
        if before is not None and before.live and not live:
            continue
        of = titles.get(ledger)
        words = (
            f"{of.title}：{of.state(state).title}"
            if of and state in {one.name for one in of.states}
            else ledger
        )
        said = str(fields.get("found", "")) if phase in ("claimed", "solved", "closed") else ""
        found[key][ledger] = Followed(ledger, pk, words, said, live)
    disabled = Case.objects.filter(
        county_code=county_code, ledger="disabled", phase__in=LIVE, fields__placement="暂缓入学"
    )
    return dict(found), set(disabled.values_list("subject_key", flat=True))


def _pupil(row: Row) -> Pupil:
    values = list(row)
    values[_PUPIL.index("birth_date")] = day_of(values[_PUPIL.index("birth_date")])
    return Pupil(*values)
