"""某日指标: asked for by a person or each night, counted by the worker, read by the page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.runs.day_models import DayMeasures
from bureau.runs.measured import Counted, Population, everywhere
from bureau.runs.models import Run
from bureau.runs.queries import newest_run, school_year
from junheng.measures import Value, catalogue

CODES = (
    "enrolment.net", "enrolment.gross", "disabled.three_kinds", "disabled.all_kinds", "retention.adjusted", "retention.unadjusted",
    "dropout.standing", "dropout.rate", "dropout.returned", "care.coverage", "safety.coverage",
)  # fmt: skip
EARLIEST = date(2000, 1, 1)
UNDER_WAY = 600  # seconds after which a count that never ended may be asked for again


@dataclass(frozen=True, slots=True)
class Area:
    """一处的数: a township or a school; `code` is the township's name or the school's code."""

    code: str
    name: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unreported: int


@dataclass(frozen=True, slots=True)
class Line:
    """一项指标在某一学段的数, of the whole county, with its townships and schools."""

    code: str
    stage: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unreported: int
    unreported_unit: str
    rows: str
    note: str
    missing: tuple[str, ...]
    townships: tuple[Area, ...]
    schools: tuple[Area, ...]


def why_not_count(day: date, *, today: date) -> str | None:
    """为什么不能算这一天."""
    if day > today:
        return "还没有到这一天，请选择今天或以前的日期"
    return None if day >= EARLIEST else "日期太早，请核对年份"


def ask(
    *, county_code: str, day: date, by: User | None, at: datetime, today: date, address: str = ""
) -> DayMeasures:
    """申请计算某日指标; one under way is the same. Raises Refused."""
    refusal = why_not_count(day, today=today)
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        row = DayMeasures.objects.select_for_update().filter(county_code=county_code, day=day).first()
        if row is not None and going_on(row, at):
            return row
        row = row or DayMeasures(county_code=county_code, day=day)
        row.asked_by, row.asked_at, row.made_at, row.note = by, at, None, ""
        row.save()
        detail = {"county": county_code, "day": day}
        write(by=by, verb=Verb.RUN, obj=("day_measures", str(row.pk)), detail=detail, at=at, address=address)
    return row


def going_on(row: DayMeasures, at: datetime) -> bool:
    """Whether the worker is still at it."""
    return row.made_at is None and (at - row.asked_at).total_seconds() < UNDER_WAY


def count(
    *,
    pk: int,
    population: Callable[[Run, date, date], Population | None],
    ledgers: Callable[[str, date], Counted],
    at: datetime,
) -> None:
    """计算: fills the row, or says in `note` why it could not. `population` is told the day of the registers and that of the ledgers."""
    row = DayMeasures.objects.get(pk=pk)
    run = newest_run(row.county_code, on=row.day)
    values: list[dict[str, object]] = []
    if run is None:
        row.note = "这一天以前没有测算过的登记表，请先导入学校、学生登记表"
    else:
        # In a later school year than the registers nobody knows where the children study now: the comparison stays at their day.
        same = school_year(run.day) == school_year(row.day)
        row.population_day = row.day if same else run.day
        known = population(run, row.population_day, row.day)
        counted = ledgers(row.county_code, row.day)
        found = everywhere(run, wanted(), known, counted)
        if found is None:
            row.note = f"{run.day}那次测算的数据快照已不在，请重新测算那一天"
        else:
            values = [_kept(one.value, one.townships, one.schools) for one in found]
    row.run, row.values, row.made_at = run, values, at
    row.save()


def wanted() -> list[tuple[str, str]]:
    """(measure, stage) of every line, in the order of the page."""
    return [(code, stage) for code in CODES for stage in catalogue()[code].stages]


def _kept(value: Value, townships: Iterable[Value], schools: Iterable[Value]) -> dict[str, object]:
    return {
        "code": value.code,
        "stage": value.stage,
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "unreported": value.unreported,
        "unreported_unit": value.unreported_unit,
        "rows": value.rows,
        "note": value.note,
        "missing": list(value.missing),
        "townships": [_area(one) for one in townships],
        "schools": [_area(one) for one in schools],
    }


def _area(one: Value) -> list[object]:
    return [one.area, one.area_name, one.value, one.numerator, one.denominator, one.unreported]


def is_counted(row: DayMeasures | None) -> bool:
    """Whether the day's figures stand: counted, and nothing was in the way."""
    return row is not None and row.made_at is not None and not row.note


def _counted(county_code: str) -> QuerySet[DayMeasures]:
    rows = DayMeasures.objects.filter(county_code=county_code, made_at__isnull=False, note="")
    return rows.order_by("-day")


def lines(row: DayMeasures) -> list[Line]:
    """The measures of a counted day."""
    return [
        Line(
            **{
                **one,
                "missing": tuple(one["missing"]),
                "townships": tuple(Area(*part) for part in one["townships"]),
                "schools": tuple(Area(*part) for part in one["schools"]),
            }
        )
        for one in row.values
    ]


def of_day(county_code: str, day: date) -> DayMeasures | None:
    """某日的数, if it was ever asked for."""
    return DayMeasures.objects.filter(county_code=county_code, day=day).select_related("run").first()


def counted_days(county_code: str, most: int = 24) -> list[date]:
    """已经算过的日子, the newest first."""
    return list(_counted(county_code).values_list("day", flat=True)[:most])


def trend(county_code: str, code: str, stage: str, most: int = 12) -> list[tuple[date, float | None]]:
    """一项指标在算过的各日, the newest first."""
    found = []
    for day, values in _counted(county_code).values_list("day", "values")[:most]:
        match = [one["value"] for one in values if (one["code"], one["stage"]) == (code, stage)]
        found.append((day, match[0] if match else None))
    return found


def is_stale(row: DayMeasures) -> bool:
    """Whether the registers have been assessed anew since the day was counted."""
    run = newest_run(row.county_code, on=row.day)
    return row.made_at is not None and run is not None and run.pk != row.run_id
