"""The tables of this room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bureau.log.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_tables"),
        ("runs", "0001_tables"),
    ]

    operations = [
        bureau.log.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Scheme",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("title", models.CharField(max_length=120, verbose_name="方案名称")),
                        ("period", models.CharField(max_length=40, verbose_name="考核期")),
                        ("starts", models.DateField(verbose_name="起")),
                        ("ends", models.DateField(verbose_name="止")),
                        (
                            "unit_kind",
                            models.CharField(
                                choices=[
                                    ("department", "部门"),
                                    ("township", "乡镇"),
                                    ("school", "学校"),
                                    ("office", "科室"),
                                ],
                                max_length=10,
                                verbose_name="考核对象",
                            ),
                        ),
                        ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                        ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                        ("bands", models.JSONField(default=list, verbose_name="等次标准")),
                        ("appeal_days", models.PositiveSmallIntegerField(verbose_name="申诉期（工作日）")),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        (
                            "copied_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="copies",
                                to="performance.scheme",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="runs.run",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "起草中"),
                                    ("active", "已下达"),
                                    ("scoring", "评分中"),
                                    ("published", "已公布"),
                                    ("closed", "已办结"),
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
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("published_at", models.DateTimeField(null=True)),
                        ("appeal_until", models.DateField(null=True, verbose_name="申诉截止")),
                        ("appeal_doubt", models.CharField(blank=True, max_length=120)),
                        (
                            "units",
                            models.ManyToManyField(
                                related_name="+", to="people.organisation", verbose_name="被考核单位"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-starts", "unit_kind", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "period", "unit_kind"), name="one_scheme_of_a_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("starts__lte", models.F("ends"))),
                                name="scheme_starts_before_it_ends",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["published", "closed"]), _negated=True),
                                    models.Q(
                                        ("published_by__isnull", False), ("confirmed_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="scheme_published_with_confirmed_bands",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Criterion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scheme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="criteria",
                                to="performance.scheme",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                        ("title", models.CharField(max_length=60, verbose_name="指标")),
                        ("weight", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="权重")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("measure", "数据指标"),
                                    ("duties", "任务按时完成率"),
                                    ("evidence", "材料评分"),
                                    ("deduction", "扣分项"),
                                    ("veto", "一票否决"),
                                ],
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                        ("standard", models.CharField(blank=True, max_length=300, verbose_name="评分标准")),
                        ("measure", models.CharField(blank=True, max_length=40)),
                        ("stage", models.CharField(blank=True, max_length=10)),
                        ("subset", models.CharField(blank=True, max_length=20)),
                        (
                            "scope",
                            models.CharField(
                                choices=[("unit", "本单位"), ("county", "全县")], default="unit", max_length=6
                            ),
                        ),
                        (
                            "rule",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("proportional", "按完成比例"),
                                    ("linear", "底线到目标折算"),
                                    ("threshold", "达标得满分"),
                                ],
                                max_length=12,
                                verbose_name="计分办法",
                            ),
                        ),
                        ("at_most", models.BooleanField(default=False, verbose_name="越低越好")),
                        (
                            "floor",
                            models.DecimalField(
                                decimal_places=4, max_digits=12, null=True, verbose_name="底线"
                            ),
                        ),
                        (
                            "target",
                            models.DecimalField(
                                decimal_places=4, max_digits=12, null=True, verbose_name="目标"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "criteria",
                        "ordering": ["position", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("scheme", "title"), name="one_criterion_of_a_title"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weight__gte", 0), ("weight__lte", 100)),
                                name="criterion_weight_within_100",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Score",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "criterion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scores",
                                to="performance.criterion",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "points",
                            models.DecimalField(
                                decimal_places=2, max_digits=5, null=True, verbose_name="得分"
                            ),
                        ),
                        ("exempt", models.BooleanField(default=False, verbose_name="不适用")),
                        ("computed", models.BooleanField(default=False)),
                        ("value", models.FloatField(null=True, verbose_name="数值")),
                        ("unit", models.CharField(blank=True, max_length=12)),
                        ("numerator", models.FloatField(null=True)),
                        ("denominator", models.FloatField(null=True)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="runs.run",
                            ),
                        ),
                        ("detail", models.TextField(blank=True)),
                        ("missing", models.TextField(blank=True)),
                        ("text", models.TextField(blank=True, verbose_name="评分说明")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
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
                        ("appealed", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["criterion__position", "organisation__position", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("criterion", "organisation"), name="one_score_of_a_unit"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    models.Q(("checked_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="score_checked_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None), ("by__isnull", False), _connector="OR"
                                ),
                                name="score_checked_when_typed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("points", None),
                                    models.Q(("points__gte", 0), ("exempt", False)),
                                    _connector="OR",
                                ),
                                name="score_points_or_exempt",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScoreFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "score",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="performance.score",
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
                    name="Result",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scheme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="results",
                                to="performance.scheme",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.organisation",
                            ),
                        ),
                        ("total", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="总分")),
                        ("full", models.DecimalField(decimal_places=2, max_digits=5)),
                        (
                            "deducted",
                            models.DecimalField(decimal_places=2, max_digits=6, verbose_name="扣分"),
                        ),
                        ("vetoed", models.BooleanField(default=False, verbose_name="一票否决")),
                        ("rank", models.PositiveSmallIntegerField(verbose_name="名次")),
                        ("grade", models.CharField(max_length=20, verbose_name="等次")),
                        ("note", models.TextField(blank=True, verbose_name="说明")),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["rank", "organisation__position", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("scheme", "organisation"), name="one_result_of_a_unit"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Appeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scheme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appeals",
                                to="performance.scheme",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "criterion",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="performance.criterion",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="申诉理由")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("upheld", models.BooleanField(null=True)),
                        ("answer", models.TextField(blank=True, verbose_name="答复")),
                        (
                            "changed",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="performance.criterion",
                            ),
                        ),
                        ("before", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                        ("after", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("upheld", None)),
                                fields=("scheme", "organisation", "criterion"),
                                name="one_open_appeal_a_criterion",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("criterion", None), ("upheld", None)),
                                fields=("scheme", "organisation"),
                                name="one_open_whole_appeal",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("upheld", None), ("decided_by__isnull", False), _connector="OR"
                                ),
                                name="appeal_decided_by_someone",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="appeal_decided_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AppealFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "appeal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="performance.appeal",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.IntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="SchemeEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scheme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="performance.scheme",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.organisation",
                            ),
                        ),
                        ("criterion_title", models.CharField(blank=True, max_length=60)),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("what", models.CharField(max_length=20)),
                        ("text", models.TextField(blank=True)),
                        ("before", models.JSONField(null=True)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
            ],
        ),
    ]
