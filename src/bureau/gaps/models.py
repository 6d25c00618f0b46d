"""缺口台账: one line for each shortfall of a school, which closes by data and a second person (逐项对账销号)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User
from bureau.runs.models import Run


class Gap(models.Model):
    """一校一案的一条: a shortfall found by a run, what is to be done about it, and how it stands in the data.

    `shortage` is what the latest run found (0 = the data shows it closed); `claimed_done_*` is what somebody said.
    A claim that the data contradicts stays open and is shown as a contradiction.
    """

    class State(models.TextChoices):
        OPEN = "open", N("待整改")
        UNDER_WAY = "under_way", N("整改中")
        CLAIMED = "claimed", N("已报完成")
        SOLVED = "solved", N("数据已达标，待复核")
        CLOSED = "closed", N("已销号")

    county_code = models.CharField(max_length=6)
    school_code = models.CharField(max_length=10)
    school = models.CharField(max_length=120)
    township_code = models.CharField(max_length=12, blank=True)
    stage = models.CharField(max_length=10)
    code = models.CharField("指标", max_length=4)
    title = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    shortage_at_opening = models.FloatField()
    shortage = models.FloatField()
    unit = models.CharField(max_length=6)
    opened_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    latest_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    unit_price = models.FloatField("单价（万元）", null=True)
    measure = models.CharField("整改措施", max_length=300, blank=True)
    office = models.CharField("责任科室", max_length=40, blank=True)
    due = models.DateField("完成时限", null=True)
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    claim = models.CharField("完成情况", max_length=300, blank=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["school_code", "stage", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "school_code", "stage", "code"],
                condition=~Q(state="closed"),
                name="one_open_gap",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (Q(closed_by__isnull=False) & Q(closed_run__isnull=False) & Q(shortage=0)),
                name="gap_closed_by_data_and_person",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(claimed_by=None) | ~Q(closed_by=F("claimed_by")),
                name="gap_closed_by_another",
            ),
        ]


class GapEvent(models.Model):
    """台账经过: what happened to a gap, in words, oldest first."""

    of = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    text = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
