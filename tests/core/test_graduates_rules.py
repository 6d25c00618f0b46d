"""去向规则: who graduated, which school year a child is in, whose line it is, and who may do what when."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.graduates import rules
from bureau.graduates.rules import Afterwards, Candidate


@dataclass(frozen=True)
class Somebody:
    pk: int
    role: str


OFFICE, OTHER, SCHOOL = Somebody(1, "office"), Somebody(2, "office"), Somebody(3, "school")
BORN = date(2008, 3, 5)
CHILD = Candidate(7, "马小龙", BORN, "马父", "abc")


@pytest.mark.parametrize(
    ("grade", "after", "expected"),
    [
        ("9", Afterwards("毕业", "9"), "graduated"),
        ("9", Afterwards("在读", "10"), "went_on"),
        ("9", Afterwards("休学", "10"), "went_on"),
        ("9", Afterwards("在读", "9"), "repeated"),
        ("9", Afterwards("转出", "9"), "left"),
        ("9", Afterwards("死亡", "9"), "left"),
        ("12", None, "graduated"),
        ("12", Afterwards("在读", "12"), "repeated"),
    ],
)
def test_who_graduated(grade: str, after: Afterwards | None, expected: str) -> None:
    assert rules.outcome(grade, after, next_register=True) == expected


def test_without_a_next_register_a_last_grade_counts_as_finished() -> None:
    assert rules.outcome("9", Afterwards("在读", "9"), next_register=False) == "graduated"


def test_stages() -> None:
    assert rules.stage_of("特教", "9") == "初中"
    assert rules.stage_of("高中", "12") == "高中"
    assert rules.stage_of("中职", "12") == "中职"


@pytest.mark.parametrize(
    ("since", "day", "grade"),
    [
        (date(2025, 9, 1), date(2026, 7, 1), 1),
        (date(2025, 9, 1), date(2026, 8, 31), 1),  # the spring term lasts until then
        (date(2025, 9, 1), date(2026, 9, 1), 2),
        (date(2025, 7, 20), date(2025, 10, 1), 1),  # admitted in July
        (date(2025, 3, 1), date(2025, 3, 2), 1),
        (date(2025, 3, 1), date(2025, 9, 2), 2),
        (date(2026, 7, 20), date(2026, 8, 31), 0),  # not yet there
        (date(2026, 9, 1), date(2026, 3, 1), 0),
    ],
)
def test_the_school_year_a_child_is_in(since: date, day: date, grade: int) -> None:
    assert rules.school_grade(since, day) == grade


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(0, 3_000))
def test_school_years_only_grow(since: date, later: int) -> None:
    days = [date.fromordinal(since.toordinal() + n) for n in (later, later + 1)]
    first, second = (rules.school_grade(since, day) for day in days)
    assert 0 <= second - first <= 1
    # The slow way: one for each first of September passed since the school year that it entered.
    entered = since.year if since.month >= 6 else since.year - 1
    assert first == sum(date(year, 9, 1) <= days[0] for year in range(entered, 2045))


def found(wanted: Candidate, same_id: list[Candidate], same_name: list[Candidate]) -> tuple[str, int | None]:
    answer = rules.match(wanted, same_id, same_name)
    assert answer.reason
    return answer.state, answer.key


def test_only_the_number_with_the_name_is_certain() -> None:
    line = replace(CHILD, key=0)
    assert found(line, [CHILD], [CHILD]) == ("matched", 7)
    assert found(replace(line, name="马晓龙"), [CHILD], []) == ("to_check", 7)
    twin = replace(CHILD, key=8, name="马小虎")
    assert found(line, [CHILD, twin], [CHILD]) == ("to_check", 7)


def test_name_birth_and_guardian_must_be_looked_at() -> None:
    line = replace(CHILD, key=0, id_hash="")
    cousin = replace(CHILD, key=9, guardian="马叔", id_hash="def")
    assert found(line, [], [cousin, CHILD]) == ("to_check", 7)
    assert found(replace(line, guardian=""), [], [cousin]) == ("to_check", 9)
    assert found(replace(line, born=date(2008, 5, 3)), [], [CHILD]) == ("unmatched", None)
    assert found(replace(line, born=None, guardian=""), [], [CHILD]) == ("unmatched", None)
    assert found(replace(line, born=None), [], [CHILD]) == ("to_check", 7)
    assert found(line, [], []) == ("unmatched", None)


def test_a_destination_is_complete() -> None:
    asked = {
        "by": SCHOOL, "mine": True, "kind": "study", "day": date(2026, 9, 1), "today": date(2026, 10, 1),
        "study_stage": "本科", "school_name": "演示大学", "employer": "", "graduated": 2026,
    }  # fmt: skip

    def why(**changed: object) -> str | None:
        return rules.why_not_place(**(asked | changed))  # type: ignore[arg-type]

    assert why() is None
    both = str(why(study_stage="", school_name=" "))
    assert "就读学段" in both
    assert "就读学校" in both
    assert "就业单位" in str(why(kind="work"))
    assert "早于离校" in str(why(day=date(2025, 9, 1)))
    assert "太晚" in str(why(day=date(2036, 9, 1)))
    assert "不在您的辖区" in str(why(mine=False))
    assert why(by=Somebody(9, "auditor")) is not None
    assert "请选择去向" in str(why(kind="x"))


def test_measures_are_confirmed_by_another_person() -> None:
    assert rules.why_not_confirm(by=OFFICE, state="done", done_by=SCHOOL.pk, back=False) is None
    assert "另一人" in str(rules.why_not_confirm(by=OFFICE, state="done", done_by=OFFICE.pk, back=False))
    assert rules.why_not_confirm(by=SCHOOL, state="done", done_by=9, back=False) is not None
    assert "报结果后" in str(rules.why_not_confirm(by=OFFICE, state="open", done_by=None, back=False))
    assert "原因" in str(rules.why_not_confirm(by=OFFICE, state="done", done_by=9, back=True))
    whole = str(rules.why_not_support(by=SCHOOL, mine=True, measure="", owner="", due=None))
    assert all(part in whole for part in ("措施", "责任人", "期限"))


def test_a_list_is_withdrawn_by_who_uploaded_it_or_the_bureau() -> None:
    asked = {"withdrawn": False, "reason": "传错"}
    assert rules.why_not_withdraw(by=SCHOOL, uploaded_by=SCHOOL.pk, **asked) is None  # type: ignore[arg-type]
    assert rules.why_not_withdraw(by=OFFICE, uploaded_by=SCHOOL.pk, **asked) is None  # type: ignore[arg-type]
    assert "只有上传的人" in str(rules.why_not_withdraw(by=SCHOOL, uploaded_by=99, **asked))  # type: ignore[arg-type]


def test_registered_is_any_of_the_three_and_never_a_guess() -> None:
    assert rules.is_registered({"低保": True})
    assert not rules.is_registered({"低保": None, "建档立卡": False})
    assert not rules.is_registered({"残疾": True})
