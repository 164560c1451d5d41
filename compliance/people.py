"""The people of the console: inviting them, the roles they are given, switching them off.

Nobody changes their own roles, so that nobody appoints themselves into reading: an appointment takes an administrator,
who cannot read, and a trial is refused and recorded. Everything here is an event of the audit trail; what lets somebody
read, or lets an administrator act as somebody who reads, is also told to everybody who watches the trail.

People are never deleted: the trail names them. An invitation is a line of `told`, whose link is made when it is mailed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.text import slugify

from compliance import audit, factors, inert, permissions, signed_in, told
from compliance.hindrances import Absent, Hindrance
from compliance.permissions import Action, Role

INVITED = "/accounts/invited/"
"""Where an invitation leads within the console; its mail carries an address that is good once (`told.ONE_TIME`)."""
LONGEST_REASON = 2_000


class NotThere(Absent):
    """There is no such person."""


class Obstacle(Hindrance):
    """Something stands in the way; the message says what, and what to do."""


def appoint(
    *,
    username: str,
    email: str,
    full_name: str,
    roles: Iterable[Role],
    password: str | None,
    by: User | None,
    now: datetime,
) -> User:
    """Give a person, made when new, exactly these roles; `by=None` is the operator at the command line.

    A password of None leaves a known person's as it is, and a new person unable to sign in until one is set.
    """
    if by is not None:
        permissions.check(Action.APPOINT, by=by)
        _not_oneself(by.username == username, by=by, now=now)
    given = sorted(set(roles))
    first_name, _, last_name = full_name.partition(" ")
    with transaction.atomic():
        person, is_new = User.objects.update_or_create(
            username=username, defaults={"email": email, "first_name": first_name, "last_name": last_name}
        )
        if password is not None or is_new:
            person.set_password(password)
            person.save(update_fields=["password"])
        _give(person, given)
        _record(person, {"roles": [role.value for role in given], "new": is_new}, by=by, now=now)
    return person


def invite(
    *, email: str, full_name: str, username: str = "", roles: Iterable[Role], by: User, now: datetime
) -> User:
    """Make a person who cannot sign in yet, and mail them a link to set a password. Raises Obstacle."""
    permissions.check(Action.APPOINT, by=by)
    given = sorted(set(roles))
    first_name, _, last_name = " ".join(full_name.split()).partition(" ")
    with transaction.atomic():
        name = username or slugify(email.partition("@")[0])
        if User.objects.filter(email__iexact=email).exists():
            raise Obstacle("Somebody here has that e-mail already.")
        person, is_new = User.objects.get_or_create(
            username=name, defaults={"email": email, "first_name": first_name, "last_name": last_name}
        )
        if not is_new:
            raise Obstacle(f"Somebody here signs in as “{name}” already. Give another name.")
        person.set_unusable_password()
        person.save(update_fields=["password"])
        _give(person, given)
        _mail_link(person, f"{audit.name_of(by)} invited you to Holdfast. Choose a password.", now=now)
        details = {"roles": [role.value for role in given], "new": True, "invited": email}
        _record(person, details, by=by, now=now)
        _warn_of_reading(person, before=frozenset(), by=by, now=now)
    return person


def set_roles(*, person_id: int, roles: Iterable[Role], by: User, now: datetime) -> User:
    """Give somebody else exactly these roles. Raises NotThere."""
    given = sorted(set(roles))
    with _somebody_else(person_id, by=by, now=now) as person:
        before = permissions.roles(person)
        _give(person, given)
        details = {"roles": [role.value for role in given], "were": sorted(role.value for role in before)}
        _record(person, details, by=by, now=now)
        _warn_of_reading(person, before=before, by=by, now=now)
        return person


def describe(*, person_id: int, full_name: str, email: str, by: User, now: datetime) -> User:
    """Correct somebody else's name and e-mail, where links are sent. Raises NotThere, Obstacle."""
    first_name, _, last_name = " ".join(full_name.split()).partition(" ")
    with _somebody_else(person_id, by=by, now=now) as person:
        if User.objects.filter(email__iexact=email).exclude(pk=person_id).exists():
            raise Obstacle("Somebody else here has that e-mail.")
        was = {"name": audit.name_of(person), "email": person.email}
        person.first_name, person.last_name, person.email = first_name, last_name, email
        person.save(update_fields=["first_name", "last_name", "email"])
        _record(person, {"name": audit.name_of(person), "email": email, "was": was}, by=by, now=now)
        if was["email"] != email:
            _warn(person, f"has another e-mail, {email}", by=by, now=now)
        return person


def switch(*, person_id: int, is_active: bool, by: User, now: datetime) -> User:
    """Switch somebody else off, which ends their sessions, or on again. Raises NotThere."""
    with _somebody_else(person_id, by=by, now=now) as person:
        if person.is_active == is_active:
            return person
        before = permissions.roles(person)
        person.is_active = is_active
        person.save(update_fields=["is_active"])
        ended = 0 if is_active else signed_in.end_all(person=person, by=by, now=now)
        _record(person, {"active": is_active, "sessions ended": ended}, by=by, now=now)
        _warn_of_reading(person, before=before, by=by, now=now)
        return person


