"""台账的写入: the ledger follows the data, people plan and claim, and a second person closes.

Each action is one transaction with one line in the log, and refuses with the sentence of its rule (`Refused`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict

from django.db import transaction

from bureau.gaps import rules
from bureau.gaps.models import Gap, GapEvent
from bureau.gaps.queries import ledger
from bureau.gaps.states import Event, next_state
from bureau.gaps.update import Tally, follow
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.runs.models import Run

__all__ = ["Plan", "Refused", "claim", "close", "open_and_update_from_run", "plan", "send_back", "withdraw"]


class Plan(TypedDict, total=False):
    """整改计划: what to do, who answers for it, by when, at what unit price (万元). A key left out stays as it is."""

    measure: str
    office: str
    due: date | None
    unit_price: float | None


HEADINGS: Mapping[str, str] = {
    "measure": "整改措施",
    "office": "责任科室",
    "due": "完成时限",
    "unit_price": "单价（万元）",
}


def open_and_update_from_run(*, run: Run, today: date) -> Tally:
    """台账跟随测算: opens lines for new shortfalls and brings open ones up to date. Doing it twice changes nothing.

    `today` counts the lines past their deadline in the answer. Raises Refused when the ledger must not follow.
    """
    at = run.finished_at or run.asked_at
    with transaction.atomic():
        _demand(rules.why_not_follow(state=run.state, pack=run.pack))
        tally = follow(run=run, at=at, today=today)
        if tally.changed:
            write(
                by=None,
                verb=Verb.CHANGE,
                obj=("gap_ledger", run.county_code),
                detail={"run": run.pk, "day": run.day, **tally.counts()},
                at=at,
            )
    return tally


def plan(
    *, changes: Mapping[int, Plan], by: User, at: datetime, today: date, address: str = "", reason: str = ""
) -> int:
    """填整改计划 of one or many gaps, all or none. Answers how many really changed; unchanged ones leave no trace."""
    with transaction.atomic():
        gaps = _locked(list(changes), by)
        changed, events = [], []
        for gap in gaps:
            new = {name: value for name, value in changes[gap.pk].items() if getattr(gap, name) != value}
            if not new:
                continue
            _demand(_refusal_of_plan(gap, new, by=by, today=today), gap if len(gaps) > 1 else None)
            words = [
                f"{HEADINGS[name]}：{_shown(getattr(gap, name))} → {_shown(value)}"
                for name, value in new.items()
            ]
            for name, value in new.items():
                setattr(gap, name, value)
            gap.state = next_state(gap.state, Event.PLAN) or gap.state
            changed.append(gap)
            events.append(GapEvent(of=gap, at=at, by=by, what="plan", text="；".join(words)[:400]))
        if changed:
            Gap.objects.bulk_update(changed, ["state", *HEADINGS], batch_size=200)
            GapEvent.objects.bulk_create(events)
            write(
                by=by,
                verb=Verb.ASSIGN,
                obj=("gap", _keys(changed)),
                detail={"count": len(changed), "changes": {str(event.of_id): event.text for event in events}},
                reason=reason,
                at=at,
                address=address,
            )
    return len(changed)


def claim(*, gap_ids: Sequence[int], text: str, by: User, at: datetime, address: str = "") -> int:
    """报完成: a person says it is done. It closes nothing; the next data and another person do."""

    def change(gap: Gap) -> GapEvent:
        _demand(rules.why_not_claim(gap, by=by, in_area=True), gap)
        gap.state = next_state(gap.state, Event.CLAIM) or gap.state
        gap.claimed_by, gap.claimed_at, gap.claim = by, at, text[:300]
        return GapEvent(of=gap, at=at, by=by, what="claim", text=text[:400])

    return _each(gap_ids, change, by=by, verb=Verb.REPORT, at=at, address=address)


def withdraw(*, gap_ids: Sequence[int], by: User, at: datetime, address: str = "") -> int:
    """撤回完成."""

    def change(gap: Gap) -> GapEvent:
        _demand(rules.why_not_withdraw(gap, by=by, in_area=True), gap)
        gap.state = next_state(gap.state, Event.WITHDRAW) or gap.state
        gap.claimed_by, gap.claimed_at, gap.claim = None, None, ""
        return GapEvent(of=gap, at=at, by=by, what="withdraw")

    return _each(gap_ids, change, by=by, verb=Verb.RETURN, at=at, address=address)


def close(*, gap_ids: Sequence[int], by: User, at: datetime, remark: str = "", address: str = "") -> int:
    """复核销号: a second person confirms what the data shows."""

    def change(gap: Gap) -> GapEvent:
        _demand(rules.why_not_close(gap, by=by, in_area=True), gap)
        gap.state = next_state(gap.state, Event.CONFIRM) or gap.state
        gap.closed_by, gap.closed_at, gap.closed_run = by, at, gap.latest_run
        return GapEvent(of=gap, at=at, by=by, what="close", text=remark[:400])

    return _each(gap_ids, change, by=by, verb=Verb.CLOSE, at=at, address=address, reason=remark)


def send_back(*, gap_ids: Sequence[int], reason: str, by: User, at: datetime, address: str = "") -> int:
    """复核退回: the data says closed, the person who looked does not believe it. The claim, if any, is gone."""

    def change(gap: Gap) -> GapEvent:
        _demand(rules.why_not_send_back(gap, by=by, in_area=True, reason=reason), gap)
        gap.state = next_state(gap.state, Event.SEND_BACK) or gap.state
        gap.claimed_by, gap.claimed_at, gap.claim = None, None, ""
        return GapEvent(of=gap, at=at, by=by, what="send_back", text=reason[:400])

    return _each(gap_ids, change, by=by, verb=Verb.RETURN, at=at, address=address, reason=reason)


def _each(
    gap_ids: Sequence[int],
    change: Callable[[Gap], GapEvent],
    *,
    by: User,
    verb: Verb,
    at: datetime,
    address: str,
    reason: str = "",
) -> int:
    with transaction.atomic():
        gaps = _locked(gap_ids, by)
        events = [change(gap) for gap in gaps]
        fields = ["state", "claimed_by", "claimed_at", "claim", "closed_by", "closed_at", "closed_run"]
        Gap.objects.bulk_update(gaps, fields, batch_size=200)
        GapEvent.objects.bulk_create(events)
        detail = {"count": len(gaps), "state": gaps[0].state, "text": events[0].text}
        write(
            by=by, verb=verb, obj=("gap", _keys(gaps)), detail=detail, reason=reason, at=at, address=address
        )
    return len(gaps)


def _locked(gap_ids: Sequence[int], by: User) -> list[Gap]:
    """The lines, locked until the end of the transaction; those outside the person's area do not exist for him."""
    if not gap_ids:
        raise Refused("没有选中任何缺口，请先勾选")
    wanted = ledger(scope_of(by)).filter(pk__in=list(gap_ids)).order_by("pk")
    gaps = list(wanted.select_for_update(of=("self",)))
    if len(gaps) < len(set(gap_ids)):
        raise Refused(
            f"选中的 {len(set(gap_ids)):,} 条中有 {len(set(gap_ids)) - len(gaps):,} 条不在您的辖区内"
        )
    return gaps


def _refusal_of_plan(gap: Gap, new: Mapping[str, object], *, by: User, today: date) -> str | None:
    refusal = rules.why_not_plan(gap, by=by, in_area=True, fields=tuple(new))
    due, price = new.get("due"), new.get("unit_price")
    if refusal is None and isinstance(due, date):
        refusal = rules.why_not_due(due, today=today)
    if refusal is None and isinstance(price, int | float):
        refusal = rules.why_not_price(price)
    return refusal


def _demand(refusal: str | None, gap: Gap | None = None) -> None:
    if refusal:
        raise Refused(f"{gap.school}（{gap.stage}）{gap.title}：{refusal}" if gap else refusal)


def _keys(gaps: Sequence[Gap]) -> str:
    """Ids as the log's key; a long list is cut there and whole in no place but the events."""
    return ",".join(str(gap.pk) for gap in gaps[:20]) + ("…" if len(gaps) > 20 else "")


def _shown(value: object) -> str:
    return "空" if value in (None, "") else f"{value:g}" if isinstance(value, float) else str(value)
