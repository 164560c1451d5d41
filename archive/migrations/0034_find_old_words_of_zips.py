"""Find files in zips whose passages are of another version without reading all; built while the archive is used."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("archive", "0033_words_of_zips_anew"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="holdentry",
            index=models.Index(
                condition=models.Q(("state", "due"), _negated=True), fields=["words", "id"], name="hold_entry_words"
            ),
        ),
    ]
