"""Rules of how long the archive keeps what: a new table only."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0021_lists_of_matters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KeepingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('reason', models.TextField(help_text='Why it is kept this long and no longer.')),
                ('law', models.CharField(help_text='The law, order or policy it comes from.', max_length=300)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), help_text='Kinds of sessions; None: any kind.', null=True, size=None)),
                ('named', models.CharField(blank=True, help_text="A pattern for the session's name, * for anything; empty: any.", max_length=200)),
                ('session_id', models.BigIntegerField(help_text='One session; None: any.', null=True)),
                ('amount', models.PositiveIntegerField(help_text='So many months or days; None: for good.', null=True)),
                ('unit', models.CharField(choices=[('months', 'months'), ('days', 'days')], default='months', max_length=6)),
                ('is_duty', models.BooleanField(default=False, help_text='Whether it must be kept this long, so that an erasure has to wait.')),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('approved_by_name', models.CharField(blank=True, help_text='The second person, where it took one.', max_length=200)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=200)),
                ('ending', models.TextField(blank=True, help_text='Why it ended.')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='compliance.keepingrule')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account_id', 'name'), name='keeping_rule_named_once'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('reason', ''), _negated=True), models.Q(('law', ''), _negated=True)), name='keeping_rule_says_why'), models.CheckConstraint(condition=models.Q(('amount', None), models.Q(('amount__gte', 1), ('amount__lte', 1200), ('unit', 'months')), models.Q(('amount__gte', 1), ('amount__lte', 36500), ('unit', 'days')), _connector='OR'), name='keeping_rule_period_in_reason'), models.CheckConstraint(condition=models.Q(('kinds', None), models.Q(('kinds', []), _negated=True), _connector='OR'), name='keeping_rule_names_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by_name', ''), ('ending', ''), ('replaced_by', None)), models.Q(('ended_at__isnull', False), models.Q(('ended_by_name', ''), _negated=True), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='keeping_rule_ends_whole')],
            },
        ),
    ]
