"""Where somebody is signed in: the sessions a person can see, and ending them.

A session is a row of allauth's beside Django's own; ending one removes both, so that the browser is signed out with its
next request. Every ending is an event of the audit trail, in the same transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction

from compliance import audit

_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Line:
    """One session: since when, from where, in what, and whether it is the one that asks."""

    pk: int
    begun_at: datetime
    address: str
    browser: str
    is_this: bool


def lines(*, person: User, this: str | None, now: datetime) -> list[Line]:
    """The person's sessions that are still good, the newest first; `this` is the key of the session that asks."""
    return [
        Line(row.pk, row.created_at, row.ip, browser(row.user_agent), row.session_key == this)
        for row in _live(person, now=now).order_by("-created_at", "-pk")
    ]


def end(*, session_id: int, by: User, now: datetime) -> bool:
    """End one of one's own sessions; False when there is none of that number."""
    with transaction.atomic():
        found = list(UserSession.objects.select_for_update().filter(pk=session_id, user=by))
        return _end(found, person=by, by=by, now=now) > 0


def end_others(*, by: User, this: str | None, now: datetime) -> int:
    """End all of one's own sessions but the one that asks; how many were ended."""
    with transaction.atomic():
        found = UserSession.objects.select_for_update().filter(user=by).exclude(session_key=this)
        return _end(list(found), person=by, by=by, now=now)


def end_all(*, person: User, by: User | None, now: datetime) -> int:
    """End all sessions of a person who is switched off or whose ways to sign in were changed; how many."""
    with transaction.atomic():
        found = list(UserSession.objects.select_for_update().filter(user=person))
        return _end(found, person=person, by=by, now=now)


def browser(agent: str) -> str:
    """What a browser calls itself, in a few words; never the string itself, which a visitor may write."""
    name = next((name for mark, name in _BROWSERS if mark in agent), "another program")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{name} on {system}" if system else name


def _live(person: User, *, now: datetime) -> Any:
    unexpired = Session.objects.filter(expire_date__gt=now).values("session_key")
    return UserSession.objects.filter(user=person, session_key__in=unexpired)


def _end(found: Iterable[UserSession], *, person: User, by: User | None, now: datetime) -> int:
    """Remove the sessions, and record each that was still good."""
    rows = list(found)
    keys = [row.session_key for row in rows]
    good = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list(flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        if row.session_key in good:
            details = {
                "session": browser(row.user_agent),
                "from": row.ip,
                "since": row.created_at.isoformat(),
            }
            audit.record(
                action=audit.Action.ENDED, subject=f"person/{person.pk}", details=details, by=by, now=now
            )
    return len(good)
