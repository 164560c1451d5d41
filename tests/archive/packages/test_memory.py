"""Memory does not grow with a package, nor with a day of long texts: a part of a day is all that is held."""

import tracemalloc
from datetime import timedelta

import pytest

from archive import bulk
from archive.models import Page, Window
from archive.packages import dividing, making, weights
from archive.packages.content import Format, Request
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk
from tests.archive.packages.conftest import everything

_MESSAGES = """
WITH said AS (
    INSERT INTO archive_message (session_id, zoom_id, sent_at, sent_at_is_doubtful, reply_to_zoom_id)
    SELECT %b::bigint, 'many-' || n, %b::timestamptz + n * %b::interval, false, ''
    FROM generate_series(1, %b::int) AS n RETURNING id, sent_at
), version AS (
    INSERT INTO archive_revision (message_id, kind, digest, raw, salt, text, sender_name, page_id, stored_at)
    SELECT id, 'sent', decode(md5(id::text) || md5(id::text), 'hex'), convert_to(repeat('word ', %b::int), 'UTF8'),
           decode(md5(id::text), 'hex'), repeat('word ', %b::int), 'Ines', %b::bigint, sent_at
    FROM said RETURNING id
)
SELECT archive_append(array_agg(1::smallint), array_agg(id), string_agg(decode(md5(id::text) || md5(id::text), 'hex'), ''),
                      %b::timestamptz) FROM version
"""


def say_many(
    talk: Talk,
    number: int,
    *,
    words: int = 200,
    apart: timedelta = timedelta(minutes=5),
    formats: frozenset[Format] = frozenset({Format.CSV}),
) -> Request:
    """So many messages of so many words of five letters, so far apart, and the request of all of them."""
    page = Page.objects.create(
        window=Window.objects.first(), pull=1, number=1, operation="x", request="x", status=200,
        body_sha256=bytes(32), body_bytes=0, received_at=scenes.NOW, salt=bytes(16),
    )  # fmt: skip
    since = scenes.NOON - timedelta(days=200)
    bulk.run(_MESSAGES, (talk.session_id, since, apart, number, words, words, page.pk, scenes.NOW))
    return everything(talk, export_id=number, formats=formats)


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


LONG_WORDS, LONG_BYTES = 6_500, 32_500
"""A message of 32 KB, which is about the longest that Zoom takes."""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_day_of_long_texts_takes_no_more_than_a_part_of_it(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten megabytes said in five minutes: in none of the forms is that day, or a page of its records, held as a whole."""
    for module, name in ((weights, "MOST_BYTES"), (dividing, "MOST_TEXT_BYTES")):
        monkeypatch.setattr(module, name, 500_000)
    number = 300
    formats = frozenset(Format) - {Format.PDF}  # which has its memory in a process of its own, within limits
    request = say_many(talk, number, words=LONG_WORDS, apart=timedelta(seconds=1), formats=formats)
    assert peak_bytes(request) < number * LONG_BYTES
