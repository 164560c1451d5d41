"""Telling people what concerns them: a short line with a link, in the console and by mail.

`tell` writes the line in the caller's transaction, so what did not happen is not told. Where the person has an address
and mail is set up, the line is also a job: it is claimed by a filtered update and mailed with Django's default
connection, tried again when that fails, and says in words when it is given up. A mail that was sent by a worker which
then died is sent once more.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction

from compliance import claiming, inert, pages
from compliance.mailbag import Mailbag
from compliance.models import Told

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Mail = Told.Mail
LONGEST = 400
LONGEST_SUBJECT = 120
PAGE_SIZE = 50
MOST_ATTEMPTS = 8
CLAIM_HOLDS = timedelta(minutes=5)
ONE_TIME: dict[str, Callable[[User], str]] = {}
"""What makes the address of a mail where it is good once and must not be kept: by the link of the line."""


@dataclass(frozen=True)
class Page:
    """A page of what a person was told; `older` is the key of the next page, None on the last."""

    lines: list[Told]
    total: int
    older: int | None


def tell(*, person: User, text: str, link: str, now: datetime) -> Told:
    """Tell a person something, in the caller's transaction; `link` is an address within the console (`/lists/3/`)."""
    line = " ".join(text.split())
    is_mailed = is_mail_set_up() and person.is_active and person.email != ""
    with transaction.atomic():
        told = Told.objects.create(
            person=person, text=line if len(line) <= LONGEST else line[: LONGEST - 1] + "…", link=link, at=now,
            mail=Mail.DUE if is_mailed else Mail.NONE, not_before=now if is_mailed else None,
        )  # fmt: skip
        if is_mailed:
            transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute
    return told


def unseen(*, person: User) -> int:
    """How many lines the person has not looked at."""
    return Told.objects.filter(person=person, seen_at=None).count()


def page(*, person: User, before: int | None = None, now: datetime) -> Page:
    """A page of what the person was told, newest first. What they have not seen until now is seen from now on."""
    found = pages.newest(Told.objects.filter(person=person), before=before, size=PAGE_SIZE)
    fresh = [line.pk for line in found.rows if line.seen_at is None]
    if fresh:
        Told.objects.filter(pk__in=fresh, seen_at=None).update(seen_at=now)
    return Page(found.rows, found.total, found.older)


def is_mail_set_up() -> bool:
    """Whether there is anything to send mail with: a host that is named, or a backend that needs none."""
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    return bool(smtp != settings.EMAIL_BACKEND or settings.EMAIL_HOST != "")


def undelivered(*, since: datetime) -> int:
    """How many lines of that moment or later could not be mailed, for good."""
    return Told.objects.filter(mail=Mail.FAILED, at__gte=since).count()


def nudge() -> None:
    """Tell a worker that there may be something to mail."""
    current_app.send_task("compliance.tasks.mail_what_was_told", expires=55)


def mail_due(*, clock: Clock) -> int:
    """Mail the lines that are due, over one connection, until none is or the server cannot be reached; how many."""
    done = 0
    with Mailbag() as bag:
        while not bag.is_down and _mail_next(bag, clock=clock):
            done += 1
    return done


def mail_next(*, clock: Clock) -> bool:
    """Mail the oldest line that is due; False when none is."""
    with Mailbag() as bag:
        return _mail_next(bag, clock=clock)


def _mail_next(bag: Mailbag, *, clock: Clock) -> bool:
    now = clock()
    free = claiming.free(now=now, holds_for=CLAIM_HOLDS, by="mail")
    taken = claiming.take_next(Told.objects.filter(free), now=now, mail=Mail.CLAIMED)
    if taken is None:
        return False
    key, claim = taken
    line = Told.objects.select_related("person").get(pk=key)
    try:
        bag.connection().send_messages([_message(line)])
    except Exception as error:  # noqa: BLE001 -- recorded in the row: whatever a mail server does, the line stays
        bag.close()
        _fail(line, claim, error, now=clock())
    else:
        Told.objects.filter(pk=key, claim=claim).update(
            mail=Mail.SENT, claim=None, mailed_at=clock(), last_error=""
        )
    return True


def _message(line: Told) -> EmailMessage:
    """The line as a mail, with its link; characters that could deceive are written out."""
    text = inert.plain(line.text)
    subject = text if len(text) <= LONGEST_SUBJECT else text[: LONGEST_SUBJECT - 1] + "…"
    make = ONE_TIME.get(line.link)
    address = line.link if make is None else make(line.person)
    body = f"{text}\n\n{settings.HOLDFAST_URL}{address}\n"
    return EmailMessage(subject=f"Holdfast: {subject}", body=body, to=[line.person.email])


def _fail(line: Told, claim: uuid.UUID, error: Exception, *, now: datetime) -> None:
    is_over = line.attempts >= MOST_ATTEMPTS
    Told.objects.filter(pk=line.pk, claim=claim).update(
        mail=Mail.FAILED if is_over else Mail.DUE,
        claim=None,
        last_error=f"The mail server did not take it ({type(error).__name__}).",
        not_before=claiming.again_at(now=now, tries=line.attempts),
    )
    log.warning("mail_not_sent", told=line.pk, attempts=line.attempts, given_up=is_over)
