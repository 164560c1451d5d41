"""What the archive holds, counted exactly: for `status`, not for pages (it reads whole tables)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Sum

from archive.models import Blob, Checkpoint, IndexState, Message, Revision, Session
from archive.search import folder

_LOG_SIZE = "SELECT coalesce(max(index) + 1, 0) FROM archive_leaf"
_TWICE_AND_FIRST = """
    SELECT
        (SELECT count(*) FROM archive_revision s WHERE s.kind = 'sent' AND EXISTS (
            SELECT FROM archive_revision e
            WHERE e.message_id = s.message_id AND e.kind = 'edited' AND e.text = s.text
                AND (s.action_at IS NULL OR s.action_at = e.action_at)
        )),
        (SELECT count(*) FROM archive_revision e JOIN archive_message m ON m.id = e.message_id
            WHERE e.kind = 'edited' AND e.action_at <= m.sent_at)
"""


@dataclass(frozen=True, slots=True)
class Index:
    """How far the search index has followed the log."""

    name: str
    complete_to: int
    documents: int
    committed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Exact counts."""

    sessions: int
    messages: int
    revisions: Mapping[str, int]
    """States that can be told apart: first wordings (`sent`), later ones (`edited`), deletions (`deleted`)."""
    records: Mapping[str, int]
    """Records kept, by the list of the report they came in: Zoom tells the wording of an edited message twice."""
    blobs: int
    blob_bytes: int
    log_size: int
    checkpoint_size: int | None
    """Leaves under the newest signed checkpoint; None when there is none yet."""
    index: Index | None
    """None: no index has said anything yet."""


def totals() -> Totals:
    """Count everything."""
    records = dict.fromkeys(Revision.Kind.values, 0)
    records.update(dict(Revision.objects.order_by().values_list("kind").annotate(count=Count("pk"))))
    stored = Blob.objects.aggregate(count=Count("pk"), size=Sum("size_bytes", default=0))
    newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    state = IndexState.objects.filter(name=folder.named()).first()
    state = state or IndexState.objects.order_by("-complete_to", "-id").first()  # of another host
    with connection.cursor() as cursor:
        cursor.execute(_LOG_SIZE)
        (log_size,) = cursor.fetchone() or (0,)
    return Totals(
        sessions=Session.objects.count(),
        messages=Message.objects.count(),
        revisions=_states(records),
        records=records,
        blobs=stored["count"],
        blob_bytes=stored["size"],
        log_size=log_size,
        checkpoint_size=newest,
        index=None
        if state is None
        else Index(state.name, state.complete_to, state.documents, state.committed_at),
    )


def _states(records: Mapping[str, int]) -> dict[str, int]:
    """The records with each state once: a wording that came in two lists is one, and the first one was sent."""
    with connection.cursor() as cursor:
        cursor.execute(_TWICE_AND_FIRST)
        twice, first = cursor.fetchone() or (0, 0)
    sent, edited = Revision.Kind.SENT.value, Revision.Kind.EDITED.value
    return {**records, sent: records[sent] - twice + first, edited: records[edited] - first}
