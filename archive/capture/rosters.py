"""Whose lists of members are looked at: those of every channel of an account, of which anything is known, held or not.

Whoever is in a channel and says nothing is in no report; a hold on them later covers what they received until then.
"""

from datetime import datetime
from typing import LiteralString

from archive import bulk
from archive.models import Lookout

_CHANNELS: LiteralString = """
WITH channels AS (
    SELECT zoom_id FROM archive_channel WHERE account_id = %b
    UNION
    SELECT channel_id FROM archive_session WHERE account_id = %b AND type <> '1:1' AND channel_id <> ''
)
SELECT channels.zoom_id, coalesce(
    (SELECT seen.said ->> 'owner' FROM archive_lookout row JOIN archive_sighting seen ON seen.lookout_id = row.id
     WHERE row.account_id = %b AND row.kind = 'owner' AND row.subject = channels.zoom_id AND seen.said ? 'owner'
     ORDER BY seen.id DESC LIMIT 1),
    (SELECT person.user_id FROM archive_session place
     JOIN archive_sessionmember named ON named.session_id = place.id JOIN archive_person person ON person.id = named.person_id
     WHERE place.account_id = %b AND place.channel_id = channels.zoom_id AND person.user_id IS NOT NULL
     ORDER BY named.last_seen_at DESC, person.id LIMIT 1),
    (SELECT person.user_id FROM archive_channel channel
     JOIN archive_membership step ON step.channel_id = channel.id JOIN archive_person person ON person.id = step.person_id
     WHERE channel.account_id = %b AND channel.zoom_id = channels.zoom_id AND step.action = 'joined'
       AND person.user_id IS NOT NULL ORDER BY step.at DESC, step.id LIMIT 1),
    '')
FROM channels ORDER BY channels.zoom_id
"""
# In whose place to ask: its owner, whoever the newest list names, whoever joined last.
_SEEN_SINCE: LiteralString = """
UPDATE archive_lookout row SET not_before = least(row.not_before, %b::timestamptz)
WHERE row.account_id = %b AND row.kind = 'members' AND row.state = 'due' AND row.attempts = 0 AND EXISTS (
    SELECT FROM archive_session place WHERE place.account_id = row.account_id AND place.channel_id = row.subject
      AND place.first_seen_at > row.read_at)
"""
# A list read before the channel was in any report could name nobody as a member of its session.


def wanted(account_id: int) -> list[tuple[str, str, str]]:
    """Kind, subject and in whose place, of the list of members of every channel."""
    found = bulk.run(_CHANNELS, (account_id,) * 5)
    return [(Lookout.Kind.MEMBERS.value, channel, user) for channel, user in found]


def read_again(account_id: int, *, now: datetime) -> None:
    """Make those due that were read before a report named the session of their channel."""
    bulk.run(_SEEN_SINCE, (now, account_id))
