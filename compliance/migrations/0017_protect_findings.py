"""What was found stays written: a finding is only seen again, ended once, and dealt with once; nothing is removed.

1. `last_seen_at` moves forward while a finding is open; `cleared_at` is written once; so is what was done, with who and
   when. Everything else of it stays as it was found.
2. A confirmation is only added, and looks are kept.
3. Accounts must be the archive's, by a foreign key that Django does not know of. The tables are new and empty.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION compliance_refuse_healing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what defeated a hold is evidence; it ends once, is dealt with once, and stays.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
ADDED_LATER = (
    "last_seen_at",
    "cleared_at",
    "dealt_with_at",
    "dealt_with_by_id",
    "dealt_with_by_name",
    "dealt_with_words",
)
REWRITTEN = (
    "to_jsonb(OLD) - '{" + ",".join(ADDED_LATER) + "}'::text[] IS DISTINCT FROM "
    "to_jsonb(NEW) - '{" + ",".join(ADDED_LATER) + "}'::text[]"
    " OR NEW.last_seen_at < OLD.last_seen_at"
    " OR (OLD.cleared_at IS NOT NULL AND (NEW.cleared_at IS DISTINCT FROM OLD.cleared_at"
    " OR NEW.last_seen_at IS DISTINCT FROM OLD.last_seen_at))"
    " OR (OLD.dealt_with_at IS NOT NULL AND (NEW.dealt_with_at IS DISTINCT FROM OLD.dealt_with_at"
    " OR NEW.dealt_with_by_id IS DISTINCT FROM OLD.dealt_with_by_id"
    " OR NEW.dealt_with_by_name IS DISTINCT FROM OLD.dealt_with_by_name"
    " OR NEW.dealt_with_words IS DISTINCT FROM OLD.dealt_with_words))"
)
STAYING = {
    "compliance_finding": "DELETE OR TRUNCATE",
    "compliance_holdhealth": "DELETE OR TRUNCATE",
    "compliance_confirmation": "UPDATE OR DELETE OR TRUNCATE",
}


def protect(apps, schema_editor):
    """Triggers and the foreign key."""
    run = schema_editor.execute
    run(REFUSE, params=None)
    run(
        "CREATE TRIGGER compliance_finding_keeps BEFORE UPDATE ON compliance_finding FOR EACH ROW "
        f"WHEN ({REWRITTEN}) EXECUTE FUNCTION compliance_refuse_healing()",
        params=None,
    )
    for table, deeds in STAYING.items():
        run(
            f"CREATE TRIGGER {table}_stays BEFORE {deeds} ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION compliance_refuse_healing()",
            params=None,
        )
    run(
        "ALTER TABLE compliance_confirmation ADD CONSTRAINT compliance_confirmation_account_id_there "
        "FOREIGN KEY (account_id) REFERENCES archive_account (id)",
        params=None,
    )


def unprotect(apps, schema_editor):
    """The tables as Django made them."""
    run = schema_editor.execute
    run(
        "ALTER TABLE compliance_confirmation DROP CONSTRAINT compliance_confirmation_account_id_there",
        params=None,
    )
    run("DROP FUNCTION compliance_refuse_healing CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0016_hold_health"), ("archive", "0013_look_after_holds")]

    operations = [migrations.RunPython(protect, unprotect)]
