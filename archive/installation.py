"""What this installation consists of: connected accounts and what they granted, and how much room the record takes.

Readers for pages: plain frozen values, a constant number of queries, nothing changed. No secret leaves here.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum

from archive import features
from archive.models import Account, Blob, Checkpoint


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One connected account."""

    account_id: int
    name: str
    zoom_account_id: str
    plan: str
    budget_share: float
    api_url: str
    grant: features.Grant
    scopes_seen_at: datetime | None
    token_error: str
    connected_at: datetime
    is_active: bool


@dataclass(frozen=True, slots=True)
class Storage:
    """Room taken and left; `free_bytes` is None when the data folder cannot be asked."""

    database_bytes: int
    blobs: int
    blob_bytes: int
    free_bytes: int | None
    total_bytes: int | None


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """One signed checkpoint."""

    size: int
    root: str
    made_at: datetime
    note: str


def accounts() -> list[AccountLine]:
    """Connected accounts, oldest first."""
    return [
        AccountLine(
            account_id=row.pk,
            name=row.name,
            zoom_account_id=row.zoom_account_id,
            plan=row.get_plan_display(),
            budget_share=row.budget_share,
            api_url=row.api_url,
            grant=features.grant_of(row.granted_scopes),
            scopes_seen_at=row.scopes_seen_at,
            token_error=row.token_error,
            connected_at=row.connected_at,
            is_active=row.is_active,
        )
        for row in Account.objects.order_by("pk")
    ]


def storage() -> Storage:
    """How much room the database and the blobs take, and how much the data folder's disk has left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (database_bytes,) = cursor.fetchone()
    stored = Blob.objects.aggregate(count=Count("pk"), size=Sum("size_bytes", default=0))
    free, total = room()
    return Storage(database_bytes, stored["count"], stored["size"], free, total)


def checkpoints(*, limit: int = 10) -> list[CheckpointLine]:
    """The newest signed checkpoints first."""
    rows = Checkpoint.objects.order_by("-size")[:limit]
    return [CheckpointLine(row.size, bytes(row.root).hex(), row.made_at, row.note) for row in rows]


def room() -> tuple[int | None, int | None]:
    """How many bytes the data folder's disk has left, of how many; None where that cannot be asked.

    By itself, because the first page asks for no more: what lies in the database and the store takes long to count.
    """
    folder = Path(settings.HOLDFAST_DATA)
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        usage = shutil.disk_usage(existing)
    except OSError:
        return None, None
    return usage.free, usage.total