def send_link(*, person_id: int, by: User, now: datetime) -> User:
    """Mail somebody else a link to set a new password; the old one is good until then. Raises NotThere, Obstacle."""
    with _somebody_else(person_id, by=by, now=now) as person:
        if not person.is_active:
            raise Obstacle("This account is switched off. Switch it on first.")
        if person.email == "":
            raise Obstacle("No e-mail is known of this person.")
        _mail_link(person, f"{audit.name_of(by)} sent you a link to choose a new password.", now=now)
        _record(person, {"link to set a password": person.email}, by=by, now=now)
        _warn(person, "was sent a link to set a new password", by=by, now=now)
        return person


def take_factors(*, person_id: int, by: User, now: datetime) -> User:
    """Remove the second factors of somebody else who lost them, and end their sessions. Raises NotThere, Obstacle."""
    with _somebody_else(person_id, by=by, now=now) as person:
        had = factors.take_off(person=person)
        if not had:
            raise Obstacle("This person has no second factor.")
        ended = signed_in.end_all(person=person, by=by, now=now)
        _record(person, {"second factors taken off": had, "sessions ended": ended}, by=by, now=now)
        _warn(person, "has no second factor any more", by=by, now=now)
        return person


def take_factors_at_the_machine(*, username: str, reason: str, now: datetime) -> User:
    """Remove the second factors of anybody, for whoever owns the machine: the only administrator may have lost theirs.

    Their sessions end, and every other officer and administrator is told. Raises NotThere, Obstacle.
    """
    reason = inert.typed(reason)
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Obstacle(f"Say why, in 1 to {LONGEST_REASON:,} characters.")
    with transaction.atomic():
        person = User.objects.select_for_update().filter(username=username).first()
        if person is None:
            raise NotThere
        had = factors.take_off(person=person)
        if not had:
            raise Obstacle("This person has no second factor.")
        ended = signed_in.end_all(person=person, by=None, now=now)
        details = {
            "second factors taken off": had,
            "sessions ended": ended,
            "at": "the machine",
            "reason": reason,
        }
        _record(person, details, by=None, now=now)
        text = f"{audit.name_of(person)} has no second factor any more: taken off at the machine, because: {reason}"
        for officer in factors.officers().exclude(pk=person.pk):
            told.tell(person=officer, text=text, link="/told/", now=now)
        return person


def password_was_set(*, person: User, now: datetime) -> None:
    """Record that a link was used, in the caller's transaction, and end the sessions of whoever knew the old password."""
    signed_in.end_all(person=person, by=person, now=now)
    _record(person, {"fields": ["password"], "by": "a link that was mailed"}, by=person, now=now)


def link_for(person: User) -> str:
    """The address under which the person sets a password: good once, for three days, and only if nothing changed since."""
    names = {
        "uidb64": urlsafe_base64_encode(force_bytes(person.pk)),
        "token": default_token_generator.make_token(person),
    }
    return reverse("set_password", kwargs=names)


told.ONE_TIME[INVITED] = link_for


@contextmanager
def _somebody_else(person_id: int, *, by: User, now: datetime) -> Iterator[User]:
    """A person to be changed by an administrator, never by themself, in one transaction."""
    permissions.check(Action.APPOINT, by=by)
    _not_oneself(person_id == by.pk, by=by, now=now)
    with transaction.atomic():
        person = User.objects.select_for_update().filter(pk=person_id).first()
        if person is None:
            raise NotThere
        yield person


def _not_oneself(is_oneself: bool, *, by: User, now: datetime) -> None:
    if is_oneself:
        with transaction.atomic():
            details = {"wanted": "change their own roles or ways to sign in as an administrator"}
            audit.record(
                action=audit.Action.REFUSED, subject=f"person/{by.pk}", details=details, by=by, now=now
            )
        raise PermissionDenied("Another administrator must do this for you: nobody appoints themselves.")


def _give(person: User, roles: Iterable[Role]) -> None:
    given = set(roles)
    person.groups.set(Group.objects.filter(name__in=[role.value for role in given]))
    person.is_staff = bool(permissions.STAFF & given)
    person.save(update_fields=["is_staff"])
    permissions.forget(person)


def _mail_link(person: User, text: str, *, now: datetime) -> None:
    if not told.is_mail_set_up():
        raise Obstacle(
            "Nothing is mailed here, so that no link can be sent. Set EMAIL_URL, or use `manage.py appoint`."
        )
    told.tell(person=person, text=text, link=INVITED, now=now)


def _warn_of_reading(person: User, *, before: frozenset[Role], by: User, now: datetime) -> None:
    """Tell whoever watches the trail when somebody may read messages who could not."""
    could = any(Action.READ_MESSAGES in permissions.MATRIX[role] for role in before)
    if permissions.can(Action.READ_MESSAGES, by=person) and not could:
        _warn(person, "may read messages from now on", by=by, now=now)


def _warn(person: User, what: str, *, by: User, now: datetime) -> None:
    text = f"{audit.name_of(person)} {what}, by {audit.name_of(by)}."
    for watcher in permissions.holders(Action.SEE_AUDIT).exclude(pk__in=[person.pk, by.pk]):
        told.tell(person=watcher, text=text, link=f"/audit/?subject=person/{person.pk}", now=now)


def _record(person: User, details: dict[str, Any], *, by: User | None, now: datetime) -> None:
    audit.record(action=audit.Action.CHANGED, subject=f"person/{person.pk}", details=details, by=by, now=now)
