"""What was held stays written: holds, custodians and members are only ever ended, once; nothing of a matter is removed.

1. A hold, a custodian and a member may only be given their end, and keep it.
2. A matter keeps its account, its first opening and its release; its name, and what is planned, may change.
3. People, sessions and accounts must be the archive's, by foreign keys that Django does not know of. The tables are new,
   so nothing has to be checked and no lock is held for long.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION compliance_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: who was held, and when, is evidence; it can be ended once and never rewritten.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
ONLY_ENDED = {
    "compliance_hold": "released_at",
    "compliance_custodian": "dropped_at",
    "compliance_mattermember": "removed_at",
}
"""Each table with the column that is its end."""
ENDINGS = {"compliance_mattermember": ("removed_at", "removed_by_name")}
KEPT = (
    "id",
    "account_id",
    "since",
    "until",
    "covers_received",
    "request_key",
    "opened_by_id",
    "opened_by_name",
    "opened_at",
)
STAYING = (*ONLY_ENDED, "compliance_matter", "compliance_zoommatter", "compliance_zoommatter_custodians")
HANGING = {
    "compliance_matter": {"account_id": "archive_account"},
    "compliance_custodian": {"person_id": "archive_person"},
    "compliance_hold": {
        "account_id": "archive_account",
        "person_id": "archive_person",
        "session_id": "archive_session",
    },
}


def protect(apps, schema_editor):
    """Triggers and foreign keys."""
    run = schema_editor.execute
    run(REFUSE, params=None)
    for table, end in ONLY_ENDED.items():
        ending = ENDINGS.get(table, (end,))
        without = " - ".join(["to_jsonb({row})", *(f"'{name}'" for name in ending)])
        changed = f"{without.format(row='OLD')} IS DISTINCT FROM {without.format(row='NEW')}"
        run(
            f"CREATE TRIGGER {table}_only_ended BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (OLD.{end} IS NOT NULL OR {changed}) EXECUTE FUNCTION compliance_refuse_rewriting()",
            params=None,
        )
    kept = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in KEPT)
    run(
        "CREATE TRIGGER compliance_matter_keeps BEFORE UPDATE ON compliance_matter FOR EACH ROW "
        f"WHEN (OLD.released_at IS NOT NULL OR {kept}) EXECUTE FUNCTION compliance_refuse_rewriting()",
        params=None,
    )
    for table in STAYING:
        run(
            f"CREATE TRIGGER {table}_stays BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION compliance_refuse_rewriting()",
            params=None,
        )
    for table, columns in HANGING.items():
        for column, target in columns.items():
            run(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_there "
                f"FOREIGN KEY ({column}) REFERENCES {target} (id)",
                params=None,
            )


def unprotect(apps, schema_editor):
    """The tables as Django made them."""
    run = schema_editor.execute
    for table, columns in HANGING.items():
        for column in columns:
            run(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_there", params=None)
    run("DROP FUNCTION compliance_refuse_rewriting CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0006_matters"), ("archive", "0003_protect_evidence")]

    operations = [migrations.RunPython(protect, unprotect)]
