"""计划: a plan document as read, what was found in it, and the tasks and targets published from it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import Organisation, User
from bureau.plans.duty_models import Duty as Duty
from bureau.plans.duty_models import DutyEvent as DutyEvent
from bureau.plans.duty_models import DutyFile as DutyFile
from bureau.plans.duty_models import DutySetting as DutySetting
from bureau.plans.target_models import Claim as Claim
from bureau.plans.target_models import Reading as Reading
from bureau.plans.target_models import Target as Target


class Plan(models.Model):
    """计划文件: one version of one county's plan. `source` is the text as read; every offset counts its code points.

    The file itself is kept sealed in DATA/plans under its SHA-256. `header` is what the compiler found of issuer,
    number, title and dates, as corrected by people.
    """

    class State(models.TextChoices):
        READING = "reading", N("正在读取")
        FAILED = "failed", N("无法读取")
        IN_REVIEW = "in_review", N("核对中")
        PUBLISHED = "published", N("已发布")
        REPLACED = "replaced", N("已被新版代替")
        WITHDRAWN = "withdrawn", N("已撤下")

    county_code = models.CharField(max_length=6)
    title = models.CharField("标题", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文机关", max_length=200, blank=True)
    dated = models.CharField(
        "成文日期", max_length=10, blank=True
    )  # a partial date: 2018, 2018-10 or 2018-10-08
    starts = models.DateField("开始日期", null=True)
    ends = models.DateField("结束日期", null=True)
    kind = models.CharField(max_length=16, blank=True)
    form = models.CharField(max_length=10, blank=True)
    file_name = models.CharField("文件名", max_length=200)
    file_sha256 = models.CharField(max_length=64)
    source = models.TextField("正文", blank=True)
    header = models.JSONField(default=dict)
    version = models.PositiveSmallIntegerField("版本", default=1)
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="next")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    progress = models.FloatField(default=0)
    cancel_asked = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"]) | Q(published_by__isnull=False),
                name="plan_published_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Node(models.Model):
    """提纲节点: a heading and the stretch of text that belongs to it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="nodes")
    key = models.CharField(max_length=12)
    parent_key = models.CharField(max_length=12, blank=True)
    level = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    section_end = models.PositiveIntegerField()
    is_task = models.BooleanField("是任务", default=False)

    class Meta:
        ordering: ClassVar = ["start"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "key"], name="one_node_of_a_key")]


class Item(models.Model):
    """识别条目: one thing found in the text, at its exact place, by which rule, how surely, and what a person said of it.

    `fields` is the compiler's reading (schema junheng.plan/1 without place, rule and status); `read` keeps the first reading
    once somebody has edited it.
    """

    class Status(models.TextChoices):
        AUTO = "auto", N("待核对")
        CONFIRMED = "confirmed", N("已确认")
        EDITED = "edited", N("已修改")
        REJECTED = "rejected", N("已剔除")
        ADDED = "added", N("人工补充")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    # header, target, money, implicit, deadline, unit, reference, person, repair, warning, residual
    kind = models.CharField(max_length=10)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    node_key = models.CharField(max_length=12, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    confidence = models.FloatField(null=True)
    doubt = models.CharField("存疑原因", max_length=200, blank=True)  # why a person should look; "" when sure
    fields = models.JSONField(default=dict)
    read = models.JSONField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.AUTO)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)
    carried = models.BooleanField("沿用上一版", default=False)  # what people said of it in the version before

    class Meta:
        ordering: ClassVar = ["start", "id"]
        indexes: ClassVar = [models.Index(fields=["plan", "kind", "status"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="item_starts_before_it_ends"),
            models.CheckConstraint(
                condition=Q(status="auto") | (Q(by__isnull=False) & Q(at__isnull=False)),
                name="item_status_by_someone",
            ),
        ]


class Decision(models.Model):
    """核对记录: one step of a person through a plan's items, with what each item was before, so that it can be undone.

    `before` is [{"id": item, "status": …, "fields": …, "read": …, "doubt": …, "by": …, "at": …}, …], or {"id": item, "added": true}
    for an item that did not exist.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=16)
    words = models.CharField(max_length=200)
    before = models.JSONField(default=list)
    undone = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-id"]


class UnitName(models.Model):
    """单位对照: which units of the register a name written in this plan means; `by` is None while only the compiler has matched it.

    `nobody` says that a person has decided that the name stands for no unit that owes anything.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="unit_names")
    name = models.CharField("文中名称", max_length=120)
    organisations = models.ManyToManyField(Organisation, related_name="+", verbose_name="责任单位")
    nobody = models.BooleanField("不是责任单位", default=False)
    how = models.CharField(max_length=12)  # exact alias place abbreviation group ambiguous unknown, or chosen
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "name"], name="one_meaning_of_a_name")
        ]


class Task(models.Model):
    """任务: one measure of a published plan with who leads, who supports and by when; a row of 任务清单 and 责任清单.

    `node_key` and the offsets name its place in the plan's text. `frequency` is "" for a task to be done once, else as the
    compiler writes it: 1y, 1q, 2sem … (n times per year, half-year, quarter, month, week, school year, semester).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveIntegerField("序号")
    section = models.CharField("所属部分", max_length=200, blank=True)
    title = models.CharField("重点任务", max_length=200)
    measures = models.TextField("具体措施", blank=True)
    goal = models.TextField("目标", blank=True)
    leads = models.ManyToManyField(Organisation, related_name="+", verbose_name="牵头单位")
    supports = models.ManyToManyField(Organisation, related_name="+", verbose_name="配合单位")
    person = models.CharField("责任人", max_length=40, blank=True)
    due = models.DateField("完成时限", null=True)
    due_text = models.CharField("时限原文", max_length=120, blank=True)
    frequency = models.CharField("周期", max_length=8, blank=True)
    node_key = models.CharField(max_length=12, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    dropped = models.CharField("不再执行的原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["plan", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_task_of_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class TaskEvent(models.Model):
    """任务变动: who changed what of a task, when and why; `changes` is {field: [before, after]}, units by their names."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
