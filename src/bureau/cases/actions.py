"""个案的写入: open, move, fill in, look. Each is one transaction with one line in the log, and refuses with its rule's sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from bureau.cases import change, owning, packs, rules, values
from bureau.cases.files import keep_files, why_not_files
from bureau.cases.models import Case, Event
from bureau.cases.seeing import in_scope, visible
from bureau.cases.subjects import Place, places
from bureau.log.actions import read_access, write
from bureau.log.models import Verb
from bureau.people.clearances import cleared
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.workdays.queries import calendar
from junheng.policy.ledgers import LIVE, Ledger, Move


@dataclass(frozen=True, slots=True)
class Record:
    """手机记录: what a phone says about itself. `based_on` is the revision of the case that it saw."""

    record_id: UUID
    said_at: datetime | None = None
    based_on: int = 0
    latitude: float | None = None
    longitude: float | None = None
    consent: bool = False
    note: str = ""
    form: str = ""


def open_case(
    *,
    county_code: str,
    ledger: str,
    subject_key: str,
    item: str = "",
    fields: Mapping[str, object] | None = None,
    text: str = "",
    by: User,
    at: datetime,
    today: date,
    place: Place | None = None,
    address: str = "",
) -> Case:
    """手工立案. `place` says where a line of an outside register stands; other subjects are looked up. Raises Refused."""
    of = packs.ledger(county_code, ledger)
    if of.subject != "line" or place is None:
        place = places(county_code, of.subject, [subject_key], today).get(subject_key)
    if place is None:
        raise Refused(f"没有找到这个{_SUBJECTS.get(of.subject, '对象')}，请核对后再立案")
    with transaction.atomic():
        live = Case.objects.filter(
            county_code=county_code, ledger=ledger, subject_key=subject_key, item=item, phase__in=LIVE
        ).exists()
        scope = scope_of(by)
        inside = scope.covers(
            school_code=place.school_code, township_code=place.township_code, county_code=county_code
        )
        _demand(rules.why_not_open(of, by=by, in_scope=inside, live=live, item=item))
        _demand(_not_cleared(of, by))
        case = new_case(of, county_code, subject_key, item, place, day=today)
        case.opened_by = by
        case.done_by, case.done_at = None, None
        _place_owner(case, today)
        sealed = _fill(case, of, fields or {}, by)
        case.save()
        _seal(case, sealed)
        change.stay_of(case, "opened", today).save()
        _hold_owner(case, today, by)
        change.event_of(
            case, Event.What.OPENED, at=at, day=today, by=by, text=text, after=case.state, fields=case.fields
        ).save()
        obj = ("case", str(case.pk))
        write(by=by, verb=Verb.CREATE, obj=obj, detail={"ledger": ledger}, at=at, address=address)
    return case


_SUBJECTS = {"student": "学生", "school": "学校", "teacher": "教师", "class": "班级", "organisation": "单位"}


def new_case(of: Ledger, county_code: str, subject_key: str, item: str, place: Place, *, day: date) -> Case:
    """A case in its first state, not yet saved."""
    case = Case(
        county_code=county_code,
        ledger=of.code,
        access=of.access,
        subject=of.subject,
        subject_key=subject_key,
        item=item,
        opened_on=day,
        needs_proof=of.proof == "data",
        **place.fields(),
    )
    change.enter(case, of, of.initial, day=day, calendar=calendar())
    return case


def move(
    *,
    case_id: int,
    move: str,
    fields: Mapping[str, object] | None = None,
    text: str = "",
    files: Sequence[Upload] = (),
    record: Record | None = None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Case:
    """办理: one step of the ledger, with all that is missing said at once. Closing is a step to a closed state. Raises Refused."""
    with transaction.atomic():
        case = _locked(case_id)
        of = packs.ledger(case.county_code, case.ledger)
        step = _step(of, move)
        _demand(rules.why_not_move(case, step, of, by=by, in_scope=in_scope(by, case)))
        before = (case.state, case.phase)
        sealed = _fill(case, of, fields or {}, by, allowed=step.fields)
        wrong = rules.why_not_with(
            step, text=text, files=len(files), filled=bool(fields) and bool(step.fields)
        )
        wrong += why_not_files(files)
        target = of.state(step.target) if step.target else None
        if target is not None:
            have = _have(case, sealed)
            missing = rules.missing_columns(of, target.name, have)
            wrong += [f"请先填写{'、'.join(f'“{title}”' for title in missing)}"] if missing else []
        _demand("；".join(wrong) or None)
        closing = target is not None and target.phase == "closed"
        if target is not None:
            level = case.level
            change.enter(case, of, target, day=today, calendar=calendar())
            if case.level != level:
                _place_owner(case, today)
        if closing:
            case.closed_by, case.closed_at, case.closed_on = by, at, today
        else:
            case.done_by, case.done_at = by, at
            if target is not None and target.phase == "passed":
                case.closed_on = today
        case.revision += 1
        case.save()
        _seal(case, sealed)
        event = _moved(case, of, step, before[0], fields or {}, text, record, by=by, at=at, today=today)
        keep_files(case, event, files, by=by, at=at)
        if target is not None:
            change.new_stay(case, change.how_between(before[1], case.phase), today)
            _hold_owner(case, today, by)
        if step.passes_to:
            _pass_on(case, step, text, by=by, at=at, today=today)
        write(
            by=by,
            verb=Verb.CLOSE if closing else Verb.MOVE_CASE,
            obj=("case", str(case.pk)),
            detail={"ledger": case.ledger, "move": step.name, "before": before[0], "after": case.state},
            at=at,
            address=address,
        )
    return case


def change_fields(
    *,
    case_id: int,
    fields: Mapping[str, object],
    based_on: int | None = None,
    by: User,
    at: datetime,
    today: date,
    text: str = "",
    address: str = "",
) -> Case:
    """修改栏目. With `based_on` (a revision), refused when another has changed the case since. Raises Refused."""
    with transaction.atomic():
        case = _locked(case_id)
        of = packs.ledger(case.county_code, case.ledger)
        _demand(
            rules.why_not_change(
                case, by=by, in_scope=in_scope(by, case), names=names_of(of, fields), ledger=of
            )
        )
        if based_on is not None and based_on != case.revision:
            raise Refused("这件个案在您打开之后已被他人修改，请重新打开再改")
        before = dict(case.fields)
        sealed = _fill(case, of, fields, by)
        if case.fields == before and not sealed:
            return case
        case.revision += 1
        case.save(update_fields=["fields", "revision"])
        _seal(case, sealed)
        changed = {name: value for name, value in case.fields.items() if before.get(name) != value}
        change.event_of(
            case,
            Event.What.CHANGED,
            at=at,
            day=today,
            by=by,
            text=text,
            fields=changed,
            title=_sealed_words(of, sealed),
        ).save()
        write(
            by=by,
            verb=Verb.CHANGE,
            obj=("case", str(case.pk)),
            detail={"columns": sorted(changed) + sorted(name for part in sealed.values() for name in part)},
            at=at,
            address=address,
        )
    return case


def look(*, case: Case, by: User, at: datetime, what: str = "个案", address: str = "") -> None:
    """记查阅 of a case, of its file or of a letter made from it."""
    obj = ("case", str(case.pk))
    read_access(
        by=by, verb=Verb.VIEW, obj=obj, detail={"what": what, "ledger": case.ledger}, at=at, address=address
    )


def reveal(
    *, case_id: int, access: str, reason: str, by: User, at: datetime, today: date, address: str = ""
) -> dict[str, str]:
    """查看受限内容: {title: words} of one access class; logged with its reason, and shown in the case's own history. Raises Refused."""
    with transaction.atomic():
        case = _locked(case_id)
        of = packs.ledger(case.county_code, case.ledger)
        inside = in_scope(by, case)
        _demand(rules.why_not_reveal(access, by=by, in_scope=inside, cleared=cleared(by), reason=reason))
        stored = change.restricted(case, access)
        change.event_of(case, Event.What.LOOKED, at=at, day=today, by=by, text=reason, title=access).save()
        obj = ("case", str(case.pk))
        read_access(
            by=by, verb=Verb.REVEAL, obj=obj, detail={"access": access}, reason=reason, at=at, address=address
        )
    return {
        column.title: values.in_words(stored[column.name])
        for column in of.columns_of(access)
        if column.name in stored
    }


