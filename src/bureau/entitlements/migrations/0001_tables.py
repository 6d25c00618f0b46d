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
                    name="Evaluation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, verbose_name="县区")),
                        ("term", models.CharField(max_length=6, verbose_name="学期")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "排队"),
                                    ("running", "正在判断"),
                                    ("done", "已完成"),
                                    ("failed", "没有完成"),
                                    ("cancelled", "已取消"),
                                ],
                                default="queued",
                                max_length=10,
                            ),
                        ),
                        ("current", models.BooleanField(default=False)),
                        ("register_day", models.DateField(verbose_name="学籍数据日期")),
                        ("rules_day", models.DateField(verbose_name="规则日期")),
                        ("facts_day", models.DateField(verbose_name="名册截至日期")),
                        ("book_version", models.CharField(blank=True, max_length=20)),
                        ("seen", models.JSONField(default=dict)),
                        ("sources", models.JSONField(default=list)),
                        ("children", models.IntegerField(default=0)),
                        ("left_out", models.JSONField(default=dict)),
                        ("profiles", models.IntegerField(default=0)),
                        ("conflicts", models.IntegerField(default=0)),
                        ("clauses", models.JSONField(default=dict)),
                        ("counts", models.JSONField(default=dict)),
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
                        ("settled_at", models.DateTimeField(null=True)),
                        ("seconds", models.FloatField(null=True)),
                        ("progress", models.FloatField(default=0)),
                        ("cancel_asked", models.BooleanField(default=False)),
                        ("note", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("current", True)),
                                fields=("county_code", "term"),
                                name="one_current_evaluation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("current", False), ("state", "done"), _connector="OR"),
                                name="current_evaluation_is_done",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Profile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "evaluation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="entitlements.evaluation",
                            ),
                        ),
                        ("number", models.IntegerField()),
                        ("stage", models.CharField(max_length=10)),
                        ("grade", models.IntegerField()),
                        ("facts", models.JSONField()),
                        ("findings", models.JSONField()),
                        ("children", models.IntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation", "number"), name="profile_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sentence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "evaluation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="entitlements.evaluation",
                            ),
                        ),
                        ("number", models.IntegerField()),
                        ("text", models.TextField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation", "number"), name="sentence_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EvaluatedChild",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "evaluation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="entitlements.evaluation",
                            ),
                        ),
                        ("student_key", models.CharField(max_length=80)),
                        ("person_name", models.CharField(blank=True, max_length=60)),
                        ("pinyin", models.CharField(blank=True, max_length=200)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("elsewhere", models.CharField(blank=True, max_length=120)),
                        ("stage", models.CharField(max_length=10)),
                        ("grade", models.IntegerField()),
                        ("class_number", models.IntegerField(null=True)),
                        ("profile", models.IntegerField()),
                        ("origins", models.JSONField(default=dict)),
                        ("conflicts", models.IntegerField(default=0)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("conflicts__gt", 0)),
                                fields=["evaluation", "pinyin"],
                                name="child_with_conflict",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation", "student_key"), name="child_evaluated_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "evaluation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="entitlements.evaluation",
                            ),
                        ),
                        ("student_key", models.CharField(max_length=80)),
                        ("person_name", models.CharField(blank=True, max_length=60)),
                        ("pinyin", models.CharField(blank=True, max_length=200)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("stage", models.CharField(blank=True, max_length=10)),
                        ("grade", models.IntegerField(null=True)),
                        ("class_number", models.IntegerField(null=True)),
                        ("clause", models.CharField(max_length=80)),
                        ("state", models.CharField(max_length=12)),
                        (
                            "standing",
                            models.CharField(
                                choices=[
                                    ("paid", "已发"),
                                    ("less", "少发"),
                                    ("more", "多发"),
                                    ("waiting", "待发"),
                                    ("missed", "漏发"),
                                    ("undue", "已发不应享受"),
                                    ("unconfirmed", "待确认"),
                                    ("unknown", "情况不明"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("due_fen", models.BigIntegerField(default=0)),
                        ("paid_fen", models.BigIntegerField(default=0)),
                        ("missing", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["evaluation", "standing", "pinyin"], name="claim_by_name"),
                            models.Index(
                                fields=["evaluation", "school_code", "standing"], name="claim_by_school"
                            ),
                            models.Index(fields=["evaluation", "clause", "standing"], name="claim_by_clause"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation", "student_key", "clause"),
                                name="one_claim_per_child_and_clause",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_fen__gte", 0)), name="claim_due_not_negative"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaidList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, verbose_name="县区")),
                        ("term", models.CharField(max_length=6, verbose_name="学期")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reading", "正在读取"),
                                    ("refused", "有错误，没有保存"),
                                    ("in_review", "待核对"),
                                    ("in_force", "已入账"),
                                    ("cancelled", "已取消"),
                                    ("undone", "已撤销"),
                                ],
                                default="reading",
                                max_length=10,
                            ),
                        ),
                        ("source", models.CharField(max_length=120, verbose_name="来源")),
                        ("reference", models.CharField(max_length=80, verbose_name="凭据")),
                        ("file_name", models.CharField(blank=True, max_length=200, verbose_name="文件名")),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        (
                            "clause",
                            models.CharField(blank=True, max_length=80, verbose_name="整份文件的资助项目"),
                        ),
                        ("rows", models.IntegerField(default=0)),
                        ("lines", models.IntegerField(default=0)),
                        ("fen", models.BigIntegerField(default=0)),
                        ("problems", models.JSONField(default=list)),
                        ("errors", models.IntegerField(default=0)),
                        ("warnings", models.IntegerField(default=0)),
                        ("progress", models.FloatField(default=0)),
                        ("cancel_asked", models.BooleanField(default=False)),
                        ("note", models.TextField(blank=True)),
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
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("entered_at", models.DateTimeField(null=True)),
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
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "in_force")),
                                fields=("county_code", "reference"),
                                name="paid_list_entered_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "undone"), _negated=True),
                                    models.Q(
                                        ("undone_by__isnull", False),
                                        models.Q(("undo_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="paid_list_undone_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "in_force"), _negated=True),
                                    models.Q(("entered_at__isnull", False), ("entered_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="paid_list_entered_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaidLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="entitlements.paidlist",
                            ),
                        ),
                        ("row", models.IntegerField(default=0)),
                        ("tab", models.CharField(blank=True, max_length=60)),
                        ("student_key", models.CharField(blank=True, max_length=80)),
                        ("person_name", models.CharField(blank=True, max_length=60)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("clause", models.CharField(max_length=80)),
                        (
                            "item",
                            models.CharField(blank=True, max_length=120, verbose_name="名单上的项目名称"),
                        ),
                        ("fen", models.BigIntegerField()),
                        ("paid_on", models.DateField(null=True)),
                        ("account", models.BinaryField(default=b"")),
                        ("account_lookup", models.CharField(blank=True, max_length=64)),
                        ("reference", models.CharField(blank=True, max_length=80)),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["student_key"], name="paid_line_of_child"),
                            models.Index(
                                condition=models.Q(("account_lookup", ""), _negated=True),
                                fields=["account_lookup"],
                                name="paid_line_account",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("fen", 0), _negated=True), name="paid_line_has_an_amount"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Confirmation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, verbose_name="县区")),
                        ("of", models.CharField(max_length=80, verbose_name="条款或互斥组")),
                        ("assumption", models.TextField(verbose_name="文件没有载明的事项")),
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
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at", None)),
                                fields=("county_code", "of"),
                                name="one_confirmation_in_force",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="confirmation_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                                    models.Q(
                                        ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="confirmation_withdrawn_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    models.Q(("checked_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="confirmation_checked_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("checked_at", None), ("checked_by", None)),
                                    models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="confirmation_checked_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountyPack",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, verbose_name="县区")),
                        ("number", models.PositiveIntegerField(verbose_name="版次")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "草稿"),
                                    ("waiting", "待复核"),
                                    ("in_force", "执行中"),
                                    ("replaced", "已被新版代替"),
                                    ("dropped", "已作废"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(verbose_name="条款包")),
                        (
                            "based_on",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.countypack",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="修改依据")),
                        ("checked", models.JSONField(default=dict)),
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
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("replaced_at", models.DateTimeField(null=True)),
                        ("returned", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "number"), name="one_county_pack_of_a_number"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "in_force")),
                                fields=("county_code",),
                                name="one_county_pack_in_force",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["draft", "waiting"])),
                                fields=("county_code",),
                                name="one_open_county_pack",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confirmed_by", None),
                                    models.Q(
                                        models.Q(("confirmed_by", models.F("by")), _negated=True),
                                        models.Q(("confirmed_by", models.F("submitted_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="county_pack_confirmed_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["in_force", "replaced"]), _negated=True),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("confirmed_by__isnull", False),
                                        ("submitted_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="county_pack_in_force_is_confirmed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackEdit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "pack",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="edits",
                                to="entitlements.countypack",
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
                        ("clause", models.CharField(blank=True, max_length=80, verbose_name="条款")),
                        ("words", models.CharField(max_length=300)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Card",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, verbose_name="县区")),
                        ("token_lookup", models.CharField(max_length=32, unique=True)),
                        ("token", models.BinaryField()),
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
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="换发原因")),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by", None)),
                                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="card_ended_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardChild",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "card",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="children",
                                to="entitlements.card",
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, verbose_name="县区")),
                        ("student_key", models.CharField(max_length=80)),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("county_code", "student_key"),
                                name="one_valid_card_of_a_child",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
