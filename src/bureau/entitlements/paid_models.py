"""已发资助的存储: lists of payments as they were uploaded or as the bank has paid them; a list counts whole or not at all."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class PaidList(models.Model):
    """发放名单: one uploaded file or one paid batch of one term. Its lines count while it is `in_force`."""

    class State(models.TextChoices):
        READING = "reading", N("正在读取")
        REFUSED = "refused", N("有错误，没有保存")
        IN_REVIEW = "in_review", N("待核对")
        IN_FORCE = "in_force", N("已入账")
        CANCELLED = "cancelled", N("已取消")
        UNDONE = "undone", N("已撤销")

    county_code = models.CharField("县区", max_length=6)
    term = models.CharField("学期", max_length=6)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    source = models.CharField("来源", max_length=120)
    reference = models.CharField("凭据", max_length=80)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    clause = models.CharField("整份文件的资助项目", max_length=80, blank=True)
    rows = models.IntegerField(default=0)
    lines = models.IntegerField(default=0)
    fen = models.BigIntegerField(default=0)
    problems = models.JSONField(default=list)  # [[sheet, row, column, found (masked), sentence, severity], …]
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    progress = models.FloatField(default=0)
    cancel_asked = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "reference"],
                condition=Q(state="in_force"),
                name="paid_list_entered_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="undone") | (Q(undone_by__isnull=False) & ~Q(undo_reason="")),
                name="paid_list_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(entered_by__isnull=False, entered_at__isnull=False),
                name="paid_list_entered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"发放名单 {self.pk} {self.source}"


class PaidLine(models.Model):
    """一笔已发资助. `fen` is negative for money that came back; `student_key` is blank for one whom no register knows."""

    list = models.ForeignKey(PaidList, on_delete=models.CASCADE, related_name="+")
    row = models.IntegerField(default=0)
    tab = models.CharField(max_length=60, blank=True)
    student_key = models.CharField(max_length=80, blank=True)
    person_name = models.CharField(max_length=60, blank=True)
    school_code = models.CharField(max_length=10, blank=True)
    clause = models.CharField(max_length=80)
    item = models.CharField("名单上的项目名称", max_length=120, blank=True)
    fen = models.BigIntegerField()
    paid_on = models.DateField(null=True)
    account = models.BinaryField(default=b"")
    account_lookup = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(fen=0), name="paid_line_has_an_amount"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["student_key"], name="paid_line_of_child"),
            models.Index(
                fields=["account_lookup"], condition=~Q(account_lookup=""), name="paid_line_account"
            ),
        ]
