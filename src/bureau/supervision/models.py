"""督办与整改: slips that ask a unit for something by a day, inspections whose findings become slips, and what follows delay."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import Organisation, User
from bureau.plans.duty_models import Duty
from bureau.plans.target_models import Target


class Inspection(models.Model):
    """督查: a visit or check with its team, basis and findings."""

    county_code = models.CharField(max_length=6)
    title = models.CharField("督查名称", max_length=120)
    basis = models.CharField("依据", max_length=300, blank=True)
    starts = models.DateField("开始日期")
    ends = models.DateField("结束日期")
    team = models.CharField("督查组成员", max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reported_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-starts", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts__lte=F("ends")), name="inspection_starts_before_it_ends"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Slip(models.Model):
    """督办单 or 整改通知书: what one unit must do by a day, and how it stands.

    `due` is counted in working days when the slip is issued and changes only by a granted extension; `due_doubt` keeps the
    sentence of a calendar that nobody had confirmed then.
    """

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", N("督办单")
        RECTIFICATION = "rectification", N("整改通知书")

    class Level(models.TextChoices):
        ORDINARY = "ordinary", N("一般")
        URGENT = "urgent", N("重点")

    class State(models.TextChoices):
        DRAFT = "draft", N("拟稿")
        ISSUED = "issued", N("已发出，待签收")
        RECEIVED = "received", N("办理中")
        ANSWERED = "answered", N("已反馈，待复核")
        CLOSED = "closed", N("已销号")
        WITHDRAWN = "withdrawn", N("已撤回")

    county_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.SUPERVISION)
    level = models.CharField("等级", max_length=10, choices=Level.choices, default=Level.ORDINARY)
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)  # numbered when issued, per county, kind and year
    title = models.CharField("事项", max_length=200)
    basis = models.TextField("依据", blank=True)
    finding = models.TextField("发现的问题", blank=True)
    requirement = models.TextField("办理要求")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="承办单位"
    )
    supports = models.ManyToManyField(Organisation, related_name="+", verbose_name="配合单位")
    duty = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="slips")
    target = models.ForeignKey(Target, null=True, on_delete=models.PROTECT, related_name="slips")
    inspection = models.ForeignKey(Inspection, null=True, on_delete=models.PROTECT, related_name="slips")
    working_days = models.PositiveSmallIntegerField("办理期限（工作日）")
    due = models.DateField("办结期限", null=True)
    due_doubt = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "kind", "year", "serial"], name="one_slip_of_a_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (Q(issued_by__isnull=False) & Q(due__isnull=False) & Q(serial__isnull=False)),
                name="slip_issued_with_number_and_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_by__isnull=False) & Q(answered_by__isnull=False)),
                name="slip_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("answered_by")), name="slip_closed_by_another"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SlipEvent(models.Model):
    """办理经过, oldest first."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    text = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class SlipFile(models.Model):
    """反馈材料, kept sealed in DATA/supervision under its SHA-256."""

    event = models.ForeignKey(SlipEvent, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()


class Extension(models.Model):
    """延期申请: asked for before the due date with a reason and a new day, decided by another person."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="extensions")
    new_due = models.DateField("申请延至")
    reason = models.TextField("理由")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    remark = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slip"], condition=Q(granted=None), name="one_open_extension"),
            models.CheckConstraint(
                condition=Q(granted=None) | Q(decided_by__isnull=False), name="extension_decided_by_someone"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="extension_decided_by_another"
            ),
        ]


class EscalationStep(models.Model):
    """逾期升级规则: what follows when a slip is so many working days late. No document gives the days: assumed until confirmed."""

    county_code = models.CharField(max_length=6)
    position = models.PositiveSmallIntegerField("级次")
    title = models.CharField("措施", max_length=20)  # 提醒, 通报, 约谈, 问责建议
    days_late = models.PositiveSmallIntegerField("逾期工作日")
    automatic = models.BooleanField("自动记录", default=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["county_code", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "position"], name="one_step_of_a_position")
        ]


class Escalation(models.Model):
    """升级记录: a step taken on a late slip: by rule (`by` is None) or by a person, with who was talked to and the outcome."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="escalations")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=20)
    day = models.DateField()
    present = models.CharField("参加人", max_length=200, blank=True)
    text = models.TextField("情况", blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slip", "position"], name="one_escalation_of_a_step")
        ]


class Publication(models.Model):
    """公示: the outcome of a rectification made public for some days; taken down by itself when they are over."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="publications")
    text = models.TextField("公示内容")
    starts = models.DateField()
    ends = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
