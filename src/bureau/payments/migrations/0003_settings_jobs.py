"""Settings with their history, work over long lists, findings whose people's part is a case."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def carry_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Days of publication become the first saving of that setting; a batch's sources are summed; a finding is what the data says."""
    setting = apps.get_model("payments", "AwardSetting")  # type: ignore[misc]  # no model of today
    new = apps.get_model("payments", "PaymentSetting")
    new.objects.bulk_create(
        new(
            county_code=one.county_code, name="publication_days", value=one.publication_days, basis=one.basis, by=one.confirmed_by, at=one.confirmed_at
        )
        for one in setting.objects.all()
    )  # fmt: skip
    for batch in apps.get_model("payments", "Batch").objects.all():
        for parts in batch.lines.values_list("parts", flat=True):
            for source, fen in parts.items():
                batch.parts[source] = batch.parts.get(source, 0) + fen
        batch.save(update_fields=["parts"])
    apps.get_model("payments", "Finding").objects.filter(state__in=["settled", "closed"]).update(state="open")


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_ledger_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
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
                            ("entitled", "从应助名单列入"),
                            ("school_pass", "学校评审通过"),
                            ("pass", "科室评审通过"),
                            ("draft", "制发放批次"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队办理"),
                            ("doing", "正在办理"),
                            ("done", "已办完"),
                            ("refused", "没有办成"),
                            ("cancelled", "已取消"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="名称")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="人数")),
                ("arguments", models.JSONField(default=dict)),
                ("progress", models.FloatField(default=0)),
                ("said", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("address", models.CharField(blank=True, max_length=45)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PaymentSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("county_code", models.CharField(max_length=6)),
                ("name", models.CharField(max_length=30)),
                ("value", models.PositiveIntegerField(verbose_name="值")),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.RemoveField(
            model_name="findingevent",
            name="by",
        ),
        migrations.RemoveField(
            model_name="findingevent",
            name="finding",
        ),
        migrations.RemoveConstraint(
            model_name="finding",
            name="finding_confirmed_by_another",
        ),
        migrations.RemoveConstraint(
            model_name="finding",
            name="finding_settled_with_a_reason",
        ),
        migrations.RemoveConstraint(
            model_name="finding",
            name="finding_closed_by_two",
        ),
        migrations.RemoveField(
            model_name="finding",
            name="confirmed_at",
        ),
        migrations.RemoveField(
            model_name="finding",
            name="confirmed_by",
        ),
        migrations.RemoveField(
            model_name="finding",
            name="outcome",
        ),
        migrations.RemoveField(
            model_name="finding",
            name="reason",
        ),
        migrations.RemoveField(
            model_name="finding",
            name="settled_at",
        ),
        migrations.RemoveField(
            model_name="finding",
            name="settled_by",
        ),
        migrations.AddField(
            model_name="batch",
            name="parts",
            field=models.JSONField(default=dict, verbose_name="资金来源"),
        ),
        migrations.AddField(
            model_name="finding",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="paymentfile",
            name="only_failures",
            field=models.BooleanField(default=False, verbose_name="只有失败明细"),
        ),
        migrations.AddField(
            model_name="paymentfile",
            name="paid_on",
            field=models.DateField(null=True, verbose_name="到账日期"),
        ),
        migrations.AlterField(
            model_name="finding",
            name="state",
            field=models.CharField(default="open", max_length=10, verbose_name="数据"),
        ),
        migrations.AddField(
            model_name="job",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="jobs",
                to="payments.batch",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="round",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="jobs",
                to="payments.awardround",
            ),
        ),
        migrations.AddField(
            model_name="paymentsetting",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel(
            name="AwardSetting",
        ),
        migrations.DeleteModel(
            name="FindingEvent",
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["county_code", "state"], name="payment_job_by_state"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "doing"])),
                fields=("round", "kind"),
                name="one_payment_job_of_a_list",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentsetting",
            index=models.Index(fields=["county_code", "name"], name="payment_setting_of_a_name"),
        ),
        migrations.AddConstraint(
            model_name="paymentsetting",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="payment_setting_says_why"
            ),
        ),
    ]
