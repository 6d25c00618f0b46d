"""The tables of this room."""

import django.db.models.deletion
import django.db.models.expressions
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
                    name="Term",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("name", models.CharField(max_length=6, verbose_name="学期")),
                        ("since", models.DateField(verbose_name="开学日")),
                        ("until", models.DateField(verbose_name="放假前最后一天")),
                        ("source", models.CharField(max_length=120, verbose_name="依据")),
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
                        "ordering": ["county_code", "since"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "name"), name="one_attendance_term_of_a_name"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until__gt", models.F("since"))),
                                name="attendance_term_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Limits",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, unique=True)),
                        (
                            "teacher_days",
                            models.PositiveSmallIntegerField(
                                default=5, verbose_name="班主任可补登（上学日）"
                            ),
                        ),
                        (
                            "school_days",
                            models.PositiveSmallIntegerField(default=30, verbose_name="学校可补登（上学日）"),
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
                    ],
                ),
                migrations.CreateModel(
                    name="Homeroom",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("school_code", models.CharField(max_length=10)),
                        ("grade", models.CharField(max_length=3)),
                        ("class_number", models.IntegerField()),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="homerooms",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="账号",
                            ),
                        ),
                        ("teacher_key", models.CharField(blank=True, max_length=80)),
                        ("teacher_name", models.CharField(max_length=40, verbose_name="班主任")),
                        ("since", models.DateField()),
                        ("until", models.DateField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("reason", models.CharField(blank=True, max_length=120)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["school_code", "grade", "class_number", "-since", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("county_code", "school_code", "grade", "class_number"),
                                name="one_homeroom_in_force",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None), ("until__gte", models.F("since")), _connector="OR"
                                ),
                                name="homeroom_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("teacher_name", ""), _negated=True),
                                name="homeroom_names_a_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClassDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("school_code", models.CharField(max_length=10)),
                        ("grade", models.CharField(max_length=3)),
                        ("class_number", models.IntegerField()),
                        ("day", models.DateField()),
                        ("roll", models.PositiveIntegerField(verbose_name="应到")),
                        ("away_halves", models.PositiveIntegerField(default=0, verbose_name="缺席半天数")),
                        ("absent", models.PositiveIntegerField(default=0, verbose_name="缺勤人数")),
                        ("late", models.PositiveIntegerField(default=0, verbose_name="迟到早退人数")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("desk", "电脑登记"),
                                    ("phone", "手机登记"),
                                    ("excel", "Excel 导入"),
                                ],
                                max_length=5,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("reason", models.CharField(blank=True, max_length=120, verbose_name="更正原因")),
                        ("replaced_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["school_code", "grade", "class_number", "day"],
                                name="roll_calls_of_a_class",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_at", None)),
                                fields=("county_code", "day", "school_code", "grade", "class_number"),
                                name="one_roll_call_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "away_halves__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("roll"), "*", models.Value(2)
                                        ),
                                    )
                                ),
                                name="no_more_away_than_on_the_roll",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Absence",
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
                                related_name="absences",
                                to="attendance.classday",
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("school_code", models.CharField(max_length=10)),
                        ("grade", models.CharField(max_length=3)),
                        ("class_number", models.IntegerField()),
                        ("day", models.DateField()),
                        ("student_key", models.CharField(max_length=80)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("personal", "事假"),
                                    ("sick", "病假"),
                                    ("unexcused", "无故"),
                                    ("official", "公假"),
                                    ("late", "迟到"),
                                    ("early", "早退"),
                                ],
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[("day", "全天"), ("am", "上午"), ("pm", "下午")],
                                default="day",
                                max_length=3,
                                verbose_name="时段",
                            ),
                        ),
                        ("halves", models.PositiveSmallIntegerField(default=2)),
                        ("reason", models.CharField(blank=True, max_length=100, verbose_name="事由")),
                        ("replaced_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["day", "id"],
                        "indexes": [
                            models.Index(fields=["county_code", "day"], name="absences_of_a_day"),
                            models.Index(fields=["student_key", "day"], name="absences_of_a_pupil"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("of", "student_key"), name="a_pupil_is_named_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("halves__lte", 2)), name="at_most_two_halves"
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
