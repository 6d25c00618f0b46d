"""佐证材料: what people conclude from evidence that no register holds, with the files behind it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Evidence(models.Model):
    """佐证材料: a conclusion on one evidence item of one county and school year; a second person confirms it.

    A confirmed conclusion takes the place of the one in 县级数据 at the next run.
    """

    class State(models.TextChoices):
        DRAFT = "draft", N("待提交")
        SUBMITTED = "submitted", N("待复核")
        CONFIRMED = "confirmed", N("已复核")
        RETURNED = "returned", N("已退回")

    county_code = models.CharField(max_length=6)
    code = models.CharField("指标", max_length=4)
    item = models.CharField("项目", max_length=40)
    school_year = models.IntegerField("学年")
    conclusion = models.CharField("结论", max_length=10, blank=True)
    summary = models.TextField("简要结论", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    remark = models.TextField("复核意见", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "code", "item", "school_year"], name="one_evidence_a_year"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")), name="evidence_checked_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(checked_by__isnull=False),
                name="evidence_confirmed_by_someone",
            ),
        ]


class EvidenceFile(models.Model):
    """佐证文件, kept in DATA/evidence under its SHA-256."""

    of = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
