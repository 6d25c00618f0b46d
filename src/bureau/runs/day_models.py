"""某日指标: what the measures of children said of one day, kept as they were counted."""

from typing import ClassVar

from django.db import models

from bureau.people.models import User


class DayMeasures(models.Model):
    """某日的入学、巩固、辍学和关爱指标 of one county. `made_at` is empty while it is being counted.

    The registers are those of `run`, the newest not after the day; `population_day` is the day of which ages and places of study were
    reckoned; ledgers are counted as of `day`. `values` are as `day_measures.Line` tells.
    """

    county_code = models.CharField(max_length=6)
    day = models.DateField()
    run = models.ForeignKey("runs.Run", null=True, on_delete=models.SET_NULL, related_name="+")
    population_day = models.DateField(null=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    values = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "day"], name="one_count_of_measures_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.county_code} {self.day}"
