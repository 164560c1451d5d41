"""Matters as they stand after a year of work: who is held, told and preserved, what was exported, asked for and kept.

Each step makes the matters from one number to another, of every kind there is among the first ten, so that a page asks
the same of few and of many.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from datetime import timedelta
from typing import Any, LiteralString

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F

from archive import search
from benchmarks._record import Town
from compliance import holds, releasing, tallying
from compliance.models import (
    Confirmation,
    Custodian,
    Export,
    Finding,
    FormerName,
    Hold,
    HoldHealth,
    ListPart,
    Matter,
    MatterMember,
    MessageList,
    Note,
    Notice,
    PreservedCount,
    PreservedPart,
    Request,
    SavedSearch,
    Superior,
    Tag,
    TagMark,
    Wording,
    ZoomMatter,
)

CUSTODIANS = 10
YEAR = timedelta(days=365)
LIST_PART = 10_000
_PARTS: LiteralString = """
    WITH place AS MATERIALIZED (
        SELECT session.id, session.last_message_at - interval '1 year' AS first_at, session.last_message_at AS last_at,
            coalesce(sum(span.offered), 0)::bigint AS total
        FROM archive_session session LEFT JOIN archive_window span ON span.session_id = session.id GROUP BY session.id
    ), pair AS (
        SELECT matter_id, person_id, id AS custodian_id FROM compliance_custodian WHERE matter_id BETWEEN %(first)s AND %(last)s
        UNION ALL SELECT matter_id, person_id, NULL FROM compliance_custodian WHERE matter_id BETWEEN %(first)s AND %(last)s
    ), owner AS (
        SELECT DISTINCT pair.matter_id, pair.custodian_id, member.session_id FROM pair
        JOIN archive_sessionmember member ON member.person_id = pair.person_id
    )
    INSERT INTO compliance_preservedpart (matter_id, session_id, custodian_id, is_whole, is_open, messages, said, revisions, files,
        files_here, file_bytes, first_at, last_at)
    SELECT matter_id, session_id, custodian_id, custodian_id IS NULL, FALSE, total, total / 10, total, total / 25, total / 25,
        total * 40000, first_at, last_at
    FROM owner JOIN place ON place.id = owner.session_id
"""
_TOTALS: LiteralString = """
    UPDATE compliance_preservedcount SET messages = counted.messages, said = counted.messages / 10,
        revisions = counted.messages, files = counted.messages / 25, files_here = counted.messages / 25,
        file_bytes = counted.messages * 40000, first_at = counted.first_at, last_at = counted.last_at
    FROM (SELECT matter_id, sum(messages)::bigint AS messages, min(first_at) AS first_at, max(last_at) AS last_at
          FROM compliance_preservedpart WHERE is_whole GROUP BY 1) AS counted
    WHERE compliance_preservedcount.matter_id = counted.matter_id
