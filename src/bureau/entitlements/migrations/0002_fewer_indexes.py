from django.db import migrations


class Migration(migrations.Migration):
    """A child is found by the evaluations of its county, of which there are few; each index costs every evaluation time."""

    dependencies = [("entitlements", "0001_tables")]

    operations = [
        migrations.RemoveIndex(model_name="evaluatedchild", name="child_by_profile"),
        migrations.RemoveIndex(model_name="evaluatedchild", name="child_over_terms"),
    ]
