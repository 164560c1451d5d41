"""The names that sessions and channels had: kept when a newer one takes their place, so that they can be found by both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, LiteralString

from archive import bulk

_KEEP: LiteralString = """
    INSERT INTO archive_sessionname (account_id, zoom_id, name)
    SELECT known.account_id, known.zoom_id, known.name
    FROM unnest(%b::text[], %b::text[]) AS given (zoom_id, name)
    JOIN {table} known ON known.account_id = %b::bigint AND known.zoom_id = given.zoom_id
    WHERE known.name NOT IN (given.name, '') ORDER BY known.zoom_id
    ON CONFLICT (account_id, zoom_id, name) DO NOTHING
"""
_STATEMENTS: dict[str, LiteralString] = {
    "archive_session": _KEEP.replace("{table}", "archive_session"),
    "archive_channel": _KEEP.replace("{table}", "archive_channel"),
}


def keep(
    table: Literal["archive_session", "archive_channel"],
    *,
    account_id: int,
    zoom_ids: Sequence[str],
    names: Sequence[str],
) -> None:
    """Keep the names that rows have and are about to lose to these, in the caller's transaction."""
    bulk.run(_STATEMENTS[table], (list(zoom_ids), list(names), account_id))
