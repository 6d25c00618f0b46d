"""并行: as many workers as there may be, one answer, to the last bit."""

from typing import Any

import numpy as np
import pytest

from junheng.matching import Matches, deciding, match, reasons, together
from town.register_pairs import registers


def everything(found: Matches) -> list[bytes]:
    arrays = [
        found.other,
        found.near,
        found.probability,
        found.handling,
        found.same_right,
        found.same_left,
        found.rivals,
    ]
    arrays += [getattr(found.compared, field) for field in found.compared.__dataclass_fields__]
    return [array.tobytes() for array in arrays]


def test_answers_are_the_same_for_any_number_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    made = registers("household", "dirty", 36, pupils=1_500, listed=400, lone=1.0, doubled=0.05)
    left, right = made.columns("left"), made.columns("right")
    # So that these few rows come in several pieces.
    monkeypatch.setattr(deciding, "_CHUNK", 500)
    answers: list[Any] = []
    for count in (1, 2, 7):
        monkeypatch.setattr(together, "workers", lambda count=count: count)
        found = match(left, right)
        answers.append((everything(found), reasons(found, left, right)))
    assert answers[0] == answers[1] == answers[2]


def test_pieces_answer_in_order_and_their_errors_are_raised() -> None:
    assert together.together([lambda n=n: n for n in range(50)]) == list(range(50))  # type: ignore[misc]
    with pytest.raises(ZeroDivisionError):
        together.together([lambda: 1, lambda: 1 // 0])
    assert np.array(together.together([])).size == 0
