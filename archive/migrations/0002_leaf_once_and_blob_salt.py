"""A row has one leaf and no more; a blob has a salt like every other record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="leaf", name="leaf_subject"),
        migrations.AddConstraint(
            model_name="leaf",
            constraint=models.UniqueConstraint(fields=("kind", "subject_id"), name="leaf_once"),
        ),
        migrations.AddField(
            model_name="blob",
            name="salt",
            field=models.BinaryField(default=b"", max_length=16),
            preserve_default=False,
        ),
    ]
