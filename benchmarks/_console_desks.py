"""What lies on the other desks: retention, dispositions, erasures, reconciliations, people who sign in, the audit trail."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Group, User
from django.db import connection, transaction

from archive import log
from archive.models import Leaf
from benchmarks._record import Town
from compliance import reconciling
from compliance.models import (
    Disposition,
    DispositionPart,
    Erasure,
    KeepingRule,
    Matter,
    ReconciliationRun,
    Token,
    Told,
)
from compliance.permissions import Role
from compliance.retention import conditions, plans, rules

YEAR = timedelta(days=365)
AT_ONCE = 20_000
PART = 500
"""Messages of a part of a disposition, at most, as in compliance.disposition.gathering."""
_PARTS = """
    INSERT INTO compliance_dispositionpart (disposition_id, number, session_id, rule_id, message_ids, fingerprints, sha256,
        messages, files, file_bytes, first_at, last_at, is_out, destroyed, refused)
    SELECT %s, row_number() OVER (ORDER BY session_id, slice), session_id, %s, array_agg(id ORDER BY id),
        decode(repeat('00', 32 * count(*)::int), 'hex'), sha256(slice::text::bytea), count(*), count(*) / 25,
        count(*) * 40000, min(sent_at), max(sent_at), false, 0, 0
    FROM (
        SELECT id, session_id, sent_at, (row_number() OVER (PARTITION BY session_id ORDER BY id) - 1) / %s AS slice
        FROM archive_message WHERE id %% 5 = 0
    ) AS due
    GROUP BY session_id, slice
