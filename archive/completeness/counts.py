"""What the archive holds, counted exactly: for `status`, not for pages (it reads whole tables)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Sum

from archive.models import Blob, Checkpoint, IndexState, Message, Revision, Session

_LOG_SIZE = "SELECT coalesce(max(index) + 1, 0) FROM archive_leaf"


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
    blobs: int
    blob_bytes: int
    log_size: int
    checkpoint_size: int | None
    """Leaves under the newest signed checkpoint; None when there is none yet."""
    index: Index | None
    """None: no index has said anything yet."""


def totals() -> Totals:
    """Count everything."""
    revisions = dict.fromkeys(Revision.Kind.values, 0)
    revisions.update(dict(Revision.objects.order_by().values_list("kind").annotate(count=Count("pk"))))
    stored = Blob.objects.aggregate(count=Count("pk"), size=Sum("size_bytes", default=0))
    newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    state = IndexState.objects.order_by("-version", "-id").first()
    with connection.cursor() as cursor:
        cursor.execute(_LOG_SIZE)
        (log_size,) = cursor.fetchone() or (0,)
    return Totals(
        sessions=Session.objects.count(),
        messages=Message.objects.count(),
        revisions=revisions,
        blobs=stored["count"],
        blob_bytes=stored["size"],
        log_size=log_size,
        checkpoint_size=newest,
        index=None
        if state is None
        else Index(state.name, state.complete_to, state.documents, state.committed_at),
    )
