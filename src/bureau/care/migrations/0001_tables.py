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
                    name="RollChild",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("line_key", models.CharField(blank=True, max_length=32)),
                        ("student_key", models.CharField(blank=True, max_length=80)),
                        ("name", models.CharField(max_length=60)),
                        ("pinyin", models.CharField(blank=True, max_length=200)),
                        ("sex", models.CharField(blank=True, max_length=8)),
                        ("birth_date", models.DateField(null=True)),
                        ("age", models.IntegerField()),
                        ("township_code", models.CharField(blank=True, max_length=9)),
                        ("township", models.CharField(blank=True, max_length=60)),
                        ("village", models.CharField(blank=True, max_length=60)),
                        ("on_register", models.BooleanField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("studying", "在本县就读"),
                                    ("home", "送教上门"),
                                    ("preschool", "仍在幼儿园"),
                                    ("suspended", "休学"),
                                    ("elsewhere", "在外县就读"),
                                    ("finished", "已完成义务教育"),
                                    ("deferred", "暂缓入学"),
                                    ("suspected", "疑似辍学"),
                                    ("dropped", "辍学"),
                                    ("absent", "未入学"),
                                    ("left", "学籍已离开，去向待核"),
                                    ("check", "待核对是哪名学生"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("since", models.DateField()),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("stage", models.CharField(blank=True, max_length=10)),
                        ("grade", models.CharField(blank=True, max_length=3)),
                        ("class_number", models.IntegerField(null=True)),
                        ("inclusion", models.CharField(blank=True, max_length=20)),
                        ("disability", models.CharField(blank=True, max_length=20)),
                        ("case_id", models.BigIntegerField(null=True)),
                        ("case_state", models.CharField(blank=True, max_length=80)),
                    ],
                    options={
                        "ordering": ["township_code", "village", "pinyin", "id"],
                        "indexes": [
                            models.Index(
                                fields=["county_code", "township_code", "village", "pinyin"],
                                name="roll_in_order",
                            ),
                            models.Index(fields=["county_code", "state"], name="roll_by_state"),
                            models.Index(fields=["county_code", "school_code"], name="roll_by_school"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("line_key", ""), _negated=True),
                                fields=("county_code", "line_key"),
                                name="one_roll_row_of_a_line",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("line_key", "")),
                                fields=("county_code", "student_key"),
                                name="one_roll_row_of_a_pupil",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RollDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("day", models.DateField()),
                        ("township_code", models.CharField(blank=True, max_length=9)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("studying", "在本县就读"),
                                    ("home", "送教上门"),
                                    ("preschool", "仍在幼儿园"),
                                    ("suspended", "休学"),
                                    ("elsewhere", "在外县就读"),
                                    ("finished", "已完成义务教育"),
                                    ("deferred", "暂缓入学"),
                                    ("suspected", "疑似辍学"),
                                    ("dropped", "辍学"),
                                    ("absent", "未入学"),
                                    ("left", "学籍已离开，去向待核"),
                                    ("check", "待核对是哪名学生"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("children", models.IntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "day", "township_code", "state"),
                                name="one_roll_count_a_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RollRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("day", models.DateField()),
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
                        ("household_day", models.DateField(null=True)),
                        ("student_day", models.DateField(null=True)),
                        ("children", models.IntegerField(default=0)),
                        ("came", models.IntegerField(default=0)),
                        ("left", models.IntegerField(default=0)),
                        ("changed", models.IntegerField(default=0)),
                        ("note", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Pairing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("care", "关爱结对"), ("all", "全员导师")], max_length=4
                            ),
                        ),
                        ("student_key", models.CharField(max_length=80)),
                        ("school_code", models.CharField(max_length=10)),
                        ("teacher_key", models.CharField(max_length=80)),
                        ("teacher_name", models.CharField(max_length=60)),
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
                        ("chosen", models.BooleanField(default=False)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("ended_reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["-since", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["county_code", "school_code", "until"], name="pairings_of_a_school"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("county_code", "kind", "student_key"),
                                name="one_tutor_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None), ("until__gte", models.F("since")), _connector="OR"
                                ),
                                name="pairing_ends_after_it_began",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Filing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("kind", models.CharField(max_length=10)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("school", models.CharField(blank=True, max_length=80)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("since", models.DateField()),
                        ("until", models.DateField()),
                        ("words", models.CharField(max_length=40)),
                        ("due", models.DateField()),
                        ("due_note", models.CharField(blank=True, max_length=200)),
                        ("figures", models.JSONField(default=dict)),
                        ("rows", models.JSONField(default=list)),
                        ("made_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("made", "待上报"), ("sent", "已上报"), ("returned", "退回重报")],
                                default="made",
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        (
                            "sent_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("sent_on", models.DateField(null=True)),
                        (
                            "returned_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("returned_reason", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["due", "id"],
                        "indexes": [models.Index(fields=["county_code", "state", "due"], name="filings_due")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "kind", "school_code", "since"),
                                name="one_filing_a_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sent"), _negated=True),
                                    models.Q(("sent_by__isnull", False), ("sent_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="sent_by_somebody",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
