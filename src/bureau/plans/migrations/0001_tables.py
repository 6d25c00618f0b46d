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
                    name="Plan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("title", models.CharField(max_length=200, verbose_name="标题")),
                        ("document_number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                        ("issuer", models.CharField(blank=True, max_length=200, verbose_name="发文机关")),
                        ("dated", models.CharField(blank=True, max_length=10, verbose_name="成文日期")),
                        ("starts", models.DateField(null=True, verbose_name="开始日期")),
                        ("ends", models.DateField(null=True, verbose_name="结束日期")),
                        ("kind", models.CharField(blank=True, max_length=16)),
                        ("form", models.CharField(blank=True, max_length=10)),
                        ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                        ("file_sha256", models.CharField(max_length=64)),
                        ("source", models.TextField(blank=True, verbose_name="正文")),
                        ("header", models.JSONField(default=dict)),
                        ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                        (
                            "previous",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="next",
                                to="plans.plan",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reading", "正在读取"),
                                    ("failed", "无法读取"),
                                    ("in_review", "核对中"),
                                    ("published", "已发布"),
                                    ("replaced", "已被新版代替"),
                                    ("withdrawn", "已撤下"),
                                ],
                                default="reading",
                                max_length=10,
                            ),
                        ),
                        ("progress", models.FloatField(default=0)),
                        ("cancel_asked", models.BooleanField(default=False)),
                        ("note", models.TextField(blank=True)),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("uploaded_at", models.DateTimeField()),
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
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["published", "replaced"]), _negated=True),
                                    ("published_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="plan_published_by_someone",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Node",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="nodes",
                                to="plans.plan",
                            ),
                        ),
                        ("key", models.CharField(max_length=12)),
                        ("parent_key", models.CharField(blank=True, max_length=12)),
                        ("level", models.PositiveSmallIntegerField()),
                        ("label", models.CharField(blank=True, max_length=40)),
                        ("title", models.CharField(max_length=300)),
                        ("start", models.PositiveIntegerField()),
                        ("end", models.PositiveIntegerField()),
                        ("section_end", models.PositiveIntegerField()),
                        ("is_task", models.BooleanField(default=False, verbose_name="是任务")),
                    ],
                    options={
                        "ordering": ["start"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "key"), name="one_node_of_a_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Item",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="plans.plan",
                            ),
                        ),
                        ("kind", models.CharField(max_length=10)),
                        ("start", models.PositiveIntegerField()),
                        ("end", models.PositiveIntegerField()),
                        ("text", models.TextField()),
                        ("node_key", models.CharField(blank=True, max_length=12)),
                        ("rule", models.CharField(blank=True, max_length=60)),
                        ("confidence", models.FloatField(null=True)),
                        ("doubt", models.CharField(blank=True, max_length=200, verbose_name="存疑原因")),
                        ("fields", models.JSONField(default=dict)),
                        ("read", models.JSONField(null=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("auto", "待核对"),
                                    ("confirmed", "已确认"),
                                    ("edited", "已修改"),
                                    ("rejected", "已剔除"),
                                    ("added", "人工补充"),
                                ],
                                default="auto",
                                max_length=10,
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
                        ("at", models.DateTimeField(null=True)),
                        ("carried", models.BooleanField(default=False, verbose_name="沿用上一版")),
                    ],
                    options={
                        "ordering": ["start", "id"],
                        "indexes": [
                            models.Index(
                                fields=["plan", "kind", "status"], name="plans_item_plan_id_ccf6fe_idx"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("start__lte", models.F("end"))),
                                name="item_starts_before_it_ends",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "auto"),
                                    models.Q(("by__isnull", False), ("at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="item_status_by_someone",
                            ),
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
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="decisions",
                                to="plans.plan",
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
                        ("what", models.CharField(max_length=16)),
                        ("words", models.CharField(max_length=200)),
                        ("before", models.JSONField(default=list)),
                        ("undone", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="UnitName",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="unit_names",
                                to="plans.plan",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="文中名称")),
                        ("nobody", models.BooleanField(default=False, verbose_name="不是责任单位")),
                        ("how", models.CharField(max_length=12)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(null=True)),
                        (
                            "organisations",
                            models.ManyToManyField(
                                related_name="+", to="people.organisation", verbose_name="责任单位"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "name"), name="one_meaning_of_a_name")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Task",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="plans.plan",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="序号")),
                        ("section", models.CharField(blank=True, max_length=200, verbose_name="所属部分")),
                        ("title", models.CharField(max_length=200, verbose_name="重点任务")),
                        ("measures", models.TextField(blank=True, verbose_name="具体措施")),
                        ("goal", models.TextField(blank=True, verbose_name="目标")),
                        ("person", models.CharField(blank=True, max_length=40, verbose_name="责任人")),
                        ("due", models.DateField(null=True, verbose_name="完成时限")),
                        ("due_text", models.CharField(blank=True, max_length=120, verbose_name="时限原文")),
                        ("frequency", models.CharField(blank=True, max_length=8, verbose_name="周期")),
                        ("node_key", models.CharField(blank=True, max_length=12)),
                        ("start", models.PositiveIntegerField(null=True)),
                        ("end", models.PositiveIntegerField(null=True)),
                        (
                            "dropped",
                            models.CharField(blank=True, max_length=200, verbose_name="不再执行的原因"),
                        ),
                        (
                            "leads",
                            models.ManyToManyField(
                                related_name="+", to="people.organisation", verbose_name="牵头单位"
                            ),
                        ),
                        (
                            "supports",
                            models.ManyToManyField(
                                related_name="+", to="people.organisation", verbose_name="配合单位"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["plan", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "number"), name="one_task_of_a_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="plans.task",
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
                        ("changes", models.JSONField(default=dict)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="DutySetting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, unique=True)),
                        ("remind_days", models.PositiveSmallIntegerField(verbose_name="提前提醒天数")),
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
                    name="Duty",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duties",
                                to="plans.task",
                            ),
                        ),
                        ("period", models.CharField(blank=True, max_length=40, verbose_name="期次")),
                        ("opens", models.DateField(null=True, verbose_name="开始日期")),
                        ("due", models.DateField(null=True, verbose_name="完成时限")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "待启动"),
                                    ("under_way", "推进中"),
                                    ("claimed", "已报完成，待复核"),
                                    ("returned", "已退回"),
                                    ("closed", "已销号"),
                                    ("dropped", "不再执行"),
                                ],
                                default="pending",
                                max_length=10,
                            ),
                        ),
                        ("percent", models.PositiveSmallIntegerField(default=0, verbose_name="进度")),
                        ("progress", models.TextField(blank=True, verbose_name="进展")),
                        (
                            "claimed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("claimed_at", models.DateTimeField(null=True)),
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
                    ],
                    options={
                        "verbose_name_plural": "duties",
                        "ordering": ["due", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("task", "period"), name="one_duty_of_a_period"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(("closed_by__isnull", False), ("claimed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="duty_closed_by_someone",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_by", None),
                                    models.Q(("closed_by", models.F("claimed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="duty_closed_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DutyEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "duty",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="plans.duty",
                            ),
                        ),
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
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.organisation",
                            ),
                        ),
                        ("what", models.CharField(max_length=20)),
                        ("percent", models.PositiveSmallIntegerField(null=True)),
                        ("text", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="DutyFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="plans.dutyevent",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.IntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Target",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="targets",
                                to="plans.plan",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="targets",
                                to="plans.task",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="plans.item",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="序号")),
                        ("indicator", models.CharField(max_length=120, verbose_name="指标")),
                        ("comparator", models.CharField(max_length=8, verbose_name="比较")),
                        ("value", models.FloatField(verbose_name="目标值")),
                        ("value2", models.FloatField(null=True)),
                        ("unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                        ("scope", models.CharField(blank=True, max_length=60, verbose_name="范围")),
                        ("due", models.DateField(null=True, verbose_name="完成时限")),
                        ("due_source", models.CharField(blank=True, max_length=20, verbose_name="时限来源")),
                        ("measure", models.CharField(blank=True, max_length=40, verbose_name="绑定指标")),
                        ("stage", models.CharField(blank=True, max_length=10, verbose_name="学段")),
                        ("area_code", models.CharField(blank=True, max_length=12, verbose_name="区域")),
                        ("subset", models.CharField(blank=True, max_length=20, verbose_name="口径")),
                        ("reported", models.BooleanField(default=False, verbose_name="填报数列")),
                        (
                            "binding_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="绑定依据"),
                        ),
                        (
                            "bound_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("bound_at", models.DateTimeField(null=True)),
                        ("baseline", models.FloatField(null=True, verbose_name="基期值")),
                        ("baseline_day", models.DateField(null=True, verbose_name="基期")),
                        (
                            "baseline_source",
                            models.CharField(blank=True, max_length=200, verbose_name="基期值来源"),
                        ),
                        ("milestones", models.JSONField(default=list)),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("met", "已达到"),
                                    ("on_course", "按进度"),
                                    ("behind", "落后"),
                                    ("no_data", "无数据"),
                                ],
                                default="no_data",
                                max_length=10,
                            ),
                        ),
                        ("outlook", models.JSONField(default=dict)),
                    ],
                    options={
                        "ordering": ["plan", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "number"), name="one_target_of_a_number"),
                            models.CheckConstraint(
                                condition=models.Q(("measure", ""), ("reported", False), _connector="OR"),
                                name="target_computed_or_reported",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="readings",
                                to="plans.target",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="数据日期")),
                        ("value", models.FloatField(null=True)),
                        ("numerator", models.FloatField(null=True)),
                        ("denominator", models.FloatField(null=True)),
                        ("unreported", models.IntegerField(default=0, verbose_name="未报")),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("returned", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="runs.run",
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
                        ("file_name", models.CharField(blank=True, max_length=200)),
                        ("file_sha256", models.CharField(blank=True, max_length=64)),
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
                    ],
                    options={
                        "ordering": ["day", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("run__isnull", False)),
                                fields=("target", "day"),
                                name="one_computed_reading_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("run__isnull", False), ("by__isnull", False), _connector="OR"
                                ),
                                name="reading_from_run_or_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    models.Q(("checked_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="reading_checked_by_another",
                            ),
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
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="claims",
                                to="plans.target",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("value", models.FloatField()),
                        ("text", models.CharField(blank=True, max_length=300, verbose_name="说明")),
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
            ],
        ),
    ]
