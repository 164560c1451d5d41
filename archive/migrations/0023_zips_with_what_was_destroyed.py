"""Count how many messages of a zip were destroyed here: a zip is kept as it came, and they are not stored again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0022_keep_no_samples_of_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='holdfile',
            name='messages_destroyed',
            field=models.PositiveBigIntegerField(help_text='Of these, those that were destroyed here under a disposition; None: unknown.', null=True),
        ),
    ]
