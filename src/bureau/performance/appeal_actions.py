"""申诉的写入: a unit appeals, somebody who has not scored decides, and an upheld appeal changes points, ranks and grades at once."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from bureau.log.models import Verb
from bureau.people.file_rules import why_not_file
from bureau.people.kept import Upload, keep
from bureau.people.models import Organisation, User
from bureau.people.rules import demand
from bureau.performance import queries, score_rules, scoring
from bureau.performance.actions import done, locked, settle
from bureau.performance.models import Appeal, AppealFile, Criterion, Scheme, SchemeEvent, Score
from bureau.performance.score_actions import ROOM
from bureau.plans.task_queries import acts_for


def appeal(
    *,
    scheme: Scheme,
    unit: Organisation,
    criterion: Criterion | None,
    text: str,
    uploads: Sequence[Upload] = (),
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Appeal:
    """申诉, with its files; against the whole result when no criterion is named."""
    with transaction.atomic():
        one = locked(scheme, by)
        demand(
            score_rules.why_not_appeal(
                one.state,
                by=by,
                acts=unit.pk in acts_for(by) and one.units.filter(pk=unit.pk).exists(),
                pending=one.appeals.filter(organisation=unit, criterion=criterion, upheld=None).exists(),
                text=text,
                appeal_until=one.appeal_until,
                today=today,
            )
        )
        problems = [
            problem
            for number, upload in enumerate(uploads)
            if (problem := why_not_file(upload.name, len(upload.content), upload.content[:8], files=number))
        ]
        demand("；".join(problems) or None)
        asked = Appeal.objects.create(
            scheme=one, organisation=unit, criterion=criterion, text=text.strip(), by=by, at=at
        )
        for upload in uploads:
            AppealFile.objects.create(
                appeal=asked,
                name=upload.short_name,
                sha256=keep(ROOM, upload.content),
                size=len(upload.content),
            )
        event = done(
            one, Verb.SUBMIT, "appeal", text, by=by, at=at, address=address,
            detail={"appeal": asked.pk, "unit": unit.name, "files": [upload.short_name for upload in uploads]},
        )  # fmt: skip
        _of(event, unit, criterion)
    return asked


def decide(
    *,
    appeal: Appeal,
    upheld: bool,
    answer: str,
    criterion: Criterion | None = None,
    points: Decimal | None = None,
    by: User,
    at: datetime,
    address: str = "",
) -> Appeal:
    """答复申诉: upheld with the points that change, or not upheld; always with its reason."""
    with transaction.atomic():
        scheme = locked(appeal.scheme, by)
        asked = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
        about = criterion or asked.criterion
        if about is not None and about.scheme_id != scheme.pk:
            about = None
        score = (
            Score.objects.filter(criterion=about, organisation=asked.organisation_id).first()
            if about
            else None
        )
        before = score.points if score else None
        demand(
            score_rules.why_not_decide(
                scheme.state,
                by=by,
                decided=asked.upheld is not None,
                asked_by_id=asked.by_id,
                scorers=queries.scorers(asked, about),
                acts=asked.organisation_id == by.organisation_id,
            )
            or score_rules.why_not_outcome(
                upheld=upheld, answer=answer, criterion=about, points=points, before=before
            )
        )
        asked.upheld, asked.answer, asked.decided_by, asked.decided_at = upheld, answer.strip(), by, at
        words = f"不采纳：{asked.answer}"
        if upheld and score is not None and points is not None and about is not None:
            asked.changed, asked.before, asked.after = about, before, points
            score.points, score.exempt, score.appealed = points, False, True
            score.save()
            words = f"采纳，{about.title}由 {scoring.plain(before) or '不适用'} 改为 {scoring.plain(points)}：{asked.answer}"
        asked.save()
        was = dict(scheme.results.values_list("organisation__name", "rank"))
        if upheld:
            settle(scheme, at=at)
        event = done(
            scheme, Verb.CONFIRM, "decide_appeal", words, by=by, at=at, address=address,
            before={"ranks": was} if upheld else None, detail={"appeal": asked.pk, "upheld": upheld},
        )  # fmt: skip
        _of(event, asked.organisation, about)
    return asked


def _of(event: SchemeEvent, unit: Organisation, criterion: Criterion | None) -> None:
    event.organisation, event.criterion_title = unit, criterion.title if criterion else ""
    event.save()
