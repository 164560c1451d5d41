"""What was asked to be erased stays as it was asked, a request that has ended stays ended, and none is removed.

1. Whose words, within which scope, who asked, why and when never change; where it stands does until it ends.
2. The request that a disposition is for never changes.
3. Accounts, people and sessions must be the archive's, by foreign keys that Django does not know of. The table is new.
"""

from django.db import migrations

STANDING = (
    "state,free,held,bound,bound_until,matters,duties,looked_at,attempts,not_before,claimed_at,claim,last_error,"
    "ended_at,ended_by_name,ending"
)
GUARD = f"""
CREATE FUNCTION compliance_guard_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('completed', 'withdrawn') AND
       to_jsonb(OLD) - '{{not_before,claim,claimed_at}}'::text[]
       IS DISTINCT FROM to_jsonb(NEW) - '{{not_before,claim,claimed_at}}'::text[] THEN
        RAISE EXCEPTION 'A request for erasure that has ended is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(OLD) - '{{{STANDING}}}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{{{STANDING}}}'::text[] THEN
        RAISE EXCEPTION 'What was asked to be erased is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    (
        "compliance_erasure",
        "compliance_erasure_guarded",
        "BEFORE UPDATE ON compliance_erasure FOR EACH ROW EXECUTE FUNCTION compliance_guard_erasure()",
    ),
    (
        "compliance_erasure",
        "compliance_erasure_stays",
        "BEFORE DELETE OR TRUNCATE ON compliance_erasure FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()",
    ),
    (
        "compliance_disposition",
        "compliance_disposition_for_one_request",
        "BEFORE UPDATE ON compliance_disposition FOR EACH ROW WHEN (OLD.erasure_id IS DISTINCT FROM NEW.erasure_id) "
        "EXECUTE FUNCTION archive_refuse()",
    ),
)
KEYS = {"account_id": "archive_account", "person_id": "archive_person", "session_id": "archive_session"}


class Migration(migrations.Migration):
    dependencies = [("compliance", "0030_erasures"), ("archive", "0003_protect_evidence")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION compliance_guard_erasure CASCADE"),
        *(
            migrations.RunSQL(f"CREATE TRIGGER {name} {when}", f"DROP TRIGGER IF EXISTS {name} ON {table}")
            for table, name, when in TRIGGERS
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE compliance_erasure ADD CONSTRAINT compliance_erasure_{column}_there "
                f"FOREIGN KEY ({column}) REFERENCES {other} (id)",
                f"ALTER TABLE compliance_erasure DROP CONSTRAINT compliance_erasure_{column}_there",
            )
            for column, other in KEYS.items()
        ),
    ]
