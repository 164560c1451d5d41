"""The names that sessions and channels had before the newest: a new table, filled by the next migration and by ingest."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("archive", "0036_addresses_people_had"),
    ]

    operations = [
        migrations.CreateModel(
            name="SessionName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zoom_id", models.CharField(help_text="Of the session or of the channel.", max_length=255)),
                ("name", models.CharField(max_length=1000)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="archive.account",
                    ),
                ),
            ],
            options={
                "ordering": ["account", "zoom_id", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "zoom_id", "name"), name="session_name_once")
                ],
            },
        ),
    ]
