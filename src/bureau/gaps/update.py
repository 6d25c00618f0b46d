"""台账跟随数据: what one run means for every line of a county's ledger. Called inside the action's transaction."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from bureau.gaps import rules
from bureau.gaps.models import Gap, GapEvent
from bureau.gaps.states import Event, State, next_state
from bureau.runs.models import IndicatorResult, Run, SchoolResult

Key = tuple[str, str, str]
MET, NOT_MET = "达标", "未达标"


@dataclass(slots=True)
class Tally:
    """变动数: lines opened, opened again after closing, changed in amount, shown closed, fallen back, not to be judged."""

    opened: int = 0
    reopened: int = 0
    changed_amount: int = 0
    solved: int = 0
    returned: int = 0
    unknown: int = 0
    overdue: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(value for name, value in asdict(self).items() if name != "overdue")

    def counts(self) -> dict[str, int]:
        """{name: number} of what is not zero."""
        return {name: value for name, value in asdict(self).items() if value}


def follow(*, run: Run, at: datetime, today: date) -> Tally:
    """One pass over the run's indicators; three writes, however many lines."""
    tally = Tally()
    lines: dict[Key, Gap] = {
        (gap.school_code, gap.stage, gap.code): gap
        for gap in Gap.objects.filter(county_code=run.county_code).exclude(state=State.CLOSED)
    }
    if any(gap.latest_run_id > run.pk for gap in lines.values()):
        return tally  # a newer run has been here; this one was delivered late
    standing = {
        (school.school_code, school.stage): (school.in_scope, school.reason)
        for school in SchoolResult.objects.filter(run=run).only("school_code", "stage", "in_scope", "reason")
    }
    closed_before = dict(
        Gap.objects.filter(county_code=run.county_code, state=State.CLOSED)
        .order_by("closed_at")
        .values_list("pk", "closed_at")
    )
    closed_keys = {
        (code, stage, indicator): closed_before[pk]
        for pk, code, stage, indicator in Gap.objects.filter(pk__in=closed_before).values_list(
            "pk", "school_code", "stage", "code"
        )
    }
    changed: list[Gap] = []
    opened: list[Gap] = []
    events: list[GapEvent] = []
    doubtful: list[tuple[Gap, str]] = []
    seen: set[Key] = set()
    for result in IndicatorResult.objects.filter(run=run).order_by("school_code", "stage", "code"):
        key = (result.school_code, result.stage, result.code)
        seen.add(key)
        gap = lines.get(key)
        in_scope, reason = standing.get(key[:2], (False, "没有学校综合评估结果"))
        if not in_scope:
            if gap is not None and gap.shortage > 0:
                changed.append(_met(gap, run, f"学校不计入统计：{reason}"[:400], at, events))
                tally.solved += 1
        elif result.verdict == NOT_MET and result.gap and result.gap > 0:
            if gap is None:
                new = _opened(result, run)
                since = closed_keys.get(key)
                tally.opened, tally.reopened = (
                    tally.opened + (since is None),
                    tally.reopened + (since is not None),
                )
                opened.append(new)
                events.append(_opening(new, since, at))
            elif _short(gap, result, run, at, events, tally):
                changed.append(gap)
        elif gap is not None and result.verdict == MET:
            if gap.state != State.SOLVED or gap.shortage != 0:
                changed.append(_met(gap, run, f"{run.day} 的数据已达标", at, events))
                tally.solved += 1
        elif gap is not None:
            doubtful.append((gap, f"{run.day} 的数据未报，缺口按上次结果保留"))
    doubtful += [
        (gap, f"{run.day} 的数据中没有这所学校或学段，缺口按上次结果保留")
        for key, gap in lines.items()
        if key not in seen
    ]
    events += _doubts(doubtful, at, tally)
    Gap.objects.bulk_create(opened, batch_size=500)
    fields = ["state", "shortage", "unit", "latest_run", "school", "township_code", "title"]
    Gap.objects.bulk_update(changed, fields, batch_size=200)
    touched = {gap.pk for gap in changed}
    _seen_again([gap for key, gap in lines.items() if key in seen and gap.pk not in touched], doubtful, run)
    GapEvent.objects.bulk_create(events, batch_size=500)
    tally.overdue = sum(rules.overdue(gap, due=gap.due, today=today) for gap in lines.values())
    return tally


