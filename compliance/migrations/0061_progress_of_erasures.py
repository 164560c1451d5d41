"""How far looking at a request for erasure is, and let that change. Columns with a constant default: no row is written."""

from django.db import migrations, models

BEFORE = (
    "state,free,held,bound,bound_until,matters,duties,looked_at,attempts,not_before,claimed_at,claim,last_error,"
    "ended_at,ended_by_name,ending,zipped"
)


def guard(standing):
    return f"""
CREATE OR REPLACE FUNCTION compliance_guard_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('completed', 'withdrawn') AND
       to_jsonb(OLD) - '{{not_before,claim,claimed_at}}'::text[]
       IS DISTINCT FROM to_jsonb(NEW) - '{{not_before,claim,claimed_at}}'::text[] THEN
        RAISE EXCEPTION 'A request for erasure that has ended is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(OLD) - '{{{standing}}}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{{{standing}}}'::text[] THEN
        RAISE EXCEPTION 'What was asked to be erased is never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0060_rules_of_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='erasure',
            name='done',
            field=models.PositiveBigIntegerField(default=0, help_text='Sessions looked at this time.'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='total',
            field=models.PositiveBigIntegerField(default=0, help_text='Sessions to look at; 0: not known yet.'),
        ),
        migrations.RunSQL(guard(f"{BEFORE},done,total"), guard(BEFORE)),
    ]
