"""Zips of released matters in dispositions: figures with constant defaults, a new table, and a word of the trail."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0048_chief_auditors'),
    ]

    operations = [
        migrations.AddField(
            model_name='disposition',
            name='zip_bytes',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='disposition',
            name='zips',
            field=models.PositiveBigIntegerField(default=0, help_text='Of released matters, destroyed first.'),
        ),
        migrations.AddField(
            model_name='disposition',
            name='zips_destroyed',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='disposition',
            name='zips_kept',
            field=models.PositiveBigIntegerField(default=0, help_text='Of released matters as well, and held or not due when it was put together.'),
        ),
        migrations.AddField(
            model_name='disposition',
            name='zips_refused',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('released', 'released'), ('dropped', 'dropped custodians from'), ('added_member', 'made somebody a member of'), ('removed_member', 'took somebody off'), ('opened', 'opened'), ('renamed', 'renamed'), ('renamed_at_zoom', 'renamed at Zoom a hold of'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged'), ('found', 'found a fault in the holds of'), ('cleared', 'no longer found a fault in the holds of'), ('dealt_with', 'wrote about a fault in the holds of'), ('stopped', 'stopped'), ('used', 'used'), ('revoked', 'revoked'), ('confirmed', 'said how a setting at Zoom is, for'), ('destroyed', 'destroyed part of'), ('measured', 'measured what will come in'), ('made', 'made'), ('expired', 'removed the files of'), ('applied', 'set at Zoom'), ('drifted', 'found at Zoom another retention than was set, of')], max_length=20),
        ),
        migrations.AlterField(
            model_name='disposition',
            name='sha256',
            field=models.BinaryField(help_text='Over its parts in order, then its zips.', max_length=32, null=True),
        ),
        migrations.CreateModel(
            name='DispositionZip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zip_id', models.BigIntegerField()),
                ('sha256', models.BinaryField(max_length=32)),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('messages', models.PositiveBigIntegerField(help_text='In it; None: unknown.', null=True)),
                ('first_day', models.DateField(null=True)),
                ('last_day', models.DateField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, help_text='Why it was refused; empty when it went.', max_length=100)),
                ('disposition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disposed_zips', to='compliance.disposition')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.matter')),
            ],
            options={
                'ordering': ['disposition', 'zip_id'],
                'indexes': [models.Index(fields=['matter', 'zip_id'], name='disposition_zip_matter')],
                'constraints': [models.UniqueConstraint(fields=('disposition', 'zip_id'), name='disposition_zip_once'), models.CheckConstraint(condition=models.Q(('why', ''), ('done_at__isnull', False), _connector='OR'), name='disposition_zip_refused_is_done')],
            },
        ),
    ]
