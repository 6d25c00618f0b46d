"""导入的状态: the table, its diagram, and the rules that ask it. No database."""

import re
from inspect import cleandoc
from itertools import pairwise

import pytest

from bureau.registry import rules, states
from bureau.registry.import_models import Import

WORDS = {label: state for state, label in Import.State.choices}


def drawn() -> set[tuple[str, str]]:
    """The arrows of the diagram; what follows them on a line, after some space, is a remark."""
    lines = [line for line in cleandoc(states.__doc__ or "").splitlines() if "─►" in line]
    chains = [re.split(r"\s{2,}", line.strip())[0].split(" ─► ") for line in lines]
    return {(WORDS[now], WORDS[then]) for chain in chains for now, then in pairwise(chain)}


def test_the_diagram_draws_the_table() -> None:
    assert drawn() == {(now, then) for now, following in states.NEXT.items() for then in following}


def test_the_table_knows_every_state_and_nothing_else() -> None:
    assert set(states.NEXT) == set(Import.State.values)


def test_nothing_is_committed_or_undone_without_having_been_claimed() -> None:
    assert states.before("committed") == {"committing", "undoing"}
    assert states.before("undone") == {"undoing"}


def test_what_is_cut_off_goes_one_step_back_and_may_start_again() -> None:
    for caught, back in states.STEP_BEFORE.items():
        assert states.may_become(caught, back)
        assert states.may_become(back, caught)


def test_an_end_is_an_end() -> None:
    ends = {state for state, following in states.NEXT.items() if not following}
    assert ends == {"refused", "undone", "cancelled"}


@pytest.mark.parametrize("state", states.NEXT)
def test_the_rules_refuse_exactly_what_the_table_does_not_allow(state: str) -> None:
    commit = rules.why_not_commit(
        state=state,
        counts={"schools": {"new": 1}},
        file_errors=0,
        complete=False,
        match_share=None,
        match_floor=0.7,
        accept_low_match=False,
        accept_rejected=False,
        changed_meanwhile=False,
    )
    assert (commit is None) == states.may_become(state, "committing")
    assert (rules.why_not_undo(state=state, dependents=()) is None) == states.may_become(state, "undoing")
    assert (rules.why_not_cancel(state=state) is None) == states.may_become(state, "cancelled")
    assert (rules.why_not_compare(state=state) is None) == (state == "in_review")
