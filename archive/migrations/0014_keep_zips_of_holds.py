"""Make room for the zips of legal holds: whose are asked for, each zip, what is in it, and the evidence of each arrival.

A receipt is evidence: the database refuses to change or remove it. The other tables are jobs.
"""

import django.db.models.deletion
from django.db import migrations, models


TRIGGER = (
    "CREATE TRIGGER archive_holdreceipt_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON archive_holdreceipt "
    "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()"
)


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0013_look_after_holds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='leaf',
            name='kind',
            field=models.SmallIntegerField(choices=[(1, 'revision stored'), (2, 'blob stored'), (3, 'page received'), (4, 'window closed'), (5, 'observation stored'), (6, 'unreadable record kept'), (7, 'audit event'), (8, 'file read'), (9, 'hold zip received')]),
        ),
        migrations.CreateModel(
            name='HoldCustodian',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zoom_matter_id', models.CharField(max_length=255)),
                ('identifier', models.CharField(help_text='User id or e-mail: what the zips are asked by.', max_length=320)),
                ('email', models.CharField(blank=True, max_length=320)),
                ('state', models.CharField(choices=[('due', 'waiting to be listed'), ('claimed', 'being listed'), ('listed', 'listed'), ('gone', 'unknown at Zoom'), ('failed', 'failed')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0, help_text='Since it was last listed.')),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('first_seen_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(help_text="When Zoom's list of matters last named this custodian.")),
                ('listed_at', models.DateTimeField(help_text='When the zips were last listed to the end.', null=True)),
                ('ended_at', models.DateTimeField(help_text='When Zoom no longer named the matter with them in it.', null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.account')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.person')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='HoldFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_key', models.CharField(max_length=1000)),
                ('version', models.PositiveIntegerField(default=1)),
                ('is_newest', models.BooleanField(default=True)),
                ('first_day', models.DateField(help_text='As Zoom says; None: it did not.', null=True)),
                ('last_day', models.DateField(null=True)),
                ('files_claimed', models.BigIntegerField(null=True)),
                ('size_bytes_claimed', models.BigIntegerField(null=True)),
                ('ready', models.BooleanField(null=True)),
                ('first_seen_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(help_text='When Zoom last listed it.')),
                ('state', models.CharField(choices=[('waiting', 'not ready at Zoom'), ('due', 'waiting'), ('claimed', 'being fetched'), ('stored', 'stored'), ('gone', 'gone at Zoom'), ('mismatch', 'differs from what Zoom said'), ('failed', 'failed')], max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claim', models.UUIDField(null=True)),
                ('claimed_at', models.DateTimeField(help_text='Renewed while its bytes come.', null=True)),
                ('begun_at', models.DateTimeField(help_text='When this attempt began.', null=True)),
                ('begun_at_bytes', models.BigIntegerField(default=0, help_text='What was here already then.')),
                ('bytes_done', models.BigIntegerField(default=0)),
                ('last_error', models.TextField(blank=True)),
                ('stored_at', models.DateTimeField(null=True)),
                ('opening', models.CharField(blank=True, choices=[('', 'not here yet'), ('due', 'waiting to be opened'), ('claimed', 'being opened'), ('opened', 'opened'), ('partly', 'opened in part'), ('refused', 'not opened: dangerous'), ('broken', 'cannot be opened')], default='', max_length=10)),
                ('opening_attempts', models.PositiveIntegerField(default=0)),
                ('opening_not_before', models.DateTimeField(null=True)),
                ('opening_claimed_at', models.DateTimeField(null=True)),
                ('opening_error', models.TextField(blank=True, help_text='Why it was not opened as a whole.')),
                ('opened_at', models.DateTimeField(null=True)),
                ('files_found', models.PositiveBigIntegerField(help_text='Entries in it; None: unknown.', null=True)),
                ('messages_found', models.PositiveBigIntegerField(help_text='None: unknown.', null=True)),
                ('messages_unreported', models.PositiveBigIntegerField(help_text="Of these, those that Zoom's reports did not give; None: unknown.", null=True)),
                ('messages_reported', models.PositiveBigIntegerField(help_text='What reports gave of this person and these days; None: unknown.', null=True)),
                ('compared_at', models.DateTimeField(null=True)),
                ('blob', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.blob')),
                ('custodian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='archive.holdcustodian')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='HoldEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text="Its place in the zip's own list, from 0.")),
                ('name', models.CharField(help_text='As the zip has it, made safe for display.', max_length=1000)),
                ('place', models.JSONField(help_text='Where its bytes lie, see archive.extraction.zipped.Place.')),
                ('size_bytes', models.PositiveBigIntegerField(help_text='Unpacked; None: unknown.', null=True)),
                ('sha256', models.BinaryField(help_text='Of the unpacked bytes; None: unknown.', max_length=32, null=True)),
                ('kind', models.CharField(blank=True, max_length=20)),
                ('state', models.CharField(choices=[('due', 'waiting to be read'), ('read', 'read'), ('empty', 'no text inside'), ('partly', 'read in part'), ('unreadable', 'unreadable')], default='due', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('messages', models.PositiveBigIntegerField(help_text='Rows of a chat log; None: it is none.', null=True)),
                ('said', models.BinaryField(help_text='Packed: session and message ids of a chat log.', null=True)),
                ('characters', models.PositiveBigIntegerField(default=0)),
                ('text', models.BinaryField(help_text='Packed, see archive.extraction.texts.', null=True)),
                ('text_sha256', models.BinaryField(default=b'', max_length=32)),
                ('hold_file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='archive.holdfile')),
            ],
            options={
                'ordering': ['hold_file', 'number'],
            },
        ),
        migrations.CreateModel(
            name='HoldReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zoom_matter_id', models.CharField(max_length=255)),
                ('identifier', models.CharField(max_length=320)),
                ('file_key', models.CharField(max_length=1000)),
                ('sha256', models.BinaryField(max_length=32)),
                ('size_bytes', models.BigIntegerField()),
                ('size_bytes_claimed', models.BigIntegerField(null=True)),
                ('files_claimed', models.BigIntegerField(null=True)),
                ('first_day', models.DateField(null=True)),
                ('last_day', models.DateField(null=True)),
                ('received_at', models.DateTimeField()),
                ('salt', models.BinaryField(max_length=16)),
                ('hold_file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='archive.holdfile')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='holdcustodian',
            index=models.Index(condition=models.Q(('state', 'due')), fields=['not_before', 'id'], name='hold_custodian_due'),
        ),
        migrations.AddIndex(
            model_name='holdcustodian',
            index=models.Index(fields=['zoom_matter_id'], name='hold_custodian_matter'),
        ),
        migrations.AddConstraint(
            model_name='holdcustodian',
            constraint=models.UniqueConstraint(fields=('account', 'zoom_matter_id', 'identifier'), name='hold_custodian_once'),
        ),
        migrations.AddIndex(
            model_name='holdfile',
            index=models.Index(condition=models.Q(('state', 'due')), fields=['not_before', 'id'], name='hold_file_due'),
        ),
        migrations.AddIndex(
            model_name='holdfile',
            index=models.Index(condition=models.Q(('opening', 'due')), fields=['opening_not_before', 'id'], name='hold_file_unopened'),
        ),
        migrations.AddConstraint(
            model_name='holdfile',
            constraint=models.UniqueConstraint(fields=('custodian', 'file_key', 'version'), name='hold_file_once'),
        ),
        migrations.AddConstraint(
            model_name='holdfile',
            constraint=models.UniqueConstraint(condition=models.Q(('is_newest', True)), fields=('custodian', 'file_key'), name='hold_file_one_newest'),
        ),
        migrations.AddConstraint(
            model_name='holdfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'stored'), _negated=True), ('blob__isnull', False), _connector='OR'), name='hold_file_stored_has_blob'),
        ),
        migrations.AddIndex(
            model_name='holdentry',
            index=models.Index(condition=models.Q(('state', 'due')), fields=['hold_file', 'number'], name='hold_entry_due'),
        ),
        migrations.AddConstraint(
            model_name='holdentry',
            constraint=models.UniqueConstraint(fields=('hold_file', 'number'), name='hold_entry_once'),
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER archive_holdreceipt_is_evidence ON archive_holdreceipt"),
    ]
