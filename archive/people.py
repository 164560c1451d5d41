"""Who is who: people found by member id, user id or e-mail.

A member id is the stable key Zoom gives everyone, inside and outside the account; a user id only insiders
have; an e-mail alone is what a list of 1:1 sessions gives. An id that turns up with the address of someone who
lacks one is attached to them. Two people are never merged and nobody is deleted: an address can pass to
someone else, a person cannot.

Locks, so that any number of workers can do this at once without a deadlock, as long as each calls `identify`
once a transaction, early: who adds or changes ids holds one advisory lock an account; then people are locked in
order of their ids, all at once, as strongly as this transaction will ever need.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from archive import bulk, readable


class Identity(NamedTuple):
    """By what Zoom named someone: at least one of member id, user id, e-mail (lower case, "" when unknown)."""

    member_id: str | None
    user_id: str | None
    email: str


def address(value: str | None) -> str:
    """An address as people are found by it: lower case; one too long for its column is named by its hash."""
    return (readable.identifier(value, limit=320) or "").lower()


def identify(*, account_id: int, identities: Collection[Identity]) -> dict[Identity, int]:
    """The key of the person each identity names, inserted when nobody is known by it. In a transaction, once.

    1. Look up by member id, which finds everyone on most pages.
    2. Look up the others by user id, then by e-mail; attach ids newly learned; insert who is unknown.
    3. Lock them all, so that no other worker's attaching can cross ours.
    """
    if len(identities) == 0:
        return {}
    found, missing = _by_member_id(account_id, identities)
    if len(missing) == 0:
        _lock(found.values(), exclusively=False)
        return found
    bulk.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('holdfast people ' || %b::bigint, 0))", (account_id,)
    )
    book = _Book(_rows_naming(account_id, missing))
    people = {identity: book.enter(identity) for identity in sorted(missing, key=_order)}
    _insert(account_id, book.entered)
    _lock([*found.values(), *(p.id for p in people.values())], exclusively=len(book.changed) > 0)
    _change(book.changed)
    return found | {identity: person.id for identity, person in people.items()}


@dataclass(slots=True, eq=False)
class _Person:
    id: int
    member_id: str | None
    user_id: str | None
    email: str


class _Book:
    """The people that could be meant, by each of their ids; kept up while identities are entered in order."""

    def __init__(self, people: Iterable[_Person]) -> None:
        self.entered: list[_Person] = []
        self.changed: list[_Person] = []
        self._members: dict[str, _Person] = {}
        self._users: dict[str, _Person] = {}
        self._emails: dict[str, list[_Person]] = {}
        for person in people:
            self._add(person)

    def enter(self, identity: Identity) -> _Person:
        """The person an identity names; a new one (id 0 until inserted) when it names nobody known."""
        person = self._find(identity)
        if person is None:
            person = _Person(0, *identity)
            self.entered.append(person)
            self._add(person)
            return person
        member_id, user_id = person.member_id, person.user_id
        if member_id is None and identity.member_id is not None and identity.member_id not in self._members:
            member_id = identity.member_id
        if user_id is None and identity.user_id is not None and identity.user_id not in self._users:
            user_id = identity.user_id
        if (member_id, user_id) != (person.member_id, person.user_id):
            person.member_id, person.user_id = member_id, user_id
            self._index(person)
            if person.id != 0 and person not in self.changed:
                self.changed.append(person)
        return person

    def _find(self, identity: Identity) -> _Person | None:
        if identity.member_id is not None and identity.member_id in self._members:
            return self._members[identity.member_id]
        if identity.user_id is not None:
            person = self._users.get(identity.user_id)
            if person is not None and _agree(person, identity):
                return person
        if identity.email != "":
            same = [p for p in self._emails.get(identity.email, ()) if _agree(p, identity)]
            return same[-1] if len(same) > 0 else None
        return None

    def _add(self, person: _Person) -> None:
        if person.user_id in self._users:
            person.user_id = None  # someone else's already; the member id is the stronger key
        self._index(person)
        if person.email != "":
            self._emails.setdefault(person.email, []).append(person)

    def _index(self, person: _Person) -> None:
        if person.member_id is not None:
            self._members[person.member_id] = person
        if person.user_id is not None:
            self._users[person.user_id] = person


def _agree(person: _Person, identity: Identity) -> bool:
    """Whether no id the person has contradicts the identity."""
    pairs = ((person.member_id, identity.member_id), (person.user_id, identity.user_id))
    return all(theirs is None or given is None or theirs == given for theirs, given in pairs)


def _order(identity: Identity) -> tuple[bool, str, str, str]:
    """Member ids first: they decide, and an address alone then finds whom they named."""
    return (identity.member_id is None, identity.member_id or "", identity.user_id or "", identity.email)


def _by_member_id(
    account_id: int, identities: Collection[Identity]
) -> tuple[dict[Identity, int], list[Identity]]:
    """Who is known by member id and lacks nothing the identity has; and the identities still to be found."""
    rows = bulk.run(
        "SELECT member_id, id, user_id FROM archive_person"
        " WHERE account_id = %b AND member_id = ANY(%b::text[])",
        (account_id, sorted({i.member_id for i in identities if i.member_id is not None})),
    )
    known = {member_id: (person_id, user_id) for member_id, person_id, user_id in rows}
    found: dict[Identity, int] = {}
    missing: list[Identity] = []
    for identity in identities:
        person_id, user_id = known.get(identity.member_id, (None, None))
        if person_id is None or (identity.user_id is not None and user_id is None):
            missing.append(identity)
        else:
            found[identity] = person_id
    return found, missing


def _rows_naming(account_id: int, missing: list[Identity]) -> list[_Person]:
    rows = bulk.run(
        "SELECT id, member_id, user_id, email FROM archive_person WHERE account_id = %b AND ("
        "member_id = ANY(%b::text[]) OR user_id = ANY(%b::text[]) OR (email <> '' AND email = ANY(%b::text[])))"
        " ORDER BY id",
        (
            account_id,
            [i.member_id for i in missing if i.member_id is not None],
            [i.user_id for i in missing if i.user_id is not None],
            [i.email for i in missing if i.email != ""],
        ),
    )
    return [_Person(*row) for row in rows]


def _insert(account_id: int, people: list[_Person]) -> None:
    """Insert people and give each the key of their row."""
    if len(people) == 0:
        return
    rows = bulk.run(
        "INSERT INTO archive_person"
        " (account_id, member_id, user_id, email, display_name, is_bot, department, job_title, user_status)"
        " SELECT %b::bigint, m, u, e, '', false, '', '', ''"
        " FROM unnest(%b::text[], %b::text[], %b::text[]) AS t (m, u, e) RETURNING member_id, user_id, email, id",
        (account_id, [p.member_id for p in people], [p.user_id for p in people], [p.email for p in people]),
    )
    keys = {row[:3]: row[3] for row in rows}
    for person in people:
        person.id = keys[person.member_id, person.user_id, person.email]


def _lock(person_ids: Iterable[int], *, exclusively: bool) -> None:
    """Lock people in order of their ids: shared as foreign keys do, or exclusively to change their keys."""
    ordered = sorted(set(person_ids))
    if exclusively:
        bulk.run(
            "SELECT count(*) FROM (SELECT FROM archive_person WHERE id = ANY(%b::bigint[])"
            " ORDER BY id FOR UPDATE) AS locked",
            (ordered,),
        )
    else:
        bulk.run(
            "SELECT count(*) FROM (SELECT FROM archive_person WHERE id = ANY(%b::bigint[])"
            " ORDER BY id FOR KEY SHARE) AS locked",
            (ordered,),
        )


def _change(people: list[_Person]) -> None:
    """Write ids newly learned of people who are locked."""
    if len(people) > 0:
        bulk.run(
            "UPDATE archive_person AS p SET member_id = t.m, user_id = t.u"
            " FROM unnest(%b::bigint[], %b::text[], %b::text[]) AS t (id, m, u) WHERE p.id = t.id",
            ([p.id for p in people], [p.member_id for p in people], [p.user_id for p in people]),
        )
