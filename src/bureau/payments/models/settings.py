"""发放设置: numbers that no document gives, as a named person of the county saved them."""

from typing import ClassVar

from django.db import models

from bureau.people.models import User


class PaymentSetting(models.Model):
    """一次设置: the newest of a name holds, those before it are its history. Without one the assumed value of `setting_rules` holds."""

    county_code = models.CharField(max_length=6)
    name = models.CharField(max_length=30)
    value = models.PositiveIntegerField("值")
    basis = models.CharField("依据", max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["county_code", "name"], name="payment_setting_of_a_name")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(basis=""), name="payment_setting_says_why")
        ]
