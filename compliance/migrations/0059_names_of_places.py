"""What a conversation was called when it was held itself. A column with a constant default: no row is written."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0058_what_is_missing'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='session_name',
            field=models.CharField(blank=True, help_text='What was held in itself, as it was called then.', max_length=1000),
        ),
    ]
