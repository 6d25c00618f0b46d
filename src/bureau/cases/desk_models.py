"""案头: what an account watches, keeps as a filter, and has asked to be done to many cases at once."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Watch(models.Model):
    """关注: an account wants to see what happens to a case."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    of = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="watches")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "of"], name="one_watch_of_a_case")]


class SavedFilter(models.Model):
    """常用筛选 of one account."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    ledger = models.CharField(max_length=30)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "ledger", "name"], name="one_filter_of_a_name")
        ]


class Bulk(models.Model):
    """批量办理, done by the worker; `refused` holds [case id, label, sentence] of those that could not be, the first thousands of them."""

    class Kind(models.TextChoices):
        ASSIGN = "assign", N("批量移交")
        MOVE = "move", N("批量办理")
        UPLOAD = "upload", N("上传表格")

    class State(models.TextChoices):
        QUEUED = "queued", N("排队")
        RUNNING = "running", N("正在办理")
        DONE = "done", N("已完成")
        CANCELLED = "cancelled", N("已取消")
        FAILED = "failed", N("出了意外")

    county_code = models.CharField(max_length=6)
    ledger = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    arguments = models.JSONField(default=dict)
    ids = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    refused_count = models.PositiveIntegerField(default=0)
    progress = models.FloatField(default=0)
    cancel_asked = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
