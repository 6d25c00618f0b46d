"""What cannot be told is said in a sentence: no register, no history, no assessment, a reported series, a wrong stage or scope."""

from datetime import date
from typing import Any

import pytest

from junheng.engines import DuckDB, schema_of
from junheng.measures import (
    Milestone,
    Reading,
    Scope,
    TargetLine,
    Value,
    catalogue,
    claim_difference,
    earlier_days,
    measure_value,
    measure_values,
    progress,
)
from junheng.measures.rates import COMPUTED
from junheng.policy import load
from junheng.tables import SHEETS

DAY = date(2025, 10, 8)
RULES = load("balanced-2017").on(DAY)


def table(engine: DuckDB, name: str, rows: list[dict[str, Any]]) -> Any:
    return engine.from_rows(rows, schema_of(SHEETS[name]))


def says(value: Value, *parts: str) -> None:
    assert value.value is None
    sentence = "；".join(value.missing)
    assert all(part in sentence for part in parts), sentence


def test_without_any_table_every_measure_says_why() -> None:
    for measure in catalogue():
        for stage in measure.stages:
            value = measure_value(measure.code, {}, RULES, stage=stage)
            assert value.value is None, measure.code
            assert value.missing, measure.code
            assert not any(sentence.isascii() for sentence in value.missing)
            assert measure_values(measure.code, {}, RULES, by="school", stage=stage) == []


def test_with_empty_registers_every_measure_says_why_or_counts_none() -> None:
    with DuckDB(threads=1) as engine:
        tables = {name: table(engine, name, []) for name in SHEETS}
        for measure in catalogue():
            value = measure_value(measure.code, tables, RULES)
            assert value.value is None, measure.code
            assert value.missing, measure.code


def test_every_computation_of_the_catalogue_exists_and_none_is_idle() -> None:
    named = {
        str(measure.how.get("by") or measure.how.get("result") or "county_line")
        for measure in catalogue()
        if measure.source != "reported"
    }
    assert named == set(COMPUTED)


def test_a_reported_series_says_what_to_hand_in() -> None:
    says(measure_value("network.coverage", {}, RULES), "登记表中没有网络接入", "验收材料")


def test_retention_names_the_school_year_it_needs() -> None:
    with DuckDB(threads=1) as engine:
        students = engine.from_rows(
            [{"key": "a", "school_code": "1", "stage": "初中", "grade": "9", "enrolment_status": "在读"}],
            {"key": "text", **schema_of(SHEETS["students"])},
        )
        says(measure_value("retention.adjusted", {"students": students}, RULES), "2023—2024学年")
        plain = table(engine, "students", [{"school_code": "1"}])
        history = {date(2023, 10, 8): {"students": plain}}
        found = measure_value("retention.adjusted", {"students": students}, RULES, history=history)
        says(found, "没有行标识")
    assert earlier_days("retention.adjusted", None, DAY) == (date(2023, 10, 8), date(2024, 10, 8))
    assert earlier_days("retention.adjusted", "小学", DAY)[0] == date(2020, 10, 8)
    assert earlier_days("dropout.rate", None, date(2024, 2, 29)) == (date(2023, 2, 28),)
    assert earlier_days("class.large_share", None, DAY) == ()


def test_a_blank_township_and_an_unknown_school_are_not_lost() -> None:
    with DuckDB(threads=1) as engine:
        schools = table(
            engine, "schools", [{"school_code": "1", "school_name": "一小", "school_kind": "211"}]
        )
        classes = table(
            engine,
            "classes",
            [
                {"school_code": code, "stage": "小学", "grade": "1", "class_number": 1, "class_students": 60}
                for code in ("1", "2")
            ],
        )
        tables = {"schools": schools, "classes": classes}
        assert measure_value("class.large_count", tables, RULES).value == 2
        townships = measure_values("class.large_count", tables, RULES, by="township")
        assert [(one.area, one.value) for one in townships] == [("（乡镇未登记）", 2)]
        names = [one.area_name for one in measure_values("class.large_count", tables, RULES, by="school")]
        assert names == ["一小", "2"]
        inside = Scope(locales=("城区",))
        assert measure_value("class.large_count", tables, RULES, scope=inside).value is None


