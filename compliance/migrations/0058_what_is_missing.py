"""What of the days held is not here, counted with what is preserved. Columns that are empty at first: nothing is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0057_errands'),
    ]

    operations = [
        migrations.AddField(
            model_name='preservedcount',
            name='places',
            field=models.BigIntegerField(help_text='Sessions in which the rules can hold something; None: not counted yet.', null=True),
        ),
        migrations.AddField(
            model_name='preservedcount',
            name='places_open',
            field=models.BigIntegerField(help_text='Of these, those of which some day that is held is not whole here.', null=True),
        ),
        migrations.AddField(
            model_name='preservedpart',
            name='is_open',
            field=models.BooleanField(default=False, help_text='Of a whole: some day of the session that is held is not whole here.'),
        ),
    ]
