"""Names that matters had before, and the jobs that rename at Zoom. New tables, and words of the trail: no row changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0038_protect_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('released', 'released'), ('dropped', 'dropped custodians from'), ('added_member', 'made somebody a member of'), ('removed_member', 'took somebody off'), ('opened', 'opened'), ('renamed', 'renamed'), ('renamed_at_zoom', 'renamed at Zoom a hold of'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged'), ('found', 'found a fault in the holds of'), ('cleared', 'no longer found a fault in the holds of'), ('dealt_with', 'wrote about a fault in the holds of'), ('stopped', 'stopped'), ('used', 'used'), ('revoked', 'revoked'), ('confirmed', 'said how a setting at Zoom is, for'), ('destroyed', 'destroyed messages of'), ('applied', 'set at Zoom'), ('drifted', 'found at Zoom another retention than was set, of')], max_length=20),
        ),
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('used_until', models.DateTimeField()),
                ('renamed_by_name', models.CharField(max_length=200)),
                ('reason', models.TextField()),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='compliance.matter')),
                ('renamed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='former_name_and_why')],
            },
        ),
        migrations.CreateModel(
            name='ZoomRename',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=128)),
                ('state', models.CharField(choices=[('due', 'to be renamed'), ('asking', 'being renamed'), ('done', 'renamed at Zoom'), ('refused', 'refused by Zoom'), ('not_wanted', 'not wanted any more')], default='due', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('done_at', models.DateTimeField(help_text='When Zoom was read to call it so.', null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('zoom_matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rename', to='compliance.zoommatter')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['due', 'asking'])), fields=['not_before', 'id'], name='zoom_rename_to_do')],
            },
        ),
    ]
