"""What was asked for, what was measured and what was made first stay written, whatever becomes of an export.

1. What was asked for never changes; what was measured never changes once it was shown; what was known only when it was
   made first, and the digests of what was made, never change once they are there.
2. A state goes only where it may, and one that was cancelled or withdrawn stays as it ended. Nothing is removed.
3. The session must be the archive's, by a foreign key that Django does not know of. The table is new.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION compliance_guard_export() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('cancelled', 'withdrawn') THEN
        RAISE EXCEPTION 'An export that has ended is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.kind, OLD.matter_id, OLD.search_id, OLD.list_id, OLD.session_id, OLD.since, OLD.until, OLD.chosen, OLD.title,
        OLD.reason, OLD.formats, OLD.part_bytes, OLD.zone, OLD.request_key, OLD.asked_by_id, OLD.asked_by_name,
        OLD.asked_at, OLD.follows_id) IS DISTINCT FROM
       (NEW.kind, NEW.matter_id, NEW.search_id, NEW.list_id, NEW.session_id, NEW.since, NEW.until, NEW.chosen, NEW.title,
        NEW.reason, NEW.formats, NEW.part_bytes, NEW.zone, NEW.request_key, NEW.asked_by_id, NEW.asked_by_name,
        NEW.asked_at, NEW.follows_id) THEN
        RAISE EXCEPTION 'What was asked to be exported is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'measuring' AND (OLD.size, OLD.stands_at, OLD.contents, OLD.digest, OLD.measured_at) IS DISTINCT FROM
       (NEW.size, NEW.stands_at, NEW.contents, NEW.digest, NEW.measured_at) THEN
        RAISE EXCEPTION 'What was measured is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.settled IS NOT NULL AND OLD.settled IS DISTINCT FROM NEW.settled)
       OR (OLD.parts IS NOT NULL AND OLD.parts IS DISTINCT FROM NEW.parts) THEN
        RAISE EXCEPTION 'What was made first is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('measuring', 'measured'), ('measuring', 'cancelled'), ('measuring', 'failed'),
        ('measured', 'making'), ('measured', 'cancelled'), ('measured', 'failed'),
        ('making', 'ready'), ('making', 'expired'), ('making', 'cancelled'), ('making', 'failed'),
        ('ready', 'expired'), ('ready', 'withdrawn'), ('expired', 'making'), ('expired', 'withdrawn'),
        ('failed', 'making')
    ) THEN
        RAISE EXCEPTION 'An export that is % cannot become %.', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    ("guarded", "BEFORE UPDATE", "ROW", "compliance_guard_export"),
    ("stays", "BEFORE DELETE OR TRUNCATE", "STATEMENT", "archive_refuse"),
)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0041_exports"), ("archive", "0003_protect_evidence")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION compliance_guard_export CASCADE"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER compliance_export_{name} {deeds} ON compliance_export FOR EACH {each} "
                f"EXECUTE FUNCTION {function}()",
                f"DROP TRIGGER IF EXISTS compliance_export_{name} ON compliance_export",
            )
            for name, deeds, each, function in TRIGGERS
        ),
        migrations.RunSQL(
            "ALTER TABLE compliance_export ADD CONSTRAINT compliance_export_session_id_there FOREIGN KEY (session_id) "
            "REFERENCES archive_session (id)",
            "ALTER TABLE compliance_export DROP CONSTRAINT compliance_export_session_id_there",
        ),
    ]
