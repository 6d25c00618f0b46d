"""手机、来件、照片: phones with the keys of what lies on them, records as they arrived, and what people must settle."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User
from bureau.phone.states import WORDS, State


class Device(models.Model):
    """手机: one account on one phone. `key` (sealed) opens what lies encrypted there; only this account is ever given it."""

    number = models.UUIDField(unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="phones")
    name = models.CharField("手机", max_length=60, blank=True)
    key = models.BinaryField()
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    cases = models.PositiveIntegerField("最近一次带走的个案数", default=0)
    lost_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lost_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-seen_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lost_by=None, lost_at=None) | Q(lost_by__isnull=False, lost_at__isnull=False),
                name="lost_by_somebody_at_some_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.name}"


class Receipt(models.Model):
    """来件: one record from a phone or a sheet, accepted once. `sealed` is the record as it came, whatever becomes of it.

    The codes are those of the case (of the sender where there is no such case): they say whose desk it lies on.
    """

    class Source(models.TextChoices):
        PHONE = "phone", N("手机")
        SHEET = "sheet", N("走访表")

    record = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=5, choices=Source.choices)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="receipts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    case = models.BigIntegerField(null=True, db_index=True)
    about = models.CharField(
        max_length=80, blank=True
    )  # what it is about where there is no case: a class and a day
    county_code = models.CharField(max_length=6)
    township_code = models.CharField(max_length=12, blank=True)
    school_code = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=9, choices=[(one.value, WORDS[one]) for one in State])
    sentence = models.CharField(max_length=300, blank=True)  # why it was not simply accepted
    sealed = models.BinaryField()
    said_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    clock = models.CharField(max_length=200, blank=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["county_code", "state"],
                condition=~Q(state="accepted"),
                name="phone_receipts_of_a_desk",
            ),
            models.Index(fields=["user", "-id"], name="phone_receipts_of_a_user"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["released", "declined"])
                | (Q(settled_by__isnull=False) & ~Q(settled_by=F("user")) & ~Q(reason="")),
                name="held_record_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_by__isnull=False),
                name="clash_is_settled_by_somebody",
            ),
        ]

    @property
    def words(self) -> str:
        """状态 in the words of the office."""
        return WORDS[State(self.state)]

    def __str__(self) -> str:
        return str(self.record)


class Clash(models.Model):
    """不一致的一项: what the phone says and what somebody wrote meanwhile; a person chooses."""

    class Choice(models.TextChoices):
        MINE = "mine", N("采用手机上填的")
        THEIRS = "theirs", N("保留现在的")

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="clashes")
    column = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    sealed = models.BinaryField()  # {"mine": …, "theirs": …}
    theirs_by = models.CharField(max_length=60, blank=True)
    theirs_at = models.DateTimeField(null=True)
    choice = models.CharField(max_length=6, choices=Choice.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["receipt", "column"], name="one_clash_a_field")
        ]


class Photo(models.Model):
    """照片 that a record names by its hash; it may arrive before or after the record, in pieces."""

    class State(models.TextChoices):
        WAITING = "waiting", N("未到齐")
        WHOLE = "whole", N("已到齐")
        REFUSED = "refused", N("未收")

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="photos")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    sentence = models.CharField(max_length=120, blank=True)
    file = models.BigIntegerField(null=True)  # the case's own file, once there

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["receipt", "sha256"], name="one_photo_once_in_a_record")
        ]


class Piece(models.Model):
    """照片的一段, sealed, until all are there."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "sha256", "number"], name="one_piece_once")
        ]
