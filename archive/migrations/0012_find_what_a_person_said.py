"""Find what a person said where and when, for holds; built while the archive is used."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("archive", "0011_watch_the_index"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(fields=["sender", "session", "sent_at"], name="message_sender_place"),
        ),
    ]
