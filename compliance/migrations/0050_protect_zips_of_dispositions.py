"""Which zips two people decided to destroy is what was put together, and what became of each stays written.

1. How many zips a disposition has, and their bytes, never change once it is being destroyed.
2. Its zips come and go while it is put together; afterwards only what became of each is written, while it is being
   destroyed. Nothing of it is removed.
3. A zip is the archive's, by a foreign key that Django does not know of. The table is new.
"""

from django.db import migrations

ZIPS = """
CREATE FUNCTION compliance_guard_zips_of_disposition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'running' AND (OLD.zips, OLD.zip_bytes, OLD.zips_kept) IS DISTINCT FROM
       (NEW.zips, NEW.zip_bytes, NEW.zips_kept) THEN
        RAISE EXCEPTION 'What was approved is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
GUARD = """
CREATE FUNCTION compliance_guard_disposition_zip() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing text;
    zip compliance_dispositionzip := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    SELECT state INTO standing FROM compliance_disposition WHERE id = zip.disposition_id;
    IF standing = 'gathering' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND standing = 'running' AND OLD.done_at IS NULL
       AND to_jsonb(OLD) - '{done_at,why}'::text[] = to_jsonb(NEW) - '{done_at,why}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a zip is refused: its disposition is %.', TG_OP, standing USING ERRCODE = 'restrict_violation';
END $$
"""
TRIGGERS = (
    ("compliance_disposition", "zips_guarded", "BEFORE UPDATE", "ROW", "compliance_guard_zips_of_disposition"),
    (
        "compliance_dispositionzip",
        "guarded",
        "BEFORE INSERT OR UPDATE OR DELETE",
        "ROW",
        "compliance_guard_disposition_zip",
    ),
    ("compliance_dispositionzip", "stays", "BEFORE TRUNCATE", "STATEMENT", "archive_refuse"),
)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0049_zips_in_dispositions"), ("archive", "0030_one_door_for_zips")]

    operations = [
        migrations.RunSQL(ZIPS, "DROP FUNCTION compliance_guard_zips_of_disposition CASCADE"),
        migrations.RunSQL(GUARD, "DROP FUNCTION compliance_guard_disposition_zip CASCADE"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_{name} {deeds} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()",
                f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}",
            )
            for table, name, deeds, each, function in TRIGGERS
        ),
        migrations.RunSQL(
            "ALTER TABLE compliance_dispositionzip ADD CONSTRAINT compliance_dispositionzip_zip_id_there"
            " FOREIGN KEY (zip_id) REFERENCES archive_holdfile (id)",
            "ALTER TABLE compliance_dispositionzip DROP CONSTRAINT compliance_dispositionzip_zip_id_there",
        ),
    ]