def _opened(result: IndicatorResult, run: Run) -> Gap:
    return Gap(
        county_code=run.county_code,
        school_code=result.school_code,
        school=result.school,
        township_code=result.township_code,
        stage=result.stage,
        code=result.code,
        title=result.title,
        shortage_at_opening=result.gap or 0,
        shortage=result.gap or 0,
        unit=result.gap_unit,
        opened_run=run,
        latest_run=run,
    )


def _opening(gap: Gap, closed_at: datetime | None, at: datetime) -> GapEvent:
    found = f"缺 {rules.amount(gap.shortage, gap.unit)}"
    if closed_at is None:
        return GapEvent(of=gap, at=at, what="open", text=found)
    return GapEvent(of=gap, at=at, what="reopen", text=f"{closed_at:%Y-%m-%d} 已销号的缺口重新出现，{found}")


def _short(
    gap: Gap, result: IndicatorResult, run: Run, at: datetime, events: list[GapEvent], tally: Tally
) -> bool:
    """The shortfall is still, or again, in the data. Answers whether the line changes."""
    now = float(result.gap or 0)
    event = Event.SHORT_AFTER_CLAIM if gap.claimed_by_id else Event.SHORT
    state = next_state(gap.state, event) or gap.state
    before = gap.shortage
    if state == gap.state and now == before:
        return False
    after = rules.amount(now, result.gap_unit)
    if gap.state == State.SOLVED:
        tally.returned += 1
        events.append(GapEvent(of=gap, at=at, what="short", text=f"{run.day} 的数据又缺 {after}"))
    else:
        tally.changed_amount += 1
        text = f"{run.day} 的数据：缺 {rules.amount(before, gap.unit)} → 缺 {after}"
        events.append(GapEvent(of=gap, at=at, what="amount", text=text))
    gap.state, gap.shortage, gap.unit, gap.latest_run = state, now, result.gap_unit, run
    gap.school, gap.township_code, gap.title = result.school, result.township_code, result.title
    return True


def _met(gap: Gap, run: Run, why: str, at: datetime, events: list[GapEvent]) -> Gap:
    gap.state = next_state(gap.state, Event.MET) or gap.state
    gap.shortage, gap.latest_run = 0, run
    events.append(GapEvent(of=gap, at=at, what="met", text=why))
    return gap


def _doubts(doubtful: list[tuple[Gap, str]], at: datetime, tally: Tally) -> list[GapEvent]:
    """One event for each line the data is silent about, unless it says so already."""
    last: dict[int, str] = {}
    for of_id, text in (
        GapEvent.objects.filter(of__in=[gap.pk for gap, _ in doubtful])
        .order_by("id")
        .values_list("of_id", "text")
    ):
        last[of_id] = text
    new = [(gap, text) for gap, text in doubtful if last.get(gap.pk) != text]
    tally.unknown += len(new)
    return [GapEvent(of=gap, at=at, what="unknown", text=text) for gap, text in new]


def _seen_again(same: Iterable[Gap], doubtful: list[tuple[Gap, str]], run: Run) -> None:
    """Lines that the run found unchanged carry its number, so that a page can say how fresh the shortage is."""
    silent = {gap.pk for gap, _ in doubtful}
    ids = [gap.pk for gap in same if gap.pk not in silent and gap.latest_run_id != run.pk]
    for start in range(0, len(ids), 500):
        Gap.objects.filter(pk__in=ids[start : start + 500]).update(latest_run=run)
