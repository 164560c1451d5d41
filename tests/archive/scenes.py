"""Pages of Zoom records for tests, from plain dictionaries, and a conversation to put them in."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from archive.models import Account, Session, Window
from zoom import decoding
from zoom.errors import RequestNote
from zoom.records.messages import MessageRecord
from zoom.records.reports import MessagePage, SessionPage, SessionRecord

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
INES = {"sender": "ines@example.com", "sender_member_id": "m-ines", "sender_display_name": "Ines"}
RAVI = {"sender": "ravi@example.com", "sender_member_id": "m-ravi", "sender_display_name": "Ravi"}
OLU = {"sender": "", "sender_member_id": "m-olu", "sender_display_name": "Olu (guest)"}


def account(name: str = "acme") -> Account:
    return Account.objects.create(
        zoom_account_id=name, name=name, client_id="c", sealed_client_secret=b"", connected_at=NOW
    )


def conversation(zoom_id: str = "s1", *, of: Account | None = None) -> Window:
    """A session and the window of its November."""
    held_by = of if of is not None else account(f"account of {zoom_id}")
    session = Session.objects.create(
        account=held_by, zoom_id=zoom_id, type="Group", name="general", first_seen_at=NOW, last_seen_at=NOW
    )
    return Window.objects.create(
        account=held_by,
        session=session,
        kind=Window.Kind.MESSAGES,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        not_before=NOW,
    )


def month_of(held_by: Account) -> Window:
    """The window that lists the sessions of November."""
    window, _ = Window.objects.get_or_create(
        account=held_by,
        kind=Window.Kind.SESSIONS,
        first_day=date(2026, 11, 1),
        defaults={"last_day": date(2026, 11, 30), "not_before": NOW},
    )
    return window


def said(text: str, *, id: str, by: dict[str, str] = INES, minute: int = 0, **fields: Any) -> dict[str, Any]:
    """A record of a message, `minute` minutes after noon of 2 November."""
    at = NOON + timedelta(minutes=minute)
    times = {"timestamp": int(at.timestamp() * 1000), "date_time": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {"id": id, "message": text, **by, **times, **fields}


def page(
    sent: Sequence[Any] = (), *, edited: Sequence[Any] = (), deleted: Sequence[Any] = (), number: int = 1
) -> MessagePage:
    """A page as the client gives it; an element that is bytes already is taken as it is."""
    lists = [[_raw(element) for element in elements] for elements in (sent, edited, deleted)]
    read = [decoding.records(MessageRecord, raws) for raws in lists]
    joined = [b",".join(raws) for raws in lists]
    body = b'{"messages":[%b],"edited_messages":[%b],"deleted_messages":[%b]}' % tuple(joined)
    query = (("from", "2026-11-01"), ("to", "2026-11-30"))
    return MessagePage(
        request=RequestNote("reportChatMessages", "GET", "/report/chat/sessions/s1", query),
        received_at=NOW,
        status=200,
        body=body,
        number=number,
        attempt=0,
        is_last=True,
        sent=read[0],
        edited=read[1],
        deleted=read[2],
    )


def session_list(sessions: Sequence[Any]) -> SessionPage:
    """A page of the list of sessions."""
    raws = [_raw(element) for element in sessions]
    return SessionPage(
        request=RequestNote("reportChatSessions", "GET", "/report/chat/sessions", ()),
        received_at=NOW,
        status=200,
        body=b'{"sessions":[%b]}' % b",".join(raws),
        number=1,
        attempt=0,
        is_last=True,
        sessions=decoding.records(SessionRecord, raws),
    )


def _raw(element: Any) -> bytes:
    return element if isinstance(element, bytes) else json.dumps(element).encode()
