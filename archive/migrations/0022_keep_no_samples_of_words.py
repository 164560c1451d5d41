"""Let Postgres keep no samples of what was said: its statistics of a column hold values of it, whoever destroys the rows."""

from django.db import migrations

WORDS = {
    "archive_attachment": ["name"],
    "archive_extraction": ["problems", "text"],
    "archive_observation": ["raw"],
    "archive_revision": ["oddities", "raw", "sender_name", "text"],
}


def _statements(target):
    return [
        f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS {target}'
        for table, columns in WORDS.items()
        for column in columns
    ]


class Migration(migrations.Migration):
    dependencies = [("archive", "0021_certificates")]

    operations = [migrations.RunSQL(_statements(0), _statements(-1))]
