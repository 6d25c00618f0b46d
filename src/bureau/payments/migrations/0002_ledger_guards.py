"""The ledger's triggers: what the database itself refuses of a movement, whoever writes it, on SQLite and on PostgreSQL."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIXED = {
    "payments_movement": "账目只能追加，不能修改或删除，记错了请冲销",
    "payments_account": "科目不能修改或删除",
    "payments_closedyear": "年度结账后不能撤销",
}
# (condition under which the movement NEW is refused, sentence); both dialects understand these as they stand.
REFUSED = (
    (
        "(SELECT COUNT(*) FROM payments_account WHERE id IN (NEW.debit_id, NEW.credit_id)"
        " AND fund_id = NEW.fund_id) <> 2"
        " OR (SELECT COUNT(DISTINCT source) FROM payments_account WHERE id IN (NEW.debit_id, NEW.credit_id)) <> 1",
        "一笔账只能在同一基金、同一来源之内",
    ),
    (
        "EXISTS (SELECT 1 FROM payments_closedyear WHERE fund_id = NEW.fund_id AND year >= {year})",
        "这个年度已经结账，不能再记账",
    ),
    (
        "(SELECT kind FROM payments_account WHERE id = NEW.credit_id) <> 'outside'"
        " AND (SELECT COALESCE(SUM(fen), 0) FROM payments_movement WHERE debit_id = NEW.credit_id)"
        " - (SELECT COALESCE(SUM(fen), 0) FROM payments_movement WHERE credit_id = NEW.credit_id) < NEW.fen",
        "余额不足，不能透支",
    ),
    (
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_movement WHERE id = NEW.reverses_id"
        " AND debit_id = NEW.credit_id AND credit_id = NEW.debit_id AND fen = NEW.fen AND kind <> 'reversal')",
        "冲销必须与原账借贷相反、金额相同，冲销不能再冲销",
    ),
)


def _sqlite() -> list[str]:
    year = "CAST(SUBSTR(NEW.day, 1, 4) AS INTEGER)"
    checks = "".join(
        f"SELECT RAISE(ABORT, '{sentence}') WHERE {condition.format(year=year)}; "
        for condition, sentence in REFUSED
    )
    found = [f"CREATE TRIGGER payments_movement_insert BEFORE INSERT ON payments_movement BEGIN {checks}END"]
    found += [
        f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        for table, sentence in FIXED.items()
        for event in ("UPDATE", "DELETE")
    ]
    return found


def _postgresql() -> list[str]:
    year = "EXTRACT(YEAR FROM NEW.day)"
    checks = "".join(
        f"IF {condition.format(year=year)} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END IF; "
        for condition, sentence in REFUSED
    )
    # Who takes from an account, or closes a year, waits for who is doing so: the sums below are then the true ones.
    found = [
        "CREATE FUNCTION payments_movement_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM 1 FROM payments_fund WHERE id = NEW.fund_id FOR UPDATE; "
        f"{checks}RETURN NEW; END $$",
        "CREATE TRIGGER payments_movement_insert BEFORE INSERT ON payments_movement "
        "FOR EACH ROW EXECUTE FUNCTION payments_movement_check()",
        "CREATE FUNCTION payments_closing_waits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM 1 FROM payments_fund WHERE id = NEW.fund_id FOR UPDATE; RETURN NEW; END $$",
        "CREATE TRIGGER payments_closedyear_insert BEFORE INSERT ON payments_closedyear "
        "FOR EACH ROW EXECUTE FUNCTION payments_closing_waits()",
    ]
    for table, sentence in FIXED.items():
        found += [
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END $$",
            f"CREATE TRIGGER {table}_row BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        ]
    return found


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]()
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_tables")]
    operations = [migrations.RunPython(create)]
