"""县级调整: the values of a standard that a county overrides."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bureau.people.models import User


class PackValue(models.Model):
    """县级调整: one value of a standard that a county overrides, by a named person and with a reason."""

    county_code = models.CharField(max_length=6)
    pack = models.CharField(max_length=60)
    path = models.CharField("位置", max_length=120)
    value = models.JSONField()
    reason = models.CharField("依据", max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_code", "pack", "path"],
                condition=Q(withdrawn_at=None),
                name="one_override_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")), name="override_checked_by_another"
            ),
        ]