def test_scopes_that_a_measure_cannot_have() -> None:
    with DuckDB(threads=1) as engine:
        population = engine.from_rows(
            [{"age": age, "studying": "小学" if age < 12 else "初中"} for age in range(6, 15)],
            {"age": "integer", "studying": "text"},
        )
        tables = {"population": population}
        assert measure_value("enrolment.net", tables, RULES).value == 100
        says(
            measure_value("enrolment.net", tables, RULES, scope=Scope(locales=("城区",))), "请改为全县或乡镇"
        )
        says(measure_value("enrolment.gross", tables, RULES, stage="小学"), "登记表，请先导入")
        pupil = {"school_code": "2164000001", "stage": "小学", "grade": "1", "enrolment_status": "在读"}
        tables["students"] = table(engine, "students", [pupil])
        assert measure_value("enrolment.gross", tables, RULES, stage="小学").numerator == 1
        homeless, town = "没有填写现住乡镇", Scope(township="甲镇")
        says(measure_value("enrolment.gross", tables, RULES, stage="小学", scope=town), homeless)
        whole, part = "请改为全县或乡镇", Scope(organizers=("公办",))
        says(measure_value("enrolment.gross", tables, RULES, stage="小学", scope=part), whole)
        says(
            measure_value("enrolment.net", tables, RULES, stage="高中阶段"),
            "只有6—14周岁，15、16、17周岁的没有或没有收全",
        )


def test_a_stage_that_a_measure_has_not_and_an_unknown_code() -> None:
    with pytest.raises(ValueError, match=r"没有学段“小学”，可用：初中"):
        measure_value("promotion.junior", {}, RULES, stage="小学")
    with pytest.raises(KeyError):
        measure_value("no.such", {}, RULES)


def test_a_pack_without_the_standard_answers_with_its_sentence() -> None:
    with DuckDB(threads=1) as engine:
        row = {"school_code": "1", "stage": "小学", "grade": "1", "class_number": 1, "class_students": 60}
        tables = {"classes": table(engine, "classes", [row])}
        old = load("basic-2012").on(DAY)
        says(measure_value("class.large_share", tables, old), "basic-2012", "class.bands")


def test_a_target_line_that_contradicts_itself_is_refused() -> None:
    due = date(2027, 1, 1)
    with pytest.raises(ValueError, match="上限"):
        TargetLine("between", 5, due, value2=3)
    with pytest.raises(ValueError, match="基期应早于"):
        TargetLine("ge", 5, due, baseline=Reading(due, 1))
    with pytest.raises(ValueError, match="比较方式"):
        TargetLine("more", 5, due)  # type: ignore[arg-type]


def test_blanks_forbid_met_only_where_they_could_spoil_it() -> None:
    none = TargetLine("le", 0, date(2026, 1, 1), unit="个")
    blank = [Reading(date(2025, 9, 1), 0, unreported=2)]
    found = progress(none, blank, day=DAY)
    assert found.verdict == "按进度"
    assert "2项未报，不能认定达到" in found.sentence
    assert progress(TargetLine("ge", 0, date(2026, 1, 1)), blank, day=DAY).verdict == "达到"


def test_without_a_due_day_only_the_gain_counts() -> None:
    target = TargetLine("ge", 95, None)
    first = Reading(date(2024, 9, 1), 90)
    assert progress(target, [first], day=date(2024, 9, 2)).verdict == "无数据"
    better = progress(target, [first, Reading(date(2025, 9, 1), 92)], day=DAY)
    assert (better.verdict, better.forecast, better.needed_per_month) == ("按进度", None, None)
    assert progress(target, [first, Reading(date(2025, 9, 1), 89)], day=DAY).verdict == "落后"


def test_a_share_is_not_forecast_beyond_what_is_possible() -> None:
    readings = [Reading(date(2025, month, 1), value) for month, value in ((1, 90), (4, 96), (7, 99))]
    ahead = progress(TargetLine("ge", 99.5, date(2026, 7, 1)), readings, day=DAY).forecast
    assert ahead is not None
    assert (ahead.value, ahead.high) == (100, 100)
    assert "截断" in ahead.sentence
    open_end = progress(TargetLine("ge", 99.5, date(2026, 7, 1), over_100=True), readings, day=DAY).forecast
    assert open_end is not None
    assert open_end.value > 100


