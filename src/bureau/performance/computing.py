"""取数: what the stored results and the duties say of one unit for one criterion, with its numerator and denominator."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bureau.people.models import Organisation
from bureau.performance.models import Criterion, Scheme
from bureau.plans.duty_models import Duty
from bureau.plans.models import Plan
from bureau.registry.models import School
from bureau.runs.models import MeasureResult, Run
from bureau.runs.queries import newest_run

_NO_ROW = {
    "township": "测算结果里没有本乡镇的数，请核对登记册里有没有它的学校",
    "county": "测算结果里没有全县的数，请核对登记册是否齐全",
}


@dataclass(frozen=True, slots=True)
class Raw:
    """原始数值: `value` None with `missing` saying why; `exempt` when there is nothing to be judged by."""

    value: float | None = None
    unit: str = ""
    numerator: float | None = None
    denominator: float | None = None
    run: Run | None = None
    detail: str = ""
    missing: str = ""
    exempt: bool = False


@dataclass
class Facts:
    """数据 behind a scheme on a day: the newest results up to its end, each row fetched once."""

    scheme: Scheme
    today: date
    criteria: Sequence[Criterion] = ()  # those of the scheme, or what its editor would make of them
    run: Run | None = None
    rows: dict[tuple[str, str, str, str, str], MeasureResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run = newest_run(self.scheme.county_code, on=self.scheme.ends)
        criteria = self.criteria or self.scheme.criteria.all()
        codes = [one.measure for one in criteria if one.source == Criterion.Source.MEASURE]
        if self.run is not None:
            for row in MeasureResult.objects.filter(run=self.run, code__in=codes):
                self.rows[row.code, row.stage, row.subset, row.level, row.area_code] = row

    def raw(self, criterion: Criterion, unit: Organisation) -> Raw:
        """The figure of a computed criterion."""
        if criterion.source == Criterion.Source.DUTIES:
            return self._duties(unit)
        if self.run is None:
            return Raw(missing=f"{self.scheme.ends:%Y-%m-%d}以前没有测算结果")
        if criterion.scope == "unit" and unit.kind == Organisation.Kind.SCHOOL:
            return self._school(criterion, unit)
        level, area = "county", ""
        if criterion.scope == "unit":
            if unit.area is None:
                return Raw(run=self.run, missing="责任单位里没有登记它的乡镇代码，取不到本单位的数")
            level, area = "township", unit.area.code
        found = self.rows.get((criterion.measure, criterion.stage, criterion.subset, level, area))
        if found is None:
            return Raw(run=self.run, missing=_NO_ROW[level])
        if found.value is None:
            return Raw(run=self.run, unit=found.unit, missing="；".join(found.missing) or "测算结果没有值")
        return Raw(found.value, found.unit, found.numerator, found.denominator, self.run, found.rows)

    def _school(self, criterion: Criterion, unit: Organisation) -> Raw:
        codes = set(
            School.objects.filter(
                county_code=self.scheme.county_code, school_name=unit.name, replaced_by=None
            ).values_list("school_code", flat=True)
        )
        if len(codes) != 1:
            return Raw(run=self.run, missing="学校登记册里没有同名的学校，或不止一所，请核对单位名称")
        county = self.rows.get((criterion.measure, criterion.stage, criterion.subset, "county", ""))
        code = codes.pop()
        row = next((one for one in county.schools if one[0] == code), None) if county else None
        if county is None or row is None or row[2] is None:
            return Raw(run=self.run, missing="测算结果里没有这所学校的数")
        return Raw(row[2], county.unit, row[3], row[4], self.run, county.rows)

    def _duties(self, unit: Organisation) -> Raw:
        """按时完成: of the duties the unit leads that fell due in the period, those closed and reported done by their day.

        The day of the unit's report counts, not that of the check, on which it has no influence.
        """
        until = min(self.scheme.ends, self.today)
        due = Duty.objects.filter(
            task__plan__county_code=self.scheme.county_code,
            task__plan__state__in=(Plan.State.PUBLISHED, Plan.State.REPLACED),
            task__leads=unit,
            due__range=(self.scheme.starts, until),
        ).exclude(state=Duty.State.DROPPED)
        every = list(due.distinct().values_list("state", "due", "claimed_at"))
        span = f"{self.scheme.starts:%Y-%m-%d}至{until:%Y-%m-%d}"
        if not every:
            return Raw(exempt=True, unit="%", detail=f"{span}没有到期的牵头任务")
        in_time = sum(
            state == Duty.State.CLOSED and claimed is not None and day is not None and claimed.date() <= day
            for state, day, claimed in every
        )
        detail = f"{span}到期的牵头任务 {len(every)} 项，按时报完成并已复核销号 {in_time} 项"
        return Raw(100 * in_time / len(every), "%", float(in_time), float(len(every)), None, detail)
