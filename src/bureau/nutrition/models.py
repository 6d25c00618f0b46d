"""营养改善: covered schools and prices; the month's account of each school; deliveries, meals and complaints.

Months are their first day. Money is whole fen, quantities are decimals. An account is closed by two persons and stays closed.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


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
    """投诉: what was complained of, by when it must be answered, the answer and who checked it. The person is sealed."""

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
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
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
            models.CheckConstraint(
                condition=~Q(closed_by=F("answered_by")), name="complaint_checked_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False), name="closed_complaint_names_who"
            ),
        ]