"""


def staff(numbers: range) -> list[User]:
    """People who can sign in, an officer each, with tokens and lines that they were told."""
    at = datetime.now(UTC)
    with transaction.atomic():
        people = User.objects.bulk_create(
            User(
                username=f"officer{n}",
                email=f"officer{n}@acme.example",
                first_name="Officer",
                last_name=str(n),
            )
            for n in numbers
        )
        group = Group.objects.get(name=Role.COMPLIANCE_OFFICER.value)
        group.user_set.add(*people)
        Token.objects.bulk_create(
            Token(person=one, name=f"program {one.pk}", begins="hf_", sha256=one.pk.to_bytes(32, "big"), actions=["search"],
                  made_at=at, expires_at=at + YEAR)
            for one in people
        )  # fmt: skip
    return people


def tell(people: list[User], *, numbers: range) -> None:
    """So many lines for each."""
    at = datetime.now(UTC)
    Told.objects.bulk_create(
        Told(person=one, text=f"Something is to be looked at ({n})", link="/approvals/", at=at, seen_at=at if n % 10 else None)
        for one in people
        for n in numbers
    )  # fmt: skip


def plan_retention(numbers: range, *, now: datetime) -> None:
    """Rules of retention at Zoom with a plan each over all channels, by the services."""
    account_id = KeepingRule.objects.order_by("pk")[0].account_id
    for n in numbers:
        named = conditions.Conditions(named="project *" if n == 0 else f"project {n}*")
        draft = rules.Draft(
            account_id=account_id, name=f"Rule {n}", period="7y" if n % 2 == 0 else "1y", reason="A law", conditions=named
        )  # fmt: skip
        rules.write(draft=draft, by=None, now=now)
        plans.make(by=None, now=now)


def keep(town: Town, *, numbers: range) -> None:
    """Rules of retention of the archive, half of them ended."""
    KeepingRule.objects.bulk_create(
        KeepingRule(
            account_id=town.account.pk, name=f"Rule {n}", reason="What is not needed goes", law="A law", amount=84 + n,
            named="" if n == 0 else f"project {n}*", made_by_name="bench", made_at=town.start,
            **({} if n % 2 == 0 else {"ended_at": town.start + YEAR / 2, "ended_by_name": "bench", "ending": "Replaced"}),
        )
        for n in numbers
    )  # fmt: skip


def erase(town: Town, *, numbers: range) -> None:
    """Requests for erasure, some of them parked."""
    Erasure.objects.bulk_create(
        Erasure(
            account_id=town.account.pk, person_id=(one := town.people[n % len(town.people)]).pk, person_name=str(one),
            asked_by="A letter", reason="Article 17", asked_on=town.start.date(), taken_by_name="bench", taken_at=town.start,
            not_before=town.start + 30 * YEAR, state="parked" if n % 2 else "taken", held=10 if n % 2 else None,
        )
        for n in numbers
    )  # fmt: skip


def dispose(town: Town, *, fifth: bool, numbers: range) -> Disposition:
    """Discarded dispositions, and the newest in review: with a fifth of all messages in parts of at most 500."""
    at = town.start + YEAR
    common = {
        "account_id": town.account.pk,
        "as_of": at,
        "made_by_name": "bench",
        "made_at": at,
        "not_before": at,
    }
    rule = KeepingRule.objects.order_by("pk")[0]
    said = {
        "id": str(rule.pk),
        "name": rule.name,
        "about": "Everything",
        "period": "84 months",
        "law": rule.law,
    }
    Disposition.objects.bulk_create(
        Disposition(state="discarded", rules=[said], finished_at=at, stop_at=at, stop_by_name="bench", stop_reason="Not now",
                    **common)
        for _ in numbers
    )  # fmt: skip
    with transaction.atomic():
        row = Disposition.objects.create(state="gathering", rules=[said], **common)
        with connection.cursor() as cursor:
            if fifth:
                cursor.execute(_PARTS, [row.pk, rule.pk, PART])
        parts = DispositionPart.objects.filter(disposition=row)
        sums = {"messages": 0, "sessions": parts.values("session_id").distinct().count()}
        for one in parts.values_list("messages", flat=True):
            sums["messages"] += one
        Disposition.objects.filter(pk=row.pk).update(state="review", gathered_at=at, sha256=bytes(32), **sums)
    return row


def reconcile(town: Town, *, days: int, now: datetime) -> ReconciliationRun:
    """An account of the last days of a year, as the worker makes it."""
    last = (town.start + YEAR - timedelta(days=3)).date()
    run = reconciling.ask(
        account_ids=None, first=last - timedelta(days=days - 1), last=last, by=None, now=now
    )
    while reconciling.carry_out_next(clock=lambda: now):
        pass
    return run


def trail(
    town: Town, people: list[User], *, numbers: range, of: int, matters: list[Matter], said: range
) -> None:
    """Events with these numbers of so many over the year, with their leaves: looks, searches, and the work on matters."""
    chance = random.Random(7 + numbers.start)
    for first in range(numbers.start, numbers.stop, AT_ONCE):
        some = range(first, min(first + AT_ONCE, numbers.stop))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute(
                "SELECT min(nextval(pg_get_serial_sequence('compliance_auditevent', 'id'))) FROM generate_series(1, %s)",
                [len(some)],
            )
            (key,) = cursor.fetchone()
            with cursor.copy(
                "COPY compliance_auditevent (id, at, actor_id, actor_name, action, subject, details, address, salt) FROM STDIN"
            ) as copy:
                for n, row in enumerate(_events(town, people, some, of, matters, said, chance)):
                    copy.write_row((key + n, *row))
            log.append(
                [log.Entry(Leaf.Kind.AUDIT, key + n, bytes(32)) for n in range(len(some))], now=town.start
            )


def _events(
    town: Town,
    people: list[User],
    numbers: range,
    of: int,
    matters: list[Matter],
    said: range,
    chance: random.Random,
) -> Iterator[tuple[object, ...]]:
    for n in numbers:
        person, kind = chance.choice(people), chance.random()
        details: dict[str, object] = {}
        if kind < 0.4:
            action, subject = "looked", f"session/{chance.choice(town.sessions).pk}"
        elif kind < 0.6:
            action, subject = "looked", f"message/{chance.choice(said)}"
        elif kind < 0.8:
            action, subject, details = "searched", "messages", {"query": "budget", "hits": 12}
        elif kind < 0.85:
            action, subject = "signed_in", f"user/{person.pk}"
        elif kind < 0.9:
            action, subject, details = "downloaded", f"file/{1 + chance.randrange(1_000)}", {"bytes": 1_000}
        elif kind < 0.95:
            action, subject, details = (
                "changed",
                f"matter/{chance.choice(matters).pk}",
                {"what": "notices"},
            )
        else:
            action, subject = "looked", f"matter/{chance.choice(matters).pk}"
        yield (
            town.start + YEAR * (n / of), person.pk, f"Officer {person.pk} ({person.username})", action, subject,
            json.dumps(details), "10.0.0.1", bytes(16),
        )  # fmt: skip
