"""目标: the figures that a plan promises, what they stand at, and what units say of them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User
from bureau.runs.models import Run


class Target(models.Model):
    """目标: a figure that a plan promises, bound to a measure that the registers answer, or to a reported series.

    `measure` is a code of the measure catalogue, "" while unbound; `reported` says that no register holds it and that figures
    come with evidence from people. `milestones` are [[day, value], …] between baseline and due date.
    """

    class Verdict(models.TextChoices):
        MET = "met", N("已达到")
        ON_COURSE = "on_course", N("按进度")
        BEHIND = "behind", N("落后")
        NO_DATA = "no_data", N("无数据")

    plan = models.ForeignKey("plans.Plan", on_delete=models.PROTECT, related_name="targets")
    task = models.ForeignKey("plans.Task", null=True, on_delete=models.PROTECT, related_name="targets")
    item = models.ForeignKey("plans.Item", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("序号")
    indicator = models.CharField("指标", max_length=120)
    comparator = models.CharField("比较", max_length=8)  # ge gt le lt eq approx between
    value = models.FloatField("目标值")
    value2 = models.FloatField(null=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    scope = models.CharField("范围", max_length=60, blank=True)
    due = models.DateField("完成时限", null=True)
    due_source = models.CharField("时限来源", max_length=20, blank=True)
    measure = models.CharField("绑定指标", max_length=40, blank=True)
    stage = models.CharField("学段", max_length=10, blank=True)
    area_code = models.CharField("区域", max_length=12, blank=True)  # "" for the county
    subset = models.CharField("口径", max_length=20, blank=True)  # 乡村, 公办 …; "" for all schools
    reported = models.BooleanField("填报数列", default=False)
    binding_reason = models.CharField("绑定依据", max_length=200, blank=True)
    bound_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    bound_at = models.DateTimeField(null=True)
    baseline = models.FloatField("基期值", null=True)
    baseline_day = models.DateField("基期", null=True)
    baseline_source = models.CharField("基期值来源", max_length=200, blank=True)
    milestones = models.JSONField(default=list)
    # What the last update of the outlook said; each figure opens to its reading.
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.NO_DATA)
    outlook = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["plan", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_target_of_a_number"),
            models.CheckConstraint(
                condition=Q(measure="") | Q(reported=False), name="target_computed_or_reported"
            ),
        ]


class Reading(models.Model):
    """读数: one figure of a target on one day: computed by a run, or reported with evidence and checked by another."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="readings")
    day = models.DateField("数据日期")
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    unreported = models.IntegerField("未报", default=0)
    note = models.CharField(max_length=300, blank=True)
    returned = models.CharField("退回原因", max_length=200, blank=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["target", "day"], condition=Q(run__isnull=False), name="one_computed_reading_a_day"
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=False) | Q(by__isnull=False), name="reading_from_run_or_person"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")), name="reading_checked_by_another"
            ),
        ]


class Claim(models.Model):
    """填报值: what a unit says a target stands at; shown beside the computed figure with the difference, never instead."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="claims")
    day = models.DateField()
    value = models.FloatField()
    text = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
