"""Findings of hold health, looks and confirmations: new tables, and more that the audit trail can say."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0015_request_times'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('opened', 'opened'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged'), ('found', 'found'), ('dealt_with', 'dealt with'), ('confirmed', 'confirmed')], max_length=20),
        ),
        migrations.CreateModel(
            name='HoldHealth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('looked_at', models.DateTimeField()),
                ('well_since', models.DateTimeField(help_text='Nothing red and nothing unknown since; None: not so.', null=True)),
                ('unknown', models.TextField(blank=True, help_text='What is not known, in words; empty when nothing is.')),
                ('reminded_at', models.DateTimeField(help_text='When the members were asked to confirm settings.', null=True)),
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='health', to='compliance.matter')),
            ],
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('setting', models.CharField(choices=[('encryption', 'Advanced chat encryption is off'), ('retention', 'Chat messages are stored in the cloud, for seven days or longer'), ('revisions', 'Edited and deleted message revisions are stored')], max_length=20)),
                ('is_so', models.BooleanField()),
                ('words', models.TextField(blank=True, help_text='What they saw, if they wrote it down.')),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['account_id', 'setting', '-id'], name='confirmation_newest')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('matter_missing', 'matter missing at Zoom'), ('custodian_missing', 'custodian missing at Zoom'), ('stranger', 'somebody else in the matter at Zoom'), ('not_placed', 'not held at Zoom'), ('deactivated', 'custodian deactivated'), ('left', 'custodian left the account'), ('retention_short', 'retention too short'), ('retention_changed', 'retention changed'), ('owner_changed', 'channel owner changed'), ('channel_gone', 'channel deleted'), ('behind', 'capture behind'), ('broken', 'days not captured'), ('scopes', 'scopes missing'), ('no_token', 'Zoom gives no token'), ('account_off', 'account switched off'), ('not_read', 'not read lately'), ('setting', 'a setting at Zoom is not as it should be')], max_length=20)),
                ('subject', models.CharField(help_text='What it is about, so that it is found again.', max_length=500)),
                ('facts', models.JSONField(help_text='What the sentences about it are made of.')),
                ('words_suffice', models.BooleanField(help_text='Whether it is over once somebody wrote about it, because it cannot be undone.')),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(help_text='The first look that found it no more.', null=True)),
                ('dealt_with_at', models.DateTimeField(null=True)),
                ('dealt_with_by_name', models.CharField(blank=True, max_length=200)),
                ('dealt_with_words', models.TextField(blank=True, help_text='What was done about it.')),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.finding')),
                ('dealt_with_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='compliance.matter')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('dealt_with_at', None), models.Q(('cleared_at', None), ('words_suffice', False)), _connector='OR'), fields=['matter', '-id'], name='finding_red'), models.Index(fields=['matter', 'kind', 'subject', '-id'], name='finding_before')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cleared_at', None)), fields=('matter', 'kind', 'subject'), name='finding_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('dealt_with_at', None), ('dealt_with_by_name', ''), ('dealt_with_words', '')), models.Q(('dealt_with_at__isnull', False), models.Q(('dealt_with_words', ''), _negated=True), models.Q(('dealt_with_by_name', ''), _negated=True)), _connector='OR'), name='finding_dealt_with_in_words')],
            },
        ),
    ]
