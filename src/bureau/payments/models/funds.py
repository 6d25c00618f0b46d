"""资金账: a fund, its accounts by source, and movements of which each is both sides at once.

A movement is one row that takes fen from one account (`credit`) and gives them to another (`debit`): an unbalanced entry
cannot be written down. Triggers (migration 0002) refuse what no row can say of itself: two funds or two sources in one
movement, an overdrawn account, a closed year, a reversal that is not the mirror, and any change of what is written.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Source(models.TextChoices):
    """资金来源. The first three are the names that clauses share an amount by."""

    CENTRE = "centre", N("中央资金")
    REGION = "region", N("自治区资金")
    COUNTY = "county", N("县级资金")
    DONATION = "donation", N("社会捐赠")


class Fund(models.Model):
    """基金: 教育扶贫基金、优秀教师奖励基金、教师大病救助基金, or money of another name with its own account."""

    county_code = models.CharField(max_length=6)
    name = models.CharField("名称", max_length=60)
    basis = models.CharField("依据", max_length=300, blank=True)
    begun_on = models.DateField("建账日期")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["county_code", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "name"], name="one_fund_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """科目 of a fund and a source. Only what lies outside may be below zero: it is what was given so far."""

    class Kind(models.TextChoices):
        OUTSIDE = "outside", N("拨款方")
        AVAILABLE = "available", N("可用")
        BUDGETED = "budgeted", N("已列预算")
        COMMITTED = "committed", N("已承诺")
        PAID = "paid", N("已发放")

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="accounts")
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    kind = models.CharField("科目", max_length=10, choices=Kind.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "source", "kind"], name="one_account_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}·{self.get_kind_display()}"


class Movement(models.Model):
    """一笔账: `fen` leave `credit` and arrive at `debit`. Never changed; a wrong one is reversed once."""

    class Kind(models.TextChoices):
        OPENING = "opening", N("期初余额")
        INCOME = "income", N("收入")
        BUDGET = "budget", N("列预算")
        COMMITMENT = "commitment", N("承诺")
        PAYMENT = "payment", N("发放")
        RETURN = "return", N("退回")
        REVERSAL = "reversal", N("冲销")

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="movements")
    day = models.DateField("日期")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    fen = models.BigIntegerField("金额（分）")
    note = models.CharField("摘要", max_length=300)
    voucher = models.CharField("凭证号", max_length=40, blank=True)
    batch = models.ForeignKey("payments.Batch", null=True, on_delete=models.PROTECT, related_name="movements")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day", "id"]
        indexes: ClassVar = [models.Index(fields=["fund", "day"], name="movement_by_day")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="movement_moves_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="movement_has_two_sides"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False)
                | (~Q(kind="reversal") & Q(reverses=None)),
                name="movement_reversal_names_what",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="movement_says_what_for"),
        ]


class ClosedYear(models.Model):
    """已结账年度: nothing is written into it or before it any more. A row is never taken back (trigger)."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="closed_years")
    year = models.PositiveSmallIntegerField("年度")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "year"], name="one_closing_of_a_year")
        ]
