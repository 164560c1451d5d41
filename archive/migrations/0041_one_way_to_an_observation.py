"""Drop an index by account alone of observations, which another begins with: without statistics it looked as good as that one.

Not by AlterField, which would check every row against its account again while nothing could be written.
"""

import django.db.models.deletion
from django.db import migrations, models

_NAME = "archive_observation_account_id_1e0b6f7f"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("archive", "0040_words_of_names")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {_NAME}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {_NAME} ON archive_observation (account_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="observation",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="archive.account"
                    ),
                )
            ],
        )
    ]