def names_of(of: Ledger, fields: Mapping[str, object]) -> list[str]:
    """The columns' names of what was given by name or by title."""
    titles = {column.title: column.name for column in of.columns}
    return [titles.get(name, name) for name in fields]


def _locked(case_id: int) -> Case:
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise Refused("没有这件个案，或不在您的辖区内")
    return case


def _step(of: Ledger, name: str) -> Move:
    try:
        return of.move(name)
    except KeyError:
        raise Refused(f"“{of.title}”没有这项办理") from None


def _not_cleared(of: Ledger, by: User) -> str | None:
    return rules.why_not_write_restricted(of.access, by=by, cleared=cleared(by))


Sealed = dict[str, dict[str, values.Value]]


def _fill(
    case: Case, of: Ledger, fields: Mapping[str, object], by: User, *, allowed: Sequence[str] | None = None
) -> Sealed:
    """Puts the readable values into the case; answers those to be sealed by access class. Raises Refused with all problems."""
    if not fields:
        return {}
    given, wrong = values.read_all(of, fields)
    sealed: Sealed = {}
    mine = cleared(by)
    for name, value in given.items():
        column = of.column(name)
        if allowed is not None and name not in allowed:
            wrong.append(f"这项办理不填写“{column.title}”")
        elif column.access == "child":
            case.fields[name] = value
        else:
            refusal = rules.why_not_write_restricted(column.access, by=by, cleared=mine)
            if refusal:
                wrong.append(f"“{column.title}”：{refusal}")
            sealed.setdefault(column.access, {})[name] = value
    _demand("；".join(wrong) or None)
    case.fields = {name: value for name, value in case.fields.items() if value is not None}
    return sealed


