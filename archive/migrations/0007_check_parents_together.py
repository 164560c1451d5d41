"""Check the message and the page of new revisions once a statement instead of once a row.

Both are evidence, which the database never lets go of, so looking when a revision comes in is enough; the two
foreign keys did the same look-up for each row, and were a quarter of Postgres's work on a page of messages. The
settings of the function make it look in the primary keys, however young the tables' statistics are.
"""

import django.db.models.deletion
from django.db import migrations, models

CHECK = """
CREATE FUNCTION archive_check_revisions() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh WHERE NOT EXISTS
               (SELECT FROM {schema}.archive_message AS parent WHERE parent.id = fresh.message_id)) THEN
        RAISE EXCEPTION 'A revision names a message that is not there.' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM (SELECT DISTINCT page_id FROM fresh) AS fresh WHERE NOT EXISTS
               (SELECT FROM {schema}.archive_page AS parent WHERE parent.id = fresh.page_id)) THEN
        RAISE EXCEPTION 'A revision names a page that is not there.' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER archive_revision_has_parents AFTER INSERT ON archive_revision REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION archive_check_revisions()
"""


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
    schema_editor.execute(CHECK.replace("{schema}", schema), params=None)
    schema_editor.execute(TRIGGER, params=None)


def backwards(apps, schema_editor):
    schema_editor.execute("DROP FUNCTION archive_check_revisions CASCADE", params=None)


class Migration(migrations.Migration):

    dependencies = [("archive", "0006_runs_keep_their_figures")]

    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.AlterField(
            model_name="revision",
            name="message",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="archive.message",
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="page",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="archive.page",
            ),
        ),
    ]
