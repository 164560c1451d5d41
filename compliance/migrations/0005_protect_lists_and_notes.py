"""Frozen lists and notes stay as they are, and tags and notes hang on messages that are there.

1. A frozen list that is done can neither be changed nor removed; nor can its parts, nor can parts be added to it.
   Parts of any list are never changed, only written and dropped.
2. Notes can only be added.
3. A tag or note needs its message: by a foreign key that Django does not know of, so that no model of the console
   leads to a message's words. The tables are new, so nothing has to be checked and no lock is held for long.
"""

from django.db import migrations

FROZEN = """
CREATE FUNCTION compliance_refuse_part_of_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    list bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN list := NEW.list_id; ELSE list := OLD.list_id; END IF;
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM compliance_messagelist WHERE id = list AND purpose = 'frozen' AND state = 'done'
    ) THEN
        RAISE EXCEPTION '% of % is refused: it holds evidence, and evidence is never changed or removed.',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = {
    "compliance_messagelist_frozen": (
        "compliance_messagelist",
        "BEFORE UPDATE OR DELETE ON compliance_messagelist FOR EACH ROW "
        "WHEN (OLD.purpose = 'frozen' AND OLD.state = 'done') EXECUTE FUNCTION archive_refuse()",
    ),
    "compliance_messagelist_stays": (
        "compliance_messagelist",
        "BEFORE TRUNCATE ON compliance_messagelist FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()",
    ),
    "compliance_listpart_frozen": (
        "compliance_listpart",
        "BEFORE INSERT OR UPDATE OR DELETE ON compliance_listpart FOR EACH ROW "
        "EXECUTE FUNCTION compliance_refuse_part_of_frozen()",
    ),
    "compliance_listpart_stays": (
        "compliance_listpart",
        "BEFORE TRUNCATE ON compliance_listpart FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()",
    ),
    "compliance_note_is_evidence": (
        "compliance_note",
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON compliance_note FOR EACH STATEMENT "
        "EXECUTE FUNCTION archive_refuse()",
    ),
}
HANGING = {"compliance_tagmark": "tagmark_has_its_message", "compliance_note": "note_has_its_message"}


class Migration(migrations.Migration):
    dependencies = [("compliance", "0004_work_on_answers"), ("archive", "0003_protect_evidence")]

    operations = [
        migrations.RunSQL(FROZEN, "DROP FUNCTION compliance_refuse_part_of_frozen CASCADE"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {name} {when}", f"DROP TRIGGER IF EXISTS {name} ON {table}"
            )
            for name, (table, when) in TRIGGERS.items()
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (message_id) REFERENCES archive_message (id)",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name in HANGING.items()
        ),
    ]
