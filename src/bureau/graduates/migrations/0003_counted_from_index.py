from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("graduates", "0002_list_order"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="leaver",
            name="leaver_by_year",
        ),
        migrations.AddIndex(
            model_name="leaver",
            index=models.Index(
                fields=["county_code", "year", "kind", "stage", "school_code", "registered", "current"],
                name="leaver_by_year",
            ),
        ),
    ]
