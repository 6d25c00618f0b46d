"""Progress agrees with plain reckoning: the path day by day, least squares with fractions, Student's t by integration."""

import math
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.measures import Milestone, Reading, TargetLine, claim_difference, forecast, progress, trajectory
from junheng.measures.progress import is_met, shortfall
from junheng.measures.progress_forecast import student_quantile
from junheng.measures.progress_model import Comparator

START = date(2024, 1, 1)
DAYS = st.integers(0, 1500)
FIGURES = st.integers(-200, 2000).map(lambda n: n / 10)
COMPARATORS: st.SearchStrategy[Comparator] = st.sampled_from(
    ["ge", "gt", "le", "lt", "eq", "approx", "between"]
)


def day(number: int) -> date:
    return START + timedelta(days=number)


@st.composite
def targets(draw: st.DrawFn) -> TargetLine:
    comparator = draw(COMPARATORS)
    value = draw(FIGURES)
    due = draw(st.none() | st.integers(800, 1500))
    between = sorted(draw(st.sets(st.integers(300, 799), max_size=3)))
    return TargetLine(
        comparator,
        value,
        day(due) if due else None,
        value2=value + draw(st.integers(0, 30)) if comparator == "between" else None,
        unit=draw(st.sampled_from(["%", "所"])),
        baseline=draw(st.none() | st.builds(Reading, st.integers(0, 299).map(day), FIGURES)),
        milestones=[Milestone(day(number), draw(FIGURES)) for number in between],
        steps=draw(st.booleans()),
        over_100=draw(st.booleans()),
    )


READINGS = st.lists(st.builds(Reading, DAYS.map(day), FIGURES, st.integers(0, 1)), max_size=8)


def admits(target: TargetLine, value: float) -> bool:
    """What each comparator means, in so many words; tenths, so that nothing depends on the last binary digit."""
    have, want = round(value * 10), round(target.value * 10)
    return {
        "ge": have >= want,
        "gt": have > want,
        "le": have <= want,
        "lt": have < want,
        "eq": have == want,
        "approx": Fraction(abs(have - want)) <= Fraction(abs(want)) / 20,
        "between": want <= have <= round((target.value2 or 0) * 10),
    }[target.comparator]


@given(targets(), FIGURES)
def test_met_and_shortfall(target: TargetLine, value: float) -> None:
    assert is_met(target, value) == admits(target, value)
    gap = shortfall(target, value)
    assert gap >= 0
    assert not gap or not is_met(target, value)
    if gap and target.comparator in ("ge", "gt", "le", "lt"):
        assert gap == pytest.approx(abs(target.value - value))


@given(targets(), READINGS, DAYS)
def test_the_path(target: TargetLine, readings: list[Reading], number: int) -> None:
    """Walk from day to day, a piece of the way each day."""
    start = target.baseline or min(reversed(readings), key=lambda reading: reading.day, default=None)
    found = trajectory(target, day(number), readings)
    if target.due is None or start is None or start.day >= target.due:
        assert found is None
        return
    corners = [(start.day, start.value)]
    corners += [(m.day, m.value) for m in target.milestones if m.day > start.day]
    end = target.value
    if target.comparator in ("ge", "gt", "le", "lt") and admits(target, start.value):
        end = start.value
    if target.comparator == "between":
        end = min(max(start.value, target.value), target.value2 or 0)
    corners.append((target.due, end))
    at, value = corners[0]
    for then, goal in corners[1:]:
        begun, length = value, (then - at).days
        for walked in range(1, length + 1):
            if at + timedelta(days=walked) > day(number):
                break
            value = begun if target.steps and walked < length else begun + (goal - begun) * walked / length
        else:
            at, value = then, goal
            continue
        break
    assert found == pytest.approx(value, abs=1e-9)


