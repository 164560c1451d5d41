"""Saved searches and frozen lists may be of a matter. Columns that are empty at first: nothing is rewritten."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0020_words_of_hold_health'),
    ]

    operations = [
        migrations.AddField(
            model_name='messagelist',
            name='matter',
            field=models.ForeignKey(help_text='The matter it was made in.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.matter'),
        ),
        migrations.AddField(
            model_name='savedsearch',
            name='matter',
            field=models.ForeignKey(help_text='The matter it was made in.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.matter'),
        ),
    ]
