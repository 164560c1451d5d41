"""Tokens of the REST API: made and shown once, kept as a hash, good for named actions and matters, revoked at any time.

A token speaks for its person and never for more: `speaking` gives a person object that every service keeps within the
token's limits, as if the person had fewer rights. Whatever is done with one names it in the trail.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from compliance import audit, inert, matters, permissions, refusals
from compliance.hindrances import Absent, Hindrance
from compliance.models import Token
from compliance.permissions import Action, Limits

MARK = "hf_"
"""What every key begins with, so that one that was left lying about is recognised for what it is."""
SHOWN = 9
"""How many characters of a key are kept readable, its mark among them."""
LONGEST_NAME = 80
LONGEST_WHY = 400
FOR_PROGRAMS = frozenset(
    {
        Action.SEE_COMPLETENESS,
        Action.READ_MESSAGES,
        Action.READ_EVERYTHING,
        Action.SEARCH,
        Action.DOWNLOAD,
        Action.SAVE_SEARCH,
        Action.FREEZE,
        Action.TAKE_LIST,
        Action.EXPORT,
        Action.SEE_MATTER,
        Action.OPEN_MATTER,
        Action.CHANGE_MATTER,
        Action.SEE_RETENTION,
        Action.SEE_DISPOSITION,
        Action.SEE_AUDIT,
        Action.SEE_WHOLE_AUDIT,
        Action.SEE_SYSTEM,
    }
)
"""What some address of the API takes. All else is done by a person who is there, and no token may do it."""
USE_NOTED_EVERY = timedelta(minutes=1)


class NoSuchToken(Absent):
    """There is no such token, or it is another person's."""


class Unfit(Hindrance):
    """A token cannot be made or revoked as it was asked."""


class Refused(Exception):
    """A key that lets nobody in; the sentence says why as far as whoever shows it may know."""


@dataclass(frozen=True)
class Made:
    """A new token and its key, which nobody can see again."""

    token: Token
    key: str


def make(
    *,
    name: str,
    actions: Collection[Action],
    matter_ids: Collection[int] | None,
    days: int,
    by: User,
    now: datetime,
) -> Made:
    """Make a token for oneself. Raises Unfit, and PermissionDenied for an action one may not do oneself."""
    if permissions.limits(by) is not None:
        raise Unfit("A token does not make tokens. Sign in and make it in the console.")
    refusals.check(Action.USE_API, subject="tokens", by=by, now=now)
    called = " ".join(inert.without_turning(name).split())
    if called == "" or len(called) > LONGEST_NAME:
        raise Unfit(f"Say what it is for, in 1 to {LONGEST_NAME} characters.")
    wanted = frozenset(actions)
    if len(wanted) == 0:
        raise Unfit("Tick at least one thing the token may do.")
    if not wanted <= FOR_PROGRAMS:
        raise Unfit(f"No token can {min(wanted - FOR_PROGRAMS).value}: that is done in the console.")
    for action in sorted(wanted):
        refusals.check(action, subject="tokens", by=by, now=now)
    if not 1 <= days <= settings.HOLDFAST_TOKEN_DAYS:
        raise Unfit(f"A token is good for 1 to {settings.HOLDFAST_TOKEN_DAYS} days.")
    only = None if matter_ids is None else _of_theirs(frozenset(matter_ids), wanted, by=by)
    key = MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            person=by,
            name=called,
            begins=key[:SHOWN],
            sha256=_digest(key),
            actions=sorted(action.name for action in wanted),
            matters=only,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        details = {
            "name": called,
            "actions": token.actions,
            "matters": only,
            "until": token.expires_at.isoformat(),
        }
        audit.record(action=audit.Action.OPENED, subject=subject(token), details=details, by=by, now=now)
    return Made(token, key)