@given(targets(), READINGS, DAYS)
@settings(max_examples=200)
def test_the_verdict(target: TargetLine, readings: list[Reading], number: int) -> None:
    today = day(number)
    found = progress(target, readings, day=today)
    seen = {reading.day: reading for reading in readings if reading.day <= today}
    if not seen:
        assert found.verdict == "无数据"
        assert found.latest is None
        return
    latest = seen[max(seen)]
    assert found.latest == latest
    old = (min(today, target.due or today) - latest.day).days > 400
    sure = admits(target, latest.value) and (not latest.unreported or target.comparator in ("ge", "gt"))
    if old:
        assert found.verdict == "无数据"
    elif sure:
        assert found.verdict == "达到"
        assert found.needed_per_month is None
    elif target.due and today > target.due:
        assert found.verdict == "落后"
    elif found.expected is not None and target.due:
        on_course = shortfall(target, latest.value) <= shortfall(target, found.expected) + 1e-6
        assert found.verdict == ("按进度" if on_course else "落后")
    if found.needed_per_month is not None:
        assert target.due
        months = (target.due - today).days / (365.25 / 12)
        assert shortfall(target, latest.value + found.needed_per_month * months) == pytest.approx(0, abs=1e-6)
    if found.forecast:
        assert target.due
        assert found.forecast.day == target.due
        assert found.forecast.reaches == is_met(target, found.forecast.value)
    assert str(target.words) in found.sentence


@given(
    st.lists(st.tuples(DAYS, st.integers(-500, 500)), min_size=3, max_size=9, unique_by=lambda p: p[0]), DAYS
)
def test_least_squares(points: list[tuple[int, int]], ahead: int) -> None:
    readings = [Reading(day(number), value / 10) for number, value in points]
    found = forecast(readings, day(ahead))
    assert found is not None
    xs, ys = [Fraction(x) for x, _ in points], [Fraction(y, 10) for _, y in points]
    n = len(points)
    mean_x, mean_y = sum(xs, Fraction(0)) / n, sum(ys, Fraction(0)) / n
    sxx = sum((x - mean_x) ** 2 for x in xs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sxx
    at = mean_y + slope * (ahead - mean_x)
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in zip(xs, ys, strict=True)) / (n - 2)
    width = float(rest * (1 + Fraction(1, n) + (ahead - mean_x) ** 2 / sxx))
    half = student_quantile(0.95, n - 2) * math.sqrt(width)
    assert found.value == pytest.approx(float(at), abs=1e-6)
    assert found.low == pytest.approx(float(at) - half, rel=1e-6, abs=1e-5)
    assert found.high == pytest.approx(float(at) + half, rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 10, 25])
@pytest.mark.parametrize("probability", [0.75, 0.9, 0.95, 0.975])
def test_quantiles_against_the_integrated_density(freedom: int, probability: float) -> None:
    upper = student_quantile(probability, freedom)
    scale = math.gamma((freedom + 1) / 2) / (math.sqrt(freedom * math.pi) * math.gamma(freedom / 2))
    steps = 4000
    width = upper / steps

    def density(t: float) -> float:
        return scale * (1 + t * t / freedom) ** (-(freedom + 1) / 2)

    inner = sum(density(k * width) * (4 if k % 2 else 2) for k in range(1, steps))
    area = (density(0) + density(upper) + inner) * width / 3
    assert 0.5 + area == pytest.approx(probability, abs=1e-8)


def test_printed_quantiles() -> None:
    """Figures of any printed table of Student's t, one-sided 95 %."""
    printed = {1: 6.314, 2: 2.920, 3: 2.353, 5: 2.015, 10: 1.812, 30: 1.697}
    for freedom, value in printed.items():
        assert student_quantile(0.95, freedom) == pytest.approx(value, abs=5e-4)


@given(st.integers(0, 4), st.integers(-10000, 20000), st.integers(-10000, 20000))
def test_claims(decimals: int, typed: int, computed: int) -> None:
    claimed, value = typed / 10**decimals, computed / 1000
    found = claim_difference(claimed, value, unit="%", decimals=decimals)
    apart = abs(Fraction(typed, 10**decimals) - Fraction(computed, 1000))
    if apart != Fraction(1, 2 * 10**decimals):
        assert found.agrees == (apart < Fraction(1, 2 * 10**decimals))
    assert ("一致" in found.sentence) == found.agrees
    counted = claim_difference(float(typed), float(computed), unit="人")
    assert counted.agrees == (typed == computed)
    assert ("一致" in counted.sentence) == counted.agrees
