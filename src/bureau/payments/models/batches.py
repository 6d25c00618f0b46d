"""发放批次: lines for the bank, what the bank answered, and the files of both."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.payments.models.awards import PERSON_KINDS, Award
from bureau.payments.models.funds import Fund
from bureau.payments.models.people import BankAccount
from bureau.people.models import User


class BankTemplate(models.Model):
    """代发文件格式: `columns` are [{"field", "heading", "form"}] in the bank's order."""

    class Form(models.TextChoices):
        XLSX = "xlsx", "Excel（.xlsx）"
        CSV = "csv", "CSV"

    class Encoding(models.TextChoices):
        GB18030 = "gb18030", "GB18030"
        UTF8 = "utf-8-sig", "UTF-8"

    county_code = models.CharField(max_length=6)
    name = models.CharField("名称", max_length=60)
    form = models.CharField("文件", max_length=4, choices=Form.choices, default=Form.XLSX)
    encoding = models.CharField(
        "编码", max_length=10, choices=Encoding.choices, default=Encoding.GB18030
    )  # of CSV
    tab = models.CharField("工作表名", max_length=30, default="代发明细")
    columns = models.JSONField("列")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "name"], name="one_bank_template_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """发放批次. Numbered when submitted: 发〔2026〕3号. Nobody approves what he drafted."""

    county_code = models.CharField(max_length=6)
    title = models.CharField("名称", max_length=100)
    person_kind = models.CharField("对象", max_length=10, choices=PERSON_KINDS)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="batches")
    template = models.ForeignKey(BankTemplate, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, default="draft")
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    lines_count = models.PositiveIntegerField("笔数", default=0)
    fen = models.BigIntegerField("金额（分）", default=0)
    parts = models.JSONField("资金来源", default=dict)  # {source: fen} of all lines, sum = fen
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "year", "serial"], name="one_number_of_a_batch"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                name="batch_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "void"]) | Q(approved_by__isnull=False),
                name="batch_goes_on_only_when_approved",
            ),
        ]


class Line(models.Model):
    """一笔发放: an award on its way to an account. Who reviewed the award stands here too, so that the database can refuse
    the same person as approver."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField("序号")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="lines")
    fen = models.BigIntegerField("金额（分）")
    parts = models.JSONField("资金来源", default=dict)  # {source: fen}, sum = fen
    state = models.CharField("状态", max_length=10, default="waiting")
    reason = models.CharField("银行说明", max_length=200, blank=True)
    paid_on = models.DateField("到账日期", null=True)
    returned_on = models.DateField("退回日期", null=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["batch", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_line_of_a_position"),
            models.UniqueConstraint(
                fields=["award"], condition=Q(state__in=["waiting", "paid"]), name="an_award_is_paid_once"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("reviewed_by")),
                name="line_approved_by_another_than_reviewed",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(approved_by__isnull=False, paid_on__isnull=False),
                name="line_paid_only_when_approved",
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="line_pays_something"),
        ]


class BatchEvent(models.Model):
    """经过 of a batch."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class PaymentFile(models.Model):
    """上传的表: read whole, with every problem; taken whole or not at all. `found` holds what a person confirms."""

    class Kind(models.TextChoices):
        AWARDS = "awards", N("资助名单")
        ACCOUNTS = "accounts", N("一卡通账户")
        RESULT = "result", N("银行回盘")
        FUNDS = "funds", N("期初和收入")

    class State(models.TextChoices):
        WAITING = "waiting", N("排队读取")
        READING = "reading", N("正在读取")
        REFUSED = "refused", N("有问题，没有入库")
        READY = "ready", N("待确认")
        TAKING = "taking", N("正在入库")
        TAKEN = "taken", N("已入库")
        CANCELLED = "cancelled", N("已取消")

    county_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.CASCADE, related_name="files")
    round = models.ForeignKey(
        "payments.AwardRound", null=True, on_delete=models.CASCADE, related_name="files"
    )
    fund = models.ForeignKey(Fund, null=True, on_delete=models.CASCADE, related_name="files")
    only_failures = models.BooleanField("只有失败明细", default=False)
    paid_on = models.DateField("到账日期", null=True)  # of what a list of failures leaves out
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    progress = models.FloatField(default=0)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    summary = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
