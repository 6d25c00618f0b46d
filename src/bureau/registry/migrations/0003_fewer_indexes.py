"""Two indexes that others cover: each cost every import a second or more."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0002_undoing")]

    operations: ClassVar = [
        migrations.AlterField("student", "school_code", models.CharField(max_length=10)),
        migrations.AlterField(
            "importchange",
            "of",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="registry.import",
            ),
        ),
    ]
