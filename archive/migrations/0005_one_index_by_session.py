"""Drop the index on a message's session alone: two others begin with it, and a planner without statistics
preferred it to the unique one, walking a whole session for every message it looked up."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0004_find_replies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='archive.session'),
        ),
    ]
