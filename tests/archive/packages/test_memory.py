"""Memory does not grow with a package: a day of a session is all that is held."""

import tracemalloc
from datetime import timedelta

import pytest

from archive import bulk
from archive.models import Page, Window
from archive.packages import making
from archive.packages.content import Format, Request
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk
from tests.archive.packages.conftest import everything

_MESSAGES = """
WITH said AS (
    INSERT INTO archive_message (session_id, zoom_id, sent_at, sent_at_is_doubtful, reply_to_zoom_id)
    SELECT %b::bigint, 'many-' || n, %b::timestamptz + n * interval '5 minutes', false, ''
    FROM generate_series(1, %b::int) AS n RETURNING id, sent_at
), version AS (
    INSERT INTO archive_revision (message_id, kind, digest, raw, salt, text, sender_name, page_id, stored_at)
    SELECT id, 'sent', decode(md5(id::text) || md5(id::text), 'hex'), convert_to(repeat('word ', 200), 'UTF8'),
           decode(md5(id::text), 'hex'), repeat('word ', 200), 'Ines', %b::bigint, sent_at
    FROM said RETURNING id
)
SELECT archive_append(array_agg(1::smallint), array_agg(id), string_agg(decode(md5(id::text) || md5(id::text), 'hex'), ''),
                      %b::timestamptz) FROM version
"""


def say_many(talk: Talk, number: int) -> Request:
    """So many messages of a kilobyte, five minutes apart, and the request of all of them."""
    page = Page.objects.create(
        window=Window.objects.first(), pull=1, number=1, operation="x", request="x", status=200,
        body_sha256=bytes(32), body_bytes=0, received_at=scenes.NOW, salt=bytes(16),
    )  # fmt: skip
    since = scenes.NOON - timedelta(days=200)
    bulk.run(_MESSAGES, (talk.session_id, since, number, page.pk, scenes.NOW))
    return everything(talk, export_id=number, formats=frozenset({Format.CSV}))


def peak_bytes(request: Request) -> int:
    tracemalloc.start()
    try:
        making.measure(request)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_four_times_the_messages_take_no_more(talk: Talk) -> None:
    """At most a few megabytes, which is what a page of records varies by."""
    few_bytes = peak_bytes(say_many(talk, 2_000))
    many_bytes = peak_bytes(say_many(Talk(scenes.conversation("s2")), 8_000))
    assert many_bytes < few_bytes + 4_000_000
    assert many_bytes < 60_000_000
