"""A request stays what was asked for, who decided it stays who decided it, and one that has ended is never changed.

1. A request begins as asked, undecided. It can be neither removed nor emptied away.
2. What it is about, its digest, its reason, who asked, when and until when never change; nor do who approved it and
   when, once somebody has.
3. Its state goes only where compliance.models.approvals.TRANSITIONS says; from an end nowhere, nor does anything else
   of it change then.

The table is new, so no lock is held for long.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION compliance_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' OR NEW.approved_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'A request begins undecided.' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state NOT IN ('asked', 'approved') THEN
        RAISE EXCEPTION 'A request that has ended is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.kind, OLD.subject, OLD.parameters, OLD.title, OLD.items, OLD.counts, OLD.figures, OLD.digest, OLD.reason,
        OLD.asked_by_id, OLD.asked_by_name, OLD.asked_at, OLD.expires_at)
        IS DISTINCT FROM
       (NEW.kind, NEW.subject, NEW.parameters, NEW.title, NEW.items, NEW.counts, NEW.figures, NEW.digest, NEW.reason,
        NEW.asked_by_id, NEW.asked_by_name, NEW.asked_at, NEW.expires_at) THEN
        RAISE EXCEPTION 'What was asked for is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.state <> 'asked' OR NEW.state <> 'approved') AND
       (OLD.approved_by_id, OLD.approved_by_name, OLD.approved_at, OLD.runs_at) IS DISTINCT FROM
       (NEW.approved_by_id, NEW.approved_by_name, NEW.approved_at, NEW.runs_at) THEN
        RAISE EXCEPTION 'Who approved a request, and when, is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('asked', 'approved'), ('asked', 'refused'), ('asked', 'withdrawn'), ('asked', 'expired'),
        ('asked', 'overtaken'), ('approved', 'carried_out'), ('approved', 'withdrawn'), ('approved', 'overtaken'),
        ('approved', 'failed')
    ) THEN
        RAISE EXCEPTION 'A request that is % cannot become %.', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = {
    "compliance_request_guarded": "BEFORE INSERT OR UPDATE ON compliance_request FOR EACH ROW "
    "EXECUTE FUNCTION compliance_guard_request()",
    "compliance_request_stays": "BEFORE DELETE OR TRUNCATE ON compliance_request FOR EACH STATEMENT "
    "EXECUTE FUNCTION archive_refuse()",
}


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0009_requests"),
        ("archive", "0003_protect_evidence"),
    ]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION compliance_guard_request CASCADE"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {name} {when}", f"DROP TRIGGER IF EXISTS {name} ON compliance_request"
            )
            for name, when in TRIGGERS.items()
        ),
    ]
