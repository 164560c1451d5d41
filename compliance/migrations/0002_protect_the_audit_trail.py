"""The audit trail is evidence: what happened is never changed or removed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial"), ("archive", "0003_protect_evidence")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER compliance_auditevent_is_evidence "
            "BEFORE UPDATE OR DELETE OR TRUNCATE ON compliance_auditevent "
            "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()",
            "DROP TRIGGER compliance_auditevent_is_evidence ON compliance_auditevent",
        )
    ]
