"""台账定义和数据比对: a county's own texts of its ledgers, and what each comparison of one found."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class PackVersion(models.Model):
    """台账定义的一版: a county's own text of one ledger; in force only after another person has checked it."""

    class State(models.TextChoices):
        DRAFT = "draft", N("待核对")
        IN_FORCE = "in_force", N("有效")
        REPLACED = "replaced", N("已被取代")
        REFUSED = "refused", N("未通过")

    county_code = models.CharField(max_length=6)
    code = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=40)
    text = models.TextField()
    version = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField("修改理由", max_length=300)
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    refusal = models.CharField("未通过理由", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["code", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "code", "number"], name="one_pack_of_a_number"),
            models.UniqueConstraint(
                fields=["county_code", "code"], condition=Q(state="in_force"), name="one_ledger_in_force"
            ),
            models.UniqueConstraint(
                fields=["county_code", "code"], condition=Q(state="draft"), name="one_ledger_draft"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "replaced"]) | Q(checked_by__isnull=False),
                name="ledger_in_force_was_checked",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")), name="ledger_checked_by_another"
            ),
        ]


class Sweep(models.Model):
    """一次数据比对 of one ledger: what the detectors found on a data day and what that changed."""

    county_code = models.CharField(max_length=6)
    ledger = models.CharField(max_length=30)
    day = models.DateField()
    at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    refreshed = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    back = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    contradicted = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["county_code", "ledger", "day"], name="sweep_of_a_ledger")]
