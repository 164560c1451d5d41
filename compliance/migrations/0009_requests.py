"""Requests that a second person decides: a new table, and new words of the trail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0008_being_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended')], max_length=20),
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='The key of a kind in compliance.approvals.kinds.', max_length=40)),
                ('subject', models.CharField(help_text='What it is about, such as matter/12.', max_length=200)),
                ('parameters', models.JSONField(default=dict, help_text='What the kind needs to find out the items again.')),
                ('title', models.CharField(help_text='What is asked for, in a line, as it was called then.', max_length=200)),
                ('items', models.JSONField(help_text='Exactly what it is about, one by one, as it was when asked.')),
                ('counts', models.JSONField(default=dict, help_text='What it destroys or weakens, in numbers.')),
                ('figures', models.JSONField(default=dict, help_text='Numbers that move by themselves, as they were then; the digest leaves them out.')),
                ('digest', models.CharField(help_text='SHA-256 over kind, subject, parameters, items and counts.', max_length=64)),
                ('reason', models.TextField()),
                ('asked_by_name', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(help_text='When nobody can approve it any more.')),
                ('state', models.CharField(choices=[('asked', 'waits for approval'), ('approved', 'approved, cooling off'), ('carried_out', 'carried out'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('expired', 'expired'), ('overtaken', 'overtaken'), ('failed', 'failed')], default='asked', max_length=12)),
                ('approved_by_name', models.CharField(blank=True, max_length=200)),
                ('approved_at', models.DateTimeField(null=True)),
                ('runs_at', models.DateTimeField(help_text='When it has cooled off.', null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=200)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ending', models.TextField(blank=True, help_text='Why it ended as it did, in words.')),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField(help_text='When to try (again) to carry it out.', null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out of the request.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['subject', '-id'], name='request_subject'), models.Index(fields=['asked_by', '-id'], name='request_asked_by'), models.Index(condition=models.Q(('state', 'asked')), fields=['expires_at', 'id'], name='request_to_expire'), models.Index(condition=models.Q(('state', 'approved')), fields=['not_before', 'id'], name='request_to_carry_out')],
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_by', models.F('asked_by')), _negated=True), name='request_not_approved_by_its_asker'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('ended_by__isnull', False), models.Q(('ended_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='request_not_refused_by_its_asker'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'carried_out', 'failed']), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('runs_at__isnull', False)), _connector='OR'), name='request_approved_has_its_approver'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('ending', ''), ('state__in', ['asked', 'approved'])), models.Q(models.Q(('state__in', ['asked', 'approved']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='request_ended_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('ending', ''), _negated=True), _connector='OR'), name='request_refused_says_why'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='request_has_a_reason'), models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'approved'])), fields=('digest',), name='request_open_once')],
            },
        ),
    ]
