"""考核方案的写入: drafting, copying, putting in force, revising, starting and ending the scoring. One transaction, one log line each."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import Organisation, User
from bureau.people.rules import demand
from bureau.performance import queries, rules, scoring
from bureau.performance.drafting import Head, Line, set_head, set_lines, snapshot, why_not_head
from bureau.performance.models import Criterion, Result, Scheme, SchemeEvent, Score
from bureau.performance.states import Event, State
from bureau.plans.document_queries import in_county
from bureau.workdays.queries import calendar


def draft(*, county_code: str, what: Head, by: User, at: datetime, address: str = "") -> Scheme:
    """起草方案, with the bands and the appeal time that are usual here (assumed) and every unit of the kind."""
    with transaction.atomic():
        demand(rules.why_not_write(by=by) or why_not_head(county_code, what, None))
        demand(None if in_county(by, county_code) else "这个县不在您的辖区内")
        scheme = Scheme(
            county_code=county_code,
            bands=[list(band) for band in scoring.ASSUMED_BANDS],
            appeal_days=scoring.ASSUMED_APPEAL_DAYS,
            by=by,
            at=at,
        )
        set_head(scheme, what)
        scheme.save()
        scheme.units.set(queries.candidates(county_code, what.unit_kind))
        done(scheme, Verb.CREATE, "draft", "", by=by, at=at, address=address)
    return scheme


def copy(*, scheme: Scheme, what: Head, by: User, at: datetime, address: str = "") -> Scheme:
    """照抄上期: criteria, bands and appeal time; units anew from the register; bands have to be confirmed again."""
    with transaction.atomic():
        demand(rules.why_not_write(by=by) or why_not_head(scheme.county_code, what, None))
        demand(None if in_county(by, scheme.county_code) else "这个县不在您的辖区内")
        made = Scheme(
            county_code=scheme.county_code,
            bands=scheme.bands,
            appeal_days=scheme.appeal_days,
            copied_from=scheme,
            by=by,
            at=at,
        )
        set_head(made, what)
        made.save()
        made.units.set(queries.candidates(scheme.county_code, what.unit_kind))
        criteria = list(scheme.criteria.all())
        for one in criteria:
            one.pk, one.scheme, one._state.adding = None, made, True
        Criterion.objects.bulk_create(criteria)
        done(made, Verb.CREATE, "copy", f"照抄“{scheme.title}”", by=by, at=at, address=address)
    return made


def edit(
    *,
    scheme: Scheme,
    what: Head,
    lines: Sequence[Line],
    units: Sequence[Organisation],
    bands: Sequence[tuple[str, str]],
    appeal_days: int | None,
    by: User,
    at: datetime,
    address: str = "",
) -> Scheme:
    """改方案, whole. What is unfinished may be saved; only what cannot be kept is refused, all at once.

    Changed bands or appeal time have to be confirmed again.
    """
    with transaction.atomic():
        one = locked(scheme, by)
        demand(rules.why_not_edit(one.state, by=by))
        titles = [line.title.strip() for line in lines]
        problems = [
            why_not_head(one.county_code, what, one) or "",
            "有一项没有填写指标名称" if not all(titles) else "",
            *(f"“{title}”有两项，请改名或删去一项" for title in {t for t in titles if titles.count(t) > 1}),
            *(f"“{line.title}”的权重应在 0 到 100 之间" for line in lines if not 0 <= line.weight <= 100),
            f"指标最多 {rules.MOST_CRITERIA} 项，现在 {len(lines)} 项"
            if len(lines) > rules.MOST_CRITERIA
            else "",
            *rules.band_problems(bands),
            ""
            if appeal_days is not None and 1 <= appeal_days <= rules.MOST_APPEAL_DAYS
            else f"申诉期应为 1 到 {rules.MOST_APPEAL_DAYS} 个工作日",
        ]
        demand("；".join(problem for problem in problems if problem) or None)
        before = snapshot(one)
        set_head(one, what)
        kept = [list(band) for band in bands]
        if kept != one.bands or appeal_days != one.appeal_days:
            one.confirmed_by, one.confirmed_at = None, None
        one.bands, one.appeal_days = kept, appeal_days or 0
        set_lines(one, lines)
        one.units.set(units)
        done(one, Verb.CHANGE, "edit", "", by=by, at=at, address=address, before=before)
    return one


def confirm_bands(*, scheme: Scheme, by: User, at: datetime, address: str = "") -> Scheme:
    """确认等次标准和申诉期: no longer assumed, on the name of a leader."""
    with transaction.atomic():
        one = locked(scheme, by)
        demand(rules.why_not_confirm_bands(one.state, by=by, confirmed=one.confirmed_by_id is not None))
        one.confirmed_by, one.confirmed_at = by, at
        words = (
            "；".join(f"{name} {least} 分起" for name, least in one.bands)
            + f"；申诉期 {one.appeal_days} 个工作日"
        )
        done(one, Verb.CONFIRM, "confirm_bands", words, by=by, at=at, address=address)
    return one


def activate(*, scheme: Scheme, by: User, at: datetime, address: str = "") -> Scheme:
    """下达: from now on its units see by what they will be assessed, and it changes only by revision."""
    with transaction.atomic():
        one = locked(scheme, by)
        criteria = list(one.criteria.all())
        demand(
            rules.why_not_activate(
                one.state,
                by=by,
                criteria=criteria,
                problems=queries.problems_of(one),
                units=one.units.count(),
            )
        )
        one.state = State.ACTIVE
        done(one, Verb.ASSIGN, Event.ACTIVATE, "", by=by, at=at, address=address, before=snapshot(one))
    return one


def revise(*, scheme: Scheme, reason: str, by: User, at: datetime, address: str = "") -> Scheme:
    """收回修订: the next version; the scores that were begun, if any, are dropped with their history kept."""
    with transaction.atomic():
        one = locked(scheme, by)
        demand(rules.why_not_revise(one.state, by=by, reason=reason))
        before = snapshot(one)
        Score.objects.filter(criterion__scheme=one).delete()
        one.state, one.version = State.DRAFT, one.version + 1
        done(one, Verb.REOPEN, Event.REVISE, reason, by=by, at=at, address=address, before=before)
    return one


def recall(*, scheme: Scheme, reason: str, by: User, at: datetime, address: str = "") -> Scheme:
    """停止评分, back to in force; scores stay and scoring may go on."""
    with transaction.atomic():
        one = locked(scheme, by)
        demand(rules.why_not_recall(one.state, by=by, reason=reason))
        one.state = State.ACTIVE
        done(one, Verb.REOPEN, Event.RECALL, reason, by=by, at=at, address=address)
    return one


def publish(*, scheme: Scheme, by: User, at: datetime, today: date, address: str = "") -> Scheme:
    """公布: results, ranks and grades are fixed, the time for appeals runs over the calendar as it stands."""
    with transaction.atomic():
        one = locked(scheme, by)
        demand(
            rules.why_not_publish(
                one.state, by=by, standing=queries.standing(one), confirmed=one.confirmed_by_id is not None
            )
        )
        days = calendar()
        one.state, one.published_by, one.published_at = State.PUBLISHED, by, at
        one.appeal_until = days.after(today, one.appeal_days)
        one.appeal_doubt = (days.doubts(today, one.appeal_until) or "")[:120]
        settle(one, at=at)
        words = f"申诉期到 {one.appeal_until:%Y-%m-%d}"
        done(one, Verb.CONFIRM, Event.PUBLISH, words, by=by, at=at, address=address)
    return one


def close(*, scheme: Scheme, by: User, at: datetime, today: date, address: str = "") -> Scheme:
    """办结: no more appeals; the result stands."""
    with transaction.atomic():
        one = locked(scheme, by)
        demand(
            rules.why_not_close(
                one.state, by=by, standing=queries.standing(one), appeal_until=one.appeal_until, today=today
            )
        )
        one.state = State.CLOSED
        done(one, Verb.CLOSE, Event.CLOSE, "", by=by, at=at, address=address)
    return one


def settle(scheme: Scheme, *, at: datetime) -> None:
    """算总分、名次、等次 of all units from their scores. Part of publishing and of an upheld appeal; writes no log line of its own."""
    found = queries.totals(scheme)
    ranks = scoring.ranks({unit: one.total for unit, one in found.items()})
    before = {one.organisation_id: one for one in scheme.results.all()}
    for unit, one in found.items():
        notes = []
        if one.full != scoring.HUNDRED:
            notes.append(
                f"不适用的指标不计，{scoring.plain(one.earned)}÷{scoring.plain(one.full)} 折算为百分"
            )
        if one.deducted:
            notes.append(f"扣 {scoring.plain(one.deducted)} 分")
        if one.vetoed:
            notes.append("一票否决")
        row = before.get(unit) or Result(scheme=scheme, organisation_id=unit)
        row.total, row.full, row.deducted, row.vetoed = one.total, one.full, one.deducted, one.vetoed
        row.rank, row.at, row.note = ranks[unit], at, "；".join(notes)
        row.grade = scoring.grade_of(one.total, scheme.bands, vetoed=one.vetoed)
        row.save()


def locked(scheme: Scheme, by: User) -> Scheme:
    """The scheme, for writing by an account of its county."""
    one = Scheme.objects.select_for_update(of=("self",)).get(pk=scheme.pk)
    demand(None if in_county(by, one.county_code) else "这个县不在您的辖区内")
    return one


def done(
    scheme: Scheme,
    verb: Verb,
    what: str,
    text: str,
    *,
    by: User,
    at: datetime,
    address: str,
    before: object = None,
    detail: dict[str, object] | None = None,
) -> SchemeEvent:
    """Save the scheme with its event and the one log line."""
    scheme.save()
    event = SchemeEvent.objects.create(
        scheme=scheme, at=at, by=by, what=str(what), text=text.strip(), before=before
    )
    write(
        by=by,
        verb=verb,
        obj=("performance_scheme", str(scheme.pk)),
        detail={"what": str(what), "state": scheme.state, "version": scheme.version, **(detail or {})},
        reason=text.strip(),
        at=at,
        address=address,
    )
    return event
