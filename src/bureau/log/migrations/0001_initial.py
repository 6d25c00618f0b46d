"""The log's table, its indexes, and the triggers by which the database itself refuses to change or delete a line."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDEXES = [
    "CREATE INDEX log_entry_at ON log_entry (at)",
    "CREATE INDEX log_entry_username ON log_entry (username, seq)",
    "CREATE INDEX log_entry_verb ON log_entry (verb, seq)",
    "CREATE INDEX log_entry_object ON log_entry (kind, key, seq)",
]
REFUSAL = "审计日志只能追加，不能修改或删除"
TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER log_entry_{event.lower()} BEFORE {event} ON log_entry "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for event in ["UPDATE", "DELETE"]
    ],
    "postgresql": [
        "CREATE FUNCTION log_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE TRIGGER log_entry_row BEFORE UPDATE OR DELETE ON log_entry "
        "FOR EACH ROW EXECUTE FUNCTION log_entry_refuse()",
        "CREATE TRIGGER log_entry_all BEFORE TRUNCATE ON log_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION log_entry_refuse()",
    ],
}


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.create_model(apps.get_model("log", "Entry"))
    for statement in INDEXES + TRIGGERS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("seq", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("username", models.CharField(blank=True, max_length=150)),
                ("name", models.CharField(blank=True, max_length=40)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("verb", models.CharField(max_length=40)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("key", models.CharField(blank=True, max_length=200)),
                ("detail", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "db_table": "log_entry",
                "ordering": ["seq"],
                "managed": False,
            },
        ),
        migrations.RunPython(create),
    ]
