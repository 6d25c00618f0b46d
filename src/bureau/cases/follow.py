"""台账跟随数据: writes what a comparison means for the cases of one ledger, in a few statements however many cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.cases import owning
from bureau.cases.follow_writer import Writer
from bureau.cases.models import Case, Event, Sweep
from bureau.cases.opening import new_case
from bureau.cases.reconcile import Changes, Key, Known, reconcile
from bureau.cases.subjects import Place
from bureau.log.actions import write
from bureau.log.models import Verb
from junheng.detecting import Candidate
from junheng.policy.ledgers import LIVE, Ledger


@dataclass(slots=True)
class Tally:
    """变动数 of one ledger."""

    found: int = 0
    opened: int = 0
    refreshed: int = 0
    gone: int = 0
    back: int = 0
    reopened: int = 0
    contradicted: int = 0
    placed: int = 0
    unplaced: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was written beyond the date of the evidence."""
        counts = asdict(self)
        return any(counts[name] for name in counts if name not in ("found", "refreshed", "unplaced"))


def follow(
    *,
    county_code: str,
    ledger: Ledger,
    found: Sequence[Candidate],
    places: Mapping[str, Place],
    day: date,
    at: datetime,
    today: date,
    seconds: float = 0.0,
) -> Sweep:
    """跟随一次比对 of one ledger; doing it twice changes nothing. `places` also holds where live cases stand today.

    A candidate without a place (a key the registers do not know) opens no case and is counted as unplaced.
    """
    with transaction.atomic():
        cases = {
            case.pk: case
            for case in Case.objects.select_for_update()
            .filter(county_code=county_code, ledger=ledger.code)
            .exclude(phase="passed")
        }
        candidates = _together(found)
        decided = _decided(ledger)
        changes = reconcile(
            [_known(case, decided) for case in cases.values()],
            candidates,
            day=day,
            period_days=ledger.period_days,
            today=today,
            again_days=ledger.again_days,
            elsewhere=_elsewhere(county_code, ledger),
        )
        writer = Writer(ledger, day, at, today, owning.class_teachers(county_code, today))
        tally = _write(writer, changes, cases, candidates, places, county_code)
        writer.save()
        sweep = Sweep.objects.create(
            county_code=county_code,
            ledger=ledger.code,
            day=day,
            at=at,
            found=tally.found,
            opened=tally.opened,
            refreshed=tally.refreshed,
            gone=tally.gone,
            back=tally.back,
            reopened=tally.reopened,
            contradicted=tally.contradicted,
            seconds=seconds,
        )
        if tally.changed:
            counts = {name: value for name, value in asdict(tally).items() if value}
            write(
                by=None,
                verb=Verb.MOVE_CASE,
                obj=("ledger", f"{county_code} {ledger.code}"),
                detail={"day": day, **counts},
                at=at,
            )
    return sweep


def _together(found: Sequence[Candidate]) -> dict[Key, dict[str, object]]:
    """{key: {"evidence", "detectors"}}: several detectors of a ledger may find the same subject."""
    candidates: dict[Key, dict[str, object]] = {}
    for one in found:
        entry = candidates.setdefault((one.subject_key, one.item), {"evidence": {}, "detectors": []})
        evidence, detectors = entry["evidence"], entry["detectors"]
        if isinstance(evidence, dict) and isinstance(detectors, list):
            evidence.update(one.evidence)
            if one.detector not in detectors:
                detectors.append(one.detector)
    return candidates


def _decided(ledger: Ledger) -> set[str]:
    """States that people close from without the data: what a register goes on showing contradicts nobody there.

    A disabled child stays on the register of the disabled when the yearly review is done.
    """
    ends = {state.name for state in ledger.states if state.phase == "closed"}
    return {source for move in ledger.moves if move.target in ends for source in move.sources}


def _known(case: Case, decided: Collection[str]) -> Known:
    said = case.state_since if case.phase == "claimed" and case.state not in decided else None
    return Known(
        case.pk,
        (case.subject_key, case.item),
        case.phase,
        case.evidence_on is not None,
        case.closed_on,
        said,
        case.evidence_gone_on,
    )


