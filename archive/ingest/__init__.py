"""Pages of Zoom records become evidence: rows, leaves of the log, and things still to fetch.

It promises: whatever Zoom sent is kept, byte for byte, in one transaction with its leaf, or the transaction
fails and nothing is kept; a page may be ingested again, late, or by several workers at once without a double
row or a deadlock; every record offered is counted exactly once as archived, duplicate, excluded, failed or
destroyed; and what was destroyed is not stored again, in whatever state it comes.

It never drops a record it does not understand (`Unreadable` keeps it), never changes evidence, never talks to
Zoom, and never closes a window: that is the capture's decision.

Locks are always taken in this order: the session (advisory), people by id, rows of the session, names of
people, the log (advisory, by `log.append`, last).
"""

from archive.ingest import groups
from archive.ingest.counts import DayAccount, PageCounts
from archive.ingest.members import channel_members
from archive.ingest.messages import message_page, message_pages
from archive.ingest.observed import Seen, observation, observations, unreadable
from archive.ingest.sessions import session_page

__all__ = [
    "DayAccount",
    "PageCounts",
    "Seen",
    "channel_members",
    "groups",
    "message_page",
    "message_pages",
    "observation",
    "observations",
    "session_page",
    "unreadable",
]
