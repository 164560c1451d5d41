"""Find sessions and people by the words of their names from indexes; built while the archive is used."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from archive.models.names import index_of_words


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("archive", "0039_find_what_forwards")]

    operations = [
        AddIndexConcurrently(model, index_of_words(column, name=name))
        for model, column, name in (
            ("channel", "name", "channel_words"),
            ("person", "display_name", "person_words"),
            ("person", "email", "person_email_words"),
            ("personaddress", "address", "person_address_words"),
            ("personname", "name", "person_name_words"),
            ("session", "name", "session_words"),
            ("sessionname", "name", "session_name_words"),
        )
    ]
