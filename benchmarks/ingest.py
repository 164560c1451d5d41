"""How fast pages of messages become rows and leaves, as a share of what decoding and the database allow.

The pages look like Zoom's: 100 messages of about 580 bytes. Measured one after another, in a database of its
own that is dropped afterwards: decoding alone; a bare `INSERT … SELECT FROM unnest` of the same bytes into a
table with a primary key and one unique index; ingest with one and with ten pages a transaction; and the same
pages again, when every record is known already.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from django.db import transaction

from archive import bulk, ingest
from archive.models import Account, Session, Window
from zoom import decoding
from zoom.errors import RequestNote
from zoom.records.messages import MessageRecord
from zoom.records.reports import MessagePage

PAGE = 100
NOW = datetime(2026, 11, 20, tzinfo=UTC)
_WORDS = ["please", "review", "the", "draft", "before", "friday", "numbers", "attached", "invoice", "moved"]


def run(*, messages: int = 20_000) -> dict[str, float]:
    """Messages per second of each step; needs an empty, migrated database."""
    bodies = [list(_raws(random.Random(number), number)) for number in range(messages // PAGE)]
    pages = [_page(raws, number) for number, raws in enumerate(bodies)]
    one, ten = _window("one"), _window("ten")
    steps: dict[str, Callable[[], object]] = {
        "decoding alone, messages/s": lambda: [_page(raws, number) for number, raws in enumerate(bodies)],
        "bare insert, 10 pages a transaction, messages/s": lambda: _bare(pages),
        "ingest, 1 page a transaction, messages/s": lambda: _ingest(pages, one, 1),
        "the same again, messages/s": lambda: _ingest(pages, one, 1),
        "ingest, 10 pages a transaction, messages/s": lambda: _ingest(pages, ten, 10),
        "the same once more, messages/s": lambda: _ingest(pages, ten, 10),
    }
    return {name: _timed(step, messages) for name, step in steps.items()}


def _timed(step: Callable[[], object], messages: int) -> float:
    begun = perf_counter()
    step()
    return messages / (perf_counter() - begun)


def _raws(chance: random.Random, number: int) -> Iterator[bytes]:
    for n in range(PAGE):
        at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=number * PAGE + n)
        person = chance.randrange(60)
        yield json.dumps(
            {
                "id": f"{chance.getrandbits(128):032X}",
                "message": " ".join(chance.choices(_WORDS, k=chance.randrange(4, 40))),
                "sender": f"person{person}@example.com",
                "sender_member_id": f"member-{person:040}",
                "sender_display_name": f"Person {person}",
                "date_time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "timestamp": int(at.timestamp() * 1000),
                "reactions": [{"emoji": "U+1F44D", "total_count": 1, "user_ids": ["u"], "member_ids": ["m"]}],
                "files": [],
            }
        ).encode()


def _page(raws: list[bytes], number: int) -> MessagePage:
    body = b'{"messages":[%b]}' % b",".join(raws)
    return MessagePage(
        request=RequestNote("reportChatMessages", "GET", "/report/chat/sessions/s", ()),
        received_at=NOW,
        status=200,
        body=body,
        number=number + 1,
        attempt=0,
        is_last=False,
        sent=decoding.records(MessageRecord, raws),
        edited=(),
        deleted=(),
    )


def _window(zoom_id: str) -> Window:
    account, _ = Account.objects.get_or_create(
        zoom_account_id="bench", defaults={"sealed_client_secret": b"", "connected_at": NOW}
    )
    session = Session.objects.create(account=account, zoom_id=zoom_id, first_seen_at=NOW, last_seen_at=NOW)
    day = date(2026, 11, 1)
    return Window.objects.create(
        account=account, session=session, kind="messages", first_day=day, last_day=day, not_before=NOW
    )


def _ingest(pages: list[MessagePage], window: Window, size: int) -> None:
    for start in range(0, len(pages), size):
        ingest.message_pages(pages[start : start + size], window=window, pull=1, now=NOW)


def _bare(pages: list[MessagePage]) -> None:
    bulk.run(
        "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, zoom_id text UNIQUE, raw bytea)"
    )
    for start in range(0, len(pages), 10):
        found = [record for page in pages[start : start + 10] for record in page.sent]
        with transaction.atomic():
            bulk.run("SET LOCAL synchronous_commit = off")
            bulk.run(
                "INSERT INTO bare (zoom_id, raw) SELECT * FROM unnest(%b::text[], %b::bytea[])",
                ([record.id for record in found], [record.raw for record in found]),
            )
    bulk.run("DROP TABLE bare")
