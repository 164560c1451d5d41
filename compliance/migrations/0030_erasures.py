"""Requests for erasure, and which one a disposition is for: a new table, and a column that is empty at first."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0029_count_losses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField(help_text='Whose words are to go.')),
                ('person_name', models.CharField(help_text='As they were called when it was taken.', max_length=500)),
                ('session_id', models.BigIntegerField(help_text='Only what was said there; None: anywhere.', null=True)),
                ('since', models.DateField(help_text='The first day, in UTC; None: from the beginning.', null=True)),
                ('until', models.DateField(help_text='The last day, in UTC; None: without an end.', null=True)),
                ('asked_by', models.CharField(help_text='Who asked, and how: the person, a lawyer, a court.', max_length=300)),
                ('reason', models.TextField()),
                ('asked_on', models.DateField(help_text='The day the request came in.')),
                ('taken_by_name', models.CharField(max_length=200)),
                ('taken_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('taken', 'taken, not looked at yet'), ('parked', 'parked'), ('ready', 'can go on'), ('completed', 'completed'), ('withdrawn', 'withdrawn')], default='taken', max_length=10)),
                ('free', models.PositiveBigIntegerField(help_text='Messages that can go now; None: not looked.', null=True)),
                ('held', models.PositiveBigIntegerField(help_text='Messages that a hold covers.', null=True)),
                ('bound', models.PositiveBigIntegerField(help_text='Others that a duty to keep them binds.', null=True)),
                ('bound_until', models.DateTimeField(help_text='When the last duty ends; None: none, or never.', null=True)),
                ('matters', models.JSONField(default=list, help_text='The matters whose holds cover some of it.')),
                ('duties', models.JSONField(default=list, help_text='The rules that bind some of it.')),
                ('looked_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField(help_text='When to look again.')),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=200)),
                ('ending', models.TextField(blank=True)),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='disposition',
            name='erasure',
            field=models.ForeignKey(help_text='The request it is for; None: what is due by the rules.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dispositions', to='compliance.erasure'),
        ),
        migrations.AddIndex(
            model_name='erasure',
            index=models.Index(condition=models.Q(('state__in', ['taken', 'parked', 'ready'])), fields=['not_before', 'id'], name='erasure_to_look_at'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('asked_by', ''), _negated=True)), name='erasure_says_why'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='erasure_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ending', ''), ('state__in', ['taken', 'parked', 'ready'])), models.Q(('ended_at__isnull', False), ('state__in', ['completed', 'withdrawn']), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='erasure_ended_in_words'),
        ),
    ]
