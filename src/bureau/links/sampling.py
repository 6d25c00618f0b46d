"""抽查: how many automatic links a person looks at, and what the errors found say of all of them. Pure."""

from collections.abc import Callable

from bureau.links import states


def sample_size(automatic: int) -> int:
    """抽查数: one in a hundred of the automatic links, at least ten."""
    return min(automatic, max(states.SAMPLE_LEAST, -(-automatic // round(1 / states.SAMPLE_SHARE))))


def error_rate(wrong: int, reviewed: int, *, confidence: float = 0.95) -> tuple[float, float, float] | None:
    """差错率 of the reviewed sample with its interval (Clopper–Pearson): (rate, low, high); None when nothing was reviewed."""
    if not reviewed:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if wrong == 0 else _solve(lambda p: 1 - _at_most(wrong - 1, reviewed, p), tail, rising=True)
    high = 1.0 if wrong == reviewed else _solve(lambda p: _at_most(wrong, reviewed, p), tail, rising=False)
    return wrong / reviewed, low, high


def _at_most(wrong: int, size: int, share: float) -> float:
    """The chance of at most `wrong` errors in `size` when `share` are wrong."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return 1.0 if wrong >= size else 0.0
    total = term = (1 - share) ** size
    for count in range(1, wrong + 1):
        term *= (size - count + 1) / count * share / (1 - share)
        total += term
    return total


def _solve(value: Callable[[float], float], wanted: float, *, rising: bool) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if (value(middle) < wanted) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2
