"""What an archive has beside messages: edits, deletions, files, windows and days, channels, zips of holds.

In the database, for the messages of a range of keys, as capture leaves it; each row that is evidence has its leaf.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString

from django.db import connection, transaction

from archive import log
from archive.models import Leaf
from benchmarks._record import Town

AT_ONCE = 50_000
HOLD_ZIPS = 4
"""Of each custodian at Zoom."""

# Of a hundred messages three were edited and one deleted.
_VERSIONS: LiteralString = """
    INSERT INTO archive_revision (message_id, kind, digest, raw, salt, text, sender_name, action_at, page_id, stored_at)
    SELECT message.id, change.kind, sha256((message.id || change.kind)::bytea), convert_to(
            json_build_object('id', message.zoom_id, 'message', first.text || ' (once more)', 'timestamp',
                round(extract(epoch FROM message.sent_at) * 1000), 'sender_display_name', first.sender_name)::text, 'UTF8'),
        decode(md5(message.id || change.kind), 'hex'), CASE change.kind WHEN 'edited' THEN first.text || ' (once more)' ELSE '' END,
        first.sender_name, message.sent_at + interval '5 minutes', first.page_id, first.stored_at
    FROM archive_message message JOIN archive_revision first ON first.message_id = message.id AND first.kind = 'sent'
    CROSS JOIN LATERAL (SELECT CASE WHEN message.id %% 100 = 13 THEN 'deleted' ELSE 'edited' END AS kind) change
    WHERE message.id BETWEEN %s AND %s AND message.id %% 100 IN (7, 13, 40, 73)
    RETURNING id
"""
# Of twenty-five messages one has a file, of fifty of these one is not here, of ten one cannot be read.
_BLOBS: LiteralString = """
    INSERT INTO archive_blob (sha256, size_bytes, media_type, stored_at, salt)
    SELECT sha256(id::text::bytea), 1000 + id %% 5000000, 'application/pdf', sent_at + interval '1 hour',
        decode(md5(id::text), 'hex')
    FROM archive_message WHERE id BETWEEN %s AND %s AND id %% 25 = 3 AND id %% 1250 <> 3
    RETURNING id
"""
_FILES: LiteralString = """
    INSERT INTO archive_attachment (message_id, zoom_file_id, name, size_bytes_claimed, digest_claimed, blob_id, state,
        attempts, not_before, last_error, inside)
    SELECT message.id, 'file-' || message.id, 'report ' || message.id || '.pdf', 1000 + message.id %% 5000000, '', blob.id,
        CASE WHEN blob.id IS NOT NULL THEN 'stored' WHEN message.id %% 2500 = 3 THEN 'gone' ELSE 'due' END, 1,
        message.sent_at, '', CASE WHEN blob.id IS NULL THEN '' WHEN message.id %% 250 = 28 THEN 'unreadable' ELSE 'read' END
    FROM archive_message message LEFT JOIN archive_blob blob ON blob.sha256 = sha256(message.id::text::bytea)
    WHERE message.id BETWEEN %s AND %s AND message.id %% 25 = 3
    RETURNING id
"""
_EXTRACTIONS: LiteralString = """
    INSERT INTO archive_extraction (blob_id, state, kind, reason, problems, version, characters, text_sha256, attempts,
        not_before, read_at, last_error)
    SELECT blob_id, inside, 'pdf', CASE inside WHEN 'read' THEN '' ELSE 'encrypted' END, '[]', 1, 0, '', 1, not_before,
        not_before, ''
    FROM archive_attachment WHERE message_id BETWEEN %s AND %s AND blob_id IS NOT NULL
"""
_READINGS: LiteralString = """
    INSERT INTO archive_reading (attachment_id, sha256, version, outcome, reason, characters, text_sha256, read_at, salt)
    SELECT id, sha256(message_id::text::bytea), 1, inside, CASE inside WHEN 'read' THEN '' ELSE 'encrypted' END, 0, '',
        not_before, decode(md5(id::text), 'hex')
    FROM archive_attachment WHERE message_id BETWEEN %s AND %s AND blob_id IS NOT NULL
    RETURNING id
