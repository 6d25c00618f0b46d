"""督办的写入: drafting, issuing, receipt, answers, checks and extensions. One transaction and one log line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.file_rules import why_not_file
from bureau.people.kept import Upload, keep
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused, demand
from bureau.plans.duty_models import Duty
from bureau.plans.target_models import Target
from bureau.supervision import queries, rules
from bureau.supervision.models import Extension, Inspection, Slip, SlipEvent, SlipFile
from bureau.supervision.states import Event, State
from bureau.workdays.queries import calendar

ROOM = "supervision"


@dataclass(frozen=True, slots=True)
class Draft:
    """拟稿: what a slip says. `working_days` None means that nobody typed a number."""

    title: str
    requirement: str
    organisation: Organisation | None
    working_days: int | None
    kind: str = Slip.Kind.SUPERVISION
    level: str = Slip.Level.ORDINARY
    basis: str = ""
    finding: str = ""
    supports: Sequence[Organisation] = ()
    duty: Duty | None = None
    target: Target | None = None
    inspection: Inspection | None = None


def draft(
    *, county_code: str, what: Draft, by: User, at: datetime, slip: Slip | None = None, address: str = ""
) -> Slip:
    """拟稿, or change a draft that is there. Raises Refused with every missing part."""
    demand(
        rules.why_not_draft(
            by=by,
            title=what.title,
            requirement=what.requirement,
            organisation=what.organisation is not None,
            working_days=what.working_days,
            rectification=what.kind == Slip.Kind.RECTIFICATION,
            finding=what.finding,
        )
    )
    with transaction.atomic():
        one = _locked(slip) if slip else Slip(county_code=county_code, drafted_by=by, drafted_at=at)
        if one.state != State.DRAFT:
            raise Refused("只有拟稿中的才能修改；已发出的可以撤回后重拟")
        one.title, one.requirement = what.title.strip(), what.requirement.strip()
        one.basis, one.finding = what.basis.strip(), what.finding.strip()
        one.kind, one.level = what.kind, what.level
        one.organisation = what.organisation  # type: ignore[assignment]  # the rule has seen to it
        one.working_days = what.working_days or 0
        one.duty, one.target, one.inspection = what.duty, what.target, what.inspection
        one.save()
        one.supports.set(what.supports)
        _done(one, Verb.CHANGE if slip else Verb.CREATE, "draft", "", by=by, at=at, address=address)
    return one


def issue(*, slip: Slip, by: User, at: datetime, today: date, address: str = "") -> Slip:
    """发出: numbers the slip and counts its deadline over the calendar as it stands."""
    with transaction.atomic():
        one = _locked(slip)
        demand(rules.why_not_issue(one, by=by))
        days = calendar()
        one.state, one.issued_by, one.issued_at = State.ISSUED, by, at
        one.due = days.after(today, one.working_days)
        one.due_doubt = days.doubts(today, one.due) or ""
        one.year = today.year
        last = Slip.objects.filter(county_code=one.county_code, kind=one.kind, year=one.year).aggregate(
            last=Max("serial")
        )["last"]
        one.serial = (last or 0) + 1
        return _done(one, Verb.ASSIGN, Event.ISSUE, "", by=by, at=at, address=address)


def receive(*, slip: Slip, by: User, at: datetime, remark: str = "", address: str = "") -> Slip:
    """签收, by the unit, or for a unit without an account by who supervises (then said in the remark)."""
    with transaction.atomic():
        one = _locked(slip)
        acts = queries.acts_for(by, one.organisation)
        demand(rules.why_not_receive(one, by=by, acts=acts))
        one.state, one.received_by, one.received_at = State.RECEIVED, by, at
        words = remark.strip() or ("" if acts else f"代{one.organisation.name}签收")
        return _done(one, Verb.CONFIRM, Event.RECEIVE, words, by=by, at=at, address=address)


def note(*, slip: Slip, text: str, by: User, at: datetime, address: str = "") -> Slip:
    """记进展: a unit says how it goes, without answering yet."""
    with transaction.atomic():
        one = _locked(slip)
        refusal = rules.why_not_answer(one, by=by, acts=queries.acts_for(by, one.organisation), text=text)
        demand(refusal)
        return _done(one, Verb.REPORT, "note", text, by=by, at=at, address=address)


def answer(
    *, slip: Slip, text: str, uploads: Sequence[Upload] = (), by: User, at: datetime, address: str = ""
) -> Slip:
    """反馈 with its files, all or none. Raises Refused naming every file that is not taken."""
    with transaction.atomic():
        one = _locked(slip)
        demand(rules.why_not_answer(one, by=by, acts=queries.acts_for(by, one.organisation), text=text))
        problems = [
            problem
            for number, upload in enumerate(uploads)
            if (problem := why_not_file(upload.name, len(upload.content), upload.content[:8], files=number))
        ]
        demand("；".join(problems) or None)
        one.state, one.answered_by, one.answered_at = State.ANSWERED, by, at
        _done(one, Verb.SUBMIT, Event.ANSWER, text, by=by, at=at, address=address, uploads=uploads)
    return one


def confirm(*, slip: Slip, remark: str, by: User, at: datetime, address: str = "") -> Slip:
    """复核销号 by a second person, unless the data says otherwise."""
    with transaction.atomic():
        one = _locked(slip)
        demand(rules.why_not_confirm(one, by=by, contradiction=queries.contradiction_of(one)))
        one.state, one.closed_by, one.closed_at = State.CLOSED, by, at
        return _done(one, Verb.CLOSE, Event.CONFIRM, remark, by=by, at=at, address=address)


def send_back(*, slip: Slip, reason: str, by: User, at: datetime, address: str = "") -> Slip:
    """退办 with the reason; the deadline stays."""
    with transaction.atomic():
        one = _locked(slip)
        demand(rules.why_not_send_back(one, by=by, reason=reason))
        one.state = State.RECEIVED
        return _done(one, Verb.RETURN, Event.SEND_BACK, reason, by=by, at=at, address=address)


def withdraw(*, slip: Slip, reason: str, by: User, at: datetime, address: str = "") -> Slip:
    """撤回."""
    with transaction.atomic():
        one = _locked(slip)
        demand(rules.why_not_withdraw(one, by=by, reason=reason))
        one.state = State.WITHDRAWN
        return _done(one, Verb.CLOSE, Event.WITHDRAW, reason, by=by, at=at, address=address)


def ask_extension(
    *, slip: Slip, new_due: date | None, reason: str, by: User, at: datetime, today: date, address: str = ""
) -> Extension:
    """申请延期 before the due date."""
    with transaction.atomic():
        one = _locked(slip)
        demand(
            rules.why_not_extend(
                one,
                by=by,
                acts=queries.acts_for(by, one.organisation),
                pending=one.extensions.filter(granted=None).exists(),
                new_due=new_due,
                reason=reason,
                today=today,
            )
        )
        assert new_due is not None  # noqa: S101 — the rule has seen to it
        asked = Extension.objects.create(slip=one, new_due=new_due, reason=reason.strip(), by=by, at=at)
        words = f"申请延至{new_due:%Y-%m-%d}：{reason.strip()}"
        _done(one, Verb.SUBMIT, "ask_extension", words, by=by, at=at, address=address)
    return asked


def decide_extension(
    *, extension: Extension, granted: bool, remark: str, by: User, at: datetime, address: str = ""
) -> Slip:
    """答复延期: granting it moves the deadline."""
    with transaction.atomic():
        asked = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
        one = _locked(asked.slip)
        demand(
            rules.why_not_decide(by=by, asked_by_id=asked.by_id, decided=asked.granted is not None)
            or (None if granted or remark.strip() else "不同意须写明原因")
        )
        asked.granted, asked.remark, asked.decided_by, asked.decided_at = granted, remark.strip(), by, at
        asked.save()
        if granted:
            one.due = asked.new_due
        words = f"{'同意' if granted else '不同意'}延至{asked.new_due:%Y-%m-%d}" + (
            f"：{remark.strip()}" if remark.strip() else ""
        )
        return _done(one, Verb.CONFIRM, "decide_extension", words, by=by, at=at, address=address)


def _locked(slip: Slip) -> Slip:
    return (
        Slip.objects.select_for_update(of=("self",)).select_related("organisation", "target").get(pk=slip.pk)
    )


def _done(
    slip: Slip,
    verb: Verb,
    what: str,
    text: str,
    *,
    by: User,
    at: datetime,
    address: str,
    uploads: Sequence[Upload] = (),
) -> Slip:
    slip.save()
    event = SlipEvent.objects.create(slip=slip, at=at, by=by, what=str(what), text=text.strip())
    files = [
        SlipFile.objects.create(
            event=event,
            name=upload.short_name,
            sha256=keep(ROOM, upload.content),
            size=len(upload.content),
        )
        for upload in uploads
    ]
    detail: dict[str, object] = {"what": str(what), "state": slip.state, "number": queries.number_of(slip)}
    if files:
        detail["files"] = [f"{file.name} {file.sha256}" for file in files]
    obj = ("slip", str(slip.pk))
    write(by=by, verb=verb, obj=obj, detail=detail, reason=text.strip(), at=at, address=address)
    return slip
