"""Which conversations could be held themselves: found by what they are called, or by who is in them.

Readers for the console: plain frozen values, a constant number of queries, nothing changed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from archive import directory
from archive.models import Session, SessionMember

MOST = 50
_KINDS = {Session.Type.GROUP.value: "group", Session.Type.DIRECT.value: "one to one"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A session: `title` is its name or its members', `kind` group, one to one, or "" when Zoom did not say."""

    session_id: int
    account_id: int
    title: str
    kind: str
    last_message_at: datetime | None


def of(session_ids: Collection[int], *, account_id: int | None = None) -> list[Conversation]:
    """These sessions, by name; those of another account are left out where one is named."""
    found = Session.objects.filter(pk__in=session_ids)
    return _conversations(found if account_id is None else found.filter(account_id=account_id))


def named(words: str, *, account_id: int, limit: int = MOST) -> list[Conversation]:
    """Sessions in whose name, or in the names and addresses of whose members, each of the words is; the first by name
    when there are no words."""
    found = Session.objects.filter(account_id=account_id)
    for word in words.replace("\x00", "").split():
        member = SessionMember.objects.filter(session=OuterRef("pk")).filter(
            Q(person__display_name__icontains=word) | Q(person__email__icontains=word)
        )
        found = found.filter(Q(name__icontains=word) | Exists(member))
    return _conversations(found, limit=limit)


def called(name: str, *, account_id: int) -> list[Conversation]:
    """Sessions of exactly this name, in whatever case."""
    wanted = name.replace("\x00", "").strip()
    return (
        []
        if wanted == ""
        else _conversations(Session.objects.filter(account_id=account_id, name__iexact=wanted))
    )


def _conversations(found: QuerySet[Session], *, limit: int | None = None) -> list[Conversation]:
    """Those with a name first."""
    has_none = ExpressionWrapper(Q(name=""), output_field=BooleanField())
    rows = list(found.order_by(has_none, "name", "pk")[:limit])
    titles = directory.titles({row.pk for row in rows})
    return [
        Conversation(
            session_id=row.pk,
            account_id=row.account_id,
            title=titles[row.pk],
            kind=_KINDS.get(row.type, ""),
            last_message_at=row.last_message_at,
        )
        for row in rows
    ]
