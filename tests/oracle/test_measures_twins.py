"""Every fast answer has a slow twin: numpy, DuckDB tables and plain fractions agree."""

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.engines import DuckDB, schema_of
from junheng.measures import (
    FactRow,
    coefficients,
    judged,
    judged_facts,
    registers,
    school_facts,
    sensitivity,
)
from junheng.measures.fact_table import fact_rows, flat_facts, numerators
from junheng.measures.rows import rows
from junheng.policy import load, parse
from junheng.tables import FACTS, SHEETS
from oracle import plain_measures as plain
from oracle.county_rows import DAY, made_up, made_up_facts

PACK = load("balanced-2017")
RULES = PACK.on(DAY)
SEEDS = st.integers(0, 10**6)


def close(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is right
    return left == pytest.approx(right, rel=1e-9, abs=1e-9)


@given(SEEDS)
@settings(max_examples=60)
def test_the_exact_path_agrees_with_fractions(seed: int) -> None:
    facts = made_up_facts(seed)
    found = judged_facts(facts, PACK, DAY)
    indicators = {(i.school, i.code): i for i in found.indicators}
    for fact, school in zip(facts, found.schools, strict=True):
        assert school.verdict == plain.school_verdict(fact, RULES)
        for r in PACK.resources:
            wanted, got = plain.indicator(fact, r, RULES), indicators[fact.school, r.code]
            assert close(got.value, wanted["value"])
            if fact.in_scope:
                words = {None: "未报", True: "达标", False: "未达标"}
                assert got.verdict == words[wanted["met"]]
                assert close(got.gap, wanted["gap"])
    _compare_coefficients(facts, {(c.county, c.stage, c.code): asdict(c) for c in found.coefficients})


def _compare_coefficients(facts: list[FactRow], found: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    for (county, stage, code), got in found.items():
        group = [f for f in facts if f.county == county and f.stage == stage]
        wanted = plain.coefficient(group, PACK.resource(code))
        assert close(got["mean"], wanted["mean"])
        assert close(got["cv"], wanted["cv"])
        for name in ("schools", "students", "unreported"):
            assert got[name] == wanted[name]
        if wanted["square"] is not None and "limit" in got:
            within = wanted["square"] <= plain.fraction(got["limit"]) ** 2
            assert got["verdict"] == ("达标" if within else "未达标")


@given(SEEDS)
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
def test_tables_on_duckdb_agree_with_the_exact_path(seed: int) -> None:
    facts = made_up_facts(seed)
    exact = judged_facts(facts, PACK, DAY)
    indicators = {(i.school, i.code): i for i in exact.indicators}
    verdicts = {s.school: s for s in exact.schools}
    with DuckDB() as engine:
        table = engine.from_rows(
            [asdict(fact) | fact.amounts for fact in facts], schema_of(FACTS) | {"in_scope": "flag"}
        )
        flat = flat_facts(table, PACK)
        for row in rows(judged(flat, RULES)):
            school = verdicts[row["school"]]
            assert row["verdict"] == school.verdict
            if school.in_scope:
                assert (row["passes"], row["unreported"]) == (school.passes, school.unreported)
            for r in PACK.resources:
                got = indicators[row["school"], r.code]
                assert close(row[r.code], got.value)
                if got.verdict in ("达标", "未达标"):
                    assert row[f"{r.code}_met"] == (got.verdict == "达标")
                    assert close(row[f"{r.code}_gap"], got.gap)
        spread = {(row["county"], row["stage"]): row for row in rows(coefficients(flat, RULES))}
        for single in exact.coefficients:
            row = spread[single.county, single.stage]
            assert close(row[f"{single.code}_mean"], single.mean)
            assert close(row[f"{single.code}_deviation"], single.deviation)
            assert row[f"{single.code}_schools"] == single.schools


@given(SEEDS)
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
def test_facts_from_registers_agree_with_counting_by_hand(seed: int) -> None:
    held = made_up(seed)
    wanted = plain.stage_facts(held, RULES)
    with DuckDB() as engine:
        tables = {
            name: engine.from_rows(given_rows, schema_of(SHEETS[name])) for name, given_rows in held.items()
        }
        found = fact_rows(rows(school_facts(registers(tables), RULES)), PACK)
    assert {(f.school_code, f.stage) for f in found} == set(wanted)
    for fact in found:
        twin = wanted[fact.school_code, fact.stage]
        assert fact.students == twin["students"]
        for name in numerators(PACK):
            assert close(fact.amounts[name], twin[name]), (fact.school, fact.stage, name)


@given(SEEDS)
@settings(max_examples=20)
def test_the_smallest_change_really_mends_and_is_the_smallest(seed: int) -> None:
    facts = [
        f for f in made_up_facts(seed, 12) if f.in_scope and f.students and all(v for v in f.amounts.values())
    ] + made_up_facts(seed + 1, 6)
    found = sensitivity(facts, PACK, day=DAY)
    for change in found.changes:
        assert change.cv_before > change.limit >= change.cv_after - 1e-9
        resource = PACK.resource(change.code)
        group = [f for f in facts if f.county == change.county and f.stage == change.stage and f.in_scope]
        smaller = change.amount - (1 if change.amount > 0 else -1) * (1 if resource.whole else 0.01)
        if smaller * change.amount > 0:
            for fact in group:
                assert _cv_after(group, fact, smaller, resource) > change.limit * (1 - 1e-12)


def _cv_after(group: list[FactRow], chosen: FactRow, delta: float, resource: Any) -> float:
    changed = []
    for fact in group:
        amount = fact.amounts[resource.numerator]
        if fact is chosen and amount is not None:
            if amount + delta < 0:
                return float("inf")
            fact = FactRow(
                fact.county, "", fact.school, fact.stage, fact.students, {resource.numerator: amount + delta}
            )
        changed.append(fact)
    cv: float | None = plain.coefficient(changed, resource)["cv"]
    return float("inf") if cv is None else cv


def test_rounding_before_testing_is_the_same_on_tables() -> None:
    text = """
kind: standard
id: rounded
title: 先取整
extends: balanced-2017
responsible: 李四
entered_by: 李四
documents: [{key: 约定, title: 县约定}]
standards:
  rounding.test: {value: rounded, document: 约定, item: 一, status: assumed}
"""
    rounded = parse(text)
    facts = made_up_facts(4, 60)
    with DuckDB() as engine:
        given_rows = [asdict(fact) | fact.amounts for fact in facts]
        flat = flat_facts(engine.from_rows(given_rows, schema_of(FACTS) | {"in_scope": "flag"}), rounded)
        tables = {row["school"]: row["verdict"] for row in rows(judged(flat, rounded.on(DAY)))}
    assert tables == {s.school: s.verdict for s in judged_facts(facts, rounded, DAY).schools}
