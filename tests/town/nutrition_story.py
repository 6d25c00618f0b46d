"""供餐的故事: the months of this term in a made-up county, with a few differences, two refused deliveries and some complaints.

Everything goes through the same actions as on the pages, on the days of the story. All of it is 演示.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from bureau.nutrition import (
    accounts,
    complaints,
    deliveries,
    meals,
    programme,
    queries,
    settings_actions,
    suppliers,
)
from bureau.nutrition.models import Account, AccountClass, Supplier
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry import queries as registered

_SUPPLIERS = (
    ("演示·营养餐配送中心", "学生营养餐、早餐", 700),
    ("演示·惠农蔬菜合作社", "蔬菜、鸡蛋", 400),
    ("演示·清源乳业", "学生饮用奶", 12),
)
_WORDS = (
    "演示：部分学生请假未及时登记，午餐照常",
    "演示：学校活动，低年级提前放学",
    "演示：转入学生当日就餐，次日补登考勤",
)
_COMPLAINTS = (
    ("quality", "演示：反映周三午餐米饭夹生", "已约谈食堂负责人，更换蒸箱，班主任陪餐一周。", 25),
    ("amount", "演示：反映高年级学生吃不饱", "已调整分餐标准，高年级可以添饭。", 18),
    ("hygiene", "演示：反映餐具没有洗净", "", 30),
    ("money", "演示：询问补助资金公示", "", 4),
)
# One school in twelve gets its meals from a company; of the others the canteen cooks.
_COMPANY_EVERY = 12
# Of a large county this many schools a month have settled their account; signing all would take the demo too long.
_SETTLED = 40


def nutrition_story(county_code: str, *, today: date) -> None:
    """Schools, suppliers, this term's months (the last one open), complaints. Nothing when the county has accounts already."""
    if queries.accounts(county_code).exists():
        return
    people = _people(county_code)
    chance = Random(f"{county_code}/nutrition")
    start = _term_start(county_code, today)
    schools = _cover(county_code, start, people, today)
    if not schools:
        return
    suppliers = _suppliers(county_code, people["aid"], start, today)
    months = [start.replace(day=1)]
    while (following := (months[-1] + timedelta(days=32)).replace(day=1)) <= today:
        months.append(following)
    months = [month for month in months if programme.serving_days(county_code, month)]
    for month in months:
        last = programme.month_end(month)
        accounts.open_month(
            county_code=county_code, month=month, by=people["aid"], at=_at(month), today=min(last, today)
        )
        _deliver(county_code, month, schools, suppliers, people, chance, today)
        _eat(county_code, month, people["aid"], chance, today)
        if last < today:
            _settle(county_code, month, people, today)
    _complain(county_code, schools, people, today)


def _people(county_code: str) -> dict[str, User]:
    suffix = "" if county_code == "640324" else f"-{county_code}"
    return {
        name: User.objects.get(username=f"{name}{suffix}")
        for name in ("leader", "basic", "aid", "primary", "nine")
    }


def _term_start(county_code: str, today: date) -> date:
    """The first school day of the term that today lies in, or of the last one."""
    calendar = programme.school_calendar(county_code)
    day = today
    while (term := calendar.term(day)) is None:
        day -= timedelta(days=1)
    return term.since


def _cover(county_code: str, start: date, people: dict[str, User], today: date) -> list[str]:
    day = registered.latest_day(county_code) or today
    missing, _ended = programme.suggestions(county_code, day)
    rural = [one.school_code for one in missing if not one.urban]
    modes = {
        code: "company" if place % _COMPANY_EVERY == _COMPANY_EVERY - 1 else "canteen"
        for place, code in enumerate(rural)
    }
    if modes:
        settings_actions.cover(
            county_code=county_code,
            schools=modes,
            since=start,
            source="演示·实施学校名单",
            by=people["aid"],
            at=_at(start),
        )
    settings_actions.set_complaint_days(
        county_code=county_code, days=10, source="演示·投诉办理规定", by=people["leader"], at=_at(start)
    )
    return rural


def _suppliers(county_code: str, by: User, start: date, today: date) -> list[Supplier]:
    made = []
    for number, (name, goods, days) in enumerate(_SUPPLIERS, 1):
        entry = suppliers.SupplierEntry(
            name, goods, f"演示许可{number:04d}", today + timedelta(days=days), contract=f"演示合同{number}",
            contract_until=today + timedelta(days=300), contact="演示联系人", phone=f"1000000000{number}",
        )  # fmt: skip
        made.append(suppliers.save_supplier(county_code=county_code, entry=entry, by=by, at=_at(start)))
    return made


