"""Find events of the trail by what was done, by whom, and by how their subject begins; built while the trail is written.

The index by subject is built anew, so that it serves a beginning as well as a whole one; only then the old one goes.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("compliance", "0051_erasures_wait_for_zips"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(
                fields=["subject", "-id"],
                name="audit_subject_begins",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ),
        RemoveIndexConcurrently(model_name="auditevent", name="audit_subject"),
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["actor_name", "-id"], name="audit_actor_name"),
        ),
        AddIndexConcurrently(
            model_name="auditevent", index=models.Index(fields=["action", "-id"], name="audit_action")
        ),
    ]
