"""目标走势: what the stored readings of a target say: verdict, trajectory, forecast and their sentences, kept with the target.

A page shows what is kept here; it is worked out after each run, each night, and when a binding or a reading changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bureau.plans.target_models import Reading, Target
from bureau.plans.target_rules import FROM_MEASURES
from junheng import measures


def counted(readings: Iterable[Reading]) -> list[measures.Reading]:
    """The readings that count, one a day, oldest first: computed ones, and reported ones that a second person has checked."""
    found: dict[date, measures.Reading] = {}
    for one in sorted(readings, key=lambda row: (row.day, row.pk or 0)):
        if one.value is not None and (one.run_id is not None or one.checked_by_id is not None):
            found[one.day] = measures.Reading(one.day, one.value, one.unreported)
    return list(found.values())


def line(target: Target) -> measures.TargetLine:
    """目标线. Raises ValueError with a Chinese sentence when value, dates and milestones contradict one another."""
    measure = measures.catalogue().measures.get(target.measure)
    baseline = None
    if target.baseline is not None and target.baseline_day is not None:
        baseline = measures.Reading(target.baseline_day, target.baseline)
    return measures.TargetLine(
        target.comparator,  # type: ignore[arg-type]
        target.value,
        target.due,
        value2=target.value2,
        unit=target.unit,
        baseline=baseline,
        milestones=[
            measures.Milestone(date.fromisoformat(day), float(value))
            for day, value in sorted(target.milestones)
        ],
        over_100=measure.over_100 if measure else target.value > 100,
        whole=measure.whole if measure else False,
    )


def outlook(target: Target, readings: Iterable[Reading], *, today: date) -> tuple[str, dict[str, Any]]:
    """(verdict as stored, outlook as stored) on `today`; whatever goes wrong is said in the sentence."""
    found = counted(readings)
    if not target.measure and not target.reported:
        return Target.Verdict.NO_DATA, {"sentence": "还没有绑定指标，也没有设为填报数列，系统无法测算进展"}
    try:
        answer = measures.progress(line(target), found, day=today)
    except ValueError as error:
        return Target.Verdict.NO_DATA, {"sentence": f"目标的数值或日期有矛盾：{error}，请在目标页改正"}
    latest, forecast = answer.latest, answer.forecast
    return FROM_MEASURES[answer.verdict], {
        "sentence": answer.sentence,
        "latest": {"day": latest.day.isoformat(), "value": latest.value, "unreported": latest.unreported}
        if latest
        else None,
        "expected": answer.expected,
        "gap": answer.gap,
        "needed": answer.needed_per_month,
        "needed_sentence": answer.needed_sentence,
        "path": [[point.day.isoformat(), point.value] for point in answer.path],
        "forecast": {
            "day": forecast.day.isoformat(),
            "value": forecast.value,
            "low": forecast.low,
            "high": forecast.high,
            "level": forecast.level,
            "method": forecast.method,
            "sentence": forecast.sentence,
            "reaches": forecast.reaches,
        }
        if forecast
        else None,
        "on": today.isoformat(),
    }


def refresh(targets: Sequence[Target], *, today: date) -> int:
    """Work out the outlook of each target from its stored readings; answers how many have another verdict than before."""
    by_target: Mapping[int, list[Reading]] = _readings(targets)
    changed = 0
    for target in targets:
        verdict, said = outlook(target, by_target.get(target.pk, []), today=today)
        changed += verdict != target.verdict
        target.verdict, target.outlook = verdict, said
    Target.objects.bulk_update(targets, ["verdict", "outlook"], batch_size=200)
    return changed


def _readings(targets: Sequence[Target]) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = {}
    for one in Reading.objects.filter(target__in=[target.pk for target in targets]):
        found.setdefault(one.target_id, []).append(one)
    return found
