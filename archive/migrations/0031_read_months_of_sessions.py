"""Read how much was said in a session from an index alone; built while the archive is used."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("archive", "0030_one_door_for_zips"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="reportcount",
            index=models.Index(
                condition=models.Q(("grain", "m")),
                fields=["session_id"],
                include=("begins", "sender_id", "messages", "destroyed"),
                name="report_count_spoken",
            ),
        ),
    ]