"""
# A window a session and month; one in two hundred broke off, and those of the newest month are read again.
_WINDOWS: LiteralString = """
    INSERT INTO archive_window (account_id, session_id, kind, first_day, last_day, run_id, state, attempts, not_before,
        last_error, last_error_code, complete_through, closed_at, pulls, pages, offered, archived, duplicate, excluded,
        failed, destroyed)
    SELECT account_id, session_id, kind, first_day, last_day, (SELECT max(id) FROM archive_run),
        CASE WHEN is_gap THEN 'gap' ELSE 'complete' END, 1 + is_gap::int, timestamptz '9999-01-01',
        CASE WHEN is_gap THEN 'Zoom answered with HTML.' ELSE '' END, CASE WHEN is_gap THEN 'unexpected_reply' ELSE '' END,
        CASE WHEN NOT is_gap THEN least(%(now)s, last_day + interval '3 days') END, %(now)s, 1, 1, 0, 0, 0, 0, 0, 0
    FROM (
        SELECT account_id, session_id, kind, greatest(month::date, %(start)s::date) AS first_day,
            least((month + interval '1 month - 1 day')::date, %(now)s::date) AS last_day,
            kind = 'messages' AND session_id %% 200 = 17 AND extract(month FROM month) = 3 AS is_gap
        FROM generate_series(date_trunc('month', %(start)s::timestamp), %(now)s::timestamp, interval '1 month') AS month
        CROSS JOIN (
            SELECT account_id, id AS session_id, 'messages' AS kind FROM archive_session
            UNION ALL SELECT id, NULL, 'sessions' FROM archive_account
            UNION ALL SELECT id, NULL, 'modifications' FROM archive_account
        ) AS place
    ) AS span
"""
_CLOSURES: LiteralString = """
    INSERT INTO archive_windowclosure (window_id, pull, state, reason, account, closed_at, salt)
    SELECT id, 1, state, last_error, '{}', closed_at, decode(md5(id::text), 'hex') FROM archive_window
    RETURNING id
"""
_DAYS: LiteralString = """
    INSERT INTO archive_daycount (session_id, day, window_id, offered, archived, duplicate, excluded, failed, destroyed,
        counted_at)
    SELECT said.session_id, day, span.id, said.offered, said.offered, 0, 0, 0, 0, span.closed_at
    FROM (
        SELECT session_id, (sent_at AT TIME ZONE 'UTC')::date AS day, count(*) AS offered FROM archive_message GROUP BY 1, 2
    ) AS said
    JOIN archive_window span ON span.session_id = said.session_id AND day BETWEEN span.first_day AND span.last_day
    ON CONFLICT (session_id, day) DO UPDATE SET offered = excluded.offered, archived = excluded.archived
"""
_TOTALS: LiteralString = """
    UPDATE archive_window SET offered = counted.offered, archived = counted.offered
    FROM (SELECT window_id, sum(offered) AS offered FROM archive_daycount GROUP BY 1) AS counted
    WHERE id = counted.window_id
"""
_NEWEST: LiteralString = """
    UPDATE archive_session SET last_message_at = newest.sent_at
    FROM (SELECT session_id, max(sent_at) AS sent_at FROM archive_message GROUP BY 1) AS newest WHERE id = newest.session_id
"""
_PAGES: LiteralString = """
    INSERT INTO archive_page (window_id, pull, number, operation, request, status, body_sha256, body_bytes, received_at, salt)
    SELECT span.id, 1, n, 'messages', 'GET /report/chat/sessions/s', 200, sha256((n || '-' || span.id)::bytea), 40000,
        %s, decode(md5(span.id::text), 'hex')
    FROM archive_window span CROSS JOIN generate_series(1, 2) AS n
    RETURNING id
"""
_RUNS: LiteralString = """
    INSERT INTO archive_run (account_id, kind, first_day, last_day, started_at, finished_at, requests_estimated,
        windows_total, windows_complete, windows_gaps)
    SELECT archive_account.id, 'scheduled', day - 2, day, day + time '02:00', day + time '02:20', 4000, 2000, 2000, 0
    FROM archive_account CROSS JOIN (SELECT %(start)s::date + n AS day FROM generate_series(0, 364) AS n) AS days
