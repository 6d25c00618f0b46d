"""Aid against OpenFisca-Core, in an environment of its own (`make bench-openfisca`): the same fen for every child and kind."""

from datetime import date

import numpy as np
import pytest

from junheng.aid import outcomes, totals
from junheng.policy.clauses import STAGES
from oracle.aid_children import BOOK, VALUE, made
from oracle.aid_openfisca import Missing, asked, environment, rules_on


@pytest.mark.parametrize("on", [date(2017, 10, 1), date(2019, 10, 1), date(2025, 10, 1)])
def test_openfisca_grants_the_same(on):
    try:
        python = environment(make=False)
    except Missing as why:
        pytest.skip(str(why))
    children = made(on.year, 600)
    rows = {
        "county": np.array([int(child.county or 0) for child in children]),
        "stage": np.array([STAGES.index(child.stage) for child in children]),
        "grade": np.array([child.grade for child in children]),
        "facts": {
            f: np.array([VALUE[child.facts.get(f)] for child in children], np.uint8) for f in BOOK.facts
        },
    }
    theirs, _ = asked(python, rules_on(BOOK, on), rows)
    ours = [totals(BOOK, outcomes(BOOK, child, on), on).paid for child in children]
    assert {f"{kind} {per}" for paid in ours for kind, per in paid} <= set(theirs)
    for name, fen in theirs.items():
        kind, per = name.rsplit(" ", 1)
        assert fen.tolist() == [paid.get((kind, per), 0) for paid in ours], name
    assert any(fen.any() for fen in theirs.values())
