"""认定的写入: same, different, to be visited; the second person; undoing. Decisions are kept for every later version of the register."""

from datetime import datetime

from django.db import transaction

from bureau.links import rules
from bureau.links.models import Decision, Link, OutsideRegister
from bureau.links.pupils import newest
from bureau.links.queries import in_county
from bureau.links.storing import fingerprint
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.registry.models import Student

_OUTSIDE = "这一行不属于您的辖区"


def decide(
    *, link: Link, verdict: str, by: User, at: datetime, reason: str = "", student_key: str = "", address: str = ""
) -> Link:  # fmt: skip
    """认定: same, different or visit; waits for a second person where the rules ask. `student_key` names another pupil than the one shown. Raises Refused."""
    with transaction.atomic():
        link = _locked(link)
        candidate = student_key or link.student_key or link.near_key
        demand(_in_area(by, link))
        demand(
            rules.why_not_decide(
                by.role, state=link.state, register=link.of.state, verdict=verdict, candidate=bool(candidate), reason=reason,
                two_numbers=link.two_numbers, sampled=link.sampled,
            )
        )  # fmt: skip
        student = _student(link.of, candidate)
        if student_key and student is None:
            raise Refused("选的学生不在学籍名册中，请重新选择")
        audit = link.state == "automatic"
        two = rules.why_second(
            verdict=verdict, machine=link.machine, before=link.state, two_numbers=link.two_numbers, twin_like=link.twin_like and not audit
        )  # fmt: skip
        _record(link, verdict, student, by=by, at=at, reason=reason, two=two, audit=audit, address=address)
    return link


def overturn(*, link: Link, reason: str, by: User, at: datetime, address: str = "") -> Link:
    """改判: an automatic link that somebody sees to be wrong. Raises Refused."""
    with transaction.atomic():
        link = _locked(link)
        demand(_in_area(by, link))
        demand(rules.why_not_overturn(by.role, state=link.state, reason=reason))
        student = _student(link.of, link.student_key)
        _record(
            link,
            "different",
            student,
            by=by,
            at=at,
            reason=reason,
            two="",
            audit=link.sampled,
            address=address,
        )
    return link


def _record(
    link: Link, verdict: str, student: Student | None, *, by: User, at: datetime, reason: str, two: str, audit: bool, address: str
) -> None:  # fmt: skip
    """The decision and what it makes of the line; a standing one on the same pair was contradicted and gives way."""
    line, key = link.line, student.key if student else ""
    standing = Decision.objects.filter(
        county_code=link.of.county_code, source=link.of.source, line_key=line.key, undone_at=None
    )
    standing.update(undone_by=by, undone_at=at, undone_reason="资料变化后重新认定")
    decision = Decision.objects.create(
        county_code=link.of.county_code,
        source=link.of.source,
        line_key=line.key,
        student_key=key,
        line_fingerprint=line.fingerprint,
        student_fingerprint=fingerprint_of(student) if student else "",
        verdict=verdict,
        reason=reason.strip()[:200],
        why_second=two,
        by=by,
        at=at,
        settled=not two,
        audit=audit,
    )
    link.decision, link.contradiction = decision, ""
    link.state = "second" if two else "automatic" if audit and verdict == "same" else verdict
    if student is not None:
        link.school_code = student.school_code
    _point(link, verdict, key)
    link.save(update_fields=["decision", "contradiction", "state", "student_key", "near_key", "school_code"])
    _log(
        link,
        Verb.MATCH,
        by=by,
        at=at,
        address=address,
        reason=reason,
        detail={"verdict": verdict, "two": two, "audit": audit},
    )


def _point(link: Link, verdict: str, key: str) -> None:
    """同一人 names the pupil; otherwise the pupil is only the one most like the line."""
    if verdict == "same":
        link.student_key, link.near_key = key, ""
    else:
        link.student_key, link.near_key = "", key or link.near_key


def second(*, link: Link, agrees: bool, by: User, at: datetime, reason: str = "", address: str = "") -> Link:
    """第二人复核: agreeing settles the decision; not agreeing undoes it and the pair is open again. Raises Refused."""
    with transaction.atomic():
        link = _locked(link)
        decision = link.decision
        demand(_in_area(by, link))
        demand(
            rules.why_not_second(
                by.role, state=link.state, by_first=decision is not None and decision.by_id == by.pk
            )
        )
        if decision is None:
            raise Refused("没有等待复核的认定")
        if agrees:
            decision.second, decision.second_at, decision.settled = by, at, True
            decision.save(update_fields=["second", "second_at", "settled"])
            link.state = decision.verdict
            link.save(update_fields=["state"])
        else:
            _undo(link, decision, by=by, at=at, reason=reason or "第二人不同意")
        verb = Verb.CONFIRM if agrees else Verb.RETURN
        _log(link, verb, by=by, at=at, address=address, reason=reason, detail={"verdict": decision.verdict})
    return link


def undo(*, link: Link, by: User, at: datetime, reason: str = "", address: str = "") -> Link:
    """撤销认定: the line is again what the machine said; the decision is kept as undone. Raises Refused."""
    with transaction.atomic():
        link = _locked(link)
        decision = link.decision
        demand(_in_area(by, link))
        demand(
            rules.why_not_undo(
                by.role, state=link.state, decided=decision is not None, by_own=decision is not None and decision.by_id == by.pk,
                two=decision is not None and decision.second_id is not None, reason=reason,
            )
        )  # fmt: skip
        if decision is not None:
            _undo(link, decision, by=by, at=at, reason=reason)
            _log(
                link,
                Verb.REOPEN,
                by=by,
                at=at,
                address=address,
                reason=reason,
                detail={"verdict": decision.verdict},
            )
    return link


def _undo(link: Link, decision: Decision, *, by: User, at: datetime, reason: str) -> None:
    decision.undone_by, decision.undone_at, decision.undone_reason = by, at, reason.strip()[:200]
    decision.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    link.decision, link.state = None, link.machine
    found, near = link.machine_key, ""
    link.student_key, link.near_key = (near, found) if link.machine == "unmatched" else (found, near)
    link.save(update_fields=["decision", "state", "student_key", "near_key"])


def fingerprint_of(student: Student) -> str:
    """What a pupil looks like to matching; the same as `pupils.load` works out."""
    return fingerprint(
        student.person_name or "", student.id_number_lookup or "", str(student.birth_date or ""), student.guardian_name or ""
    )  # fmt: skip


def _student(register: OutsideRegister, key: str) -> Student | None:
    return newest(register.county_code, {key}).get(key) if key else None


def _in_area(by: User, link: Link) -> str | None:
    return None if in_county(by, link.of.county_code) else _OUTSIDE


def _locked(link: Link) -> Link:
    rows = Link.objects.select_for_update(of=("self",)).select_related("line", "of", "decision")
    return rows.get(pk=link.pk)


def _log(
    link: Link, verb: Verb, *, by: User, at: datetime, address: str, reason: str, detail: dict[str, object]
) -> None:
    about = {"register": link.of_id, "place": link.line.place, "student": link.student_key or link.near_key}
    write(
        by=by, verb=verb, obj=("link", str(link.pk)), detail=about | detail, reason=reason, at=at, address=address
    )  # fmt: skip
