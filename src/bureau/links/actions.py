"""外部名册的写入: read and compare, cancel, accept, withdraw; one transaction and one log line each."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from bureau.links import comparing, rules
from bureau.links.holding import why_held
from bureau.links.models import Decision, Line, Link, OutsideRegister, SchoolAge
from bureau.links.pupils import Pupils, load
from bureau.links.queries import ages_of, in_county, may_see_file, school_names
from bureau.links.reading import CannotRead, read_files
from bureau.links.receiving import ROOM, chosen_of
from bureau.links.storing import store
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.kept import open_kept
from bureau.people.models import User
from bureau.people.queries import township_codes
from bureau.people.rules import demand
from bureau.registry import queries as registered
from bureau.registry.bulk import insert

BROKEN = "读取或比对时出了意外，名册没有入库。请把文件和时间告诉系统管理员。"
State = OutsideRegister.State


class CancelledError(Exception):
    """Somebody asked for the reading to stop."""


def run(
    *, register: OutsideRegister, at: datetime, pupils: Pupils | None = None, progress: Callable[[float], None] = lambda share: None
) -> OutsideRegister:  # fmt: skip
    """读取并比对: the worker's part. A file that cannot be read is refused with its sentences. `progress` may raise CancelledError."""
    if register.state == State.MATCHING:
        return compare(register=register, at=at, pupils=pupils, progress=progress)
    # What was cut off while reading begins again.
    if not _move(register, State.READING, {State.RECEIVED, State.READING}):
        return register
    try:
        files = [(file["name"], open_kept(ROOM, file["sha256"], file["name"])) for file in register.files]
        choices = [chosen_of(file) for file in register.files]
        reading = read_files(register.source, files, lambda share: progress(share * 0.2), choices=choices, day=register.day)  # fmt: skip
    except CannotRead as refused:
        _move(register, State.REFUSED, {State.READING}, note=str(refused), counts={"seen": refused.seen})
        return register
    progress(0.2)
    with transaction.atomic():
        counts = store(
            register,
            reading,
            township_codes(register.county_code),
            {name: code for code, name in school_names(register.county_code).items()},
            lambda share: None,
        )
        counts |= {"seen": reading.seen, "heads_only": reading.heads_only, "guessed": reading.guessed}
        if not _move(register, State.MATCHING, {State.READING}, counts=counts, notes=reading.notes):
            raise CancelledError
    return compare(
        register=register, at=at, pupils=pupils, progress=lambda share: progress(0.3 + share * 0.7)
    )


def compare(
    *, register: OutsideRegister, at: datetime, pupils: Pupils | None = None, progress: Callable[[float], None] = lambda share: None
) -> OutsideRegister:  # fmt: skip
    """比对（和重新比对） with the newest student register; decisions of people are kept and, where they still hold, applied."""
    county = register.county_code
    day = registered.latest_day(county) or register.day
    also = register.day if register.day < day else None
    if pupils is None or pupils.day != day:
        pupils = load(county, day, also=also, progress=lambda share: progress(share * 0.4))
    lines = list(Line.objects.filter(of=register).order_by("number"))
    standing = Decision.objects.filter(county_code=county, source=register.source, undone_at=None)
    found = comparing.compare(
        register, lines, pupils, list(standing), ages=ages_of(county), progress=lambda share: progress(0.4 + share * 0.5)
    )  # fmt: skip
    with transaction.atomic():
        note = "" if register.accepted_by_id else why_held(register, found.counts["share"])
        held = bool(note)
        moved = _move(
            register, State.HELD if held else State.MATCHED, {State.MATCHING}, note=note, progress=1.0, matched_at=at,
            matched_day=day, matched_version=pupils.version, model=comparing.model_version(),
            counts=register.counts | found.counts, notes=_joined(register.notes, found.notes),
        )  # fmt: skip
        if not moved:
            raise CancelledError
        Link.objects.filter(of=register).delete()
        insert(Link, comparing.COLUMNS, map(comparing.row_of, found.links))
    return register


def _joined(before: Sequence[str], after: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*before, *after]))


def fail(*, register: OutsideRegister) -> None:
    """记为无法读取: something unforeseen; a version that was in force before stays as it was compared last."""
    then = State.MATCHED if register.matched_at else State.REFUSED
    _move(register, then, {State.READING, State.MATCHING}, note=BROKEN)


