"""Who a name means, and which conversations they take or took part in.

People are found by any name and address they ever had, as far as rows tell. They take part where the sessions report
named them as a member, where a channel's joins name them, and where they said something.
"""

from collections.abc import Collection
from typing import Any, LiteralString

from archive import bulk
from archive.models import Membership, Session, SessionMember
from archive.search import called
from archive.search.query import To, With, Words

_ALL: LiteralString = " UNION ALL "
_NAMES: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("SELECT person_id, name FROM archive_personname WHERE ", "name"),
    ("SELECT id, display_name FROM archive_person WHERE ", "display_name"),
    ("SELECT id, email FROM archive_person WHERE ", "email"),
    ("SELECT person_id, address FROM archive_personaddress WHERE ", "address"),
)


def named(node: With | To) -> frozenset[int]:
    """The ids of the people meant; none when nobody is called so."""
    if node.person_id is not None:
        return frozenset((node.person_id,))
    words = Words(node.name, node.match, node.edits)
    statements, values = [], list[Any]()
    for beginning, column in _NAMES:
        may_be, its = called.likely(column, words)
        statements.append(beginning + may_be)
        values += its
    found = bulk.run(_ALL.join(statements), values)
    return frozenset(person_id for person_id, name in found if called.is_called(name, words))


def sessions_of(people: Collection[int]) -> frozenset[int]:
    """The sessions in which these people are or were members, as far as Zoom said."""
    members = SessionMember.objects.filter(person_id__in=people).values_list("session_id", flat=True)
    joined = Membership.objects.filter(person_id__in=people).values_list(
        "channel__account_id", "channel__zoom_id"
    )
    channels = set(joined)
    if len(channels) == 0:
        return frozenset(members)
    by_channel = Session.objects.filter(channel_id__in={zoom_id for _, zoom_id in channels})
    found = by_channel.values_list("id", "account_id", "channel_id")
    return frozenset(members) | frozenset(
        session_id for session_id, account_id, zoom_id in found if (account_id, zoom_id) in channels
    )
