"""Whose lists of members are known: all channels of all accounts, by how the last look at their members went."""

from dataclasses import dataclass
from typing import LiteralString

from archive import bulk

_NAMED = 5
_COUNTED: LiteralString = """
WITH lists AS (
    SELECT row.read_at, row.last_error,
           (SELECT said ->> 'refused' FROM archive_sighting seen WHERE seen.lookout_id = row.id
            ORDER BY seen.id DESC LIMIT 1) = 'true' AS closed,
           coalesce((SELECT name FROM archive_channel WHERE account_id = row.account_id AND zoom_id = row.subject
                     AND name <> ''),
                    (SELECT max(name) FROM archive_session WHERE account_id = row.account_id
                     AND channel_id = row.subject), '') AS title
    FROM archive_lookout row WHERE row.kind = 'members' AND row.state <> 'resting'
), missing AS (SELECT title, last_error FROM lists WHERE closed OR last_error <> '')
SELECT count(*), count(*) FILTER (WHERE read_at IS NULL AND last_error = ''), (SELECT count(*) FROM missing),
       ARRAY(SELECT DISTINCT title FROM missing WHERE title <> '' ORDER BY title LIMIT %b),
       coalesce((SELECT max(last_error) FROM missing), '')
FROM lists
"""


@dataclass(frozen=True, slots=True)
class Rosters:
    """Lists of members of channels: how many, how many not read yet, and how many that could not be read."""

    channels: int
    waiting: int
    missing: int
    """Zoom does not tell the members, or the last attempt failed."""
    titles: tuple[str, ...]
    """What the first of the missing ones are called."""
    reason: str
    """Why one of them failed; "" when Zoom simply does not tell."""

    @property
    def others(self) -> int:
        """How many are missing besides those named."""
        return self.missing - len(self.titles)


def rosters() -> Rosters:
    """Count them, in one query."""
    channels, waiting, missing, titles, reason = bulk.run(_COUNTED, (_NAMED,))[0]
    return Rosters(channels, waiting, missing, tuple(titles), reason)
