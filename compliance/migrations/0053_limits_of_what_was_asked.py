"""Exports and lists keep what the token allowed that they were asked with: a worker carries them out within the same.

Columns that are empty at first: nothing is rewritten, and what was asked before is somebody's own. As all that was asked
for, the limits of an export never change; those of a frozen list are guarded with the rest of it.
"""

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION compliance_guard_export() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('cancelled', 'withdrawn') THEN
        RAISE EXCEPTION 'An export that has ended is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.kind, OLD.matter_id, OLD.search_id, OLD.list_id, OLD.session_id, OLD.since, OLD.until, OLD.chosen, OLD.title,
        OLD.reason, OLD.formats, OLD.part_bytes, OLD.zone, OLD.request_key, OLD.asked_by_id, OLD.asked_by_name,
        OLD.asked_at, OLD.follows_id{old}) IS DISTINCT FROM
       (NEW.kind, NEW.matter_id, NEW.search_id, NEW.list_id, NEW.session_id, NEW.since, NEW.until, NEW.chosen, NEW.title,
        NEW.reason, NEW.formats, NEW.part_bytes, NEW.zone, NEW.request_key, NEW.asked_by_id, NEW.asked_by_name,
        NEW.asked_at, NEW.follows_id{new}) THEN
        RAISE EXCEPTION 'What was asked to be exported is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'measuring' AND (OLD.size, OLD.stands_at, OLD.contents, OLD.digest, OLD.measured_at) IS DISTINCT FROM
       (NEW.size, NEW.stands_at, NEW.contents, NEW.digest, NEW.measured_at) THEN
        RAISE EXCEPTION 'What was measured is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.settled IS NOT NULL AND OLD.settled IS DISTINCT FROM NEW.settled)
       OR (OLD.parts IS NOT NULL AND OLD.parts IS DISTINCT FROM NEW.parts) THEN
        RAISE EXCEPTION 'What was made first is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('measuring', 'measured'), ('measuring', 'cancelled'), ('measuring', 'failed'),
        ('measured', 'making'), ('measured', 'cancelled'), ('measured', 'failed'),
        ('making', 'ready'), ('making', 'expired'), ('making', 'cancelled'), ('making', 'failed'),
        ('ready', 'expired'), ('ready', 'withdrawn'), ('expired', 'making'), ('expired', 'withdrawn'),
        ('failed', 'making')
    ) THEN
        RAISE EXCEPTION 'An export that is % cannot become %.', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
BEFORE = GUARD.replace("{old}", "").replace("{new}", "")
AFTER = GUARD.replace("{old}", ", OLD.limits").replace("{new}", ", NEW.limits")
LIMITS = "What the token it was asked with allowed, as compliance.permissions.Limits; None: a person asked."


class Migration(migrations.Migration):
    dependencies = [("compliance", "0052_find_events")]

    operations = [
        migrations.AddField("export", "limits", models.JSONField(null=True, help_text=LIMITS)),
        migrations.AddField("messagelist", "limits", models.JSONField(null=True, help_text=LIMITS)),
        migrations.RunSQL(AFTER, BEFORE),
    ]
