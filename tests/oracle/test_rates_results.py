"""Measures taken from an assessment agree with the assessment, and 31 items are met exactly when the county passes them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.engines import DuckDB, schema_of
from junheng.measures import assess, catalogue, measure_value, measure_values
from junheng.policy import load
from junheng.tables import SHEETS
from oracle.county_rows import DAY, made_up

PACK = load("balanced-2017")
RULES = PACK.on(DAY)


@given(st.integers(0, 10**6))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
