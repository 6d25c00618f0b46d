"""结对方案 against every possible assignment: nobody left out who could be served, loads as even as can be, class teachers first."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.allocation.tutors import Pupil, propose

TUTORS = ("t1", "t2", "t3")
Pairs = dict[str, str]


@st.composite
def schools(draw: st.DrawFn) -> tuple[list[Pupil], list[str], Pairs, int]:
    tutors = draw(st.lists(st.sampled_from(TUTORS), unique=True, max_size=3))
    pupils = [
        Pupil(f"p{number}", draw(st.sampled_from(("", *TUTORS))), draw(st.integers(0, 1)))
        for number in range(draw(st.integers(0, 5)))
    ]
    kept = {
        f"p{number}": draw(st.sampled_from(TUTORS))
        for number in range(draw(st.integers(0, 4)), 7)
        if number % 2
    }
    return pupils, tutors, kept, draw(st.integers(0, 3))


def best(pupils: list[Pupil], tutors: list[str], kept: Pairs, most: int) -> tuple[int, list[int], int]:
    """(pupils served, loads from the largest, with the own class teacher) of the best of all assignments."""
    base = {name: sum(tutor == name for tutor in kept.values()) for name in tutors}
    waiting = [one for one in pupils if kept.get(one.key) not in tutors]
    waiting.sort(key=lambda one: (one.rank, one.key))
    answer: tuple[int, list[int], int] | None = None
    for served in range(len(waiting), -1, -1):
        for way in product(tutors, repeat=served):
            loads = dict(base)
            for name in way:
                loads[name] += 1
            if most and any(loads[name] > max(most, base[name]) for name in tutors):
                continue
            own = sum(one.own == name for one, name in zip(waiting, way, strict=False))
            this = (served, sorted(loads.values(), reverse=True), own)
            if answer is None or (this[1], -this[2]) < (answer[1], -answer[2]):
                answer = this
        if answer is not None:
            return answer
    raise AssertionError("serving nobody is always possible")


@settings(max_examples=250)
@given(schools())
def test_as_good_as_the_best_of_all(school: tuple[list[Pupil], list[str], Pairs, int]) -> None:
    pupils, tutors, kept, most = school
    got = propose(pupils, tutors, kept, most=most)
    assert got == propose(pupils[::-1], tutors[::-1], dict(reversed(kept.items())), most=most)
    new = [pair for pair in got.pairs if pair.why != "kept"]
    own = {one.key: one.own for one in pupils}
    assert (len(new), sorted(got.loads.values(), reverse=True), sum(own[pair.pupil] == pair.tutor for pair in new)) == best(
        pupils, tutors, kept, most
    )  # fmt: skip
    assert {pair.pupil: pair.tutor for pair in got.pairs if pair.why == "kept"} == {
        pupil: tutor for pupil, tutor in kept.items() if tutor in tutors
    }
    # Everybody once, and who is left out is the least urgent.
    waiting = sorted(
        (one for one in pupils if kept.get(one.key) not in tutors), key=lambda one: (one.rank, one.key)
    )
    assert [pair.pupil for pair in new] + list(got.without) == [one.key for one in waiting]
