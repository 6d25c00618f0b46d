"""通报和报告: texts whose every figure keeps where it came from, the rules by which units are ranked, and weights of duties."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import Organisation, User
from bureau.plans.models import Plan, Task
from bureau.runs.models import Run


class Bulletin(models.Model):
    """通报: of one plan or (`plan` None) of all in force, for one quarter, half or year.

    `data` is what the figures were counted from on `as_of`: targets, overdue duties, slips, units with their ranking, as lists of
    plain rows, so that an issued bulletin stays what it was. `refresh` keeps what the last refresh changed.
    """

    class Kind(models.TextChoices):
        QUARTERLY = "quarterly", N("季度分析通报")
        HALF_YEARLY = "half_yearly", N("半年听证报告")
        YEARLY = "yearly", N("年度报告")

    class State(models.TextChoices):
        DRAFT = "draft", N("拟稿")
        SUBMITTED = "submitted", N("待签发")
        ISSUED = "issued", N("已印发")
        WITHDRAWN = "withdrawn", N("已撤回")

    county_code = models.CharField(max_length=6)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    year = models.PositiveSmallIntegerField("年份")
    part = models.PositiveSmallIntegerField("期次", default=1)
    title = models.CharField("标题", max_length=120)
    number = models.CharField("发文字号", max_length=60, blank=True)
    recipients = models.CharField("主送机关", max_length=500, blank=True)
    as_of = models.DateField("数据截止日期")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    data = models.JSONField(default=dict)
    refresh = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-as_of", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "withdrawn"])
                | (Q(issued_by__isnull=False) & Q(issued_at__isnull=False) & ~Q(number="")),
                name="bulletin_issued_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None)
                | (~Q(issued_by=F("submitted_by")) & ~Q(issued_by=F("drafted_by"))),
                name="bulletin_issued_by_another",
            ),
            models.UniqueConstraint(
                fields=["county_code", "number"],
                condition=Q(state__in=["issued", "withdrawn"]),
                name="one_bulletin_of_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """通报的一部分; `kind` says what it was drafted about, "" for one that people added."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, blank=True)
    heading = models.CharField("小标题", max_length=60)
    text = models.TextField("正文", blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]


class Figure(models.Model):
    """出处: one figure as printed, what it was counted from, and the page it opens to. `key` names it across refreshes.

    `listed` are the rows that were counted. `gone`: the last refresh no longer found what it speaks of.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="figures")
    code = models.CharField("编号", max_length=6)
    key = models.CharField(max_length=60)
    name = models.CharField("名称", max_length=200)
    value = models.CharField("数值", max_length=60)
    numerator = models.CharField("分子", max_length=200, blank=True)
    denominator = models.CharField("分母", max_length=200, blank=True)
    basis = models.TextField("依据", blank=True)
    brief = models.CharField(max_length=200, blank=True)  # the basis as a document's table has room for
    as_of = models.DateField("数据日期")
    opens = models.CharField(max_length=40, blank=True)
    opens_key = models.CharField(max_length=20, blank=True)
    opens_query = models.CharField(max_length=100, blank=True)
    listed = models.JSONField(default=list)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    gone = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulletin", "code"], name="one_figure_of_a_code"),
            models.UniqueConstraint(fields=["bulletin", "key"], name="one_figure_of_a_key"),
        ]


class Acknowledgement(models.Model):
    """没有出处的数字的确认: who takes the responsibility for a numeral, with the words around it and where it comes from."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="acknowledgements")
    words = models.CharField(max_length=120)
    source = models.CharField("来源", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "words"], name="one_acknowledgement_of_a_numeral")
        ]


class BulletinEvent(models.Model):
    """经过: what happened to a bulletin; `changes` holds [{"section", "before", "after"}, …] of texts."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12)
    text = models.CharField(max_length=500, blank=True)
    changes = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["id"]


class RankingRule(models.Model):
    """排名规则 of a county as somebody saved it; the newest holds, older ones are its history.

    `criteria` is {code: [points for each, most points]} with points as decimal texts.
    """

    county_code = models.CharField(max_length=6)
    criteria = models.JSONField()
    reason = models.CharField("原因或依据", max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]


class DutyWeight(models.Model):
    """责任状权重: what share of a hundred a task has in one unit's letter."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    weight = models.DecimalField("权重", max_digits=5, decimal_places=2)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "task"], name="one_weight_of_a_task"),
            models.CheckConstraint(
                condition=Q(weight__gt=0) & Q(weight__lte=100), name="weight_between_0_and_100"
            ),
        ]
