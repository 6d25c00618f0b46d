"""The tables of this room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bureau.log.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_tables"),
    ]

    operations = [
        bureau.log.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Run",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("day", models.DateField(verbose_name="数据日期")),
                        ("pack", models.CharField(max_length=60, verbose_name="标准包")),
                        ("pack_version", models.CharField(blank=True, max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "排队"),
                                    ("running", "测算中"),
                                    ("done", "完成"),
                                    ("failed", "失败"),
                                ],
                                default="queued",
                                max_length=8,
                            ),
                        ),
                        ("progress", models.FloatField(default=0)),
                        ("note", models.TextField(blank=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("register_versions", models.JSONField(default=dict)),
                        ("snapshot", models.CharField(blank=True, max_length=200)),
                        ("snapshot_sha256", models.CharField(blank=True, max_length=64)),
                        ("seconds", models.FloatField(null=True)),
                        ("basics", models.JSONField(default=list)),
                        ("oversized", models.JSONField(default=list)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["county_code", "pack", "day", "state"],
                                name="runs_run_county__dcea02_idx",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("school_code", models.CharField(max_length=10)),
                        ("school", models.CharField(max_length=120)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("stage", models.CharField(max_length=10)),
                        ("kind", models.CharField(max_length=3, null=True)),
                        ("organizer", models.CharField(max_length=2, null=True)),
                        ("locale", models.CharField(max_length=3, null=True)),
                        ("students", models.IntegerField(null=True)),
                        ("grades", models.IntegerField(null=True)),
                        ("classes", models.IntegerField(null=True)),
                        ("in_scope", models.BooleanField()),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("passes", models.IntegerField()),
                        ("unreported", models.IntegerField()),
                        ("near", models.JSONField(default=list)),
                        ("below_floor", models.JSONField(default=list)),
                        ("verdict", models.CharField(max_length=4)),
                        ("remark", models.CharField(blank=True, max_length=300)),
                        ("amounts", models.JSONField(default=dict)),
                        ("fact", models.JSONField(default=dict)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "school_code", "stage"), name="one_school_result"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IndicatorResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("school_code", models.CharField(max_length=10)),
                        ("school", models.CharField(max_length=120)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("stage", models.CharField(max_length=10)),
                        ("code", models.CharField(max_length=4)),
                        ("title", models.CharField(max_length=60)),
                        ("value", models.FloatField(null=True)),
                        ("numerator", models.FloatField(null=True)),
                        ("denominator", models.IntegerField(null=True)),
                        ("unit", models.CharField(max_length=12)),
                        ("threshold", models.FloatField(null=True)),
                        ("ratio", models.FloatField(null=True)),
                        ("verdict", models.CharField(max_length=4)),
                        ("gap", models.FloatField(null=True)),
                        ("gap_unit", models.CharField(max_length=6)),
                        ("surplus", models.FloatField(null=True)),
                        ("borderline", models.BooleanField()),
                        ("clause", models.TextField()),
                        ("relief", models.CharField(blank=True, max_length=120)),
                        ("split", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "school_code", "stage", "code"), name="one_indicator_result"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CoefficientResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("stage", models.CharField(max_length=10)),
                        ("code", models.CharField(blank=True, max_length=4)),
                        ("title", models.CharField(max_length=60)),
                        ("unit", models.CharField(blank=True, max_length=12)),
                        ("mean", models.FloatField(null=True)),
                        ("deviation", models.FloatField(null=True)),
                        ("cv", models.FloatField(null=True)),
                        ("limit", models.FloatField(null=True)),
                        ("verdict", models.CharField(max_length=4)),
                        ("schools", models.IntegerField()),
                        ("students", models.IntegerField()),
                        ("unreported", models.IntegerField()),
                        ("clause", models.TextField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="VarianceShare",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("stage", models.CharField(max_length=10)),
                        ("code", models.CharField(max_length=4)),
                        ("school_code", models.CharField(max_length=10)),
                        ("school", models.CharField(max_length=120)),
                        ("students", models.IntegerField()),
                        ("value", models.FloatField()),
                        ("share", models.FloatField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SmallestChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("stage", models.CharField(max_length=10)),
                        ("code", models.CharField(max_length=4)),
                        ("school_code", models.CharField(max_length=10)),
                        ("school", models.CharField(max_length=120)),
                        ("amount", models.FloatField()),
                        ("unit", models.CharField(max_length=6)),
                        ("cv_before", models.FloatField()),
                        ("cv_after", models.FloatField()),
                        ("limit", models.FloatField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CountyResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("code", models.CharField(max_length=4)),
                        ("title", models.CharField(max_length=120)),
                        ("group", models.CharField(max_length=20)),
                        ("kind", models.CharField(max_length=10)),
                        ("value", models.FloatField(null=True)),
                        ("unit", models.CharField(blank=True, max_length=12)),
                        ("numerator", models.FloatField(null=True)),
                        ("denominator", models.FloatField(null=True)),
                        ("threshold", models.FloatField(null=True)),
                        ("verdict", models.CharField(max_length=4)),
                        ("text", models.TextField(blank=True)),
                        ("clause", models.TextField()),
                        ("figures", models.JSONField(default=list)),
                        ("failing", models.JSONField(default=list)),
                        ("missing", models.JSONField(default=list)),
                        ("position", models.IntegerField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ClassFinding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("school_code", models.CharField(max_length=10)),
                        ("school", models.CharField(max_length=120)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("stage", models.CharField(max_length=10)),
                        ("grade", models.CharField(max_length=3)),
                        ("class_number", models.IntegerField()),
                        ("students", models.IntegerField()),
                        ("limit", models.IntegerField()),
                        ("over", models.IntegerField()),
                        ("band", models.CharField(blank=True, max_length=6)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MeasureResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("code", models.CharField(max_length=40)),
                        ("stage", models.CharField(blank=True, max_length=10)),
                        ("subset", models.CharField(blank=True, max_length=20)),
                        ("level", models.CharField(max_length=8)),
                        ("area_code", models.CharField(blank=True, max_length=12)),
                        ("area_name", models.CharField(blank=True, max_length=120)),
                        ("value", models.FloatField(null=True)),
                        ("unit", models.CharField(blank=True, max_length=12)),
                        ("numerator", models.FloatField(null=True)),
                        ("denominator", models.FloatField(null=True)),
                        ("unreported", models.IntegerField(default=0)),
                        ("unreported_unit", models.CharField(blank=True, max_length=20)),
                        ("rows", models.TextField(blank=True)),
                        ("note", models.TextField(blank=True)),
                        ("missing", models.JSONField(default=list)),
                        ("schools", models.JSONField(default=list)),
                        ("counted_on", models.DateField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "code", "stage", "subset", "level", "area_code"),
                                name="one_measure_result",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReliefState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                            ),
                        ),
                        ("school_code", models.CharField(max_length=10)),
                        ("school", models.CharField(max_length=120)),
                        ("relief", models.CharField(max_length=30)),
                        ("title", models.CharField(max_length=60)),
                        ("granted_on", models.DateField()),
                        ("expires_on", models.DateField()),
                        ("state", models.CharField(max_length=6)),
                        ("evidence", models.CharField(max_length=300)),
                        ("note", models.TextField(blank=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("code", models.CharField(max_length=4, verbose_name="指标")),
                        ("item", models.CharField(max_length=40, verbose_name="项目")),
                        ("school_year", models.IntegerField(verbose_name="学年")),
                        ("conclusion", models.CharField(blank=True, max_length=10, verbose_name="结论")),
                        ("summary", models.TextField(blank=True, verbose_name="简要结论")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "待提交"),
                                    ("submitted", "待复核"),
                                    ("confirmed", "已复核"),
                                    ("returned", "已退回"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("remark", models.TextField(blank=True, verbose_name="复核意见")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "code", "item", "school_year"),
                                name="one_evidence_a_year",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    models.Q(("checked_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="evidence_checked_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "confirmed"), _negated=True),
                                    ("checked_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="evidence_confirmed_by_someone",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EvidenceFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="runs.evidence",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.IntegerField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="PackValue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("pack", models.CharField(max_length=60)),
                        ("path", models.CharField(max_length=120, verbose_name="位置")),
                        ("value", models.JSONField()),
                        ("reason", models.CharField(max_length=300, verbose_name="依据")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at", None)),
                                fields=("county_code", "pack", "path"),
                                name="one_override_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    models.Q(("checked_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="override_checked_by_another",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
