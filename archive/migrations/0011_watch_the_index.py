"""Room to compare every day of every search index with the archive, and to say what keeps an index from going on.

The tables have a row a day and an index folder: small, so that the new index of one is built in place.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0010_find_unsearched_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="dayindexed",
            name="checked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dayindexed",
            name="differs_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dayindexed",
            name="digest",
            field=models.PositiveBigIntegerField(
                default=0, help_text="Of all versions indexed; see archive.search.days."
            ),
        ),
        migrations.AddField(
            model_name="dayindexed",
            name="finding",
            field=models.CharField(
                choices=[
                    ("unchecked", "not compared yet"),
                    ("agrees", "as in the archive"),
                    ("differs", "not as in the archive"),
                ],
                default="unchecked",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="dayindexed",
            name="healed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dayindexed",
            name="healed_messages",
            field=models.PositiveBigIntegerField(default=0, help_text="Indexed anew the last time."),
        ),
        migrations.AddField(
            model_name="dayindexed",
            name="tries",
            field=models.PositiveIntegerField(default=0, help_text="Times indexed anew since it differs."),
        ),
        migrations.AddField(
            model_name="indexstate",
            name="home",
            field=models.CharField(
                blank=True, help_text="The host it is on, and the folder there.", max_length=1000
            ),
        ),
        migrations.AddField(
            model_name="indexstate",
            name="is_last_resort",
            field=models.BooleanField(
                default=False,
                help_text="Built because healing did not help; never built anew for that again.",
            ),
        ),
        migrations.AddField(
            model_name="indexstate",
            name="seen_at",
            field=models.DateTimeField(help_text="When its indexer was last heard of.", null=True),
        ),
        migrations.AlterField(
            model_name="indexstate",
            name="last_error",
            field=models.TextField(blank=True, help_text="What keeps it from going on now; empty: nothing."),
        ),
        migrations.AddIndex(
            model_name="dayindexed",
            index=models.Index(
                condition=models.Q(("finding", "differs")), fields=["state"], name="day_indexed_differs"
            ),
        ),
    ]
