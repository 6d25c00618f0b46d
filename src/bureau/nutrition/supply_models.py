"""供应与投诉: who delivers, what came and who accepted it, and what people complain of.

Money is whole fen, quantities are decimals. What identifies a person is sealed.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Supplier(models.Model):
    """供应单位: who delivers food or meals; nothing is accepted from one whose licence or contract has ended."""

    county_code = models.CharField(max_length=6)
    name = models.CharField("单位名称", max_length=80)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    goods = models.CharField("供应内容", max_length=100)
    licence = models.CharField("食品经营许可证号", max_length=40)
    licence_until = models.DateField("许可证有效期至")
    contract = models.CharField("合同编号", max_length=60, blank=True)
    contract_until = models.DateField("合同有效期至", null=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.BinaryField("联系电话", default=b"")
    active = models.BooleanField("在用", default=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "name"], name="one_supplier_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """到货: one delivery, inspected by one person and accepted by a second, or rejected with the reason."""

    class State(models.TextChoices):
        WAITING = "waiting", N("待验收")
        INSPECTED = "inspected", N("一人已验，待第二人")
        ACCEPTED = "accepted", N("已验收")
        REJECTED = "rejected", N("已拒收")

    county_code = models.CharField(max_length=6)
    school_code = models.CharField("学校标识码", max_length=10)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="deliveries")
    day = models.DateField("日期")
    goods = models.CharField("品名", max_length=80)
    quantity = models.DecimalField("数量", max_digits=10, decimal_places=2)
    unit = models.CharField("单位", max_length=10)
    fen = models.PositiveBigIntegerField("金额（分）")
    meals = models.PositiveIntegerField("折合份数", null=True)
    ticket = models.CharField("票证号", max_length=40, blank=True)
    temperature = models.DecimalField("温度", max_digits=4, decimal_places=1, null=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    inspected_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    inspected_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    reason = models.CharField("拒收原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-day", "-id"]
        indexes: ClassVar = [models.Index(fields=["county_code", "day"], name="delivery_by_day")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(second_by=F("inspected_by")), name="delivery_accepted_by_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | (Q(inspected_by__isnull=False) & Q(second_by__isnull=False)),
                name="accepted_delivery_names_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="rejected_delivery_has_a_reason"
            ),
        ]

    @property
    def yuan(self) -> float:
        """金额（元）, to be shown."""
        return self.fen / 100


class Complaint(models.Model):
    """投诉: what was complained of, by when it must be answered, the answer and who checked it. The person is sealed.

    With its number anybody may ask how far it is, and read the answer once it is settled.
    """

    class Way(models.TextChoices):
        PHONE = "phone", N("电话")
        LETTER = "letter", N("来信来访")
        ONLINE = "online", N("网络")
        INSPECTION = "inspection", N("检查发现")

    class Topic(models.TextChoices):
        QUALITY = "quality", N("饭菜质量")
        AMOUNT = "amount", N("分量")
        HYGIENE = "hygiene", N("卫生安全")
        MONEY = "money", N("收费和资金")
        OTHER = "other", N("其他")

    class State(models.TextChoices):
        OPEN = "open", N("办理中")
        ANSWERED = "answered", N("已答复，待复核")
        CLOSED = "closed", N("已办结")

    number = models.CharField("查询编号", max_length=10, blank=True)
    county_code = models.CharField(max_length=6)
    school_code = models.CharField("学校标识码", max_length=10)
    received_on = models.DateField("受理日期")
    way = models.CharField("来源", max_length=10, choices=Way.choices)
    topic = models.CharField("事由", max_length=8, choices=Topic.choices)
    text = models.TextField("反映内容")
    person = models.BinaryField("反映人", default=b"")
    due = models.DateField("答复期限")
    due_doubt = models.CharField(max_length=200, blank=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    # Nobody: it came in through the public form.
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField("处理和答复", blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    returned = models.CharField("退回原因", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["due", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="one_complaint_of_a_number"
            ),
            models.CheckConstraint(
                condition=~Q(closed_by=F("answered_by")), name="complaint_checked_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False), name="closed_complaint_names_who"
            ),
        ]
