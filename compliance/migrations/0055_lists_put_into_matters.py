"""A frozen list that was put into a matter says which list it was. A column that is empty at first."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0054_stop_counts_and_lists")]

    operations = [
        migrations.AddField(
            "messagelist",
            "copy_of",
            models.ForeignKey(
                help_text="The list that it was, before it was put into its matter.", null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="compliance.messagelist",
            ),
        ),
    ]
