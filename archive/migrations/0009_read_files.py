"""Make room for what is read inside files: the job and its text, and the evidence of each reading.

The new column of attachments has a constant default, so a table of any size changes at once; its index follows in the
next migration, built beside the work. A reading is evidence: the database refuses to change or remove it.
"""

import django.db.models.deletion
from django.db import migrations, models


TRIGGER = (
    "CREATE TRIGGER archive_reading_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON archive_reading "
    "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()"
)


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0008_note_when_scopes_were_seen'),
    ]

    operations = [
        migrations.CreateModel(
            name='Extraction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('due', 'waiting to be read'), ('claimed', 'being read'), ('read', 'read'), ('empty', 'no text inside'), ('partly', 'read in part'), ('unreadable', 'unreadable')], default='due', max_length=10)),
                ('kind', models.CharField(blank=True, help_text='What it is, by its bytes: pdf, docx, picture.', max_length=20)),
                ('reason', models.CharField(blank=True, help_text='Why it was not read as a whole.', max_length=20)),
                ('problems', models.JSONField(default=list, help_text='Entries that were not read, each with its reason.')),
                ('version', models.PositiveIntegerField(default=0, help_text='Of the extraction that read it; 0: none yet.')),
                ('characters', models.PositiveBigIntegerField(default=0)),
                ('text', models.BinaryField(help_text='Packed, see archive.extraction.texts; None: nothing to find.', null=True)),
                ('text_sha256', models.BinaryField(default=b'', help_text='Of the text before it was packed.', max_length=32)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.BinaryField(help_text='Of the bytes that were read.', max_length=32)),
                ('version', models.PositiveIntegerField()),
                ('outcome', models.CharField(max_length=10)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('characters', models.PositiveBigIntegerField()),
                ('text_sha256', models.BinaryField(help_text='Of the text; empty when there is none.', max_length=32)),
                ('read_at', models.DateTimeField()),
                ('salt', models.BinaryField(max_length=16)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='inside',
            field=models.CharField(blank=True, db_default='', help_text='Outcome of its newest reading; empty: not read yet.', max_length=10),
        ),
        migrations.AlterField(
            model_name='leaf',
            name='kind',
            field=models.SmallIntegerField(choices=[(1, 'revision stored'), (2, 'blob stored'), (3, 'page received'), (4, 'window closed'), (5, 'observation stored'), (6, 'unreadable record kept'), (7, 'audit event'), (8, 'file read')]),
        ),
        migrations.AddField(
            model_name='extraction',
            name='blob',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='archive.blob'),
        ),
        migrations.AddField(
            model_name='reading',
            name='attachment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='archive.attachment'),
        ),
        migrations.AddIndex(
            model_name='extraction',
            index=models.Index(condition=models.Q(('state', 'due')), fields=['not_before', 'id'], name='extraction_due'),
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER archive_reading_is_evidence ON archive_reading"),
    ]
