"""发现规则: one SELECT over known tables, in a database that reaches nothing else."""

from datetime import date

import pytest

from junheng.detecting import DetectorError, Workbench, problems_of
from junheng.policy.ledgers import Detector, parse, shipped

DAY = date(2026, 3, 2)


def detector(sql: str) -> Detector:
    """With the age as evidence."""
    return Detector("d", "发现", sql, (("age", "周岁"),))


def test_candidates_with_their_evidence_in_words() -> None:
    with Workbench(DAY) as bench:
        bench.put("students", {"student_key": ["b", "a", "c"], "age": [7, None, 12]})
        sql = "SELECT student_key AS subject_key, age FROM students WHERE age IS NULL OR age > $least"
        found = bench.find(detector(sql), {"least": 6, "unused": 1})
    assert [(one.subject_key, one.evidence) for one in found] == [
        ("a", (("周岁", "未知"),)),
        ("b", (("周岁", "7"),)),
        ("c", (("周岁", "12"),)),
    ]


def test_of_two_rows_for_one_subject_always_the_same_one() -> None:
    for ages in ([7, 9], [9, 7]):
        with Workbench(DAY) as bench:
            bench.put("students", {"student_key": ["a", "a"], "age": ages})
            (one,) = bench.find(detector("SELECT student_key AS subject_key, age FROM students"), {})
            assert one.evidence == (("周岁", "7"),)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT content FROM read_text('/etc/passwd')",
        "SELECT 1; SELECT 2",
        "DELETE FROM students",
        "CREATE TABLE x (a INT)",
        "SET threads = 4",
        "PRAGMA database_list",
        "ATTACH '/tmp/a.db'",
        "COPY students TO '/tmp/x'",
        "INSTALL httpfs",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables",
        "SELECT (SELECT count(*) FROM pg_catalog.pg_tables) FROM students",
        "WITH x AS (SELECT * FROM read_csv('/etc/passwd')) SELECT * FROM x",
        "SELECT * FROM query('SELECT 1')",
        "SELECT getenv('HOME')",
        "SELECT * FROM nothing",
        "SELEC 1",
        "",
    ],
)
def test_nothing_but_a_query_over_the_tables(sql: str) -> None:
    with Workbench(DAY) as bench, pytest.raises(DetectorError):
        bench.rows(sql, {})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(100000000) a, range(100000000) b",
        "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT max(a) FROM t",
        "SELECT a.range FROM range(100000000) a",
    ],
)
def test_what_runs_too_long_or_too_wide_is_stopped(sql: str) -> None:
    with Workbench(DAY, seconds=0.5, memory="100MB") as bench:
        with pytest.raises(DetectorError):
            bench.rows(sql, {})
        # The next ledger's query is none the worse for it.
        assert bench.rows("SELECT count(*) AS n FROM students", {}) == (["n"], [(0,)])


def test_what_a_query_reads_is_known_before_the_data_is_there() -> None:
    with Workbench(DAY) as bench:
        assert bench.tables_in("WITH x AS (SELECT * FROM schools) SELECT * FROM x JOIN cases ON true") == {
            "schools",
            "cases",
        }
        bench.put("schools", {"school_code": ["1"]})
        assert bench.empty({"schools", "cases"}) == ["cases"]


def test_no_more_data_after_the_first_query() -> None:
    with Workbench(DAY) as bench:
        bench.rows("SELECT 1", {})
        with pytest.raises(DetectorError):
            bench.put("students", {"student_key": ["a"]})


def test_a_wrong_query_is_named_where_the_ledger_is_saved() -> None:
    text = shipped()["suspected"].replace("k.days AS streak", "k.dayz AS streak")
    (problem,) = problems_of(text)
    assert "连续缺勤" in problem.place
    assert problem.line == next(n for n, line in enumerate(text.splitlines(), 1) if "k.dayz" in line)
    assert "没有栏目“dayz”" in problem.message
    missing = problems_of(shipped()["suspected"].replace("poor: 建档立卡户}", "rich: 富裕}"))
    assert {"依据“rich”不在查询结果的栏目中" in one.message for one in missing} == {True, False}


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT student_key AS subject_key FROM studnets", "没有表 studnets"),
        ("SELECT name AS subject_key FROM students", "没有栏目“name”"),
        ("SELECT student_key AS subject_key FROM students WHERE grade = ‘3’", "英文单引号"),
        ("SELECT student_key AS subject_key FROM students WHERE age > $oldest", "没有设置 $oldest"),
        ("SELECT student_key AS subject_key, count(*) FROM students", "GROUP BY"),
        ("SELECT student_key AS subject_key FORM students", "附近写法不对"),
        ("SELECT student_key AS subject_key FROM students WHERE birth_date > 3", "不能相比"),
        ("SELECT student_key AS subject_key FROM students WHERE birth_date > '三月'", "不是日期"),
        ("SELECT student_key AS subject_key FROM students s JOIN facts f ON s.student_key = f.student_key", "几张表里都有"),
        ("SELECT years(birth_date) AS subject_key FROM students", "没有函数“years”"),
    ],
)  # fmt: skip
def test_what_the_database_refuses_is_said_in_chinese(sql: str, words: str) -> None:
    with Workbench(DAY) as bench:
        bench.put("students", {"student_key": ["a"], "birth_date": [DAY]})
        with pytest.raises(DetectorError) as refused:
            bench.rows(sql, {})
    assert words in str(refused.value)
    assert "Error" not in str(refused.value)


def test_who_stands_on_a_register_and_in_no_school_is_a_candidate_for_a_case() -> None:
    """One for each child, however many registers name it; not one whose pair a clerk has yet to settle, nor one who studies elsewhere."""
    (rule,) = (one for one in parse(shipped()["children"]).detectors if one.name == "not_enrolled")
    missing = {
        "line_key": ["a", "a", "b", "c", "d", "e"],
        "source": ["低保", "户籍", "户籍", "户籍", "户籍", "户籍"],
        "age": [10, 10, 5, 9, 9, 16],
        "township": ["河西镇"] * 6,
        "probability": [0.2, 0.1, 0.0, 0.7, 0.0, 0.0],
        "state": ["unmatched", "unmatched", "unmatched", "to_check", "unmatched", "unmatched"],
        "pupil_status": ["", "", "", "", "在演示区有学籍", ""],
    }
    with Workbench(DAY) as bench:
        bench.put("outside_missing", missing)
        (found,) = bench.find(rule, {"age_from": 6, "age_to": 16})
    assert found.subject_key == "a"
    assert dict(found.evidence)["出现在哪些名册"] == "低保、户籍"
