"""What was counted of each session, to be brought up to date when holds end. Columns with constant defaults."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0046_count_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='losscount',
            name='complete_to',
            field=models.BigIntegerField(help_text="The log's size when counting began.", null=True),
        ),
        migrations.AddField(
            model_name='losscount',
            name='others_sha256',
            field=models.BinaryField(help_text='Of the rules that would stay.', max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='losscount',
            name='parts',
            field=models.JSONField(default=list, help_text='Every session with some of it, for bringing it up to date.'),
        ),
    ]
