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
                    name="Derivation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("year", models.PositiveSmallIntegerField(verbose_name="毕业年份")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "排队"),
                                    ("running", "更新中"),
                                    ("done", "完成"),
                                    ("failed", "失败"),
                                    ("cancelled", "已取消"),
                                ],
                                default="queued",
                                max_length=9,
                            ),
                        ),
                        ("progress", models.FloatField(default=0)),
                        ("cancel_asked", models.BooleanField(default=False)),
                        ("counts", models.JSONField(default=dict)),
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
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="ComeList",
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
                                choices=[
                                    ("university", "高校录取"),
                                    ("senior", "高中录取"),
                                    ("vocational", "中职录取"),
                                    ("elsewhere", "县外就读"),
                                    ("work", "就业"),
                                    ("school", "学校登记"),
                                ],
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        ("title", models.CharField(max_length=100, verbose_name="名称")),
                        ("day", models.DateField(verbose_name="数据日期")),
                        ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                        ("sha256", models.CharField(max_length=64)),
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "排队"),
                                    ("running", "更新中"),
                                    ("done", "完成"),
                                    ("failed", "失败"),
                                    ("cancelled", "已取消"),
                                ],
                                default="done",
                                max_length=9,
                            ),
                        ),
                        ("progress", models.FloatField(default=1)),
                        ("cancel_asked", models.BooleanField(default=False)),
                        ("problems", models.JSONField(default=list)),
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
                    },
                ),
                migrations.CreateModel(
                    name="Leaver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("student_key", models.CharField(max_length=80)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("graduated", "毕业"), ("moved", "转出")],
                                max_length=9,
                                verbose_name="离校",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                        ("stage", models.CharField(max_length=4, verbose_name="学段")),
                        ("school_code", models.CharField(max_length=10, verbose_name="学校标识码")),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("grade", models.CharField(max_length=3, verbose_name="年级")),
                        ("class_number", models.PositiveSmallIntegerField(default=0, verbose_name="班号")),
                        ("person_name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("pinyin", models.CharField(blank=True, max_length=200)),
                        ("sex", models.CharField(blank=True, max_length=1, verbose_name="性别")),
                        ("birth_date", models.DateField(null=True, verbose_name="出生日期")),
                        ("id_lookup", models.CharField(blank=True, max_length=64)),
                        ("guardian_name", models.CharField(blank=True, max_length=60, verbose_name="监护人")),
                        (
                            "home_township",
                            models.CharField(blank=True, max_length=60, verbose_name="现住乡镇"),
                        ),
                        ("registered", models.BooleanField(verbose_name="困难家庭")),
                        ("facts", models.JSONField(default=dict)),
                        ("taken_on", models.DateField(verbose_name="登记册日期")),
                        (
                            "current",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="of_now",
                                to="graduates.destination",
                                verbose_name="现在的去向",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pinyin", "id"],
                        "indexes": [
                            models.Index(
                                fields=["county_code", "year", "stage", "school_code"], name="leaver_by_year"
                            ),
                            models.Index(fields=["id_lookup"], name="leaver_by_id"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "student_key", "stage", "year"),
                                name="one_leaver_of_a_stage_a_year",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Destination",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "leaver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="destinations",
                                to="graduates.leaver",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("study", "升学"),
                                    ("work", "就业"),
                                    ("army", "参军"),
                                    ("idle", "待业"),
                                    ("other", "其他"),
                                    ("unknown", "不详"),
                                ],
                                max_length=7,
                                verbose_name="去向",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("register", "学生登记册"),
                                    ("list", "外来名单"),
                                    ("typed", "人工登记"),
                                ],
                                max_length=8,
                                verbose_name="来源",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="自")),
                        ("study_stage", models.CharField(blank=True, max_length=4, verbose_name="就读学段")),
                        (
                            "school_name",
                            models.CharField(blank=True, max_length=100, verbose_name="就读学校"),
                        ),
                        ("in_county", models.BooleanField(default=False, verbose_name="在本县")),
                        ("major", models.CharField(blank=True, max_length=60, verbose_name="专业")),
                        ("place", models.CharField(blank=True, max_length=60, verbose_name="所在地")),
                        ("employer", models.CharField(blank=True, max_length=100, verbose_name="就业单位")),
                        ("post", models.CharField(blank=True, max_length=60, verbose_name="岗位")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="destinations",
                                to="graduates.listline",
                            ),
                        ),
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
                        ("replaced_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_at", None)),
                                fields=("leaver",),
                                name="one_destination_in_force",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "study"), _negated=True),
                                    models.Q(("study_stage", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="study_names_its_stage",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListLine",
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
                                related_name="lines",
                                to="graduates.comelist",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="行号")),
                        ("person_name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("id_number", models.BinaryField(default=b"", verbose_name="身份证件号")),
                        ("id_lookup", models.CharField(blank=True, max_length=64)),
                        ("birth_date", models.DateField(null=True, verbose_name="出生日期")),
                        ("guardian_name", models.CharField(blank=True, max_length=60, verbose_name="监护人")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("study", "升学"),
                                    ("work", "就业"),
                                    ("army", "参军"),
                                    ("idle", "待业"),
                                    ("other", "其他"),
                                    ("unknown", "不详"),
                                ],
                                max_length=7,
                                verbose_name="去向",
                            ),
                        ),
                        ("since", models.DateField(null=True, verbose_name="自")),
                        ("study_stage", models.CharField(blank=True, max_length=4, verbose_name="就读学段")),
                        (
                            "school_name",
                            models.CharField(blank=True, max_length=100, verbose_name="就读学校"),
                        ),
                        ("major", models.CharField(blank=True, max_length=60, verbose_name="专业")),
                        ("place", models.CharField(blank=True, max_length=60, verbose_name="所在地")),
                        ("employer", models.CharField(blank=True, max_length=100, verbose_name="就业单位")),
                        ("post", models.CharField(blank=True, max_length=60, verbose_name="岗位")),
                        (
                            "leaver",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="lines",
                                to="graduates.leaver",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("matched", "自动对上"),
                                    ("to_check", "待核对"),
                                    ("same", "同一人"),
                                    ("different", "不是同一人"),
                                    ("unmatched", "对不上"),
                                ],
                                max_length=9,
                                verbose_name="核对",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="依据")),
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
                        "ordering": ["number"],
                        "indexes": [models.Index(fields=["of", "state"], name="list_line_by_state")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["unmatched", "different"]),
                                    ("leaver__isnull", False),
                                    _connector="OR",
                                ),
                                name="matched_line_names_a_leaver",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Support",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "leaver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="supports",
                                to="graduates.leaver",
                            ),
                        ),
                        ("measure", models.CharField(max_length=200, verbose_name="帮扶措施")),
                        ("owner", models.CharField(max_length=60, verbose_name="责任人")),
                        ("due", models.DateField(verbose_name="完成期限")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "帮扶中"),
                                    ("done", "已报结果，待复核"),
                                    ("confirmed", "已办结"),
                                ],
                                default="open",
                                max_length=9,
                                verbose_name="状态",
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
                        ("result", models.CharField(blank=True, max_length=300, verbose_name="结果")),
                        (
                            "done_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("done_at", models.DateTimeField(null=True)),
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
                        ("returned", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                    ],
                    options={
                        "ordering": ["due", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("confirmed_by", models.F("done_by")), _negated=True),
                                name="support_confirmed_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "confirmed"), _negated=True),
                                    ("confirmed_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="confirmed_support_names_who",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
