"""A child may stand in the lists of two counties: the key is one for each county."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_fewer_indexes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="student",
            name="student_one_version_a_day",
        ),
        migrations.RemoveConstraint(
            model_name="student",
            name="student_one_open_version",
        ),
        migrations.AddConstraint(
            model_name="student",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_by", None)),
                fields=("key", "county_code", "valid_from"),
                name="student_one_version_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="student",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_by", None), ("valid_to", None)),
                fields=("key", "county_code"),
                name="student_one_open_version",
            ),
        ),
    ]
