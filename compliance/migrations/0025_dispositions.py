"""Dispositions, their parts and what was taken out of them: new tables, and one more word of the trail."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0024_members_unknown'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('released', 'released'), ('dropped', 'dropped custodians from'), ('added_member', 'made somebody a member of'), ('removed_member', 'took somebody off'), ('opened', 'opened'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged'), ('found', 'found a fault in the holds of'), ('cleared', 'no longer found a fault in the holds of'), ('dealt_with', 'wrote about a fault in the holds of'), ('confirmed', 'said how a setting at Zoom is, for'), ('destroyed', 'destroyed messages of')], max_length=20),
        ),
        migrations.CreateModel(
            name='Disposition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('gathering', 'being put together'), ('review', 'to be looked at'), ('running', 'being destroyed'), ('done', 'done'), ('stopped', 'stopped on the way'), ('discarded', 'discarded'), ('failed', 'failed')], default='gathering', max_length=10)),
                ('as_of', models.DateTimeField(help_text='What was due at this moment.')),
                ('rules', models.JSONField(help_text='The rules in force then, as they were called and what they said.')),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out of it.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('total', models.PositiveBigIntegerField(default=0, help_text='Sessions to look at, then messages to destroy.')),
                ('done', models.PositiveBigIntegerField(default=0)),
                ('gathered_at', models.DateTimeField(null=True)),
                ('messages', models.PositiveBigIntegerField(default=0)),
                ('sessions', models.PositiveBigIntegerField(default=0)),
                ('files', models.PositiveBigIntegerField(default=0)),
                ('file_bytes', models.PositiveBigIntegerField(default=0)),
                ('held', models.PositiveBigIntegerField(default=0, help_text='Due as well, and held when it was put together: not among the messages.')),
                ('sha256', models.BinaryField(help_text='Over its parts in order.', max_length=32, null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('destroyed', models.PositiveBigIntegerField(default=0)),
                ('refused', models.PositiveBigIntegerField(default=0)),
                ('revisions', models.PositiveBigIntegerField(default=0)),
                ('attachments', models.PositiveBigIntegerField(default=0)),
                ('blobs', models.PositiveBigIntegerField(default=0)),
                ('bytes', models.PositiveBigIntegerField(default=0)),
                ('stop_at', models.DateTimeField(help_text='When somebody said to stop.', null=True)),
                ('stop_by_name', models.CharField(blank=True, max_length=200)),
                ('stop_reason', models.TextField(blank=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.request')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DispositionPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('session_id', models.BigIntegerField()),
                ('message_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('fingerprints', models.BinaryField()),
                ('sha256', models.BinaryField(help_text='Over a line a message: its id and fingerprint.', max_length=32)),
                ('messages', models.PositiveIntegerField()),
                ('files', models.PositiveIntegerField()),
                ('file_bytes', models.PositiveBigIntegerField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('is_out', models.BooleanField(default=False, help_text='Taken out when it was looked at.')),
                ('done_at', models.DateTimeField(null=True)),
                ('destroyed', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('disposition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='compliance.disposition')),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.keepingrule')),
            ],
            options={
                'ordering': ['disposition', 'number'],
            },
        ),
        migrations.CreateModel(
            name='TakenOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_id', models.BigIntegerField()),
                ('message_id', models.BigIntegerField(help_text='One message; None: all of the session.', null=True)),
                ('messages', models.PositiveBigIntegerField()),
                ('reason', models.TextField()),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('disposition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_out', to='compliance.disposition')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='disposition',
            index=models.Index(condition=models.Q(('state__in', ['gathering', 'running'])), fields=['not_before', 'id'], name='disposition_to_do'),
        ),
        migrations.AddConstraint(
            model_name='disposition',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['gathering', 'discarded', 'failed']), models.Q(('gathered_at__isnull', False), ('sha256__isnull', False)), _connector='OR'), name='disposition_gathered_has_its_digest'),
        ),
        migrations.AddConstraint(
            model_name='disposition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['running', 'done', 'stopped']), _negated=True), ('request__isnull', False), _connector='OR'), name='disposition_runs_by_a_request'),
        ),
        migrations.AddConstraint(
            model_name='disposition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stop_at', None), ('stop_by_name', ''), ('stop_reason', '')), models.Q(('stop_at__isnull', False), models.Q(('stop_by_name', ''), _negated=True), models.Q(('stop_reason', ''), _negated=True)), _connector='OR'), name='disposition_stopped_says_why'),
        ),
        migrations.AddIndex(
            model_name='dispositionpart',
            index=models.Index(fields=['session_id', 'disposition'], name='disposition_part_session'),
        ),
        migrations.AddIndex(
            model_name='dispositionpart',
            index=models.Index(condition=models.Q(('done_at', None), ('is_out', False)), fields=['disposition', 'number'], name='disposition_part_to_do'),
        ),
        migrations.AddConstraint(
            model_name='dispositionpart',
            constraint=models.UniqueConstraint(fields=('disposition', 'number'), name='disposition_part_once'),
        ),
        migrations.AddIndex(
            model_name='takenout',
            index=models.Index(condition=models.Q(('message_id', None), _negated=True), fields=['message_id'], name='taken_out_message'),
        ),
        migrations.AddConstraint(
            model_name='takenout',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='taken_out_says_why'),
        ),
    ]
