"""应办事项: what a task asks to be done by one day, and how it went."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import Organisation, User


class DutySetting(models.Model):
    """提醒设定 of a county: days before the deadline; a value without a name behind it is assumed (假定)."""

    county_code = models.CharField(max_length=6, unique=True)
    remind_days = models.PositiveSmallIntegerField("提前提醒天数")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Duty(models.Model):
    """应办事项: what a task asks to be done by one day; a recurring task has one for each of its periods."""

    class State(models.TextChoices):
        PENDING = "pending", N("待启动")
        UNDER_WAY = "under_way", N("推进中")
        CLAIMED = "claimed", N("已报完成，待复核")
        RETURNED = "returned", N("已退回")
        CLOSED = "closed", N("已销号")
        DROPPED = "dropped", N("不再执行")

    task = models.ForeignKey("plans.Task", on_delete=models.PROTECT, related_name="duties")
    period = models.CharField("期次", max_length=40, blank=True)  # "" for a task to be done once
    opens = models.DateField("开始日期", null=True)
    due = models.DateField("完成时限", null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    progress = models.TextField("进展", blank=True)
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due", "id"]
        verbose_name_plural = "duties"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "period"], name="one_duty_of_a_period"),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_by__isnull=False) & Q(claimed_by__isnull=False)),
                name="duty_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("claimed_by")), name="duty_closed_by_another"
            ),
        ]


class DutyEvent(models.Model):
    """办理经过: progress, claims, checks and their words, oldest first."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    percent = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class DutyFile(models.Model):
    """佐证, kept sealed in DATA/plans under its SHA-256."""

    event = models.ForeignKey(DutyEvent, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
