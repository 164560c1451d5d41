"""Of which version the passages of files in zips are: of none that is known, so all are made anew, by the workers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("archive", "0032_records_of_exports"),
    ]

    operations = [
        migrations.AddField(
            model_name="holdentry",
            name="words",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="Version of its passages, see archive.search.held_passages; 0: none.",
            ),
        ),
    ]
