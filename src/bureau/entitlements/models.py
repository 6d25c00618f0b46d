"""资助资格: what a county's people confirmed and entered themselves, and the cards that open a child's file."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

# Django finds the models of a room here.
from bureau.entitlements.evaluation_models import (  # noqa: F401
    Claim,
    EvaluatedChild,
    Evaluation,
    Profile,
    Sentence,
)
from bureau.entitlements.paid_models import PaidLine, PaidList  # noqa: F401
from bureau.people.models import User


class Confirmation(models.Model):
    """确认: a named person answers for what no document says of a clause, or of the rule of a group, and another checks it.

    `of` is the id of the clause or group; `assumption` the words that were confirmed: when the pack says them
    otherwise, the confirmation no longer counts. It holds for its county only, from the check until it is withdrawn.
    """

    county_code = models.CharField("县区", max_length=6)
    of = models.CharField("条款或互斥组", max_length=80)
    assumption = models.TextField("文件没有载明的事项")
    reason = models.CharField("依据", max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "of"], condition=Q(withdrawn_at=None), name="one_confirmation_in_force"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="confirmation_has_a_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="confirmation_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")), name="confirmation_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="confirmation_checked_by_somebody",
            ),
        ]


class CountyPack(models.Model):
    """县级条款包: one version of the clauses that a county has entered itself, as YAML; old versions stay readable and runnable.

    `checked` is what the check at the last save said; `by` the last person who changed it, `submitted_by` who sent it for
    confirmation. It is in force once another person than both has confirmed it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", N("草稿")
        WAITING = "waiting", N("待复核")
        IN_FORCE = "in_force", N("执行中")
        REPLACED = "replaced", N("已被新版代替")
        DROPPED = "dropped", N("已作废")

    county_code = models.CharField("县区", max_length=6)
    number = models.PositiveIntegerField("版次")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    text = models.TextField("条款包")
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("修改依据", max_length=300, blank=True)
    checked = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    returned = models.CharField("退回原因", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "number"], name="one_county_pack_of_a_number"),
            models.UniqueConstraint(
                fields=["county_code"], condition=Q(state="in_force"), name="one_county_pack_in_force"
            ),
            models.UniqueConstraint(
                fields=["county_code"],
                condition=Q(state__in=["draft", "waiting"]),
                name="one_open_county_pack",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("by")) & ~Q(confirmed_by=F("submitted_by"))),
                name="county_pack_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "replaced"])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, submitted_by__isnull=False),
                name="county_pack_in_force_is_confirmed",
            ),
        ]


class PackEdit(models.Model):
    """修改记录: one step in the making of a county pack: who did what to which clause."""

    pack = models.ForeignKey(CountyPack, on_delete=models.CASCADE, related_name="edits")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField("条款", max_length=80, blank=True)
    words = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["-id"]


class Card(models.Model):
    """二维码卡: the unguessable token on a household's printed card. The token itself is sealed; it is found by its keyed hash."""

    county_code = models.CharField("县区", max_length=6)
    token_lookup = models.CharField(max_length=32, unique=True)
    token = models.BinaryField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField("换发原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="card_ended_by_somebody",
            ),
        ]


class CardChild(models.Model):
    """卡上的孩子: a child whose file a household's card opens, until the card ends."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="children")
    county_code = models.CharField("县区", max_length=6)
    student_key = models.CharField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "student_key"],
                condition=Q(until=None),
                name="one_valid_card_of_a_child",
            ),
        ]
