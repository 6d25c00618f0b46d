"""工作日历: the days that differ from the week's ordinary pattern (Monday to Friday)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bureau.people.models import User


class SpecialDay(models.Model):
    """特殊日: a weekday that is a holiday, or a weekend day that is worked (调休).

    `source` names the notice, or says that the day came from the package's data; it counts as assumed until a named
    person has confirmed the year.
    """

    day = models.DateField("日期", unique=True)
    working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40)
    source = models.CharField("依据", max_length=200)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class ConfirmedYear(models.Model):
    """已确认的年份: a named person compared a year's special days with the notice of the State Council's office."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    notice = models.CharField("通知", max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["year"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(notice=""), name="confirmed_year_names_its_notice")
        ]
