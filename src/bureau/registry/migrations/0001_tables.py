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
                    name="Import",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "排队读取"),
                                    ("reading", "正在读取"),
                                    ("refused", "无法读取"),
                                    ("in_review", "待核对"),
                                    ("committing", "正在提交"),
                                    ("committed", "已提交"),
                                    ("undoing", "正在撤销"),
                                    ("undone", "已撤销"),
                                    ("cancelled", "已取消"),
                                ],
                                default="received",
                                max_length=12,
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("day", models.DateField(verbose_name="数据日期")),
                        ("complete", models.BooleanField(default=False, verbose_name="完整名册")),
                        ("file_name", models.CharField(max_length=300, verbose_name="文件名")),
                        ("sha256", models.CharField(max_length=64, verbose_name="文件指纹")),
                        ("size", models.BigIntegerField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("sheets", models.JSONField(default=list)),
                        ("counts", models.JSONField(default=dict)),
                        ("match_share", models.FloatField(null=True)),
                        ("progress", models.FloatField(default=0)),
                        ("cancel_asked", models.BooleanField(default=False)),
                        ("seen", models.JSONField(default=dict)),
                        ("note", models.TextField(blank=True)),
                        (
                            "committed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("committed_at", models.DateTimeField(null=True)),
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
                        ("undo_reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="RegisterVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("sheet", models.CharField(max_length=20)),
                        ("version", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "sheet"), name="one_register_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportProblem",
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
                                related_name="problems",
                                to="registry.import",
                            ),
                        ),
                        ("sheet", models.CharField(max_length=40)),
                        ("row", models.IntegerField()),
                        ("column", models.CharField(max_length=60)),
                        ("found", models.BinaryField()),
                        ("message", models.TextField()),
                        ("severity", models.CharField(max_length=8)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ImportChange",
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
                                related_name="changes",
                                to="registry.import",
                            ),
                        ),
                        ("sheet", models.CharField(max_length=20)),
                        ("row", models.IntegerField(null=True)),
                        ("key", models.CharField(max_length=80)),
                        ("label", models.CharField(max_length=120)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("new", "新增"),
                                    ("changed", "变更"),
                                    ("missing", "文件中没有"),
                                    ("conflict", "期间已被他人修改"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("fields", models.JSONField(default=list)),
                        ("keep_mine", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["of", "sheet", "kind"], name="registry_im_of_id_94430f_idx")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="School",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=80)),
                        ("county_code", models.CharField(max_length=6)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        ("school_code", models.CharField(db_index=True, max_length=10)),
                        ("school_name", models.CharField(max_length=120, null=True)),
                        ("school_kind", models.CharField(max_length=3, null=True)),
                        ("organizer", models.CharField(max_length=2, null=True)),
                        ("locale", models.CharField(max_length=3, null=True)),
                        ("township", models.CharField(max_length=60, null=True)),
                        ("village", models.CharField(max_length=60, null=True)),
                        ("address", models.CharField(max_length=200, null=True)),
                        ("longitude", models.FloatField(null=True)),
                        ("latitude", models.FloatField(null=True)),
                        ("built_year", models.IntegerField(null=True)),
                        ("boarding", models.BooleanField(null=True)),
                        ("has_charter", models.BooleanField(null=True)),
                        ("funded_pupils", models.IntegerField(null=True)),
                        ("public_budget", models.FloatField(null=True)),
                        ("public_final", models.FloatField(null=True)),
                        ("training_spend", models.FloatField(null=True)),
                        ("intake_from_zone", models.IntegerField(null=True)),
                        ("intake_total", models.IntegerField(null=True)),
                        ("head_name", models.CharField(max_length=60, null=True)),
                        ("phone", models.BinaryField(null=True)),
                        ("phone_lookup", models.CharField(max_length=64, null=True)),
                        ("township_code", models.CharField(db_index=True, max_length=12, null=True)),
                        ("pinyin", models.CharField(max_length=200, null=True)),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None)),
                                fields=("key", "valid_from"),
                                name="school_one_version_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None), ("valid_to", None)),
                                fields=("key",),
                                name="school_one_open_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None),
                                    ("valid_to__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="school_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Premises",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=80)),
                        ("county_code", models.CharField(max_length=6)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        ("school_code", models.CharField(db_index=True, max_length=10)),
                        ("premises_stage", models.CharField(max_length=10, null=True)),
                        ("site_area", models.FloatField(null=True)),
                        ("building_area", models.FloatField(null=True)),
                        ("teaching_area", models.FloatField(null=True)),
                        ("indoor_sports_area", models.FloatField(null=True)),
                        ("gymnasium_area", models.FloatField(null=True)),
                        ("sports_ground_area", models.FloatField(null=True)),
                        ("extra_sports_area", models.FloatField(null=True)),
                        ("equipment_value", models.FloatField(null=True)),
                        ("multimedia_rooms", models.IntegerField(null=True)),
                        ("music_rooms", models.CharField(max_length=200, null=True)),
                        ("art_rooms", models.CharField(max_length=200, null=True)),
                        ("computers", models.IntegerField(null=True)),
                        ("books", models.IntegerField(null=True)),
                        ("dormitory_area", models.FloatField(null=True)),
                        ("canteen_area", models.FloatField(null=True)),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None)),
                                fields=("key", "valid_from"),
                                name="premises_one_version_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None), ("valid_to", None)),
                                fields=("key",),
                                name="premises_one_open_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None),
                                    ("valid_to__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="premises_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolClass",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=80)),
                        ("county_code", models.CharField(max_length=6)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        ("school_code", models.CharField(db_index=True, max_length=10)),
                        ("stage", models.CharField(max_length=10, null=True)),
                        ("grade", models.CharField(max_length=3, null=True)),
                        ("class_number", models.IntegerField(null=True)),
                        ("class_kind", models.CharField(max_length=10, null=True)),
                        ("class_students", models.IntegerField(null=True)),
                        ("class_teacher", models.CharField(max_length=60, null=True)),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None)),
                                fields=("key", "valid_from"),
                                name="schoolclass_one_version_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None), ("valid_to", None)),
                                fields=("key",),
                                name="schoolclass_one_open_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None),
                                    ("valid_to__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="schoolclass_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Student",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=80)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("enrolment_number", models.BinaryField(null=True)),
                        ("enrolment_number_lookup", models.CharField(max_length=64, null=True)),
                        ("enrolment_number_tail", models.CharField(max_length=64, null=True)),
                        ("person_name", models.CharField(max_length=60, null=True)),
                        ("sex", models.CharField(max_length=1, null=True)),
                        ("birth_date", models.DateField(null=True)),
                        ("id_kind", models.CharField(max_length=20, null=True)),
                        ("id_number", models.BinaryField(null=True)),
                        ("id_number_lookup", models.CharField(db_index=True, max_length=64, null=True)),
                        ("id_number_tail", models.CharField(db_index=True, max_length=64, null=True)),
                        ("ethnicity", models.CharField(max_length=2, null=True)),
                        ("household_kind", models.CharField(max_length=10, null=True)),
                        ("household_area", models.CharField(max_length=60, null=True)),
                        ("home_township", models.CharField(max_length=60, null=True)),
                        ("home_village", models.CharField(max_length=60, null=True)),
                        ("home_address", models.CharField(max_length=200, null=True)),
                        ("school_code", models.CharField(max_length=10)),
                        ("stage", models.CharField(max_length=10, null=True)),
                        ("grade", models.CharField(max_length=3, null=True)),
                        ("class_number", models.IntegerField(null=True)),
                        ("entered_on", models.DateField(null=True)),
                        ("entry_way", models.CharField(max_length=10, null=True)),
                        ("attendance_way", models.CharField(max_length=10, null=True)),
                        ("enrolment_status", models.CharField(max_length=10, null=True)),
                        ("status_on", models.DateField(null=True)),
                        ("migrant", models.BooleanField(null=True)),
                        ("left_behind", models.BooleanField(null=True)),
                        ("orphan", models.BooleanField(null=True)),
                        ("disability", models.CharField(max_length=10, null=True)),
                        ("inclusion", models.CharField(max_length=10, null=True)),
                        ("registered_household", models.BooleanField(null=True)),
                        ("minimum_living", models.BooleanField(null=True)),
                        ("destitute", models.BooleanField(null=True)),
                        ("nutrition_meals", models.BooleanField(null=True)),
                        ("school_bus", models.BooleanField(null=True)),
                        ("home_distance", models.FloatField(null=True)),
                        ("guardian_name", models.CharField(max_length=60, null=True)),
                        ("guardian_relation", models.CharField(max_length=10, null=True)),
                        ("guardian_id", models.BinaryField(null=True)),
                        ("guardian_id_lookup", models.CharField(max_length=64, null=True)),
                        ("guardian_phone", models.BinaryField(null=True)),
                        ("guardian_phone_lookup", models.CharField(max_length=64, null=True)),
                        ("guardian2_name", models.CharField(max_length=60, null=True)),
                        ("guardian2_phone", models.BinaryField(null=True)),
                        ("guardian2_phone_lookup", models.CharField(max_length=64, null=True)),
                        ("remarks", models.CharField(max_length=400, null=True)),
                        ("pinyin", models.CharField(max_length=200, null=True)),
                    ],
                    options={
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                fields=[
                                    "county_code",
                                    "replaced_by",
                                    "pinyin",
                                    "valid_from",
                                    "valid_to",
                                    "person_name",
                                ],
                                name="student_by_name",
                            ),
                            models.Index(
                                fields=[
                                    "county_code",
                                    "replaced_by",
                                    "school_code",
                                    "enrolment_status",
                                    "valid_from",
                                    "valid_to",
                                ],
                                name="student_by_school",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None)),
                                fields=("key", "county_code", "valid_from"),
                                name="student_one_version_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None), ("valid_to", None)),
                                fields=("key", "county_code"),
                                name="student_one_open_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None),
                                    ("valid_to__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="student_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Teacher",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=80)),
                        ("county_code", models.CharField(max_length=6)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        ("id_number", models.BinaryField(null=True)),
                        ("id_number_lookup", models.CharField(max_length=64, null=True)),
                        ("id_number_tail", models.CharField(db_index=True, max_length=64, null=True)),
                        ("person_name", models.CharField(max_length=60, null=True)),
                        ("sex", models.CharField(max_length=1, null=True)),
                        ("birth_date", models.DateField(null=True)),
                        ("ethnicity", models.CharField(max_length=2, null=True)),
                        ("school_code", models.CharField(db_index=True, max_length=10)),
                        ("post_kind", models.CharField(max_length=10, null=True)),
                        ("teaching_stage", models.CharField(max_length=10, null=True)),
                        ("education", models.CharField(max_length=2, null=True)),
                        ("major", models.CharField(max_length=60, null=True)),
                        ("subject", models.CharField(max_length=10, null=True)),
                        ("title", models.CharField(max_length=10, null=True)),
                        ("backbone", models.CharField(max_length=10, null=True)),
                        ("certificate", models.BooleanField(null=True)),
                        ("establishment", models.CharField(max_length=10, null=True)),
                        ("work_start", models.DateField(null=True)),
                        ("posted_on", models.DateField(null=True)),
                        ("rotation_eligible", models.BooleanField(null=True)),
                        ("rotating", models.BooleanField(null=True)),
                        ("shared_school", models.CharField(max_length=10, null=True)),
                        ("training_hours", models.FloatField(null=True)),
                        ("weekly_lessons", models.FloatField(null=True)),
                        ("phone", models.BinaryField(null=True)),
                        ("phone_lookup", models.CharField(max_length=64, null=True)),
                        ("pinyin", models.CharField(max_length=200, null=True)),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None)),
                                fields=("key", "valid_from"),
                                name="teacher_one_version_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None), ("valid_to", None)),
                                fields=("key",),
                                name="teacher_one_open_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None),
                                    ("valid_to__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="teacher_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Relief",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=80)),
                        ("county_code", models.CharField(max_length=6)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        ("school_code", models.CharField(db_index=True, max_length=10)),
                        ("relief", models.CharField(max_length=30, null=True)),
                        ("granted_on", models.DateField(null=True)),
                        ("evidence", models.CharField(max_length=300, null=True)),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None)),
                                fields=("key", "valid_from"),
                                name="relief_one_version_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None), ("valid_to", None)),
                                fields=("key",),
                                name="relief_one_open_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None),
                                    ("valid_to__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="relief_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountyFigure",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=80)),
                        ("county_code", models.CharField(max_length=6)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.import",
                            ),
                        ),
                        ("item", models.CharField(max_length=40, null=True)),
                        ("figure", models.FloatField(null=True)),
                        ("conclusion", models.CharField(max_length=10, null=True)),
                        ("evidence", models.CharField(max_length=300, null=True)),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None)),
                                fields=("key", "valid_from"),
                                name="countyfigure_one_version_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_by", None), ("valid_to", None)),
                                fields=("key",),
                                name="countyfigure_one_open_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None),
                                    ("valid_to__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="countyfigure_ends_after_start",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
