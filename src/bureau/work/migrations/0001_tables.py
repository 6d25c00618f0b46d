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
                    name="Download",
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
                                    ("waiting", "排队"),
                                    ("making", "正在制作"),
                                    ("ready", "可以下载"),
                                    ("failed", "没有做成"),
                                    ("cancelled", "已取消"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("title", models.CharField(max_length=120)),
                        ("rows", models.IntegerField(null=True)),
                        ("address", models.TextField()),
                        ("chosen", models.JSONField(default=dict)),
                        ("language", models.CharField(max_length=10)),
                        ("client", models.CharField(blank=True, max_length=45)),
                        ("progress", models.FloatField(default=0)),
                        ("note", models.TextField(blank=True)),
                        ("file_name", models.CharField(blank=True, max_length=200)),
                        ("size", models.BigIntegerField(null=True)),
                        ("ready_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                )
            ],
        ),
    ]
