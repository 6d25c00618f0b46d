"""供餐 as actions: accounts from the register, meals, attendance, prices of the packs, deliveries and complaints."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bureau.attendance import actions as attendance
from bureau.attendance.queries import ClassRef
from bureau.log.models import Entry
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
from bureau.nutrition.models import Account, AccountClass, Covered, Delivery, Price
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.secret import unseal
from bureau.registry.models import Student
from site_rows import COUNTY, NOW

pytestmark = pytest.mark.django_db
MONTH, TODAY = date(2025, 10, 1), date(2025, 11, 3)
SCHOOL, OTHER = "2164990001", "2164990003"


@pytest.fixture
def opened(cast: dict[str, User]) -> Account:
    office = cast["office"]
    settings_actions.cover(
        county_code=COUNTY, schools={SCHOOL: "canteen", OTHER: "company"}, since=date(2025, 9, 1), source="演示名单",
        by=office, at=NOW,
    )  # fmt: skip
    accounts.open_month(county_code=COUNTY, month=MONTH, by=office, at=NOW, today=TODAY)
    one = queries.account_of(COUNTY, SCHOOL, MONTH)
    assert one is not None
    return one


def enter(by: User, *entries: meals.Meals, today: date = TODAY) -> int:
    return meals.record_meals(county_code=COUNTY, month=MONTH, entries=entries, by=by, at=NOW, today=today)


def whole(one: Account, by: User, *, less: int = 0) -> None:
    """Every class eats what is due, and was at school."""
    enter(
        by,
        *(
            meals.Meals(
                one.school_code,
                row.grade,
                row.class_number,
                row.pupils * one.days - less,
                row.pupils * one.days,
            )
            for row in queries.lines_of(one)
        ),
    )


def test_the_price_is_the_verified_clause_until_a_second_person_confirms_the_countys_own(
    cast: dict[str, User],
) -> None:
    office, leader = cast["office"], cast["leader"]
    stated = programme.price_on(COUNTY, date(2025, 10, 1))
    assert stated is not None
    assert (stated.fen, stated.clause) == (500, "cn.nutrition")
    before = programme.price_on(COUNTY, date(2021, 8, 31))
    assert before is not None
    assert before.fen == 400
    assert programme.price_on(COUNTY, date(2015, 1, 1)) is None  # remembered only: never a default
    own = settings_actions.enter_price(
        county_code=COUNTY, since=MONTH, fen=550, source="县级补充", document="演示文件", by=office, at=NOW
    )
    assert programme.price_on(COUNTY, MONTH) == stated
    with pytest.raises(Refused, match="另一人"):
        settings_actions.confirm_price(price=own, by=office, at=NOW)
    settings_actions.confirm_price(price=own, by=leader, at=NOW)
    assert programme.price_on(COUNTY, MONTH).fen == 550  # type: ignore[union-attr]
    assert programme.price_on(COUNTY, date(2025, 9, 30)) == stated
    settings_actions.withdraw_price(price=own, reason="文件作废", by=office, at=NOW)
    assert programme.price_on(COUNTY, MONTH) == stated
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.filter(pk=own.pk).update(confirmed_by=office)


def test_an_account_counts_pupils_from_the_register_and_days_from_the_calendar(opened: Account) -> None:
    fed = Student.objects.filter(
        school_code=SCHOOL, replaced_by=None, valid_to=None, enrolment_status="在读", nutrition_meals=True
    ).count()
    rows = queries.lines_of(opened)
    assert sum(row.pupils for row in rows) == fed > 0
    assert opened.days == len(programme.serving_days(COUNTY, MONTH, SCHOOL)) > 15
    assert opened.fen == 500
    assert all(row.attended is None and row.days_uncalled == opened.days for row in rows)
    table = queries.month_rows(COUNTY, MONTH, {SCHOOL: "甲", OTHER: "丙"})
    assert [row["school_name"] for row in table] == ["丙", "甲"]
    assert table[1]["due"] == fed * opened.days
    assert table[1]["eaten"] is None  # 未报 is not zero


def test_a_day_without_meals_makes_the_month_shorter_until_it_is_signed(
    opened: Account, cast: dict[str, User]
) -> None:
    day = programme.serving_days(COUNTY, MONTH, SCHOOL)[3]
    off = {
        "county_code": COUNTY,
        "days": [day],
        "serves": False,
        "reason": "运动会",
        "by": cast["office"],
        "at": NOW,
    }
    settings_actions.set_meal_days(school_code=SCHOOL, **off)  # type: ignore[arg-type]
    accounts.refresh_month(county_code=COUNTY, month=MONTH, today=TODAY)
    changed = queries.account_of(COUNTY, SCHOOL, MONTH)
    other = queries.account_of(COUNTY, OTHER, MONTH)
    assert changed is not None
    assert other is not None
    assert (changed.days, other.days) == (opened.days - 1, opened.days)
    whole(changed, cast["school"])
    accounts.sign(account=changed, by=cast["school"], at=NOW, today=TODAY)
    with pytest.raises(Refused, match="签字或结账"):
        settings_actions.set_meal_days(school_code="", **off)  # type: ignore[arg-type]


def test_from_entry_to_a_closed_month_that_stays_closed(opened: Account, cast: dict[str, User]) -> None:
    school, office = cast["school"], cast["office"]
    with pytest.raises(Refused, match="没有登记就餐人次"):
        accounts.sign(account=opened, by=school, at=NOW, today=TODAY)
    whole(opened, school, less=2)
    with pytest.raises(Refused, match="差异没有说明"):
        accounts.sign(account=opened, by=school, at=NOW, today=TODAY)
    ids = [row.pk for row in queries.lines_of(opened)]
    accounts.explain(account=opened, lines=ids, whole=False, text="秋游，自带午餐", by=school, at=NOW)
    enter(school, meals.Meals(SCHOOL, "1", 1, eaten=1))  # changed figures need new words
    with pytest.raises(Refused, match="一年级1班的差异没有说明"):
        accounts.sign(account=opened, by=school, at=NOW, today=TODAY)
    accounts.explain(account=opened, lines=ids, whole=False, text="秋游，自带午餐", by=school, at=NOW)
    with pytest.raises(Refused, match="还没有结束"):
        accounts.sign(account=opened, by=school, at=NOW, today=date(2025, 10, 20))
    signed = accounts.sign(account=opened, by=school, at=NOW, today=TODAY)
    with pytest.raises(Refused, match="退回"):
        enter(school, meals.Meals(SCHOOL, "1", 1, eaten=9))
    accounts.send_back(account=signed, reason="请核对一年级", by=office, at=NOW)
    signed = accounts.sign(account=opened, by=office, at=NOW, today=TODAY)
    with pytest.raises(Refused, match="另一人"):
        accounts.close(account=signed, by=office, at=NOW)
    closed = accounts.close(account=signed, by=cast["leader"], at=NOW)
    assert closed.state == "closed"
    with pytest.raises(Refused, match="不能再改"):
        enter(school, meals.Meals(SCHOOL, "1", 1, eaten=9))
    assert accounts.refresh_month(county_code=COUNTY, month=MONTH, today=TODAY) == 1  # the other school's
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=closed.pk).update(closed_by=closed.signed_by_id)
    assert Entry.objects.filter(kind="nutrition_account", verb="close").exists()


def test_words_about_a_difference_do_not_outlive_its_figures(opened: Account, cast: dict[str, User]) -> None:
    school = cast["school"]
    whole(opened, school, less=2)
    line = queries.lines_of(opened)[0]

    def explained() -> tuple[bool, bool]:
        row = AccountClass.objects.get(pk=line.pk)
        return bool(row.explained), bool(Account.objects.get(pk=opened.pk).explained)

    def explain() -> None:
        accounts.explain(account=opened, lines=[line.pk], whole=True, text="秋游", by=school, at=NOW)

    explain()
    accounts.refresh_month(county_code=COUNTY, month=MONTH, today=TODAY)
    assert explained() == (True, True)  # nothing has changed
    enter(school, meals.Meals(SCHOOL, line.grade, line.class_number, eaten=1))
    assert explained() == (False, False)
    explain()
    # Counted by roll calls that have been taken back since.
    AccountClass.objects.filter(pk=line.pk).update(attended=5, attended_typed=False)
    accounts.refresh_month(county_code=COUNTY, month=MONTH, today=TODAY)
    assert explained() == (False, True)
    made = deliver(school, supplier(cast["office"]))
    made = deliveries.inspect(delivery=made, by=school, at=NOW)
    assert explained()[1]
    deliveries.accept(delivery=made, by=cast["office"], at=NOW)
    assert not explained()[1]


def test_daily_meals_add_up_and_every_wrong_entry_is_named(opened: Account, cast: dict[str, User]) -> None:
    school = cast["school"]
    days = programme.serving_days(COUNTY, MONTH, SCHOOL)
    enter(school, meals.Meals(SCHOOL, "1", 1, daily={days[0]: 9, days[1]: 8}))
    enter(school, meals.Meals(SCHOOL, "1", 1, daily={days[1]: 10}))
    row = AccountClass.objects.get(account=opened, grade="1")
    assert (row.eaten, row.by_day) == (19, True)
    with pytest.raises(Refused) as refused:
        enter(
            school,
            meals.Meals(SCHOOL, "1", 1, eaten=100),
            meals.Meals(SCHOOL, "2", 1, daily={date(2025, 10, 4): 5}),
            meals.Meals(SCHOOL, "3", 1, eaten=99_999),
            meals.Meals(SCHOOL, "9", 7, eaten=1, place="第9行 "),
        )
    said = str(refused.value).splitlines()
    assert len(said) == 4
    assert "已按日登记" in said[0]
    assert "不是供餐日" in said[1]
    assert "多写了一位" in said[2]
    assert said[3].startswith("第9行 初三7班")
    assert AccountClass.objects.get(account=opened, grade="3").eaten is None  # all or none


def test_a_school_enters_only_its_own(opened: Account, cast: dict[str, User]) -> None:
    with pytest.raises(Refused, match="不在您的辖区"):
        enter(cast["school"], meals.Meals(OTHER, "1", 1, eaten=1))
    with pytest.raises(Refused, match="不能申报"):
        enter(cast["auditor"], meals.Meals(SCHOOL, "1", 1, eaten=1))


def test_attendance_is_counted_from_roll_calls_of_entitled_pupils(
    opened: Account, cast: dict[str, User]
) -> None:
    ref = ClassRef(COUNTY, SCHOOL, "1", 1)
    keys = list(
        Student.objects.filter(school_code=SCHOOL, grade="1", replaced_by=None, valid_to=None).values_list("key", flat=True)
    )  # fmt: skip
    days = programme.serving_days(COUNTY, MONTH, SCHOOL)

    def call(day: date, *away: attendance.Named) -> None:
        attendance.enter(ref=ref, day=day, absences=away, by=cast["office"], at=NOW, today=TODAY)

    for day in days[:-1]:
        call(day)
    accounts.refresh_month(county_code=COUNTY, month=MONTH, today=TODAY)
    row = AccountClass.objects.get(account=opened, grade="1")
    assert (row.attended, row.days_uncalled) == (None, 1)
    whole_day, half = attendance.Named(keys[0], "sick"), attendance.Named(keys[1], "personal", "pm")
    call(days[-1], whole_day, half)
    accounts.refresh_month(county_code=COUNTY, month=MONTH, today=TODAY)
    row.refresh_from_db()
    assert (row.attended, row.days_uncalled) == (row.pupils * len(days) - 1, 0)


def supplier(by: User, until: date = date(2030, 1, 1), name: str = "演示配餐公司") -> deliveries.Supplier:
    entry = suppliers.SupplierEntry(name, "学生营养餐", "演示许可0001", until, phone="13900000000")
    return suppliers.save_supplier(county_code=COUNTY, entry=entry, by=by, at=NOW)


def deliver(by: User, of: deliveries.Supplier, **changed: object) -> Delivery:
    from decimal import Decimal

    asked = {
        "school_code": SCHOOL, "supplier": of, "day": date(2025, 10, 9), "goods": "午餐", "quantity": Decimal(60),
        "unit": "份", "fen": 30_000, "meals": 60,
    }  # fmt: skip
    entry = deliveries.DeliveryEntry(**(asked | changed))  # type: ignore[arg-type]
    return deliveries.record_deliveries(county_code=COUNTY, entries=[entry], by=by, at=NOW, today=TODAY)[0]


def test_only_what_two_persons_accepted_is_spent(opened: Account, cast: dict[str, User]) -> None:
    school, office, teacher = cast["school"], cast["office"], cast["teacher"]
    of = supplier(office)
    assert unseal(of.phone) == "13900000000"
    one = deliver(school, of)
    with pytest.raises(Refused, match="第一人"):
        deliveries.accept(delivery=one, by=teacher, at=NOW)
    one = deliveries.inspect(delivery=one, by=school, at=NOW)
    with pytest.raises(Refused, match="另一人"):
        deliveries.accept(delivery=one, by=school, at=NOW)
    assert queries.delivered(COUNTY, MONTH)[SCHOOL].fen == 0
    one = deliveries.accept(delivery=one, by=teacher, at=NOW)
    assert queries.delivered(COUNTY, MONTH)[SCHOOL].fen == 30_000
    bad = deliver(school, of)
    deliveries.reject(delivery=bad, reason="温度不足", by=school, at=NOW)
    came = queries.delivered(COUNTY, MONTH)[SCHOOL]
    assert (came.fen, came.accepted, came.rejected) == (30_000, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=one.pk).update(second_by=school)


def test_many_deliveries_are_accepted_at_once_by_two(opened: Account, cast: dict[str, User]) -> None:
    school, office = cast["school"], cast["office"]
    of = supplier(office)
    rows = [deliver(school, of), deliver(school, of, goods="鲜奶")]
    assert deliveries.accept_many(deliveries=rows, by=school, at=NOW) == (2, 0)
    with pytest.raises(Refused, match="另一人"):
        deliveries.accept_many(deliveries=rows, by=school, at=NOW)
    assert deliveries.accept_many(deliveries=rows, by=office, at=NOW) == (0, 2)
    assert queries.delivered(COUNTY, MONTH)[SCHOOL].accepted == 2
    with pytest.raises(Refused, match="先选择"):
        deliveries.accept_many(deliveries=[], by=office, at=NOW)


def test_nothing_is_accepted_from_a_supplier_whose_licence_has_ended(
    opened: Account, cast: dict[str, User]
) -> None:
    one = deliver(cast["school"], supplier(cast["office"], until=date(2025, 10, 8)))
    with pytest.raises(Refused, match="2025-10-08到期，只能拒收"):
        deliveries.inspect(delivery=one, by=cast["school"], at=NOW)


def test_a_delivery_in_a_signed_month_or_with_bad_amounts_is_refused(
    opened: Account, cast: dict[str, User]
) -> None:
    of = supplier(cast["office"])
    with pytest.raises(Refused) as refused:
        deliver(cast["school"], of, goods="", quantity=None, fen=99_999_999_999, day=date(2025, 12, 1))
    assert all(part in str(refused.value) for part in ("品名", "数量", "过大", "还没有到"))
    whole(opened, cast["school"])
    accounts.sign(account=opened, by=cast["school"], at=NOW, today=TODAY)
    with pytest.raises(Refused, match="已经签字或结账"):
        deliver(cast["school"], of)


def test_a_complaint_has_a_deadline_in_working_days_and_a_second_person(cast: dict[str, User]) -> None:
    school, office = cast["school"], cast["office"]
    made = complaints.receive_complaint(
        county_code=COUNTY, school_code=SCHOOL, received_on=date(2025, 10, 9), way="phone", topic="quality",
        text="米饭夹生", person="演示家长", by=school, at=NOW, today=date(2025, 10, 9),
    )  # fmt: skip
    assert (made.due - made.received_on).days > 15  # weekends are not counted
    assert unseal(made.person) == "演示家长"
    made = complaints.answer_complaint(complaint=made, text="已更换", by=office, at=NOW, today=TODAY)
    with pytest.raises(Refused, match="另一人"):
        complaints.settle_complaint(complaint=made, back=False, reason="", by=office, at=NOW)
    made = complaints.settle_complaint(complaint=made, back=True, reason="没有说怎样防止", by=office, at=NOW)
    assert made.state == "open"
    settings_actions.set_complaint_days(county_code=COUNTY, days=5, source="演示规定", by=office, at=NOW)
    assert programme.complaint_days(COUNTY)[0] == 5


def test_the_list_of_schools_is_suggested_from_the_register(opened: Account, cast: dict[str, User]) -> None:
    missing, ended = programme.suggestions(COUNTY, date(2025, 9, 20))
    codes = {one.school_code for one in missing}
    assert "2164990002" in codes
    assert SCHOOL not in codes
    assert ended == []
    # The list is compared as it stands now, however old the register's day is.
    assert SCHOOL not in {
        one.school_code for one in programme.suggestions(COUNTY, date(2025, 8, 1), TODAY)[0]
    }
    settings_actions.change_mode(
        county_code=COUNTY,
        school_code=SCHOOL,
        mode="company",
        since=date(2025, 11, 1),
        by=cast["office"],
        at=NOW,
    )
    assert Covered.objects.filter(school_code=SCHOOL).count() == 2
    assert programme.covered_in(COUNTY, MONTH)[SCHOOL] == "canteen"
    assert programme.covered_in(COUNTY, date(2025, 11, 1))[SCHOOL] == "company"
