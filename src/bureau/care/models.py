"""控辍关爱的数据: every child of school age with what is known of it today, tutors and their pupils, and reports with their deadlines."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class RollChild(models.Model):
    """适龄台账的一名儿童, as the last comparison found it. A child of the household register has its line's key; one who studies here without
    standing on that register has only a student key."""

    class State(models.TextChoices):
        STUDYING = "studying", N("在本县就读")
        HOME = "home", N("送教上门")
        KINDERGARTEN = "preschool", N("仍在幼儿园")
        SUSPENDED = "suspended", N("休学")
        ELSEWHERE = "elsewhere", N("在外县就读")
        FINISHED = "finished", N("已完成义务教育")
        DEFERRED = "deferred", N("暂缓入学")
        SUSPECTED = "suspected", N("疑似辍学")
        DROPPED = "dropped", N("辍学")
        ABSENT = "absent", N("未入学")
        LEFT = "left", N("学籍已离开，去向待核")
        CHECK = "check", N("待核对是哪名学生")

    county_code = models.CharField(max_length=6)
    line_key = models.CharField(max_length=32, blank=True)
    student_key = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=200, blank=True)
    sex = models.CharField(max_length=8, blank=True)
    birth_date = models.DateField(null=True)
    age = models.IntegerField()
    township_code = models.CharField(max_length=9, blank=True)  # where the child lives
    township = models.CharField(max_length=60, blank=True)
    village = models.CharField(max_length=60, blank=True)
    on_register = models.BooleanField()  # stands on the county's household register
    state = models.CharField(max_length=10, choices=State.choices)
    since = models.DateField()  # when the state was first found
    school_code = models.CharField(max_length=10, blank=True)
    stage = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=3, blank=True)
    class_number = models.IntegerField(null=True)
    inclusion = models.CharField(max_length=20, blank=True)
    disability = models.CharField(max_length=20, blank=True)
    case_id = models.BigIntegerField(null=True)
    case_state = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["township_code", "village", "pinyin", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "line_key"], condition=~Q(line_key=""), name="one_roll_row_of_a_line"
            ),
            models.UniqueConstraint(
                fields=["county_code", "student_key"],
                condition=Q(line_key=""),
                name="one_roll_row_of_a_pupil",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county_code", "township_code", "village", "pinyin"], name="roll_in_order"),
            models.Index(fields=["county_code", "state"], name="roll_by_state"),
            models.Index(fields=["county_code", "school_code"], name="roll_by_school"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_state_display()}"


class RollDay(models.Model):
    """适龄台账某日的数: how many children of a township stood in a state that evening."""

    county_code = models.CharField(max_length=6)
    day = models.DateField()
    township_code = models.CharField(max_length=9, blank=True)
    state = models.CharField(max_length=10, choices=RollChild.State.choices)
    children = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "day", "township_code", "state"], name="one_roll_count_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.township_code} {self.state} {self.children}"


class RollRun(models.Model):
    """一次更新适龄台账: from which registers, and what changed."""

    county_code = models.CharField(max_length=6)
    day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    household_day = models.DateField(null=True)
    student_day = models.DateField(null=True)
    children = models.IntegerField(default=0)
    came = models.IntegerField(default=0)
    left = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.county_code} {self.day}"


class Pairing(models.Model):
    """结对: one teacher who looks after one pupil, from a day on; `until` is exclusive and empty while it lasts."""

    class Kind(models.TextChoices):
        CARE = "care", N("关爱结对")
        ALL = "all", N("全员导师")

    county_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    student_key = models.CharField(max_length=80)
    school_code = models.CharField(max_length=10)
    teacher_key = models.CharField(max_length=80)
    teacher_name = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    chosen = models.BooleanField(default=False)  # by hand, against the proposal
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-since", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "kind", "student_key"],
                condition=Q(until=None),
                name="one_tutor_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="pairing_ends_after_it_began"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county_code", "school_code", "until"], name="pairings_of_a_school")
        ]

    def __str__(self) -> str:
        return f"{self.teacher_name} {self.since}"


class Filing(models.Model):
    """一次报告 (四个一): the figures of a closed period as they stood when it was made, with the day until which it must be sent."""

    class State(models.TextChoices):
        MADE = "made", N("待上报")
        SENT = "sent", N("已上报")
        RETURNED = "returned", N("退回重报")

    county_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=10)  # monthly, quarterly, termly, yearly
    school_code = models.CharField(max_length=10, blank=True)  # "" for the county's own
    school = models.CharField(max_length=80, blank=True)
    township_code = models.CharField(max_length=12, blank=True)
    since = models.DateField()
    until = models.DateField()
    words = models.CharField(max_length=40)
    due = models.DateField()
    due_note = models.CharField(max_length=200, blank=True)
    figures = models.JSONField(default=dict)  # {ledger: {figure: number}}
    rows = models.JSONField(default=list)  # of a county's: [[township, {ledger: {figure: number}}], …]
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.MADE)
    text = models.TextField(blank=True)  # what the figures do not say
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_on = models.DateField(null=True)
    returned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    returned_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["due", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "kind", "school_code", "since"], name="one_filing_a_period"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_by__isnull=False, sent_on__isnull=False),
                name="sent_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["county_code", "state", "due"], name="filings_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.words} {self.school_code}"
