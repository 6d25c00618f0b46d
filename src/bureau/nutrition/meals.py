"""就餐登记的写入: pupil-days eaten and at school of each class, all entries or none; every problem at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.nutrition import explanations, programme, queries, rules
from bureau.nutrition.models import Account, AccountClass, DailyMeals
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import scope_of
from bureau.registry import queries as registered
from bureau.registry.bulk import update_each

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
        serving = programme.serving_of(county_code, month, accounts)
        for entry in entries:
            problems += _problems(entry, accounts.get(entry.school_code), lines, serving, today)
        demand("\n".join(dict.fromkeys(problems)) or None)
        changed = [
            entry
            for entry in entries
            if _take(entry, lines[entry.school_code, entry.grade, entry.class_number], by, at)
        ]
        taken = [lines[entry.school_code, entry.grade, entry.class_number] for entry in changed]
        update_each(
            AccountClass, TAKEN, ((line.pk, *(getattr(line, name) for name in TAKEN)) for line in taken)
        )
        # Words about figures that have changed since explain nothing.
        explanations.forget_classes(line.pk for line in taken if line.explained)
        explanations.forget_whole({line.account_id for line in taken})
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
