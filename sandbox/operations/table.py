"""Every operation by its id, and every scope there is."""

from sandbox.operations import (
    account_channels,
    channels,
    contacts,
    emoji,
    files,
    im_chat,
    im_groups,
    invitations,
    legal_hold,
    mention_groups,
    messages,
    migration,
    reminders,
    reports,
    sessions,
    spaces,
)
from sandbox.operations.rows import Operation

_TAGS = (
    account_channels,
    channels,
    contacts,
    emoji,
    files,
    im_chat,
    im_groups,
    invitations,
    legal_hold,
    mention_groups,
    messages,
    migration,
    reminders,
    reports,
    sessions,
    spaces,
)

OPERATIONS: dict[str, Operation] = {row.id: row for tag in _TAGS for row in tag.ROWS}
CLASSIC_SCOPES = frozenset(scope for row in OPERATIONS.values() for scope in row.classic_scopes)
GRANULAR_SCOPES = frozenset(scope for row in OPERATIONS.values() for scope in row.granular_scopes)
