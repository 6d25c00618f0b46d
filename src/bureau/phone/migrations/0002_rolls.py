"""Roll calls from phones: a record may be about a class and a day instead of a case."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("phone", "0001_tables")]
    operations: ClassVar = [
        migrations.AlterField("receipt", "case", models.BigIntegerField(db_index=True, null=True)),
        migrations.AddField(
            "receipt",
            "about",
            models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
    ]
