"""Count what of a request for erasure lies in a zip that is kept (None: not looked since), and let that count change."""

from django.db import migrations, models

BEFORE = (
    "state,free,held,bound,bound_until,matters,duties,looked_at,attempts,not_before,claimed_at,claim,last_error,"
    "ended_at,ended_by_name,ending"
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
        ('compliance', '0050_protect_zips_of_dispositions'),
    ]

    operations = [
        migrations.AddField(
            model_name='erasure',
            name='zipped',
            field=models.PositiveBigIntegerField(help_text='Free of holds and duties, and in a zip of a legal hold that is kept.', null=True),
        ),
        migrations.RunSQL(guard(f"{BEFORE},zipped"), guard(BEFORE)),
    ]
