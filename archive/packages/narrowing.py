"""What an export has, cut down to what somebody may see: whoever chose it knew what is held, not who asks."""

from django.db import connection

from archive import admitted
from archive.scope import Scope


def keep_within(export_id: int, *, scope: Scope) -> int:
    """Take out of an export what is outside a scope; how many messages that were."""
    condition, values = admitted.condition(scope, of="archive_exportitem.message_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM archive_exportitem WHERE export_id = %s AND NOT {condition}",
            [export_id, *values],
        )
        return int(cursor.rowcount)
