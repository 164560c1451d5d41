"""Certificates of destruction: a new table of evidence; after a certificate nothing more goes under its disposition."""

from django.db import migrations, models


EVIDENCE = (
    "CREATE TRIGGER archive_certificate_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON archive_certificate "
    "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()"
)
CHECK = """
CREATE FUNCTION archive_check_tombstones() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM {schema}.archive_certificate WHERE disposition IN (SELECT disposition FROM fresh)) THEN
        RAISE EXCEPTION 'Destruction is refused: this disposition has its certificate, and nothing more goes under it.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
ENDED = (
    "CREATE TRIGGER archive_tombstone_is_open AFTER INSERT ON archive_tombstone REFERENCING NEW TABLE AS fresh "
    "FOR EACH STATEMENT EXECUTE FUNCTION archive_check_tombstones()"
)


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
    for statement in (EVIDENCE, CHECK.replace("{schema}", schema), ENDED):
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    schema_editor.execute("DROP FUNCTION archive_check_tombstones CASCADE", params=None)
    schema_editor.execute("DROP TRIGGER archive_certificate_is_evidence ON archive_certificate", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0020_count_for_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('disposition', models.BigIntegerField(unique=True)),
                ('statement', models.JSONField(help_text='Rule, reason, law, who asked and who approved when, as compliance states it.')),
                ('messages', models.PositiveBigIntegerField()),
                ('revisions', models.PositiveBigIntegerField()),
                ('attachments', models.PositiveBigIntegerField()),
                ('blobs', models.PositiveBigIntegerField()),
                ('blob_bytes', models.PositiveBigIntegerField()),
                ('messages_sha256', models.BinaryField(help_text='Over the lines of the messages in its document.', max_length=32)),
                ('issued_at', models.DateTimeField()),
                ('salt', models.BinaryField(max_length=16)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AlterField(
            model_name='leaf',
            name='kind',
            field=models.SmallIntegerField(choices=[(1, 'revision stored'), (2, 'blob stored'), (3, 'page received'), (4, 'window closed'), (5, 'observation stored'), (6, 'unreadable record kept'), (7, 'audit event'), (8, 'file read'), (9, 'hold zip received'), (10, 'message destroyed'), (11, 'destruction certified')]),
        ),
        migrations.RunPython(forwards, backwards),
    ]
