"""去向的写入: destinations, measures for one child, and the update from the registers. One transaction and one log line each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.graduates import deriving, queries, rules
from bureau.graduates.models import Derivation, Destination, Leaver, ListLine, Support
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import scope_of
from bureau.registry.bulk import insert_rows


@dataclass(frozen=True, slots=True)
class Said:
    """去向, as typed or as a line of a list has it."""

    kind: str
    day: date | None
    study_stage: str = ""
    school_name: str = ""
    major: str = ""
    place: str = ""
    employer: str = ""
    post: str = ""
    note: str = ""


def place(
    *, leaver: Leaver, said: Said, by: User, at: datetime, today: date, address: str = ""
) -> Destination:
    """登记去向; what was said before is kept. Raises Refused."""
    demand(
        rules.why_not_place(
            by=by,
            mine=is_mine(leaver, by),
            kind=said.kind,
            day=said.day,
            today=today,
            study_stage=said.study_stage,
            school_name=said.school_name,
            employer=said.employer,
            graduated=leaver.year,
        )
    )
    with transaction.atomic():
        one = _locked(leaver)
        made = put(one, said, source="typed", by=by, at=at)
        detail = {"kind": said.kind, "stage": made.study_stage}
        _log("leaver", one.pk, Verb.REPORT, detail, said.note, by=by, at=at, address=address)
    return made


def place_many(
    *, said: Sequence[tuple[Leaver, Said]], by: User, at: datetime, today: date, address: str = ""
) -> int:
    """登记许多人的去向, all or none; answers how many. Raises Refused with every problem on a line of its own."""
    problems = []
    for one, what in said:
        refusal = rules.why_not_place(
            by=by, mine=is_mine(one, by), kind=what.kind, day=what.day, today=today, study_stage=what.study_stage,
            school_name=what.school_name, employer=what.employer, graduated=one.year,
        )  # fmt: skip
        if refusal:
            problems.append(f"{one.person_name}：{refusal}")
    demand("\n".join(problems) or None)
    with transaction.atomic():
        there = Leaver.objects.select_for_update(of=("self",)).in_bulk([one.pk for one, _what in said])
        rows = [(there[one.pk], what, None) for one, what in said]
        put_all(rows, source="typed", by=by, at=at)
        if said:
            detail = {"leavers": [one.pk for one, _what in said]}
            _log("leaver", "", Verb.REPORT, detail, "", by=by, at=at, address=address)
    return len(said)


def put(
    leaver: Leaver, said: Said, *, source: str, by: User | None, at: datetime, line: ListLine | None = None
) -> Destination:
    """One of `put_all`."""
    put_all([(leaver, said, line)], source=source, by=by, at=at)
    leaver.current = leaver.destinations.get(replaced_at=None)
    return leaver.current


def put_all(
    rows: Sequence[tuple[Leaver, Said, ListLine | None]], *, source: str, by: User | None, at: datetime
) -> None:
    """Make these the destinations in force; to be called within the transaction of an action that logs them."""
    if not rows:
        return
    own = queries.county_school_names(rows[0][0].county_code)
    leavers = [leaver for leaver, _said, _line in rows]
    Destination.objects.filter(leaver__in=leavers, replaced_at=None).update(replaced_at=at)
    insert_rows([_destination(leaver, said, source, line, by, at, own) for leaver, said, line in rows])
    deriving.point_at_current([leaver.pk for leaver in leavers])


def _destination(
    leaver: Leaver,
    said: Said,
    source: str,
    line: ListLine | None,
    by: User | None,
    at: datetime,
    own: Collection[str],
) -> Destination:
    study, work, school = said.kind == "study", said.kind == "work", said.school_name.strip()[:100]
    return Destination(
        leaver=leaver,
        kind=said.kind,
        source=source,
        day=said.day or at.date(),
        study_stage=said.study_stage if study else "",
        school_name=school if study else "",
        in_county=study and school in own,
        major=said.major.strip()[:60] if study else "",
        place=said.place.strip()[:60],
        employer=said.employer.strip()[:100] if work else "",
        post=said.post.strip()[:60] if work else "",
        note=said.note.strip()[:200],
        line=line,
        by=by,
        at=at,
    )


def support(
    *,
    leaver: Leaver,
    measure: str,
    owner: str,
    due: date | None,
    by: User,
    at: datetime,
    address: str = "",
) -> Support:
    """定帮扶措施. Raises Refused."""
    demand(rules.why_not_support(by=by, mine=is_mine(leaver, by), measure=measure, owner=owner, due=due))
    assert due is not None  # noqa: S101 — the rule has seen to it
    with transaction.atomic():
        made = Support.objects.create(
            leaver=leaver, measure=measure.strip()[:200], owner=owner.strip()[:60], due=due, by=by, at=at
        )
        detail = {"leaver": leaver.pk, "due": due}
        _log("leaver_support", made.pk, Verb.CREATE, detail, "", by=by, at=at, address=address)
    return made


def report(*, of: Support, result: str, by: User, at: datetime, address: str = "") -> Support:
    """报结果. Raises Refused."""
    with transaction.atomic():
        one = Support.objects.select_for_update(of=("self",)).select_related("leaver").get(pk=of.pk)
        demand(rules.why_not_report(by=by, mine=is_mine(one.leaver, by), state=one.state, result=result))
        one.state, one.result, one.done_by, one.done_at, one.returned = (
            "done",
            result.strip()[:300],
            by,
            at,
            "",
        )
        one.save()
        _log("leaver_support", one.pk, Verb.SUBMIT, {"state": one.state}, "", by=by, at=at, address=address)
    return one


def settle(*, of: Support, back: bool, reason: str, by: User, at: datetime, address: str = "") -> Support:
    """复核办结, or 退回 with the reason. Raises Refused."""
    with transaction.atomic():
        one = Support.objects.select_for_update(of=("self",)).select_related("leaver").get(pk=of.pk)
        mine = None if is_mine(one.leaver, by) else "这名学生不在您的辖区"
        demand(
            rules.why_not_confirm(by=by, state=one.state, done_by=one.done_by_id, back=back, reason=reason)
            or mine
        )
        if back:
            one.state, one.returned = "open", reason.strip()[:200]
        else:
            one.state, one.confirmed_by, one.confirmed_at = "confirmed", by, at
        one.save()
        verb = Verb.RETURN if back else Verb.CLOSE
        _log("leaver_support", one.pk, verb, {"state": one.state}, reason, by=by, at=at, address=address)
    return one


def ask_update(
    *, county_code: str, year: int | None, by: User, at: datetime, address: str = ""
) -> Derivation:
    """请求更新一年的毕业生; the worker does it. Raises Refused."""
    running = queries.derivations(county_code).filter(year=year or 0, state__in=["queued", "running"])
    registers = year is not None and deriving.registers_of(county_code, year) is not None
    demand(rules.why_not_update(by=by, year=year, running=running.exists(), registers=registers))
    assert year is not None  # noqa: S101 — the rule has seen to it
    with transaction.atomic():
        made = Derivation.objects.create(county_code=county_code, year=year, by=by, at=at)
        _log(
            "graduates", f"{county_code} {year}", Verb.RUN, {"year": year}, "", by=by, at=at, address=address
        )
    return made


def update(
    *, of: Derivation, at: datetime, progress: Callable[[float], None] = lambda share: None
) -> dict[str, int]:
    """更新毕业生 as asked; a second delivery finds it done. `progress` may raise CancelledError."""
    if not Derivation.objects.filter(pk=of.pk, state="queued", cancel_asked=False).update(state="running"):
        Derivation.objects.filter(pk=of.pk, state="queued").update(state="cancelled")
        return {}
    try:
        counts = deriving.derive(of=of, at=at, progress=progress)
    except deriving.CancelledError:
        Derivation.objects.filter(pk=of.pk).update(state="cancelled")
        return {}
    except Exception:
        Derivation.objects.filter(pk=of.pk).update(state="failed")
        raise
    Derivation.objects.filter(pk=of.pk).update(state="done", counts=counts, progress=1)
    return counts


def cancel_update(*, of: Derivation, by: User, at: datetime, address: str = "") -> None:
    """取消更新. Raises Refused."""
    demand(rules.why_not_update(by=by, year=of.year, running=False, registers=True))
    with transaction.atomic():
        found = Derivation.objects.filter(pk=of.pk, state__in=["queued", "running"]).update(cancel_asked=True)
        demand(None if found else "更新已经结束")
        _log("graduates", f"{of.county_code} {of.year}", Verb.DELETE, {}, "", by=by, at=at, address=address)


def is_mine(leaver: Leaver, by: User) -> bool:
    """Whether the school that the child left lies in the account's area."""
    return scope_of(by).covers(
        school_code=leaver.school_code, township_code=leaver.township_code, county_code=leaver.county_code
    )


def _locked(leaver: Leaver) -> Leaver:
    return Leaver.objects.select_for_update(of=("self",)).get(pk=leaver.pk)


def _log(
    kind: str,
    key: object,
    verb: Verb,
    detail: Mapping[str, object],
    reason: str,
    *,
    by: User,
    at: datetime,
    address: str,
) -> None:
    write(
        by=by, verb=verb, obj=(kind, str(key)), detail=detail, reason=reason.strip(), at=at, address=address
    )
