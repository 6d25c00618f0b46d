"""结果的写入: ask for an assessment, and store what was computed, whole or not at all."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime

from django.db import models, transaction

from bureau.log.actions import write as log
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.registry import queries as registered
from bureau.runs import compute as computing
from bureau.runs.models import (
    ClassFinding,
    CoefficientResult,
    CountyResult,
    IndicatorResult,
    ReliefState,
    Run,
    SchoolResult,
    SmallestChange,
    VarianceShare,
)
from junheng.policy import PackError, shipped
from junheng.tables import SHEETS


def packs() -> list[str]:
    """The standards that are assessed at each change of the registers."""
    return shipped()


def ask(*, county_code: str, day: date, pack: str, by: User | None, at: datetime) -> Run:
    """申请测算. One that is queued for the same county, day and pack already is enough."""
    with transaction.atomic():
        queued = Run.objects.filter(county_code=county_code, day=day, pack=pack, state="queued").first()
        if queued is not None:
            return queued
        run = Run.objects.create(county_code=county_code, day=day, pack=pack, asked_by=by, asked_at=at)
        log(
            by=by,
            verb=Verb.RUN,
            obj=("run", str(run.pk)),
            detail={"county": county_code, "day": day, "pack": pack},
            at=at,
        )
    return run


def compute(*, run_id: int, at: Callable[[], datetime]) -> Run | None:
    """测算一次: snapshot, measures, stored rows. None when somebody else is at it; FAILED carries a sentence."""
    if not Run.objects.filter(pk=run_id, state="queued").update(state="running", progress=0.1):
        return None
    run = Run.objects.get(pk=run_id)
    started = at()
    run.register_versions = registered.versions(run.county_code, list(SHEETS))
    try:
        done = computing.assess(run)
    except PackError as error:
        return _failed(run, "标准包有误：" + "；".join(error.problems))
    except Exception:
        _failed(run, "测算时出了意外，没有保存结果。请告诉系统管理员。")
        raise
    with transaction.atomic():
        _store(run, done)
        run.pack_version = done.assessment.version
        run.snapshot, run.snapshot_sha256 = done.snapshot, done.snapshot_sha256
        run.basics = [list(pair) for pair in done.assessment.basics.items()]
        run.oversized = [asdict(row) for row in done.assessment.oversized]
        run.note = "\n".join(problem.message for problem in done.assessment.problems[:50])
        run.state, run.progress, run.finished_at = Run.State.DONE, 1, at()
        run.seconds = (run.finished_at - started).total_seconds()
        run.save()
    return run


def _failed(run: Run, sentence: str) -> Run:
    run.state, run.note = Run.State.FAILED, sentence
    run.save()
    return run


def _store(run: Run, done: computing.Computed) -> None:
    townships = done.townships
    facts = {(fact.school_code, fact.stage): fact for fact in done.assessment.facts}
    schools = []
    for row in done.assessment.schools:
        fields = _fields(SchoolResult, asdict(row), run)
        fact = facts.get((row.school_code, row.stage))
        if fact is not None:
            fields["amounts"] = fact.amounts
            fields["fact"] = {"reliefs": list(fact.reliefs), "split": fact.split}
        schools.append(SchoolResult(**fields, township_code=townships.get(row.school_code, "")))
    SchoolResult.objects.bulk_create(schools, batch_size=500)
    IndicatorResult.objects.bulk_create(
        [
            IndicatorResult(
                **_fields(IndicatorResult, asdict(row), run), township_code=townships.get(row.school_code, "")
            )
            for row in done.assessment.indicators
        ],
        batch_size=500,
    )
    ClassFinding.objects.bulk_create(
        [
            ClassFinding(
                **_fields(ClassFinding, asdict(row), run), township_code=townships.get(row.school_code, "")
            )
            for row in done.assessment.classes
        ],
        batch_size=500,
    )
    CoefficientResult.objects.bulk_create(
        [CoefficientResult(**_fields(CoefficientResult, asdict(row), run)) for row in done.assessment.coefficients]
        + [
            CoefficientResult(
                run=run, stage=row.stage, code="", title="综合差异系数", cv=row.cv, limit=row.limit, verdict=row.verdict,
                schools=row.counted, students=0, unreported=row.expected - row.counted, clause=row.clause,
            )
            for row in done.assessment.composites
        ]
    )  # fmt: skip
    CountyResult.objects.bulk_create(
        [
            CountyResult(**_fields(CountyResult, asdict(row), run), position=position)
            for position, row in enumerate(done.assessment.county)
        ]
    )
    ReliefState.objects.bulk_create(
        [ReliefState(**_fields(ReliefState, asdict(row), run)) for row in done.assessment.reliefs]
    )
    VarianceShare.objects.bulk_create(
        [VarianceShare(**_fields(VarianceShare, asdict(row), run)) for row in done.sensitivity.shares],
        batch_size=500,
    )
    SmallestChange.objects.bulk_create(
        [SmallestChange(**_fields(SmallestChange, asdict(row), run)) for row in done.sensitivity.changes]
    )


def _fields(model: type[models.Model], row: dict[str, object], run: Run) -> dict[str, object]:
    """The fields of the model that the row carries; lengths are cut to what the column holds."""
    fields: dict[str, object] = {"run": run}
    for field in model._meta.concrete_fields:
        if field.name in row and field.name != "run":
            value = row[field.name]
            if isinstance(field, models.CharField) and isinstance(value, str) and field.max_length:
                value = value[: field.max_length]
            fields[field.name] = list(value) if isinstance(value, tuple) else value
    return fields
