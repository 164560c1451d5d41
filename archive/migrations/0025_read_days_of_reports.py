"""Read the days of reports from an index alone. The table is derived and young: the index is built in place."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0024_watch_every_channel'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='reportcount',
            index=models.Index(condition=models.Q(('grain', 'd')), fields=['begins'], include=('session_id', 'sender_id', 'messages', 'edited', 'deleted', 'destroyed', 'files', 'file_bytes', 'files_unsized', 'first_at', 'last_at'), name='report_count_days'),
        ),
    ]
