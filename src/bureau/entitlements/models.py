"""资助资格: what a named person of a county confirmed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bureau.people.models import User


class Confirmation(models.Model):
    """确认: a named person answers for what no document says of a clause, or of the rule of a group.

    `of` is the id of the clause or group; `assumption` the words that were confirmed: when the pack says them
    otherwise, the confirmation no longer counts. It holds for its county only, until it is withdrawn.
    """

    county_code = models.CharField("县区", max_length=6)
    of = models.CharField("条款或互斥组", max_length=80)
    assumption = models.TextField("文件没有载明的事项")
    reason = models.CharField("依据", max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
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
        ]
