"""绩效考核: weighted criteria per kind of unit, the points of each unit with where they come from, appeals, and the published result."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import Organisation, User
from bureau.runs.models import Run


class Scheme(models.Model):
    """考核方案: what the units of one kind are assessed by in one period.

    `bands` are [[等次, from how many points], …], best first; they and `appeal_days` are assumed until a named person has
    confirmed them. `version` counts the revisions of a scheme that had been in force.
    """

    class Kind(models.TextChoices):
        DEPARTMENT = "department", N("部门")
        TOWNSHIP = "township", N("乡镇")
        SCHOOL = "school", N("学校")
        OFFICE = "office", N("科室")

    class State(models.TextChoices):
        DRAFT = "draft", N("起草中")
        ACTIVE = "active", N("已下达")
        SCORING = "scoring", N("评分中")
        PUBLISHED = "published", N("已公布")
        CLOSED = "closed", N("已办结")

    county_code = models.CharField(max_length=6)
    title = models.CharField("方案名称", max_length=120)
    period = models.CharField("考核期", max_length=40)
    starts = models.DateField("起")
    ends = models.DateField("止")
    unit_kind = models.CharField("考核对象", max_length=10, choices=Kind.choices)
    basis = models.CharField("依据", max_length=300, blank=True)
    version = models.PositiveSmallIntegerField("版次", default=1)
    bands = models.JSONField("等次标准", default=list)
    appeal_days = models.PositiveSmallIntegerField("申诉期（工作日）")
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    units = models.ManyToManyField(Organisation, related_name="+", verbose_name="被考核单位")
    copied_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    appeal_until = models.DateField("申诉截止", null=True)
    appeal_doubt = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["-starts", "unit_kind", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "period", "unit_kind"], name="one_scheme_of_a_period"
            ),
            models.CheckConstraint(condition=Q(starts__lte=F("ends")), name="scheme_starts_before_it_ends"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "closed"])
                | (Q(published_by__isnull=False) & Q(confirmed_by__isnull=False)),
                name="scheme_published_with_confirmed_bands",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    """考核指标: `weight` is its full points; of a deduction the most that may be taken off, of a veto 0.

    A measure's value (or the share of duties closed in time, in percent) becomes points by `rule`; `at_most` says that less
    is better. `scope` takes the measure for the unit's own area or for the county.
    """

    class Source(models.TextChoices):
        MEASURE = "measure", N("数据指标")
        DUTIES = "duties", N("任务按时完成率")
        EVIDENCE = "evidence", N("材料评分")
        DEDUCTION = "deduction", N("扣分项")
        VETO = "veto", N("一票否决")

    class Rule(models.TextChoices):
        PROPORTIONAL = "proportional", N("按完成比例")
        LINEAR = "linear", N("底线到目标折算")
        THRESHOLD = "threshold", N("达标得满分")

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField("序号")
    title = models.CharField("指标", max_length=60)
    weight = models.DecimalField("权重", max_digits=5, decimal_places=2)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    standard = models.CharField("评分标准", max_length=300, blank=True)
    measure = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=10, blank=True)
    subset = models.CharField(max_length=20, blank=True)
    scope = models.CharField(
        max_length=6, choices=[("unit", N("本单位")), ("county", N("全县"))], default="unit"
    )
    rule = models.CharField("计分办法", max_length=12, choices=Rule.choices, blank=True)
    at_most = models.BooleanField("越低越好", default=False)
    floor = models.DecimalField("底线", max_digits=12, decimal_places=4, null=True)
    target = models.DecimalField("目标", max_digits=12, decimal_places=4, null=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        verbose_name_plural = "criteria"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "title"], name="one_criterion_of_a_title"),
            models.CheckConstraint(
                condition=Q(weight__gte=0) & Q(weight__lte=100), name="criterion_weight_within_100"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Score(models.Model):
    """得分 of one unit in one criterion. Computed: `run` or `detail` says from what, `by` is nobody. Typed: by one person, checked by
    another. `exempt` (不适用) is neither blank nor 0. Points of a deduction are those taken off; of a veto 1 is 否决, 0 is not.
    `appealed` marks points that an upheld appeal has set."""

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True)
    exempt = models.BooleanField("不适用", default=False)
    computed = models.BooleanField(default=False)
    value = models.FloatField("数值", null=True)
    unit = models.CharField(max_length=12, blank=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    detail = models.TextField(blank=True)
    missing = models.TextField(blank=True)
    text = models.TextField("评分说明", blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    appealed = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["criterion__position", "organisation__position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["criterion", "organisation"], name="one_score_of_a_unit"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")), name="score_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(by__isnull=False), name="score_checked_when_typed"
            ),
            models.CheckConstraint(
                condition=Q(points=None) | (Q(points__gte=0) & Q(exempt=False)), name="score_points_or_exempt"
            ),
        ]


class ScoreFile(models.Model):
    """评分佐证, kept sealed in DATA/performance under its SHA-256."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Result(models.Model):
    """考核结果 of one unit: total after deductions, rank (ties share it), grade by the scheme's bands; `full` is the weight that applied."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="results")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    total = models.DecimalField("总分", max_digits=5, decimal_places=2)
    full = models.DecimalField(max_digits=5, decimal_places=2)
    deducted = models.DecimalField("扣分", max_digits=6, decimal_places=2)
    vetoed = models.BooleanField("一票否决", default=False)
    rank = models.PositiveSmallIntegerField("名次")
    grade = models.CharField("等次", max_length=20)
    note = models.TextField("说明", blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["rank", "organisation__position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "organisation"], name="one_result_of_a_unit")
        ]


class Appeal(models.Model):
    """申诉 of a unit against one criterion or the whole; decided by somebody who neither appealed nor scored."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="appeals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField("申诉理由")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.TextField("答复", blank=True)
    changed = models.ForeignKey(Criterion, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    after = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "organisation", "criterion"], condition=Q(upheld=None),
                name="one_open_appeal_a_criterion",
            ),
            models.UniqueConstraint(
                fields=["scheme", "organisation"], condition=Q(upheld=None, criterion=None), name="one_open_whole_appeal"
            ),
            models.CheckConstraint(
                condition=Q(upheld=None) | Q(decided_by__isnull=False), name="appeal_decided_by_someone"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="appeal_decided_by_another"
            ),
        ]  # fmt: skip


class AppealFile(models.Model):
    """申诉材料, kept sealed like other evidence."""

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()


class SchemeEvent(models.Model):
    """变动记录, oldest first: every step and every changed point with what it was before."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="events")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    criterion_title = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    before = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
