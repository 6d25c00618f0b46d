"""制作的文件: answers that take too long for a request, made by the worker for the account that asked."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Download(models.Model):
    """制作的文件. `address` is asked again by the worker as the same account; the answer is kept sealed for a day."""

    class State(models.TextChoices):
        WAITING = "waiting", N("排队")
        MAKING = "making", N("正在制作")
        READY = "ready", N("可以下载")
        FAILED = "failed", N("没有做成")
        CANCELLED = "cancelled", N("已取消")

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    title = models.CharField(max_length=120)
    rows = models.IntegerField(null=True)
    address = models.TextField()  # path and query
    chosen = models.JSONField(default=dict)  # what the session held: county, day, columns
    language = models.CharField(max_length=10)
    client = models.CharField(max_length=45, blank=True)  # where it was asked from, for the log
    progress = models.FloatField(default=0)
    note = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(null=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"
