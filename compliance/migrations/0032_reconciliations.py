"""Reconciliations by the calendar, their runs, and the account of each session. New tables: nothing is rewritten."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0031_protect_erasures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('period', models.CharField(choices=[('day', 'every day'), ('week', 'every week'), ('month', 'every month')], max_length=10)),
                ('account_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='None: every account there is then.', null=True, size=None)),
                ('state', models.CharField(choices=[('active', 'active'), ('paused', 'paused'), ('ended', 'ended')], default='active', max_length=10)),
                ('next_first', models.DateField(help_text='The first day of the period that comes next.')),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipients', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReconciliationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='None: every account there is then.', null=True, size=None)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('asked_by_name', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('due', 'waiting'), ('claimed', 'being made'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('done', models.PositiveIntegerField(default=0, help_text="Sessions reconciled of this time's total.")),
                ('total', models.PositiveIntegerField(default=0)),
                ('figures', models.JSONField(help_text='The account in total.', null=True)),
                ('since', models.JSONField(help_text="The account of the previous run's days as it is now.", null=True)),
                ('told', models.JSONField(default=list, help_text='Names of recipients, and why one was not told.')),
                ('sha256', models.BinaryField(help_text='Over the account as CSV.', max_length=32, null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('previous', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.reconciliationrun')),
                ('reconciliation', models.ForeignKey(help_text='None: asked for once.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='compliance.reconciliation')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReconciledSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_id', models.BigIntegerField()),
                ('account_id', models.BigIntegerField()),
                ('title', models.TextField(help_text='What the session was called then.')),
                ('rank', models.SmallIntegerField(help_text='0: does not balance, 1: unknown days, 2: failed records, 3: well.')),
                ('offered', models.BigIntegerField()),
                ('archived', models.BigIntegerField()),
                ('duplicate', models.BigIntegerField()),
                ('excluded', models.BigIntegerField()),
                ('failed', models.BigIntegerField()),
                ('destroyed', models.BigIntegerField()),
                ('difference', models.BigIntegerField()),
                ('unknown_days', models.IntegerField()),
                ('silent_days', models.IntegerField()),
                ('stretches', models.JSONField(help_text='Day by day.')),
                ('reasons', models.JSONField(default=list, help_text='Why records failed.')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='compliance.reconciliationrun')),
            ],
            options={
                'ordering': ['run', 'session_id'],
            },
        ),
        migrations.AddConstraint(
            model_name='reconciliation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('name',), name='reconciliation_named_once'),
        ),
        migrations.AddConstraint(
            model_name='reconciliation',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='reconciliation_has_a_name'),
        ),
        migrations.AddIndex(
            model_name='reconciliationrun',
            index=models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['not_before', 'id'], name='reconciliation_run_to_do'),
        ),
        migrations.AddConstraint(
            model_name='reconciliationrun',
            constraint=models.UniqueConstraint(fields=('reconciliation', 'first_day'), name='reconciliation_run_once'),
        ),
        migrations.AddConstraint(
            model_name='reconciliationrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('figures__isnull', False), ('finished_at__isnull', False), ('sha256__isnull', False)), _connector='OR'), name='reconciliation_run_done_has_its_result'),
        ),
        migrations.AddConstraint(
            model_name='reconciliationrun',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='reconciliation_run_days_in_order'),
        ),
        migrations.AddIndex(
            model_name='reconciledsession',
            index=models.Index(fields=['run', 'rank', 'session_id'], name='reconciled_session_rank'),
        ),
        migrations.AddConstraint(
            model_name='reconciledsession',
            constraint=models.UniqueConstraint(fields=('run', 'session_id'), name='reconciled_session_once'),
        ),
    ]
