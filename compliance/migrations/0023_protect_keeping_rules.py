"""A rule of how long the archive keeps what never changes: it ends once, says why, and stays.

1. Everything but its end stays as it was written; its end is added once, and `replaced_by` with it.
2. Rules are not removed.
3. Accounts and sessions must be the archive's, by foreign keys that Django does not know of. The table is new.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION compliance_guard_keeping_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - '{ended_at,ended_by_name,ending,replaced_by_id}'::text[]
       IS DISTINCT FROM to_jsonb(NEW) - '{ended_at,ended_by_name,ending,replaced_by_id}'::text[] THEN
        RAISE EXCEPTION 'What a rule says is never changed: end it, or put another in its place.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.ended_at IS NOT NULL AND
       (OLD.ended_at, OLD.ended_by_name, OLD.ending) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_name, NEW.ending)
       OR OLD.replaced_by_id IS NOT NULL AND OLD.replaced_by_id IS DISTINCT FROM NEW.replaced_by_id THEN
        RAISE EXCEPTION 'A rule that has ended stays as it ended.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
TABLE = "compliance_keepingrule"
TRIGGERS = {
    "compliance_keepingrule_guarded": "BEFORE UPDATE ON compliance_keepingrule FOR EACH ROW "
    "EXECUTE FUNCTION compliance_guard_keeping_rule()",
    "compliance_keepingrule_stays": "BEFORE DELETE OR TRUNCATE ON compliance_keepingrule FOR EACH STATEMENT "
    "EXECUTE FUNCTION archive_refuse()",
}
KEYS = {"account_id": "archive_account", "session_id": "archive_session"}


class Migration(migrations.Migration):
    dependencies = [("compliance", "0022_keeping_rules"), ("archive", "0003_protect_evidence")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION compliance_guard_keeping_rule CASCADE"),
        *(
            migrations.RunSQL(f"CREATE TRIGGER {name} {when}", f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")
            for name, when in TRIGGERS.items()
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_{column}_there FOREIGN KEY ({column}) REFERENCES {other} (id)",
                f"ALTER TABLE {TABLE} DROP CONSTRAINT {TABLE}_{column}_there",
            )
            for column, other in KEYS.items()
        ),
    ]