def revoke(*, token_id: int, why: str = "", by: User, now: datetime) -> Token:
    """Revoke one of one's own tokens, or anybody's for whoever appoints people. Raises NoSuchToken, Unfit."""
    if permissions.limits(by) is not None:
        raise Unfit("A token does not revoke tokens. Sign in and do it in the console.")
    why = inert.without_turning(why).strip()
    if len(why) > LONGEST_WHY:
        raise Unfit(f"Say why in up to {LONGEST_WHY} characters.")
    with transaction.atomic():
        token = _visible(by).select_for_update().filter(pk=token_id).first()
        if token is None:
            raise NoSuchToken
        if token.revoked_at is not None:
            raise Unfit("It is revoked already.")
        token.revoked_at, token.revoked_by_name, token.why_revoked = now, audit.name_of(by), why
        token.save(update_fields=["revoked_at", "revoked_by_name", "why_revoked"])
        details = {"name": token.name, "of": token.person_id, "why": why}
        audit.record(action=audit.Action.REVOKED, subject=subject(token), details=details, by=by, now=now)
    return token


def lines(*, person_id: int, by: User) -> list[Token]:
    """A person's tokens, the newest first: one's own, or anybody's for whoever appoints people."""
    found = list(_visible(by).filter(person_id=person_id).order_by("-pk"))
    for token in found:
        token.person = found[0].person  # one object, so that the person's roles are read once
    return found


def speaking(*, key: str, now: datetime) -> tuple[User, Token]:
    """Whom a key speaks for, kept within its limits. Raises Refused; a known key that lets nobody in is an event."""
    token = with_key(key)
    if token is None:
        raise Refused("No token has this key.")
    return speak(token, now=now), token


def with_key(key: str) -> Token | None:
    """The token that a key is of, whether it lets somebody in or not; nothing is written down yet."""
    return Token.objects.select_related("person").filter(sha256=_digest(key)).first()


def speak(token: Token, *, now: datetime) -> User:
    """Whom a token speaks for, kept within its limits. Raises Refused; that is an event."""
    person: User = token.person
    why = _why_not(token, now=now)
    if why is not None:
        with transaction.atomic():
            details = {"why": why, "name": token.name}
            audit.record(
                action=audit.Action.REFUSED, subject=subject(token), details=details, by=person, now=now
            )
        raise Refused(why)
    if token.last_used_at is None or token.last_used_at <= now - USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    permissions.limit(person, limits_of(token))
    return person


def limits_of(token: Token) -> Limits:
    """What a token allows; an action that this release does not know is none."""
    return Limits.from_data({"actions": token.actions, "matters": token.matters})


def subject(token: Token) -> str:
    """What the trail calls a token."""
    return f"token/{token.pk}"


def is_good(token: Token, *, now: datetime) -> bool:
    """Whether its key lets somebody in."""
    return _why_not(token, now=now) is None


def _why_not(token: Token, *, now: datetime) -> str | None:
    if token.revoked_at is not None:
        return "This token was revoked."
    if token.expires_at <= now:
        return "This token has expired."
    if not token.person.is_active:
        return "The account of this token's person is switched off."
    if not permissions.can(Action.USE_API, by=token.person):
        return "The person of this token may no longer use the REST API."
    return None


def _of_theirs(wanted: frozenset[int], actions: frozenset[Action], *, by: User) -> list[int]:
    """Matters that the person may see, for a token that can be kept to them."""
    if len(wanted) == 0:
        raise Unfit("Choose at least one matter, or let the token see all that you see.")
    beyond = sorted(actions - permissions.OF_A_MATTER)
    if len(beyond) != 0:
        raise Unfit(
            f"A token of some matters cannot {beyond[0].value}: that tells of things outside of them."
        )
    if matters.of(by).filter(pk__in=wanted).count() != len(wanted):
        raise Unfit("You are no member of one of these matters.")
    return sorted(wanted)


def _visible(by: User) -> QuerySet[Token]:
    every = Token.objects.select_related("person")
    return every if permissions.can(Action.APPOINT, by=by) else every.filter(person=by)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
