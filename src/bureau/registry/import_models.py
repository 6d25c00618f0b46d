"""导入: one upload from staging to commit or undo, what was found in it, and what it would change."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Import(models.Model):
    """导入: one upload of one or more files for one day, from staging to commit or undo."""

    class State(models.TextChoices):
        RECEIVED = "received", N("排队读取")
        READING = "reading", N("正在读取")
        REFUSED = "refused", N("无法读取")
        IN_REVIEW = "in_review", N("待核对")
        COMMITTING = "committing", N("正在提交")
        COMMITTED = "committed", N("已提交")
        UNDOING = "undoing", N("正在撤销")
        UNDONE = "undone", N("已撤销")
        CANCELLED = "cancelled", N("已取消")

    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    county_code = models.CharField(max_length=6)
    day = models.DateField("数据日期")
    complete = models.BooleanField("完整名册", default=False)
    file_name = models.CharField("文件名", max_length=300)
    sha256 = models.CharField("文件指纹", max_length=64)
    size = models.BigIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sheets = models.JSONField(default=list)  # names of the registers the file speaks of
    counts = models.JSONField(
        default=dict
    )  # {sheet: {rows, new, changed, unchanged, missing, conflict, rejected}}
    match_share = models.FloatField(null=True)  # share of the file's rows found in the register
    progress = models.FloatField(default=0)
    cancel_asked = models.BooleanField(default=False)
    seen = models.JSONField(default=dict)  # {sheet: version of the register that the review compared with}
    note = models.TextField(blank=True)  # what went wrong, or what changed while it was reviewed
    committed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    committed_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"导入 {self.pk} {self.file_name}"


class RegisterVersion(models.Model):
    """登记册版本号: counts the commits and undos of one register of one county; locked while one is under way."""

    county_code = models.CharField(max_length=6)
    sheet = models.CharField(max_length=20)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "sheet"], name="one_register_version")
        ]


class ImportProblem(models.Model):
    """导入问题: one thing found in the file. `found` is sealed when the column identifies a person."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    sheet = models.CharField(max_length=40)
    row = models.IntegerField()
    column = models.CharField(max_length=60)
    found = models.BinaryField()
    message = models.TextField()
    severity = models.CharField(max_length=8)

    class Meta:
        ordering: ClassVar = ["id"]


class ImportChange(models.Model):
    """导入差异: one row of the file that would change the register, field by field; sensitive values are masked."""

    class Kind(models.TextChoices):
        NEW = "new", N("新增")
        CHANGED = "changed", N("变更")
        MISSING = "missing", N("文件中没有")
        CONFLICT = "conflict", N("期间已被他人修改")

    # No index of its own: the one below begins with it.
    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes", db_index=False)
    sheet = models.CharField(max_length=20)
    row = models.IntegerField(null=True)
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    school_code = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    fields = models.JSONField(default=list)  # [[heading, before, after, meanwhile or null], …]
    keep_mine = models.BooleanField(default=False)  # a conflict settled for the file

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["of", "sheet", "kind"])]