def _deliver(
    county_code: str,
    month: date,
    schools: Sequence[str],
    suppliers: Sequence[Supplier],
    people: dict[str, User],
    chance: Random,
    today: date,
) -> None:
    """Two deliveries a month for each school: the month's food below the standard, in round amounts."""
    rows = queries.month_rows(county_code, month, {code: code for code in schools})
    serving = [day for day in programme.serving_days(county_code, month) if day <= today]
    entries = []
    for row in rows:
        due, company = row["due"], row["mode"] == "company"
        if not due or not serving:
            continue
        for part, of in ((0.7, suppliers[0 if company else 1]), (0.3, suppliers[2])):
            yuan = round(due * row["standard"] * part * chance.uniform(0.9, 0.97))
            entries.append(
                deliveries.DeliveryEntry(
                    school_code=row["school_code"], supplier=of, day=serving[chance.randrange(len(serving))],
                    goods="演示·午餐" if company else "演示·蔬菜、鸡蛋" if part > 0.5 else "演示·学生饮用奶",
                    quantity=Decimal(due if company else round(due * part)), unit="份", fen=yuan * 100,
                    meals=due if company and part > 0.5 else None, ticket=f"演示{month:%y%m}{len(entries):04d}",
                    temperature=Decimal("62.5") if company else Decimal("5.0"),
                )
            )  # fmt: skip
    if not entries:
        return
    made = deliveries.record_deliveries(
        county_code=county_code, entries=entries, by=people["aid"], at=_at(serving[-1]), today=today
    )
    current = programme.month_end(month) >= today
    for place in (3, 11):
        if place < len(made):
            words = "演示：送达时温度不足，票证与批次不符"
            deliveries.reject(delivery=made[place], reason=words, by=people["aid"], at=_at(made[place].day))
    good = [
        one for place, one in enumerate(made) if place not in (3, 11) and not (current and place % 9 == 0)
    ]
    for by, hour in ((people["aid"], 0), (people["basic"], 2)):
        deliveries.accept_many(deliveries=good, by=by, at=_at(serving[-1], hour))


def _eat(county_code: str, month: date, by: User, chance: Random, today: date) -> None:
    """Attendance a little below what is due; one class in ten eats otherwise than it attends."""
    entries = []
    current = programme.month_end(month) >= today
    rows = AccountClass.objects.filter(account__county_code=county_code, account__month=month).select_related(
        "account"
    )
    for row in rows.order_by("account__school_code", "grade", "class_number"):
        if current and chance.random() < 0.3:
            continue  # not reported yet
        due = row.pupils * row.account.days
        attended = row.attended if row.attended is not None else round(due * chance.uniform(0.95, 1.0))
        eaten = attended + (chance.choice((-4, -2, 1, 3)) if chance.random() < 0.1 else 0)
        typed = attended if row.attended is None else None
        entries.append(
            meals.Meals(row.account.school_code, row.grade, row.class_number, max(eaten, 0), typed)
        )
    if entries:
        meals.record_meals(
            county_code=county_code, month=month, entries=entries, by=by, at=_at(min(programme.month_end(month), today)), today=today
        )  # fmt: skip


def _settle(county_code: str, month: date, people: dict[str, User], today: date) -> None:
    """Past months: explained and signed; closed but for the last school of the list, and two that are still open."""
    found: list[Account] = list(queries.accounts(county_code, month).order_by("school_code")[:_SETTLED])
    at = _at(programme.month_end(month) + timedelta(days=3))
    recent = (today - programme.month_end(month)).days < 45
    for place, one in enumerate(found):
        rows = queries.lines_of(one)
        if recent and place % 17 == 5:
            continue
        ids = [row.pk for row in rows if accounts.rules.differences(queries.line_of(one, row))]
        came = queries.delivered(county_code, month, one.school_code).get(
            one.school_code, queries.Delivered()
        )
        whole = bool(accounts.rules.whole_differences(queries.whole_of(one, rows, came)))
        if ids or whole:
            accounts.explain(
                account=one, lines=ids, whole=whole, text=_WORDS[place % len(_WORDS)], by=people["aid"], at=at
            )
        try:
            signed = accounts.sign(account=one, by=people["aid"], at=at, today=today)
        except Refused:
            continue
        if not (recent and place % 7 == 3):
            accounts.close(account=signed, by=people["basic"], at=at + timedelta(hours=2))


def _complain(county_code: str, schools: Sequence[str], people: dict[str, User], today: date) -> None:
    for place, (topic, text, answer, days) in enumerate(_COMPLAINTS):
        day = today - timedelta(days=days)
        made = complaints.receive_complaint(
            county_code=county_code, school_code=schools[place % len(schools)], received_on=day, way="phone", topic=topic,
            text=text, person="演示家长", by=people["aid"], at=_at(day), today=today,
        )  # fmt: skip
        if answer:
            answered = day + timedelta(days=6)
            made = complaints.answer_complaint(
                complaint=made, text=f"演示：{answer}", by=people["aid"], at=_at(answered), today=answered
            )
        if place == 0:
            complaints.settle_complaint(
                complaint=made, back=False, reason="", by=people["basic"], at=_at(day + timedelta(days=8))
            )


def _at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, 1 + hour, tzinfo=UTC)
