"""What releases would let go is counted by jobs: a new table. Stopping one is an event."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0028_protect_approvals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('released', 'released'), ('dropped', 'dropped custodians from'), ('added_member', 'made somebody a member of'), ('removed_member', 'took somebody off'), ('opened', 'opened'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged'), ('found', 'found a fault in the holds of'), ('cleared', 'no longer found a fault in the holds of'), ('dealt_with', 'wrote about a fault in the holds of'), ('stopped', 'stopped'), ('confirmed', 'said how a setting at Zoom is, for'), ('destroyed', 'destroyed messages of')], max_length=20),
        ),
        migrations.CreateModel(
            name='LossCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holds', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='Those that would end, in order.', size=None)),
                ('holds_sha256', models.BinaryField(help_text='Of them in decimal, a line each.', max_length=32)),
                ('custodians', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='Who would be dropped; None: the matter would be released.', null=True, size=None)),
                ('state', models.CharField(choices=[('due', 'to be counted'), ('claimed', 'being counted'), ('counted', 'counted'), ('stopped', 'stopped'), ('failed', 'could not be counted')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('done', models.PositiveIntegerField(default=0, help_text="Sessions counted of this time's total.")),
                ('total', models.PositiveIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('counted_at', models.DateTimeField(help_text='As of when the figures are; None: never counted.', null=True)),
                ('messages', models.BigIntegerField(default=0)),
                ('files', models.BigIntegerField(default=0)),
                ('file_bytes', models.BigIntegerField(default=0)),
                ('sessions', models.BigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, help_text='See compliance.losing.', max_length=64)),
                ('most', models.JSONField(default=list, help_text='The sessions with most of it.')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.matter')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['not_before', 'id'], name='losses_to_count')],
                'constraints': [models.UniqueConstraint(fields=('matter', 'holds_sha256'), name='loss_count_once')],
            },
        ),
    ]
