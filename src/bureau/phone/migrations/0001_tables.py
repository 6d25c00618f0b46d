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
                    name="Device",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.UUIDField(unique=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="phones",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=60, verbose_name="手机")),
                        ("key", models.BinaryField()),
                        ("opened_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField()),
                        (
                            "cases",
                            models.PositiveIntegerField(default=0, verbose_name="最近一次带走的个案数"),
                        ),
                        (
                            "lost_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("lost_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-seen_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lost_at", None), ("lost_by", None)),
                                    models.Q(("lost_at__isnull", False), ("lost_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="lost_by_somebody_at_some_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("record", models.UUIDField(unique=True)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "source",
                            models.CharField(choices=[("phone", "手机"), ("sheet", "走访表")], max_length=5),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="phone.device",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("case", models.BigIntegerField(db_index=True, null=True)),
                        ("about", models.CharField(blank=True, max_length=80)),
                        ("county_code", models.CharField(max_length=6)),
                        ("township_code", models.CharField(blank=True, max_length=12)),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("accepted", "已收到"),
                                    ("waiting", "等照片到齐"),
                                    ("conflict", "与别人的修改不一致"),
                                    ("held", "转上级处理"),
                                    ("settled", "不一致处已商定"),
                                    ("released", "上级已采用"),
                                    ("declined", "上级未采用"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("sentence", models.CharField(blank=True, max_length=300)),
                        ("sealed", models.BinaryField()),
                        ("said_at", models.DateTimeField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("received_at", models.DateTimeField()),
                        ("clock", models.CharField(blank=True, max_length=200)),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "accepted"), _negated=True),
                                fields=["county_code", "state"],
                                name="phone_receipts_of_a_desk",
                            ),
                            models.Index(fields=["user", "-id"], name="phone_receipts_of_a_user"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["released", "declined"]), _negated=True),
                                    models.Q(
                                        ("settled_by__isnull", False),
                                        models.Q(("settled_by", models.F("user")), _negated=True),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="held_record_is_decided_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "settled"), _negated=True),
                                    ("settled_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="clash_is_settled_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clash",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="clashes",
                                to="phone.receipt",
                            ),
                        ),
                        ("column", models.CharField(max_length=60)),
                        ("title", models.CharField(max_length=80)),
                        ("sealed", models.BinaryField()),
                        ("theirs_by", models.CharField(blank=True, max_length=60)),
                        ("theirs_at", models.DateTimeField(null=True)),
                        (
                            "choice",
                            models.CharField(
                                blank=True,
                                choices=[("mine", "采用手机上填的"), ("theirs", "保留现在的")],
                                max_length=6,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("receipt", "column"), name="one_clash_a_field")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Photo",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="photos",
                                to="phone.receipt",
                            ),
                        ),
                        ("sha256", models.CharField(db_index=True, max_length=64)),
                        ("size", models.PositiveIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("waiting", "未到齐"), ("whole", "已到齐"), ("refused", "未收")],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("sentence", models.CharField(blank=True, max_length=120)),
                        ("file", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("receipt", "sha256"), name="one_photo_once_in_a_record"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Piece",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64)),
                        ("number", models.PositiveSmallIntegerField()),
                        ("sealed", models.BinaryField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "sha256", "number"), name="one_piece_once"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
