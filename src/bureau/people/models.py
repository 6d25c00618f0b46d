"""人员、角色、辖区: who signs in, as what, and for which area."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as N


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


class Organisation(models.Model):
    """责任单位: a unit that a plan names as leading or supporting, with or without an account.

    `aliases` are other names documents use for it (教体局 = 教育体育局); `area` is set for a township's government.
    """

    class Kind(models.TextChoices):
        PARTY = "party", N("党委部门")
        GOVERNMENT = "government", N("政府部门")
        BUREAU = "bureau", N("教育局科室")
        TOWNSHIP = "township", N("乡镇（街道）")
        SCHOOL = "school", N("学校")
        OTHER = "other", N("其他单位")

    county_code = models.CharField(max_length=6)
    name = models.CharField("单位名称", max_length=60)
    aliases = models.JSONField("别名", default=list, blank=True)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    head = models.CharField("负责人", max_length=40, blank=True)
    active = models.BooleanField("在用", default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_code", "name"], name="one_organisation_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """账号. One person, one role, one area: `school_code` narrows to a school, `area` to a township or county.

    A leader, an office, an inspector and an auditor without an area see every county of the installation.
    `organisation` says for which unit of the plans the account acts; a unit's account has one always.
    """

    class Role(models.TextChoices):
        LEADER = "leader", "局领导"
        OFFICE = "office", "业务科室"
        SCHOOL = "school", "学校"
        TEACHER = "teacher", "教师"
        TOWNSHIP = "township", "乡镇"
        UNIT = "unit", "责任单位"
        INSPECTOR = "inspector", "督学"
        AUDITOR = "auditor", "审计"
        ADMINISTRATOR = "administrator", "系统管理员"

    role = models.CharField("角色", max_length=20, choices=Role.choices)
    display_name = models.CharField("姓名", max_length=40)
    office = models.CharField("科室", max_length=40, blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, verbose_name="辖区")
    school_code = models.CharField("学校标识码", max_length=10, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, verbose_name="责任单位"
    )
    must_change_password = models.BooleanField("须修改初始密码", default=True)

    class Meta:
        ordering: ClassVar = ["username"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "leader",
                        "office",
                        "school",
                        "teacher",
                        "township",
                        "unit",
                        "inspector",
                        "auditor",
                        "administrator",
                    ]
                ),
                name="user_has_a_known_role",
            ),
            models.CheckConstraint(
                condition=(Q(role__in=["school", "teacher"]) & ~Q(school_code=""))
                | (~Q(role__in=["school", "teacher"]) & Q(school_code="")),
                name="user_school_code_iff_school",
            ),
            models.CheckConstraint(
                condition=~Q(role="township") | Q(area__isnull=False), name="user_township_has_area"
            ),
            models.CheckConstraint(
                condition=~Q(role="unit") | Q(organisation__isnull=False), name="user_unit_has_organisation"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class Clearance(models.Model):
    """专门授权: a named account may see one kind of restricted record of its area (expert assessments, screening results)."""

    class Kind(models.TextChoices):
        ASSESSMENT = "assessment", N("残疾儿童评估")
        SCREENING = "screening", N("心理健康筛查")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="clearances", verbose_name="账号")
    kind = models.CharField("范围", max_length=12, choices=Kind.choices)
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "kind"], condition=Q(withdrawn_at=None), name="one_clearance_in_force"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="clearance_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind}"


class FailedSignIn(models.Model):
    """登录失败记录: failures of one account name from one address; kept here so that all server processes share it."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=45)
    failures = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["username", "address"], name="one_row_per_account_and_address"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.address}"
