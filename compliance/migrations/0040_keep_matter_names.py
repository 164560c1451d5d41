"""A matter's name changes only once the name it had is written down; what is written down stays.

Two triggers on a new table and one on `compliance_matter`, which takes its lock for an instant and reads no row.
"""

from django.db import migrations

KEEP = """
CREATE FUNCTION compliance_keep_matter_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM compliance_formername WHERE matter_id = OLD.id AND name = OLD.name) THEN
        RAISE EXCEPTION 'Renaming matter % is refused: the name it had must be kept first.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER compliance_matter_named BEFORE UPDATE ON compliance_matter FOR EACH ROW "
    "WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION compliance_keep_matter_name()",
    "CREATE TRIGGER compliance_formername_kept BEFORE UPDATE ON compliance_formername FOR EACH ROW "
    "EXECUTE FUNCTION compliance_refuse_rewriting()",
    "CREATE TRIGGER compliance_formername_stays BEFORE DELETE OR TRUNCATE ON compliance_formername "
    "FOR EACH STATEMENT EXECUTE FUNCTION compliance_refuse_rewriting()",
)


def protect(apps, schema_editor):
    """The function and its triggers."""
    for statement in (KEEP, *TRIGGERS):
        schema_editor.execute(statement, params=None)


def unprotect(apps, schema_editor):
    """The tables as they were."""
    run = schema_editor.execute
    run("DROP FUNCTION compliance_keep_matter_name CASCADE", params=None)
    run("DROP TRIGGER compliance_formername_kept ON compliance_formername", params=None)
    run("DROP TRIGGER compliance_formername_stays ON compliance_formername", params=None)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0039_matter_names")]

    operations = [migrations.RunPython(protect, unprotect)]