"""
_CHANNELS: LiteralString = """
    INSERT INTO archive_channel (account_id, zoom_id, name, type, last_seen_at)
    SELECT account_id, channel_id, name, CASE WHEN id %% 3 = 0 THEN 2 ELSE 3 END, %(now)s
    FROM archive_session WHERE type = 'Group'
"""
_STEPS: LiteralString = """
    INSERT INTO archive_membership (channel_id, person_id, action, at, noticed)
    SELECT channel.id, member.person_id, action, %(start)s::timestamptz + n * interval '5 days' +
        (member.id %% 300) * interval '1 day', false
    FROM archive_sessionmember member
    JOIN archive_session session ON session.id = member.session_id AND session.type = 'Group'
    JOIN archive_channel channel ON channel.zoom_id = session.channel_id
    CROSS JOIN (VALUES ('joined', -70), ('left', 5)) AS step (action, n)
    WHERE action = 'joined' OR member.id %% 5 = 0
"""
_LOOKOUTS: LiteralString = """
    INSERT INTO archive_lookout (account_id, kind, subject, through, state, attempts, not_before, last_error, for_holds,
        begun_at, read_at)
    SELECT account_id, kind, zoom_id, '', 'due', 0, timestamptz '9999-01-01', '', true, %(start)s, %(now)s
    FROM archive_channel CROSS JOIN unnest(ARRAY['retention', 'owner', 'members']) AS kind
    UNION ALL SELECT account_id, 'contact', email, '', 'due', 0, timestamptz '9999-01-01', '', true, %(start)s, %(now)s FROM archive_person
    UNION ALL SELECT id, kind, '', '', 'due', 0, timestamptz '9999-01-01', '', true, %(start)s, %(now)s FROM archive_account
        CROSS JOIN unnest(ARRAY['matters', 'spaces']) AS kind
"""
_SIGHTINGS: LiteralString = """
    INSERT INTO archive_sighting (lookout_id, said, seen_at, before_at)
    SELECT lookout.id, CASE kind
            WHEN 'retention' THEN jsonb_build_object('custom', true, 'period', CASE n WHEN 1 THEN '1y' ELSE '2y' END)
            WHEN 'owner' THEN jsonb_build_object('owner', 'u-' || lookout.id %% 50, 'name', 'Owner ' || lookout.id %% 50)
            WHEN 'members' THEN '{"members": []}' WHEN 'contact' THEN '{"status": "active"}' WHEN 'matters' THEN '{"matters": {}}'
            ELSE '{"spaces": {}}' END,
        %(start)s::timestamptz + n * interval '30 days', CASE n WHEN 1 THEN NULL ELSE %(start)s::timestamptz + interval '59 days' END
    FROM archive_lookout lookout CROSS JOIN generate_series(1, 2) AS n ORDER BY n
"""
_GROUPS: LiteralString = """
    INSERT INTO archive_peoplegroup (account_id, kind, zoom_id, name, channel_id, listed_at, read_at)
    SELECT archive_account.id, 'directory', 'group-' || n, 'Group ' || n, '', %(now)s, %(now)s
    FROM archive_account CROSS JOIN generate_series(1, 50) AS n
"""
_GROUP_MEMBERS: LiteralString = """
    INSERT INTO archive_groupmember (group_id, person_id, first_seen_at, last_seen_at)
    SELECT team.id, person.id, %(start)s, %(now)s FROM archive_peoplegroup team JOIN archive_person person
        ON (person.id + team.id) %% 10 = 0
"""
_DEPARTMENTS: LiteralString = """
    UPDATE archive_person SET department = 'Department ' || id %% 20, is_external = id %% 10 = 0
