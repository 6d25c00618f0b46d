"""结果: asked-for and stored results, each with its evidence: the day, the pack version and the snapshot of the data.

The rows mirror the dataclasses of `junheng.measures.model`, where their fields are explained; a page shows these
rows and never computes.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop as N

from bureau.people.models import User
from bureau.runs.day_models import DayMeasures as DayMeasures
from bureau.runs.evidence_models import Evidence as Evidence
from bureau.runs.evidence_models import EvidenceFile as EvidenceFile
from bureau.runs.pack_models import PackValue as PackValue


class Run(models.Model):
    """一次测算: one assessment of one county on one day under one pack."""

    class State(models.TextChoices):
        QUEUED = "queued", N("排队")
        RUNNING = "running", N("测算中")
        DONE = "done", N("完成")
        FAILED = "failed", N("失败")

    county_code = models.CharField(max_length=6)
    day = models.DateField("数据日期")
    pack = models.CharField("标准包", max_length=60)
    pack_version = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0)
    note = models.TextField(blank=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    register_versions = models.JSONField(default=dict)  # {sheet: version} the snapshot was taken at
    snapshot = models.CharField(max_length=200, blank=True)  # folder of Parquet files below DATA/snapshots
    snapshot_sha256 = models.CharField(max_length=64, blank=True)
    seconds = models.FloatField(null=True)
    # Lists, because the database that keeps JSON as a tree forgets the order of keys.
    basics = models.JSONField(default=list)  # 申报表Ⅰ: [[heading, figure], …]
    oversized = models.JSONField(default=list)  # 大校额: failing rows

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["county_code", "pack", "day", "state"])]

    def __str__(self) -> str:
        return f"测算 {self.pk} {self.county_code} {self.day}"


class _Result(models.Model):
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class SchoolResult(_Result):
    """学校综合评估, with the facts it rests on (`amounts`: numerator columns after splits, blank = 未报)."""

    school_code = models.CharField(max_length=10)
    school = models.CharField(max_length=120)
    township_code = models.CharField(max_length=12, blank=True)
    stage = models.CharField(max_length=10)
    kind = models.CharField(max_length=3, null=True)
    organizer = models.CharField(max_length=2, null=True)
    locale = models.CharField(max_length=3, null=True)
    students = models.IntegerField(null=True)
    grades = models.IntegerField(null=True)
    classes = models.IntegerField(null=True)
    in_scope = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    passes = models.IntegerField()
    unreported = models.IntegerField()
    near = models.JSONField(default=list)
    below_floor = models.JSONField(default=list)
    verdict = models.CharField(max_length=4)
    remark = models.CharField(max_length=300, blank=True)
    amounts = models.JSONField(default=dict)
    fact = models.JSONField(default=dict)  # the rest of the fact row that what-if needs

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "school_code", "stage"], name="one_school_result")
        ]


class IndicatorResult(_Result):
    """一校一学段一指标."""

    school_code = models.CharField(max_length=10)
    school = models.CharField(max_length=120)
    township_code = models.CharField(max_length=12, blank=True)
    stage = models.CharField(max_length=10)
    code = models.CharField(max_length=4)
    title = models.CharField(max_length=60)
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.IntegerField(null=True)
    unit = models.CharField(max_length=12)
    threshold = models.FloatField(null=True)
    ratio = models.FloatField(null=True)
    verdict = models.CharField(max_length=4)
    gap = models.FloatField(null=True)
    gap_unit = models.CharField(max_length=6)
    surplus = models.FloatField(null=True)
    borderline = models.BooleanField()
    clause = models.TextField()
    relief = models.CharField(max_length=120, blank=True)
    split = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "school_code", "stage", "code"], name="one_indicator_result"
            )
        ]


class CoefficientResult(_Result):
    """差异系数; code "" is the composite (综合), where `schools` counts the single coefficients in it."""

    stage = models.CharField(max_length=10)
    code = models.CharField(max_length=4, blank=True)
    title = models.CharField(max_length=60)
    unit = models.CharField(max_length=12, blank=True)
    mean = models.FloatField(null=True)
    deviation = models.FloatField(null=True)
    cv = models.FloatField(null=True)
    limit = models.FloatField(null=True)
    verdict = models.CharField(max_length=4)
    schools = models.IntegerField()
    students = models.IntegerField()
    unreported = models.IntegerField()
    clause = models.TextField()


class VarianceShare(_Result):
    """方差贡献: one school's share of the variance behind one coefficient."""

    stage = models.CharField(max_length=10)
    code = models.CharField(max_length=4)
    school_code = models.CharField(max_length=10)
    school = models.CharField(max_length=120)
    students = models.IntegerField()
    value = models.FloatField()
    share = models.FloatField()


class SmallestChange(_Result):
    """最小改动 that brings a failing coefficient within its limit."""

    stage = models.CharField(max_length=10)
    code = models.CharField(max_length=4)
    school_code = models.CharField(max_length=10)
    school = models.CharField(max_length=120)
    amount = models.FloatField()
    unit = models.CharField(max_length=6)
    cv_before = models.FloatField()
    cv_after = models.FloatField()
    limit = models.FloatField()


class CountyResult(_Result):
    """县级指标: G, Q, V and S lines, with figures, failing rows and what is missing as the measures give them."""

    code = models.CharField(max_length=4)
    title = models.CharField(max_length=120)
    group = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=12, blank=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    threshold = models.FloatField(null=True)
    verdict = models.CharField(max_length=4)
    text = models.TextField(blank=True)
    clause = models.TextField()
    figures = models.JSONField(default=list)
    failing = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    position = models.IntegerField()


class ClassFinding(_Result):
    """班额: one class above its limit or in a band."""

    school_code = models.CharField(max_length=10)
    school = models.CharField(max_length=120)
    township_code = models.CharField(max_length=12, blank=True)
    stage = models.CharField(max_length=10)
    grade = models.CharField(max_length=3)
    class_number = models.IntegerField()
    students = models.IntegerField()
    limit = models.IntegerField()
    over = models.IntegerField()
    band = models.CharField(max_length=6, blank=True)


class MeasureResult(_Result):
    """指标值: one measure of the catalogue for the county or a township, with what it was divided from.

    `subset` names the schools meant where not all are (乡村, 公办 …). `value` is None where it cannot be told, and
    `missing` then says why. `area_code` is "" for the county. `counted_on` is the day on which ledgers of cases were counted, which go
    on while the registers stay. `schools` of the county's row are
    [[school code, name, value, numerator, denominator, unreported], …]: one value, since nobody asks for them singly.
    """

    code = models.CharField(max_length=40)
    stage = models.CharField(max_length=10, blank=True)
    subset = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=8)  # county or township
    area_code = models.CharField(max_length=12, blank=True)
    area_name = models.CharField(max_length=120, blank=True)
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=12, blank=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    unreported = models.IntegerField(default=0)
    unreported_unit = models.CharField(max_length=20, blank=True)
    rows = models.TextField(blank=True)
    note = models.TextField(blank=True)
    missing = models.JSONField(default=list)
    schools = models.JSONField(default=list)
    counted_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "code", "stage", "subset", "level", "area_code"], name="one_measure_result"
            )
        ]


class ReliefState(_Result):
    """特殊情形 on the day of the run."""

    school_code = models.CharField(max_length=10)
    school = models.CharField(max_length=120)
    relief = models.CharField(max_length=30)
    title = models.CharField(max_length=60)
    granted_on = models.DateField()
    expires_on = models.DateField()
    state = models.CharField(max_length=6)
    evidence = models.CharField(max_length=300)
    note = models.TextField(blank=True)
