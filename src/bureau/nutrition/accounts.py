"""月账的写入: opening and counting anew, explanations, signing and closing. One transaction and one log line each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.nutrition import counting, explanations, programme, queries, rules
from bureau.nutrition.models import Account, AccountClass
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import scope_of
from bureau.registry import queries as registered
from bureau.registry.bulk import update_each

Key = tuple[str, str, int]


def open_month(
    *, county_code: str, month: date, by: User, at: datetime, today: date, address: str = ""
) -> int:
    """开账: an account for each covered school that has none; answers how many. Raises Refused."""
    schools = programme.covered_in(county_code, month)
    price = programme.price_on(county_code, month)
    days = len(programme.serving_days(county_code, month))
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
        serving = programme.serving_of(county_code, month, accounts, until=today)
        counted_on = _counted_on(
            county_code, min((days[0] for days in serving.values() if days), default=month)
        )
        pupils = programme.fed_pupils(county_code, counted_on, accounts)
        attended = counting.attended(county_code, month, counted_on, pupils, serving, school_code)
        _save_accounts(accounts, serving, counted_on)
        _save_lines(accounts, pupils, attended)
    return len(accounts)


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
    last = programme.serving_days(account.county_code, account.month, account.school_code)
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
    said = {
        key: rules.differences(queries.line_of(line.account, line))
        for key, line in there.items()
        if line.explained
    }
    changed, stale = [], []
    for key, line in there.items():
        before = [getattr(line, name) for name in kept]
        line.pupils = pupils.get(key, 0)
        counted, line.days_uncalled = attended.get(key, (None, 0))
        if not line.attended_typed or counted is not None:
            line.attended, line.attended_typed = counted, False
        if [getattr(line, name) for name in kept] != before:
            changed.append(line)
            if line.explained and rules.differences(queries.line_of(line.account, line)) != said[key]:
                stale.append(line.pk)
    AccountClass.objects.bulk_create(new, batch_size=1_000)
    explanations.forget_classes(stale)
    update_each(AccountClass, kept, ((line.pk, *(getattr(line, name) for name in kept)) for line in changed))
    # A class that is gone and for which nothing was entered is not there; with entries it stays and must be explained.
    AccountClass.objects.filter(account__in=accounts.values(), pupils=0, eaten=None).delete()


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def _mine(account: Account, by: User) -> bool:
    return programme.is_mine(scope_of(by), account.county_code, account.school_code, account.month)


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
