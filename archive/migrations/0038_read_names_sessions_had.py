"""Take the names that sessions and channels had from what Zoom said of them: every state of them was kept.

Reads what was observed some thousand rows at a time, without a lock, and writes names only; may be run again. A name that
is the newest one as well does no harm. What cannot be read as a record names nothing.
"""

import json

from django.db import migrations

AT_ONCE = 5_000
LIMIT = 1_000
UNSTORABLE = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421}
UNSTORABLE |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


def name_in(raw):
    try:
        record = json.loads(raw.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return ""
    name = record.get("name") if isinstance(record, dict) else None
    return name.translate(UNSTORABLE)[:LIMIT] if isinstance(name, str) else ""


def forwards(apps, schema_editor):
    observations = apps.get_model("archive", "Observation").objects.filter(kind__in=("session", "channel"))
    names = apps.get_model("archive", "SessionName").objects
    found, after = {}, 0
    while True:
        some = observations.filter(pk__gt=after).order_by("pk").values_list("pk", "account_id", "subject", "raw")
        rows = list(some[:AT_ONCE])
        if len(rows) == 0:
            break
        after = rows[-1][0]
        for _, account_id, subject, raw in rows:
            name = name_in(bytes(raw))
            if name != "":
                found.setdefault((account_id, subject), set()).add(name)
    several = ((key, name) for key, called in found.items() if len(called) > 1 for name in sorted(called))
    batch = [names.model(account_id=key[0], zoom_id=key[1], name=name) for key, name in several]
    names.bulk_create(batch, batch_size=AT_ONCE, ignore_conflicts=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("archive", "0037_names_sessions_had")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
