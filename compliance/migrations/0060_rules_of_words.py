"""Searches and lists keep under which rules for what a word is they were made: all there are, under the second.

The first ones were gone before anything could be saved. Two columns with a constant value: nothing is rewritten.
"""

from django.db import migrations, models

SECOND = 2


class Migration(migrations.Migration):
    dependencies = [("compliance", "0059_names_of_places")]

    operations = [
        migrations.AddField(
            "savedsearch",
            "analysis",
            models.PositiveSmallIntegerField(
                default=SECOND, help_text="The version of the analysis that told then what a word is."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "messagelist", "analysis", models.PositiveSmallIntegerField(default=SECOND), preserve_default=False
        ),
    ]
