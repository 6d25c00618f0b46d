"""月账的写入: opening and counting anew, meals, explanations, signing and closing. One transaction and one log line each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from bureau.attendance.queries import school_calendar
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.nutrition import counting, queries, rules
from bureau.nutrition.models import Account, AccountClass, DailyMeals
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import scope_of
from bureau.registry import queries as registered

Key = tuple[str, str, int]
TAKEN = ("eaten", "by_day", "attended", "attended_typed")


@dataclass(frozen=True, slots=True)
class Meals:
    """一个班的登记: `eaten` and `attended` pupil-days of the month, or {day: eaten}; None leaves what is there.

    `place` names the row of a sheet in sentences ("第5行"); "" names the class.
    """

    school_code: str
    grade: str
    class_number: int
    eaten: int | None = None
    attended: int | None = None
    daily: Mapping[date, int] = field(default_factory=dict)
    place: str = ""


def open_month(
    *, county_code: str, month: date, by: User, at: datetime, today: date, address: str = ""
) -> int:
    """开账: an account for each covered school that has none; answers how many. Raises Refused."""
    schools = queries.covered_in(county_code, month)
    price = queries.price_on(county_code, month)
    days = len(queries.serving_days(county_code, month))
    refusal = rules.why_not_open(
        by=by, covered=len(schools), days=days, price=price is not None, month=month, today=today
    )
    demand(refusal)
    assert price is not None  # noqa: S101 — the rule has seen to it
    with transaction.atomic():
        there = set(queries.accounts(county_code, month).values_list("school_code", flat=True))
        made = Account.objects.bulk_create(
            Account(
                county_code=county_code,
                school_code=school,
                month=month,
                mode=mode,
                days=0,
                fen=price.fen,
                price_cite=price.cite[:300],
                counted_on=month,
            )
            for school, mode in schools.items()
            if school not in there
        )
        refresh_month(county_code=county_code, month=month, today=today)
        detail = {"schools": len(made), "fen": price.fen, "cite": price.cite}
        obj = ("nutrition_month", f"{county_code} {month:%Y-%m}")
        write(by=by, verb=Verb.CREATE, obj=obj, detail=detail, at=at, address=address)
    return len(made)


def refresh_month(*, county_code: str, month: date, today: date, school_code: str = "") -> int:
    """重算人数、天数和出勤 of the accounts that are not signed yet, from the registers and roll calls; answers how many.

    What a school has typed stays. Derived figures only: nothing is logged.
    """
    with transaction.atomic():
        found = queries.accounts(county_code, month).filter(state="open").select_for_update()
        if school_code:
            found = found.filter(school_code=school_code)
        accounts = {one.school_code: one for one in found}
        if not accounts:
            return 0
        changes = queries.meal_days(county_code, month)
        school_days = school_calendar(county_code).month(month.year, month.month)
        serving = {
            school: [
                day
                for day in rules.serving_days(
                    school_days, {**changes.get("", {}), **changes.get(school, {})}, month
                )
                if day <= today
            ]
            for school in accounts
        }
        counted_on = _counted_on(
            county_code, min((days[0] for days in serving.values() if days), default=month)
        )
        pupils = queries.fed_pupils(county_code, counted_on, accounts)
        attended = counting.attended(county_code, month, counted_on, pupils, serving, school_code)
        _save_accounts(accounts, serving, counted_on)
        _save_lines(accounts, pupils, attended)
    return len(accounts)


def record_meals(
    *,
    county_code: str,
    month: date,
    entries: Sequence[Meals],
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> int:
    """登记就餐: all entries or none; answers how many classes changed. Raises Refused with every problem on a line of its own."""
    with transaction.atomic():
        schools = {entry.school_code for entry in entries}
        accounts = {
            one.school_code: one
            for one in queries.accounts(county_code, month)
            .filter(school_code__in=schools)
            .select_for_update()
        }
        lines = {
            (line.account.school_code, *line.key): line
            for line in AccountClass.objects.filter(account__in=accounts.values()).select_related("account")
        }
        problems = _refusals(county_code, month, schools, accounts, by)
        serving = {school: queries.serving_days(county_code, month, school) for school in accounts}
        for entry in entries:
            problems += _problems(entry, accounts.get(entry.school_code), lines, serving, today)
        demand("\n".join(dict.fromkeys(problems)) or None)
        changed = [
            entry
            for entry in entries
            if _take(entry, lines[entry.school_code, entry.grade, entry.class_number], by, at)
        ]
        taken = [lines[entry.school_code, entry.grade, entry.class_number] for entry in changed]
        AccountClass.objects.bulk_update(taken, TAKEN, batch_size=500)
        # Words about figures that have changed since explain nothing.
        AccountClass.objects.filter(pk__in=[line.pk for line in taken]).exclude(explained="").update(
            explained="", explained_by=None, explained_at=None
        )
        if changed:
            detail = {
                "schools": sorted({entry.school_code for entry in changed}),
                "classes": len(changed),
                "eaten": sum(
                    lines[entry.school_code, entry.grade, entry.class_number].eaten or 0 for entry in changed
                ),
            }
            obj = ("nutrition_month", f"{county_code} {month:%Y-%m}")
            write(by=by, verb=Verb.REPORT, obj=obj, detail=detail, at=at, address=address)
    return len(changed)


def explain(
    *,
    account: Account,
    lines: Collection[int],
    whole: bool,
    text: str,
    by: User,
    at: datetime,
    address: str = "",
) -> int:
    """说明差异 of the chosen classes, and of the whole school; answers how many now have these words. Raises Refused."""
    with transaction.atomic():
        one = _locked(account)
        demand(rules.why_not_record(by=by, state=one.state, mine=_mine(one, by)))
        demand(None if text.strip() else "请写明差异的原因")
        demand(None if lines or whole else "请先选择要说明的班级")
        said = {"explained": text.strip()[:300], "explained_by": by, "explained_at": at}
        count = one.classes.filter(pk__in=list(lines)).update(**said)
        if whole:
            Account.objects.filter(pk=one.pk).update(**said)
            count += 1
        _log(one, Verb.REPORT, {"explained": count}, text, by=by, at=at, address=address)
    return count


def sign(*, account: Account, by: User, at: datetime, today: date, address: str = "") -> Account:
    """学校签字: everything reported, accepted and explained. Figures are counted anew once more before. Raises Refused."""
    with transaction.atomic():
        refresh_month(
            county_code=account.county_code, month=account.month, today=today, school_code=account.school_code
        )
        one = _locked(account)
        demand(why_not_sign(one, by=by, today=today))
        one.state, one.signed_by, one.signed_at, one.returned = "signed", by, at, ""
        one.save()
        return _log(one, Verb.SUBMIT, {"state": one.state}, "", by=by, at=at, address=address)


def why_not_sign(account: Account, *, by: User, today: date) -> str | None:
    """为什么学校不能签, with what stands in the database."""
    rows = queries.lines_of(account)
    came = queries.delivered(account.county_code, account.month, account.school_code).get(
        account.school_code, queries.Delivered()
    )
    last = queries.serving_days(account.county_code, account.month, account.school_code)
    return rules.why_not_sign(
        by=by,
        state=account.state,
        mine=_mine(account, by),
        over=not last or today >= last[-1],
        lines=[queries.line_of(account, row) for row in rows],
        whole=queries.whole_of(account, rows, came),
        waiting=came.waiting,
    )


def send_back(*, account: Account, reason: str, by: User, at: datetime, address: str = "") -> Account:
    """退回学校 with the reason. Raises Refused."""
    with transaction.atomic():
        one = _locked(account)
        demand(rules.why_not_send_back(by=by, state=one.state, reason=reason))
        one.state, one.returned = "open", reason.strip()[:300]
        one.save()
        return _log(one, Verb.RETURN, {"state": one.state}, reason, by=by, at=at, address=address)


def close(*, account: Account, by: User, at: datetime, address: str = "") -> Account:
    """结账 by a second person; nothing in the account changes afterwards. Raises Refused."""
    with transaction.atomic():
        one = _locked(account)
        demand(rules.why_not_close(by=by, state=one.state, signed_by=one.signed_by_id))
        one.state, one.closed_by, one.closed_at = "closed", by, at
        one.save()
        return _log(one, Verb.CLOSE, {"state": one.state}, "", by=by, at=at, address=address)


def _counted_on(county_code: str, first: date) -> date:
    """The first day with meals; before the first register, the day of that register."""
    days = registered.days_with_data(county_code, "students")
    return max(first, days[-1]) if days else first


def _save_accounts(
    accounts: Mapping[str, Account], serving: Mapping[str, Sequence[date]], counted_on: date
) -> None:
    changed = []
    for school, one in accounts.items():
        if (one.days, one.counted_on) != (len(serving[school]), counted_on):
            one.days, one.counted_on = len(serving[school]), counted_on
            changed.append(one)
    Account.objects.bulk_update(changed, ["days", "counted_on"], batch_size=500)


def _save_lines(
    accounts: Mapping[str, Account],
    pupils: Mapping[Key, int],
    attended: Mapping[Key, tuple[int | None, int]],
) -> None:
    there = {
        (line.account.school_code, *line.key): line
        for line in AccountClass.objects.filter(account__in=accounts.values()).select_related("account")
    }
    new = [
        AccountClass(
            account=accounts[key[0]], grade=key[1], class_number=key[2], pupils=count,
            attended=attended[key][0], days_uncalled=attended[key][1],
        )
        for key, count in pupils.items()
        if key not in there
    ]  # fmt: skip
    kept = ("pupils", "attended", "attended_typed", "days_uncalled")
    changed = []
    for key, line in there.items():
        before = [getattr(line, name) for name in kept]
        line.pupils = pupils.get(key, 0)
        counted, line.days_uncalled = attended.get(key, (None, 0))
        if not line.attended_typed or counted is not None:
            line.attended, line.attended_typed = counted, False
        if [getattr(line, name) for name in kept] != before:
            changed.append(line)
    AccountClass.objects.bulk_create(new, batch_size=1_000)
    AccountClass.objects.bulk_update(changed, kept, batch_size=500)
    # A class that is gone and for which nothing was entered is not there; with entries it stays and must be explained.
    AccountClass.objects.filter(account__in=accounts.values(), pupils=0, eaten=None).delete()


def _refusals(
    county_code: str, month: date, schools: Collection[str], accounts: Mapping[str, Account], by: User
) -> list[str]:
    day = registered.latest_day(county_code) or month
    covers = scope_of(by)
    mine = set(
        registered.rows_on("schools", day, county_code)
        .filter(covers.schools(), school_code__in=schools)
        .values_list("school_code", flat=True)
    )
    found = []
    for school in sorted(schools):
        one = accounts.get(school)
        if one is None:
            found.append(f"学校 {school} 在{month.year}年{month.month}月没有月账，请核对学校标识码和月份")
        elif refusal := rules.why_not_record(by=by, state=one.state, mine=school in mine):
            found.append(refusal if len(schools) == 1 else f"学校 {school}：{refusal}")
    return found


def _problems(
    entry: Meals,
    account: Account | None,
    lines: Mapping[Key, AccountClass],
    serving: Mapping[str, Sequence[date]],
    today: date,
) -> list[str]:
    if account is None:
        return []
    name = queries.class_name(entry.grade, entry.class_number)
    where = f"{entry.place}{name}"
    line = lines.get((entry.school_code, entry.grade, entry.class_number))
    if line is None:
        return [f"{where}：本月没有享受营养餐的学生，请核对年级和班号"]
    found = []
    due = line.pupils * account.days
    for what, count in (("就餐", entry.eaten), ("出勤", entry.attended)):
        if wrong := rules.why_not_count(name=where, due=due, eaten=count, what=what):
            found.append(wrong)
    if entry.eaten is not None and not entry.daily and line.by_day and entry.eaten != line.eaten:
        found.append(f"{where}：本月已按日登记，请改每日人数")
    for day, count in entry.daily.items():
        if day not in serving[entry.school_code]:
            found.append(f"{where}：{day}不是供餐日，请核对日期，或先登记供餐日调整")
        elif day > today:
            found.append(f"{where}：{day}还没有到")
        elif wrong := rules.why_not_count(name=f"{where}{day}", due=line.pupils, eaten=count):
            found.append(wrong)
    return found


def _take(entry: Meals, line: AccountClass, by: User, at: datetime) -> bool:
    before = (line.eaten, line.attended)
    days = dict(line.daily.values_list("day", "eaten")) if entry.daily else {}
    if entry.daily:
        for day, count in entry.daily.items():
            DailyMeals.objects.update_or_create(
                line=line, day=day, defaults={"eaten": count, "by": by, "at": at}
            )
        line.eaten, line.by_day = sum({**days, **entry.daily}.values()), True
    elif entry.eaten is not None:
        line.eaten = entry.eaten
    if entry.attended is not None and entry.attended != line.attended:
        line.attended, line.attended_typed = entry.attended, True
    return (line.eaten, line.attended) != before or any(days.get(d) != n for d, n in entry.daily.items())


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def _mine(account: Account, by: User) -> bool:
    day = registered.latest_day(account.county_code) or account.month
    return queries.is_mine(scope_of(by), account.county_code, account.school_code, day)


def _log(
    one: Account,
    verb: Verb,
    detail: Mapping[str, object],
    reason: str,
    *,
    by: User,
    at: datetime,
    address: str,
) -> Account:
    obj = ("nutrition_account", str(one.pk))
    whole = {"school": one.school_code, "month": f"{one.month:%Y-%m}", **detail}
    write(by=by, verb=verb, obj=obj, detail=whole, reason=reason.strip(), at=at, address=address)
    return one
