"""外部名册: other offices' registers as versions, their lines as they came, and which line is which pupil.

A version is never changed by a later one: on each day the newest version of a source that is not withdrawn is in force. Identifiers are
sealed; what finds them again is a keyed hash. A pupil is named by county and student key, never by the row of a version.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.links.states import SCHOOL_FROM, SCHOOL_TO
from bureau.people.models import User


class OutsideRegister(models.Model):
    """外部名册的一个版本: one source of one county as of one day, in one or several files."""

    class Source(models.TextChoices):
        REGISTERED = "registered", N("建档立卡")
        MONITORED = "monitored", N("防返贫监测")
        MINIMUM = "minimum", N("低保")
        DESTITUTE = "destitute", N("特困")
        DISABLED = "disabled", N("残疾")
        ORPHAN = "orphan", N("孤儿")
        HOUSEHOLD = "household", N("户籍")
        HARDSHIP = "hardship", N("困难认定")

    class Coverage(models.TextChoices):
        COUNTY = "county", N("全县")
        TOWNSHIPS = "townships", N("部分乡镇")
        SCHOOLS = "schools", N("部分学校")

    class State(models.TextChoices):
        RECEIVED = "received", N("排队读取")
        READING = "reading", N("正在读取")
        MATCHING = "matching", N("正在比对")
        HELD = "held", N("待确认采用")
        MATCHED = "matched", N("已比对")
        REFUSED = "refused", N("无法读取")
        CANCELLED = "cancelled", N("已取消")
        WITHDRAWN = "withdrawn", N("已撤下")

    county_code = models.CharField(max_length=6)
    source = models.CharField(max_length=12, choices=Source.choices)
    day = models.DateField("数据日期")
    until = models.DateField("有效至", null=True)  # last day; None: until a later version takes its place
    coverage = models.CharField(max_length=10, choices=Coverage.choices, default=Coverage.COUNTY)
    places = models.JSONField(
        default=list
    )  # codes of the townships or schools it covers; [] for the whole county
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    files = models.JSONField(default=list)  # [{name, sha256, size}]
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    progress = models.FloatField(default=0)
    cancel_asked = models.BooleanField(default=False)
    note = models.TextField(blank=True)  # why it could not be read, or why it waits
    notes = models.JSONField(default=list)  # sentences about the file as a whole
    counts = models.JSONField(default=dict)  # {lines, flawed, grown, share, expected_wrong …}
    matched_at = models.DateTimeField(null=True)
    matched_day = models.DateField(null=True)  # the student register compared with
    matched_version = models.BigIntegerField(default=0)  # of that register
    model = models.CharField(max_length=40, blank=True)  # version of the weights
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_reason = models.CharField(max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["county_code", "source", "day"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("day")), name="register_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(coverage="county", places=[]) | (~Q(coverage="county") & ~Q(places=[])),
                name="covered_places_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.day}"


class Line(models.Model):
    """名册的一行, as the file has it. `key` is the same for the same child's line in every version; `fingerprint` changes with any cell that
    matching reads."""

    of = models.ForeignKey(OutsideRegister, on_delete=models.CASCADE, related_name="lines", db_index=False)
    number = models.IntegerField()  # 1, 2, … in the order of the files
    place = models.CharField(max_length=80)  # Excel's row, or sheet!row
    name = models.CharField(max_length=60, blank=True)
    id_number = models.BinaryField()
    id_lookup = models.CharField(max_length=32, blank=True, db_index=True)
    sex = models.CharField(max_length=8, blank=True)
    born = models.CharField(max_length=30, blank=True)
    birth_date = models.DateField(null=True)  # from the birth date, else from a right ID number
    county = models.CharField(max_length=60, blank=True)
    township = models.CharField(max_length=60, blank=True)
    township_code = models.CharField(max_length=9, blank=True)
    village = models.CharField(max_length=60, blank=True)
    enrolment_key = models.CharField(max_length=80, blank=True)  # the pupil key that the written 学号 makes
    school = models.CharField(max_length=60, blank=True)
    school_code = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=4, blank=True)
    class_number = models.IntegerField(null=True)
    guardians = models.CharField(max_length=120, blank=True)
    guardian_ids = models.BinaryField()
    phone = models.BinaryField()
    household = models.CharField(max_length=32, blank=True)  # equal for lines of one household
    category = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=60, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    relation = models.CharField(max_length=30, blank=True)
    remarks = models.CharField(max_length=200, blank=True)
    grown = models.BooleanField(default=False)
    flaws = models.JSONField(default=list)  # [[heading, sentence], …]; identifiers masked
    key = models.CharField(max_length=32)
    fingerprint = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "number"], name="one_line_a_number")]
        indexes: ClassVar = [
            models.Index(fields=["of", "household"]),
            models.Index(fields=["key"]),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


class Decision(models.Model):
    """人的认定 of one line and one pupil, kept over every version of the register by what both sides looked like. Never overwritten: undone."""

    class Verdict(models.TextChoices):
        SAME = "same", N("同一人")
        DIFFERENT = "different", N("不是同一人")
        VISIT = "visit", N("需入户核实")

    county_code = models.CharField(max_length=6)
    source = models.CharField(max_length=12)
    line_key = models.CharField(max_length=32)
    student_key = models.CharField(max_length=80, blank=True)
    line_fingerprint = models.CharField(max_length=32)
    student_fingerprint = models.CharField(max_length=32, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(max_length=200, blank=True)
    why_second = models.CharField(max_length=200, blank=True)  # why one person is not enough; "" when one is
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    second = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    settled = models.BooleanField()
    audit = models.BooleanField(default=False)  # given on a sampled automatic link
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "source", "line_key", "student_key"],
                condition=Q(undone_at=None),
                name="one_standing_decision",
            ),
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(second=F("by")), name="second_person_is_another"
            ),
            models.CheckConstraint(
                condition=Q(settled=False) | Q(why_second="") | Q(second__isnull=False),
                name="settled_by_two_where_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.line_key}"


class Link(models.Model):
    """比对结果 of one line: the pupil it is taken for, how probable that is and why; or the pupil most like it."""

    class State(models.TextChoices):
        AUTOMATIC = "automatic", N("自动对上")
        TO_CHECK = "to_check", N("待核对")
        SECOND = "second", N("待第二人复核")
        UNMATCHED = "unmatched", N("未对上")
        SAME = "same", N("同一人")
        DIFFERENT = "different", N("不是同一人")
        VISIT = "visit", N("需入户核实")
        OUTSIDE = "outside", N("不属学龄")

    line = models.OneToOneField(Line, on_delete=models.CASCADE, primary_key=True, related_name="link")
    of = models.ForeignKey(OutsideRegister, on_delete=models.CASCADE, related_name="links", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices)
    student_key = models.CharField(max_length=80, blank=True)  # linked, or to be checked
    near_key = models.CharField(max_length=80, blank=True)  # most like it, where there is no link
    probability = models.FloatField(default=0)
    reason = models.TextField(blank=True)
    machine = models.CharField(max_length=10)  # state before any person
    machine_key = models.CharField(
        max_length=80, blank=True
    )  # the pupil it picked, or the one most like the line
    two_numbers = models.BooleanField(default=False)  # two right ID numbers that differ
    twin_like = models.BooleanField(default=False)
    bearers = models.IntegerField(default=0)
    around = models.JSONField(
        default=dict
    )  # {pupils: [student keys of the household], rivals: n, double: line number}
    urgency = models.FloatField(default=0)
    sampled = models.BooleanField(default=False)
    school_code = models.CharField(max_length=10, blank=True)  # of the pupil when matched
    decision = models.ForeignKey(Decision, null=True, on_delete=models.SET_NULL, related_name="links")
    contradiction = models.CharField(
        max_length=300, blank=True
    )  # an earlier decision that new data speak against

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["of", "state", "urgency"]),
            models.Index(fields=["student_key"]),
            models.Index(fields=["of", "urgency"], condition=Q(sampled=True), name="link_sampled"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class SchoolAge(models.Model):
    """学龄口径 of one county: who counts as of school age. Assumed until somebody has saved it."""

    county_code = models.CharField(max_length=6, unique=True)
    youngest = models.IntegerField(default=SCHOOL_FROM)
    oldest = models.IntegerField(default=SCHOOL_TO)
    basis = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(youngest__lte=F("oldest")), name="youngest_before_oldest")
        ]

    def __str__(self) -> str:
        return f"{self.county_code} {self.youngest}–{self.oldest}"
