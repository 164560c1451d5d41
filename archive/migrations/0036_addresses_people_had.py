"""The addresses people had before the newest: a new table, filled as records come; the newest is known already."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("archive", "0035_overview_from_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=320)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="archive.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "address"), name="person_address_once")
                ],
            },
        ),
    ]