"""
_ASKED_FOR_ZIPS: LiteralString = """
    INSERT INTO archive_holdcustodian (account_id, zoom_matter_id, identifier, email, person_id, state, attempts, not_before,
        last_error, first_seen_at, seen_at, listed_at)
    SELECT person.account_id, matter.zoom_id, person.email, person.email, person.id, 'due', 0, timestamptz '9999-01-01', '',
        matter.asked_at, matter.asked_at, matter.asked_at
    FROM compliance_zoommatter matter JOIN compliance_zoommatter_custodians pair ON pair.zoommatter_id = matter.id
    JOIN compliance_custodian custodian ON custodian.id = pair.custodian_id
    JOIN archive_person person ON person.id = custodian.person_id
    WHERE matter.matter_id BETWEEN %s AND %s
"""
_ZIPS: LiteralString = """
    INSERT INTO archive_holdfile (custodian_id, file_key, version, is_newest, first_day, last_day, files_claimed,
        size_bytes_claimed, ready, first_seen_at, seen_at, state, attempts, not_before, begun_at_bytes, bytes_done,
        last_error, blob_id, stored_at, opening, opening_attempts, opening_error, opened_at, files_found, messages_found,
        messages_unreported, messages_destroyed, messages_reported, compared_at)
    SELECT custodian.id, 'zip-' || n, 1, true, custodian.seen_at::date, custodian.seen_at::date + 30, 20, 1000000, true,
        custodian.seen_at, custodian.seen_at, CASE WHEN is_here THEN 'stored' ELSE 'due' END, 1, custodian.seen_at, 0,
        1000000, '', CASE WHEN is_here THEN (SELECT min(id) FROM archive_blob) END, custodian.seen_at,
        CASE WHEN is_here THEN 'opened' ELSE '' END, 1, '', custodian.seen_at, 20, 500, 0, 0, 500, custodian.seen_at
    FROM archive_holdcustodian custodian
    JOIN compliance_zoommatter matter ON matter.zoom_id = custodian.zoom_matter_id AND matter.matter_id BETWEEN %s AND %s
    CROSS JOIN generate_series(1, %s) AS n
    CROSS JOIN LATERAL (SELECT (custodian.id + n) %% 20 <> 0 AS is_here) AS state
"""


def surround(town: Town) -> None:
    """What there is once: windows, runs, pages, channels with their members and settings, groups of people."""
    given = {"start": town.start, "now": town.start + timedelta(days=365)}
    with transaction.atomic():
        for statement in (
            _DEPARTMENTS,
            _RUNS,
            _WINDOWS,
            _CHANNELS,
            _STEPS,
            _LOOKOUTS,
            _SIGHTINGS,
            _GROUPS,
            _GROUP_MEMBERS,
        ):
            _run(statement, given)
        _log(Leaf.Kind.PAGE, _run(_PAGES, [town.start]), town)
        _log(Leaf.Kind.WINDOW, _run(_CLOSURES, []), town)


def follow(town: Town, *, first: int, last: int) -> None:
    """Versions and files of the messages with keys from `first` to `last`, then the days and windows of all."""
    for begin in range(first, last + 1, AT_ONCE):
        span = [begin, min(begin + AT_ONCE - 1, last)]
        with transaction.atomic():
            versions, blobs = _run(_VERSIONS, span), _run(_BLOBS, span)
            _run(_FILES, span)
            _run(_EXTRACTIONS, span)
            readings = _run(_READINGS, span)
            _log(Leaf.Kind.REVISION, versions, town)
            _log(Leaf.Kind.BLOB, blobs, town)
            _log(Leaf.Kind.READING, readings, town)
    with transaction.atomic():
        for statement in (_DAYS, _TOTALS, _NEWEST):
            _run(statement, [])


def list_zips(*, first: int, last: int) -> None:
    """The zips that Zoom made for the custodians of matters with keys from `first` to `last`."""
    with transaction.atomic():
        _run(_ASKED_FOR_ZIPS, [first, last])
        _run(_ZIPS, [first, last, HOLD_ZIPS])


def _run(statement: LiteralString, given: Mapping[str, datetime] | Sequence[Any]) -> list[int]:
    """The keys it returns."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(statement, given)
        return [key for (key,) in cursor.fetchall()] if "RETURNING" in statement else []


def _log(kind: Leaf.Kind, keys: list[int], town: Town) -> None:
    log.append([log.Entry(kind, key, bytes(32)) for key in keys], now=town.start)
