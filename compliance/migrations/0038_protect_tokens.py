"""A token says for good who could have asked what: it is used and revoked, and nothing else of it changes.

1. Everything but its end and the time of its last use stays as it was made; its end is written once.
2. Tokens are not removed.

The table is new.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION compliance_guard_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - '{revoked_at,revoked_by_name,why_revoked,last_used_at}'::text[]
       IS DISTINCT FROM to_jsonb(NEW) - '{revoked_at,revoked_by_name,why_revoked,last_used_at}'::text[] THEN
        RAISE EXCEPTION 'What a token allows is never changed: revoke it, and make another.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.revoked_at IS NOT NULL AND
       (OLD.revoked_at, OLD.revoked_by_name, OLD.why_revoked, OLD.last_used_at) IS DISTINCT FROM
       (NEW.revoked_at, NEW.revoked_by_name, NEW.why_revoked, NEW.last_used_at) THEN
        RAISE EXCEPTION 'A token that was revoked stays revoked, and is used no more.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_token_guarded BEFORE UPDATE ON compliance_token
    FOR EACH ROW EXECUTE FUNCTION compliance_guard_token();
CREATE TRIGGER compliance_token_stays BEFORE DELETE OR TRUNCATE ON compliance_token
    FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse();
"""
UNGUARD = """
DROP TRIGGER compliance_token_stays ON compliance_token;
DROP FUNCTION compliance_guard_token() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0037_tokens"), ("archive", "0003_protect_evidence")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