"""


def open_matters(town: Town, *, numbers: range, members: list[User]) -> list[Matter]:
    """Matters with these numbers, everything about them but the zips; the first of `members` is in all of them."""
    chance = random.Random(5 + numbers.start)
    with transaction.atomic():
        matters = Matter.objects.bulk_create(_matter(town, number, members[0]) for number in numbers)
        MatterMember.objects.bulk_create(
            MatterMember(matter=matter, user=user, added_at=town.start, added_by_name="the benchmark")
            for matter in matters
            for user in (members[0], *chance.sample(members[1:], 2))
        )
        custodians = _hold(town, matters, chance)
        at_zoom = _ask_zoom(matters, custodians)
        _notify(custodians)
        _look_at_health(at_zoom, chance)
        _ask_and_export(matters, members)
        _count(matters)
    return matters


def keep_work(town: Town, *, numbers: range, matters: list[Matter], by: User, said: range) -> None:
    """So many saved searches and frozen lists of the matters, with tags and notes on messages."""
    chance = random.Random(6 + numbers.start)
    with transaction.atomic():
        searches = SavedSearch.objects.bulk_create(
            SavedSearch(
                name=f"search {n}", query="budget", language=search.LANGUAGE_VERSION, parsed="word(budget)",
                analysis=search.ANALYSIS_VERSION, order="newest", is_shared=True, made_by=by, made_by_name="bench", made_at=town.start,
            )
            for n in numbers
        )  # fmt: skip
        frozen = MessageList.objects.bulk_create(_list(town, n, matters, by) for n in numbers)
        runs = zip(numbers, searches, strict=True)
        frozen += MessageList.objects.bulk_create(_list(town, n, [], by, run_of=one) for n, one in runs)
        size = min(LIST_PART, len(said))
        for one in frozen:
            ids = sorted(chance.sample(said, size if one.pk % 10 == 0 else 0), reverse=True)
            if len(ids) > 0:
                ListPart.objects.create(list=one, number=0, ids=ids)
            done = {
                "state": "done",
                "total": len(ids),
                "done": len(ids),
                "count": len(ids),
                "sha256": _of_ids(ids),
            }
            MessageList.objects.filter(pk=one.pk).update(**done)
        tags = Tag.objects.bulk_create(
            Tag(name=f"tag-{n}", key=f"tag-{n}", made_by=by, made_at=town.start)
            for n in numbers
            if n % 5 == 0
        )
        TagMark.objects.bulk_create(
            TagMark(tag=tag, message_id=message_id, made_by=by, made_at=town.start)
            for tag in tags
            for message_id in chance.sample(said, min(500, len(said) // 4))
        )
        Note.objects.bulk_create(
            Note(message_id=chance.choice(said), text="Ask about this", made_by=by, made_by_name="bench",
                 made_at=town.start)
            for _ in numbers
        )  # fmt: skip


def _matter(town: Town, number: int, by: User) -> Matter:
    is_released = number % 5 == 3
    return Matter(
        account_id=town.account.pk, name=f"Inquiry {number}", reason="A benchmark of what a year leaves",
        request_key=uuid.uuid4(), opened_by=by, opened_by_name="bench", opened_at=town.start + timedelta(hours=number),
        state="released" if is_released else "active", released_at=town.start + YEAR / 2 if is_released else None,
    )  # fmt: skip


def _hold(town: Town, matters: list[Matter], chance: random.Random) -> list[Custodian]:
    custodians = Custodian.objects.bulk_create(
        Custodian(
            matter=matter, person_id=person.pk, name=str(person), email=person.email, added_at=matter.opened_at,
            added_by_name="bench", dropped_at=matter.released_at,
        )
        for matter in matters
        for person in chance.sample(town.people, CUSTODIANS)
    )  # fmt: skip
    Hold.objects.bulk_create(
        Hold(
            matter=one.matter, custodian=one, account_id=town.account.pk, person_id=one.person_id, covers_received=True,
            since=chance.choice([None, town.start + YEAR * chance.random() / 2]), placed_at=one.added_at,
            placed_by_name="bench", released_at=one.matter.released_at,
        )
        for one in custodians
    )  # fmt: skip
    FormerName.objects.bulk_create(
        FormerName(matter=matter, name=f"Before {matter.name}", used_until=matter.opened_at, renamed_by_name="bench",
                   reason="It was misspelled")
        for matter in matters
    )  # fmt: skip
    return custodians


def _ask_zoom(matters: list[Matter], custodians: list[Custodian]) -> list[ZoomMatter]:
    there = ZoomMatter.objects.bulk_create(
        ZoomMatter(
            matter=matter, name=f"{matter.name} [{matter.pk}]", zoom_id=f"zm-{matter.pk}",
            state="held" if matter.released_at is None else "deleted", not_before=matter.opened_at,
            asked_at=matter.opened_at, created_at=matter.opened_at, deleted_at=matter.released_at,
        )
        for matter in matters
    )  # fmt: skip
    pair = ZoomMatter.custodians.through
    of = {one.matter_id: one for one in there}
    pair.objects.bulk_create(
        pair(zoommatter_id=of[one.matter_id].pk, custodian_id=one.pk) for one in custodians
    )
    return there


def _notify(custodians: list[Custodian]) -> None:
    """A hold notice each, of which two in three are acknowledged, and three reminders of the others."""
    hold = Wording.objects.filter(kind="hold").latest("pk")
    reminder = Wording.objects.filter(kind="reminder").latest("pk")
    Superior.objects.bulk_create(
        Superior(custodian=one, name="Whoever is above", email="above@acme.example", given_by_name="bench", given_at=one.added_at)
        for one in custodians[::3]
    )  # fmt: skip
    firsts = Notice.objects.bulk_create(
        _notice(one, hold, kind="hold", state="sent" if n % 3 == 0 else "acknowledged")
        for n, one in enumerate(custodians)
    )
    Notice.objects.bulk_create(
        _notice(one, reminder, kind="reminder", state="sent", number=number, first=first)
        for one, first in list(zip(custodians, firsts, strict=True))[::3]
        for number in (1, 2, 3)
    )


def _notice(custodian: Custodian, wording: Wording, *, kind: str, state: str, **more: Any) -> Notice:
    at = custodian.added_at + timedelta(days=more.get("number", 0))
    return Notice(
        key=uuid.uuid4(), matter_id=custodian.matter_id, custodian=custodian, kind=kind, channel="mail", wording=wording,
        recipient=custodian.email, recipient_name=custodian.name, subject="Legal hold: keep what you have",
        body="Do not delete anything. " * 40, sha256=bytes(32), prepared_at=at, prepared_by_name="bench", state=state,
        not_before=at, sent_at=at, acknowledged_at=at if state == "acknowledged" else None, **more,
    )  # fmt: skip


def _look_at_health(at_zoom: list[ZoomMatter], chance: random.Random) -> None:
    """Twelve findings a matter: one red, one accepted, the others over and dealt with."""
    matters = [one.matter for one in at_zoom]
    HoldHealth.objects.bulk_create(
        HoldHealth(matter=matter, looked_at=matter.opened_at + YEAR, well_since=None) for matter in matters
    )
    Finding.objects.bulk_create(
        Finding(
            matter=one.matter, kind="matter_missing", subject=f"{one.zoom_id}-{n}", facts={"name": one.name, "row": one.pk},
            words_suffice=n == 1, first_seen_at=one.asked_at, last_seen_at=one.asked_at,
            cleared_at=one.asked_at + YEAR / 4 if n > 1 else None,
            **({} if n == 0 else {"dealt_with_at": one.asked_at + YEAR / 4, "dealt_with_by_name": "bench",
                                  "dealt_with_words": "Placed it again"}),
        )
        for one in at_zoom
        for n in range(12)
    )  # fmt: skip
    if not Confirmation.objects.exists():
        Confirmation.objects.bulk_create(
            Confirmation(account_id=matters[0].account_id, setting=setting, is_so=True, by_name="bench", at=matters[0].opened_at)
            for setting in Confirmation.Setting.values
            for _ in range(chance.randrange(5, 6))
        )  # fmt: skip


def _ask_and_export(matters: list[Matter], members: list[User]) -> None:
    """A request that was withdrawn and one that waits; two exports, one of them measured and one expired."""
    asked = Request.objects.bulk_create(
        _request(matter, members, number=number) for matter in matters for number in range(2)
    )
    Request.objects.filter(pk__in=[one.pk for one in asked[::2]]).update(
        state="withdrawn",
        ended_at=F("asked_at"),
        ended_by=members[1],
        ended_by_name="another",
        ending="Not yet",
    )
    contents = dict.fromkeys(
        ("messages", "revisions", "files", "file_bytes", "package_bytes", "package_files"), 1000
    )
    Export.objects.bulk_create(
        Export(
            kind="matter", matter=matter, chosen={"words": "Everything that is held", "holds": []}, title="For the authority",
            reason="A letter", formats=["ndjson", "csv"], part_bytes=2_000_000_000, zone="UTC", request_key=uuid.uuid4(),
            asked_by=members[0], asked_by_name="bench", asked_at=matter.opened_at, not_before=matter.opened_at, state=state,
            size=1, stands_at=matter.opened_at, contents=contents, digest="0" * 64, measured_at=matter.opened_at,
            ended_at=matter.opened_at if state == "expired" else None, ending="Time was up" if state == "expired" else "",
        )
        for matter in matters
        for state in ("measured", "expired")
    )  # fmt: skip


def _request(matter: Matter, members: list[User], *, number: int) -> Request:
    """To release a matter, asked by somebody else than the first member, for whom it waits."""
    subject, at = f"matter/{matter.pk}", matter.opened_at + YEAR * 0.99
    return Request(
        kind=releasing.RELEASE, subject=subject, title=f"Release {matter.name}", reason="The case is closed",
        items=[{"ref": f"custodian/{n}", "words": f"Somebody {n}", "facts": {}} for n in range(CUSTODIANS)],
        counts={"custodians": CUSTODIANS}, figures={"messages": 10_000},
        digest=hashlib.sha256(f"{subject} {number}".encode()).hexdigest(), asked_by=members[1], asked_by_name="another",
        asked_at=at, expires_at=at + timedelta(days=3_650),
    )  # fmt: skip


def _count(matters: list[Matter]) -> None:
    """What is preserved, drawn; and counted by the worker's own hand for the first matter."""
    first, last = matters[0].pk, matters[-1].pk
    of_matters = holds.by_matter()
    PreservedCount.objects.bulk_create(
        PreservedCount(
            matter=matter, state="counted", not_before=matter.opened_at, counted_at=matter.opened_at + YEAR,
            rules_sha256=tallying._sha256(of_matters.get(matter.pk, [])),
        )
        for matter in matters
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, {"first": first, "last": last})
        cursor.execute(_TOTALS)


