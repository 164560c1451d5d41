"""Room for what reports add up. All of it is derived: it fills when the log is followed, and may be dropped."""


import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0019_list_members_of_channels'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportSlot',
            fields=[
                ('begins_at', models.DateTimeField(primary_key=True, serialize=False)),
                ('messages', models.IntegerField()),
                ('edited', models.IntegerField()),
                ('deleted', models.IntegerField()),
                ('files', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='ReportState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(help_text='Of the rules of counting; another means counting again.')),
                ('complete_to', models.BigIntegerField(default=0, help_text='All leaves below this index are counted.')),
                ('counted_at', models.DateTimeField(help_text='What was stored by then is counted.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='What keeps it from going on now; empty: nothing.')),
                ('checked_to', models.BigIntegerField(default=0, help_text='The last session compared with the record.')),
                ('checked_at', models.DateTimeField(help_text='When sessions were last compared.', null=True)),
                ('rounds', models.PositiveIntegerField(default=0, help_text='Times every session was compared.')),
                ('healed', models.PositiveIntegerField(default=0, help_text="Sessions' days found wrong, and counted again.")),
                ('healed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReportCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grain', models.CharField(choices=[('d', 'day'), ('m', 'month')], max_length=1)),
                ('begins', models.DateField(help_text='The day, or the first day of the month.')),
                ('session_id', models.BigIntegerField()),
                ('sender_id', models.BigIntegerField(help_text='None: nobody is known as the sender.', null=True)),
                ('messages', models.IntegerField(help_text='That are here: destroyed ones are not among them.')),
                ('edited', models.IntegerField(help_text='Of them, those edited at least once.')),
                ('deleted', models.IntegerField(help_text='Of them, those deleted at Zoom.')),
                ('destroyed', models.IntegerField(help_text='Of which only a tombstone is left.')),
                ('files', models.IntegerField()),
                ('file_bytes', models.BigIntegerField(help_text='Of the files whose size Zoom gave.')),
                ('files_unsized', models.IntegerField(help_text='Files whose size Zoom did not give.')),
                ('first_at', models.DateTimeField(help_text='Of the messages that are here.', null=True)),
                ('last_at', models.DateTimeField(null=True)),
                ('quarters', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), help_text='Of a day: the quarter of an hour, from 0, of each message; then of each that was edited + 100, deleted + 200, and of each file + 300.', null=True, size=None)),
            ],
            options={
                'indexes': [models.Index(fields=['session_id', 'begins'], name='report_count_session')],
                'constraints': [models.UniqueConstraint(fields=('grain', 'begins', 'session_id', 'sender_id'), name='report_count_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('session_id', models.BigIntegerField()),
                ('kind', models.CharField(help_text='By the ending of its name; see archive.reporting.kinds.', max_length=12)),
                ('size_class', models.SmallIntegerField(help_text='Digits of its size in bytes; -1: Zoom did not give it.')),
                ('files', models.IntegerField()),
                ('file_bytes', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['session_id', 'day'], name='report_file_session')],
                'constraints': [models.UniqueConstraint(fields=('day', 'session_id', 'kind', 'size_class'), name='report_file_once')],
            },
        ),
    ]