def test_a_claim_beside_what_is_computed() -> None:
    with DuckDB(threads=1) as engine:
        row = {"school_code": "1", "stage": "小学", "grade": "1", "class_number": 1}
        rows = [
            row | {"grade": str(n), "class_students": size}
            for n, size in ((1, 60), (2, 40), (3, 40), (4, None))
        ]
        value = measure_value("class.large_share", {"classes": table(engine, "classes", rows)}, RULES)
    wrong = claim_difference(20.0, value)
    assert wrong.agrees is False
    assert "填报20%" in wrong.sentence
    assert "33.33%（1÷3，1个班未报）" in wrong.sentence
    assert "低13.33个百分点" in wrong.sentence
    assert claim_difference(33.3, value).agrees
    assert claim_difference(33.0, value, decimals=0).agrees
    assert claim_difference(33.0, value, decimals=1).agrees is False
    nothing = claim_difference(99, measure_value("network.coverage", {}, RULES))
    assert nothing.agrees is None
    assert "没有可以核对的计算值：登记表中没有" in nothing.sentence


def test_a_migrant_child_at_a_school_of_unknown_organizer_is_not_reported() -> None:
    with DuckDB(threads=1) as engine:
        schools = [
            {"school_code": code, "school_name": code, "school_kind": "211", "organizer": organizer}
            for code, organizer in (("1", "7"), ("2", "10"), ("3", None))
        ]
        pupils = [
            {
                "school_code": code,
                "stage": "小学",
                "grade": "1",
                "enrolment_status": "在读",
                "migrant": migrant,
            }
            for code, migrant in (
                ("1", True),
                ("1", True),
                ("1", None),
                ("2", True),
                ("2", False),
                ("3", True),
            )
        ]
        tables = {"schools": table(engine, "schools", schools), "students": table(engine, "students", pupils)}
        found = measure_value("migrant.public_share", tables, RULES)
    assert (found.numerator, found.denominator, found.unreported) == (2, 3, 2)


def test_a_target_met_by_its_due_day_stays_met_and_an_old_reading_says_nothing() -> None:
    due = date(2020, 12, 31)
    last = [Reading(date(2020, 12, 1), 95)]
    assert progress(TargetLine("ge", 95, due), last, day=DAY).verdict == "达到"
    assert progress(TargetLine("ge", 96, due), last, day=DAY).verdict == "落后"
    later = TargetLine("ge", 96, date(2030, 1, 1))
    assert progress(later, last, day=date(2022, 1, 5)).verdict == "按进度"
    assert progress(later, last, day=date(2022, 1, 6)).verdict == "无数据"


def test_a_milestone_before_the_first_reading_is_no_part_of_the_path() -> None:
    target = TargetLine("ge", 96, date(2027, 1, 1), milestones=[Milestone(date(2025, 1, 1), 60)])
    found = progress(target, [Reading(date(2025, 7, 1), 90), Reading(date(2025, 9, 1), 90)], day=DAY)
    assert [point.value for point in found.path] == [90, 96]
    assert found.expected == pytest.approx(90 + 6 * 62 / 549)


def test_what_became_of_a_pupil_before_the_course_began_says_nothing() -> None:
    with DuckDB(threads=1) as engine:

        def roll(*rows: tuple[str, str, str]) -> dict[str, Any]:
            given = [
                {"key": key, "school_code": "1", "stage": "初中", "grade": grade, "enrolment_status": status}
                for key, grade, status in rows
            ]
            return {"students": engine.from_rows(given, {"key": "text", **schema_of(SHEETS["students"])})}

        history = {
            date(2022, 10, 8): roll(("乙", "6", "转出")),
            date(2023, 10, 8): roll(("甲", "7", "在读"), ("乙", "7", "在读")),
        }
        today = roll(("甲", "9", "在读"))
        found = measure_value("retention.adjusted", today, RULES, history=history)
    assert (found.numerator, found.denominator, found.unreported) == (1, 2, 1)
    assert "若查明均为正常转出，全县为100.00%" in found.note
