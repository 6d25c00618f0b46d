"""Teachers as a role, and clearances for restricted records."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("people", "0002_organisation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clearance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("assessment", "残疾儿童评估"), ("screening", "心理健康筛查")],
                        max_length=12,
                        verbose_name="范围",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="user_school_code_iff_school",
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="user_has_a_known_role",
        ),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("leader", "局领导"),
                    ("office", "业务科室"),
                    ("school", "学校"),
                    ("teacher", "教师"),
                    ("township", "乡镇"),
                    ("unit", "责任单位"),
                    ("inspector", "督学"),
                    ("auditor", "审计"),
                    ("administrator", "系统管理员"),
                ],
                max_length=20,
                verbose_name="角色",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "leader",
                            "office",
                            "school",
                            "teacher",
                            "township",
                            "unit",
                            "inspector",
                            "auditor",
                            "administrator",
                        ],
                    )
                ),
                name="user_has_a_known_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("role__in", ["school", "teacher"]), models.Q(("school_code", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("role__in", ["school", "teacher"]), _negated=True), ("school_code", "")
                    ),
                    _connector="OR",
                ),
                name="user_school_code_iff_school",
            ),
        ),
        migrations.AddField(
            model_name="clearance",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="clearance",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clearances",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddField(
            model_name="clearance",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="clearance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("user", "kind"),
                name="one_clearance_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="clearance",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="clearance_has_a_reason"
            ),
        ),
    ]
