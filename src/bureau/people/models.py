"""人员、角色、辖区: who signs in, as what, and for which area."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class Area(models.Model):
    """行政区划: county, township or village, by its division code (6, 9 or 12 digits).

    `path` is the codes from the county down, joined by "/", so that "everything below" is one prefix condition.
    """

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(
        max_length=10, choices=[("county", "县区"), ("township", "乡镇"), ("village", "村")]
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=40, db_index=True)
    pinyin = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """账号. One person, one role, one area: `school_code` narrows to a school, `area` to a township or county."""

    class Role(models.TextChoices):
        LEADER = "leader", "局领导"
        OFFICE = "office", "业务科室"
        SCHOOL = "school", "学校"
        TOWNSHIP = "township", "乡镇"
        INSPECTOR = "inspector", "督学"
        AUDITOR = "auditor", "审计"
        ADMINISTRATOR = "administrator", "系统管理员"

    role = models.CharField("角色", max_length=20, choices=Role.choices)
    display_name = models.CharField("姓名", max_length=40)
    office = models.CharField("科室", max_length=40, blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, verbose_name="辖区")
    school_code = models.CharField("学校标识码", max_length=10, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username