def count_again(town: Town, matter: Matter) -> None:
    """One matter as the worker counts it, every message of it looked at."""
    at = town.start + YEAR
    PreservedPart.objects.filter(matter=matter).delete()
    PreservedCount.objects.exclude(matter=matter).update(not_before=at + YEAR)
    PreservedCount.objects.filter(matter=matter).update(state="due", not_before=at, counted_at=None)
    tallying.count_next(clock=lambda: at)


def _list(
    town: Town, number: int, matters: list[Matter], by: User, run_of: SavedSearch | None = None
) -> MessageList:
    at = town.start + timedelta(hours=number)
    return MessageList(
        purpose="frozen" if run_of is None else "run", search=run_of, name="" if run_of else f"list {number}",
        matter=matters[number % len(matters)] if matters and number % 2 == 0 else None, query="budget",
        language=search.LANGUAGE_VERSION, analysis=search.ANALYSIS_VERSION, parsed="word(budget)",
        explanation="Messages containing budget", order="newest",
        made_by=by, made_by_name="bench", asked_at=at, state="claimed", not_before=at, total=0, scope={}, complete_to=0,
        pending=0, finished_at=at,
    )  # fmt: skip


def _of_ids(ids: list[int]) -> bytes:
    return hashlib.sha256("".join(f"{one}\n" for one in ids).encode()).digest()
