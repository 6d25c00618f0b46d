"""The fast path of aid against its slow twin: the same outcome for every clause, and no fact that helps lowers a total."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.aid import Child, assess, outcomes, totals
from junheng.aid.cube import build_cube
from junheng.aid.exact import judge_profiles
from junheng.aid.payrun import pay_run
from junheng.aid.plan import compile_plan
from junheng.aid.proof import days_of
from junheng.aid.reasons import why
from junheng.aid.whatif import bill, by_school, confirmed, merged, raised, widened
from junheng.policy.clauses import STAGES, FactIs
from oracle.aid_children import BOOK, BOOKS, COUNTIES, VALUE

facts_strategy = st.fixed_dictionaries({fact: st.sampled_from([True, False, None]) for fact in BOOK.facts})
child_strategy = st.builds(
    Child, st.sampled_from(STAGES), st.integers(0, 7), st.sampled_from(COUNTIES), facts_strategy
)
day_strategy = st.one_of(st.sampled_from(days_of(BOOK)), st.dates(date(2015, 1, 1), date(2028, 1, 1)))


def columns(plan, children):
    cells = np.array([plan.cell(child.county, child.stage, child.grade) for child in children], np.int32)
    facts = {
        fact: np.array([VALUE[child.facts.get(fact)] for child in children], np.uint8) for fact in plan.facts
    }
    return cells, facts


@settings(max_examples=120)
@given(st.lists(child_strategy, min_size=1, max_size=20), day_strategy, st.sampled_from(BOOKS))
def test_fast_and_slow_agree(children, on, book):
    plan = compile_plan(book, on)
    judged = judge_profiles(plan, *columns(plan, children))
    for place, child in enumerate(children):
        assert judged.outcomes(place) == outcomes(book, child, on)


@settings(max_examples=60)
@given(st.lists(child_strategy, min_size=1, max_size=12), day_strategy)
def test_pay_run_and_bill_agree_with_the_twin(children, on):
    plan = compile_plan(BOOK, on)
    stage = np.array([STAGES.index(child.stage) for child in children])
    grade = np.array([child.grade for child in children])
    facts = {f: np.array([VALUE[c.facts.get(f)] for c in children], np.uint8) for f in BOOK.facts}
    counties = [child.county for child in children]
    schools = [f"校{number % 3}" for number in range(len(children))]
    cube = build_cube(counties, stage, grade, facts, schools, students=True)
    run = pay_run(cube, plan)
    slow = [outcomes(BOOK, child, on) for child in children]
    sums = [totals(BOOK, found, on).paid for found in slow]
    for kind, period in (("cash", "year"), ("cash", "once"), ("waiver", "year"), ("loan", "year")):
        assert run.student_fen(kind, period).tolist() == [total.get((kind, period), 0) for total in sums]
    for number, child in enumerate(children):
        expected = {o.clause: why(BOOK, child, o, on) for o in slow[number] if o.state != "other_area"}
        assert run.why(number) == expected
    whole = bill(cube, plan)
    by_clause = whole.by_clause()
    for place, clause in enumerate(BOOK.clauses):
        paid = [found[place] for found in slow if found[place].state in ("paid", "cut")]
        assert by_clause[clause.id] == (sum(outcome.fen for outcome in paid), len(paid))
    given_ = sum(fen for total in sums for (kind, _), fen in total.items() if kind != "loan")
    assert sum(whole.by_county().values()) == sum(whole.by_stage().values()) == given_
    assert sum(fen for fen, _ in by_school(cube, plan).values()) == given_


@settings(max_examples=100)
@given(child_strategy, day_strategy, st.sampled_from([f.name for f in BOOK.facts.values() if f.helps]))
def test_a_helping_fact_never_lowers_what_is_paid(child, on, fact):
    paid = []
    for value in (False, None, True):
        changed = replace(child, facts={**child.facts, fact: value})
        found = totals(BOOK, outcomes(BOOK, changed, on), on).paid
        paid.append(sum(fen for (kind, _), fen in found.items() if kind != "loan"))
    assert paid == sorted(paid)


@settings(max_examples=60)
@given(child_strategy, day_strategy)
def test_what_is_unknown_is_decided_by_its_facts_alone(child, on):
    """Filling every gap leaves no clause unknown, and what was certain stays as it was unless the group decides."""
    full = replace(
        child,
        county=child.county or "640106",
        grade=child.grade or 1,
        facts={fact: bool(child.facts.get(fact)) for fact in BOOK.facts},
    )
    before, after = outcomes(BOOK, child, on), outcomes(BOOK, full, on)
    assert all(outcome.state != "unknown" for outcome in after)
    for old, new in zip(before, after, strict=True):
        certain = old.state in ("not_met", "other_stage", "not_in_force", "other_grade", "other_area")
        if certain and child.county and child.grade:
            assert new.state == old.state


def test_assess_gives_each_child_its_own_answer():
    children = [
        Child("小学", 3, "640106", {"困难": True, "孤儿": False}),
        Child("小学", 3, "640106", {"困难": True, "孤儿": True}),
        Child("小学", 3, "640106", {"困难": True, "孤儿": False}),
    ]
    answers = assess(BOOK, children, date(2018, 10, 1))
    assert [answer.totals.paid["cash", "year"] for answer in answers] == [500_00, 1000_00, 500_00]
    assert answers[0] is answers[2]


@settings(max_examples=40)
@given(st.lists(child_strategy, min_size=1, max_size=12), day_strategy, st.integers(0, 3))
def test_a_bill_taken_over_in_part_is_the_same_bill(children, on, change):
    books = (
        raised(BOOK, "jf.junior", {"初中": 1}),
        widened(BOOK, "nx.preschool_living", FactIs("留守")),
        merged(BOOK, ("cn.boarder", "jf.primary"), "并项"),
        replace(BOOK, groups={**BOOK.groups, "jf.senior": replace(BOOK.groups["jf.senior"], cap=100)}),
    )
    plan = compile_plan(BOOK, on)
    facts = {f: np.array([VALUE[c.facts.get(f)] for c in children], np.uint8) for f in BOOK.facts}
    stage = np.array([STAGES.index(child.stage) for child in children])
    grade = np.array([child.grade for child in children])
    cube = build_cube([child.county for child in children], stage, grade, facts)
    after = compile_plan(books[change], on, plan)
    fresh = compile_plan(books[change], on)
    assert np.array_equal(after.due, fresh.due)
    assert np.array_equal(after.applies, fresh.applies)
    partly, whole = bill(cube, after, bill(cube, plan)), bill(cube, fresh)
    assert np.array_equal(partly.fen, whole.fen)
    assert np.array_equal(partly.heads, whole.heads)


def test_what_if_changes_only_what_was_changed():
    on = date(2018, 10, 1)
    plan = compile_plan(BOOK, on)
    cube = build_cube(
        ["640106"] * 3 + ["640324"],
        np.array([1, 1, 2, 1]),
        np.array([3, 4, 1, 3]),
        {"困难": np.array([2, 2, 2, 2], np.uint8), "孤儿": np.array([0, 2, 0, 0], np.uint8)},
    )
    before = bill(cube, plan).by_clause()
    dearer = compile_plan(raised(BOOK, "jf.primary", {"小学": 600_00}), on, plan)
    more = bill(cube, dearer, bill(cube, plan)).by_clause()
    assert before["jf.primary"] == (500_00, 1)
    assert more["jf.primary"] == (600_00, 1)
    assert {name: value for name, value in more.items() if name != "jf.primary"} == {
        name: value for name, value in before.items() if name != "jf.primary"
    }
    one = merged(BOOK, ("jf.junior", "jf.junior_orphan"), "初中只发一项")
    assert bill(cube, compile_plan(one, on)).by_clause()["jf.junior"] == (1000_00, 1)
    senior = build_cube(["640106"], np.array([3]), np.array([1]), {"困难": np.array([2], np.uint8)})
    named = compile_plan(confirmed(BOOK, "cn.senior_grant", "某人"), on)
    assert bill(senior, named).by_clause()["cn.senior_grant"] == (2000_00, 1)
