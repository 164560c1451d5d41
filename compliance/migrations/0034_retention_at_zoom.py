"""Retention of channels at Zoom: rules, plans, items, how channels stand; and what the trail says of them. New tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0033_protect_reconciliations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('released', 'released'), ('dropped', 'dropped custodians from'), ('added_member', 'made somebody a member of'), ('removed_member', 'took somebody off'), ('opened', 'opened'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged'), ('found', 'found a fault in the holds of'), ('cleared', 'no longer found a fault in the holds of'), ('dealt_with', 'wrote about a fault in the holds of'), ('stopped', 'stopped'), ('confirmed', 'said how a setting at Zoom is, for'), ('destroyed', 'destroyed messages of'), ('applied', 'set at Zoom'), ('drifted', 'found at Zoom another retention than was set, of')], max_length=20),
        ),
        migrations.CreateModel(
            name='RetentionPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('planned', 'not applied'), ('applying', 'being applied'), ('done', 'applied'), ('cancelled', 'stopped'), ('discarded', 'discarded')], default='planned', max_length=10)),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('counts', models.JSONField(help_text='How many channels of each part, as planned.')),
                ('digest', models.CharField(help_text='SHA-256 over the items, in their order.', max_length=64)),
                ('begun_by_name', models.CharField(blank=True, max_length=200)),
                ('begun_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('begun_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(help_text='By which it was approved.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.request')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('period', models.CharField(help_text="In Zoom's notation: 1d-90d, 1m-120m, 1y-10y.", max_length=10)),
                ('reason', models.TextField(help_text='Why, and by which law.')),
                ('conditions', models.JSONField(help_text='Kinds, name pattern, space, owner, members; all must be so.')),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('ended_by_name', models.CharField(blank=True, max_length=200)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='compliance.retentionrule')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RetentionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('account_id', models.BigIntegerField()),
                ('channel_id', models.CharField(max_length=255)),
                ('title', models.CharField(max_length=1100)),
                ('part', models.CharField(choices=[('shorten', 'gets shorter'), ('lengthen', 'gets longer'), ('held', 'left alone: held'), ('unreadable', 'cannot be read'), ('agrees', 'agrees already')], max_length=10)),
                ('before', models.CharField(help_text="The period, or `account` for the account's own rule.", max_length=20)),
                ('after', models.CharField(blank=True, max_length=20)),
                ('why', models.TextField(blank=True, help_text='Why it is left alone; empty when it is not.')),
                ('matters', models.JSONField(default=list, help_text='The matters whose holds covered it.')),
                ('state', models.CharField(choices=[('left', 'left alone'), ('waiting', 'not applied'), ('due', 'waits its turn'), ('claimed', 'being changed'), ('done', 'changed and read back'), ('held', 'left alone: held meanwhile'), ('moved', 'left alone: not as it was'), ('failed', 'failed'), ('cancelled', 'stopped before')], max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out of the item.', null=True)),
                ('asked_at', models.DateTimeField(help_text='When Zoom was last asked to change it.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('read_back', models.CharField(blank=True, help_text='What Zoom said after the change.', max_length=20)),
                ('ended_at', models.DateTimeField(null=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='compliance.retentionplan')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.retentionrule')),
            ],
            options={
                'ordering': ['plan', 'place'],
            },
        ),
        migrations.CreateModel(
            name='ChannelSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('channel_id', models.CharField(max_length=255)),
                ('session_id', models.BigIntegerField(null=True)),
                ('title', models.CharField(max_length=1100)),
                ('sort_title', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=10)),
                ('members', models.PositiveIntegerField(help_text='None: unknown.', null=True)),
                ('owner_id', models.CharField(blank=True, max_length=255)),
                ('owner_name', models.CharField(blank=True, max_length=200)),
                ('space_id', models.CharField(blank=True, max_length=255)),
                ('space_name', models.CharField(blank=True, max_length=200)),
                ('reading', models.CharField(help_text='See archive.channels.Reading.', max_length=10)),
                ('period', models.CharField(blank=True, max_length=20)),
                ('days', models.PositiveIntegerField(help_text='The period for ordering; None: unknown.', null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('difference', models.CharField(choices=[('shorter', 'would get shorter'), ('longer', 'would get longer'), ('agrees', 'agrees'), ('unknown', 'cannot be compared'), ('no_rule', 'no rule')], max_length=10)),
                ('matters', models.JSONField(default=list, help_text='The matters whose holds cover it.')),
                ('is_held', models.BooleanField(default=False, help_text='Covered by a hold, or nobody can say that not.')),
                ('applied', models.CharField(blank=True, help_text='What was last set from here, and read back.', max_length=20)),
                ('applied_at', models.DateTimeField(null=True)),
                ('drifted_at', models.DateTimeField(help_text='When it was first read otherwise than applied.', null=True)),
                ('applied_plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.retentionplan')),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.retentionrule')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account_id', 'name'), name='retention_rule_named_once'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('ended_by_name', ''), ('ended_why', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_by_name', ''), _negated=True), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='retention_rule_ends_with_why'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='retention_rule_has_a_reason'),
        ),
        migrations.AddIndex(
            model_name='retentionitem',
            index=models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['not_before', 'id'], name='retention_item_to_do'),
        ),
        migrations.AddConstraint(
            model_name='retentionitem',
            constraint=models.UniqueConstraint(fields=('plan', 'place'), name='retention_item_place'),
        ),
        migrations.AddConstraint(
            model_name='retentionitem',
            constraint=models.UniqueConstraint(fields=('plan', 'account_id', 'channel_id'), name='retention_item_once'),
        ),
        migrations.AddConstraint(
            model_name='retentionitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('read_back', ''), _negated=True), _connector='OR'), name='retention_item_done_was_read_back'),
        ),
        migrations.AddIndex(
            model_name='channelsetting',
            index=models.Index(fields=['sort_title', 'id'], name='channel_setting_title'),
        ),
        migrations.AddIndex(
            model_name='channelsetting',
            index=models.Index(fields=['days', 'id'], name='channel_setting_days'),
        ),
        migrations.AddConstraint(
            model_name='channelsetting',
            constraint=models.UniqueConstraint(fields=('account_id', 'channel_id'), name='channel_setting_once'),
        ),
    ]
