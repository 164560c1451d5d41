"""What was answered to changes that came with an Idempotency-Key: a new table, only ever added to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("compliance", "0043_words_of_exports")]

    operations = [
        migrations.CreateModel(
            name="TokenAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("asked", models.BinaryField(help_text="SHA-256 of the method, the address and what was said.", max_length=32)),
                ("status", models.PositiveSmallIntegerField()),
                ("said", models.JSONField(help_text="None: nothing was to be said.", null=True)),
                ("at", models.DateTimeField()),
                ("token", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="compliance.token")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("token", "key"), name="token_answer_once")],
            },
        ),
    ]
