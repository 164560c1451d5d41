"""A reconciliation that is done stays as it is: neither its run nor its sessions can be changed or removed.

1. A run that is done is never changed or removed; none is truncated.
2. A session's account is never changed; those of a run that is done cannot be added to or removed.
The tables are new, so nothing has to be checked and no lock is held for long.
"""

from django.db import migrations

KEPT = """
CREATE FUNCTION compliance_refuse_reconciled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    run bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN run := NEW.run_id; ELSE run := OLD.run_id; END IF;
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM compliance_reconciliationrun WHERE id = run AND state = 'done'
    ) THEN
        RAISE EXCEPTION '% of % is refused: it holds evidence, and evidence is never changed or removed.',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = {
    "compliance_reconciliationrun_kept": (
        "compliance_reconciliationrun",
        "BEFORE UPDATE OR DELETE ON compliance_reconciliationrun FOR EACH ROW "
        "WHEN (OLD.state = 'done') EXECUTE FUNCTION archive_refuse()",
    ),
    "compliance_reconciliationrun_stays": (
        "compliance_reconciliationrun",
        "BEFORE TRUNCATE ON compliance_reconciliationrun FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()",
    ),
    "compliance_reconciledsession_kept": (
        "compliance_reconciledsession",
        "BEFORE INSERT OR UPDATE OR DELETE ON compliance_reconciledsession FOR EACH ROW "
        "EXECUTE FUNCTION compliance_refuse_reconciled()",
    ),
    "compliance_reconciledsession_stays": (
        "compliance_reconciledsession",
        "BEFORE TRUNCATE ON compliance_reconciledsession FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("compliance", "0032_reconciliations"), ("archive", "0003_protect_evidence")]

    operations = [
        migrations.RunSQL(KEPT, "DROP FUNCTION compliance_refuse_reconciled CASCADE"),
        *(
            migrations.RunSQL(f"CREATE TRIGGER {name} {when}", f"DROP TRIGGER IF EXISTS {name} ON {table}")
            for name, (table, when) in TRIGGERS.items()
        ),
    ]
