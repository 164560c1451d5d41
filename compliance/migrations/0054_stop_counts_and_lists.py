"""Counts of what is preserved and readings of whole answers can be stopped; who asked for a count is told. No row changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0053_limits_of_what_was_asked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='preservedcount',
            name='asked_by',
            field=models.ForeignKey(help_text='Who is told when it is counted; None: nobody asked.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='messagelist',
            name='state',
            field=models.CharField(choices=[('due', 'waiting'), ('claimed', 'being read'), ('done', 'done'), ('failed', 'failed'), ('stopped', 'stopped')], default='due', max_length=10),
        ),
        migrations.AlterField(
            model_name='preservedcount',
            name='state',
            field=models.CharField(choices=[('due', 'to be counted'), ('claimed', 'being counted'), ('counted', 'counted'), ('stopped', 'stopped')], default='due', max_length=10),
        ),
    ]
