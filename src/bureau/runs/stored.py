"""存档结果 → 评估: a stored run back as the assessment it was, for the official forms and other documents."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

from django.db import models

from bureau.registry.models import CountyFigure
from bureau.registry.queries import on
from bureau.runs.models import (
    ClassFinding,
    CoefficientResult,
    CountyResult,
    IndicatorResult,
    ReliefState,
    Run,
    SchoolResult,
)
from junheng import measures

Line = TypeVar("Line")


def assessment(run: Run, county: str, *, school_code: str = "") -> measures.Assessment:
    """评估结果 of a finished run; only one school's own lines when its code is given. `county` is the name to print."""
    schools = SchoolResult.objects.filter(run=run).order_by("township_code", "school_code", "stage")
    indicators = IndicatorResult.objects.filter(run=run).order_by("school_code", "stage", "code")
    if school_code:
        schools, indicators = (
            schools.filter(school_code=school_code),
            indicators.filter(school_code=school_code),
        )
    spread = CoefficientResult.objects.filter(run=run).order_by("stage", "code")
    return measures.Assessment(
        pack=run.pack,
        version=run.pack_version,
        day=run.day,
        schools=_lines(measures.SchoolResult, schools, county),
        indicators=_lines(measures.IndicatorResult, indicators, county),
        coefficients=_lines(measures.CoefficientResult, (row for row in spread if row.code), county),
        composites=[_composite(row, county) for row in spread if not row.code],
        county=[
            _county_line(row, county) for row in CountyResult.objects.filter(run=run).order_by("position")
        ],
        classes=_lines(
            measures.ClassFinding,
            ClassFinding.objects.filter(run=run, **({"school_code": school_code} if school_code else {})),
            county,
        ),
        reliefs=_lines(measures.ReliefState, ReliefState.objects.filter(run=run), county),
        basics=dict(run.basics),
        oversized=[measures.FailingRow(**row) for row in run.oversized],
    )


def county_items(run: Run) -> dict[str, float | None]:
    """{item: figure} of 县级数据 on the day of the run."""
    rows = CountyFigure.objects.filter(on(run.day), county_code=run.county_code)
    return dict(rows.values_list("item", "figure"))


def _lines(line: type[Line], rows: Iterable[models.Model], county: str) -> list[Line]:
    names = [field.name for field in fields(line)]  # type: ignore[arg-type]
    return [line(**{name: _value(row, name, county) for name in names}) for row in rows]


def _value(row: models.Model, name: str, county: str) -> Any:
    if name == "county":
        return county
    value = getattr(row, name)
    return tuple(value) if isinstance(value, list) else value


def _composite(row: CoefficientResult, county: str) -> measures.CompositeResult:
    """The composite keeps in `schools` how many single coefficients it counts."""
    return measures.CompositeResult(
        county=county,
        stage=row.stage,
        cv=row.cv,
        limit=row.limit,
        verdict=row.verdict,  # type: ignore[arg-type]
        counted=row.schools,
        expected=row.schools + row.unreported,
        clause=row.clause,
    )


def _county_line(row: CountyResult, county: str) -> measures.CountyResult:
    return measures.CountyResult(
        county=county,
        code=row.code,
        title=row.title,
        group=row.group,
        kind=row.kind,  # type: ignore[arg-type]
        value=row.value,
        unit=row.unit,
        numerator=row.numerator,
        denominator=row.denominator,
        threshold=row.threshold,
        verdict=row.verdict,  # type: ignore[arg-type]
        text=row.text,
        clause=row.clause,
        figures=tuple(measures.Figure(**figure) for figure in row.figures),
        failing=tuple(measures.FailingRow(**failing) for failing in row.failing),
        missing=tuple(row.missing),
    )
