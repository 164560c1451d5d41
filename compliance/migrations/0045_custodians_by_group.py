"""By what group a custodian was picked. A column with a constant default: no row is written."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0044_token_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='custodian',
            name='came_from',
            field=models.CharField(blank=True, help_text='The group they were picked by, as it was called; empty: one by one.', max_length=600),
        ),
    ]
