"""资助评审: awards of a term, their publication and objections."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.payments.models.funds import Fund
from bureau.people.models import User

PERSON_KINDS = (("student", N("学生")), ("teacher", N("教师")))


class AwardRound(models.Model):
    """评审批: the awards of one clause and term that are reviewed and published together, and the fund they are paid from.

    `shares` is {source: percent}, from the clause; their sum is 100.
    """

    county_code = models.CharField(max_length=6)
    title = models.CharField("名称", max_length=100)
    person_kind = models.CharField("对象", max_length=10, choices=PERSON_KINDS)
    term = models.CharField("学期", max_length=8)
    clause = models.CharField("条款", max_length=80)
    clause_name = models.CharField("资助项目", max_length=100)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="rounds")
    shares = models.JSONField("资金分担", default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    published_on = models.DateField("公示起", null=True)
    published_until = models.DateField("公示止", null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_doubt = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(published_on=None) | Q(published_until__gte=F("published_on")),
                name="round_publication_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Award(models.Model):
    """一项资助: one person, clause and term. The names are those of the day it was proposed, because they were published so."""

    round = models.ForeignKey(AwardRound, on_delete=models.PROTECT, related_name="awards")
    county_code = models.CharField(max_length=6)
    person_kind = models.CharField(max_length=10, choices=PERSON_KINDS)
    person_key = models.CharField(max_length=80)
    person_name = models.CharField("姓名", max_length=60)
    pinyin = models.CharField(max_length=200, blank=True)
    school_code = models.CharField("学校代码", max_length=10)
    school_name = models.CharField("学校", max_length=120)
    grade = models.CharField("年级", max_length=20, blank=True)
    class_name = models.CharField("班级", max_length=20, blank=True)
    clause = models.CharField("条款", max_length=80)
    term = models.CharField("学期", max_length=8)
    fen = models.BigIntegerField("金额（分）")
    basis = models.CharField("认定依据", max_length=300, blank=True)
    entered = models.CharField("来源", max_length=12, default="entitled")  # entitled, uploaded
    state = models.CharField("状态", max_length=14, default="proposed")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    school_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    school_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reason = models.CharField("说明", max_length=300, blank=True)  # why it was refused or sent back

    class Meta:
        ordering: ClassVar = ["school_code", "grade", "class_name", "pinyin", "id"]
        indexes: ClassVar = [
            models.Index(fields=["county_code", "person_key"], name="award_of_a_person"),
            models.Index(fields=["round", "state", "school_code"], name="award_of_a_round"),
            models.Index(fields=["county_code", "state"], name="award_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "person_kind", "person_key", "clause", "term"],
                condition=~Q(state="rejected"),
                name="one_award_of_a_clause_and_term",
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="award_gives_something"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | Q(school_by=None) | ~Q(reviewed_by=F("school_by")),
                name="award_reviewed_by_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="award_refused_with_a_reason"
            ),
        ]


class AwardEvent(models.Model):
    """经过 of a round: who did what to how many of its awards, and of one award where it is about one."""

    round = models.ForeignKey(AwardRound, on_delete=models.CASCADE, related_name="events")
    award = models.ForeignKey(Award, null=True, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=1)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class Objection(models.Model):
    """异议 against an award, or against a published list while nobody has found out whom it means."""

    round = models.ForeignKey(AwardRound, on_delete=models.PROTECT, related_name="objections")
    award = models.ForeignKey(Award, null=True, on_delete=models.PROTECT, related_name="objections")
    about = models.CharField("涉及的人", max_length=100, blank=True)
    text = models.TextField("内容")
    name = models.CharField("提出人", max_length=40, blank=True)
    contact = models.BinaryField("联系方式", default=b"")  # sealed
    public = models.BooleanField(default=False)
    sender = models.CharField(max_length=32, blank=True)  # keyed hash of the address, for the limit
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.TextField("处理情况", blank=True)
    handled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    handled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(upheld=None, handled_by=None)
                | (Q(upheld__isnull=False, handled_by__isnull=False) & ~Q(answer="")),
                name="objection_answered_by_somebody",
            )
        ]
