"""The figures of requests as jobs. A new table: no row changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0045_custodians_by_group'),
    ]

    operations = [
        migrations.CreateModel(
            name='RequestCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('due', 'to be counted'), ('claimed', 'being counted'), ('counted', 'counted'), ('failed', 'could not be counted')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('done', models.PositiveIntegerField(default=0, help_text="Of this time's total.")),
                ('total', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField(help_text='As of when the figures are; None: never counted.', null=True)),
                ('figures', models.JSONField(default=dict)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='count', to='compliance.request')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['not_before', 'id'], name='figures_to_count')],
            },
        ),
    ]
