"""The day on which the measures of ledgers were counted."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("runs", "0001_tables")]

    operations: ClassVar = [
        migrations.AddField(model_name="measureresult", name="counted_on", field=models.DateField(null=True)),
    ]
