"""后台办理: one step over a long list, taken by the worker."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop as N

from bureau.payments.models.awards import AwardRound
from bureau.payments.models.batches import Batch
from bureau.people.models import User


class Job(models.Model):
    """一件后台办理: done whole or not at all. `arguments` are what the person chose; `said` is how it ended, in sentences."""

    class Kind(models.TextChoices):
        ENTITLED = "entitled", N("从应助名单列入")
        SCHOOL_PASS = "school_pass", N("学校评审通过")
        PASS = "pass", N("科室评审通过")
        DRAFT = "draft", N("制发放批次")

    class State(models.TextChoices):
        WAITING = "waiting", N("排队办理")
        DOING = "doing", N("正在办理")
        DONE = "done", N("已办完")
        REFUSED = "refused", N("没有办成")
        CANCELLED = "cancelled", N("已取消")

    county_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    title = models.CharField("名称", max_length=100)
    rows = models.PositiveIntegerField("人数", default=0)
    arguments = models.JSONField(default=dict)
    round = models.ForeignKey(AwardRound, null=True, on_delete=models.CASCADE, related_name="jobs")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.CASCADE, related_name="jobs")
    progress = models.FloatField(default=0)
    said = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["county_code", "state"], name="payment_job_by_state")]
        constraints: ClassVar = [
            # The same list is not taken up twice at once.
            models.UniqueConstraint(
                fields=["round", "kind"],
                condition=models.Q(state__in=["waiting", "doing"]),
                name="one_payment_job_of_a_list",
            ),
        ]