def _seal(case: Case, sealed: Sealed) -> None:
    for access, part in sealed.items():
        change.put_restricted(case, access, part)


def _sealed_words(of: Ledger, sealed: Sealed) -> str:
    """Which restricted columns were filled in, without what: a history may be read by those who may not see them."""
    titles = [of.column(name).title for part in sealed.values() for name in part]
    return f"受限栏目：{'、'.join(titles)}"[:60] if titles else ""


def _have(case: Case, sealed: Sealed) -> set[str]:
    have = {name for name, value in case.fields.items() if value not in (None, "")}
    for row in case.restricted.all() if case.pk else ():
        have |= {name for name, value in change.restricted(case, row.access).items() if value is not None}
    return have | {name for part in sealed.values() for name, value in part.items() if value is not None}


def _place_owner(case: Case, today: date) -> None:
    if case.level == "class":
        case.owner = owning.owner_by_rule(case, owning.class_teachers(case.county_code, today))


def _hold_owner(case: Case, today: date, by: User | None) -> None:
    if case.phase in LIVE:
        change.hold(case, line="", level=case.level, user=case.owner, day=today, by=by, reason="")


def _moved(
    case: Case,
    of: Ledger,
    step: Move,
    before: str,
    fields: Mapping[str, object],
    text: str,
    record: Record | None,
    *,
    by: User,
    at: datetime,
    today: date,
) -> Event:
    shown = {
        name: case.fields.get(name) for name in names_of(of, fields) if of.column(name).access == "child"
    }
    event = change.event_of(
        case,
        Event.What.PASSED if step.passes_to else Event.What.MOVED,
        at=at,
        day=today,
        by=by,
        text=text,
        move=step.name,
        title=step.title,
        before=before,
        after=case.state,
        fields=shown,
        form=record.form if record else step.form,
    )
    if record is not None:
        event.record_id, event.said_at, event.note = record.record_id, record.said_at, record.note[:200]
        if record.consent and record.latitude is not None and record.longitude is not None:
            event.latitude, event.longitude, event.consent = record.latitude, record.longitude, True
    event.save()
    return event


def _pass_on(case: Case, step: Move, text: str, *, by: User, at: datetime, today: date) -> None:
    """转入另一台账: a case there, with the columns of the same name; one that is live already takes the note instead."""
    of = packs.ledger(case.county_code, step.passes_to)
    there = Case.objects.filter(
        county_code=case.county_code, ledger=of.code, subject_key=case.subject_key, item="", phase__in=LIVE
    ).first()
    here = packs.ledger(case.county_code, case.ledger).title
    if there is None:
        place = Place(**{name: getattr(case, name) for name in Place.__slots__})
        there = new_case(of, case.county_code, case.subject_key, "", place, day=today)
        there.opened_by = by
        known = {column.name for column in of.columns if column.access == "child"}
        there.fields = {name: value for name, value in case.fields.items() if name in known}
        there.evidence = case.evidence
        _place_owner(there, today)
        there.save()
        change.stay_of(there, "opened", today).save()
        _hold_owner(there, today, by)
    change.event_of(
        there,
        Event.What.OPENED,
        at=at,
        day=today,
        by=by,
        text=f"由“{here}”第 {case.pk} 号转入。{text}",
        after=there.state,
    ).save()
    own = Event.objects.filter(of=case).order_by("-id").first()
    if own is not None:
        Event.objects.filter(pk=own.pk).update(text=f"{own.text} 转入“{of.title}”第 {there.pk} 号"[:2000])


def visible_case(*, case_id: int, by: User) -> Case:
    """A case that the account may see. Raises Case.DoesNotExist."""
    return visible(by).select_related("owner").get(pk=case_id)


def _demand(refusal: str | None) -> None:
    if refusal:
        raise Refused(refusal)
