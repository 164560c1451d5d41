"""What custodians were told stays as it was told.

1. A wording is never changed or removed; it comes into force once.
2. A notice keeps its text, its recipient and where it came from; when it was sent, acknowledged and revoked is written
   once; its state goes only where the state machine lets it. None is removed.
3. Who was named as somebody's superior is only added to.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION compliance_refuse_untelling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what people were told is evidence, and is never changed or removed.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
APPROVAL = ("approved_by_id", "approved_by_name", "in_force_from")
MOVING = (
    "state",
    "attempts",
    "not_before",
    "claimed_at",
    "claim",
    "handed_over_at",
    "last_error",
    "zoom_message_id",
)
"""What may change as a notice is sent; everything else is either fixed or one of these:"""
ONCE = ("sent_at", "acknowledged_at", "acknowledged_from", "acknowledged_with", "comment", "revoked_at")
TRANSITIONS = {
    "review": ("due", "discarded"),
    "due": ("claimed", "acknowledged", "discarded"),
    "claimed": ("due", "sent", "acknowledged", "unsure", "failed", "discarded"),
    "unsure": ("due", "acknowledged"),
    "failed": ("due", "acknowledged", "discarded"),
    "sent": ("acknowledged",),
}
STAYING = ("compliance_wording", "compliance_notice", "compliance_superior", "compliance_noticeplan")


def _without(row, names):
    return " - ".join([f"to_jsonb({row})", *(f"'{name}'" for name in names)])


def protect(apps, schema_editor):
    """Triggers."""
    run = schema_editor.execute
    run(REFUSE, params=None)
    changed = f"{_without('OLD', APPROVAL)} IS DISTINCT FROM {_without('NEW', APPROVAL)}"
    run(
        "CREATE TRIGGER compliance_wording_stays_as_written BEFORE UPDATE ON compliance_wording FOR EACH ROW "
        f"WHEN (OLD.in_force_from IS NOT NULL OR {changed}) EXECUTE FUNCTION compliance_refuse_untelling()",
        params=None,
    )
    allowed = " OR ".join(
        f"(OLD.state = '{before}' AND NEW.state IN ({', '.join(repr(after) for after in into)}))"
        for before, into in TRANSITIONS.items()
    )
    rewritten = f"{_without('OLD', MOVING + ONCE)} IS DISTINCT FROM {_without('NEW', MOVING + ONCE)}"
    again = " OR ".join(
        f"(OLD.{name} IS NOT NULL AND OLD.{name}::text <> '' AND OLD.{name} IS DISTINCT FROM NEW.{name})"
        for name in ONCE
    )
    answer = ("acknowledged_from", "acknowledged_with", "comment")
    before, after = (", ".join(f"{row}.{name}" for name in answer) for row in ("OLD", "NEW"))
    again += f" OR (OLD.acknowledged_at IS NOT NULL AND ({before}) IS DISTINCT FROM ({after}))"
    run(
        "CREATE TRIGGER compliance_notice_stays_as_told BEFORE UPDATE ON compliance_notice FOR EACH ROW "
        f"WHEN ({rewritten} OR {again} OR (OLD.state <> NEW.state AND NOT ({allowed}))) "
        "EXECUTE FUNCTION compliance_refuse_untelling()",
        params=None,
    )
    run(
        "CREATE TRIGGER compliance_superior_stays BEFORE UPDATE ON compliance_superior FOR EACH STATEMENT "
        "EXECUTE FUNCTION compliance_refuse_untelling()",
        params=None,
    )
    for table in STAYING:
        run(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION compliance_refuse_untelling()",
            params=None,
        )


def unprotect(apps, schema_editor):
    """The tables as Django made them."""
    schema_editor.execute("DROP FUNCTION compliance_refuse_untelling CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0012_notices")]

    operations = [migrations.RunPython(protect, unprotect)]
