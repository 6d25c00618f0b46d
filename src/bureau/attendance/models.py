"""考勤: homerooms, one roll call per class and school day, and the pupils it names.

A roll call is a version: a correction is another row, and the row before keeps `replaced_at`. A class without a roll
call in force is not registered (未登记); it is never zero.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Term(models.Model):
    """学期: first and last day, as a person typed them from the county's school calendar; until then they are assumed."""

    county_code = models.CharField(max_length=6)
    name = models.CharField("学期", max_length=6)  # 2026秋, 2026春
    since = models.DateField("开学日")
    until = models.DateField("放假前最后一天")
    source = models.CharField("依据", max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["county_code", "since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "name"], name="one_attendance_term_of_a_name"),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="attendance_term_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county_code} {self.name}"


class Limits(models.Model):
    """补登时限: how many school days back a teacher and a school may enter or correct; assumed until somebody says so."""

    county_code = models.CharField(max_length=6, unique=True)
    teacher_days = models.PositiveSmallIntegerField("班主任可补登（上学日）", default=5)
    school_days = models.PositiveSmallIntegerField("学校可补登（上学日）", default=30)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Homeroom(models.Model):
    """班主任: who is in charge of a class since when; `until` is exclusive and empty while it lasts.

    `user` is the account that takes the roll; a teacher without an account stands with the name alone.
    """

    county_code = models.CharField(max_length=6)
    school_code = models.CharField(max_length=10)
    grade = models.CharField(max_length=3)
    class_number = models.IntegerField()
    user = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="homerooms", verbose_name="账号"
    )
    teacher_key = models.CharField(max_length=80, blank=True)
    teacher_name = models.CharField("班主任", max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["school_code", "grade", "class_number", "-since", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "school_code", "grade", "class_number"],
                condition=Q(until=None),
                name="one_homeroom_in_force",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="homeroom_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(teacher_name=""), name="homeroom_names_a_person"),
        ]


class ClassDay(models.Model):
    """一次点名: one class on one school day; `roll` pupils were to come, `away_halves` half days they were away."""

    class Source(models.TextChoices):
        DESK = "desk", N("电脑登记")
        PHONE = "phone", N("手机登记")
        EXCEL = "excel", N("Excel 导入")

    county_code = models.CharField(max_length=6)
    school_code = models.CharField(max_length=10)
    grade = models.CharField(max_length=3)
    class_number = models.IntegerField()
    day = models.DateField()
    roll = models.PositiveIntegerField("应到")
    away_halves = models.PositiveIntegerField("缺席半天数", default=0)
    absent = models.PositiveIntegerField("缺勤人数", default=0)
    late = models.PositiveIntegerField("迟到早退人数", default=0)
    source = models.CharField(max_length=5, choices=Source.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    reason = models.CharField("更正原因", max_length=120, blank=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "day", "school_code", "grade", "class_number"],
                condition=Q(replaced_at=None),
                name="one_roll_call_a_day",
            ),
            models.CheckConstraint(
                condition=Q(away_halves__lte=F("roll") * 2), name="no_more_away_than_on_the_roll"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school_code", "grade", "class_number", "day"], name="roll_calls_of_a_class")
        ]


class Absence(models.Model):
    """缺勤: one named pupil in one roll call. `halves` is 2 for a day, 1 for half a day, 0 for late or early."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", N("事假")
        SICK = "sick", N("病假")
        UNEXCUSED = "unexcused", N("无故")
        OFFICIAL = "official", N("公假")
        LATE = "late", N("迟到")
        EARLY = "early", N("早退")

    class Part(models.TextChoices):
        DAY = "day", N("全天")
        AM = "am", N("上午")
        PM = "pm", N("下午")

    of = models.ForeignKey(ClassDay, on_delete=models.CASCADE, related_name="absences")
    county_code = models.CharField(max_length=6)
    school_code = models.CharField(max_length=10)
    grade = models.CharField(max_length=3)
    class_number = models.IntegerField()
    day = models.DateField()
    student_key = models.CharField(max_length=80)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    part = models.CharField("时段", max_length=3, choices=Part.choices, default=Part.DAY)
    halves = models.PositiveSmallIntegerField(default=2)
    reason = models.CharField("事由", max_length=100, blank=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "student_key"], name="a_pupil_is_named_once"),
            models.CheckConstraint(condition=Q(halves__lte=2), name="at_most_two_halves"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county_code", "day"], name="absences_of_a_day"),
            models.Index(fields=["student_key", "day"], name="absences_of_a_pupil"),
        ]
