"""What of an export was destroyed after the checkpoint it stands on: its files must not outlive the words.

What was destroyed before that checkpoint is no part of an export, which only says that it was there.
"""

from typing import LiteralString

from archive import bulk
from archive.models import Leaf, Tombstone

SLACK = 100_000
"""Tombstones that are looked at again: two dispositions that run at once need not commit in the order of their keys."""
_AMONG: LiteralString = """
SELECT count(*) FROM archive_tombstone tombstone
JOIN archive_exportitem item USING (session_id, sent_at, message_id)
JOIN archive_leaf leaf ON leaf.kind = %b AND leaf.subject_id = tombstone.id
WHERE item.export_id = %b AND tombstone.id > %b AND leaf.index >= %b
"""


def newest() -> int:
    """The key of the newest tombstone, 0 without any."""
    key = Tombstone.objects.order_by("-pk").values_list("pk", flat=True).first()
    return 0 if key is None else int(key)


def among(export_id: int, *, size: int, looked_to: int = 0) -> int:
    """How many of an export's messages were destroyed since the log had `size` leaves; 0 when it has none written down.

    `looked_to` is what `newest` gave when nothing was found before: older tombstones are not looked at again.
    """
    ((count,),) = bulk.run(_AMONG, [int(Leaf.Kind.TOMBSTONE), export_id, max(0, looked_to - SLACK), size])
    return int(count)
