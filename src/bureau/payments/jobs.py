"""后台办理的写入: a step over a long list is queued, taken whole by the worker, or cancelled; nothing half-saved."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bureau.payments import award_entitled, drafting, publication, review_actions
from bureau.payments import batch_queries as batches
from bureau.payments import job_rules as rules
from bureau.payments.fund_actions import demand_inside
from bureau.payments.models import AwardRound, Job
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, demand, why_not

State, Kind = Job.State, Job.Kind
Progress = Callable[[float], None]
ACCIDENT = "办理时出了意外，什么也没有存。请把名称和时间告诉系统管理员。"


class CancelledError(Exception):
    """Somebody does not want it any more."""


def ask(
    *,
    county_code: str,
    kind: str,
    title: str,
    rows: int,
    arguments: Mapping[str, object] | None = None,
    round: AwardRound | None = None,
    by: User,
    at: datetime,
    address: str = "",
) -> Job:
    """排一件后台办理. What the step itself refuses is said when it is taken up; the log line is the step's own."""
    if by.role != "school":
        demand_inside(by, county_code)
    try:
        with transaction.atomic():
            return Job.objects.create(
                county_code=county_code,
                kind=kind,
                title=title[:100],
                rows=rows,
                arguments=dict(arguments or {}),
                round=round,
                by=by,
                at=at,
                address=address[:45],
            )
    except IntegrityError:
        raise Refused(str(rules.why_not_ask(under_way=True))) from None


def carry_out(*, job: Job, at: Callable[[], datetime], today: date, progress: Progress) -> Job:
    """办理, in the worker. A second delivery does nothing; refusals are kept with the job."""
    if not Job.objects.filter(pk=job.pk, state=State.WAITING).update(state=State.DOING):
        return Job.objects.get(pk=job.pk)
    said, state = ACCIDENT, State.REFUSED
    try:
        write = _ready(job, at=at(), today=today, progress=progress)
        with transaction.atomic():
            _end(job, State.DONE, write(), at=at())
        return Job.objects.get(pk=job.pk)
    except Refused as refusal:
        said = str(refusal)
    except CancelledError:
        said, state = "已取消，什么也没有存", State.CANCELLED
    finally:
        Job.objects.filter(pk=job.pk, state=State.DOING).update(state=state, said=said, ended_at=at())
    return Job.objects.get(pk=job.pk)


def cancel(*, job: Job, by: User, at: datetime) -> None:
    """取消: the worker stops at its next mark."""
    reviews = why_not(by.role, Permission.REVIEW_AWARDS)
    demand(rules.why_not_cancel(state=job.state, own=job.by_id == by.pk, reviews=reviews))
    going_on = Job.objects.filter(pk=job.pk, state__in=rules.UNDER_WAY)
    if not going_on.update(state=State.CANCELLED, said="已取消，什么也没有存", ended_at=at):
        raise Refused(str(rules.why_not_cancel(state=State.DONE, own=True, reviews=None)))


def under_way(county_code: str, **where: object) -> QuerySet[Job]:
    """正在后台办理的."""
    return Job.objects.filter(county_code=county_code, state__in=rules.UNDER_WAY, **where)


def _end(job: Job, state: Job.State, said: str, *, at: datetime) -> None:
    """In the transaction of what was done: both or neither."""
    going_on = Job.objects.filter(pk=job.pk, state=State.DOING)
    if not going_on.update(state=state, said=said, ended_at=at, progress=1):
        raise CancelledError


def _ready(job: Job, *, at: datetime, today: date, progress: Progress) -> Callable[[], str]:
    """Reads all that is needed; what it answers only writes."""
    by, address = job.by, job.address
    if job.kind == Kind.DRAFT:
        return _draft(job, at=at, today=today, progress=progress)
    if job.round is None:
        raise Refused("没有说明是哪一批")
    one = job.round
    if job.kind == Kind.ENTITLED:
        found = award_entitled.entitled(one, by=by, progress=progress)
        return lambda: award_entitled.propose_found(found, round=one, by=by, at=at, address=address).sentence
    step = review_actions.school_pass if job.kind == Kind.SCHOOL_PASS else review_actions.review_pass
    return lambda: step(round=one, by=by, at=at, address=address).sentence


def _draft(job: Job, *, at: datetime, today: date, progress: Progress) -> Callable[[], str]:
    by = job.by
    publication.keep_up(county_code=job.county_code, today=today, at=at)
    template = batches.templates(job.county_code).filter(pk=job.arguments.get("template")).first()
    ready = drafting.get_ready(
        county_code=job.county_code,
        title=job.title,
        awards=batches.drawn_from(job.county_code, job.arguments.get("rounds") or {}),
        template=template,
        by=by,
        progress=progress,
    )

    def write() -> str:
        batch = drafting.write(ready, by=by, at=at, address=job.address)
        Job.objects.filter(pk=job.pk).update(batch=batch)
        return f"已制批次，{batch.lines_count:,} 笔；核对后报审"

    return write
