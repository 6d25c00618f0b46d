"""Plan measures over DuckDB tables agree with plain counting, for the county, a scope, townships and schools."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.engines import DuckDB, schema_of
from junheng.measures import Measure, Scope, Value, catalogue, measure_value, measure_values
from junheng.measures.rates_together import measure_together
from junheng.measures.rows import Keep
from junheng.policy import load
from junheng.tables import SHEETS
from junheng.tables.model import Kind
from oracle import plain_rates as plain
from oracle.rates_rows import DAY, County, Rows, county, followed

RULES = load("balanced-2017").on(DAY)
SEEDS = st.integers(0, 10**6)
POPULATION: dict[str, Kind] = {
    "age": "integer",
    "township": "text",
    "studying": "text",
    "disability": "text",
    "people": "integer",
}
SLOW = [HealthCheck.too_slow]


@contextmanager
def loaded(held: County) -> Iterator[tuple[dict[str, Any], dict[Any, dict[str, Any]], Keep]]:
    with DuckDB(threads=1) as engine:

        def table(name: str, rows: Rows) -> Any:
            return engine.from_rows(rows, {"key": "text", **schema_of(SHEETS[name])})

        tables = {name: table(name, rows) for name, rows in held.today.items()}
        tables["population"] = engine.from_rows(held.population, POPULATION)
        earlier = {day: {"students": table("students", rows)} for day, rows in held.earlier.items()}
        yield tables, earlier, engine.keep


def agrees(found: Value, wanted: plain.Triple | str) -> None:
    label = f"{found.code} {found.stage} {found.scope} {found.area}"
    if isinstance(wanted, str):
        assert found.value is None, label
        assert found.missing, label
        return
    top, of, blank = wanted
    assert found.unreported == blank, label
    assert (found.numerator is None) == (top is None), label
    assert found.numerator is None or Fraction(found.numerator) == top, label
    if top is None or (catalogue()[found.code].unit not in ("人", "所", "个") and not of):
        assert found.value is None, label
        assert found.missing, label
    elif of is None:
        assert found.value == pytest.approx(float(top)), label
    else:
        assert Fraction(found.denominator or 0) == of, label
        factor = 100 if found.unit in ("%", "台/百生") else 1
        assert found.value == pytest.approx(float(top / of * factor)), label


def some_scope(chance: random.Random) -> Scope:
    return chance.choice(
        [
            Scope(),
            Scope(),
            Scope(locales=("城区",)),
            Scope(locales=("镇区", "乡村"), organizers=("公办",)),
            Scope(organizers=("民办",)),
            Scope(township="甲镇"),
            Scope(school_code="2164000003"),
        ]
    )


def counted() -> list[Measure]:
    """The measures that are counted from the registers of one day."""
    return [
        measure
        for measure in catalogue()
        if measure.source == "registers"
        and not str(measure.how["by"]).startswith(("retention", "dropout", "gross"))
    ]


@given(SEEDS)
@settings(max_examples=12, suppress_health_check=SLOW)
def test_measures_of_registers(seed: int) -> None:
    held, chance = county(seed), random.Random(seed)
    chosen = chance.sample(counted(), 10)
    wanted = [(measure.code, chance.choice(measure.stages), some_scope(chance)) for measure in chosen]
    with loaded(held) as (tables, _, keep):
        for (code, stage, scope), found in zip(
            wanted, measure_together(wanted, tables, RULES, keep=keep), strict=True
        ):
            agrees(found.value, plain.answer(code, held, stage, scope))
            if scope == Scope():
                for one in found.schools:
                    agrees(one, plain.answer(code, held, stage, Scope(school_code=one.area)))
                for one in found.townships:
                    if one.area in ("甲镇", "乙镇"):
                        agrees(one, plain.answer(code, held, stage, Scope(township=one.area)))
        code, stage, scope = wanted[0]
        together = next(measure_together(wanted[:1], tables, RULES, keep=keep))
        assert measure_value(code, tables, RULES, stage=stage, scope=scope) == together.value
        assert (
            measure_values(code, tables, RULES, by="township", stage=stage, scope=scope) == together.townships
        )


@given(SEEDS)
@settings(max_examples=12, suppress_health_check=SLOW)
def test_pupils_followed_over_years(seed: int) -> None:
    held = followed(seed)
    with loaded(held) as (tables, history, _):
        for code in ("retention.adjusted", "retention.unadjusted", "dropout.rate"):
            for stage in catalogue()[code].stages:
                found = measure_value(code, tables, RULES, stage=stage, history=history)
                agrees(found, plain.answer(code, held, stage, Scope()))
        for one in measure_values("retention.adjusted", tables, RULES, by="school", history=history):
            agrees(one, plain.answer("retention.adjusted", held, "初中", Scope(school_code=one.area)))


@given(SEEDS)
@settings(max_examples=8, suppress_health_check=SLOW)
def test_gross_enrolment(seed: int) -> None:
    held = county(seed)
    with loaded(held) as (tables, _, keep):
        stages = [("enrolment.gross", stage, Scope()) for stage in catalogue()["enrolment.gross"].stages]
        for (_, stage, _), everywhere in zip(
            stages, measure_together(stages, tables, RULES, keep=keep), strict=True
        ):
            found = everywhere.value
            inside = plain.expand(stage)
            ages = {age for one in inside for age in plain.AGES[one]}
            people = sum(row["people"] or 1 for row in held.population if row["age"] in ages)
            counts = [plain.pupils_of(held, s["school_code"], inside) for s in held.today["schools"]]
            known = [n for n in counts if n is not None and n != -1]
            if people and any(n != -1 for n in counts):
                assert found.value == pytest.approx(100 * sum(known) / people)
                assert found.unreported == sum(n is None for n in counts)
                for one in everywhere.townships:
                    if one.area in ("甲镇", "乙镇"):
                        living, there = plain.living_and_people(held, one.area, inside, ages)
                        agrees(one, (Fraction(living), Fraction(there), 0))
                assert sum(one.numerator or 0 for one in everywhere.townships) == sum(known)
                assert sum(one.denominator or 0 for one in everywhere.townships) == people
            else:
                assert found.value is None
                assert found.missing
