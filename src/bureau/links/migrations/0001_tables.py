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
                    name="OutsideRegister",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("registered", "建档立卡"),
                                    ("monitored", "防返贫监测"),
                                    ("minimum", "低保"),
                                    ("destitute", "特困"),
                                    ("disabled", "残疾"),
                                    ("orphan", "孤儿"),
                                    ("household", "户籍"),
                                    ("hardship", "困难认定"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("day", models.DateField(verbose_name="数据日期")),
                        ("until", models.DateField(null=True, verbose_name="有效至")),
                        (
                            "coverage",
                            models.CharField(
                                choices=[
                                    ("county", "全县"),
                                    ("townships", "部分乡镇"),
                                    ("schools", "部分学校"),
                                ],
                                default="county",
                                max_length=10,
                            ),
                        ),
                        ("places", models.JSONField(default=list)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "排队读取"),
                                    ("reading", "正在读取"),
                                    ("matching", "正在比对"),
                                    ("held", "待确认采用"),
                                    ("matched", "已比对"),
                                    ("refused", "无法读取"),
                                    ("cancelled", "已取消"),
                                    ("withdrawn", "已撤下"),
                                ],
                                default="received",
                                max_length=10,
                            ),
                        ),
                        ("files", models.JSONField(default=list)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("progress", models.FloatField(default=0)),
                        ("cancel_asked", models.BooleanField(default=False)),
                        ("note", models.TextField(blank=True)),
                        ("notes", models.JSONField(default=list)),
                        ("counts", models.JSONField(default=dict)),
                        ("matched_at", models.DateTimeField(null=True)),
                        ("matched_day", models.DateField(null=True)),
                        ("matched_version", models.BigIntegerField(default=0)),
                        ("model", models.CharField(blank=True, max_length=40)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("accepted_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["county_code", "source", "day"], name="links_outsi_county__80ff7f_idx"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None), ("until__gte", models.F("day")), _connector="OR"
                                ),
                                name="register_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("coverage", "county"), ("places", [])),
                                    models.Q(
                                        models.Q(("coverage", "county"), _negated=True),
                                        models.Q(("places", []), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="covered_places_named",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Line",
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
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="links.outsideregister",
                            ),
                        ),
                        ("number", models.IntegerField()),
                        ("place", models.CharField(max_length=80)),
                        ("name", models.CharField(blank=True, max_length=60)),
                        ("id_number", models.BinaryField()),
                        ("id_lookup", models.CharField(blank=True, db_index=True, max_length=32)),
                        ("sex", models.CharField(blank=True, max_length=8)),
                        ("born", models.CharField(blank=True, max_length=30)),
                        ("birth_date", models.DateField(null=True)),
                        ("county", models.CharField(blank=True, max_length=60)),
                        ("township", models.CharField(blank=True, max_length=60)),
                        ("township_code", models.CharField(blank=True, max_length=9)),
                        ("village", models.CharField(blank=True, max_length=60)),
                        ("enrolment_key", models.CharField(blank=True, max_length=80)),
                        ("school", models.CharField(blank=True, max_length=60)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("grade", models.CharField(blank=True, max_length=4)),
                        ("class_number", models.IntegerField(null=True)),
                        ("guardians", models.CharField(blank=True, max_length=120)),
                        ("guardian_ids", models.BinaryField()),
                        ("phone", models.BinaryField()),
                        ("household", models.CharField(blank=True, max_length=32)),
                        ("category", models.CharField(blank=True, max_length=60)),
                        ("level", models.CharField(blank=True, max_length=60)),
                        ("since", models.DateField(null=True)),
                        ("until", models.DateField(null=True)),
                        ("relation", models.CharField(blank=True, max_length=30)),
                        ("remarks", models.CharField(blank=True, max_length=200)),
                        ("grown", models.BooleanField(default=False)),
                        ("flaws", models.JSONField(default=list)),
                        ("key", models.CharField(max_length=32)),
                        ("fingerprint", models.CharField(max_length=32)),
                    ],
                    options={
                        "ordering": ["number"],
                        "indexes": [
                            models.Index(fields=["of", "household"], name="links_line_of_id_86f986_idx"),
                            models.Index(fields=["key"], name="links_line_key_9e2205_idx"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("of", "number"), name="one_line_a_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("source", models.CharField(max_length=12)),
                        ("line_key", models.CharField(max_length=32)),
                        ("student_key", models.CharField(blank=True, max_length=80)),
                        ("line_fingerprint", models.CharField(max_length=32)),
                        ("student_fingerprint", models.CharField(blank=True, max_length=32)),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("same", "同一人"),
                                    ("different", "不是同一人"),
                                    ("visit", "需入户核实"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("why_second", models.CharField(blank=True, max_length=200)),
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
                            "second",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("second_at", models.DateTimeField(null=True)),
                        ("settled", models.BooleanField()),
                        ("audit", models.BooleanField(default=False)),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("undone_at", models.DateTimeField(null=True)),
                        ("undone_reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at", None)),
                                fields=("county_code", "source", "line_key", "student_key"),
                                name="one_standing_decision",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("second", None),
                                    models.Q(("second", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="second_person_is_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("settled", False),
                                    ("why_second", ""),
                                    ("second__isnull", False),
                                    _connector="OR",
                                ),
                                name="settled_by_two_where_asked",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Link",
                    fields=[
                        (
                            "line",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="link",
                                serialize=False,
                                to="links.line",
                            ),
                        ),
                        (
                            "of",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="links.outsideregister",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("automatic", "自动对上"),
                                    ("to_check", "待核对"),
                                    ("second", "待第二人复核"),
                                    ("unmatched", "未对上"),
                                    ("same", "同一人"),
                                    ("different", "不是同一人"),
                                    ("visit", "需入户核实"),
                                    ("outside", "不属学龄"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("student_key", models.CharField(blank=True, max_length=80)),
                        ("near_key", models.CharField(blank=True, max_length=80)),
                        ("probability", models.FloatField(default=0)),
                        ("reason", models.TextField(blank=True)),
                        ("machine", models.CharField(max_length=10)),
                        ("machine_key", models.CharField(blank=True, max_length=80)),
                        ("two_numbers", models.BooleanField(default=False)),
                        ("twin_like", models.BooleanField(default=False)),
                        ("bearers", models.IntegerField(default=0)),
                        ("around", models.JSONField(default=dict)),
                        ("urgency", models.FloatField(default=0)),
                        ("sampled", models.BooleanField(default=False)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        (
                            "decision",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="links",
                                to="links.decision",
                            ),
                        ),
                        ("contradiction", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["of", "state", "urgency"], name="links_link_of_id_c6a1ab_idx"
                            ),
                            models.Index(fields=["student_key"], name="links_link_student_ef6a89_idx"),
                            models.Index(
                                condition=models.Q(("sampled", True)),
                                fields=["of", "urgency"],
                                name="link_sampled",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolAge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, unique=True)),
                        ("youngest", models.IntegerField(default=6)),
                        ("oldest", models.IntegerField(default=14)),
                        ("basis", models.CharField(blank=True, max_length=200)),
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
                            models.CheckConstraint(
                                condition=models.Q(("youngest__lte", models.F("oldest"))),
                                name="youngest_before_oldest",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
