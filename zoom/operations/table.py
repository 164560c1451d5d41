"""Every operation of the API that the client has, by its id, and which of them a token allows."""

from __future__ import annotations

from collections.abc import Iterable

from zoom.facts import (
    account_channels,
    channels,
    contacts,
    emoji,
    files,
    im_chat,
    im_groups,
    invitations,
    kept,
    legal_hold,
    mention_groups,
    messages,
    migration,
    reminders,
    reports,
    sessions,
    spaces,
)
from zoom.facts.rows import Label, Operation

__all__ = ["OPERATIONS", "Label", "Operation", "not_allowed"]

_TAGS = (
    reports,
    legal_hold,
    files,
    account_channels,
    channels,
    mention_groups,
    messages,
    kept,
    reminders,
    sessions,
    emoji,
    contacts,
    invitations,
    im_chat,
    im_groups,
    spaces,
    migration,
)

OPERATIONS: dict[str, Operation] = {row.id: row for tag in _TAGS for row in tag.ROWS}


def not_allowed(*, granted: frozenset[str], operations: Iterable[str] = OPERATIONS) -> tuple[Operation, ...]:
    """Those of the named operations that a token with these scopes cannot call, in the table's order."""
    wanted = frozenset(operations)
    return tuple(row for row in OPERATIONS.values() if row.id in wanted and not row.is_allowed_by(granted))
