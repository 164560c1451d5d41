"""Find the messages that forward one: when it comes, its words are words of theirs. Built while the archive is used."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("archive", "0038_read_names_sessions_had")]

    operations = [
        AddIndexConcurrently(
            model_name="forward", index=models.Index(fields=["forward_id"], name="forward_original")
        ),
    ]
