"""Somebody's word for a request is given once, to exactly what was asked for, and stays.

1. Each approval given before today becomes a row of its own.
2. An approval is refused from whoever asked, for another digest, and for a request that no longer waits; none is
   changed or removed.
3. A request becomes approved only when as many people as it needs have said so, the last of them among them. How many
   it needs never changes.

Nobody is kept waiting: the table of approvals is new, and requests are few.
"""

from django.db import migrations

OF_OLD = """
INSERT INTO compliance_approval (request_id, person_id, person_name, at, digest)
SELECT id, approved_by_id, approved_by_name, approved_at, digest FROM compliance_request
WHERE approved_by_id IS NOT NULL
"""
GUARD = """
CREATE FUNCTION compliance_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked compliance_request;
BEGIN
    SELECT * INTO asked FROM compliance_request WHERE id = NEW.request_id FOR UPDATE;
    IF asked.state IS DISTINCT FROM 'asked' OR NEW.at >= asked.expires_at THEN
        RAISE EXCEPTION 'Only a request that waits is approved.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.person_id = asked.asked_by_id THEN
        RAISE EXCEPTION 'Nobody approves their own request.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.digest <> asked.digest THEN
        RAISE EXCEPTION 'What is approved is not what was asked for.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION compliance_guard_approvers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approvers <> OLD.approvers THEN
        RAISE EXCEPTION 'How many must approve a request is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'approved' AND OLD.state = 'asked' AND (
        (SELECT count(*) FROM compliance_approval WHERE request_id = NEW.id) < NEW.approvers
        OR NOT EXISTS (
            SELECT FROM compliance_approval WHERE request_id = NEW.id AND person_id = NEW.approved_by_id)
    ) THEN
        RAISE EXCEPTION 'A request needs the word of % people.', NEW.approvers
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_approval_guarded BEFORE INSERT ON compliance_approval
    FOR EACH ROW EXECUTE FUNCTION compliance_guard_approval();
CREATE TRIGGER compliance_approval_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON compliance_approval
    FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse();
CREATE TRIGGER compliance_request_approvers BEFORE UPDATE ON compliance_request
    FOR EACH ROW EXECUTE FUNCTION compliance_guard_approvers();
"""
UNGUARD = """
DROP TRIGGER compliance_request_approvers ON compliance_request;
DROP FUNCTION compliance_guard_approvers();
DROP FUNCTION compliance_guard_approval() CASCADE;
DROP TRIGGER compliance_approval_stays ON compliance_approval;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0027_several_approvers"), ("archive", "0003_protect_evidence")]

    operations = [
        migrations.RunSQL(OF_OLD, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
