"""营养改善: covered schools and prices, and the month's account of each school.

Months are their first day. Money is whole fen, quantities are decimals. An account is closed by two persons and stays closed.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.nutrition.supply_models import Complaint, Delivery, Supplier
from bureau.people.models import User

__all__ = [
    "Account",
    "AccountClass",
    "Complaint",
    "Covered",
    "DailyMeals",
    "Delivery",
    "MealDay",
    "Price",
    "Setting",
    "Supplier",
]


class MealDay(models.Model):
    """供餐日调整: a school day without meals, or another day with them; of one school, or of all ("")."""

    county_code = models.CharField(max_length=6)
    school_code = models.CharField("学校标识码", max_length=10, blank=True)
    day = models.DateField("日期")
    serves = models.BooleanField("供餐")
    reason = models.CharField("原因", max_length=100)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day", "school_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "school_code", "day"], name="one_meal_day_of_a_school"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="meal_day_has_a_reason"),
        ]


class Price(models.Model):
    """本县膳食补助标准: a county's own price of a pupil-day from a day on; counts once a second person has confirmed it."""

    county_code = models.CharField(max_length=6)
    since = models.DateField("起始日期")
    fen = models.PositiveIntegerField("标准（分）")
    source = models.CharField("资金来源", max_length=100)
    document = models.CharField("依据", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-since", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "since"],
                condition=Q(withdrawn_at=None),
                name="one_price_from_a_day",
            ),
            models.CheckConstraint(condition=~Q(confirmed_by=F("by")), name="price_confirmed_by_another"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="price_is_positive"),
        ]


class Setting(models.Model):
    """本县设置: how many working days a complaint may take; assumed until somebody has saved it."""

    county_code = models.CharField(max_length=6, unique=True)
    complaint_days = models.PositiveSmallIntegerField("投诉答复工作日")
    source = models.CharField("依据", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Covered(models.Model):
    """实施学校: a school in the programme from `since` to `until` (both included), and who cooks."""

    class Mode(models.TextChoices):
        CANTEEN = "canteen", N("食堂供餐")
        COMPANY = "company", N("企业供餐")
        FAMILY = "family", N("家庭托餐")

    county_code = models.CharField(max_length=6)
    school_code = models.CharField("学校标识码", max_length=10)
    mode = models.CharField("供餐方式", max_length=8, choices=Mode.choices, default=Mode.CANTEEN)
    since = models.DateField("起始日期")
    until = models.DateField("截止日期", null=True)
    source = models.CharField("依据", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["school_code", "-since"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "school_code"],
                condition=Q(until=None),
                name="one_open_coverage_of_a_school",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="coverage_ends_after_it_starts"
            ),
        ]


class Account(models.Model):
    """月账: what one school should have served in a month and how it was reconciled.

    `days` and `fen` are fixed when the account is opened or refreshed; nothing in it changes once it is closed.
    """

    class State(models.TextChoices):
        OPEN = "open", N("登记中")
        SIGNED = "signed", N("学校已签，待审核")
        CLOSED = "closed", N("已结账")

    county_code = models.CharField(max_length=6)
    school_code = models.CharField("学校标识码", max_length=10)
    month = models.DateField("月份")
    mode = models.CharField("供餐方式", max_length=8, choices=Covered.Mode.choices)
    days = models.PositiveSmallIntegerField("应供餐天数")
    fen = models.PositiveIntegerField("标准（分）")
    price_cite = models.CharField("标准依据", max_length=300)
    counted_on = models.DateField("人数日期")
    state = models.CharField("状态", max_length=6, choices=State.choices, default=State.OPEN)
    signed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    returned = models.CharField("退回原因", max_length=300, blank=True)
    explained = models.CharField("到货差异说明", max_length=300, blank=True)
    explained_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    explained_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-month", "school_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "month", "school_code"], name="one_account_of_a_month"
            ),
            models.CheckConstraint(
                condition=~Q(closed_by=F("signed_by")), name="account_closed_by_another_than_signed"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(signed_by__isnull=False), name="signed_account_names_who"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False), name="closed_account_names_who"
            ),
        ]


class AccountClass(models.Model):
    """月账的班级: how many pupils of a class are entitled, what was served to them, and how many were at school.

    `eaten` and `attended` are pupil-days; empty means 未报. `explained` says why they differ.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="classes")
    grade = models.CharField("年级", max_length=3)
    class_number = models.PositiveSmallIntegerField("班号")
    pupils = models.PositiveSmallIntegerField("享受人数")
    eaten = models.PositiveIntegerField("就餐人次", null=True)
    attended = models.PositiveIntegerField("出勤人次", null=True)
    by_day = models.BooleanField(default=False)  # eaten is the sum of daily entries
    attended_typed = models.BooleanField(default=False)  # by the school; else counted from the roll calls
    days_uncalled = models.PositiveSmallIntegerField("没有点名的天数", default=0)
    explained = models.CharField("差异说明", max_length=300, blank=True)
    explained_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    explained_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "grade", "class_number"], name="one_line_of_a_class_a_month"
            )
        ]

    @property
    def key(self) -> tuple[str, int]:
        """年级和班号."""
        return self.grade, self.class_number


class DailyMeals(models.Model):
    """每日就餐: pupils of a class who ate on one day."""

    line = models.ForeignKey(AccountClass, on_delete=models.CASCADE, related_name="daily")
    day = models.DateField("日期")
    eaten = models.PositiveSmallIntegerField("就餐人数")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["line", "day"], name="one_count_a_day")]
