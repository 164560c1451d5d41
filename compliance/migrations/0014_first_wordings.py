"""The wordings that come with Holdfast: version 1 of each kind, in force until somebody here writes another.

They say of themselves that nobody here has approved them. Those that exist already are left alone.
"""

from datetime import UTC, datetime

from django.db import migrations

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""Earlier than any moment at which somebody here approves another, whatever a clock said when this ran."""
CAME_WITH = "came with Holdfast"
HOLD = """Dear {custodian},

You may have messages, files or other records that matter for “{matter}”. The reason is this:

{reason}

Please keep everything that could be about it, from {since} on: chat messages, files, mail, notes and documents, wherever they are. Do not delete, change or hide anything, even where another rule would let you, and switch off whatever deletes by itself.

This is so until you are told in writing that it is over. Do not speak about it with others unless they have to know.

Please say that you have read this, with this link. You need no account, and it is for you alone:

{acknowledge_link}

If you have a question, write it there, or ask {contact}.
"""
REMINDER = """Dear {custodian},

On {first_sent} you were asked to keep everything that could be about “{matter}”. You have not yet said that you have read it.

Please do so now, with this link. You need no account, and it is for you alone:

{acknowledge_link}

The whole notice is shown there. If you have a question, write it there, or ask {contact}.
"""
ESCALATION = """Dear {recipient},

On {first_sent} {custodian} was asked to keep records for “{matter}”, and has been reminded since. They have not yet said that they have read it.

Please see to it that they open the link they were sent and confirm. Only they can do that. If they are away or have left, please tell {contact}.
"""
RELEASE = """Dear {custodian},

You were asked to keep everything that could be about “{matter}”. That is over: you need no longer keep anything for it.

If something is to be kept for another reason, that stays so. If you have a question, ask {contact}.
"""
FIRST = (
    ("hold", "Please keep records: {matter}", HOLD),
    ("reminder", "Reminder: please confirm that you keep records: {matter}", REMINDER),
    ("escalation", "{custodian} has not confirmed a request to keep records", ESCALATION),
    ("release", "You need no longer keep records: {matter}", RELEASE),
)


def write(apps, schema_editor):
    """One row a kind."""
    wordings = apps.get_model("compliance", "Wording").objects
    for kind, subject, body in FIRST:
        wordings.get_or_create(
            kind=kind,
            number=1,
            defaults={
                "subject": subject,
                "body": body,
                "made_by_name": CAME_WITH,
                "made_at": WRITTEN,
                "approved_by_name": CAME_WITH,
                "in_force_from": WRITTEN,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0013_protect_notices")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
