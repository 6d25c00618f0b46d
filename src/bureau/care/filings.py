"""四个一报告: made by themselves when a period has ended, sent by a person, returned with a reason."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from bureau.care.filing_rules import BY_NAME, KINDS, FilingKind, Period, ended, why_not_return, why_not_send
from bureau.care.models import Filing
from bureau.cases import packs
from bureau.cases.counting import Movement, movement
from bureau.cases.models import Stay
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import Area, User
from bureau.people.queries import townships
from bureau.people.rules import Refused, demand
from bureau.people.scope import Reach, scope_of
from bureau.registry import queries as registered

LEDGER = "dropout"
LEDGERS = ("children", "suspected", "dropout", "returned")
FIGURES = ("before", "opened", "reopened", "moved_in", "closed", "passed", "moved_out", "after")
STAGES = ("小学", "初中", "特教")
Figures = dict[str, dict[str, int]]


def make_due(*, county_code: str, at: datetime, today: date) -> int:
    """出报告: every report of a period that has ended and was not yet made. Answers how many; running it again makes none."""
    begun = Stay.objects.filter(county_code=county_code, ledger__in=LEDGERS).aggregate(day=Min("since"))[
        "day"
    ]
    if begun is None:
        return 0
    made, days = 0, {one.name: one.value for one in packs.ledger(county_code, LEDGER).settings}
    for kind in KINDS:
        back = days.get(kind.back_setting, kind.back_days)
        have = set(
            Filing.objects.filter(county_code=county_code, kind=kind.name).values_list("since", flat=True)
        )
        for period in ended(kind, begun=begun, today=today, back=back):
            if period.since not in have:
                due = period.until + timedelta(days=days.get(kind.setting, kind.due_days))
                made += _make(county_code, kind, period, due=due, at=at)
    return made


def _make(county_code: str, kind: FilingKind, period: Period, *, due: date, at: datetime) -> int:
    by = "school" if kind.of_school else "township"
    figures = _figures(county_code, period, by)
    together: Filing
    base = {"county_code": county_code, "kind": kind.name, "since": period.since, "until": period.until}
    base |= {"words": period.words, "due": due, "made_at": at}
    if not kind.of_school:
        names = dict(townships(county_code).values_list("code", "name"))
        rows = [[names.get(key, key) or "未知", part] for key, part in sorted(figures.items())]
        together = Filing(**base, figures=_sum(figures), rows=rows)
        together.save()
        return 1
    made = [
        Filing(
            **base, school_code=code, school=name[:80], township_code=township or "", figures=figures.get(code, _nothing())
        )
        for code, name, township in _schools(county_code, period.until)
    ]  # fmt: skip
    Filing.objects.bulk_create(made, batch_size=500)
    return len(made)


def _schools(county_code: str, day: date) -> list[tuple[str, str, str | None]]:
    """Schools with pupils of compulsory age: who has nobody out of school says so as well."""
    data = registered.latest_day(county_code)
    pupils = registered.rows_on("students", max(day, data) if data else day, county_code).filter(
        stage__in=STAGES
    )
    codes = set(pupils.values_list("school_code", flat=True).distinct())
    rows = registered.rows_on("schools", max(day, data) if data else day, county_code)
    return [
        (code, name or code, township)
        for code, name, township in rows.order_by("school_code").values_list(
            "school_code", "school_name", "township_code"
        )
        if code in codes
    ]


def _figures(county_code: str, period: Period, by: str) -> dict[str, Figures]:
    """{group: {ledger: {figure: number}}} as the county's own eyes see it."""
    area = Area.objects.filter(code=county_code).first()
    county = User(username="", role="leader", area=area)
    found: dict[str, Figures] = defaultdict(_nothing)
    for ledger in LEDGERS:
        moved = movement(county, ledger, period.since - timedelta(days=1), period.until, by=by)
        for key, one in moved.items():
            found[key][ledger] = _numbers(one)
    return dict(found)


def _numbers(one: Movement) -> dict[str, int]:
    return {name: int(getattr(one, name)) for name in FIGURES}


def _nothing() -> Figures:
    return {ledger: dict.fromkeys(FIGURES, 0) for ledger in LEDGERS}


def _sum(groups: Mapping[str, Figures]) -> Figures:
    total = _nothing()
    for figures in groups.values():
        for ledger, numbers in figures.items():
            for name, number in numbers.items():
                total[ledger][name] += number
    return total


def visible(user: User, county_code: str) -> QuerySet[Filing]:
    """报告 an account may see: a school its own, a township those of its schools, the county all of its own."""
    scope = scope_of(user)
    found = Filing.objects.filter(county_code=county_code).select_related("sent_by")
    match scope.reach:
        case Reach.SCHOOL:
            return found.filter(school_code=scope.code)
        case Reach.TOWNSHIP:
            return found.filter(township_code=scope.code)
        case _:
            return found.filter(scope.county_rows())


def owed(user: User, county_code: str) -> QuerySet[Filing]:
    """该本单位上报而没有上报的."""
    found = visible(user, county_code).exclude(state=Filing.State.SENT)
    return found.exclude(school_code="") if user.role == "school" else found.filter(school_code="")


def _in_scope(one: Filing, user: User) -> bool:
    return visible(user, one.county_code).filter(pk=one.pk).exists()


def refusal_to_send(one: Filing, user: User, *, text: str, today: date) -> str | None:
    """为什么不能上报, for the button too."""
    kind = BY_NAME[one.kind]
    return why_not_send(
        role=user.role, in_scope=_in_scope(one, user), of_school=kind.of_school, state=one.state, text=text, late=one.due < today
    )  # fmt: skip


def send(*, pk: int, text: str, by: User, at: datetime, today: date, address: str = "") -> Filing:
    """上报. Raises Refused."""
    with transaction.atomic():
        one = _locked(pk)
        demand(refusal_to_send(one, by, text=text, today=today))
        one.state, one.text, one.sent_by, one.sent_at, one.sent_on = (
            Filing.State.SENT,
            text.strip(),
            by,
            at,
            today,
        )
        one.save(update_fields=["state", "text", "sent_by", "sent_at", "sent_on"])
        write(by=by, verb=Verb.PUBLISH, obj=("filing", str(pk)), detail=_detail(one), at=at, address=address)
    return one


def give_back(*, pk: int, reason: str, by: User, at: datetime, address: str = "") -> Filing:
    """退回重报. Raises Refused."""
    with transaction.atomic():
        one = _locked(pk)
        demand(why_not_return(role=by.role, in_scope=_in_scope(one, by), state=one.state, reason=reason))
        one.state, one.returned_by, one.returned_reason = Filing.State.RETURNED, by, reason.strip()[:300]
        one.save(update_fields=["state", "returned_by", "returned_reason"])
        write(
            by=by, verb=Verb.CHANGE, obj=("filing", str(pk)), detail=_detail(one), reason=reason, at=at, address=address
        )  # fmt: skip
    return one


def _locked(pk: int) -> Filing:
    one = Filing.objects.select_for_update().filter(pk=pk).first()
    if one is None:
        raise Refused("没有这份报告，或不在您的辖区内")
    return one


def _detail(one: Filing) -> dict[str, Any]:
    return {"kind": one.kind, "period": one.words, "school": one.school_code, "state": str(one.state)}


def late(found: QuerySet[Filing], today: date) -> QuerySet[Filing]:
    """逾期未报."""
    return found.filter(~Q(state=Filing.State.SENT), due__lt=today)
