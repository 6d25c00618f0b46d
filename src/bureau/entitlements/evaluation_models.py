"""资助判断的存储: one evaluation of a county for a term; each distinct situation once, children point to theirs."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Evaluation(models.Model):
    """资助判断: all children of a county for one term, by the rules of the term's first day.

    One per county and term is `current`; of the others only this row is kept. `seen` says on what it rests (versions of the
    registers, links and clauses), so that a change in any of them shows.
    """

    class State(models.TextChoices):
        QUEUED = "queued", N("排队")
        RUNNING = "running", N("正在判断")
        DONE = "done", N("已完成")
        FAILED = "failed", N("没有完成")
        CANCELLED = "cancelled", N("已取消")

    county_code = models.CharField("县区", max_length=6)
    term = models.CharField("学期", max_length=6)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    current = models.BooleanField(default=False)
    register_day = models.DateField("学籍数据日期")
    rules_day = models.DateField("规则日期")
    facts_day = models.DateField("名册截至日期")
    book_version = models.CharField(max_length=20, blank=True)
    seen = models.JSONField(default=dict)
    sources = models.JSONField(
        default=list
    )  # [[register, data day], …] of the outside registers that were laid over
    children = models.IntegerField(default=0)
    left_out = models.JSONField(default=dict)  # {enrolment status: children not judged}
    profiles = models.IntegerField(default=0)
    conflicts = models.IntegerField(default=0)  # children whose school said otherwise than a register
    clauses = models.JSONField(default=dict)  # {clause: {name, kind, granted, unconfirmed, unknown, fen}}
    counts = models.JSONField(default=dict)  # what the lists add up to, after the latest payment
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # when payments were last compared with it
    seconds = models.FloatField(null=True)
    progress = models.FloatField(default=0)
    cancel_asked = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "term"],
                condition=Q(current=True),
                name="one_current_evaluation",
            ),
            models.CheckConstraint(
                condition=Q(current=False) | Q(state="done"), name="current_evaluation_is_done"
            ),
        ]

    def __str__(self) -> str:
        return f"资助判断 {self.pk} {self.county_code} {self.term}"


class Profile(models.Model):
    """情形: one combination of stage, grade and facts, and what follows for each clause of the county.

    `facts` holds every fact the clauses ask for (null: not known). `findings` are [clause, state, fen, due, by, sentence,
    missing facts] with fen a year (or once) and the number of a `Sentence`.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    stage = models.CharField(max_length=10)
    grade = models.IntegerField()
    facts = models.JSONField()
    findings = models.JSONField()
    children = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="profile_number_once")
        ]


class Sentence(models.Model):
    """理由: each sentence of an evaluation once, as it was said then."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="sentence_number_once")
        ]


class EvaluatedChild(models.Model):
    """被判断的学生: where the child was on the register's day and which profile it has.

    `origins` holds what did not come from the school's own entry: {fact: {value, source, day, place, since, until, detail, school}};
    `school` is what the school had entered where that differs. `elsewhere`: the school of one who studies outside the county.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+", db_index=False)
    student_key = models.CharField(max_length=80)
    person_name = models.CharField(max_length=60, blank=True)
    pinyin = models.CharField(max_length=200, blank=True)
    school_code = models.CharField(max_length=10, blank=True)
    township_code = models.CharField(max_length=12, blank=True)
    elsewhere = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=10)
    grade = models.IntegerField()
    class_number = models.IntegerField(null=True)
    profile = models.IntegerField()
    origins = models.JSONField(default=dict)
    conflicts = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "student_key"], name="child_evaluated_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["evaluation", "pinyin"], condition=Q(conflicts__gt=0), name="child_with_conflict"
            ),
        ]


class Claim(models.Model):
    """应发与实发的一行: one child and one clause of a term, what is due and what was paid.

    There is a row where a clause grants, waits for a confirmation, cannot be told, or was paid without being granted.
    `missing` names the facts that are not known; where lists of others alone say them, the line waits for its list.
    """

    class Standing(models.TextChoices):
        PAID = "paid", N("已发")
        LESS = "less", N("少发")
        MORE = "more", N("多发")
        WAITING = "waiting", N("待发")
        MISSED = "missed", N("漏发")
        UNDUE = "undue", N("已发不应享受")
        REFUSED = "refused", N("不予发放")
        UNCONFIRMED = "unconfirmed", N("待确认")
        UNKNOWN = "unknown", N("情况不明")
        NO_LIST = "no_list", N("等名单")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+", db_index=False)
    student_key = models.CharField(max_length=80)
    person_name = models.CharField(max_length=60, blank=True)
    pinyin = models.CharField(max_length=200, blank=True)
    school_code = models.CharField(max_length=10, blank=True)
    township_code = models.CharField(max_length=12, blank=True)
    stage = models.CharField(max_length=10, blank=True)
    grade = models.IntegerField(null=True)
    class_number = models.IntegerField(null=True)
    clause = models.CharField(max_length=80)
    state = models.CharField(max_length=12)
    standing = models.CharField(max_length=12, choices=Standing.choices)
    due_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    missing = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evaluation", "student_key", "clause"], name="one_claim_per_child_and_clause"
            ),
            models.CheckConstraint(condition=Q(due_fen__gte=0), name="claim_due_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["evaluation", "standing", "pinyin"], name="claim_by_name"),
            models.Index(fields=["evaluation", "school_code", "standing"], name="claim_by_school"),
            models.Index(fields=["evaluation", "clause", "standing"], name="claim_by_clause"),
        ]
