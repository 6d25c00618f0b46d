"""评分的写入: fetching computed figures, typing points with their evidence, the second check. One transaction, one log line each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from bureau.log.models import Verb
from bureau.people.file_rules import why_not_file
from bureau.people.kept import Upload, keep
from bureau.people.models import Organisation, User
from bureau.people.rules import demand
from bureau.performance import queries, rules, score_rules, scoring
from bureau.performance.actions import done, locked
from bureau.performance.computing import Facts, Raw
from bureau.performance.models import Criterion, Scheme, SchemeEvent, Score, ScoreFile
from bureau.performance.states import Event, State

ROOM = "performance"


@dataclass(frozen=True, slots=True)
class Entry:
    """填一格: points of one unit in one criterion, or `exempt` with the reason in `text`."""

    unit: int
    criterion: int
    points: Decimal | None
    text: str = ""
    exempt: bool = False
    uploads: Sequence[Upload] = ()


def start(*, scheme: Scheme, by: User, at: datetime, today: date, address: str = "") -> Scheme:
    """开始评分: a cell for every unit and criterion, the computed ones filled from the stored results."""
    with transaction.atomic():
        one = locked(scheme, by)
        demand(rules.why_not_start(one.state, by=by, today=today, starts=one.starts))
        one.state = State.SCORING
        changed = _compute(one, by=by, at=at, today=today)
        words = f"按数据算出 {changed} 项"
        done(one, Verb.RUN, Event.START, words, by=by, at=at, address=address)
    return one


def compute(*, scheme: Scheme, by: User, at: datetime, today: date, address: str = "") -> int:
    """重新取数: the computed cells from the newest results; answers how many changed. Typed points of a figure that has come
    in since give way to it, and the history keeps them."""
    with transaction.atomic():
        one = locked(scheme, by)
        demand(score_rules.why_not_compute(one.state, by=by))
        changed = _compute(one, by=by, at=at, today=today)
        done(one, Verb.RUN, "compute", f"{changed} 项有变化", by=by, at=at, address=address)
    return changed


def score_many(*, scheme: Scheme, entries: Sequence[Entry], by: User, at: datetime, address: str = "") -> int:
    """填写得分, all or none; answers how many were new or changed. Raises Refused naming every cell that is not taken."""
    with transaction.atomic():
        one = locked(scheme, by)
        units = {unit.pk: unit for unit in one.units.all()}
        criteria = {criterion.pk: criterion for criterion in one.criteria.all()}
        found = queries.scores(one, units.values())
        problems, changed = [], 0
        for entry in entries:
            unit, criterion = units.get(entry.unit), criteria.get(entry.criterion)
            if unit is None or criterion is None:
                problems.append("有一行的单位或指标不在这个方案里，请重新下载评分表")
                continue
            before = found.get((entry.unit, entry.criterion))
            if before is not None and _same(before, entry):
                continue
            wrong = [
                score_rules.why_not_score(
                    one.state, by=by, criterion=criterion, score=before, points=entry.points, exempt=entry.exempt,
                    text=entry.text,
                ),
                *_bad_files(entry.uploads, before),
            ]  # fmt: skip
            problems += [f"{unit.name}“{criterion.title}”：{why}" for why in wrong if why]
            if not problems:
                _write(one, unit, criterion, before, entry, by=by, at=at)
                changed += 1
        demand("；".join(problems) or None)
        if changed:
            done(one, Verb.REPORT, "score", f"{changed} 项", by=by, at=at, address=address)
    return changed


def check(*, scheme: Scheme, scores: Sequence[int], by: User, at: datetime, address: str = "") -> int:
    """复核 by a second person, all or none; answers how many."""
    with transaction.atomic():
        one = locked(scheme, by)
        rows = _rows(one, scores)
        demand(None if rows else "请先选择要复核的单位")
        refusals = [
            f"{row.organisation.name}“{row.criterion.title}”：{why}"
            for row in rows
            if (why := score_rules.why_not_check(one.state, by=by, score=row))
        ]
        demand("；".join(refusals) or None)
        for row in rows:
            row.checked_by, row.checked_at = by, at
            row.save()
        done(
            one,
            Verb.CONFIRM,
            "check",
            f"{len(rows)} 项",
            by=by,
            at=at,
            address=address,
            detail={"scores": list(scores)},
        )
    return len(rows)


def send_back(
    *, scheme: Scheme, scores: Sequence[int], reason: str, by: User, at: datetime, address: str = ""
) -> int:
    """退回 with the reason: the points go, their history stays, and they have to be typed anew."""
    with transaction.atomic():
        one = locked(scheme, by)
        rows = _rows(one, scores)
        demand(None if rows else "请先选择要退回的单位")
        refusals = [
            f"{row.organisation.name}“{row.criterion.title}”：{why}"
            for row in rows
            if (why := score_rules.why_not_return(one.state, by=by, score=row, reason=reason))
        ]
        demand("；".join(dict.fromkeys(refusals)) or None)
        for row in rows:
            _remember(one, row, "return", reason, by=by, at=at)
            row.points, row.exempt, row.by, row.checked_by, row.checked_at = None, False, None, None, None
            row.save()
        done(
            one,
            Verb.RETURN,
            "send_back",
            reason,
            by=by,
            at=at,
            address=address,
            detail={"scores": list(scores)},
        )
    return len(rows)


def _compute(scheme: Scheme, *, by: User, at: datetime, today: date) -> int:
    facts = Facts(scheme, today)
    scheme.run = facts.run
    units = list(scheme.units.select_related("area"))
    found = queries.scores(scheme, units)
    changed = 0
    for criterion in scheme.criteria.all():
        for unit in units:
            before = found.get((unit.pk, criterion.pk))
            if criterion.source not in scoring.COMPUTED:
                if before is None:
                    Score.objects.create(criterion=criterion, organisation=unit, at=at)
                continue
            raw = facts.raw(criterion, unit)
            row = before or Score(criterion=criterion, organisation=unit, at=at)
            new = _filled(row, criterion, raw, at)
            if before is not None and new:
                _remember(scheme, before, "compute", "", by=by, at=at, was=new)
            changed += before is None or new is not None
            row.save()
    return changed


def _filled(row: Score, criterion: Criterion, raw: Raw, at: datetime) -> dict[str, object] | None:
    """Put the figure into the row; answers what it said before when its points change."""
    before = _state(row)
    row.value, row.unit, row.numerator, row.denominator = raw.value, raw.unit, raw.numerator, raw.denominator
    row.run, row.detail, row.missing = raw.run, raw.detail, raw.missing
    told = raw.exempt or raw.value is not None
    if told:
        row.computed, row.exempt = True, raw.exempt
        row.by, row.checked_by, row.checked_at, row.text = None, None, None, ""
        row.points = None
        if raw.value is not None and criterion.target is not None:
            row.points = scoring.points_of(
                rule=criterion.rule, weight=criterion.weight, value=raw.value, target=criterion.target,
                floor=criterion.floor, at_most=criterion.at_most,
            )  # fmt: skip
    elif row.computed:
        row.computed, row.exempt, row.points = False, False, None
    if _state(row) == before:
        return None
    row.at = at
    return before


def _write(
    scheme: Scheme,
    unit: Organisation,
    criterion: Criterion,
    before: Score | None,
    entry: Entry,
    *,
    by: User,
    at: datetime,
) -> None:
    row = before or Score(criterion=criterion, organisation=unit)
    was = _state(row)
    row.points = None if entry.exempt else entry.points
    row.exempt, row.text, row.by, row.at = entry.exempt, entry.text.strip(), by, at
    row.save()
    for upload in entry.uploads:
        ScoreFile.objects.create(
            score=row,
            name=upload.short_name,
            sha256=keep(ROOM, upload.content),
            size=len(upload.content),
            by=by,
            at=at,
        )
    _remember(scheme, row, "score", row.text, by=by, at=at, was=was)


def _remember(
    scheme: Scheme,
    row: Score,
    what: str,
    text: str,
    *,
    by: User,
    at: datetime,
    was: Mapping[str, object] | None = None,
) -> None:
    """One line of history of a cell: what it said before, and what it says now."""
    SchemeEvent.objects.create(
        scheme=scheme,
        organisation=row.organisation,
        criterion_title=row.criterion.title,
        at=at,
        by=by,
        what=f"cell_{what}",
        text=text.strip(),
        before={"before": dict(was or _state(row)), "now": _state(row)},
    )


def _state(row: Score) -> dict[str, object]:
    return {
        "points": scoring.plain(row.points),
        "exempt": row.exempt,
        "computed": row.computed,
        "by": row.by.display_name if row.by else "",
    }


def _same(row: Score, entry: Entry) -> bool:
    """Nothing typed into an empty cell, or just what it says already."""
    if entry.points is None and not entry.exempt and not entry.text.strip() and not entry.uploads:
        return True
    return (
        (row.points, row.exempt, row.text) == (entry.points, entry.exempt, entry.text.strip())
        and row.by_id is not None
        and not entry.uploads
    )


def _bad_files(uploads: Sequence[Upload], row: Score | None) -> list[str | None]:
    have = row.files.count() if row and row.pk and uploads else 0
    return [
        why_not_file(upload.name, len(upload.content), upload.content[:8], files=have + number)
        for number, upload in enumerate(uploads)
    ]


def _rows(scheme: Scheme, scores: Sequence[int]) -> list[Score]:
    rows = Score.objects.select_for_update(of=("self",)).filter(criterion__scheme=scheme, pk__in=list(scores))
    return list(rows.select_related("organisation", "criterion", "by"))
