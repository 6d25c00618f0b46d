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
                    name="Gap",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("school_code", models.CharField(max_length=10)),
                        ("school", models.CharField(max_length=120)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("stage", models.CharField(max_length=10)),
                        ("code", models.CharField(max_length=4, verbose_name="指标")),
                        ("title", models.CharField(max_length=60)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "待整改"),
                                    ("under_way", "整改中"),
                                    ("claimed", "已报完成"),
                                    ("solved", "数据已达标，待复核"),
                                    ("closed", "已销号"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("shortage_at_opening", models.FloatField()),
                        ("shortage", models.FloatField()),
                        ("unit", models.CharField(max_length=6)),
                        (
                            "opened_run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"
                            ),
                        ),
                        (
                            "latest_run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"
                            ),
                        ),
                        ("unit_price", models.FloatField(null=True, verbose_name="单价（万元）")),
                        ("measure", models.CharField(blank=True, max_length=300, verbose_name="整改措施")),
                        ("office", models.CharField(blank=True, max_length=40, verbose_name="责任科室")),
                        ("due", models.DateField(null=True, verbose_name="完成时限")),
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
                        ("claim", models.CharField(blank=True, max_length=300, verbose_name="完成情况")),
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
                        (
                            "closed_run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="runs.run",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["school_code", "stage", "code"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=("county_code", "school_code", "stage", "code"),
                                name="one_open_gap",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(
                                        ("closed_by__isnull", False),
                                        ("closed_run__isnull", False),
                                        ("shortage", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="gap_closed_by_data_and_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_by", None),
                                    ("claimed_by", None),
                                    models.Q(("closed_by", models.F("claimed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="gap_closed_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GapEvent",
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
                                to="gaps.gap",
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
                        ("what", models.CharField(max_length=20)),
                        ("text", models.CharField(blank=True, max_length=400)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
            ],
        ),
    ]
