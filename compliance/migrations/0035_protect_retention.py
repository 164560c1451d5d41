"""Rules and plans stay as they were written: a rule ends once, and what a plan said of a channel never changes.

Accounts must be the archive's, by foreign keys that Django does not know of. The tables are new and empty.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION compliance_refuse_retention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: a rule is ended and replaced, never changed, and a plan stays as it was made.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
ADDED_LATER = {
    "compliance_retentionrule": ("ended_at", "ended_by_id", "ended_by_name", "ended_why"),
    "compliance_retentionplan": ("state", "request_id", "begun_by_id", "begun_by_name", "begun_at", "ended_at"),
    "compliance_retentionitem": (
        "state", "attempts", "not_before", "claimed_at", "claim", "asked_at", "last_error", "read_back", "ended_at",
    ),
}  # fmt: skip
WITH_ACCOUNTS = ("compliance_retentionrule", "compliance_retentionitem", "compliance_channelsetting")


def rewritten(table):
    """When an update changes what stays."""
    kept = "'{" + ",".join(ADDED_LATER[table]) + "}'::text[]"
    changed = f"to_jsonb(OLD) - {kept} IS DISTINCT FROM to_jsonb(NEW) - {kept}"
    if table == "compliance_retentionrule":
        changed += " OR OLD.ended_at IS NOT NULL"
    return changed


def protect(apps, schema_editor):
    """Triggers and foreign keys."""
    run = schema_editor.execute
    run(REFUSE, params=None)
    for table in ADDED_LATER:
        run(
            f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN ({rewritten(table)}) EXECUTE FUNCTION compliance_refuse_retention()",
            params=None,
        )
        run(
            f"CREATE TRIGGER {table}_stays BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION compliance_refuse_retention()",
            params=None,
        )
    for table in WITH_ACCOUNTS:
        run(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_account_id_there "
            "FOREIGN KEY (account_id) REFERENCES archive_account (id)",
            params=None,
        )


def unprotect(apps, schema_editor):
    """The tables as Django made them."""
    run = schema_editor.execute
    for table in WITH_ACCOUNTS:
        run(f"ALTER TABLE {table} DROP CONSTRAINT {table}_account_id_there", params=None)
    run("DROP FUNCTION compliance_refuse_retention CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0034_retention_at_zoom"), ("archive", "0024_watch_every_channel")]

    operations = [migrations.RunPython(protect, unprotect)]
