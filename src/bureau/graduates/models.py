"""就读与去向: who left a stage of the county's schools, where each went on, the lists that say so, and what is done for each.

A child is (`county_code`, `student_key`). What the register knows is taken from it again and again; what a list or a person
said stays until another says otherwise, and what was said before is kept.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User

ROOM = "graduates"


class Derivation(models.Model):
    """更新: the graduates of one year taken from the registers, in the background."""

    class State(models.TextChoices):
        QUEUED = "queued", N("排队")
        RUNNING = "running", N("更新中")
        DONE = "done", N("完成")
        FAILED = "failed", N("失败")
        CANCELLED = "cancelled", N("已取消")

    county_code = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField("毕业年份")
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0)
    cancel_asked = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]


class ComeList(models.Model):
    """外来名单: one uploaded list of admissions, of pupils enrolled elsewhere, or of jobs."""

    class Kind(models.TextChoices):
        UNIVERSITY = "university", N("高校录取")
        SENIOR = "senior", N("高中录取")
        VOCATIONAL = "vocational", N("中职录取")
        ELSEWHERE = "elsewhere", N("县外就读")
        WORK = "work", N("就业")
        SCHOOL = "school", N("学校登记")
        AWARD = "award", N("奖助评定")

    county_code = models.CharField(max_length=6)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    title = models.CharField("名称", max_length=100)
    day = models.DateField("数据日期")
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # A long list is read in the background; until it is done it has no lines.
    state = models.CharField(max_length=9, choices=Derivation.State.choices, default=Derivation.State.DONE)
    progress = models.FloatField(default=1)
    cancel_asked = models.BooleanField(default=False)
    problems = models.JSONField(default=list)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title


class Leaver(models.Model):
    """离校学生: a child that finished a stage in a year, or moved away; as the register last knew it. `current` is where it is now.

    `registered` is true when any of 建档立卡, 低保, 特困 is known to hold; `facts` hold all that was known then.
    """

    class Kind(models.TextChoices):
        GRADUATED = "graduated", N("毕业")
        MOVED = "moved", N("转出")

    county_code = models.CharField(max_length=6)
    student_key = models.CharField(max_length=80)
    kind = models.CharField("离校", max_length=9, choices=Kind.choices)
    year = models.PositiveSmallIntegerField("年份")
    stage = models.CharField("学段", max_length=4)
    school_code = models.CharField("学校标识码", max_length=10)
    township_code = models.CharField(max_length=12, blank=True)
    grade = models.CharField("年级", max_length=3)
    class_number = models.PositiveSmallIntegerField("班号", default=0)
    person_name = models.CharField("姓名", max_length=60)
    pinyin = models.CharField(max_length=200, blank=True)
    sex = models.CharField("性别", max_length=1, blank=True)
    birth_date = models.DateField("出生日期", null=True)
    id_lookup = models.CharField(max_length=64, blank=True)
    guardian_name = models.CharField("监护人", max_length=60, blank=True)
    home_township = models.CharField("现住乡镇", max_length=60, blank=True)
    registered = models.BooleanField("困难家庭")
    facts = models.JSONField(default=dict)
    taken_on = models.DateField("登记册日期")
    current = models.OneToOneField(
        "Destination", null=True, on_delete=models.SET_NULL, related_name="of_now", verbose_name="现在的去向"
    )

    class Meta:
        ordering: ClassVar = ["pinyin", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "student_key", "stage", "year"], name="one_leaver_of_a_stage_a_year"
            )
        ]
        indexes: ClassVar = [
            # A year is counted by kind, stage, school, family and destination from the index alone.
            models.Index(
                fields=["county_code", "year", "kind", "stage", "school_code", "registered", "current"],
                name="leaver_by_year",
            ),
            # The list opens in this order.
            models.Index(
                fields=["county_code", "year", "kind", "school_code", "class_number", "pinyin"],
                name="leaver_in_list_order",
            ),
            models.Index(fields=["id_lookup"], name="leaver_by_id"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.stage} {self.pk}"


class Destination(models.Model):
    """去向: what one source says of a child. The one with `replaced_at` empty holds."""

    class Kind(models.TextChoices):
        STUDY = "study", N("升学")
        WORK = "work", N("就业")
        ARMY = "army", N("参军")
        IDLE = "idle", N("待业")
        OTHER = "other", N("其他")
        UNKNOWN = "unknown", N("不详")

    class Source(models.TextChoices):
        REGISTER = "register", N("学生登记册")
        LIST = "list", N("外来名单")
        TYPED = "typed", N("人工登记")

    leaver = models.ForeignKey(Leaver, on_delete=models.CASCADE, related_name="destinations")
    kind = models.CharField("去向", max_length=7, choices=Kind.choices)
    source = models.CharField("来源", max_length=8, choices=Source.choices)
    day = models.DateField("自")
    study_stage = models.CharField("就读学段", max_length=4, blank=True)
    school_name = models.CharField("就读学校", max_length=100, blank=True)
    in_county = models.BooleanField("在本县", default=False)
    major = models.CharField("专业", max_length=60, blank=True)
    place = models.CharField("所在地", max_length=60, blank=True)
    employer = models.CharField("就业单位", max_length=100, blank=True)
    post = models.CharField("岗位", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    line = models.ForeignKey("ListLine", null=True, on_delete=models.SET_NULL, related_name="destinations")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["leaver"], condition=Q(replaced_at=None), name="one_destination_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(kind="study") | ~Q(study_stage=""), name="study_names_its_stage"
            ),
        ]


class ListLine(models.Model):
    """名单的一行, sealed where it identifies a person, and which leaver it is."""

    class State(models.TextChoices):
        MATCHED = "matched", N("自动对上")
        TO_CHECK = "to_check", N("待核对")
        SAME = "same", N("同一人")
        DIFFERENT = "different", N("不是同一人")
        UNMATCHED = "unmatched", N("对不上")

    of = models.ForeignKey(ComeList, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("行号")
    person_name = models.CharField("姓名", max_length=60)
    id_number = models.BinaryField("身份证件号", default=b"")
    id_lookup = models.CharField(max_length=64, blank=True)
    birth_date = models.DateField("出生日期", null=True)
    guardian_name = models.CharField("监护人", max_length=60, blank=True)
    kind = models.CharField("去向", max_length=7, choices=Destination.Kind.choices)
    since = models.DateField("自", null=True)
    study_stage = models.CharField("就读学段", max_length=4, blank=True)
    school_name = models.CharField("就读学校", max_length=100, blank=True)
    major = models.CharField("专业", max_length=60, blank=True)
    place = models.CharField("所在地", max_length=60, blank=True)
    employer = models.CharField("就业单位", max_length=100, blank=True)
    post = models.CharField("岗位", max_length=60, blank=True)
    facts = models.JSONField("评定", default=dict)  # {fact: true or false} that only lists say
    leaver = models.ForeignKey(Leaver, null=True, on_delete=models.SET_NULL, related_name="lines")
    state = models.CharField("核对", max_length=9, choices=State.choices)
    reason = models.CharField("依据", max_length=200, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [models.Index(fields=["of", "state"], name="list_line_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["unmatched", "different"]) | Q(leaver__isnull=False),
                name="matched_line_names_a_leaver",
            ),
        ]


class Support(models.Model):
    """一人一策: one measure for a child, who sees to it by when, what came of it, and who confirmed that."""

    class State(models.TextChoices):
        OPEN = "open", N("帮扶中")
        DONE = "done", N("已报结果，待复核")
        CONFIRMED = "confirmed", N("已办结")

    leaver = models.ForeignKey(Leaver, on_delete=models.CASCADE, related_name="supports")
    measure = models.CharField("帮扶措施", max_length=200)
    owner = models.CharField("责任人", max_length=60)
    due = models.DateField("完成期限")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.OPEN)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    result = models.CharField("结果", max_length=300, blank=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    returned = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["due", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("done_by")), name="support_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False),
                name="confirmed_support_names_who",
            ),
        ]
