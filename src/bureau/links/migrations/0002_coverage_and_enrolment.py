"""What a register covers and how long it speaks; how a school names its pupils on a line."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("links", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="line",
            name="class_number",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="line",
            name="enrolment_key",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="line",
            name="grade",
            field=models.CharField(blank=True, max_length=4),
        ),
        migrations.AddField(
            model_name="line",
            name="school",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="line",
            name="school_code",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="outsideregister",
            name="coverage",
            field=models.CharField(
                choices=[("county", "全县"), ("townships", "部分乡镇"), ("schools", "部分学校")],
                default="county",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="outsideregister",
            name="places",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="outsideregister",
            name="until",
            field=models.DateField(null=True, verbose_name="有效至"),
        ),
        migrations.AlterField(
            model_name="outsideregister",
            name="source",
            field=models.CharField(
                choices=[
                    ("registered", "建档立卡"),
                    ("monitored", "防返贫监测"),
                    ("minimum", "低保"),
                    ("destitute", "特困"),
                    ("disabled", "残疾"),
                    ("orphan", "孤儿"),
                    ("household", "户籍"),
                    ("hardship", "困难认定"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="outsideregister",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("day")), _connector="OR"),
                name="register_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="outsideregister",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("coverage", "county"), ("places", [])),
                    models.Q(
                        models.Q(("coverage", "county"), _negated=True),
                        models.Q(("places", []), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="covered_places_named",
            ),
        ),
    ]
