"""收款账户与服务期: whose account it is, and what a teacher still owes in service."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as N

from bureau.payments.models.awards import PERSON_KINDS, Award
from bureau.payments.models.funds import Fund, Movement, Source
from bureau.people.models import User


class BankAccount(models.Model):
    """收款账户（一卡通）: the number sealed; found again by keyed hash. A new one ends the one before; nothing is deleted."""

    county_code = models.CharField(max_length=6)
    person_kind = models.CharField(max_length=10, choices=PERSON_KINDS)
    person_key = models.CharField(max_length=80)
    number = models.BinaryField("账号")
    number_lookup = models.CharField(max_length=32)
    number_tail = models.CharField(max_length=4)  # shown: the last four digits
    bank = models.CharField("开户行", max_length=60)
    holder_name = models.CharField("户名", max_length=60)
    relation = models.CharField("与受助人关系", max_length=10)
    since = models.DateField("启用")
    until = models.DateField("停用", null=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["county_code", "number_lookup"], name="bank_account_by_number"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "person_kind", "person_key"],
                condition=Q(until=None),
                name="one_bank_account_in_use",
            ),
        ]


class ServiceTerm(models.Model):
    """服务期: years a teacher owes for money received, and how it is paid back when he leaves early.

    The document leaves the way of paying back to the contract; `method` and `contract` are what a person read there.
    """

    class Method(models.TextChoices):
        MONTHS = "months", N("按未服务月数比例退还")
        YEARS = "years", N("按未服务年数（不满一年按一年）比例退还")
        WHOLE = "whole", N("全额退还")

    county_code = models.CharField(max_length=6)
    teacher_key = models.CharField(max_length=80)
    teacher_name = models.CharField("姓名", max_length=60)
    school_code = models.CharField(max_length=10)
    clause = models.CharField("条款", max_length=80)
    award = models.ForeignKey(Award, null=True, on_delete=models.PROTECT, related_name="service_terms")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="service_terms")
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    fen = models.BigIntegerField("已发金额（分）")
    starts = models.DateField("服务起")
    years = models.PositiveSmallIntegerField("服务年限")
    method = models.CharField("退还办法", max_length=10, choices=Method.choices)
    contract = models.CharField("合同依据", max_length=300)
    left_on = models.DateField("离开日期", null=True)
    left_reason = models.CharField("离开原因", max_length=200, blank=True)
    due_on = models.DateField("应退期限", null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "teacher_key", "clause", "starts"], name="one_service_term"
            ),
            models.CheckConstraint(condition=Q(fen__gt=0, years__gt=0), name="service_term_owes_something"),
        ]


class Repayment(models.Model):
    """退还: money that came back for a service term, with the movement that booked it."""

    term = models.ForeignKey(ServiceTerm, on_delete=models.PROTECT, related_name="repayments")
    day = models.DateField("到账日期")
    fen = models.BigIntegerField("金额（分）")
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, related_name="repayment")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="repayment_repays_something")
        ]
