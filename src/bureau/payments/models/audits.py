"""审计线索: what the queries over paid lines found, and how people settled it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as N

from bureau.people.models import User


class Finding(models.Model):
    """一条线索. `fingerprint` is what makes it this one: found again, it is the same row."""

    class Outcome(models.TextChoices):
        RECOVERED = "recovered", N("属实，已追回")
        MENDED = "mended", N("属实，已更正数据")
        STANDS = "stands", N("属实，按规定不追回")
        UNFOUNDED = "unfounded", N("不属实")

    county_code = models.CharField(max_length=6)
    kind = models.CharField("种类", max_length=20)
    fingerprint = models.CharField(max_length=64)
    title = models.CharField("线索", max_length=300)
    person_kind = models.CharField(max_length=10)
    person_key = models.CharField(max_length=80)
    person_name = models.CharField("姓名", max_length=60)
    school_code = models.CharField(max_length=10, blank=True)
    school_name = models.CharField("学校", max_length=120, blank=True)
    fen = models.BigIntegerField("涉及金额（分）", default=0)
    evidence = models.JSONField(default=list)  # [[label, value], …]
    state = models.CharField("状态", max_length=10, default="open")
    first_seen = models.DateField("首次发现")
    last_seen = models.DateField("最近发现")
    outcome = models.CharField("结论", max_length=10, choices=Outcome.choices, blank=True)
    reason = models.CharField("核查情况", max_length=500, blank=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-fen", "id"]
        indexes: ClassVar = [models.Index(fields=["county_code", "state", "kind"], name="finding_by_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "fingerprint"], name="one_finding_of_a_kind"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("settled_by")),
                name="finding_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["settled", "closed"])
                | (Q(settled_by__isnull=False) & ~Q(reason="") & ~Q(outcome="")),
                name="finding_settled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(confirmed_by__isnull=False), name="finding_closed_by_two"
            ),
        ]


class FindingEvent(models.Model):
    """经过 of a finding."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
