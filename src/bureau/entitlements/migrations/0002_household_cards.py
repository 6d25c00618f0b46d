"""Cards of households: a card has children, and those given to one child each are kept."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Each card that was a child's becomes a household's with this child."""
    child = apps.get_model("entitlements", "CardChild")
    cards = apps.get_model("entitlements", "Card").objects.order_by("id")
    rows = cards.values_list("id", "county_code", "student_key", "at", "ended_at")
    child.objects.bulk_create(
        [
            child(card_id=pk, county_code=county, student_key=key, since=at, until=ended)
            for pk, county, key, at, ended in rows
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0001_tables")]

    operations = [
        migrations.RemoveConstraint(model_name="card", name="one_valid_card_of_a_child"),
        migrations.CreateModel(
            name="CardChild",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("county_code", models.CharField(max_length=6, verbose_name="县区")),
                ("student_key", models.CharField(max_length=80)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="entitlements.card",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(until=None),
                        fields=("county_code", "student_key"),
                        name="one_valid_card_of_a_child",
                    )
                ],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RemoveField(model_name="card", name="student_key"),
    ]
