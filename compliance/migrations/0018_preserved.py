"""What matters preserve, as last counted: new tables only, whose sessions are the archive's by a foreign key of SQL."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0017_protect_findings'),
        ('archive', '0003_protect_evidence'),
    ]

    operations = [
        migrations.CreateModel(
            name='PreservedCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('messages', models.BigIntegerField(default=0)),
                ('said', models.BigIntegerField(default=0)),
                ('revisions', models.BigIntegerField(default=0)),
                ('files', models.BigIntegerField(default=0)),
                ('files_here', models.BigIntegerField(default=0)),
                ('file_bytes', models.BigIntegerField(default=0)),
                ('first_at', models.DateTimeField(null=True)),
                ('last_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('due', 'to be counted'), ('claimed', 'being counted'), ('counted', 'counted')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('done', models.PositiveIntegerField(default=0, help_text="Sessions counted of this time's total.")),
                ('total', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField(help_text='As of when the figures are; None: never counted.', null=True)),
                ('complete_to', models.BigIntegerField(default=0, help_text='They hold for the leaves of the log below this one.')),
                ('rules_sha256', models.BinaryField(help_text='Of the rules that were counted by.', max_length=32, null=True)),
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='preserved', to='compliance.matter')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['not_before', 'id'], name='preserved_to_count')],
            },
        ),
        migrations.CreateModel(
            name='PreservedPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('messages', models.BigIntegerField(default=0)),
                ('said', models.BigIntegerField(default=0)),
                ('revisions', models.BigIntegerField(default=0)),
                ('files', models.BigIntegerField(default=0)),
                ('files_here', models.BigIntegerField(default=0)),
                ('file_bytes', models.BigIntegerField(default=0)),
                ('first_at', models.DateTimeField(null=True)),
                ('last_at', models.DateTimeField(null=True)),
                ('session_id', models.BigIntegerField()),
                ('is_whole', models.BooleanField()),
                ('custodian', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.custodian')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.matter')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(models.F('matter'), models.OrderBy(models.F('messages'), descending=True), models.F('session_id'), condition=models.Q(('is_whole', True)), name='preserved_sessions')],
                'constraints': [models.UniqueConstraint(fields=('matter', 'custodian', 'session_id', 'is_whole'), name='preserved_part_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('is_whole', False), ('custodian', None), _connector='OR'), name='preserved_whole_is_nobodys')],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE compliance_preservedpart ADD CONSTRAINT compliance_preservedpart_session_id_there "
            "FOREIGN KEY (session_id) REFERENCES archive_session (id)",
            "ALTER TABLE compliance_preservedpart DROP CONSTRAINT compliance_preservedpart_session_id_there",
        ),
    ]
