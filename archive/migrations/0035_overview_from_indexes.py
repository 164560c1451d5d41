"""Count for the overview what was offered by day, and files by their state, from indexes alone; built while the archive is used."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("archive", "0034_find_old_words_of_zips"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="daycount",
            index=models.Index(fields=["day"], include=("session", "offered"), name="day_count_offered"),
        ),
        AddIndexConcurrently(
            model_name="attachment",
            index=models.Index(fields=["state", "not_before"], name="attachment_state"),
        ),
    ]
