"""Measures taken from an assessment agree with the assessment, and 31 items are met exactly when the county passes them."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.engines import DuckDB, schema_of
from junheng.measures import Assessment, assess, catalogue, measure_value, measure_values
from junheng.policy import load
from junheng.tables import SHEETS
from oracle.county_rows import DAY, made_up

PACK = load("balanced-2017")
RULES = PACK.on(DAY)


@given(st.integers(0, 10**6))
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_results(seed: int) -> None:
    held = made_up(seed, 10)
    with DuckDB(threads=1) as engine:
        tables = {name: engine.from_rows(rows, schema_of(SHEETS[name])) for name, rows in held.items()}
        found = assess(tables, PACK, day=DAY, keep=engine.keep)

        def value(code: str, stage: str | None = None) -> float | None:
            return measure_value(code, tables, RULES, stage=stage, assessment=found).value

        for one in found.coefficients:
            mean, cv = value(f"{one.code}.mean", one.stage), value(f"{one.code}.cv", one.stage)
            assert (mean is None) == (one.mean is None)
            assert mean is None or one.mean is None or abs(mean - one.mean) < 1e-9 * max(1, one.mean)
            assert cv == one.cv
        for stage in ("小学", "初中"):
            verdicts = [
                s.verdict for s in found.schools if s.stage == stage and s.verdict in ("达标", "未达标")
            ]
            wanted = 100 * verdicts.count("达标") / len(verdicts) if verdicts else None
            assert value("school.met_share", stage) == wanted
        for measure in catalogue():
            if "line" in measure.how and measure.how["figure"] == 0:
                line = next(line for line in found.county if line.code == measure.how["line"])
                assert value(measure.code) == (line.figures[0].value if line.figures else None)
        shares = measure_values("R1.share", tables, RULES, by="school", assessment=found)
        of = {s.school_code for s in found.schools if s.in_scope}
        assert {one.area for one in shares} == of
        lines = [line for line in found.county if line.group in ("政府保障程度", "教育质量")]
        passed = (
            all(school.verdict in ("达标", "不适用") for school in found.schools)
            and all(one.verdict == "达标" for one in found.coefficients)
            and all(line.verdict in ("达标", "不适用") for line in lines)
        )
        assert (value("county.met_count") == 31) == (passed and bool(found.coefficients))


def passing() -> Assessment:
    """A made-up assessment in which everything is met but one indicator of a school that is 达标 as a whole."""
    with DuckDB(threads=1) as engine:
        held = made_up(1, 10)
        tables = {name: engine.from_rows(rows, schema_of(SHEETS[name])) for name, rows in held.items()}
        found = assess(tables, PACK, day=DAY, keep=engine.keep)
    schools = [replace(s, verdict="达标" if s.in_scope else "不适用") for s in found.schools]
    inside = {(s.school_code, s.stage) for s in schools if s.in_scope}
    indicators = [
        replace(i, verdict="达标" if (i.school_code, i.stage) in inside else "不适用")
        for i in found.indicators
    ]
    place = next(n for n, i in enumerate(indicators) if i.verdict == "达标")
    indicators[place] = replace(indicators[place], verdict="未达标")
    return replace(
        found,
        schools=schools,
        indicators=indicators,
        coefficients=[replace(c, verdict="达标") for c in found.coefficients],
        county=[replace(line, verdict="达标") for line in found.county],
    )


def test_31_items() -> None:
    whole = passing()

    def met(assessment: Assessment) -> float | None:
        return measure_value("county.met_count", {}, RULES, assessment=assessment).value

    assert met(whole) == 31
    missed = next(i for i in whole.indicators if i.verdict == "未达标")
    failed = [
        replace(s, verdict="未达标") if (s.school_code, s.stage) == (missed.school_code, missed.stage) else s
        for s in whole.schools
    ]
    assert met(replace(whole, schools=failed)) == 30
    uneven = [replace(c, verdict="未达标") if c.code in ("R1", "R2") else c for c in whole.coefficients]
    assert met(replace(whole, coefficients=uneven)) == 29
    blank = [replace(line, verdict="未报") if line.code in ("G1", "V1") else line for line in whole.county]
    value = measure_value("county.met_count", {}, RULES, assessment=replace(whole, county=blank))
    assert (value.value, value.unreported) == (30, 1)
