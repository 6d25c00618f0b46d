"""县级指标的一行: how figures, failing rows and missing reports become one verdict and one short conclusion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from junheng.measures.class_sizes import ClassSizes
from junheng.measures.county_tables import Item, Rotation, TeacherRow
from junheng.measures.model import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    NOT_REPORTED,
    CountyResult,
    FailingRow,
    Figure,
    Verdict,
)
from junheng.measures.resources import NOISE
from junheng.policy import PackDay


@dataclass(frozen=True)
class CountySchool:
    """一所义务教育学校（整校）: what the county lines look at. `pupils` and `classes` are by stage; None is 未报."""

    code: str
    name: str
    kind: str
    organizer: str
    locale: str
    in_scope: bool
    pupils: Mapping[str, int | None]
    classes: Mapping[str, int | None]
    largest_class: int | None
    migrant_share: float | None
    music: list[float] | None
    art: list[float] | None
    built_year: int | None
    boarding: bool | None
    has_charter: bool | None
    funded_pupils: int | None
    public_budget: float | None
    public_final: float | None
    training_spend: float | None
    intake_from_zone: int | None
    intake_total: int | None
    reliefs: frozenset[str] = frozenset()

    @property
    def total(self) -> int | None:
        """Pupils of 小学 and 初中 together; None when one of its stages is not reported."""
        known = [count for count in self.pupils.values() if count is not None]
        return sum(known) if len(known) == len(self.pupils) else None


@dataclass(frozen=True)
class CountyData:
    """一县的数据: what all county lines are drawn from."""

    county: str
    rules: PackDay
    schools: Sequence[CountySchool]
    sizes: ClassSizes
    teachers: Sequence[TeacherRow]
    rotation: Rotation
    items: Mapping[str, Item]
    given: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)

    def figure(self, item: str) -> float | None:
        """The figure entered for an item; None when not reported."""
        found = self.items.get(item)
        return found.figure if found else None

    def conclusion(self, item: str) -> Verdict:
        """The conclusion entered for an evidence item; 未报 when there is none."""
        found = self.items.get(item)
        for verdict in (MET, NOT_MET, NOT_APPLICABLE):
            if found and found.conclusion == verdict:
                return verdict
        return NOT_REPORTED


def compared(
    label: str,
    unit: str,
    numerator: float | None,
    denominator: float | None,
    threshold: float | None,
    *,
    comparison: str = "≥",
    factor: float = 100,
    unreported: int = 0,
) -> Figure:
    """A quotient × `factor` (100 for percent) tested against `threshold`; never capped at 100 %.

    Not reported, or a denominator of 0: 未报 and 不适用. Products are compared, not quotients, so that 95 % of 40 is 38.
    """
    value = None
    verdict: Verdict = NOT_REPORTED
    if numerator is not None and denominator is not None:
        verdict = NOT_APPLICABLE
        if denominator > 0:
            value = numerator * factor / denominator
            have, need = numerator * factor, (threshold or 0.0) * denominator
            verdict = MET if threshold is None or _holds(have, comparison, need) else NOT_MET
    return Figure(label, value, unit, numerator, denominator, comparison, threshold, verdict, unreported)


def single(
    label: str, unit: str, value: float | None, threshold: float | None, comparison: str = "≥"
) -> Figure:
    """A figure that is entered as it is."""
    verdict: Verdict = NOT_REPORTED
    if value is not None:
        verdict = MET if threshold is None or _holds(value, comparison, threshold) else NOT_MET
    return Figure(label, value, unit, value, None, comparison, threshold, verdict)


def _holds(have: float, comparison: str, need: float) -> bool:
    noise = abs(need) * NOISE
    if comparison == "≥":
        return have >= need - noise
    return have <= need + noise if comparison == "≤" else have < need - noise


def combined(verdicts: Sequence[Verdict]) -> Verdict:
    """未达标 as soon as one is; then 未报 as soon as one is; 不适用 when all are; else 达标."""
    for verdict in (NOT_MET, NOT_REPORTED):
        if verdict in verdicts:
            return verdict
    return MET if MET in verdicts else NOT_APPLICABLE


def result(
    data: CountyData,
    code: str,
    verdict: Verdict,
    text: str,
    figures: Sequence[Figure] = (),
    failing: Sequence[FailingRow] = (),
    missing: Sequence[str] = (),
) -> CountyResult:
    """One line, with its title, group and kind from the pack and its first figure repeated for lists."""
    line = next(line for line in data.rules.pack.lines if line.code == code)
    first = figures[0] if figures else None
    return CountyResult(
        county=data.county,
        code=code,
        title=line.title,
        group=line.group,
        kind=line.kind,
        value=first.value if first else None,
        unit=first.unit if first else "",
        numerator=first.numerator if first else None,
        denominator=first.denominator if first else None,
        threshold=first.threshold if first else None,
        verdict=verdict,
        text=text,
        clause=data.rules.clause(code),
        figures=tuple(figures),
        failing=tuple(failing),
        missing=tuple(missing),
    )


def per_school(
    data: CountyData,
    code: str,
    label: str,
    checked: int,
    failing: Sequence[FailingRow],
    missing: Sequence[str],
    *,
    of: str = "所",
) -> CountyResult:
    """A line that every school (or class) must meet: how many of those checked do, which do not, which cannot be told."""
    met = checked - len(failing)
    known = checked if checked or not missing else None
    figure = compared(label, "%", met if known is not None else None, known, 100, unreported=len(missing))
    verdict = combined([figure.verdict, *([NOT_REPORTED] if missing else [])])
    parts = [f"{checked}{of}中{met}{of}达标"] if checked else []
    if failing:
        parts.append(f"{len(failing)}{of}未达标")
    if missing:
        parts.append(f"{len(missing)}{of}未报")
    return result(data, code, verdict, "，".join(parts) or "没有适用的学校", [figure], failing, missing)


def amount(value: float | None, unit: str, decimals: int = 1) -> str:
    """A number with its unit, or 未报."""
    return NOT_REPORTED if value is None else f"{number(value, decimals)}{unit}"


def number(value: float | None, decimals: int = 1) -> str:
    """A number as people read it: whole without decimals, else rounded; — for 未报."""
    if value is None:
        return "—"
    shown = f"{value:.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
