"""An index to find a message's replies by, without holding up writers while it is built."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("archive", "0003_protect_evidence")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("reply_to_zoom_id", ""), _negated=True),
                fields=["session", "reply_to_zoom_id"],
                name="message_thread",
            ),
        ),
    ]