def _elsewhere(county_code: str, ledger: Ledger) -> set[Key]:
    """Subjects whose case was passed on and lives in the other ledger."""
    others = [move.passes_to for move in ledger.moves if move.passes_to]
    rows = Case.objects.filter(county_code=county_code, ledger__in=others, phase__in=LIVE)
    return set(rows.values_list("subject_key", "item"))


def _write(
    writer: Writer,
    changes: Changes,
    cases: Mapping[int, Case],
    candidates: Mapping[Key, Mapping[str, object]],
    places: Mapping[str, Place],
    county_code: str,
) -> Tally:
    ledger, day = writer.ledger, writer.day
    tally = Tally(found=len(candidates))
    for key in changes.open:
        place = places.get(key[0])
        if place is None:
            tally.unplaced += 1
            continue
        case = new_case(ledger, county_code, key[0], key[1], place, day=writer.today, days=writer.calendar)
        _evidence(case, candidates[key], day)
        writer.open(case)
        tally.opened += 1
    for pk, key in changes.refresh:
        case = cases[pk]
        if case.evidence_on != day or case.evidence != candidates[key]["evidence"]:
            # Most of a night's findings are those of the night before: of them only the day is written.
            same = case.evidence == candidates[key]["evidence"] and case.evidence_gone_on is None
            same = same and case.detectors == candidates[key]["detectors"]
            _seen_again(writer, case, candidates[key], day)
            if same:
                writer.still.append(pk)
            else:
                writer.seen[pk] = case
            tally.refreshed += 1
    for pk, key in changes.contradict:
        case = cases[pk]
        _seen_again(writer, case, candidates[key], day)
        if not case.contradiction:
            case.contradiction = f"{case.state_since} 已报完成，但 {day} 的数据仍显示没有解决"
            writer.event(case, Event.What.CONTRADICTED, case.contradiction)
            tally.contradicted += 1
        writer.changed[pk] = case
    for pk, key in changes.back:
        case = cases[pk]
        _evidence(case, candidates[key], day)
        state = ledger.state(case.before_solved) if case.before_solved in _names(ledger) else ledger.initial
        writer.enter(case, state, Event.What.BACK, f"{day} 的数据又显示没有解决")
        tally.back += 1
    for pk, key in changes.reopen:
        case = cases[pk]
        _evidence(case, candidates[key], day)
        text = f"{case.closed_on} 已销号，{day} 的数据再次发现"
        case.reopened += 1
        case.closed_by = case.closed_at = case.closed_on = case.done_by = case.done_at = None
        writer.enter(case, ledger.initial, Event.What.REOPENED, text)
        tally.reopened += 1
    solved = ledger.solved
    for pk in changes.gone if solved is not None else ():
        case = cases[pk]
        if solved is None:
            continue
        case.before_solved, case.evidence_gone_on = case.state, day
        writer.enter(case, solved, Event.What.GONE, f"{day} 的数据不再显示，请核实")
        tally.gone += 1
    Case.objects.filter(pk__in=changes.settle).update(evidence_gone_on=day)
    for case in cases.values():
        place = places.get(case.subject_key)
        if place is not None and case.phase in LIVE and writer.place(case, place):
            tally.placed += 1
    return tally


def _names(ledger: Ledger) -> set[str]:
    return {state.name for state in ledger.states if state.phase in LIVE}


def _evidence(case: Case, candidate: Mapping[str, object], day: date) -> None:
    case.evidence, case.detectors = candidate["evidence"], candidate["detectors"]
    case.evidence_on, case.evidence_gone_on = day, None


def _seen_again(writer: Writer, case: Case, candidate: Mapping[str, object], day: date) -> None:
    """The evidence as it is now; what the ledger tracks and has changed stands in the history."""
    before = writer.tracked(case)
    _evidence(case, candidate, day)
    after = writer.tracked(case)
    words = [
        f"{name}：{before.get(name, '')} → {now}" for name, now in after.items() if now != before.get(name)
    ]
    if words:
        writer.event(case, Event.What.FOUND, f"{day} 的数据：{'；'.join(words)}", before=case.state)
