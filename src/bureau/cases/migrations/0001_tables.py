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
                    name="Watch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="watches",
                                to="cases.case",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "of"), name="one_watch_of_a_case")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedFilter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("ledger", models.CharField(max_length=30)),
                        ("query", models.CharField(max_length=1000)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "ledger", "name"), name="one_filter_of_a_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bulk",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("ledger", models.CharField(blank=True, max_length=30)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("assign", "批量移交"),
                                    ("move", "批量办理"),
                                    ("upload", "上传表格"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("arguments", models.JSONField(default=dict)),
                        ("ids", models.JSONField(default=list)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "排队"),
                                    ("running", "正在办理"),
                                    ("done", "已完成"),
                                    ("cancelled", "已取消"),
                                    ("failed", "出了意外"),
                                ],
                                default="queued",
                                max_length=10,
                            ),
                        ),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("refused", models.JSONField(default=list)),
                        ("refused_count", models.PositiveIntegerField(default=0)),
                        ("progress", models.FloatField(default=0)),
                        ("cancel_asked", models.BooleanField(default=False)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="PackVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("code", models.CharField(max_length=30)),
                        ("number", models.PositiveIntegerField()),
                        ("title", models.CharField(max_length=40)),
                        ("text", models.TextField()),
                        ("version", models.CharField(max_length=12)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "待核对"),
                                    ("in_force", "有效"),
                                    ("replaced", "已被取代"),
                                    ("refused", "未通过"),
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
                        ("reason", models.CharField(max_length=300, verbose_name="修改理由")),
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
                        ("refusal", models.CharField(blank=True, max_length=300, verbose_name="未通过理由")),
                    ],
                    options={
                        "ordering": ["code", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "code", "number"), name="one_pack_of_a_number"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "in_force")),
                                fields=("county_code", "code"),
                                name="one_ledger_in_force",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("county_code", "code"),
                                name="one_ledger_draft",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["in_force", "replaced"]), _negated=True),
                                    ("checked_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="ledger_in_force_was_checked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    models.Q(("checked_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="ledger_checked_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sweep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("ledger", models.CharField(max_length=30)),
                        ("day", models.DateField()),
                        ("at", models.DateTimeField()),
                        ("found", models.PositiveIntegerField(default=0)),
                        ("opened", models.PositiveIntegerField(default=0)),
                        ("refreshed", models.PositiveIntegerField(default=0)),
                        ("gone", models.PositiveIntegerField(default=0)),
                        ("back", models.PositiveIntegerField(default=0)),
                        ("reopened", models.PositiveIntegerField(default=0)),
                        ("contradicted", models.PositiveIntegerField(default=0)),
                        ("seconds", models.FloatField(default=0)),
                        ("error", models.CharField(blank=True, max_length=400)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["county_code", "ledger", "day"], name="sweep_of_a_ledger")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("ledger", models.CharField(max_length=30)),
                        ("access", models.CharField(default="child", max_length=12)),
                        ("subject", models.CharField(max_length=12)),
                        ("subject_key", models.CharField(max_length=80)),
                        ("item", models.CharField(blank=True, max_length=80)),
                        ("label", models.CharField(max_length=120, verbose_name="对象")),
                        ("pinyin", models.CharField(blank=True, max_length=200)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("school", models.CharField(blank=True, max_length=120, verbose_name="学校")),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("class_name", models.CharField(blank=True, max_length=30, verbose_name="班级")),
                        ("grade", models.CharField(blank=True, max_length=3)),
                        ("class_number", models.IntegerField(null=True)),
                        ("village", models.CharField(blank=True, max_length=60, verbose_name="村")),
                        ("birth_date", models.DateField(null=True)),
                        ("state", models.CharField(max_length=30)),
                        (
                            "phase",
                            models.CharField(
                                choices=[
                                    ("open", "办理中"),
                                    ("claimed", "已报完成"),
                                    ("solved", "数据显示已解决，待核实"),
                                    ("passed", "已转出"),
                                    ("closed", "已销号"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("state_since", models.DateField()),
                        ("before_solved", models.CharField(blank=True, max_length=30)),
                        ("level", models.CharField(blank=True, max_length=10)),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("due", models.DateField(null=True, verbose_name="期限")),
                        ("due_note", models.CharField(blank=True, max_length=120)),
                        ("opened_on", models.DateField(verbose_name="发现日期")),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reopened", models.PositiveSmallIntegerField(default=0)),
                        ("detectors", models.JSONField(default=list)),
                        ("evidence", models.JSONField(default=dict)),
                        ("evidence_on", models.DateField(null=True)),
                        ("evidence_gone_on", models.DateField(null=True)),
                        ("needs_proof", models.BooleanField(default=False)),
                        ("contradiction", models.CharField(blank=True, max_length=300)),
                        ("fields", models.JSONField(default=dict)),
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
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("closed_on", models.DateField(null=True)),
                        ("revision", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "ordering": ["due", "id"],
                        "indexes": [
                            models.Index(
                                fields=["county_code", "ledger", "phase", "due"], name="case_of_a_ledger"
                            ),
                            models.Index(fields=["county_code", "subject_key"], name="case_of_a_subject"),
                            models.Index(fields=["owner", "phase", "due"], name="case_of_an_owner"),
                            models.Index(fields=["school_code", "phase", "due"], name="case_of_a_school"),
                            models.Index(fields=["township_code", "phase", "due"], name="case_of_a_township"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("phase__in", ["passed", "closed"]), _negated=True),
                                fields=("county_code", "ledger", "subject_key", "item"),
                                name="one_live_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("phase", "closed"), _negated=True),
                                    models.Q(
                                        ("closed_by__isnull", False),
                                        ("closed_on__isnull", False),
                                        ("done_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_closed_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_by", None),
                                    models.Q(("closed_by", models.F("done_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="case_closed_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("phase", "closed"), _negated=True),
                                    ("needs_proof", False),
                                    ("evidence_gone_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="case_closed_with_proof",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("phase", "closed"), _negated=True),
                                    ("contradiction", ""),
                                    _connector="OR",
                                ),
                                name="case_closed_undisputed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Restricted",
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
                                related_name="restricted",
                                to="cases.case",
                            ),
                        ),
                        ("access", models.CharField(max_length=12)),
                        ("sealed", models.BinaryField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("of", "access"), name="one_restricted_part_of_a_class"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
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
                                related_name="events",
                                to="cases.case",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("day", models.DateField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("opened", "立案"),
                                    ("moved", "办理"),
                                    ("found", "数据再次发现"),
                                    ("gone", "数据显示已解决"),
                                    ("back", "数据又显示未解决"),
                                    ("reopened", "重新打开"),
                                    ("passed", "转入另一台账"),
                                    ("escalated", "逾期升级"),
                                    ("assigned", "移交"),
                                    ("filed", "上传文件"),
                                    ("commented", "备注"),
                                    ("changed", "修改栏目"),
                                    ("contradicted", "数据与所报不符"),
                                    ("looked", "查看受限内容"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("move", models.CharField(blank=True, max_length=30)),
                        ("title", models.CharField(blank=True, max_length=60)),
                        ("before", models.CharField(blank=True, max_length=30)),
                        ("after", models.CharField(blank=True, max_length=30)),
                        ("text", models.CharField(blank=True, max_length=2000)),
                        ("fields", models.JSONField(default=dict)),
                        ("revision", models.PositiveIntegerField(default=0)),
                        ("form", models.CharField(blank=True, max_length=30)),
                        ("record_id", models.UUIDField(null=True, unique=True)),
                        ("said_at", models.DateTimeField(null=True)),
                        ("latitude", models.FloatField(null=True)),
                        ("longitude", models.FloatField(null=True)),
                        ("consent", models.BooleanField(default=False)),
                        ("note", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("latitude", None), ("longitude", None)),
                                    models.Q(
                                        ("consent", True),
                                        ("latitude__isnull", False),
                                        ("longitude__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="position_only_with_consent",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseFile",
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
                                to="cases.case",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="cases.event",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveIntegerField()),
                        ("access", models.CharField(default="child", max_length=12)),
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
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Holding",
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
                                related_name="holdings",
                                to="cases.case",
                            ),
                        ),
                        ("line", models.CharField(blank=True, max_length=30)),
                        ("level", models.CharField(max_length=10)),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("since", models.DateField()),
                        ("until", models.DateField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["user", "until"], name="holding_of_a_user")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("of", "line"),
                                name="one_owner_of_a_line",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Stay",
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
                                related_name="stays",
                                to="cases.case",
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("ledger", models.CharField(max_length=30)),
                        ("state", models.CharField(max_length=30)),
                        ("phase", models.CharField(max_length=8)),
                        ("level", models.CharField(blank=True, max_length=10)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("birth_date", models.DateField(null=True)),
                        ("how", models.CharField(max_length=10)),
                        ("since", models.DateField()),
                        ("until", models.DateField(null=True)),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(
                                fields=["county_code", "ledger", "since", "until"], name="stay_of_a_ledger"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)), fields=("of",), name="one_stay_now"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
