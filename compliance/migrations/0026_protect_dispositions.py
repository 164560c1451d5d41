"""What two people decided to destroy is what was put together, and what became of it stays written.

1. Who put a disposition together, when and by which rules never changes; nor do its numbers and digest once it is being
   destroyed; one that has ended stays as it ended. A state goes only where it may.
2. Parts come and go while it is put together; while it is looked at they can only be made smaller; while it is being
   destroyed only what became of them is written; afterwards nothing.
3. What was taken out stays, and nothing of it all is removed.
4. Accounts and sessions must be the archive's, by foreign keys that Django does not know of. The tables are new.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION compliance_guard_disposition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('done', 'stopped', 'discarded') THEN
        RAISE EXCEPTION 'A disposition that has ended is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.account_id, OLD.as_of, OLD.rules, OLD.made_by_id, OLD.made_by_name, OLD.made_at) IS DISTINCT FROM
       (NEW.account_id, NEW.as_of, NEW.rules, NEW.made_by_id, NEW.made_by_name, NEW.made_at) THEN
        RAISE EXCEPTION 'How a disposition came about is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'running' AND
       (OLD.messages, OLD.sessions, OLD.files, OLD.file_bytes, OLD.held, OLD.sha256, OLD.gathered_at, OLD.request_id,
        OLD.started_at, OLD.total) IS DISTINCT FROM
       (NEW.messages, NEW.sessions, NEW.files, NEW.file_bytes, NEW.held, NEW.sha256, NEW.gathered_at, NEW.request_id,
        NEW.started_at, NEW.total) THEN
        RAISE EXCEPTION 'What was approved is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('gathering', 'review'), ('gathering', 'discarded'), ('gathering', 'failed'), ('failed', 'discarded'),
        ('review', 'running'), ('review', 'discarded'), ('running', 'done'), ('running', 'stopped')
    ) THEN
        RAISE EXCEPTION 'A disposition that is % cannot become %.', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
GUARD_PART = """
CREATE FUNCTION compliance_guard_disposition_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing text;
    part compliance_dispositionpart := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    SELECT state INTO standing FROM compliance_disposition WHERE id = part.disposition_id;
    IF standing = 'gathering' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND standing = 'review' AND NEW.message_ids <@ OLD.message_ids AND (NEW.is_out OR NOT OLD.is_out)
       AND (OLD.disposition_id, OLD.number, OLD.session_id, OLD.rule_id) IS NOT DISTINCT FROM
           (NEW.disposition_id, NEW.number, NEW.session_id, NEW.rule_id) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND standing = 'running' AND to_jsonb(OLD) - '{done_at,destroyed,refused}'::text[]
       = to_jsonb(NEW) - '{done_at,destroyed,refused}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a part is refused: its disposition is %.', TG_OP, standing USING ERRCODE = 'restrict_violation';
END $$
"""
TRIGGERS = (
    ("compliance_disposition", "guarded", "BEFORE UPDATE", "ROW", "compliance_guard_disposition"),
    ("compliance_disposition", "stays", "BEFORE DELETE OR TRUNCATE", "STATEMENT", "archive_refuse"),
    (
        "compliance_dispositionpart",
        "guarded",
        "BEFORE INSERT OR UPDATE OR DELETE",
        "ROW",
        "compliance_guard_disposition_part",
    ),
    ("compliance_dispositionpart", "stays", "BEFORE TRUNCATE", "STATEMENT", "archive_refuse"),
    ("compliance_takenout", "stays", "BEFORE UPDATE OR DELETE OR TRUNCATE", "STATEMENT", "archive_refuse"),
)
KEYS = (
    ("compliance_disposition", "account_id", "archive_account"),
    ("compliance_dispositionpart", "session_id", "archive_session"),
    ("compliance_takenout", "session_id", "archive_session"),
    ("compliance_takenout", "message_id", "archive_message"),
)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0025_dispositions"), ("archive", "0003_protect_evidence")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION compliance_guard_disposition CASCADE"),
        migrations.RunSQL(GUARD_PART, "DROP FUNCTION compliance_guard_disposition_part CASCADE"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_{name} {deeds} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()",
                f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}",
            )
            for table, name, deeds, each, function in TRIGGERS
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_there FOREIGN KEY ({column}) REFERENCES {other} (id)",
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_there",
            )
            for table, column, other in KEYS
        ),
    ]
