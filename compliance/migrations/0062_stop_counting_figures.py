"""Counting the figures of a request can be stopped. No row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0061_progress_of_erasures")]

    operations = [
        migrations.AlterField(
            model_name="requestcount",
            name="state",
            field=models.CharField(
                choices=[
                    ("due", "to be counted"),
                    ("claimed", "being counted"),
                    ("counted", "counted"),
                    ("stopped", "stopped"),
                    ("failed", "could not be counted"),
                ],
                default="due",
                max_length=10,
            ),
        ),
    ]
