"""The tables of this room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bureau.log.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_tables"),
        ("plans", "0001_tables"),
        ("runs", "0001_tables"),
    ]

    operations = [
        bureau.log.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Bulletin",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        (
                            "plan",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="plans.plan",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("quarterly", "季度分析通报"),
                                    ("half_yearly", "半年听证报告"),
                                    ("yearly", "年度报告"),
                                ],
                                max_length=12,
                                verbose_name="种类",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                        ("part", models.PositiveSmallIntegerField(default=1, verbose_name="期次")),
                        ("title", models.CharField(max_length=120, verbose_name="标题")),
                        ("number", models.CharField(blank=True, max_length=60, verbose_name="发文字号")),
                        ("recipients", models.CharField(blank=True, max_length=500, verbose_name="主送机关")),
                        ("as_of", models.DateField(verbose_name="数据截止日期")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "拟稿"),
                                    ("submitted", "待签发"),
                                    ("issued", "已印发"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("data", models.JSONField(default=dict)),
                        ("refresh", models.JSONField(default=dict)),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("drafted_at", models.DateTimeField()),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(null=True)),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("issued_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-as_of", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["issued", "withdrawn"]), _negated=True),
                                    models.Q(
                                        ("issued_by__isnull", False),
                                        ("issued_at__isnull", False),
                                        models.Q(("number", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="bulletin_issued_by_someone",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("issued_by", None),
                                    models.Q(
                                        models.Q(("issued_by", models.F("submitted_by")), _negated=True),
                                        models.Q(("issued_by", models.F("drafted_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="bulletin_issued_by_another",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["issued", "withdrawn"])),
                                fields=("county_code", "number"),
                                name="one_bulletin_of_a_number",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Section",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bulletin",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sections",
                                to="bulletins.bulletin",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("kind", models.CharField(blank=True, max_length=12)),
                        ("heading", models.CharField(max_length=60, verbose_name="小标题")),
                        ("text", models.TextField(blank=True, verbose_name="正文")),
                    ],
                    options={
                        "ordering": ["position", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Figure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bulletin",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="figures",
                                to="bulletins.bulletin",
                            ),
                        ),
                        ("code", models.CharField(max_length=6, verbose_name="编号")),
                        ("key", models.CharField(max_length=60)),
                        ("name", models.CharField(max_length=200, verbose_name="名称")),
                        ("value", models.CharField(max_length=60, verbose_name="数值")),
                        ("numerator", models.CharField(blank=True, max_length=200, verbose_name="分子")),
                        ("denominator", models.CharField(blank=True, max_length=200, verbose_name="分母")),
                        ("basis", models.TextField(blank=True, verbose_name="依据")),
                        ("brief", models.CharField(blank=True, max_length=200)),
                        ("as_of", models.DateField(verbose_name="数据日期")),
                        ("opens", models.CharField(blank=True, max_length=40)),
                        ("opens_key", models.CharField(blank=True, max_length=20)),
                        ("opens_query", models.CharField(blank=True, max_length=100)),
                        ("listed", models.JSONField(default=list)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="runs.run",
                            ),
                        ),
                        ("gone", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("bulletin", "code"), name="one_figure_of_a_code"),
                            models.UniqueConstraint(fields=("bulletin", "key"), name="one_figure_of_a_key"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Acknowledgement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "section",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acknowledgements",
                                to="bulletins.section",
                            ),
                        ),
                        ("words", models.CharField(max_length=120)),
                        ("source", models.CharField(max_length=200, verbose_name="来源")),
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
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("section", "words"), name="one_acknowledgement_of_a_numeral"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulletinEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bulletin",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="bulletins.bulletin",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("what", models.CharField(max_length=12)),
                        ("text", models.CharField(blank=True, max_length=500)),
                        ("changes", models.JSONField(default=list)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="RankingRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("criteria", models.JSONField()),
                        ("reason", models.CharField(max_length=300, verbose_name="原因或依据")),
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
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="DutyWeight",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plans.task"
                            ),
                        ),
                        ("weight", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="权重")),
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
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "task"), name="one_weight_of_a_task"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weight__gt", 0), ("weight__lte", 100)),
                                name="weight_between_0_and_100",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