def ask_cancel(*, register: OutsideRegister, by: User, at: datetime, address: str = "") -> None:
    """取消读取. Raises Refused."""
    with transaction.atomic():
        register = _locked(register)
        demand(
            rules.why_not_cancel(
                by.role, register.state, in_county=may_see_file(by, register), source=register.source
            )
        )
        # Compared before: it goes back to what it was. Otherwise nothing of it stays but the record that it came.
        register.state = State.MATCHED if register.matched_at else State.CANCELLED
        register.cancel_asked = not register.matched_at
        register.save(update_fields=["state", "cancel_asked"])
        if not register.matched_at:
            Line.objects.filter(of=register).delete()
        _log(register, Verb.DELETE, by=by, at=at, address=address, detail={"cancelled": True})


def ask_compare_again(
    *, register: OutsideRegister, by: User | None, at: datetime, address: str = ""
) -> OutsideRegister:
    """重新比对: whoever calls queues `compare`. Until it is done, the last comparison stays in force. Raises Refused."""
    with transaction.atomic():
        register = _locked(register)
        if by is not None:
            demand(
                rules.why_not_compare_again(
                    by.role, register.state, in_county=in_county(by, register.county_code)
                )
            )
        register.state, register.progress, register.cancel_asked = State.MATCHING, 0.0, False
        register.save(update_fields=["state", "progress", "cancel_asked"])
        _log(register, Verb.RUN, by=by, at=at, address=address, detail={"again": True})
    return register


def accept(
    *, register: OutsideRegister, reason: str, by: User, at: datetime, address: str = ""
) -> OutsideRegister:
    """确认采用 a register of which few lines were found. Raises Refused."""
    with transaction.atomic():
        register = _locked(register)
        demand(
            rules.why_not_accept(
                by.role, register.state, reason, in_county=in_county(by, register.county_code)
            )
        )
        register.state, register.note = State.MATCHED, ""
        register.accepted_by, register.accepted_reason = by, reason.strip()[:200]
        register.save(update_fields=["state", "note", "accepted_by", "accepted_reason"])
        _log(
            register,
            Verb.CONFIRM,
            by=by,
            at=at,
            address=address,
            reason=reason,
            detail={"share": register.counts.get("share")},
        )
    return register


def withdraw(
    *, register: OutsideRegister, reason: str, by: User, at: datetime, address: str = ""
) -> OutsideRegister:
    """撤下: the version before is in force again. Lines and decisions are kept. Raises Refused."""
    with transaction.atomic():
        register = _locked(register)
        demand(
            rules.why_not_withdraw(
                by.role, register.state, reason, in_county=may_see_file(by, register), source=register.source
            )
        )
        register.state = State.WITHDRAWN
        register.withdrawn_by, register.withdrawn_at = by, at
        register.withdrawn_reason = reason.strip()[:200]
        register.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_reason"])
        _log(
            register, Verb.RETURN, by=by, at=at, address=address, reason=reason, detail={"day": register.day}
        )
    return register


def set_school_age(
    *, county_code: str, youngest: int, oldest: int, basis: str, by: User, at: datetime, address: str = ""
) -> SchoolAge:  # fmt: skip
    """定学龄口径 of a county, with its basis. Raises Refused."""
    demand(rules.why_not_school_age(by.role, youngest, oldest, basis, in_county=in_county(by, county_code)))
    with transaction.atomic():
        before = ages_of(county_code)
        saved, _new = SchoolAge.objects.update_or_create(
            county_code=county_code,
            defaults={
                "youngest": youngest,
                "oldest": oldest,
                "basis": basis.strip()[:200],
                "by": by,
                "at": at,
            },
        )
        detail = {"before": list(before), "after": [youngest, oldest]}
        write(
            by=by, verb=Verb.CHANGE_SETTING, obj=("school_age", county_code), detail=detail, reason=basis, at=at, address=address
        )  # fmt: skip
    return saved


def _move(register: OutsideRegister, then: str, since: set[State], **changes: object) -> bool:
    """One step if it still stands where it stood and nobody has cancelled."""
    where = OutsideRegister.objects.filter(pk=register.pk, state__in=since, cancel_asked=False)
    moved = where.update(state=then, **changes)
    register.refresh_from_db()
    return bool(moved)


def _locked(register: OutsideRegister) -> OutsideRegister:
    return OutsideRegister.objects.select_for_update(of=("self",)).get(pk=register.pk)


def _log(
    register: OutsideRegister, verb: Verb, *, by: User | None, at: datetime, address: str, detail: dict[str, object], reason: str = ""
) -> None:  # fmt: skip
    write(
        by=by, verb=verb, obj=("outside_register", str(register.pk)), detail=detail, reason=reason, at=at, address=address
    )  # fmt: skip
